//! Who is trusted, and everything that is not.
#![expect(clippy::unwrap_used, reason = "a test ends where something does not hold")]

use trust::{
    Agency, Authority, Certificate, Crl, Directory, Error, Issued, Key, Limits, NodeEntry, Order, Purpose,
    Request, Revoked, Route, Signed, Snapshot, Token, hex,
};

const DAY: i64 = 86_400;
const NOW: i64 = 1_796_000_000;

fn authority(title: &str) -> Authority {
    Authority::found(title, (NOW - DAY, NOW + 3650 * DAY)).unwrap()
}

fn node(authority: &Authority, name: &str) -> (Key, Certificate) {
    let key = Key::generate().unwrap();
    let request = Request::read(&key.request(name).unwrap()).unwrap();
    let issued = authority.issue(&request, name, (NOW - 60, NOW + 90 * DAY)).unwrap();
    (key, issued)
}

fn entry(name: &str, above: Option<&str>, relayed: bool) -> NodeEntry {
    NodeEntry {
        name: name.to_owned(),
        title: format!("Nút {name}"),
        address: format!("{name}.example:8443"),
        certificates: vec![Issued { sha256: "0".repeat(64), until: NOW }],
        above: above.map(str::to_owned),
        relayed,
    }
}

fn agency(code: &str, home: &str) -> Agency {
    Agency {
        code: code.to_owned(),
        code_qd20: code.rsplit('.').collect::<Vec<_>>().join("."),
        name: format!("Cơ quan {code}"),
        tier: "commune".to_owned(),
        valid_from: "2017-01-01".to_owned(),
        home: home.to_owned(),
        ..Agency::default()
    }
}

/// gov over prov over dist over comm and camp; the last two are reached through the one above.
fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot {
        version: 1,
        issued_at: NOW,
        authority: "gov".to_owned(),
        history: Vec::new(),
        nodes: vec![
            entry("gov", None, false),
            entry("prov", Some("gov"), false),
            entry("dist", Some("prov"), true),
            entry("comm", Some("dist"), true),
            entry("camp", Some("dist"), true),
        ],
        agencies: vec![
            agency("000.00.00.G01", "gov"),
            agency("000.00.00.H44", "prov"),
            agency("000.00.01.H44", "dist"),
            agency("000.01.01.H44", "comm"),
            agency("000.02.01.H44", "camp"),
        ],
    };
    snapshot.sort();
    snapshot
}

fn published(authority: &Authority, snapshot: &Snapshot) -> Directory {
    let bytes = authority.publish(snapshot).unwrap().to_bytes();
    Directory::read(&bytes, authority.certificate(), &Limits::default()).unwrap()
}

#[test]
fn a_certificate_names_the_node_the_authority_admitted_and_nobody_else() {
    let authority = authority("Văn phòng Chính phủ");
    let key = Key::generate().unwrap();
    // The request says another name: the authority writes its own.
    let request = Request::read(&key.request("gov").unwrap()).unwrap();
    let issued = authority.issue(&request, "prov", (NOW, NOW + DAY)).unwrap();
    assert_eq!((issued.name.as_str(), issued.authority, issued.serial.len()), ("prov", false, 16));
    assert_eq!(issued.issued_by(authority.certificate()), Ok(()));
    assert_eq!((issued.valid_at(NOW), issued.valid_at(NOW + DAY + 1)), (Ok(()), Err(Error::OutOfTime)));
    assert_eq!(issued.public(), key.public());
    let other = Authority::found("Văn phòng Chính phủ", (NOW, NOW + DAY)).unwrap();
    assert_eq!(issued.issued_by(other.certificate()), Err(Error::Signature), "the same title is not enough");
    assert_eq!(issued.issued_by(&node(&authority, "dist").1), Err(Error::Stranger));
    for name in ["", "Phu-Tho", "-a", "a.b", "phú", "join", &"a".repeat(41)] {
        assert_eq!(authority.issue(&request, name, (NOW, NOW + DAY)).err(), Some(Error::Name), "{name}");
    }
    let long = authority.issue(&request, "prov", (NOW, NOW + 9999 * DAY)).unwrap();
    assert_eq!(long.until, authority.certificate().until, "nobody outlives the authority");
}

#[test]
fn a_request_of_another_key_is_refused() {
    let request = Key::generate().unwrap().request("prov").unwrap();
    for at in 0..request.len() {
        let mut changed = request.clone();
        changed[at] ^= 1;
        assert!(Request::read(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn keys_and_authority_come_back_from_what_was_kept() {
    let authority = authority("Gốc");
    let (key, certificate) = node(&authority, "prov");
    let again = Key::open(key.pkcs8()).unwrap();
    certificate.verify(b"x", &again.sign(b"x").unwrap()).unwrap();
    assert_eq!(certificate.verify(b"y", &again.sign(b"x").unwrap()), Err(Error::Signature));
    let kept = Authority::open(authority.pkcs8(), authority.certificate().der()).unwrap();
    let (_, other) = node(&kept, "dist");
    assert_eq!(other.issued_by(authority.certificate()), Ok(()));
    assert!(Authority::open(key.pkcs8(), authority.certificate().der()).is_err());
}

#[test]
fn a_revoked_certificate_is_named_by_the_list_and_the_list_ends() {
    let authority = authority("Gốc");
    let (good, bad) = (node(&authority, "prov").1, node(&authority, "dist").1);
    let revoked = [Revoked { serial: bad.serial.clone(), at: NOW }];
    let list = authority.revoke(7, &revoked, (NOW, NOW + 4 * DAY)).unwrap();
    let list = Crl::read(list.der(), authority.certificate()).unwrap();
    assert_eq!((list.number, list.made, list.until, list.len()), (7, NOW, NOW + 4 * DAY, 1));
    assert!(list.names(&bad.serial) && !list.names(&good.serial));
    assert!(list.is_fresh(NOW + 4 * DAY) && !list.is_fresh(NOW + 4 * DAY + 1));
    let empty = authority.revoke(1, &[], (NOW, NOW + DAY)).unwrap();
    assert!(empty.is_empty());
    let foreign =
        Authority::found("Gốc", (NOW, NOW + DAY)).unwrap().revoke(8, &[], (NOW, NOW + DAY)).unwrap();
    assert_eq!(Crl::read(foreign.der(), authority.certificate()).err(), Some(Error::Signature));
    let titled =
        Authority::found("Khác", (NOW, NOW + DAY)).unwrap().revoke(8, &[], (NOW, NOW + DAY)).unwrap();
    assert_eq!(Crl::read(titled.der(), authority.certificate()).err(), Some(Error::Stranger));
    for at in 0..list.der().len() {
        let mut changed = list.der().to_vec();
        changed[at] ^= 0x10;
        assert!(Crl::read(&changed, authority.certificate()).is_err(), "byte {at}");
    }
}

#[test]
fn a_token_is_read_as_it_was_shown_and_no_letter_may_be_missing() {
    let token = Token::new([7; 32], "gov", "gov.example:8443").unwrap();
    let text = token.text();
    let read = Token::read(&format!("  {text}\n")).unwrap();
    assert!(read == token && read.hash() == token.hash() && read.address == "gov.example:8443");
    assert!(Token::new([7; 32], "gov", "gov.example:8443").unwrap().secret() != token.secret());
    assert!(!format!("{token:?}").contains(&hex(token.secret())));
    for at in 0..text.len() {
        let (mut missing, mut changed) = (text.clone(), text.clone().into_bytes());
        missing.remove(at);
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(Token::read(&missing).is_err(), "letter {at}");
        assert!(Token::read(std::str::from_utf8(&changed).unwrap()).is_err(), "letter {at}");
    }
}

#[test]
fn ways_lead_down_the_tree_and_up_when_nothing_else_is_left() {
    let directory = published(&authority("Gốc"), &snapshot());
    let way = |code: &str, me: &str| match directory.route(code, (me, "2026-12-01")) {
        Route::Direct(node) => format!("→{}", node.name),
        Route::Through(node) => format!("↷{}", node.name),
        other => format!("{other:?}"),
    };
    for (code, me, expected) in [
        ("000.00.00.H44", "prov", "Here"),
        ("000.00.00.H44", "gov", "→prov"),
        ("000.00.00.H44", "comm", "→prov"),
        ("000.00.01.H44", "prov", "→dist"),
        ("000.00.01.H44", "comm", "→dist"),
        ("000.01.01.H44", "dist", "→comm"),
        ("000.01.01.H44", "prov", "↷dist"),
        ("000.01.01.H44", "gov", "↷prov"),
        ("000.01.01.H44", "camp", "↷dist"),
        ("H44.01.02.000", "camp", "Here"),
        ("000.09.09.H99", "gov", "Unknown"),
    ] {
        assert_eq!(way(code, me), expected, "{code} from {me}");
    }
    assert!(directory.may_speak("comm", "000.01.01.H44") && directory.may_speak("comm", "H44.01.01.000"));
    assert!(!directory.may_speak("dist", "000.01.01.H44") && !directory.may_speak("comm", "nobody"));
}

#[test]
fn every_way_ends_at_the_home_whatever_the_tree() {
    // Every tree of five nodes whose parents come before them, each node open or not.
    for shape in 0..2_usize.pow(4) * 24 {
        let (flags, mut parents) = (shape % 16, shape / 16);
        let mut tree = snapshot();
        let names = ["a", "b", "c", "d", "e"];
        tree.nodes = vec![entry("a", None, false)];
        for at in 1..5 {
            let above = names[parents % at];
            parents /= at;
            tree.nodes.push(entry(names[at], Some(above), flags >> (at - 1) & 1 == 1));
        }
        tree.authority = "a".to_owned();
        tree.agencies = names.iter().map(|name| agency(&format!("{name}.X"), name)).collect();
        tree.sort();
        let directory = published(&root(), &tree);
        for from in names {
            for to in names {
                let (mut at, mut hops) = (from.to_owned(), 0);
                loop {
                    match directory.route(&format!("{to}.X"), (&at, "2026-12-01")) {
                        Route::Here => break,
                        Route::Direct(next) | Route::Through(next) => at.clone_from(&next.name),
                        other => panic!("{other:?} from {from} to {to}"),
                    }
                    hops += 1;
                    assert!(hops < 9, "no end from {from} to {to}: {tree:?}");
                }
                assert_eq!(at, to);
            }
        }
    }
}

fn root() -> Authority {
    use std::sync::OnceLock;
    static KEPT: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (key, certificate) = KEPT.get_or_init(|| {
        let made = authority("Gốc");
        (made.pkcs8().to_vec(), made.certificate().der().to_vec())
    });
    Authority::open(key, certificate).unwrap()
}

#[test]
fn an_agency_that_has_ended_names_who_took_over() {
    let mut ended = snapshot();
    ended.agencies[2].valid_to = Some("2025-06-30".to_owned());
    ended.agencies[2].successors = vec!["000.01.01.H44".to_owned()];
    let code = ended.agencies[2].code.clone();
    let directory = published(&root(), &ended);
    assert_eq!(directory.route(&code, ("gov", "2025-07-01")), Route::Ended(&["000.01.01.H44".to_owned()]));
    assert!(!matches!(directory.route(&code, ("gov", "2025-06-30")), Route::Ended(_)));
}

#[test]
fn an_older_version_or_another_history_is_not_taken() {
    let authority = root();
    let first = published(&authority, &snapshot());
    let next = |of: &Directory, title: &str| {
        let mut next = of.snapshot().clone();
        (next.version, next.history) = (of.version() + 1, of.history());
        title.clone_into(&mut next.nodes[0].title);
        published(&authority, &next)
    };
    let second = next(&first, "hai");
    let (third, other) = (next(&second, "ba"), next(&next(&first, "khác"), "ba"));
    assert_eq!((second.after(&first), third.after(&first)), (Ok(Order::Newer), Ok(Order::Newer)));
    assert_eq!(second.after(&second), Ok(Order::Same));
    assert_eq!(first.after(&third), Err(Error::Older));
    assert_eq!(other.after(&second), Err(Error::OtherHistory));
    assert_eq!(other.after(&third), Err(Error::OtherHistory), "the same version, other content");
    let mut far = third.clone();
    for turn in 0..80 {
        far = next(&far, &turn.to_string());
    }
    assert_eq!((far.after(&first), first.after(&far)), (Ok(Order::Newer), Err(Error::Older)));
}

#[test]
fn a_directory_of_somebody_else_or_with_a_changed_byte_is_refused() {
    let authority = root();
    let limits = Limits::default();
    let bytes = authority.publish(&snapshot()).unwrap().to_bytes();
    let own = authority.certificate();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Directory::read(&changed, own, &limits).is_err(), "byte {at}");
    }
    let foreign = Authority::found("Gốc", (NOW, NOW + DAY)).unwrap().publish(&snapshot()).unwrap();
    assert_eq!(Directory::read(&foreign.to_bytes(), own, &limits).err(), Some(Error::Stranger));
    // A node signs it, or a signature for another purpose is put under it.
    let (key, certificate) = node(&authority, "prov");
    let body = snapshot().bytes().unwrap();
    let by_node = Signed::make(Purpose::Directory, body.clone(), (&key, &certificate)).unwrap();
    assert_eq!(Directory::read(&by_node.to_bytes(), own, &limits).err(), Some(Error::Stranger));
    let mut worn = Signed::make(Purpose::Agencies, body, (&key, &certificate)).unwrap();
    assert!(worn.signer(Purpose::Agencies).is_ok());
    assert_eq!(worn.signer(Purpose::Directory).err(), Some(Error::Signature));
    worn.body.push(b' ');
    assert_eq!(worn.signer(Purpose::Agencies).err(), Some(Error::Signature));
}

#[test]
fn a_snapshot_out_of_order_or_beyond_the_limits_is_never_signed() {
    let broken = |change: fn(&mut Snapshot)| {
        let mut one = snapshot();
        change(&mut one);
        one.bytes().err()
    };
    let damaged = Some(Error::Damaged("the directory"));
    assert_eq!(broken(|_| {}), None);
    assert_eq!(broken(|s| s.agencies.reverse()), damaged);
    assert_eq!(broken(|s| s.agencies.push(s.agencies[4].clone())), damaged);
    assert_eq!(broken(|s| s.agencies[0].home = "nowhere".to_owned()), damaged);
    assert_eq!(broken(|s| s.authority = "nobody".to_owned()), damaged);
    assert_eq!(broken(|s| s.nodes[1].above = Some("camp".to_owned())), None);
    assert_eq!(broken(|s| s.nodes[0].above = Some("camp".to_owned())), damaged, "its own child");
    assert_eq!(broken(|s| s.nodes[0].address = "no port".to_owned()), damaged);
    assert_eq!(broken(|s| s.nodes[0].certificates[0].sha256 = "ab".to_owned()), damaged);
    assert_eq!(broken(|s| s.agencies[0].name = "a\nb".to_owned()), damaged);
    assert_eq!(broken(|s| s.agencies[0].valid_from = "1/1/2025".to_owned()), damaged);
    assert_eq!(broken(|s| s.agencies[0].name = "a".repeat(500)), damaged);
    assert_eq!(broken(|s| s.version = 0), damaged);
    let small = Limits { agencies: 4, ..Limits::default() };
    let authority = root();
    let bytes = authority.publish(&snapshot()).unwrap().to_bytes();
    assert_eq!(Directory::read(&bytes, authority.certificate(), &small).err(), Some(Error::TooLarge));
    let short = Limits { bytes: 100, ..Limits::default() };
    assert_eq!(Directory::read(&bytes, authority.certificate(), &short).err(), Some(Error::TooLarge));
}
