//! Asking for opinions: the list, the question with its answers, and the acts on it.

use crate::actions::opinions::{self as actions, path};
use crate::model::opinions::{OpinionAnswer, Poll};
use crate::model::{Incoming, Outgoing};
use crate::rights::{OpinionAsk, OpinionGive};
use crate::rules::opinions as rules;
use crate::store::opinions::{self as store, NewPoll};
use crate::store::polled;
use crate::web::incoming::after;
use crate::web::opinions_views::{
    answering, answers, asking, counts_text, facts, said_text, state, table_of,
};
use crate::web::polled as agencies;
use crate::web::summary_docx;
use base::csv::Csv;
use base::form::{Field, Form, Kind};
use base::{Instant, PersonId, Result, text};
use kernel::{Raw, Reader, Reply, Response, Routes, Writer};
use maud::html;
use platform::people;
use ui::{ButtonKind, Choice, ExportLink, FormOptions, Paging};

/// The routes of opinions.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/opinions", list);
    r.get("/documents/opinions/new", blank);
    r.post("/documents/opinions", ask).form::<AskForm>().page("/documents/opinions/new");
    r.get("/documents/opinions/{id}", show);
    r.get("/documents/opinions/{id}/summary.csv", csv);
    r.get("/documents/opinions/{id}/summary.docx", summary_docx::summary);
    r.data("/documents/opinions", list_data);
    r.data("/documents/opinions/{id}", show_data);
    r.post("/documents/opinions/{id}/answer", answer).form::<AnswerForm>().page("/documents/opinions/{id}");
    r.post("/documents/opinions/{id}/extend", extend).form::<ExtendForm>().page("/documents/opinions/{id}");
    r.post("/documents/opinions/{id}/remind", remind).page("/documents/opinions/{id}");
    r.post("/documents/opinions/{id}/close", close).form::<CloseForm>().page("/documents/opinions/{id}");
}

base::form! {
    /// A question to colleagues.
    pub(crate) struct AskForm {
        incoming: Option<base::Id<Incoming>> = Field::hidden("documents.opinions.field.about"),
        outgoing: Option<base::Id<Outgoing>> = Field::hidden("documents.opinions.field.about"),
        question: String = Field::area("documents.opinions.field.question").required().max(2000),
        people: Vec<PersonId> = Field::many("documents.opinions.field.people").required(),
        due: Instant = Field::new(Kind::DateTime, "documents.opinions.field.due").required(),
    }
}

base::form! {
    /// An opinion.
    pub(crate) struct AnswerForm {
        answer: OpinionAnswer = Field::choice("documents.opinions.field.answer").required(),
        words: String = Field::area("documents.opinions.field.words").max(5000),
    }
}

base::form! {
    /// A later deadline.
    pub(crate) struct ExtendForm {
        due: Instant = Field::new(Kind::DateTime, "documents.opinions.field.due").required(),
    }
}

base::form! {
    /// What was concluded.
    pub(crate) struct CloseForm {
        conclusion: String = Field::area("documents.opinions.field.conclusion").max(5000),
    }
}

/// Lines of a page.
const PAGE: i64 = 50;

/// One page of questions, and where the next begins.
fn page_of_list(cx: &Reader<'_, OpinionGive>) -> Result<(Vec<store::PollLine>, Option<String>)> {
    let mut lines = store::list(cx, after(cx), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(50);
    let more = lines.len() > page;
    lines.truncate(page);
    let next = lines.last().filter(|_| more).map(|line| format!("{}.{}", line.asked_at.micros(), line.id));
    Ok((lines, next))
}

fn list_data(cx: &Reader<'_, OpinionGive>) -> Reply {
    let (lines, next) = page_of_list(cx)?;
    let item = |line: &store::PollLine| {
        serde_json::json!({ "id": line.id, "question": line.question, "subject": line.subject,
            "asked_by": line.asked_name, "asked_at": line.asked_at, "due": line.due, "closed_at": line.closed_at,
            "asked": line.asked, "answered": line.answered })
    };
    let items: Vec<serde_json::Value> = lines.iter().map(item).collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

fn list(cx: &Reader<'_, OpinionGive>) -> Reply {
    let t = cx.t();
    let (lines, next) = page_of_list(cx)?;
    let older = next.map(|next| format!("/documents/opinions?after={next}"));
    let acts = html! {
        @if cx.actor().may::<OpinionAsk>() {
            (ui::link_button_key(ButtonKind::Primary, "users", (t.text("documents.opinions.new"), "n"),
                "/documents/opinions/new"))
        }
    };
    let body = html! {
        (ui::head(t.text("documents.opinions.title"), html! { (t.text("documents.opinions.sub")) }, acts))
        @if lines.is_empty() {
            (ui::empty(t.text("documents.opinions.none"), t.text("documents.opinions.none_text"), html! {}))
        } @else {
            (table_of(t, &lines))
            (ui::pager(t, &Paging { newer: None, older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(t.text("documents.opinions.title"), body.into_string())
}

fn blank(cx: &Reader<'_, OpinionAsk>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let about = |name: &str| {
        let posted = state.input.and_then(|input| input.get(name));
        posted.or_else(|| cx.query(name)).unwrap_or("").to_owned()
    };
    let (incoming, outgoing) = (about("incoming"), about("outgoing"));
    let (subject, _) = subject_of(cx, (parsed(&incoming), parsed(&outgoing)))?;
    let holders = people::of_agency(cx, cx.agency()?)?;
    let named: Vec<(String, String)> = holders
        .iter()
        .filter(|one| one.active && one.role != "admin" && Some(one.person) != cx.actor().person)
        .map(|one| (one.person.to_string(), format!("{}, {}", one.name, one.title)))
        .collect();
    let people: Vec<Choice<'_>> = named.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let field = ui::find_field::<AskForm>;
    let due = base::calendar::Calendar::vietnam().add_working_days(cx.now().date(), 2);
    let due = format!("{}T17:00", due.iso());
    let title = t.text("documents.opinions.new");
    let options = FormOptions { id: "opinion", guard: true, ..FormOptions::default() };
    let body = html! {
        (ui::head(title, html! { (subject) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (agencies::asking(cx, parsed(&outgoing))?)
        (ui::form_with(t, &state, ("/documents/opinions", &options), html! {
            (ui::error_summary(t, &state, AskForm::FIELDS))
            (ui::field(t, field("incoming"), &state, &incoming, &[]))
            (ui::field(t, field("outgoing"), &state, &outgoing, &[]))
            (ui::field(t, field("question"), &state, "", &[]))
            (ui::field(t, field("people"), &state, "", &people))
            (ui::field(t, field("due"), &state, &due, &[]))
            (ui::acts(ui::submit(t, "documents.opinions.button.ask", "ctrl+enter")))
        }))
    };
    cx.page(title, body.into_string())
}

fn parsed<N>(word: &str) -> Option<base::Id<N>> {
    word.parse().ok()
}

/// What a question is about, and the page of it.
fn subject_of(
    cx: &Raw<'_>,
    (incoming, outgoing): (Option<base::Id<Incoming>>, Option<base::Id<Outgoing>>),
) -> Result<(String, String)> {
    if let Some(id) = incoming {
        let one = cx.open::<Incoming>(id)?;
        return Ok((format!("{}: {}", one.symbol, one.subject), crate::actions::incoming::path(id)));
    }
    if let Some(id) = outgoing {
        let one = cx.open::<Outgoing>(id)?;
        let name = if one.symbol.is_empty() { &one.type_name } else { &one.symbol };
        return Ok((format!("{name}: {}", one.subject), crate::actions::outgoing::path(id)));
    }
    Ok((String::new(), String::new()))
}

fn ask(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let form: AskForm = cx.form()?;
    let (subject, subject_path) = subject_of(cx, (form.incoming, form.outgoing))?;
    let agency = cx.agency()?;
    let new = NewPoll {
        agency,
        subject: &subject,
        subject_path: &subject_path,
        question: &form.question,
        due: form.due,
    };
    let poll = actions::ask(cx, &new, &form.people)?;
    let values = [("n", form.people.len().to_string())];
    cx.done_with("documents.opinions.done.asked", path(poll.id), &values, poll.id)
}

fn show(cx: &Reader<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let t = cx.t();
    let opinions = polled::all_of(cx, &poll)?;
    let [.., open] = rules::count(&opinions);
    let sub = html! { (state(t, poll.closed_at, poll.due)) span { (counts_text(t, &opinions)) } };
    let base = format!("{}/summary", path(poll.id));
    let [pdf, docx, csv] = ["pdf", "docx", "csv"].map(|end| format!("{base}.{end}"));
    let links =
        [("PDF", &pdf), ("DOCX", &docx), ("CSV", &csv)].map(|(label, href)| ExportLink { label, href });
    let export = ui::export_links(t, &links);
    let body = html! {
        (ui::head(&poll.question, sub, export))
        (ui::split(
            html! {
                (ui::refused(t, cx.refusal(), cx.path()))
                (answering(cx, &poll, &opinions))
                (ui::card("answers", t.text("documents.opinions.answers"), html! {}, answers(t, &opinions)))
            },
            html! {
                (ui::card("facts", t.text("documents.facts"), html! {}, facts(t, &poll)))
                (asking(cx, &poll, open))
                (agencies::card(cx, &poll)?)
            },
        ))
    };
    cx.page(poll.question.clone(), body.into_string())
}

fn answer(cx: &mut Writer<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let form: AnswerForm = cx.form()?;
    actions::answer(cx, &poll, (form.answer, form.words.trim()))?;
    cx.done_with("documents.opinions.done.answered", path(poll.id), &[], poll.id)
}

fn extend(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let form: ExtendForm = cx.form()?;
    actions::extend(cx, &poll, form.due)?;
    let values = [("until", form.due.dmy_hhmm())];
    cx.done_with("documents.opinions.done.extended", path(poll.id), &values, poll.id)
}

fn remind(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let numbers = actions::remind(cx, &poll)?;
    let values = [("n", numbers.len().to_string())];
    cx.done_with("documents.opinions.done.reminded", path(poll.id), &values, poll.id)
}

fn close(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let form: CloseForm = cx.form()?;
    actions::close(cx, &poll, form.conclusion.trim())?;
    cx.done_with("documents.opinions.done.closed", path(poll.id), &[], poll.id)
}

fn show_data(cx: &Reader<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let opinions = polled::all_of(cx, &poll)?;
    let [agree, disagree, other, open] = rules::count(&opinions);
    let answers: Vec<serde_json::Value> = opinions
        .iter()
        .map(|one| {
            serde_json::json!({ "person": one.name, "title": one.title, "answer": one.answer, "words": one.words,
                "answered_at": one.answered_at, "reminded": one.reminded })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({
        "id": poll.id, "question": poll.question, "subject": poll.subject, "due": poll.due,
        "closed_at": poll.closed_at, "conclusion": poll.conclusion, "extended": poll.extended,
        "agree": agree, "disagree": disagree, "other": other, "open": open, "answers": answers,
    })))
}

/// The summary: who said what, and the counts.
fn csv(cx: &Reader<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let (t, opinions) = (cx.t(), polled::all_of(cx, &poll)?);
    let mut csv = Csv::new();
    csv.line([t.text("documents.opinions.field.question"), &poll.question]);
    csv.line([
        t.text("documents.opinions.person"),
        t.text("documents.opinions.title_of"),
        t.text("documents.opinions.field.answer"),
        t.text("documents.opinions.field.words"),
    ]);
    for one in &opinions {
        csv.line([one.name.as_str(), one.title.as_str(), said_text(t, one), one.words.as_str()]);
    }
    csv.line([t.text("documents.opinions.sum"), &counts_text(t, &opinions)]);
    csv.line([t.text("documents.opinions.field.conclusion"), &poll.conclusion]);
    Ok(Response::csv(&text::slug_ascii(t.text("documents.opinions.file")), csv))
}
