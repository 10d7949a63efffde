//! My settings: my posts, my rights, and the ways to change what is mine.

use base::T;
use kernel::{Actor, Reader, Reply, Scope, SignedIn};
use maud::{Markup, html};
use platform::people::{self, OwnPost};
use std::collections::BTreeMap;

/// The page.
pub(crate) fn show(cx: &Reader<'_, SignedIn>) -> Reply {
    let t = cx.t();
    let posts = people::posts_of(cx, cx.person()?)?;
    let acts = html! {
        (ui::link_button(ui::ButtonKind::Plain, "users", t.text("desk.delegation"), "/settings/delegation"))
        (ui::link_button(ui::ButtonKind::Plain, "bell", t.text("desk.settings.devices"), "/settings/devices"))
        (ui::link_button(ui::ButtonKind::Plain, "lock", t.text("desk.settings.security"), "/settings/security"))
        @if super::pin::own(cx)?.is_some() {
            (ui::link_button(ui::ButtonKind::Plain, "pen", t.text("desk.pin"), "/settings/pin"))
        }
    };
    let body = html! {
        (ui::head(t.text("desk.settings"), html! { (cx.actor().name) ", " (cx.actor().post) }, acts))
        (ui::stack(html! {
            (ui::card_flush("posts", t.text("desk.settings.posts"), html! {}, posts_table(t, &posts)))
            (ui::card("rights", t.text("desk.settings.rights"), html! {}, rights(t, cx.actor())))
        }))
    };
    cx.page(t.text("desk.settings"), body.into_string())
}

fn posts_table(t: T, posts: &[OwnPost]) -> Markup {
    let rows: Vec<Vec<Markup>> = posts
        .iter()
        .map(|post| {
            let reach =
                if post.reach == "subtree" { "desk.settings.reach_below" } else { "desk.settings.reach_own" };
            vec![
                html! { (post.title) },
                html! { (named(t, &format!("admin.role.{}", post.role), &post.role)) },
                html! { (post.agency_name) @if let Some(unit) = &post.unit_name { ", " (unit) } },
                html! { (t.text(reach)) },
                html! { (post.valid_from.dmy()) },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("desk.settings.post"), ui::Cell::Title),
        ui::Column::new(t.text("desk.settings.role"), ui::Cell::Text),
        ui::Column::new(t.text("desk.settings.agency"), ui::Cell::Text),
        ui::Column::new(t.text("desk.settings.reach"), ui::Cell::Text),
        ui::Column::new(t.text("desk.settings.since"), ui::Cell::Nowrap),
    ];
    ui::table(&ui::Table {
        caption: t.text("desk.settings.posts"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

/// The text of a key, or the word itself where the administrator's pages are not installed.
fn named<'a>(t: T, key: &'a str, word: &'a str) -> &'a str {
    if t.has(key) { t.text(key) } else { word }
}

/// The rights by module, readable.
fn rights(t: T, actor: &Actor) -> Markup {
    let mut modules: BTreeMap<&str, Vec<(&str, &Scope)>> = BTreeMap::new();
    for (right, scope) in actor.rights.as_ref() {
        let module = right.split('.').next().unwrap_or(right);
        modules.entry(module).or_default().push((right, scope));
    }
    html! {
        @if modules.is_empty() { p class="muted" { (t.text("desk.settings.no_rights")) } }
        @for (module, rights) in &modules {
            h3 { (named(t, &format!("admin.module.{module}"), module)) }
            ul { @for (right, scope) in rights { li { (named(t, &format!("admin.right.{right}"), right)) (reach(t, scope)) } } }
        }
    }
}

/// How many agencies, when it is more than one's own.
fn reach(t: T, scope: &Scope) -> Markup {
    match scope {
        Scope::Agencies(agencies) if agencies.len() > 1 => {
            let n = i64::try_from(agencies.len()).unwrap_or(i64::MAX);
            html! { " " span class="muted" { (t.count("desk.settings.reach_n", n)) } }
        }
        Scope::Agencies(_) => html! {},
        Scope::Everything => html! { " " span class="muted" { (t.text("desk.settings.reach_all")) } },
    }
}
