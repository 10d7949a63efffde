//! The chain a document stands in: what it answers or passes on, and what answers it or passes it on.

use crate::actions::outgoing::path;
use crate::model::Incoming;
use crate::rights::{IncomingRead, OutgoingRead};
use crate::store::{incoming as store, outgoing};
use crate::web::outgoing_list::status_chip;
use base::Result;
use contracts::Reference;
use kernel::{Opened, Reader};
use maud::{Markup, html};
use ui::Line;

/// The card; nothing for a document that stands alone.
pub(crate) fn card(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let mut named: Vec<(String, String, Markup)> = Vec::new();
    let answers: Vec<Reference> = serde_json::from_str(&document.response_for).unwrap_or_default();
    for reference in &answers {
        named.push(of_others(cx, document, ("documents.related.answers", reference))?);
    }
    let passed_on: Option<Reference> =
        document.forwards.as_deref().and_then(|f| serde_json::from_str(f).ok());
    if let Some(reference) = &passed_on {
        named.push(of_others(cx, document, ("documents.related.forwards", reference))?);
    }
    if cx.may_at::<OutgoingRead>(document.agency) {
        for one in store::followers(cx, document)? {
            let key = match one.answers {
                Some(_) => "documents.related.answered_by",
                None => "documents.related.forwarded_by",
            };
            let name = if one.symbol.is_empty() { &one.type_name } else { &one.symbol };
            named.push((t.fill(key, &[("symbol", name)]), path(one.id), status_chip(t, one.status)));
        }
    }
    if named.is_empty() {
        return Ok(html! {});
    }
    let lines: Vec<Line<'_>> =
        named.iter().map(|(label, href, note)| Line { label, href, note: note.clone() }).collect();
    Ok(ui::card("related", t.text("documents.related.title"), html! {}, ui::lines(&lines)))
}

/// A document named by its issuer; where it is one of this agency's own, it can be opened.
fn of_others(
    cx: &Reader<'_, IncomingRead>,
    document: &Incoming,
    (key, reference): (&'static str, &Reference),
) -> Result<(String, String, Markup)> {
    let own = if cx.may_at::<OutgoingRead>(document.agency) {
        outgoing::by_document(cx, document.agency, &reference.document_id)?
    } else {
        None
    };
    let label = cx.t().fill(key, &[("symbol", &reference.symbol)]);
    let note = html! { (reference.promulgated.dmy()) };
    Ok((label, own.map(path).unwrap_or_default(), note))
}
