//! Which role holds which right.

use crate::actions;
use crate::model::Role;
use crate::rights::AdminRights;
use crate::web::{governs, key_or_words, right_name};
use base::{Error, Result, T};
use kernel::{Reader, Reply, Writer};
use maud::{Markup, html};
use platform::identity;

/// The matrix.
pub(crate) fn show(cx: &Reader<'_, AdminRights>) -> Reply {
    let t = cx.t();
    let mut rights = identity::known_rights(cx)?;
    // What everybody holds, signed in or not, is given to nobody.
    rights.retain(|right| right.contains('.'));
    let grants = identity::grants(cx)?;
    let may_change = governs::<AdminRights>(cx)?;
    let state = cx.form_state();
    let tables = html! {
        @for (module, rights) in by_module(&rights) {
            @let name = key_or_words(t, &format!("admin.module.{module}"));
            (ui::card_flush(&format!("rights-{module}"), &name, html! {}, table(t, (&name, &rights), &grants, may_change)))
        }
    };
    let body = html! {
        (ui::head(t.text("admin.rights"), html! { (t.text("admin.rights.sub")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        @if may_change {
            form class="stack" method="post" action="/admin/rights" data-once {
                (ui::form_hidden(&state))
                (tables)
            }
        } @else {
            (ui::banner(ui::Tone::Info, "info", html! { p { (t.text("admin.rights.read_only")) } }, html! {}))
            (ui::stack(tables))
        }
    };
    cx.page(t.text("admin.rights"), body.into_string())
}

/// Rights under the module they belong to; the list is in the order of ids.
fn by_module(rights: &[String]) -> Vec<(&str, Vec<&str>)> {
    let mut modules: Vec<(&str, Vec<&str>)> = Vec::new();
    for right in rights {
        let module = right.split('.').next().unwrap_or(right);
        match modules.last_mut().filter(|(known, _)| *known == module) {
            Some((_, rights)) => rights.push(right),
            None => modules.push((module, vec![right])),
        }
    }
    modules
}

fn table(t: T, (caption, rights): (&str, &[&str]), grants: &[(String, String)], may_change: bool) -> Markup {
    let rows: Vec<Vec<Markup>> = rights
        .iter()
        .map(|right| {
            let name = right_name(t, right);
            let mut cells = vec![html! { (name) }];
            for role in Role::ALL {
                let held = grants.iter().any(|(r, id)| r == role.word() && id == right);
                cells.push(if may_change { toggle(t, *role, (right, &name), held) } else { mark(t, held) });
            }
            cells
        })
        .collect();
    let mut columns = vec![ui::Column::new(t.text("admin.rights.right"), ui::Cell::Title)];
    columns.extend(Role::ALL.iter().map(|role| ui::Column::new(t.text(role.key()), ui::Cell::Nowrap)));
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

fn mark(t: T, held: bool) -> Markup {
    html! {
        @if held { (ui::state(ui::Tone::Ok, "check", t.text("admin.rights.held"))) }
        @else { span class="muted" { (t.text("admin.rights.not_held")) } }
    }
}

/// A box that is ticked by posting: one change at a time, so that each is an act of its own in the log.
fn toggle(t: T, role: Role, (right, name): (&str, &str), held: bool) -> Markup {
    let label = t.fill("admin.rights.toggle", &[("role", &t.text(role.key())), ("right", &name)]);
    let to = if held { "take" } else { "give" };
    let checked = if held { "true" } else { "false" };
    html! {
        button class="btn btn--quiet" role="checkbox" aria-checked=(checked) aria-label=(label) name="change"
            value={ (to) " " (role.word()) " " (right) } {
            (mark(t, held))
        }
    }
}

/// One change: `give clerk documents.incoming.read`.
pub(crate) fn change(cx: &mut Writer<'_, AdminRights>) -> Reply {
    let (role, right, given) = asked(cx)?;
    let all = governs::<AdminRights>(cx)?;
    actions::change_right(cx, role, (&right, given), all)?;
    let t = cx.t();
    let values = [("role", t.text(role.key()).to_owned()), ("right", right_name(t, &right))];
    let key = if given { "admin.rights.given" } else { "admin.rights.taken" };
    cx.done_with(key, "/admin/rights", &values, cx.agency()?)
}

fn asked(cx: &Writer<'_, AdminRights>) -> Result<(Role, String, bool)> {
    let words: Vec<&str> = cx.posted("change").unwrap_or("").split(' ').collect();
    let [to, role, right] = words.as_slice() else { return Err(Error::NotFound) };
    let role = Role::parse(role).ok_or(Error::NotFound)?;
    let known = identity::known_rights(cx)?.iter().any(|known| known == right);
    let given = match *to {
        "give" => true,
        "take" => false,
        _ => return Err(Error::NotFound),
    };
    if known { Ok((role, (*right).to_owned(), given)) } else { Err(Error::NotFound) }
}
