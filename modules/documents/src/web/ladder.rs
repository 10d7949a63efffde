//! Who is told of work that waits: the figures of the agency, and what was told, on the board.

use crate::actions::escalation::{cause_key, choose, rung_key};
use crate::rights::{BoardRead, StepsEdit};
use crate::rules::escalation::{Cause, Minutes, Rung};
use crate::store::escalation as store;
use crate::web::incoming_show::short_time;
use base::form::{Field, Form};
use base::{FieldErrors, Result};
use kernel::{Reader, Reply, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Column, Table};

/// The screen of steps holds the form.
const PAGE: &str = "/documents/steps";
/// Lines on the board.
const SHOWN: i64 = 8;
/// Lines for programs.
const LISTED: i64 = 500;

/// The route of the figures.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/documents/steps/ladder", save).form::<LadderForm>().page(PAGE);
}

base::form! {
    /// After how many minutes each rung is told; an empty field leaves it out.
    pub(crate) struct LadderForm {
        urgent_owner: Option<i64> = Field::number("documents.escalation.rung.owner").max(5),
        urgent_head: Option<i64> = Field::number("documents.escalation.rung.head").max(5),
        urgent_leader: Option<i64> = Field::number("documents.escalation.rung.leader").max(5),
        urgent_top: Option<i64> = Field::number("documents.escalation.rung.top").max(5),
        late_owner: Option<i64> = Field::number("documents.escalation.rung.owner").max(5),
        late_head: Option<i64> = Field::number("documents.escalation.rung.head").max(5),
        late_leader: Option<i64> = Field::number("documents.escalation.rung.leader").max(5),
        late_top: Option<i64> = Field::number("documents.escalation.rung.top").max(5),
        opinion_owner: Option<i64> = Field::number("documents.escalation.rung.owner").max(5),
        opinion_head: Option<i64> = Field::number("documents.escalation.rung.head").max(5),
        opinion_leader: Option<i64> = Field::number("documents.escalation.rung.leader").max(5),
        opinion_top: Option<i64> = Field::number("documents.escalation.rung.top").max(5),
    }
}

impl LadderForm {
    fn wanted(&self) -> Result<[(Cause, Minutes); 3]> {
        let mut errors = FieldErrors::default();
        let mut minutes = |four: [(&'static str, Option<i64>); 4]| {
            four.map(|(name, number)| {
                let read = number.map(u32::try_from);
                if matches!(read, Some(Err(_))) {
                    errors.add(name, "form.not_a_number");
                }
                read.and_then(std::result::Result::ok)
            })
        };
        let urgent = minutes([
            ("urgent_owner", self.urgent_owner),
            ("urgent_head", self.urgent_head),
            ("urgent_leader", self.urgent_leader),
            ("urgent_top", self.urgent_top),
        ]);
        let late = minutes([
            ("late_owner", self.late_owner),
            ("late_head", self.late_head),
            ("late_leader", self.late_leader),
            ("late_top", self.late_top),
        ]);
        let opinion = minutes([
            ("opinion_owner", self.opinion_owner),
            ("opinion_head", self.opinion_head),
            ("opinion_leader", self.opinion_leader),
            ("opinion_top", self.opinion_top),
        ]);
        errors.into_result([(Cause::Urgent, urgent), (Cause::Late, late), (Cause::Opinion, opinion)])
    }
}

/// The figures of the agency, to be changed.
pub(crate) fn form(cx: &Reader<'_, StepsEdit>) -> Result<Markup> {
    let (t, state, agency) = (cx.t(), cx.form_state(), cx.agency()?);
    let chosen = store::chosen(cx)?;
    let mut rows = Vec::new();
    for cause in Cause::ALL {
        let minutes = store::minutes(cx, &chosen, (agency, *cause));
        for (rung, minutes) in Rung::ALL.iter().zip(minutes) {
            let name = format!("{}_{}", cause.word(), rung.word());
            rows.push((*cause, name, minutes.map(|one| one.to_string()).unwrap_or_default()));
        }
    }
    let body = html! {
        (ui::error_summary(t, &state, LadderForm::FIELDS))
        @for cause in Cause::ALL {
            fieldset class="stack" {
                legend { b { (t.text(cause_key(*cause))) } }
                (ui::fields(html! {
                    @for (_, name, value) in rows.iter().filter(|(of, ..)| of == cause) {
                        (ui::field(t, ui::find_field::<LadderForm>(name), &state, value, &[]))
                    }
                }))
            }
        }
        (ui::acts(ui::button(t, ButtonKind::Plain, "documents.escalation.save", ("", ""))))
    };
    let form = ui::form(t, &state, "/documents/steps/ladder", body);
    let body = html! { p { (t.text("documents.escalation.sub")) } (form) };
    Ok(ui::card("ladder", t.text("documents.escalation.title"), html! {}, ui::stack(body)))
}

fn save(cx: &mut Writer<'_, StepsEdit>) -> Reply {
    let form: LadderForm = cx.form()?;
    let agency = cx.agency()?;
    choose(cx, agency, &form.wanted()?)?;
    cx.done_with("documents.escalation.saved", PAGE, &[], agency)
}

/// What was told in the last week, for programs.
pub(crate) fn json(cx: &Reader<'_, BoardRead>) -> Result<Vec<serde_json::Value>> {
    let told = store::recent(cx, cx.now().plus_days(-7), LISTED)?;
    Ok(told
        .iter()
        .map(|one| {
            serde_json::json!({ "cause": one.cause.word(), "rung": one.rung.word(), "title": one.title,
                "path": one.path, "told": one.names, "at": one.at })
        })
        .collect())
}

/// What was told in the last week, on the board.
pub(crate) fn card(cx: &Reader<'_, BoardRead>) -> Result<Markup> {
    let (t, now) = (cx.t(), cx.now());
    let told = store::recent(cx, now.plus_days(-7), SHOWN)?;
    if told.is_empty() {
        return Ok(html! {});
    }
    let columns = [
        Column::new(t.text("documents.escalation.column.what"), Cell::Title),
        Column::new(t.text("documents.escalation.column.rung"), Cell::Text),
        Column::new(t.text("documents.escalation.column.at"), Cell::Nowrap),
    ];
    let rows: Vec<Vec<Markup>> = told
        .iter()
        .map(|one| {
            let told = if one.names.is_empty() { t.text("documents.escalation.nobody") } else { &one.names };
            vec![
                html! {
                    a href=(one.path) { (one.title) }
                    " " span class="muted" { (one.detail) " · " (t.text(cause_key(one.cause))) }
                },
                html! { (t.text(rung_key(one.rung))) ": " (told) },
                html! { (short_time(one.at, now)) },
            ]
        })
        .collect();
    let table = Table {
        caption: t.text("documents.escalation.board"),
        columns: &columns,
        rows: &rows,
        register: false,
    };
    Ok(ui::card("escalations", t.text("documents.escalation.board"), html! {}, ui::table_bare(&table)))
}
