//! Pages over a million documents, against bare text from the same web server, and the recipient picker
//! over a directory of 123,000 agencies.

use crate::client::{Client, encode};
use crate::{percentile, report, seed, serve};
use base::Date;
use platform::organisations::{self, NewAgency, Tier};
use std::time::{Duration, Instant};
use testkit::Town;

const DOCUMENTS: usize = 1_000_000;
const OPEN: usize = 1_000;

/// Queue page and search.
pub(crate) fn run() {
    let town = Town::with(vec![documents::module(), desk::module()]);
    let agency = town.agency("Phú Thọ").id;
    seed::documents(&town, agency, (DOCUMENTS, OPEN));
    let clerk = town.clerk("Phú Thọ");
    let port = serve(&town);
    town.wait(async {
        let mut client = Client::connect(port, "phutho").await.unwrap();
        client.sign_in(&clerk.username, clerk.password).await.unwrap();
        let word = bare("Văn Lang".to_owned()).await;
        let document = format!("/documents/incoming/{}", seed::document(DOCUMENTS - 1));
        let queue = "/documents/incoming?status=arrived";
        for (name, path) in [("desk", "/"), ("queue", queue), ("document", &document)] {
            let mut times = Vec::new();
            let length = client.get(path).await.unwrap().body.len();
            let rate = many(port, &client.session(), path, &mut times).await;
            let p95 = percentile(&mut times, 95);
            let what = format!("{name} page, 1,000,000 documents");
            report(
                &format!("{what}: p95 of 8 clients"),
                &format!("{p95:.1} ms"),
                "50 ms",
                (p95 / 50.0, p95 <= 50.0),
            );
            let alike = bare("x".repeat(length)).await;
            for (other, bare) in [("one word", word), ("as many bytes", alike)] {
                let share = rate / bare;
                let text = format!("{rate:.0}/s of {length} bytes; bare text {bare:.0}/s");
                let bound = format!("20 % of bare text of {other}");
                report(&format!("{what}: rate"), &text, &bound, (share / 0.2, share >= 0.2));
            }
        }
        let mut times = Vec::new();
        for words in
            ["kế hoạch", "ke hoach dat dai", "nông thôn mới 2015", "123456/VPCP", "bao cao", "y tế giáo dục"]
        {
            for _ in 0..10 {
                let answer = client.get(&format!("/search?q={}", encode(words))).await.unwrap();
                assert_eq!(answer.status, 200);
                times.push(answer.took);
            }
        }
        let p95 = percentile(&mut times, 95);
        report(
            "search, 1,000,000 documents: p95",
            &format!("{p95:.1} ms"),
            "150 ms",
            (p95 / 150.0, p95 <= 150.0),
        );
    });
}

/// Requests a second of 8 clients on one page.
async fn many(port: u16, session: &str, path: &str, times: &mut Vec<Duration>) -> f64 {
    let began = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (session, path) = (session.to_owned(), path.to_owned());
        clients.spawn(async move {
            let mut client = Client::connect(port, "phutho").await.unwrap().with_session(&session);
            let mut times = Vec::new();
            while began.elapsed() < Duration::from_secs(4) {
                let answer = client.get(&path).await.unwrap();
                assert_eq!(answer.status, 200, "{path}");
                times.push(answer.took);
            }
            times
        });
    }
    times.extend(clients.join_all().await.into_iter().flatten());
    times.len() as f64 / began.elapsed().as_secs_f64()
}

/// What the web server does at its best on this machine: a text it has, no state.
async fn bare(text: String) -> f64 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = axum::Router::new().route("/", axum::routing::get(move || async move { text.clone() }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    many(port, "", "/", &mut Vec::new()).await
}

/// The picker over a directory as large as the national one.
pub(crate) fn picker() {
    let town = Town::with(vec![documents::module()]);
    town.db("phutho").bulk(true);
    for from in (0..123_000).step_by(10_000) {
        town.act("phutho", move |cx| {
            for n in from..(from + 10_000).min(123_000) {
                let new = NewAgency {
                    code_102: format!("9{:02}.{:02}.{:02}.Z{}", n / 10_000, n / 100 % 100, n % 100, n % 7),
                    code_qd20: format!("Z{n}"),
                    name: format!("UBND xã {} {}", seed::subject(n).replace("Về việc ", ""), n % 321),
                    symbol: "UBND".to_owned(),
                    place: "Xã".to_owned(),
                    tier: Tier::Commune,
                    kind: "committee".to_owned(),
                    parent: None,
                    local: false,
                    valid_from: Date::new(2017, 1, 1).expect("a date"),
                };
                organisations::add_agency(cx, &new)?;
            }
            cx.record_nothing("a directory is imported for a measurement");
            Ok(())
        });
    }
    town.db("phutho").bulk(false);
    let clerk = town.clerk("Phú Thọ");
    let port = serve(&town);
    town.wait(async {
        let mut client = Client::connect(port, "phutho").await.unwrap();
        client.sign_in(&clerk.username, clerk.password).await.unwrap();
        let mut times = Vec::new();
        for words in ["ubnd xa", "nong thon moi 32", "y te", "xã dịch bệnh 1", "u", "Z122"] {
            for _ in 0..10 {
                let answer = client.get(&format!("/documents/recipients?q={}", encode(words))).await.unwrap();
                assert_eq!(answer.status, 200);
                times.push(answer.took);
            }
        }
        let p95 = percentile(&mut times, 95);
        report(
            "recipient picker, 123,000 agencies: p95",
            &format!("{p95:.1} ms"),
            "50 ms",
            (p95 / 50.0, p95 <= 50.0),
        );
    });
}
