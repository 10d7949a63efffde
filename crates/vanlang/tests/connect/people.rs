//! What the stories have in common: a connection, documents that leave, packets of others.

use base::AgencyId;
use engine::config::Outside;
use kernel::Module;
use platform::organisations::{self, NewAgency, Tier};
use std::fmt::Write;
use testkit::{Attachment, AxisServer, Engine, Page, Person, Town};
use vxp::simulator::{Axis, Faults};

/// The agency of another province, known in our directory but working elsewhere.
pub(crate) const THEIRS: &str = "000.00.00.H53";
pub(crate) const OURS: &str = "000.00.00.H44";
pub(crate) const SECRET: &str = "khoa-bi-mat";

pub(crate) fn modules() -> Vec<Module> {
    vec![documents::module(), desk::module(), admin::module()]
}

/// The same story on both databases.
pub(crate) fn everywhere(story: impl Fn(&Town)) {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let town = Town::configured(&engine, modules(), |config| {
            config.outside = Outside { private: vec!["127.0.0.0/8".to_owned()], ..Outside::default() };
        });
        story(&town);
    }
}

/// An axis that knows our province and theirs.
pub(crate) fn axis(seed: u64, faults: Faults) -> AxisServer {
    let mut axis = Axis::new(seed, faults);
    axis.register("HT.44", SECRET, &[OURS, "000.00.31.H44"]);
    axis.register("HT.53", "khoa cua ho", &[THEIRS]);
    AxisServer::start(axis)
}

/// Their agency stands in our directory, and the province's administrator enters the connection.
pub(crate) fn connect(town: &Town, axis: &AxisServer) -> AgencyId {
    let id = add_theirs(town, (THEIRS, "Ủy ban nhân dân tỉnh Tây Ninh"));
    enter(town, &axis.address, SECRET).ok().sees("Đã lưu");
    id
}

pub(crate) fn add_theirs(town: &Town, (code, name): (&'static str, &'static str)) -> AgencyId {
    town.act("phutho", move |cx| {
        let new = NewAgency {
            code_102: code.to_owned(),
            code_qd20: String::new(),
            name: name.to_owned(),
            symbol: "UBND".to_owned(),
            place: "Tây Ninh".to_owned(),
            tier: Tier::Province,
            kind: "committee".to_owned(),
            parent: None,
            local: false,
            valid_from: base::Date::new(2010, 1, 1).unwrap(),
        };
        let id = organisations::add_agency(cx, &new)?;
        cx.record_plain("testkit.founded", ("agency", id));
        Ok(id)
    })
}

pub(crate) fn enter(town: &Town, address: &str, secret: &str) -> Page {
    let admin = town.admin("Phú Thọ");
    let (ours, below) = (town.agency("Phú Thọ").id.to_string(), town.agency("Việt Trì").id.to_string());
    admin.get(&format!("/admin/axis?agency={ours}")).ok();
    let fields = [
        ("agency", ours.as_str()),
        ("address", address),
        ("system", "HT.44"),
        ("secret", secret),
        ("serves", ours.as_str()),
        ("serves", below.as_str()),
        ("active", "1"),
    ];
    admin.post("/admin/axis/keep", &fields)
}

/// Lets the connectors act. A turn later, after so many minutes.
pub(crate) fn turn(town: &Town, minutes: i64) -> i64 {
    town.settle();
    let moved = town.wait(town.server().run_connectors("phutho", town.now())).unwrap();
    town.settle();
    town.pass_minutes(minutes);
    moved
}

/// Opens a page and sends one of its forms.
pub(crate) fn press(person: &Person<'_>, page: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    person.get(page).ok();
    person.post(&format!("{page}/{act}"), fields)
}

/// The province sends a document with a file. Answers its page.
pub(crate) fn issue(town: &Town, subject: &str, to: &[AgencyId]) -> String {
    let head = town.head("Phú Thọ");
    head.get("/documents/outgoing/new").ok();
    let fields = [
        ("type_code", "CV"),
        ("subject", subject),
        ("body", "Đề nghị phối hợp thực hiện."),
        ("act", "submit"),
    ];
    let file = Attachment { field: "files", name: "kem-theo.pdf", bytes: b"%PDF-1.7 noi dung" };
    let page = head.post_files("/documents/outgoing", &fields, &[file]).ok().path.clone();
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
    press(&town.leader("Phú Thọ"), &page, "approve", &[]).ok();
    let ids: Vec<String> = to.iter().map(ToString::to_string).collect();
    let mut fields = vec![("chosen", "1")];
    fields.extend(ids.iter().map(|id| ("to", id.as_str())));
    press(&town.clerk("Phú Thọ"), &page, "issue", &fields).sees("Đã phát hành");
    page
}

/// Where a recipient of a document stands: status and reason.
pub(crate) fn standing(town: &Town, page: &str, code: &str) -> (String, String) {
    let list = town.clerk("Phú Thọ").api(&format!("{page}/recipients"), None).ok().json();
    let items = list["items"].as_array().unwrap();
    let one = items.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code}: {list}"));
    let word = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    (word("status"), word("reason"))
}

/// Subjects and pages of what an agency has received.
pub(crate) fn received(town: &Town, place: &str) -> Vec<(String, String)> {
    let list = town.clerk(place).api("/documents/incoming", None).ok().json();
    let word = |one: &serde_json::Value, name: &str| one[name].as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|one| (word(one, "subject"), format!("/documents/incoming/{}", word(one, "id")))).collect()
}

/// A document of theirs as a packet.
pub(crate) fn letter(from: &str, to: &[&str], (number, subject): (&str, &str)) -> Vec<u8> {
    let document = edxml::Document {
        from: organ(from),
        to: to.iter().map(|code| organ(code)).collect(),
        // As some systems write it.
        document_id: format!("{from}-2017-{number}-UBND-NC"),
        code: edxml::Code { number: number.to_owned(), notation: "UBND-NC".to_owned() },
        promulgation: edxml::Promulgation {
            place: "Tây Ninh".to_owned(),
            date: Some("2017-10-13".parse().unwrap()),
        },
        document_type: edxml::DocumentType { name: "Công văn".to_owned(), ..Default::default() },
        subject: subject.to_owned(),
        signer: edxml::Signer {
            competence: "TM.".to_owned(),
            position: "Chủ tịch".to_owned(),
            full_name: "Lò Thị Ngoan".to_owned(),
        },
        other: edxml::OtherInfo {
            priority: "0".to_owned(),
            page_amount: "1".to_owned(),
            ..Default::default()
        },
        attachments: vec![edxml::Attachment { name: "thu.pdf".to_owned(), ..Default::default() }],
        ..Default::default()
    };
    let mut out = Vec::new();
    edxml::write_document(&document, &mut [&mut b"%PDF-1.7 thu".as_slice()], &mut out).unwrap();
    out
}

fn organ(code: &str) -> edxml::Organ {
    edxml::Organ { id: code.to_owned(), name: format!("Cơ quan {code}"), ..Default::default() }
}

/// A status of theirs about a document of ours.
pub(crate) fn report(from: &str, about: &edxml::Document, (code, words): (&str, &str)) -> Vec<u8> {
    let status = edxml::Status {
        from: organ(from),
        response_for: edxml::ResponseFor {
            organ_id: about.from.id.clone(),
            code: about.code.joined(),
            document_id: about.document_id.clone(),
            date: about.promulgation.date,
        },
        code: edxml::StatusCode::parse(code),
        description: words.to_owned(),
        at: Some("2017-10-16T09:00:00".parse().unwrap()),
        ..Default::default()
    };
    let mut out = Vec::new();
    edxml::write_status(&status, &mut out).unwrap();
    out
}

/// Reads a packet as strictly as there is a way: a warning is a failure.
pub(crate) fn read(bytes: &[u8]) -> edxml::Packet {
    let received = edxml::read(bytes, &edxml::Limits::default(), |_| Ok(Vec::new())).unwrap();
    let said = received.warnings.iter().fold(String::new(), |mut all, one| {
        let _ = writeln!(all, "{one}");
        all
    });
    assert!(said.is_empty(), "{said}\n{}", String::from_utf8_lossy(bytes));
    received.packet
}

pub(crate) fn read_document(bytes: &[u8]) -> edxml::Document {
    match read(bytes) {
        edxml::Packet::Document(document) => *document,
        edxml::Packet::Status(status) => panic!("a status: {status:?}"),
    }
}

pub(crate) fn read_status(bytes: &[u8]) -> edxml::Status {
    match read(bytes) {
        edxml::Packet::Status(status) => *status,
        edxml::Packet::Document(document) => panic!("a document: {document:?}"),
    }
}
