//! S19 with a signing service and an authority of time, both over HTTPS under a root the operator named: the key is
//! never here. A service that is lost in the middle of ten leaves the rest where they were; nothing is signed twice.

use crate::secure::{Asked, Root};
use crate::signing::{self, PIN, Town19, program};
use crate::story::{drafted, press, rows, told};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::{Attachment, Engine, Town};
use vanlang::demo::seals::{Authority, Subject, hand};

/// A service of the Cloud Signature Consortium's shape with one key.
struct Service {
    folder: tempfile::TempDir,
    certificates: Vec<String>,
    /// Signatures it still makes before it is lost, and those it has made.
    left: Arc<AtomicI64>,
    made: Arc<AtomicI64>,
}

impl Service {
    fn new(authority: &Authority, name: &str) -> Service {
        let subject = Subject { name, agency: "Ủy ban nhân dân tỉnh Phú Thọ", years: (2010, 2049) };
        let pem = authority.issue(&subject).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let end = "-----END PRIVATE KEY-----";
        let (key, rest) = pem.split_once(end).unwrap();
        std::fs::write(folder.path().join("key"), format!("{key}{end}\n")).unwrap();
        let bare =
            |block: &str| block.split("-----").nth(2).unwrap_or("").split_whitespace().collect::<String>();
        let certificates =
            rest.split("-----END CERTIFICATE-----").map(bare).filter(|one| !one.is_empty()).collect();
        Service { folder, certificates, left: Arc::new(AtomicI64::new(i64::MAX)), made: Arc::default() }
    }

    fn answer(&self, asked: &Asked) -> Option<Value> {
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert!(asked.head.iter().any(|line| line == "authorization: bearer the-bai"), "{:?}", asked.head);
        match asked.path.as_str() {
            "/csc/v2/credentials/info" => Some(json!({
                "key": { "status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256 },
                "cert": { "status": "valid", "certificates": self.certificates },
                "multisign": 1,
            })),
            "/csc/v2/credentials/authorize" => {
                let right = body["authData"][0]["value"] == PIN;
                right.then(|| json!({ "SAD": body["hashes"][0], "expiresIn": 300 }))
            }
            "/csc/v2/signatures/signHash" => {
                assert_eq!(body["SAD"], body["hashes"][0], "what was authorised is signed");
                self.made.fetch_add(1, Ordering::SeqCst);
                let signature = self.sign(&STANDARD.decode(body["hashes"][0].as_str().unwrap()).unwrap());
                // Lost after it has signed: the signature never arrives.
                let is_there = self.left.fetch_sub(1, Ordering::SeqCst) > 0;
                is_there.then(|| json!({ "signatures": [STANDARD.encode(signature)] }))
            }
            _ => None,
        }
    }

    fn sign(&self, digest: &[u8]) -> Vec<u8> {
        let folder = self.folder.path();
        std::fs::write(folder.join("digest"), digest).unwrap();
        let arguments = ["pkeyutl", "-sign", "-inkey", "key", "-in", "digest", "-out", "signature"];
        let done = program("openssl").args(arguments).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::read(folder.join("signature")).unwrap()
    }
}

fn waiting(town: &Town, subject: &str) -> String {
    let to = town.agency("Việt Trì").id.to_string();
    let page = drafted(town, "Phú Thọ", (subject, &[("to", &to)]), &[]);
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
    page
}

/// The administrator enters the key at the service for the leader.
fn enter(town: &Town, credential: &str) -> testkit::Page {
    let (admin, leader) = (town.admin("Phú Thọ"), town.leader("Phú Thọ"));
    let (id, owner) = (town.agency("Phú Thọ").id.to_string(), leader.id.unwrap().to_string());
    let picture = hand().unwrap();
    let files = [Attachment { field: "picture", name: "anh.png", bytes: &picture }];
    admin.get(&format!("/admin/signers/new?agency={id}")).ok();
    let fields = [
        ("agency", id.as_str()),
        ("owner", &owner),
        ("place", "remote"),
        ("label", credential),
        ("pin", PIN),
    ];
    admin.post_files("/admin/signers/new", &fields, &files)
}

fn story(engine: &Engine) {
    let root = Root::new();
    let authority = Authority::new().unwrap();
    let service = Service::new(&authority, "Lãnh đạo ký từ xa");
    let (left, made) = (Arc::clone(&service.left), Arc::clone(&service.made));
    let csc = root.serve(move |asked| {
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        if body["credentialID"] != "lanh-dao" {
            return Some((400, String::new(), b"{\"error\":\"invalid_request\"}".to_vec()));
        }
        service.answer(asked).map(|answer| (200, String::new(), answer.to_string().into_bytes()))
    });
    let clock = signing::Clock::secure(&root);
    let token = root.path().with_file_name("token");
    std::fs::write(&token, "the-bai\n").unwrap();
    let (roots, stamp) = (root.path(), clock.address.clone());
    let modules = vec![documents::module(), desk::module(), admin::module()];
    let town = Town::configured(engine, modules, move |config| {
        config.outside.roots = Some(roots);
        config.signing.timestamp = Some(stamp);
        config.signing.csc = Some(format!("{csc}/csc/v2"));
        config.signing.csc_token = Some(token);
    });
    town.set_clock(base::time::Clock::now(&base::time::SystemClock));
    let world = Town19 { authority };
    town.trust([world.authority.pem.as_bytes(), clock.root_pem.as_bytes()].concat().as_slice());
    enter(&town, "khac").is(409).sees("Thiết bị hoặc dịch vụ ký số không ký");
    enter(&town, "lanh-dao").sees("Đã nhập chữ ký số");
    let tried = made.load(Ordering::SeqCst);

    let leader = town.leader("Phú Thọ");
    let pages: Vec<String> = (1..=4).map(|n| waiting(&town, &format!("Ký từ xa {n}"))).collect();
    // What authorises is judged there: a wrong PIN signs nothing.
    press(&leader, &pages[0], "approve", &[("pin", "000000")]).is(409).sees("đúng mã PIN");
    assert_eq!(made.load(Ordering::SeqCst), tried);
    press(&leader, &pages[0], "approve", &[("pin", PIN)]).ok();
    let signed = leader.get(&format!("{}/document.pdf", pages[0]));
    world.judged_with_stamps(&signed.bytes, &clock.root_pem, (1, 0));

    // The service is lost when it has signed the second of three.
    left.store(1, Ordering::SeqCst);
    leader.get("/documents/outgoing?status=leader_review").ok();
    let ids: Vec<&str> = pages[1..].iter().map(|page| page.rsplit('/').next().unwrap()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("pick", *id)).collect();
    fields.push(("pin", PIN));
    leader.post("/documents/outgoing/approve-many", &fields).sees("Đã ký số 1 văn bản").sees("Còn 2 chưa ký");
    leader.post_again().sees("Đã ký số 1 văn bản");
    let stands = |page: &str| told(&leader, page)["status"].as_str().unwrap().to_owned();
    let states: Vec<String> = pages.iter().map(|page| stands(page)).collect();
    assert_eq!(states, ["to_issue", "to_issue", "leader_review", "leader_review"]);

    // It is back: the rest is signed, each once, under the numbers that were not used.
    left.store(i64::MAX, Ordering::SeqCst);
    for page in &pages[2..] {
        press(&leader, page, "approve", &[("pin", PIN)]).ok();
    }
    press(&leader, &pages[1], "approve", &[("pin", PIN)]).is(409);
    assert_eq!(
        rows::<(i64,)>(&town, "phutho", "SELECT count(*) FROM documents_signed WHERE {scope}"),
        [(4,)]
    );
    let numbers = rows::<(i64,)>(
        &town,
        "phutho",
        "SELECT number FROM documents_outgoing
         WHERE {scope} AND status = 'to_issue' ORDER BY number",
    );
    assert_eq!(numbers, [(1,), (2,), (3,), (4,)]);
    // An authority of time whose name nobody vouches for is not asked.
    let page = waiting(&town, "Giờ của người lạ");
    clock.stop();
    press(&leader, &page, "approve", &[("pin", PIN)]).is(409).sees("Dịch vụ cấp dấu thời gian không trả lời");
    assert_eq!(stands(&page), "leader_review");
}

#[test]
fn a_leader_signs_with_a_key_at_a_service_and_nothing_is_signed_twice_when_it_is_lost() {
    for engine in signing::engines() {
        story(&engine);
    }
}

/// A service under a root nobody named is not spoken to.
#[test]
fn a_service_under_an_unknown_root_is_never_told_a_pin() {
    let root = Root::new();
    let asked = Arc::new(AtomicI64::new(0));
    let count = Arc::clone(&asked);
    let csc = root.serve(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        None
    });
    let modules = vec![documents::module(), desk::module(), admin::module()];
    let town = Town::configured(&Engine::Sqlite, modules, move |config| {
        config.signing.csc = Some(format!("{csc}/csc/v2"));
    });
    enter(&town, "lanh-dao").is(409).sees("Thiết bị hoặc dịch vụ ký số không ký");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert!(Path::new(&root.path()).is_file());
}
