//! What can be proved of a letter between machines: I7, and journals that are whole.

use crate::country::{Country, TWO, rows};
use crate::story::{brought_out, drafted, id_in, pdf};
use kernel::Context;
use platform::evidence::Line;
use std::io::Write;
use std::sync::atomic::Ordering::Relaxed;
use testkit::{Attachment, Engine, Town};

const SUBJECT: &str = "tình hình gửi, nhận văn bản điện tử";

/// The Government's letter has reached the province, and both have sealed.
fn sent(engine: &Engine) -> Country {
    let country = Country::of(engine, TWO);
    let main = pdf("7816/VPCP-KSTT", 20_000);
    let files = [Attachment { field: "main", name: "7816_VPCP-KSTT.pdf", bytes: &main }];
    let gov = country.at("Hà Nội");
    let to = id_in(gov, "chinhphu", "Phú Thọ");
    let letter = drafted(gov, "Hà Nội", (SUBJECT, &[("to", &to)]), &files);
    brought_out(gov, "Hà Nội", &letter);
    country.settle();
    country
}

fn seal(country: &Country) {
    // The topmost first: nobody depends on the others.
    for place in ["Hà Nội", "Phú Thọ"] {
        let town = country.at(place);
        town.wait(town.server().seal(town.now()));
    }
}

type Kept = (uuid::Uuid, String, String, String);

fn lines(town: &Town) -> Vec<Kept> {
    rows(town, "SELECT id, direction, kind, agency_code FROM platform_journal WHERE {scope} ORDER BY n")
}

fn cx(town: &Town, tenant: &str) -> Context {
    let texts = vanlang::app::texts(&[]).unwrap();
    Context { now: town.now(), ..vanlang::app::founding(texts, tenant, &base::time::SystemClock) }
}

fn export(town: &Town, tenant: &str, line: uuid::Uuid) -> base::Result<Vec<u8>> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let directory = town.server().node.as_ref().unwrap().directory().map(|known| known.bytes().to_vec());
    let server = town.server().tenant(tenant).unwrap();
    let out = file.reopen().unwrap();
    let of = (base::Id::<Line>::of(line), directory);
    town.wait(engine::evidence::export((&server.db, &server.files), cx(town, tenant), of, out))?;
    Ok(std::fs::read(file.path()).unwrap())
}

fn each_delivery_is_proved(engine: &Engine) {
    let country = sent(engine);
    let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
    let (letter, ..) = lines(gov).into_iter().find(|line| line.1 == "sent" && line.2 == "document").unwrap();
    assert!(matches!(export(gov, "chinhphu", letter), Err(base::Error::Refused(_))), "it is not sealed yet");
    seal(&country);
    let mut proved = 0;
    for (town, tenant) in [(gov, "chinhphu"), (prov, "phutho")] {
        for (line, direction, kind, _) in lines(town) {
            let bytes = export(town, tenant, line).unwrap();
            let deed = proof::verify(std::io::Cursor::new(&bytes), country.authority.certificate()).unwrap();
            assert_eq!(deed.witness, "gov", "{direction} {kind}");
            assert!(deed.directory && deed.sent_by.is_some() && deed.received_by.is_some(), "{deed:?}");
            assert_eq!(deed.files.len(), usize::from(kind == "document"));
            proved += 1;
        }
    }
    assert!(proved >= 4, "the letter and its status, on both sides: {proved}");
    country.holds();
}

fn without_the_node_above_the_exchange_stops_in_time(engine: &Engine) {
    let country = sent(engine);
    let prov = country.at("Phú Thọ");
    country.lines["gov"].faults.down.store(true, Relaxed);
    prov.wait(prov.server().seal(prov.now()));
    let failing = |town: &Town| {
        let found = town.read("phutho", platform::evidence::sealing);
        (found.failing_since.is_some(), !found.error.is_empty())
    };
    assert_eq!(failing(prov), (true, true), "the page of the administrator says so at once");
    let sealed = |town: &Town| town.read("phutho", |cx| Ok(platform::evidence::sealed(cx, 4).is_ok()));
    assert!(sealed(prov), "for a while it goes on");
    country.pass_minutes(4 * 60 + 1);
    assert!(!sealed(prov), "then it stops");
    country.lines["gov"].faults.down.store(false, Relaxed);
    prov.wait(prov.server().seal(prov.now()));
    assert!(sealed(prov), "and goes on by itself");
}

fn a_changed_line_is_named(engine: &Engine) {
    let country = sent(engine);
    seal(&country);
    let gov = country.at("Hà Nội");
    let broken = |change: &'static str, back: &'static str| {
        let run = |sql: &'static str| {
            gov.act("chinhphu", move |cx| {
                cx.record_nothing("somebody with the database in hand");
                cx.write_any(&kernel::Sql::new(sql, file!()), &[]).map(drop)
            });
        };
        run(change);
        let name = gov.wait(engine::verify::verify(gov.db("chinhphu"))).unwrap().unwrap_err();
        run(back);
        name
    };
    let edited = broken(
        "UPDATE platform_journal SET counterpart = counterpart || 'x' WHERE {scope} AND n = 1",
        "UPDATE platform_journal SET counterpart = replace(counterpart, 'x', '') WHERE {scope} AND n = 1",
    );
    assert_eq!(edited, "platform_journal 1");
    let moved = broken(
        "UPDATE platform_journal SET n = n + 100 WHERE {scope}",
        "UPDATE platform_journal SET n = n - 100 WHERE {scope}",
    );
    assert_eq!(moved, "platform_journal 1");
    let resealed = broken(
        "UPDATE platform_seals SET statement = replace(statement, '\"first\":1', '\"first\":2')",
        "UPDATE platform_seals SET statement = replace(statement, '\"first\":2', '\"first\":1')",
    );
    assert_eq!(resealed, "platform_seals 1");
    let gone =
        broken("UPDATE platform_journal_head SET n = n + 1", "UPDATE platform_journal_head SET n = n - 1");
    let next = lines(gov).len() + 1;
    assert_eq!(gone, format!("platform_journal {next}"), "a last line that is gone");
    country.holds();
}

/// The command says the same of a file, and of one that was changed.
fn the_command_says_what_a_file_is_worth(engine: &Engine) {
    let country = sent(engine);
    seal(&country);
    let gov = country.at("Hà Nội");
    let (letter, ..) = lines(gov).into_iter().find(|line| line.1 == "sent" && line.2 == "document").unwrap();
    let bytes = export(gov, "chinhphu", letter).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let [file, root] = ["letter.asice", "root.pem"].map(|name| folder.path().join(name));
    let mut pem = std::fs::File::create(&root).unwrap();
    let der = country.authority.certificate().der();
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    writeln!(pem, "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----").unwrap();
    let said = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let mut out = Vec::new();
        let whole = vanlang::evidence::verify(&file, (&root, None), &mut out).unwrap();
        (whole, serde_json::from_slice::<serde_json::Value>(&out).unwrap())
    };
    let (whole, told) = said(&bytes);
    assert!(whole, "{told}");
    assert_eq!(told["deed"]["witness"], "gov");
    let (whole, told) = said(&bytes[..bytes.len() - 1]);
    assert!(!whole);
    assert_eq!(told["cause"], "container", "{told}");
}

fn both(story: fn(&Engine)) {
    story(&Engine::Sqlite);
    if let Some(engine) = Engine::postgres() {
        story(&engine);
    }
}

#[test]
fn each_delivery_between_machines_is_proved_by_both_sides() {
    both(each_delivery_is_proved);
}

#[test]
fn without_the_node_above_and_without_a_stamp_the_exchange_stops_after_four_hours() {
    both(without_the_node_above_the_exchange_stops_in_time);
}

#[test]
fn a_changed_line_or_seal_is_named() {
    both(a_changed_line_is_named);
}

#[test]
fn the_command_says_what_an_evidence_file_is_worth() {
    the_command_says_what_a_file_is_worth(&Engine::Sqlite);
}
