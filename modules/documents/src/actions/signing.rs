//! What belongs to signing a document: its number and date, which stand in what is signed; keeping the signed copy; and
//! adding the agency's signature when it is issued (Decree 30/2020, articles 15.2, 17.2 and 32.2d).

use crate::actions::issue::{as_issued, numbered};
use crate::actions::outgoing::{KIND, files_of, name_of};
use crate::actions::{approvals, lasting, verdicts};
use crate::model::Outgoing;
use crate::rights::{OutgoingApprove, OutgoingIssue};
use crate::rules::signing::{Authority, Competence};
use crate::store::copies;
use crate::store::outgoing::Issued;
use crate::store::signatures as store;
use base::form::Upload;
use base::{Error, Result};
use contracts::signing::{AGAIN, Signed};
use kernel::{Opened, Permission, Raw, Writer, jobs};
use platform::files::{self, FileOf};
use platform::notify::note;
use platform::{numbering, organisations};

/// What a signed PDF is.
pub(crate) const PDF: &str = "application/pdf";
/// The role of the file that bears the agency's signature.
pub(crate) const SIGNED: &str = "signed";

/// Number and date a document is signed with, and whether the number is still to be drawn: an update has that of its
/// document, and one that comes back to the leader keeps its own within the year.
pub(crate) fn number_for(cx: &Raw<'_>, draft: &Outgoing) -> Result<(Issued, bool)> {
    if let Some(original) = draft.updates {
        return Ok((as_issued(cx, &*cx.open::<Outgoing>(original)?), false));
    }
    let year = cx.now().year();
    let agency = organisations::agency(cx, draft.agency)?;
    match draft.number.filter(|_| draft.number_year == Some(i64::from(year))) {
        Some(n) => Ok((numbered(cx, draft, (&agency, n))?, false)),
        None => {
            let n = numbering::last(cx, draft.agency, crate::actions::issue::SERIES, year)?.saturating_add(1);
            Ok((numbered(cx, draft, (&agency, n))?, true))
        }
    }
}

/// What must be the same when the signed file is kept: number, date and text.
pub(crate) fn fingerprint(draft: &Outgoing, issued: &Issued) -> String {
    format!("{} {} {}", issued.symbol, issued.day.iso(), draft.version)
}

/// The competent person has signed: approves, draws the number that stands in the file, and keeps the file.
pub(crate) fn signed(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    choice: (Option<Competence>, Option<Authority>, &str),
    made: &[Signed],
) -> Result<()> {
    let [file] = made else { return Err(Error::internal("one file is signed for a document")) };
    let (issued, fresh) = number_for(cx, draft)?;
    if fingerprint(draft, &issued) != file.note {
        return Err(Error::Busy(AGAIN));
    }
    if fresh && numbering::next(cx, draft.agency, issued.series)? != issued.n {
        return Err(Error::Busy(AGAIN));
    }
    approvals::approve(cx, draft, choice)?;
    if draft.updates.is_none() {
        store::number(cx, draft, &issued)?;
    }
    store::keep(cx, draft, file)?;
    let values = [("symbol", issued.symbol)];
    cx.record_noted("documents.act.outgoing.signed", (KIND, draft.id), draft.agency, note(&values));
    Ok(())
}

/// A document that goes back loses its signed copy: what is changed after signing is signed anew.
pub(crate) fn void<P: Permission>(cx: &mut Writer<'_, P>, draft: &Opened<Outgoing>) -> Result<()> {
    let ended = store::end(cx, draft.id)?;
    if !ended.is_empty() {
        let values = [("symbol", name_of(draft))];
        cx.record_noted("documents.act.outgoing.unsigned", (KIND, draft.id), draft.agency, note(&values));
    }
    let_go(cx, ended)
}

fn let_go<P: Permission>(cx: &mut Writer<'_, P>, files: Vec<String>) -> Result<()> {
    for sha256 in files {
        let key = cx.new_id::<FileOf>().to_string();
        jobs::enqueue(cx, "files.destroy", &key, &serde_json::json!({ "sha256": sha256 }))?;
    }
    Ok(())
}

/// The PDFs beside the document, which the agency signs each by itself.
pub(crate) fn annexes(cx: &Raw<'_>, draft: &Outgoing, made_of: &str) -> Result<Vec<FileOf>> {
    let mut all = files_of(cx, draft)?;
    all.retain(|file| file.content_type == PDF && file.sha256 != made_of);
    let mut annexes = Vec::with_capacity(all.len());
    for file in all {
        // A copy bears the agency's signature in that corner already.
        if !copies::is_copy(cx, draft.agency, &file.sha256)? {
            annexes.push(file);
        }
    }
    Ok(annexes)
}

/// Keeps the files that bear the agency's signature in place of those they were made of.
pub(crate) fn sealed(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    made: &[Signed],
) -> Result<()> {
    let copy = store::live(cx, draft.id)?.ok_or(Error::Busy(AGAIN))?;
    let (main, annexes) = made.split_first().ok_or_else(|| Error::internal("nothing was signed"))?;
    if main.note != copy.sha256 {
        return Err(Error::Busy(AGAIN));
    }
    let symbol = number_for(cx, draft)?.0.symbol;
    let name = format!("{}.pdf", symbol.replace('/', "-"));
    add(cx, draft, (SIGNED, 0), (main, name))?;
    let before = files_of(cx, draft)?;
    for one in annexes {
        let old = before.iter().find(|file| file.sha256 == one.made_of).ok_or(Error::Busy(AGAIN))?;
        files::destroy_one(cx, draft.id, &old.sha256)?;
        add(cx, draft, ("annex", old.sort), (one, old.name.clone()))?;
    }
    let ended = store::end(cx, draft.id)?;
    let_go(cx, ended)?;
    for one in made {
        verdicts::ask(cx, draft.agency, (None, &one.sha256))?;
        lasting::keep(cx, (draft.agency, KIND, draft.id.uuid()), &one.sha256)?;
    }
    Ok(())
}

fn add(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    place: (&str, i64),
    (file, name): (&Signed, String),
) -> Result<()> {
    let upload =
        Upload { sha256: file.sha256.clone(), bytes: file.bytes, content_type: PDF.to_owned(), name };
    files::add(cx, (draft.agency, draft.id), place, &upload)
}
