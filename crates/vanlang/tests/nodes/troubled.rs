//! S6 to S8, S14 to S17 between machines: letters that come back, lines that are cut, recipients that are not there,
//! urgent letters behind many others.

use crate::country::{Country, FOUR, TWO, rows};
use crate::story::{arrived, brought_out, drafted, id_in, lock, pdf, press, recipients, taken_in, told};
use crate::stranger::{letter, party};
use contracts::Sealed;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use testkit::{Attachment, Engine, Town};

const SUBJECT: &str = "bố trí kinh phí phòng chống thiên tai";

/// The province writes to Việt Trì; answers its page.
fn written(country: &Country, subject: &str, files: &[Attachment<'_>]) -> String {
    let prov = country.at("Phú Thọ");
    let to = id_in(prov, "phutho", "Việt Trì");
    let page = drafted(prov, "Phú Thọ", (subject, &[("to", &to)]), files);
    brought_out(prov, "Phú Thọ", &page);
    page
}

fn incoming(town: &Town) -> usize {
    rows::<(String,)>(town, "SELECT document_id FROM documents_incoming WHERE {scope}").len()
}

#[test]
fn a_letter_is_sent_back_or_asked_for_back_across_machines() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (prov, dist) = (country.at("Phú Thọ"), country.at("Việt Trì"));
    let page = written(&country, SUBJECT, &[]);
    country.settle();
    let received = arrived(dist, "Việt Trì", SUBJECT);
    press(&dist.clerk("Việt Trì"), &received, "return", &[("reason", "gửi sai nơi nhận")]).sees("Đã trả lại");
    country.settle();
    let seen = recipients(&prov.clerk("Phú Thọ"), &page);
    assert_eq!((seen[0].1.as_str(), seen[0].2.as_str()), ("refused", "gửi sai nơi nhận"));
    assert!(told(&dist.clerk("Việt Trì"), &received)["arrival_number"].is_null());

    // Another one is taken in, and asked for back.
    let main = pdf("Kinh phi", 50_000);
    let page = written(
        &country,
        "rà soát kinh phí",
        &[Attachment { field: "main", name: "kinh-phi.pdf", bytes: &main }],
    );
    country.settle();
    let received = arrived(dist, "Việt Trì", "rà soát kinh phí");
    taken_in(dist, "Việt Trì", &received);
    country.settle();
    let hash = told(&dist.clerk("Việt Trì"), &received)["files"][0]["sha256"].as_str().unwrap().to_owned();
    let sender = prov.clerk("Phú Thọ");
    sender.get(&format!("{page}/tracking")).ok();
    sender
        .post(&format!("{page}/recall"), &[("recall_reason", "nhầm số liệu")])
        .sees("yêu cầu lấy lại từ 1 nơi");
    country.settle();
    let district = dist.clerk("Việt Trì");
    let list = district.api("/documents/demands", None).ok().json();
    let demand = format!("/documents/demands/{}", list["items"][0]["id"].as_str().unwrap());
    district.get(&received).ok();
    district.post(&format!("{demand}/grant"), &[]).sees("Đã thu hồi");
    country.settle();
    assert_eq!(told(&district, &received)["status"], "recalled");
    assert!(!dist.server().tenant("phutho").unwrap().files.has(&hash), "the bytes are gone");
    assert_eq!(recipients(&sender, &page)[0].1, "recalled");

    // One that has not left never leaves.
    country.lines["dist"].faults.down.store(true, Relaxed);
    let before = incoming(dist);
    let page = written(&country, SUBJECT, &[]);
    prov.work();
    sender.get(&format!("{page}/tracking")).ok();
    sender.post(&format!("{page}/recall"), &[("recall_reason", "nhầm số liệu")]).ok();
    country.lines["dist"].faults.down.store(false, Relaxed);
    country.pass_minutes(5);
    country.settle();
    assert_eq!(incoming(dist), before, "nothing of it has arrived");
    country.holds();
}

#[test]
fn a_file_goes_on_where_the_line_was_cut() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (prov, dist) = (country.at("Phú Thọ"), country.at("Việt Trì"));
    let size = 3_000_000;
    let (main, from) = (pdf("Ban do", size), prov.agency("Phú Thọ").id);
    let stored = prov.wait(prov.server().tenant("phutho").unwrap().files.put(&main)).unwrap();
    let file = contracts::Attachment {
        name: "ban-do.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: i64::try_from(main.len()).unwrap(),
        sha256: stored.sha256,
        role: "main".to_owned(),
    };
    prov.act("phutho", move |cx| {
        let (to, files) = ([party("Việt Trì")], vec![file.clone()]);
        platform::exchange::send(cx, from, (Sealed::Document(Box::new(letter(1, &to, files))), &to, 0))?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    let faults = &country.lines["dist"].faults;
    faults.cut_after.store(1_234_567, Relaxed);
    let mut cuts = 0;
    while incoming(dist) == 0 {
        prov.work();
        country.pass_minutes(1);
        cuts += 1;
        assert!(cuts < 8, "it begins anew each time");
    }
    let carried = faults.carried.load(Relaxed);
    assert!(carried < 4_500_000, "{carried} bytes for a file of {size}");
    faults.cut_after.store(0, Relaxed);
    country.settle();
    country.holds();
}

#[test]
fn a_machine_that_is_away_gets_its_letters_when_it_is_back_and_a_locked_recipient_is_told_of_in_words() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (prov, dist) = (country.at("Phú Thọ"), country.at("Việt Trì"));
    country.lines["dist"].faults.down.store(true, Relaxed);
    let page = written(&country, SUBJECT, &[]);
    prov.work();
    prov.admin("Phú Thọ").get("/admin/troubles").sees("Chưa kết nối được tới nơi nhận");
    let links = rows::<(String, String)>(prov, "SELECT node, error FROM platform_links");
    assert!(links.contains(&("dist".to_owned(), "platform.exchange.unreachable".to_owned())), "{links:?}");
    country.lines["dist"].faults.down.store(false, Relaxed);
    country.settle();
    assert_eq!(recipients(&prov.clerk("Phú Thọ"), &page)[0].1, "arrived");
    let answered =
        rows::<(i64, i64)>(prov, "SELECT round_trip_us, skew_us FROM platform_links WHERE node = 'dist'");
    assert!(answered[0].0 > 0, "the round trip is known");

    lock(dist, "000.00.31.H44", true);
    let page = written(&country, SUBJECT, &[]);
    country.settle();
    assert_eq!(recipients(&prov.clerk("Phú Thọ"), &page)[0].1, "failed");
    prov.admin("Phú Thọ").get("/admin/troubles").sees("mã lỗi 23").sees("Thử lại");
    lock(dist, "000.00.31.H44", false);
    let (envelope, to) = rows::<(uuid::Uuid, String)>(
        prov,
        "SELECT envelope_id, to_code FROM platform_outbox WHERE {scope} AND state = 'failed'",
    )
    .remove(0);
    let fields = [("envelope", envelope.to_string()), ("to_code", to)];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    prov.admin("Phú Thọ").post("/admin/deliveries/retry", &fields).ok();
    country.settle();
    assert_eq!(incoming(dist), 2, "one press sends it again");
    country.holds();
}

#[test]
fn a_recipient_the_directory_does_not_know_is_told_of_at_once_and_the_others_get_theirs() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    country.publish(|directory| directory.agencies.retain(|agency| agency.code != "000.38.31.H44"));
    let prov = country.at("Phú Thọ");
    let from = prov.agency("Phú Thọ").id;
    prov.act("phutho", move |cx| {
        let to = [party("Việt Trì"), party("Hùng Lô")];
        platform::exchange::send(cx, from, (Sealed::Document(Box::new(letter(1, &to, Vec::new()))), &to, 0))?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    country.settle();
    let states: Vec<(String, String)> =
        rows(prov, "SELECT state, error FROM platform_outbox WHERE {scope} ORDER BY state");
    assert_eq!(states[0], ("failed".to_owned(), "platform.exchange.unknown_recipient".to_owned()));
    assert_eq!(states[1].0, "sent");
}

#[test]
fn letters_keep_their_order_and_an_urgent_one_overtakes_them() {
    const NORMAL: usize = 300;
    let country = Country::of(&Engine::Sqlite, TWO);
    let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
    let from = gov.agency("Hà Nội").id;
    let send = |number: usize, urgency: i64| {
        gov.set_clock(gov.now().plus_secs(1));
        gov.act("chinhphu", move |cx| {
            let (to, mut document) = ([party("Phú Thọ")], letter(number, &[party("Phú Thọ")], Vec::new()));
            document.urgency = urgency;
            platform::exchange::send(cx, from, (Sealed::Document(Box::new(document)), &to, urgency))?;
            cx.record("documents.act.issued", ("outgoing", from), from);
            Ok(())
        });
    };
    (1..=NORMAL).for_each(|number| send(number, 0));
    let carriers = gov.wait(async { gov.server().spawn_exchange() });
    let came = |number: usize| {
        let sql = "SELECT document_id FROM documents_incoming WHERE {scope}";
        let all: Vec<(String,)> = rows(prov, sql);
        let this = format!(",{number}/VPCP-KSTT");
        (all.len(), all.iter().any(|(id,)| id.ends_with(&this)))
    };
    let mut turns = 0;
    while came(0).0 == 0 {
        gov.wait(async { tokio::time::sleep(Duration::from_millis(20)).await });
        turns += 1;
        assert!(turns < 3000, "nothing moves");
    }
    let began = std::time::Instant::now();
    send(NORMAL + 1, 3);
    gov.server().tenant("chinhphu").unwrap().wake(None);
    while !came(NORMAL + 1).1 {
        gov.wait(async { tokio::time::sleep(Duration::from_millis(20)).await });
        assert!(began.elapsed() < Duration::from_mins(1), "the urgent letter waits");
    }
    let (all, _) = came(0);
    println!("the urgent letter took {:?}; {all} of {NORMAL} were there", began.elapsed());
    assert!(all < NORMAL, "it came after {all} of {NORMAL}");
    while came(0).0 <= NORMAL {
        gov.wait(async { tokio::time::sleep(Duration::from_millis(50)).await });
        assert!(began.elapsed() < Duration::from_secs(90), "the others wait");
    }
    carriers.iter().for_each(tokio::task::JoinHandle::abort);
    let order: Vec<(i64, String)> = rows(
        prov,
        "SELECT a.seq, d.document_id FROM kernel_audit a JOIN documents_incoming d ON d.id = a.subject_id
         WHERE {scope:a} AND {scope:d} AND a.act = 'documents.act.arrived' AND d.urgency = 0 ORDER BY a.seq",
    );
    let numbers: Vec<usize> = order
        .iter()
        .map(|(_, id)| id.rsplit_once(',').unwrap().1.split('/').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=NORMAL).collect::<Vec<_>>(), "in the order they were sent");
}

#[test]
fn a_no_that_came_by_way_of_another_machine_may_become_a_yes() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (gov, dist) = (country.at("Hà Nội"), country.at("Việt Trì"));
    lock(dist, "000.00.31.H44", true);
    let from = gov.agency("Hà Nội").id;
    gov.act("chinhphu", move |cx| {
        let to = [party("Việt Trì")];
        platform::exchange::send(cx, from, (Sealed::Document(Box::new(letter(1, &to, Vec::new()))), &to, 0))?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    country.settle();
    let states = || {
        rows::<(uuid::Uuid, String, String)>(
            gov,
            "SELECT envelope_id, state, error FROM platform_outbox WHERE {scope}",
        )
    };
    let (envelope, state, error) = states().remove(0);
    assert_eq!((state.as_str(), error.as_str()), ("failed", "platform.exchange.locked_recipient"));
    lock(dist, "000.00.31.H44", false);
    gov.act("chinhphu", move |cx| {
        platform::exchange::again(cx, envelope, "000.00.31.H44")?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    country.settle();
    assert_eq!(states().remove(0).1, "sent");
    assert_eq!(incoming(dist), 1);
    country.holds();
}
