use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use pades::sign::sign;
use pades::signer::{TokenKey, Where};
use std::path::{Path, PathBuf};

use crate::judges::{all_accept, program};
use crate::papers::{Table, blue, letter, organisations, persons, red};
use crate::people::{Identity, Root};

const PIN: &str = "1234";
const STORY: &str = "tokens::a_leader_and_a_clerk_sign_with_keys_that_never_leave_their_tokens";

/// The module finds its tokens through the environment of the process, so the story runs in one of its own.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the second process tells itself from the first by its environment"
)]
fn a_leader_and_a_clerk_sign_with_keys_that_never_leave_their_tokens() {
    let Some(module) = module() else {
        println!("skipped: SoftHSM is not installed");
        return;
    };
    if std::env::var("PADES_TOKENS").is_ok() {
        return on_tokens(&module);
    }
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    std::fs::write(&configuration, format!("directories.tokendir = {}\n", folder.path().display())).unwrap();
    let mut again = program(std::env::current_exe().unwrap());
    again.args(["--exact", STORY, "--nocapture"]).env("PADES_TOKENS", folder.path());
    let output = again.env("SOFTHSM2_CONF", configuration).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}

fn on_tokens(module: &Path) {
    let root = Root::new();
    put(module, "Lãnh đạo", &root.person());
    put(module, "Văn thư", &root.organisation());
    let open = |token| TokenKey::open(&Where { module, token: Some(token), key: Some("ky") }, PIN).unwrap();
    let signed = sign(&letter(Table::Classic, 0), &persons(&blue()), &open("Lãnh đạo"), None).unwrap();
    let sealed = sign(&signed, &organisations(&red()), &open("Văn thư"), None).unwrap();
    all_accept(&sealed, &root.pem, 2);

    let code = |token, key| TokenKey::open(&Where { module, token, key }, PIN).unwrap_err().code();
    assert_eq!(code(Some("Không có"), None), "signer-failed");
    assert_eq!(code(Some("Văn thư"), Some("khác")), "signer-failed");
    let place = Where { module, token: Some("Văn thư"), key: None };
    assert_eq!(TokenKey::open(&place, "0000").unwrap_err().code(), "signer-failed");
    assert!(TokenKey::open(&Where { module: Path::new("missing.so"), ..place }, PIN).is_err());
}

/// Makes a token and puts a key and its certificate on it.
fn put(module: &Path, token: &str, identity: &Identity) {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, &identity.key_pem).unwrap();
    let util = |arguments: &[&str]| {
        let output = program("softhsm2-util").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    util(&["--init-token", "--free", "--label", token, "--pin", PIN, "--so-pin", PIN]);
    let key = key.to_str().unwrap();
    util(&["--import", key, "--token", token, "--label", "ky", "--id", "a1", "--pin", PIN]);

    let module = Pkcs11::new(module).unwrap();
    module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slots = module.get_slots_with_initialized_token().unwrap();
    let is_ours = |slot: &cryptoki::slot::Slot| module.get_token_info(*slot).unwrap().label() == token;
    let session = module.open_rw_session(slots.into_iter().find(is_ours).unwrap()).unwrap();
    session.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
    let certificate = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Id(vec![0xA1]),
        Attribute::Subject(Vec::new()),
        Attribute::Value(identity.certificate.clone()),
    ];
    session.create_object(&certificate).unwrap();
    drop(session);
    module.finalize().unwrap();
}

fn module() -> Option<PathBuf> {
    let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    places.iter().map(PathBuf::from).find(|path| path.is_file())
}
