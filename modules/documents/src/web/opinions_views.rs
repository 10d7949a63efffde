//! The parts of the pages about opinions.

use crate::actions::opinions::{path, selves};
use crate::model::opinions::{Opinion, OpinionAnswer, Poll};
use crate::rights::{OpinionAsk, OpinionGive};
use crate::rules::opinions as rules;
use crate::store::opinions::PollLine;
use crate::web::opinions::{AnswerForm, CloseForm, ExtendForm};
use base::form::Form;
use base::{Instant, T};
use kernel::{Opened, Reader};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Column, Table, Tone};

pub(crate) fn table_of(t: T, lines: &[PollLine]) -> Markup {
    let columns = [
        Column::new(t.text("documents.opinions.field.question"), Cell::Title),
        Column::new(t.text("documents.opinions.asker"), Cell::Text),
        Column::new(t.text("documents.opinions.answered"), Cell::Number),
        Column::new(t.text("documents.opinions.field.due"), Cell::Nowrap),
    ];
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|line| {
            vec![
                html! {
                    a href=(path(line.id)) { (line.question) }
                    @if !line.subject.is_empty() { " " span class="muted" { (line.subject) } }
                },
                html! { (line.asked_name) },
                html! { (line.answered) "/" (line.asked) },
                state(t, line.closed_at, line.due),
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("documents.opinions.title"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

pub(crate) fn state(t: T, closed: Option<Instant>, due: Instant) -> Markup {
    match closed {
        Some(_) => ui::chip(Tone::Ok, "check", t.text("documents.opinions.closed")),
        None => html! { (due.dmy_hhmm()) },
    }
}

pub(crate) fn facts(t: T, poll: &Opened<Poll>) -> Markup {
    let mut rows: Vec<(&str, Markup)> = vec![
        (t.text("documents.opinions.asker"), html! { (poll.asked_name) }),
        (t.text("documents.opinions.field.due"), html! { (poll.due.dmy_hhmm()) }),
    ];
    if !poll.subject.is_empty() {
        let link = html! { a href=(poll.subject_path) { (poll.subject) } };
        rows.insert(0, (t.text("documents.opinions.field.about"), link));
    }
    if let Some(at) = poll.closed_at {
        rows.push((t.text("documents.opinions.closed"), html! { (at.dmy_hhmm()) ", " (poll.closed_by) }));
    }
    if !poll.conclusion.is_empty() {
        rows.push((t.text("documents.opinions.field.conclusion"), html! { (poll.conclusion) }));
    }
    ui::facts(&rows)
}

/// Three buttons: most people need no words.
pub(crate) fn answering(cx: &Reader<'_, OpinionGive>, poll: &Opened<Poll>, opinions: &[Opinion]) -> Markup {
    let (t, selves) = (cx.t(), selves(cx));
    if poll.closed_at.is_some() || !opinions.iter().any(|one| selves.contains(&one.person)) {
        return html! {};
    }
    let state = cx.form_state();
    let buttons = || {
        html! {
            @for (answer, kind, key) in [
                (OpinionAnswer::Agree, ButtonKind::Primary, "documents.opinions.answer.agree"),
                (OpinionAnswer::Disagree, ButtonKind::Plain, "documents.opinions.answer.disagree"),
                (OpinionAnswer::Other, ButtonKind::Plain, "documents.opinions.answer.other"),
            ] {
                (ui::button(t, kind, key, ("answer", answer.word())))
            }
        }
    };
    let form = ui::form(
        t,
        &state,
        &format!("{}/answer", path(poll.id)),
        html! {
            (ui::error_summary(t, &state, AnswerForm::FIELDS))
            (ui::field(t, ui::find_field::<AnswerForm>("words"), &state, "", &[]))
            (ui::acts(buttons()))
            (ui::act_bar(t, ("#mine", t.text("documents.opinions.bar")), buttons()))
        },
    );
    ui::card("mine", t.text("documents.opinions.mine"), html! {}, form)
}

/// What somebody said, in a word.
pub(crate) fn said_text(t: T, opinion: &Opinion) -> &'static str {
    match opinion.said() {
        Some(OpinionAnswer::Agree) => t.text("documents.opinions.answer.agree"),
        Some(OpinionAnswer::Disagree) => t.text("documents.opinions.answer.disagree"),
        Some(OpinionAnswer::Other) => t.text("documents.opinions.answer.other"),
        None => t.text("documents.opinions.answer.none"),
    }
}

/// How many said what.
pub(crate) fn counts_text(t: T, opinions: &[Opinion]) -> String {
    let [agree, disagree, other, open] = rules::count(opinions);
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("agree", &agree), ("disagree", &disagree), ("other", &other), ("open", &open)];
    t.fill("documents.opinions.counts", &values)
}

fn answer_chip(t: T, opinion: &Opinion) -> Markup {
    let (tone, icon) = match opinion.said() {
        Some(OpinionAnswer::Agree) => (Tone::Ok, "check"),
        Some(OpinionAnswer::Disagree) => (Tone::Late, "x"),
        Some(OpinionAnswer::Other) => (Tone::Info, "chat"),
        None => (Tone::Plain, "wait"),
    };
    ui::chip(tone, icon, said_text(t, opinion))
}

pub(crate) fn answers(t: T, opinions: &[Opinion]) -> Markup {
    let columns = [
        Column::new(t.text("documents.opinions.person"), Cell::Title),
        Column::new(t.text("documents.opinions.field.answer"), Cell::Nowrap),
        Column::new(t.text("documents.opinions.field.words"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = opinions
        .iter()
        .map(|one| {
            vec![
                html! { (one.name) ", " span class="muted" { (one.title) } },
                html! {
                    (answer_chip(t, one))
                    @if one.reminded > 0 && one.said().is_none() {
                        " " span class="muted nowrap" { (t.fill("documents.board.reminded", &[("n", &one.reminded)])) }
                    }
                },
                html! {
                    (one.words)
                    @if !one.answered_by.is_empty() {
                        " " span class="muted" { (t.fill("documents.opinions.by", &[("who", &one.answered_by)])) }
                    }
                },
            ]
        })
        .collect();
    ui::table_bare(&Table {
        caption: t.text("documents.opinions.answers"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

/// What only who asked can do.
pub(crate) fn asking(cx: &Reader<'_, OpinionGive>, poll: &Opened<Poll>, open: i64) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    if poll.closed_at.is_some() || !selves(cx).contains(&poll.asked_by) || !cx.actor().may::<OpinionAsk>() {
        return html! {};
    }
    let to = |act: &str| format!("{}/{act}", path(poll.id));
    let body = html! {
        @if open > 0 {
            (ui::form(t, &state, &to("remind"),
                ui::acts(ui::button(t, ButtonKind::Plain, "documents.opinions.button.remind", ("", "")))))
        }
        (ui::form(t, &state, &to("close"), html! {
            (ui::field(t, ui::find_field::<CloseForm>("conclusion"), &state, "", &[]))
            (ui::acts(ui::button(t, ButtonKind::Primary, "documents.opinions.button.close", ("", ""))))
        }))
        (ui::more(t.text("documents.opinions.button.extend"), ui::form(t, &state, &to("extend"), html! {
            (ui::field(t, ui::find_field::<ExtendForm>("due"), &state, "", &[]))
            (ui::acts(ui::button(t, ButtonKind::Plain, "documents.opinions.button.extend", ("", ""))))
        })))
    };
    ui::card(
        "asking",
        t.text("documents.opinions.asking"),
        html! {},
        html! { div class="stack stack--form" { (body) } },
    )
}
