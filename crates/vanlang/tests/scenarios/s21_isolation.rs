//! S21: what one agency has does not exist for another: no page, list, count, export, file, search, event or
//! API answer tells of it, and no act of a stranger touches it (I8).

use crate::invariants::{self, on_postgres};
use crate::s21_world::{FILE, OWNER, SECRET, World, everything_of, world};
use crate::story::{arrived, brought_out, drafted, id_in, rows, told};
use axum::body::Body;
use axum::http::{Request, header};
use base::form::Kind;
use http_body_util::BodyExt;
use kernel::{Method, Route};
use platform::sessions::{self, NewSession};
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{Page, Person, Town};
use tower::ServiceExt;

/// Words of Hùng Lô that nobody else may read.
const WORDS: &[&str] = &[SECRET, FILE, "Chim Lạc", "chim-lac"];

/// People who have nothing to do with Hùng Lô: another commune, another district, the province, the Government.
/// Fewer on PostgreSQL, each of whose answers travels further; every route still meets somebody who may use it.
fn strangers(town: &Town) -> Vec<Person<'_>> {
    let mut all =
        vec![town.clerk("Kim Đức"), town.head("Kim Đức"), town.leader("Kim Đức"), town.clerk("Hà Nội")];
    if !on_postgres(town) {
        all.extend([town.officer("Kim Đức"), town.officer("Thanh Thủy")]);
        all.extend([town.clerk("Phú Thọ"), town.leader("Phú Thọ")]);
    }
    all
}

pub(crate) fn routes(town: &Town, method: Method) -> Vec<&Route> {
    let all = town.server().modules.iter().flat_map(|module| &module.routes);
    let mut all: Vec<&Route> = all.filter(|route| route.method == method).collect();
    all.sort_by_key(|route| (route.path, route.data));
    all.dedup_by_key(|route| (route.path, route.data));
    all
}

/// Every address a pattern makes of some ids; a second place is filled with ids of files.
pub(crate) fn filled(pattern: &str, first: &BTreeSet<String>, second: &BTreeSet<String>) -> Vec<String> {
    let places: Vec<&str> = pattern.split('/').filter(|part| part.starts_with('{')).collect();
    // A suffix after the place, as in `{id}.csv`, stays.
    let name = |part: &str| part.split_inclusive('}').next().unwrap_or(part).to_owned();
    match places.as_slice() {
        [] => vec![pattern.to_owned()],
        [one] => first.iter().map(|id| pattern.replacen(&name(one), id, 1)).collect(),
        [one, two] => first
            .iter()
            .flat_map(|id| second.iter().map(move |file| (id, file)))
            .map(|(id, file)| pattern.replacen(&name(one), id, 1).replacen(&name(two), file, 1))
            .collect(),
        _ => panic!("{pattern} has more places than this test fills"),
    }
}

/// Asks without following anything.
fn ask(person: &Person<'_>, route: &Route, path: &str) -> Page {
    if route.data { person.api(path, None) } else { person.ask(Method::Get, path, ("", Vec::new())) }
}

/// What of Hùng Lô an answer tells: one of these words, or an id.
fn leak(world: &World, page: &Page, words: &[&str]) -> Option<String> {
    let (body, text) = (page.body(), page.text());
    let word =
        words.iter().copied().find(|word| body.contains(word) || text.contains(word)).map(str::to_owned);
    word.or_else(|| world.ids.iter().find(|id| body.contains(id.as_str())).cloned())
}

/// Values for every field of a form, the kind of which is told by its name.
pub(crate) fn values(route: &Route, thing: &str, town: &Town) -> Vec<(&'static str, String)> {
    let person = town.officer(OWNER).id.unwrap().to_string();
    let unit = format!("unit:{}", town.unit(OWNER, "VX"));
    let agency = town.agency("Phú Thọ").id.to_string();
    let value = |name: &'static str| match name {
        "lead" => unit.clone(),
        "with" => format!("person:{person}"),
        "person" | "to_person" => person.clone(),
        "to" | "members" => agency.clone(),
        "recipient" | "drop" | "pick" | "version" => thing.to_owned(),
        "type_code" => "CV".to_owned(),
        "from_at" => "2017-10-16T09:00".to_owned(),
        "to_at" => "2017-10-17T09:00".to_owned(),
        "competence" => "TM.".to_owned(),
        _ => "1".to_owned(),
    };
    let fields = route.fields.iter().filter(|field| !matches!(field.kind, Kind::File | Kind::Files));
    fields.map(|field| (field.name, value(field.name))).collect()
}

/// The counts a person's open page is sent first.
fn first_event(town: &Town, person: &Person<'_>) -> String {
    let (id, ends_at) = (person.id.unwrap(), town.now().plus_days(1));
    let token = town.act(person.tenant, move |cx| {
        let token = cx.secret();
        let (token_hash, agent) = (sessions::hash(&token), "testkit".to_owned());
        sessions::begin(cx, &NewSession { token_hash, person: id, address: String::new(), agent, ends_at })?;
        Ok(token)
    });
    let request = Request::builder()
        .uri("/events")
        .header(header::HOST, format!("{}.example.vn", person.tenant))
        .header(header::COOKIE, format!("__Host-vl={token}"))
        .body(Body::empty())
        .unwrap();
    let router = town.server().router();
    town.wait(async move {
        let mut body = router.oneshot(request).await.unwrap().into_body();
        let frame =
            tokio::time::timeout(Duration::from_secs(20), body.frame()).await.expect("an event in time");
        String::from_utf8(frame.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap()
    })
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn no_page_and_no_answer_opens_what_another_agency_has(town: Town) {
        let world = world(&town);
        let (mut leaks, mut asked) = (Vec::new(), 0);
        for route in routes(&town, Method::Get) {
            for path in filled(route.path, &world.ids, &world.files) {
                for stranger in strangers(&town) {
                    let page = ask(&stranger, route, &path);
                    asked += 1;
                    let shut = !route.path.contains('{') || matches!(page.status, 403 | 404);
                    let told = leak(&world, &page, WORDS);
                    // An answer repeats the address that was asked for; that tells nothing.
                    if !shut || told.as_ref().is_some_and(|what| !path.contains(what.as_str())) {
                        leaks.push(format!("{} {path}: {} {told:?}", stranger.username, page.status));
                    }
                }
            }
        }
        assert!(leaks.is_empty(), "{} of {asked}:\n{}", leaks.len(), leaks.join("\n"));
        assert!(asked > 3000, "only {asked} were asked");

        // The owner does see it: the test asks for what is there.
        let own = arrived(&town, OWNER, SECRET);
        let files = told(&town.clerk(OWNER), &own)["files"][0]["id"].as_str().unwrap().to_owned();
        town.clerk(OWNER).get(&own).sees(SECRET).sees(FILE);
        town.clerk(OWNER).get(&format!("{own}/files/{files}")).ok();

        // A file is not to be had by way of a document of one's own.
        let mine = arrived(&town, "Kim Đức", "nuôi cá lồng");
        for file in &world.files {
            town.clerk("Kim Đức").get(&format!("{mine}/files/{file}")).is(404);
        }
    }

    fn lists_counts_exports_and_search_leave_out_what_another_agency_has(town: Town) {
        let world = world(&town);
        let symbols: Vec<(String,)> = rows(&town, "phutho", "SELECT symbol FROM documents_outgoing
             WHERE {scope} AND symbol <> ''");
        let mut words = vec!["Chim Lạc".to_owned(), "chim lac".to_owned(), FILE.to_owned(), "bai boi".to_owned()];
        words.extend(symbols.into_iter().map(|(symbol,)| symbol));
        let mut queries = vec!["?status=arrived", "?status=issued", "?year=2017", "?status=trouble"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        queries.extend(words.iter().flat_map(|word| {
            let word = word.replace('/', "%2F").replace(' ', "+");
            [format!("?q={word}"), format!("?symbol={word}")]
        }));
        let queries: Vec<String> = queries.iter().map(|query| encoded(query)).collect();
        let mut leaks = Vec::new();
        for route in routes(&town, Method::Get).into_iter().filter(|route| !route.path.contains('{')) {
            for query in &queries {
                for stranger in strangers(&town) {
                    let page = ask(&stranger, route, &format!("{}{query}", route.path));
                    // What one has searched for may stand in the box again; a row would bring the whole
                    // subject, or an id.
                    let searched = query.starts_with("?q=") || query.starts_with("?symbol=");
                    if let Some(told) = leak(&world, &page, if searched { &[SECRET] } else { WORDS }) {
                        leaks.push(format!("{} {}{query}: {told}", stranger.username, route.path));
                    }
                }
            }
        }
        assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
        // The owner finds it.
        town.clerk(OWNER).get("/search?q=chim lac").sees(SECRET);
    }

    fn nothing_a_stranger_sends_touches_what_another_agency_has(town: Town) {
        let world = world(&town);
        let before = everything_of(&town, OWNER);
        let mut problems = Vec::new();
        let acts = routes(&town, Method::Post);
        for route in acts.iter().filter(|route| route.path.contains('{')) {
            let values = values(route, world.things.first().unwrap(), &town);
            let fields: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let json = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
            let json = serde_json::Value::Object(json);
            for path in filled(route.path, &world.things, &world.files) {
                for stranger in strangers(&town).iter().take(4) {
                    for page in [stranger.post(&path, &fields), stranger.api(&path, Some(&json))] {
                        let told = leak(&world, &page, WORDS).is_some_and(|what| !path.contains(what.as_str()));
                        if !matches!(page.status, 403 | 404) || told {
                            problems.push(format!("{} POST {path}: {}", stranger.username, page.status));
                        }
                    }
                }
            }
        }
        // Acts on many at once take ids from the form.
        let picks: Vec<(&str, &str)> = world.things.iter().map(|id| ("pick", id.as_str())).collect();
        for route in acts.iter().filter(|route| route.path.ends_with("-many")) {
            for stranger in strangers(&town) {
                let status = stranger.post(route.path, &picks).status;
                if !matches!(status, 403 | 404) {
                    problems.push(format!("{} POST {}: {status}", stranger.username, route.path));
                }
            }
        }
        assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
        let after = everything_of(&town, OWNER);
        for ((table, was), (_, is)) in before.iter().zip(&after) {
            assert_eq!(was, is, "{table} was changed by a stranger");
        }
        assert!(before.iter().map(|(_, rows)| rows.len()).sum::<usize>() > 40, "there was little to change");
    }

    fn people_and_units_of_another_agency_cannot_be_given_work(town: Town) {
        world(&town);
        let mine = arrived(&town, "Kim Đức", "nuôi cá lồng");
        town.clerk("Kim Đức").get(&mine);
        town.clerk("Kim Đức").post(&format!("{mine}/accept"), &[]).ok();
        let before = everything_of(&town, OWNER);
        let (unit, person) = (town.unit(OWNER, "VX"), town.officer(OWNER).id.unwrap());
        let leader = town.leader("Kim Đức");
        for lead in [format!("unit:{unit}"), format!("person:{person}")] {
            leader.get(&mine);
            leader.post(&format!("{mine}/direct"), &[("lead", &lead), ("instruction", "Giao")]).is(422);
        }
        leader.get("/settings/delegation");
        let to = person.to_string();
        let fields = [("to_person", to.as_str()), ("from_at", "2017-10-16T09:00"), ("to_at", "2017-10-17T09:00"), ("reason", "Đi họp")];
        let refused = leader.post("/settings/delegation", &fields);
        assert!(matches!(refused.status, 404 | 409 | 422), "{}", refused.text());
        assert_eq!(before, everything_of(&town, OWNER));
    }

    fn open_pages_of_others_hear_nothing_of_it(town: Town) {
        world(&town);
        let strangers = strangers(&town);
        let before: Vec<String> = strangers.iter().map(|one| first_event(&town, one)).collect();
        let owner = first_event(&town, &town.clerk(OWNER));
        let page = drafted(&town, "Việt Trì", (SECRET, &[("to", &id_in(&town, "phutho", OWNER))]), &[]);
        brought_out(&town, "Việt Trì", &page);
        town.settle();
        let after: Vec<String> = strangers.iter().map(|one| first_event(&town, one)).collect();
        assert_eq!(before, after, "the counts of people who have nothing to do with it");
        assert!(before.iter().all(|event| event.contains("counts") && !event.contains("Chim")), "{before:?}");
        assert_ne!(owner, first_event(&town, &town.clerk(OWNER)), "the owner's count has moved");
        invariants::hold(&town);
    }
}

/// A query as a browser sends it.
fn encoded(query: &str) -> String {
    query.bytes().fold(String::new(), |out, byte| match byte {
        byte if byte.is_ascii() => out + char::from(byte).encode_utf8(&mut [0; 4]),
        byte => out + &format!("%{byte:02X}"),
    })
}
