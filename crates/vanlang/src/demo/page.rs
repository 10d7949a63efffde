//! The page that says who can sign in as whom.

use crate::demo::cast::{Player, Staff};
use crate::demo::data::{Place, Tree};
use crate::demo::roster::{self, SignIn, WALK};
use crate::demo::signers;
use base::text;
use kernel::{Module, Public, Reader, Reply};
use maud::{Markup, html};
use platform::organisations::Tier;
use std::sync::{Arc, OnceLock};

/// What the page shows: set once, when the demonstration starts.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) tree: Arc<Tree>,
    pub(crate) cast: Arc<Vec<Staff>>,
    /// The port browsers reach: the other tenant is on the same one.
    pub(crate) port: u16,
}

static SHOWN: OnceLock<Shown> = OnceLock::new();

/// How many people a search answers.
const FOUND: usize = 40;

/// Says what the page shows. Later calls change nothing.
pub(crate) fn show(shown: Shown) {
    let _ = SHOWN.set(shown);
}

/// The page, its texts, and the words of the demonstration in the audit log.
pub fn module() -> Module {
    Module::new("demo", env!("CARGO_MANIFEST_DIR"))
        .texts(include_str!("../../data/texts/vi.toml"), include_str!("../../data/texts/en.toml"))
        .routes(|r| {
            r.get("/demo", page);
        })
}

/// Somebody in a list.
struct Row<'a> {
    tenant: &'a str,
    username: &'a str,
    name: &'a str,
    title: &'a str,
    agency: &'a str,
    note: &'a str,
}

fn page(cx: &Reader<'_, Public>) -> Reply {
    let shown = SHOWN.get().ok_or(base::Error::NotFound)?;
    let people = roster::roster(&shown.tree, &shown.cast);
    let body = html! {
        (ui::head(cx.text("demo.title"), html! { (cx.text("demo.intro")) }, html! {}))
        p { (cx.t().fill("demo.pin", &[("pin", &signers::PIN)])) }
        (ui::stack(html! {
            (column(cx, shown, ("demo.side.government", &[Tier::Central]), &people))
            (column(cx, shown, ("demo.side.province", &[Tier::Province]), &people))
            (column(cx, shown, ("demo.side.below", &[Tier::District, Tier::Commune]), &people))
            (ui::card("walk", cx.text("demo.walk"), html! {}, walk(cx, shown)))
            (everybody(cx, shown))
        }))
    };
    cx.page(cx.text("demo.title"), body.into_string())
}

fn column(
    cx: &Reader<'_, Public>,
    shown: &Shown,
    (title, tiers): (&str, &[Tier]),
    people: &[SignIn],
) -> Markup {
    let rows: Vec<Row<'_>> = people
        .iter()
        .filter(|one| tiers.contains(&one.tier))
        .map(|one| Row {
            tenant: one.tenant,
            username: &one.username,
            name: &one.name,
            title: &one.title,
            agency: &one.agency,
            note: cx.text(one.what),
        })
        .collect();
    let id = title.rsplit('.').next().unwrap_or(title);
    ui::card(id, cx.text(title), html! {}, list(cx, shown, &rows))
}

fn list(cx: &Reader<'_, Public>, shown: &Shown, rows: &[Row<'_>]) -> Markup {
    html! {
        ul class="lines lines--fit" {
            @for row in rows {
                li data-login=(row.username) {
                    div {
                        b { (row.name) } ", " (row.title) ", " (row.agency)
                        div class="muted" { (row.username) @if !row.note.is_empty() { " · " (row.note) } }
                    }
                    (enter(cx, shown, row))
                }
            }
        }
    }
}

/// A button where this host is theirs; a link to the other host where it is not, since a form may only be sent
/// to its own.
fn enter(cx: &Reader<'_, Public>, shown: &Shown, row: &Row<'_>) -> Markup {
    let label = cx.text("demo.enter");
    let address = format!("/demo/sign-in?username={}", row.username);
    let spoken = format!("{label}: {}", row.name);
    if row.tenant == cx.tenant() {
        return html! {
            form method="post" action=(address) { button class="btn" aria-label=(spoken) { (label) } }
        };
    }
    let address = format!("http://{}.localhost:{}{address}", row.tenant, shown.port);
    html! { a class="btn" rel="nofollow" href=(address) aria-label=(spoken) { (label) } }
}

fn everybody(cx: &Reader<'_, Public>, shown: &Shown) -> Markup {
    let words = cx.query("q").unwrap_or("");
    let agency = cx.query("agency").and_then(|code| shown.tree.place(code));
    let found = match agency {
        Some(place) => of_agency(shown, place),
        None => find(shown, words),
    };
    let below: Vec<&Place> = match agency {
        Some(place) => shown.tree.committees_below(&place.code).collect(),
        None if words.is_empty() => shown.tree.agencies.iter().filter(|p| is_listed(p)).collect(),
        None => Vec::new(),
    };
    let none = found.is_empty() && !words.is_empty();
    let body = html! {
        (ui::filters(cx.t(), cx.text("demo.find"), "/demo#all", ui::filter_text("q", cx.text("demo.find_hint"), words)))
        @if let Some(place) = agency { p { b { (place.name) } } }
        @if none { p { (cx.text("demo.nobody")) } }
        (list(cx, shown, &found))
        @if !below.is_empty() { (ui::more(&cx.t().count("demo.agencies", i64::try_from(below.len()).unwrap_or(0)), links(&below))) }
    };
    ui::card("all", cx.text("demo.everybody"), html! {}, body)
}

fn links(places: &[&Place]) -> Markup {
    html! {
        ul class="lines" {
            @for place in places {
                li {
                    a href=(format!("/demo?agency={}#all", place.code)) { (place.name) }
                    span class="muted" { (place.code) }
                }
            }
        }
    }
}

/// The agencies right below the province; communes are found through their district or by a search.
fn is_listed(place: &Place) -> bool {
    place.tenant.is_some() && (place.tier != Tier::Commune)
}

fn of_agency<'a>(shown: &'a Shown, place: &'a Place) -> Vec<Row<'a>> {
    let staff = shown.cast.iter().filter(|staff| staff.code == place.code);
    staff.flat_map(|staff| &staff.players).filter_map(|player| row(place, player)).collect()
}

fn row<'a>(place: &'a Place, player: &'a Player) -> Option<Row<'a>> {
    Some(Row {
        tenant: place.tenant?,
        username: &player.username,
        name: &player.name,
        title: &player.title,
        agency: &place.name,
        note: "",
    })
}

/// People whose name, title, agency or user name hold every word, accents or not; those whose agency or own name
/// has the words side by side come first.
fn find<'a>(shown: &'a Shown, words: &str) -> Vec<Row<'a>> {
    let words = folded(words);
    if words.is_empty() {
        return Vec::new();
    }
    let phrase = words.join(" ");
    let mut found: Vec<(bool, Row<'a>)> = Vec::new();
    for staff in shown.cast.iter() {
        let Some(place) = shown.tree.place(&staff.code) else { continue };
        for player in &staff.players {
            let all = format!("{} {} {} {}", player.name, player.title, place.name, player.username);
            let known = folded(&all);
            if words.iter().all(|word| known.iter().any(|known| known.starts_with(word.as_str()))) {
                let apart = !known.join(" ").contains(&phrase);
                found.extend(row(place, player).map(|row| (apart, row)));
            }
        }
    }
    found.sort_by_key(|(apart, _)| *apart);
    found.into_iter().map(|(_, row)| row).take(FOUND).collect()
}

fn folded(words: &str) -> Vec<String> {
    text::tokens(words).into_iter().map(|token| token.folded).collect()
}

fn walk(cx: &Reader<'_, Public>, shown: &Shown) -> Markup {
    html! {
        div class="prose" {
            ol {
                @for (username, key) in WALK {
                    li { (cx.text(key)) " " b { (who(username, shown)) } }
                }
            }
        }
    }
}

/// The user name of a step.
pub(crate) fn who<'a>(username: &'a str, shown: &Shown) -> &'a str {
    if username.is_empty() { roster::commune_clerk(shown.tree.picture) } else { username }
}
