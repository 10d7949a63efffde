//! S17: an express letter passes five thousand ordinary ones, and is told further up when nobody opens it.

use crate::story::{arrived, brought_out, drafted, press, rows, settle_province};
use base::form::Input;
use kernel::Method;
use std::time::{Duration, Instant};
use testkit::{Person, Town};

const ORDINARY: i64 = 5_000;
/// Letters to all communes that make so many deliveries.
const LETTERS: usize = 19;
const EXPRESS: &str = "di dân khẩn cấp";

/// Ordinary letters to every commune wait in the outbox. The leader approves them in one press.
fn queued(town: &Town) {
    let mut pages = Vec::new();
    for n in 0..LETTERS {
        let page =
            drafted(town, "Phú Thọ", (&format!("công văn thường {n}"), &[("groups", "communes")]), &[]);
        press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        press(&town.leader("Phú Thọ"), &page, "approve", &[]).ok();
        pages.push(page);
    }
    let clerk = town.clerk("Phú Thọ").id.unwrap();
    for page in pages {
        let path = format!("{page}/issue");
        let call = town.server().call("phutho", (clerk, town.now()), (Method::Post, &path), Input::default());
        town.wait(call).unwrap_or_else(|error| panic!("{error:?}"));
    }
}

fn waiting(town: &Town) -> i64 {
    let all: Vec<(i64,)> =
        rows(town, "phutho", "SELECT count(*) FROM platform_outbox WHERE {scope} AND state = 'queued'");
    all[0].0
}

fn here(town: &Town) -> bool {
    let all: Vec<(i64,)> =
        rows(town, "phutho", "SELECT count(*) FROM documents_incoming WHERE {scope} AND urgency = 3");
    all[0].0 > 0
}

/// Looks again and again until the letter is there.
#[expect(clippy::disallowed_methods, reason = "the carriers run beside the story, by the clock on the wall")]
fn until_here(town: &Town) -> Duration {
    let began = Instant::now();
    while !here(town) {
        assert!(began.elapsed() < Duration::from_secs(2), "it is not there after two seconds");
        std::thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

fn told(person: &Person<'_>) -> usize {
    person.get("/notices").count("Khẩn, chưa ai mở xem")
}

/// Lets minutes pass, five at a time, and runs what is due of it.
fn passes(town: &Town, minutes: i64) {
    for _ in 0..minutes / 5 {
        town.pass_minutes(5);
        town.wait(town.server().begin_minute("phutho", town.now())).unwrap();
        town.wait(town.server().run_jobs("phutho", town.now())).unwrap();
    }
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn an_express_letter_passes_five_thousand_and_is_told_further_up_unopened(town: Town) {
        settle_province(&town, 13, 277);
        queued(&town);
        assert!(waiting(&town) >= ORDINARY, "{} wait", waiting(&town));
        let to = town.agency("Việt Trì").id.to_string();
        let page = drafted(&town, "Phú Thọ", (EXPRESS, &[("to", &to), ("urgency", "3")]), &[]);
        brought_out(&town, "Phú Thọ", &page);

        // The carriers of the running program, not the pump of the stories.
        let server = town.server().clone();
        let carriers = town.wait(async move { server.spawn_exchange() });
        let took = until_here(&town);
        let left = waiting(&town);
        for carrier in carriers {
            carrier.abort();
        }
        assert!(left > ORDINARY / 2, "the ordinary ones had gone before: {left} are left after {took:?}");
        println!("an express letter took {took:?} past {left} others");

        // Nobody opens it. After a quarter of an hour it is not the clerk alone who knows.
        let (clerk, leader) = (town.clerk("Việt Trì"), town.leader("Việt Trì"));
        passes(&town, 10);
        assert_eq!((told(&clerk), told(&leader)), (1, 0));
        passes(&town, 5);
        assert_eq!((told(&clerk), told(&leader)), (1, 1));
        let arrived = arrived(&town, "Việt Trì", EXPRESS);
        leader.get(&arrived).sees("khẩn mà chưa mở xem");
        town.clerk("Thanh Thủy").get(&arrived).is(404);
        // Once it is opened nobody hears of it any more.
        clerk.get(&arrived).ok();
        passes(&town, 60);
        assert_eq!((told(&clerk), told(&leader)), (1, 1));
    }
}
