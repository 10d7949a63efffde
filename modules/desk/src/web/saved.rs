//! Searches one keeps: with a name, and told of what is new.

use crate::actions;
use crate::model::{Alert, Kept};
use crate::rules::{self, Wanted};
use crate::store::{self, NewKept};
use base::form::{Field, Form};
use base::{Date, T};
use kernel::{Reader, Reply, Response, SignedIn, Writer};
use maud::{Markup, html};
use ui::Choice;

base::form! {
    /// A search to keep.
    pub(crate) struct KeepForm {
        name: String = Field::line("desk.saved.name").required().max(80),
        alert: Alert = Field::choice("desk.saved.alert"),
        words: String = Field::hidden("desk.search.words").max(200),
        kind: String = Field::hidden("desk.search.kind").max(40),
        from: Option<Date> = Field::hidden("desk.search.from"),
        to: Option<Date> = Field::hidden("desk.search.to"),
    }
}
base::form! {
    /// Another name, another alert.
    pub(crate) struct ChangeForm {
        name: String = Field::line("desk.saved.name").required().max(80),
        alert: Alert = Field::choice("desk.saved.alert"),
    }
}

const ALERTS: [(Alert, &str); 3] =
    [(Alert::Never, "desk.saved.never"), (Alert::Now, "desk.saved.now"), (Alert::Daily, "desk.saved.daily")];

fn alert_text(t: T, alert: Alert) -> &'static str {
    let key = ALERTS.iter().find(|(one, _)| *one == alert).map_or("desk.saved.never", |(_, key)| *key);
    t.text(key)
}

fn choices(t: T) -> Vec<Choice<'static>> {
    ALERTS.iter().map(|(alert, key)| Choice::new(alert.word(), t.text(key))).collect()
}

/// The searches one keeps, above what was found.
pub(crate) fn list(t: T, all: &[Kept]) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    ui::card(
        "saved",
        t.text("desk.saved"),
        html! {},
        html! {
            ul class="lines" {
                @for one in all {
                    li {
                        a href=(path(one)) { (one.name) } " "
                        span class="muted" { (alert_text(t, one.alert)) } " "
                        a href=(page(one)) { (t.text("desk.saved.change")) span class="hidden" { " " (one.name) } }
                    }
                }
            }
        },
    )
}

/// The page on which a kept search is changed.
pub(crate) fn edit(cx: &Reader<'_, SignedIn>) -> Reply {
    let t = cx.t();
    let one = actions::own(cx)?;
    let state = cx.form_state();
    let crumbs = [ui::Crumb { label: t.text("desk.search"), href: "/search" }];
    let act = page(&one);
    let body = html! {
        (ui::crumbs(t, &crumbs, &one.name))
        (ui::head(&one.name, html! { (one.words) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::form(t, &state, &act, html! {
            @for field in ChangeForm::FIELDS {
                @let value = if field.name == "name" { &one.name } else { one.alert.word() };
                (ui::field(t, field, &state, value, &choices(t)))
            }
            p class="hint" { (t.text("desk.saved.hint")) }
            (ui::acts(html! {
                (ui::submit(t, "desk.saved.save", ""))
                (ui::button_to(t, ui::ButtonKind::Danger, "desk.saved.forget", &format!("{act}/forget")))
            }))
        }))
    };
    cx.page(&one.name, body.into_string())
}

fn page(kept: &Kept) -> String {
    format!("/search/saved/{}", kept.id)
}

/// The form that keeps the present search.
pub(crate) fn keep_card(t: T, cx: &Reader<'_, SignedIn>, (words, wanted): (&str, &Wanted<'_>)) -> Markup {
    let state = cx.form_state();
    let day = |date: Option<Date>| date.map(Date::iso).unwrap_or_default();
    // The query goes along, so that a form that was wrong comes back on this search.
    let act = rules::search_path(words, wanted).replacen("/search", "/search/saved", 1);
    ui::card(
        "keep",
        t.text("desk.saved.keep"),
        html! {},
        html! {
            (ui::refused(t, cx.refusal(), cx.path()))
            (ui::form(t, &state, &act, html! {
                @for field in KeepForm::FIELDS {
                    @let value = match field.name {
                        "name" | "words" => words.to_owned(),
                        "kind" => wanted.kind.to_owned(),
                        "from" => day(wanted.from),
                        "to" => day(wanted.to),
                        _ => String::new(),
                    };
                    (ui::field(t, field, &state, &value, &choices(t)))
                }
                p class="hint" { (t.text("desk.saved.hint")) }
                (ui::acts(ui::submit(t, "desk.saved.save", "")))
            }))
        },
    )
}

fn path(kept: &Kept) -> String {
    rules::search_path(&kept.words, &Wanted { kind: &kept.kind, from: kept.from, to: kept.to })
}

/// The same as data.
pub(crate) fn data(cx: &Reader<'_, SignedIn>) -> Reply {
    let rows: Vec<serde_json::Value> = store::mine(cx)?
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id.to_string(), "name": one.name, "alert": one.alert.word(), "path": path(one),
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "saved": rows })))
}

/// Keeps the present search.
pub(crate) fn keep(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let form: KeepForm = cx.form()?;
    let days = (form.from, form.to);
    let new = NewKept { name: &form.name, words: &form.words, kind: &form.kind, days, alert: form.alert };
    let id = actions::keep(cx, &new)?;
    let back = rules::search_path(&form.words, &Wanted { kind: &form.kind, from: form.from, to: form.to });
    cx.done_with("desk.saved.kept", back, &[("name", form.name)], id)
}

/// Renames a search, or says when one is told.
pub(crate) fn change(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let (kept, form) = (actions::own(cx)?, cx.form::<ChangeForm>()?);
    actions::change(cx, &kept, (&form.name, form.alert))?;
    cx.done_with("desk.saved.kept", path(&kept), &[("name", form.name)], kept.id)
}

/// Forgets a search.
pub(crate) fn forget(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let kept = actions::own(cx)?;
    actions::forget(cx, &kept)?;
    cx.done_with("desk.saved.forgotten", "/search", &[("name", kept.name.clone())], kept.id)
}
