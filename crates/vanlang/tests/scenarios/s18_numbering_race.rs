//! S18: two hundred documents are issued at once around midnight of 31 December; so are arrivals registered.

use crate::invariants;
use crate::story::rows;
use base::form::Input;
use base::{Instant, PersonId};
use kernel::{Method, Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use testkit::Town;

const DOCUMENTS: usize = 200;

/// An issued document: year, number, symbol, day.
type Row = (i64, i64, String, String);

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
    [midnight.plus_millis(-100), midnight.plus_millis(100)]
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
        presses.extend(pages.iter().enumerate().map(|(n, page)| issue(n, page)));
        let (done, refused) = at_once(&town, presses);
        assert_eq!((done, refused), (DOCUMENTS, DOCUMENTS / 10));

        let all: Vec<Row> = rows(
            &town,
            "phutho",
            "SELECT number_year, number, symbol, promulgated FROM documents_outgoing
             WHERE {scope} AND status = 'issued' ORDER BY number_year, number",
        );
        for (year, day) in [(2017, "2017-12-31"), (2018, "2018-01-01")] {
            let of_year: Vec<&Row> = all.iter().filter(|row| row.0 == year).collect();
            assert_eq!(of_year.len(), DOCUMENTS / 2, "documents of {year}");
            for (n, (_, number, symbol, promulgated)) in (1..).zip(of_year) {
                assert_eq!(*number, n, "numbers of {year}");
                assert!(symbol.starts_with(&format!("{n:02}/")), "{symbol} is number {n}");
                assert_eq!(promulgated, day, "the day of {symbol}");
            }
        }
        let symbols: BTreeSet<(i64, &str)> = all.iter().map(|row| (row.0, row.2.as_str())).collect();
        assert_eq!(symbols.len(), DOCUMENTS);

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
