//! The two acts that sign: what is signed, and what becomes of it. The engine signs between (ADR 13).

use crate::actions::outgoing::{name_of, path};
use crate::actions::recipients;
use crate::actions::signing::{self as actions, PDF, fingerprint, number_for};
use crate::actions::{approvals, issue};
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{OutgoingApprove, OutgoingIssue};
use crate::rules;
use crate::rules::signing::{Authority, Competence};
use crate::store::signatures as store;
use crate::web::official::{body_file, official};
use crate::web::outgoing;
use crate::web::outgoing::{choice, plan};
use base::{AgencyId, Error, Id, Refusal, Result, WhileDoing};
use contracts::print::PrintRequest;
use contracts::signing::{AsWhom, Order, Sheet, Signed, Source, Work};
use kernel::{Opened, Raw, Reader, Reply, Writer};
use platform::files::FileOf;
use platform::outside::Outside;
use platform::signers;
use serde_json::Value;
use uuid::Uuid;

/// In what authority a document is signed, and the remark to it.
type Choice = (Option<Competence>, Option<Authority>, String);

/// A leader signs one document.
pub(crate) const ONE: Outside<OutgoingApprove> = Outside {
    plain: outgoing::approve,
    begin: |cx| order_of_leader(cx, &[cx.path_id()?], &cx.path().replace("/approve", "")),
    prepare: |cx, thing| leaders(cx, thing, choice(cx)?),
    finish: |cx, thing, made| {
        let choice = choice(cx)?;
        signed(cx, thing, (made, choice))
    },
};

/// A leader signs several, each in the authority the post suggests.
pub(crate) const MANY: Outside<OutgoingApprove> = Outside {
    plain: outgoing::approve_many,
    begin: |cx| {
        let picked: Vec<Id<Outgoing>> = cx.posted_all("pick").filter_map(|word| word.parse().ok()).collect();
        order_of_leader(cx, picked.get(..picked.len().min(BATCH)).unwrap_or_default(), LIST)
    },
    prepare: |cx, thing| leaders(cx, thing, (None, None, String::new())),
    finish: |cx, thing, made| signed(cx, thing, (made, (None, None, String::new()))),
};

/// A clerk issues a document its leader has signed: the agency's signature is added.
pub(crate) const ISSUE: Outside<OutgoingIssue> = Outside {
    plain: outgoing::issue_it,
    begin: order_of_clerk,
    prepare: clerks,
    finish: |cx, thing, made| {
        let draft = cx.open::<Outgoing>(Id::of(thing))?;
        let plan = plan(cx, &draft)?;
        actions::sealed(cx, &draft, &read(made)?)?;
        let symbol = issue::issue(cx, &cx.open::<Outgoing>(draft.id)?, &plan)?;
        let to = crate::web::incoming::desk(cx).unwrap_or_else(|| path(draft.id));
        cx.done_with("documents.done.outgoing.issued", to, &[("symbol", symbol)], draft.id)
    },
};

/// Where those wait that a leader signs.
const LIST: &str = "/documents/outgoing?status=leader_review";

/// More than this would keep the person waiting longer than a request may take.
const BATCH: usize = 50;

fn read(made: Value) -> Result<Vec<Signed>> {
    serde_json::from_value(made).while_doing("reading", "what was signed")
}

fn written(what: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(what).while_doing("writing", "what is to be signed")
}

/// `None` for a leader without a digital signature.
fn order_of_leader(cx: &Raw<'_>, ids: &[Id<Outgoing>], back: &str) -> Result<Option<Value>> {
    let drafts = ids.iter().map(|id| cx.open::<Outgoing>(*id)).collect::<Result<Vec<_>>>()?;
    let Some(first) = drafts.first() else { return Ok(None) };
    let Some(signer) = signers::of_person(cx, first.agency, cx.person()?)? else { return Ok(None) };
    // A signer signs for one agency.
    if drafts.iter().any(|draft| draft.agency != first.agency) {
        return Err(Error::NotFound);
    }
    let things = drafts.iter().map(|draft| (draft.id.uuid(), named(draft))).collect();
    order(cx, (signer.id.uuid(), things), back).map(Some)
}

fn order(cx: &Raw<'_>, (signer, things): (Uuid, Vec<(Uuid, String)>), back: &str) -> Result<Value> {
    let pin = cx.posted("pin").unwrap_or("").to_owned();
    let desk = cx.posted("back").filter(|to| *to == "/" || to.starts_with("/?"));
    let back = desk.unwrap_or(back).to_owned();
    written(&Work::Sign(Order { signer, pin, things, back }))
}

fn named(draft: &Outgoing) -> String {
    format!("{} «{}»", name_of(draft), draft.subject)
}

/// What a leader signs: the document as it will be issued, with number and date.
fn leaders(
    cx: &Reader<'_, OutgoingApprove>,
    thing: Uuid,
    (competence, authority, _): Choice,
) -> Result<Value> {
    let draft = cx.open::<Outgoing>(Id::of(thing))?;
    let (signer, _) = approvals::decide(cx, &draft, (competence, authority))?;
    let (issued, _) = number_for(cx, &draft)?;
    let source = if let Some((_, file)) = body_file(cx, &draft)? {
        Source::Stored(pdf_of(file)?)
    } else if draft.body.trim().is_empty() {
        Source::Stored(own_pdf(cx, &draft)?)
    } else {
        let mut shown = Outgoing::clone(&draft);
        shown.signer_competence = signer.competence;
        shown.signer_position = signer.position;
        shown.signer_name = signer.name;
        shown.symbol.clone_from(&issued.symbol);
        shown.number = Some(issued.n);
        shown.promulgated = Some(issued.day);
        shown.status = OutgoingStatus::Issued;
        Source::Print(Box::new(PrintRequest::Document(Box::new(official(cx, &shown)?))))
    };
    let note = fingerprint(&draft, &issued);
    written(&[Sheet { source, name: named(&draft), as_whom: AsWhom::Person, note }])
}

/// A document that was written elsewhere is signed as it is, when it is a PDF.
fn own_pdf(cx: &Raw<'_>, draft: &Outgoing) -> Result<String> {
    let files = crate::actions::outgoing::drafted_files(cx, draft)?;
    let main = files.into_iter().find(|file| file.role == "main");
    main.map_or_else(|| Err(no_pdf()), pdf_of)
}

fn pdf_of(file: FileOf) -> Result<String> {
    if file.content_type == PDF { Ok(file.sha256) } else { Err(no_pdf()) }
}

fn no_pdf() -> Error {
    Refusal::new("documents.signing.refuse.no_pdf").hint("documents.signing.hint.no_pdf").into()
}

fn signed(
    cx: &mut Writer<'_, OutgoingApprove>,
    thing: Uuid,
    (made, (competence, authority, remark)): (Value, Choice),
) -> Reply {
    let draft = cx.open::<Outgoing>(Id::of(thing))?;
    actions::signed(cx, &draft, (competence, authority, &remark), &read(made)?)?;
    let values = [("subject", draft.subject.clone())];
    let to = crate::web::incoming::desk(cx).unwrap_or_else(|| path(draft.id));
    cx.done_with("documents.done.outgoing.signed", to, &values, draft.id)
}

/// `None` where the leader has approved without a signature.
fn order_of_clerk(cx: &Reader<'_, OutgoingIssue>) -> Result<Option<Value>> {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    let signer = signers::of_agency(cx, draft.agency)?;
    let is_signed = store::live(cx, draft.id)?.is_some();
    if !rules::signatures::seal(&draft, (is_signed, signer.is_some()))? || cx.posted("_find").is_some() {
        return Ok(None);
    }
    let Some(signer) = signer else { return Ok(None) };
    let things = vec![(draft.id.uuid(), named(&draft))];
    order(cx, (signer.id.uuid(), things), &path(draft.id)).map(Some)
}

/// What the agency signs: the document its leader signed, and each PDF beside it.
fn clerks(cx: &Reader<'_, OutgoingIssue>, thing: Uuid) -> Result<Value> {
    let draft = cx.open::<Outgoing>(Id::of(thing))?;
    let to = recipients::expand(cx, draft.agency, &plan(cx, &draft)?)?;
    rules::outgoing::issue(&draft, to.len())?;
    let copy = store::live(cx, draft.id)?.ok_or(Error::NotFound)?;
    let mut sheets = vec![Sheet {
        source: Source::Stored(copy.sha256.clone()),
        name: named(&draft),
        as_whom: AsWhom::Organisation,
        note: copy.sha256,
    }];
    let corner = vec![number_for(cx, &draft)?.0.symbol, cx.now().rfc3339()];
    for file in actions::annexes(cx, &draft, &copy.made_of)? {
        sheets.push(Sheet {
            source: Source::Stored(file.sha256),
            name: file.name,
            as_whom: AsWhom::Annex(corner.clone()),
            note: String::new(),
        });
    }
    written(&sheets)
}

/// True when the actor signs this agency's documents with a digital signature.
pub(crate) fn signs(cx: &Raw<'_>, agency: AgencyId) -> Result<bool> {
    Ok(signers::of_person(cx, agency, cx.person()?)?.is_some())
}

/// Refuses to approve by a press what the leader would have to sign.
pub(crate) fn not_unsigned(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<()> {
    Ok(rules::signatures::unsigned(signs(cx, draft.agency)?)?)
}
