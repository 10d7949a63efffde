//! The leader's board: what is late, where, since when; and the lists behind each figure.

use crate::actions::incoming::path;
use crate::actions::reminders;
use crate::model::Incoming;
use crate::rights::{BoardRead, IncomingRemind};
use crate::rules;
use crate::store::board::{self as store, Of};
use crate::web::board_parts::{self as parts, Late};
use crate::web::ladder;
use base::form::Field;
use base::{Result, T};
use kernel::{Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::tasks;
use ui::{ButtonKind, ExportLink, Figure, Tone};

/// The routes of the board.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/board", board);
    r.get("/documents/board/late", late);
    r.get("/documents/board/owed", owed);
    r.data("/documents/board", board_data);
    r.post("/documents/board/remind-all", remind_all).page("/documents/board");
    r.post("/documents/incoming/{id}/remind", remind).form::<RemindForm>().page("/documents/incoming/{id}");
}

base::form! {
    /// A reminder.
    pub(crate) struct RemindForm {
        words: String = Field::area("documents.remind.field.words").max(500),
    }
}

/// Lines of a list behind a figure.
const LISTED: i64 = 500;
/// Lines on the board itself.
const SHOWN: usize = 5;

/// The numbers the board begins with.
pub(crate) struct Sums {
    pub(crate) hands: Vec<store::HandSum>,
    pub(crate) agencies: Vec<store::AgencySum>,
}

impl Sums {
    pub(crate) fn read(cx: &Reader<'_, BoardRead>) -> Result<Sums> {
        let soon = rules::board::soon(cx.now().date());
        Ok(Sums { hands: store::hands(cx, soon.plus_days(1).start())?, agencies: store::agencies(cx, soon)? })
    }

    pub(crate) fn late_here(&self) -> i64 {
        self.hands.iter().map(|hand| hand.late).sum()
    }

    pub(crate) fn late_there(&self) -> i64 {
        self.agencies.iter().map(|agency| agency.late).sum()
    }

    pub(crate) fn soon(&self) -> i64 {
        self.hands.iter().map(|hand| hand.soon).chain(self.agencies.iter().map(|agency| agency.soon)).sum()
    }
}

fn board(cx: &Reader<'_, BoardRead>) -> Reply {
    let (t, now) = (cx.t(), cx.now());
    let sums = Sums::read(cx)?;
    let all = all_late(cx)?;
    let total = sums.late_here() + sums.late_there();
    let title = match all.first() {
        None => t.text("documents.board.none").to_owned(),
        Some(first) => t.fill(
            "documents.board.heading",
            &[("n", &total), ("days", &rules::board::days_late(first.due, now.date()))],
        ),
    };
    let since = now.plus_days(-7 * rules::board::WEEKS);
    let missed = store::missed(cx, since)?;
    let body = html! {
        (ui::head(&title, html! { (t.fill("documents.board.sub", &[("at", &now.dmy_hhmm())])) }, acts(cx, &sums)))
        div class="stack stack--airy" {
            (ui::refused(t, cx.refusal(), cx.path()))
            (figures(cx, &sums)?)
            @if !all.is_empty() {
                (ui::card("late", t.text("documents.board.longest"), html! {
                    a class="small" href="/documents/board/late" { (t.text("documents.board.see_here")) }
                }, parts::late_table(cx, all.get(..SHOWN).unwrap_or(&all))))
            }
            (ui::split_doc(
                html! { (parts::hands(t, &sums.hands)) (parts::agencies(t, &sums.agencies)) },
                html! { (ladder::card(cx)?) (parts::weeks(t, &missed, now)) (parts::steps(t, &sums.hands)) },
            ))
        }
    };
    cx.page(t.text("documents.board.title"), body.into_string())
}

/// Everything late, here and elsewhere, the latest first.
pub(crate) fn all_late(cx: &Reader<'_, BoardRead>) -> Result<Vec<Late>> {
    let t = cx.t();
    let mut all: Vec<Late> =
        store::late_here(cx, Of::default(), LISTED)?.iter().map(|one| Late::here(t, one)).collect();
    all.extend(store::late_there(cx, Of::default(), LISTED)?.iter().map(|one| Late::there(t, one)));
    all.sort_by_key(|one| one.due);
    Ok(all)
}

fn acts(cx: &Reader<'_, BoardRead>, sums: &Sums) -> Markup {
    let t = cx.t();
    let n = sums.late_here();
    html! {
        (ui::export_links(t, &[ExportLink { label: "PDF", href: "/documents/board.pdf" }]))
        @if n > 0 && cx.actor().may::<IncomingRemind>() {
            (ui::form(t, &cx.form_state(), "/documents/board/remind-all",
                ui::button(t, ButtonKind::Primary, "documents.board.remind_all", ("", ""))))
        }
    }
}

fn figures(cx: &Reader<'_, BoardRead>, sums: &Sums) -> Result<Markup> {
    let t = cx.t();
    let waiting = tasks::waiting(cx)?;
    let of =
        |kind: &str| waiting.iter().find(|(known, _)| known == kind).map_or(0, |(_, waiting)| waiting.all);
    let (approve, direct) = (of("documents.task.approve"), of("documents.task.direct"));
    let texts = [sums.late_here(), sums.late_there(), sums.soon(), approve + direct].map(|n| n.to_string());
    let [here, there, soon, mine] = &texts;
    let note = t.fill("documents.board.mine_note", &[("approve", &approve), ("direct", &direct)]);
    let places = sums.agencies.iter().filter(|agency| agency.late > 0).count();
    let places = t.fill("documents.board.there_note", &[("n", &places)]);
    let tone = |n: &str, tone: Tone| if n == "0" { Tone::Plain } else { tone };
    Ok(ui::figures(&[
        Figure {
            value: here,
            label: t.text("documents.board.here"),
            note: t.text("documents.board.here_note"),
            href: "/documents/board/late",
            tone: tone(here, Tone::Late),
        },
        Figure {
            value: there,
            label: t.text("documents.board.there"),
            note: &places,
            href: "/documents/board/owed",
            tone: tone(there, Tone::Late),
        },
        Figure {
            value: soon,
            label: t.text("documents.board.soon"),
            note: t.text("documents.board.soon_note"),
            href: "/documents/incoming?status=in_progress",
            tone: tone(soon, Tone::Soon),
        },
        Figure {
            value: mine,
            label: t.text("documents.board.mine"),
            note: &note,
            href: "/",
            tone: Tone::Plain,
        },
    ]))
}

/// What is late in the agency: all, of one hand (`hand`) or in one step (`step`).
fn late(cx: &Reader<'_, BoardRead>) -> Reply {
    let t = cx.t();
    let (hand, step) = (cx.query("hand").unwrap_or(""), cx.query("step").unwrap_or(""));
    let all: Vec<Late> = store::late_here(cx, Of { hand, step, code: "" }, LISTED)?
        .iter()
        .map(|one| Late::here(t, one))
        .collect();
    list(cx, t.text("documents.board.here"), &all)
}

/// Answers other agencies owe: all, or those of one (`code`).
fn owed(cx: &Reader<'_, BoardRead>) -> Reply {
    let t = cx.t();
    let code = cx.query("code").unwrap_or("");
    let all: Vec<Late> = store::late_there(cx, Of { hand: "", step: "", code }, LISTED)?
        .iter()
        .map(|one| Late::there(t, one))
        .collect();
    list(cx, t.text("documents.board.there"), &all)
}

fn list(cx: &Reader<'_, BoardRead>, title: &str, all: &[Late]) -> Reply {
    let t: T = cx.t();
    let back =
        ui::link_button(ButtonKind::Plain, "chart", t.text("documents.board.title"), "/documents/board");
    let n = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let body = html! {
        (ui::head(title, html! { (t.count("documents.board.shown", n)) }, back))
        @if all.is_empty() {
            (ui::empty(t.text("documents.board.none"), t.text("documents.board.none_text"), html! {}))
        } @else {
            div class="card" { div class="card__body" { (parts::late_table(cx, all)) } }
        }
    };
    cx.page(title, body.into_string())
}

fn board_data(cx: &Reader<'_, BoardRead>) -> Reply {
    let sums = Sums::read(cx)?;
    let hands: Vec<serde_json::Value> = sums
        .hands
        .iter()
        .map(|hand| {
            serde_json::json!({ "name": hand.name, "status": hand.status.word(), "late": hand.late,
                "soon": hand.soon, "all": hand.all, "first_due": hand.first })
        })
        .collect();
    let agencies: Vec<serde_json::Value> = sums
        .agencies
        .iter()
        .map(|agency| {
            serde_json::json!({ "name": agency.name, "code": agency.code, "late": agency.late,
                "soon": agency.soon, "all": agency.all, "first_due": agency.first })
        })
        .collect();
    let weeks: Vec<serde_json::Value> = {
        let missed = store::missed(cx, cx.now().plus_days(-7 * rules::board::WEEKS))?;
        rules::board::week_ends(cx.now())
            .into_iter()
            .map(|end| serde_json::json!({ "until": end, "late": rules::board::late_at(&missed, end) }))
            .collect()
    };
    Ok(Response::Json(serde_json::json!({
        "late_here": sums.late_here(), "late_there": sums.late_there(), "soon": sums.soon(),
        "hands": hands, "agencies": agencies, "weeks": weeks, "told": ladder::json(cx)?,
    })))
}

fn remind(cx: &mut Writer<'_, IncomingRemind>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: RemindForm = cx.form()?;
    let numbered = reminders::remind(cx, &document, &form.words)?;
    let to = match cx.posted("back") {
        Some("/documents/board") => "/documents/board".to_owned(),
        _ => path(document.id),
    };
    let values = [("nth", numbered.nth.to_string()), ("number", numbered.number.to_string())];
    cx.done_with("documents.board.done.reminded", to, &values, document.id)
}

fn remind_all(cx: &mut Writer<'_, IncomingRemind>) -> Reply {
    let agency = cx.agency()?;
    let sent = reminders::remind_all(cx)?;
    if sent == 0 {
        return Err(base::Refusal::new("documents.remind.refuse.nobody")
            .hint("documents.remind.hint.assign")
            .into());
    }
    cx.done_with("documents.board.done.reminded_all", "/documents/board", &[("n", sent.to_string())], agency)
}
