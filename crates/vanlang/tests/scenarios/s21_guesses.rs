//! S21, at its size: three hundred agencies have received the same letter, and people of a few of them try every
//! address of every copy that is not theirs.

use crate::invariants::{self, on_postgres};
use crate::s21_isolation::{filled, routes, values};
use crate::story::{brought_out, drafted, pdf, rows, settle_province};
use base::AgencyId;
use kernel::{Method, Route};
use std::collections::BTreeSet;
use testkit::{Attachment, Person, Town};
use uuid::Uuid;

const SUBJECT: &str = "rà soát quỹ đất bãi bồi";

/// How many agencies live in the instance, and how many requests are made at least.
const SIZE: (usize, usize) = (300, 100_100);
/// The same on PostgreSQL, each of whose answers travels further.
const SIZE_POSTGRES: (usize, usize) = (300, 5_600);

/// A stranger and the agency whose copies are theirs.
struct Stranger<'t> {
    person: Person<'t>,
    own: AgencyId,
}

fn strangers(town: &Town) -> Vec<Stranger<'_>> {
    let all = [
        ("Kim Đức", town.clerk("Kim Đức")),
        ("Kim Đức", town.leader("Kim Đức")),
        ("Hùng Lô", town.clerk("Hùng Lô")),
        ("Hùng Lô", town.head("Hùng Lô")),
        ("Việt Trì", town.clerk("Việt Trì")),
        ("Thanh Thủy", town.head("Thanh Thủy")),
        ("Thanh Thủy", town.officer("Thanh Thủy")),
    ];
    all.into_iter().map(|(place, person)| Stranger { own: town.agency(place).id, person }).collect()
}

/// One letter to all, which every one of them has received with its file.
fn written_to_all(town: &Town, communes: usize) {
    settle_province(town, 13, communes);
    let main = pdf("Ra soat quy dat", 3000);
    let file = Attachment { field: "main", name: "ra-soat.pdf", bytes: &main };
    let page =
        drafted(town, "Phú Thọ", (SUBJECT, &[("groups", "districts"), ("groups", "communes")]), &[file]);
    brought_out(town, "Phú Thọ", &page);
    town.settle();
}

/// Ids of a table's rows with the agencies they belong to.
fn owned(town: &Town, sql: &'static str) -> Vec<(Uuid, AgencyId)> {
    rows(town, "phutho", sql)
}

/// Tries so many addresses. Answers how many there were, and what was wrong.
fn try_all(town: &Town, stranger: &Stranger<'_>, enough: usize) -> (usize, Vec<String>) {
    let foreign = |all: Vec<(Uuid, AgencyId)>| -> BTreeSet<String> {
        let others = all.into_iter().filter(|(_, agency)| *agency != stranger.own);
        others.map(|(id, _)| id.to_string()).collect()
    };
    let documents = foreign(owned(town, "SELECT id, agency_id FROM documents_incoming WHERE {scope}"));
    let file = foreign(owned(town, "SELECT id, agency_id FROM platform_files WHERE {scope}"));
    let file: BTreeSet<String> = file.into_iter().take(1).collect();
    let (mut asked, mut wrong) = (0, Vec::new());
    let all = [Method::Post, Method::Get].into_iter().flat_map(|method| routes(town, method));
    for route in all.filter(|route| route.path.contains('{')) {
        let fields = values(route, documents.first().unwrap(), town);
        let body = fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let body = serde_json::Value::Object(body);
        for path in filled(route.path, &documents, &file).iter().take(enough - asked) {
            asked += 1;
            wrong.extend(tried(&stranger.person, (route, path), &body));
        }
    }
    (asked, wrong)
}

fn tried(person: &Person<'_>, (route, path): (&Route, &str), body: &serde_json::Value) -> Option<String> {
    let answer = match route.method {
        Method::Get if route.data => person.api(path, None),
        Method::Get => person.ask(Method::Get, path, ("", Vec::new())),
        Method::Post => person.api(path, Some(body)),
    };
    let shut = matches!(answer.status, 403 | 404) && !answer.body().contains(SUBJECT);
    (!shut).then(|| format!("{} {path}: {}", person.username, answer.status))
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_hundred_thousand_guesses_in_three_hundred_agencies_open_nothing(town: Town) {
        let (agencies, enough) = if on_postgres(&town) { SIZE_POSTGRES } else { SIZE };
        written_to_all(&town, agencies - 13);
        let state = "SELECT id, agency_id, status FROM documents_incoming WHERE {scope} ORDER BY id";
        let before: Vec<(Uuid, AgencyId, String)> = rows(&town, "phutho", state);
        assert_eq!(before.len(), agencies);
        let tasks: Vec<(Uuid,)> = rows(&town, "phutho", "SELECT id FROM platform_tasks WHERE {scope} ORDER BY id");

        let strangers = strangers(&town);
        let each = enough / strangers.len();
        let (mut asked, mut wrong) = (0, Vec::new());
        std::thread::scope(|scope| {
            let tries = |stranger| { let town = &town; move || try_all(town, stranger, each) };
            let running: Vec<_> = strangers.iter().map(|stranger| scope.spawn(tries(stranger))).collect();
            for one in running {
                let (count, what) = one.join().expect("a stranger ends");
                asked += count;
                wrong.extend(what);
            }
        });
        assert_eq!(asked, enough, "there were not enough addresses");
        assert!(wrong.is_empty(), "{} were not shut:\n{}", wrong.len(), wrong.join("\n"));

        let after: Vec<(Uuid, AgencyId, String)> = rows(&town, "phutho", state);
        assert_eq!(before, after, "a guess has changed something");
        let later: Vec<(Uuid,)> = rows(&town, "phutho", "SELECT id FROM platform_tasks WHERE {scope} ORDER BY id");
        assert_eq!(tasks, later);
        // Each of them does open their own copy.
        for stranger in &strangers {
            let own = before.iter().find(|(_, agency, _)| *agency == stranger.own).unwrap().0;
            stranger.person.get(&format!("/documents/incoming/{own}")).sees(SUBJECT);
        }
        invariants::hold(&town);
    }
}
