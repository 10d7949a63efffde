//! What the page of a draft asks while one writes: how it will look printed, and what is written in a DOCX.

use crate::actions::reply;
use crate::model::Outgoing;
use crate::rights::OutgoingDraft;
use crate::rules;
use crate::store::outgoing::Text;
use crate::web::compose::{DraftForm, text_of};
use crate::web::official::official;
use crate::web::print::pictures;
use base::form::{Field, Reads, Upload};
use base::{Result, T};
use kernel::{Raw, Reader, Reply, Response, Routes};
use serde_json::json;

/// The routes of what is asked while one writes.
pub(crate) fn routes(r: &mut Routes) {
    r.ask("/documents/outgoing/{id}/preview", preview)
        .form::<DraftForm>()
        .page("/documents/outgoing/{id}/edit");
    r.ask("/documents/outgoing/preview", preview_unsaved).form::<DraftForm>().page("/documents/outgoing/new");
    r.ask("/documents/outgoing/words", words).form::<WordsForm>().page("/documents/outgoing/new");
}

base::form! {
    /// A DOCX whose words are wanted.
    pub(crate) struct WordsForm {
        docx: Upload = Field::file("documents.editor.field.docx").required().max(2000).reading(Reads::Words),
    }
}

/// The draft as it would be printed if it were saved now. Nothing is saved.
fn preview(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    let form: DraftForm = cx.form()?;
    let text = text_of(cx, draft.agency, (&form, &Text::of(&draft)))?;
    let mut written: Outgoing = Outgoing::clone(&draft);
    text.onto(&mut written);
    pictures(Box::new(official(cx, &written)?))
}

/// The same before the first save.
fn preview_unsaved(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let (form, agency): (DraftForm, _) = (cx.form()?, cx.agency()?);
    let text = text_of(cx, agency, (&form, &reply::blank(cx)))?;
    let mut written = Outgoing::unsaved(agency, cx.person()?, cx.now());
    text.onto(&mut written);
    pictures(Box::new(official(cx, &written)?))
}

/// What is written in a DOCX, for a person to look at before anything is saved.
fn words(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let _: WordsForm = cx.form()?;
    let t = cx.t();
    Ok(Response::Json(match imported(cx) {
        Ok(imported) => json!({
            "text": imported.map(|one| one.0).unwrap_or_default(),
            "told": left_out(t, cx.posted("docx.left_out").unwrap_or("")),
        }),
        Err(why) => json!({ "refused": t.text(why) }),
    }))
}

/// The words of the DOCX that came with the form and what they lack, or why they are not taken.
pub(crate) fn imported(cx: &Raw<'_>) -> std::result::Result<Option<(String, String)>, &'static str> {
    if let Some(refused) = cx.posted("docx.refused") {
        return Err(rules::body::no_words(refused));
    }
    let left_out = left_out(cx.t(), cx.posted("docx.left_out").unwrap_or(""));
    Ok(cx.posted("docx.text").map(|text| (text.to_owned(), left_out)))
}

/// A sentence about what a DOCX has and its words have not; `picture 3` a line.
fn left_out(t: T, found: &str) -> String {
    let parts: Vec<String> = found
        .lines()
        .filter_map(|line| {
            let (what, n) = line.split_once(' ')?;
            Some(t.fill(&format!("documents.editor.left_out.{what}"), &[("n", &n)]))
        })
        .collect();
    if parts.is_empty() {
        return t.text("documents.editor.docx.whole").to_owned();
    }
    t.fill("documents.editor.docx.left_out", &[("what", &parts.join(", "))])
}

/// The pages of the PDF that came to stand for the words, or why it may not.
pub(crate) fn pdf_pages(cx: &Raw<'_>) -> Result<i64> {
    rules::body::pdf(cx.posted("body_pdf.pages"), cx.posted("body_pdf.refused"))
        .map_err(|why| base::Error::field("body_pdf", why))
}
