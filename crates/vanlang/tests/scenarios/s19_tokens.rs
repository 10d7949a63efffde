//! S19 with a token: the leader's key never leaves it. Pulled out, it signs nothing, and the document stays.

use crate::signing::{PIN, Town19, program};
use crate::story::{drafted, press, told};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use std::path::{Path, PathBuf};
use testkit::{Attachment, Engine, Town};
use vanlang::demo::seals::{Subject, hand};

const STORY: &str = "s19_tokens::a_leader_signs_with_a_token_until_it_is_pulled_out";
const TOKEN: &str = "Lanh dao";

/// The module finds its tokens through the environment of the process, so the story runs in one of its own.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the second process tells itself from the first by its environment"
)]
fn a_leader_signs_with_a_token_until_it_is_pulled_out() {
    if let Ok(folder) = std::env::var("VANLANG_STORY_TOKENS") {
        return on_a_token(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let mut again = program(std::env::current_exe().unwrap());
    again.args(["--exact", STORY, "--nocapture"]).env("VANLANG_STORY_TOKENS", &tokens);
    let output = again.env("SOFTHSM2_CONF", configuration).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}

fn on_a_token(folder: &Path) {
    let path = module();
    let set = path.clone();
    let modules = vec![documents::module(), desk::module(), admin::module()];
    let town = Town::configured(&Engine::Sqlite, modules, move |config| config.signing.pkcs11 = Some(set));
    let world = Town19::new(&town);
    let leader = town.leader("Phú Thọ");
    let agency = town.agency("Phú Thọ");
    let subject = Subject { name: &leader.name, agency: agency.data.name, years: (2010, 2049) };
    put(&path, &world.authority.issue(&subject).unwrap());

    let admin = town.admin("Phú Thọ");
    let (id, owner, picture) = (agency.id.to_string(), leader.id.unwrap().to_string(), hand().unwrap());
    let files = [Attachment { field: "picture", name: "anh.png", bytes: &picture }];
    let form = |pin: &'static str| {
        let (id, owner) = (id.as_str(), owner.as_str());
        vec![
            ("agency", id),
            ("owner", owner),
            ("place", "token"),
            ("token", TOKEN),
            ("label", "ky"),
            ("pin", pin),
        ]
    };
    let new = "/admin/signers/new";
    admin.get(&format!("{new}?agency={id}")).ok();
    admin.post_files(new, &form("000000"), &files).is(422).sees("Mã PIN chưa đúng");
    admin.post_files(new, &form(PIN), &files).sees("Đã nhập chữ ký số");

    let waiting = |subject: &str| {
        let to = town.agency("Việt Trì").id.to_string();
        let page = drafted(&town, "Phú Thọ", (subject, &[("to", &to)]), &[]);
        press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        page
    };
    let (first, second) = (waiting("Có thiết bị"), waiting("Rút thiết bị"));
    press(&leader, &first, "approve", &[("pin", "000000")]).is(409).sees("Còn 4 lần thử");
    press(&leader, &first, "approve", &[("pin", PIN)]).ok();
    world.judged(&leader.get(&format!("{first}/document.pdf")).bytes, 1);
    // The leader gives the token another PIN, and takes the old one back.
    leader.get("/settings/pin").ok();
    let pins = |old, new| [("old", old), ("pin", new), ("repeat", new)];
    leader.post("/settings/pin", &pins("000000", "975310")).is(409).sees("Còn 4 lần thử");
    leader.get("/settings/pin").ok();
    leader.post("/settings/pin", &pins(PIN, "975310")).sees("Đã đổi mã PIN");
    press(&leader, &second, "approve", &[("pin", PIN)]).is(409).sees("Còn 4 lần thử");
    leader.get("/settings/pin").ok();
    leader.post("/settings/pin", &pins("975310", PIN)).sees("Đã đổi mã PIN");
    // Opened once, it is not open for whoever comes next.
    press(&leader, &second, "approve", &[("pin", "000000")]).is(409).sees("Còn 4 lần thử");

    for token in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_dir_all(token.unwrap().path()).unwrap();
    }
    press(&leader, &second, "approve", &[("pin", PIN)]).is(409).sees("Thiết bị hoặc dịch vụ ký số không ký");
    let stands = told(&leader, &second);
    assert_eq!((stands["status"].as_str(), stands["symbol"].as_str()), (Some("leader_review"), Some("")));
}

/// Makes a token and puts a key and its certificate on it.
fn put(module: &Path, pem: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (folder.path().join("key.pem"), folder.path().join("a.der"));
    std::fs::write(&key, pem).unwrap();
    let run = |name: &str, arguments: &[&str]| {
        let output = program(name).args(arguments).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let (from, to) = (key.to_str().unwrap(), certificate.to_str().unwrap());
    run("openssl", &["x509", "-in", from, "-outform", "DER", "-out", to]);
    let bare = folder.path().join("bare.pem");
    let end = "-----END PRIVATE KEY-----";
    std::fs::write(&bare, format!("{}{end}\n", pem.split(end).next().unwrap())).unwrap();
    run("softhsm2-util", &["--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN]);
    let bare = bare.to_str().unwrap();
    run("softhsm2-util", &["--import", bare, "--token", TOKEN, "--label", "ky", "--id", "a1", "--pin", PIN]);

    let module = Pkcs11::new(module).unwrap();
    module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slots = module.get_slots_with_initialized_token().unwrap();
    let is_ours = |slot: &cryptoki::slot::Slot| module.get_token_info(*slot).unwrap().label() == TOKEN;
    let session = module.open_rw_session(slots.into_iter().find(is_ours).unwrap()).unwrap();
    session.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
    let attributes = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Id(vec![0xA1]),
        Attribute::Subject(Vec::new()),
        Attribute::Value(std::fs::read(&certificate).unwrap()),
    ];
    session.create_object(&attributes).unwrap();
    drop(session);
    module.finalize().unwrap();
}

fn module() -> PathBuf {
    let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    places.iter().map(PathBuf::from).find(|path| path.is_file()).expect("SoftHSM is installed (softhsm2)")
}
