//! S18: two hundred documents are issued at once around midnight of 31 December, and forty secret ones numbered
//! among them; arrivals are registered the same way.

use crate::invariants;
use crate::story::rows;
use base::form::Input;
use base::{Instant, PersonId};
use kernel::{Method, Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use testkit::Town;

const DOCUMENTS: usize = 200;
const SECRETS: usize = 40;

/// A numbered document: year, number, symbol, day.
type Row = (i64, i64, String, String);

/// What the scenario reads of a table.
const ISSUED: &str = "SELECT number_year, number, symbol, promulgated FROM documents_outgoing
     WHERE {scope} AND status = 'issued' ORDER BY number_year, number";
const SECRET: &str = "SELECT number_year, number, symbol, promulgated FROM documents_secret
     WHERE {scope} ORDER BY number_year, number";

/// One person's press, at a moment.
#[derive(Clone)]
struct Press {
    person: PersonId,
    at: Instant,
    path: String,
    input: Input,
}

/// Presses one after the other; each must be done. Answers the id of the last thing.
fn in_turn(town: &Town, presses: impl IntoIterator<Item = Press>) -> String {
    let mut last = String::new();
    for Press { person, at, path, input } in presses {
        let done = town.wait(town.server().call("phutho", (person, at), (Method::Post, &path), input));
        match done.unwrap_or_else(|error| panic!("{path}: {error:?}")) {
            Response::Done { id, .. } => last = id.unwrap_or_default(),
            other => panic!("{path}: {other:?}"),
        }
    }
    last
}

/// Presses all at once. Answers how many were done and how many refused.
fn at_once(town: &Town, presses: Vec<Press>) -> (usize, usize) {
    let server = Arc::clone(town.server());
    town.wait(async move {
        let mut running = Vec::new();
        for Press { person, at, path, input } in presses {
            let server = Arc::clone(&server);
            running.push(tokio::spawn(async move {
                server.call("phutho", (person, at), (Method::Post, &path), input).await
            }));
        }
        let (mut done, mut refused) = (0, 0);
        for one in running {
            match one.await.expect("a call ends") {
                Ok(_) => done += 1,
                Err(base::Error::Refused(_)) => refused += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        (done, refused)
    })
}

fn id_of(person: &testkit::Person<'_>) -> PersonId {
    person.id.unwrap()
}

/// Documents that wait to be issued. Answers their addresses.
fn ready(town: &Town, at: Instant) -> Vec<String> {
    let (head, clerk, leader) =
        (id_of(&town.head("Phú Thọ")), id_of(&town.clerk("Phú Thọ")), id_of(&town.leader("Phú Thọ")));
    let to = town.agency("Việt Trì").id;
    let mut all = Vec::new();
    for n in 0..DOCUMENTS {
        let draft = Input::default()
            .with("type_code", if n % 3 == 0 { "QĐ" } else { "CV" })
            .with("subject", format!("việc cuối năm thứ {n}"))
            .with("body", "Nội dung.")
            .with("to", to)
            .with("act", "submit");
        let begin = Press { person: head, at, path: "/documents/outgoing".to_owned(), input: draft };
        let page = format!("/documents/outgoing/{}", in_turn(town, [begin]));
        let step =
            |person, act: &str| Press { person, at, path: format!("{page}/{act}"), input: Input::default() };
        in_turn(town, [step(clerk, "approve-format"), step(leader, "approve")]);
        all.push(page);
    }
    all
}

/// A tenth of a second before midnight of 31 December, and after.
fn around_midnight(new_year: i32) -> [Instant; 2] {
    let midnight = Instant::local(new_year, 1, 1, 0, 0).unwrap();
    [-100_000, 100_000].map(|micros| Instant::from_micros(midnight.micros() + micros))
}

/// A press that draws the number of a secret document.
fn secret(clerk: PersonId, at: Instant, n: usize) -> Press {
    let input = Input::default()
        .with("level", ["secret", "top_secret", "absolute_secret"][n % 3])
        .with("type_code", "BC")
        .with("signer_name", "Bùi Minh Châu")
        .with("competence", "TM.")
        .with("signer_position", "Chủ tịch")
        .with("to_places", "Công an tỉnh")
        .with("copies", 2)
        .with("pages", n + 1);
    Press { person: clerk, at, path: "/documents/secret".to_owned(), input }
}

/// Both years have half of the numbers, from 1, each once, with the symbol and the day that belong to them.
fn are_two_whole_years(all: &[Row], count: usize) {
    for (year, day) in [(2017, "2017-12-31"), (2018, "2018-01-01")] {
        let of_year: Vec<&Row> = all.iter().filter(|row| row.0 == year).collect();
        assert_eq!(of_year.len(), count / 2, "documents of {year}");
        for (n, (_, number, symbol, promulgated)) in (1..).zip(of_year) {
            assert_eq!(*number, n, "numbers of {year}");
            assert!(symbol.starts_with(&format!("{n:02}/")), "{symbol} is number {n}");
            assert_eq!(promulgated, day, "the day of {symbol}");
        }
    }
    let symbols: BTreeSet<(i64, &str)> = all.iter().map(|row| (row.0, row.2.as_str())).collect();
    assert_eq!(symbols.len(), count);
}

/// A secret number that was drawn by mistake: it stays, with its reason, and the next one is a new one.
fn a_voided_number_is_not_given_again(town: &Town, at: Instant) {
    let clerk = id_of(&town.clerk("Phú Thọ"));
    let mistake = in_turn(town, [secret(clerk, at, 0)]);
    let path = format!("/documents/secret/{mistake}/void");
    let input = Input::default().with("reason", "Cấp nhầm");
    in_turn(town, [Press { person: clerk, at, path, input }, secret(clerk, at, 1)]);
    let of_year: Vec<Row> = rows(town, "phutho", SECRET);
    let last = i64::try_from(SECRETS / 2).unwrap() + 2;
    let numbers: Vec<i64> = of_year.iter().filter(|row| row.0 == 2018).map(|row| row.1).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<i64>>());
    let register = town.clerk("Phú Thọ").get("/documents/registers/secret.csv?year=2018").ok().body();
    let lines: Vec<&str> = register.lines().filter(|line| line.contains("Đã hủy: Cấp nhầm")).collect();
    let symbol = format!("\"{}/BC-UBND\"", last - 1);
    assert!(lines.len() == 1 && lines[0].starts_with(&symbol), "{lines:?}");
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn two_hundred_numbers_around_midnight_have_no_gap_and_no_double(town: Town) {
        let moments = around_midnight(2018);
        let pages = ready(&town, moments[0].plus_hours(-8));
        let clerk = id_of(&town.clerk("Phú Thọ"));
        let issue = |n: usize, page: &String| Press {
            person: clerk,
            at: moments[n % 2],
            path: format!("{page}/issue"),
            input: Input::default(),
        };
        // Every tenth button is pressed twice: the second press is refused and uses no number.
        let twice = pages.iter().enumerate().filter(|(n, _)| n % 10 == 0);
        let mut presses: Vec<Press> = twice.map(|(n, page)| issue(n, page)).collect();
        // Every fifth document has a secret one beside it.
        for (n, page) in pages.iter().enumerate() {
            presses.push(issue(n, page));
            if n % (DOCUMENTS / SECRETS) == 0 {
                let n = n / (DOCUMENTS / SECRETS);
                presses.push(secret(clerk, moments[n % 2], n));
            }
        }
        let (done, refused) = at_once(&town, presses);
        assert_eq!((done, refused), (DOCUMENTS + SECRETS, DOCUMENTS / 10));

        are_two_whole_years(&rows(&town, "phutho", ISSUED), DOCUMENTS);
        are_two_whole_years(&rows(&town, "phutho", SECRET), SECRETS);
        a_voided_number_is_not_given_again(&town, moments[1]);

        // What has come waits at the district for a year; it registers all at once around the next midnight.
        town.set_clock(moments[1]);
        town.settle();
        let moments = around_midnight(2019);
        let arrived: Vec<(uuid::Uuid,)> =
            rows(&town, "phutho", "SELECT id FROM documents_incoming WHERE {scope} ORDER BY id");
        assert_eq!(arrived.len(), DOCUMENTS);
        let clerk = id_of(&town.clerk("Việt Trì"));
        let accept = |(n, (id,)): (usize, &(uuid::Uuid,))| Press {
            person: clerk,
            at: moments[n % 2],
            path: format!("/documents/incoming/{id}/accept"),
            input: Input::default(),
        };
        let presses = arrived.iter().enumerate().map(accept).collect();
        assert_eq!(at_once(&town, presses), (DOCUMENTS, 0));
        let numbers: Vec<(i64, i64)> = rows(
            &town,
            "phutho",
            "SELECT arrival_year, arrival_number FROM documents_incoming
             WHERE {scope} ORDER BY arrival_year, arrival_number",
        );
        let half = i64::try_from(DOCUMENTS / 2).unwrap();
        let wanted: Vec<(i64, i64)> =
            (1..=half).map(|n| (2018, n)).chain((1..=half).map(|n| (2019, n))).collect();
        assert_eq!(numbers, wanted);
        town.set_clock(moments[1]);
        town.settle();
        invariants::hold(&town);
    }
}
