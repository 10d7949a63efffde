//! Copies of documents: what one is made of, and its number, which all forms share (Decree 30/2020, articles 25 to 27).

use crate::actions::outgoing::{begin, files_of, leaders};
use crate::actions::reply::blank;
use crate::actions::signing::PDF;
use crate::actions::{lasting, verdicts};
use crate::model::copies::{CopyForm, DocumentCopy, Medium};
use crate::model::{Incoming, Outgoing, Source};
use crate::rights::{CopyMake, OutgoingDraft};
use crate::rules;
use crate::rules::copies::Original;
use crate::rules::signing::{self, Competence};
use crate::rules::text::cut;
use crate::store::copies::{self as store, NewCopy};
use crate::store::outgoing::Origin;
use base::form::{Field, Kind, Upload};
use base::{AgencyId, Error, Id, PersonId, Refusal, Result};
use contracts::signing::Signed;
use kernel::{Opened, Raw, Writer};
use platform::files::{self, FileOf};
use platform::notify::note;
use platform::{numbering, organisations};

/// What a copy is called in the audit log.
pub(crate) const KIND: &str = "copy";
/// The series all copies share.
const SERIES: &str = "copies";
/// The role of the signed file.
const COPY: &str = "copy";

/// The page of a copy.
pub(crate) fn path(id: Id<DocumentCopy>) -> String {
    format!("/documents/copies/{id}")
}

base::form! {
    /// What a clerk chooses for a copy.
    pub(crate) struct CopyAsk {
        incoming: Option<Id<Incoming>> = Field::hidden("documents.copies.field.of"),
        outgoing: Option<Id<Outgoing>> = Field::hidden("documents.copies.field.of"),
        form: CopyForm = Field::choice("documents.copies.field.form").required(),
        medium: Medium = Field::choice("documents.copies.field.medium").required(),
        file: String = Field::choice("documents.copies.field.file").hint("documents.copies.hint.file"),
        scan: Option<Upload> = Field::file("documents.copies.field.scan").hint("documents.copies.hint.scan"),
        extract: String = Field::area("documents.copies.field.extract").hint("documents.copies.hint.extract").max(50_000),
        signer: PersonId = Field::choice("documents.copies.field.signer").required().hint("documents.copies.hint.signer"),
        competence: Competence = Field::choice("documents.outgoing.field.competence").required(),
        to_places: String = Field::area("documents.copies.field.places").max(2000),
        pin: Option<String> = Field::new(Kind::Password, "documents.signing.field.seal_pin").hint("documents.copies.hint.pin").max(64),
    }
}

/// The document that is copied.
pub(crate) enum Of {
    Incoming(Opened<Incoming>),
    Outgoing(Opened<Outgoing>),
}

impl Of {
    /// Opens what is to be copied, if a copy of it may be made at all.
    pub(crate) fn open(
        cx: &Raw<'_>,
        (incoming, outgoing): (Option<Id<Incoming>>, Option<Id<Outgoing>>),
    ) -> Result<Of> {
        match (incoming, outgoing) {
            (Some(id), _) => {
                let document = cx.open::<Incoming>(id)?;
                rules::incoming::stands(&document)?;
                Ok(Of::Incoming(document))
            }
            (None, Some(id)) => {
                let document = cx.open::<Outgoing>(id)?;
                rules::copies::is_issued(&document)?;
                Ok(Of::Outgoing(document))
            }
            (None, None) => Err(Error::NotFound),
        }
    }

    pub(crate) fn agency(&self) -> AgencyId {
        match self {
            Of::Incoming(document) => document.agency,
            Of::Outgoing(document) => document.agency,
        }
    }

    pub(crate) fn symbol(&self) -> &str {
        match self {
            Of::Incoming(document) => &document.symbol,
            Of::Outgoing(document) => &document.symbol,
        }
    }

    pub(crate) fn subject(&self) -> &str {
        match self {
            Of::Incoming(document) => &document.subject,
            Of::Outgoing(document) => &document.subject,
        }
    }

    /// Its PDFs.
    pub(crate) fn pdfs(&self, cx: &Raw<'_>) -> Result<Vec<FileOf>> {
        let all = match self {
            Of::Incoming(document) => files::of(cx, document.id)?,
            Of::Outgoing(document) => files_of(cx, document)?,
        };
        Ok(all.into_iter().filter(|file| file.content_type == PDF).collect())
    }

    /// What it is itself. What the agency has issued without a digital signature was signed on paper.
    pub(crate) fn original(&self, cx: &Raw<'_>) -> Result<Original> {
        let is_paper = match self {
            Of::Incoming(document) => document.source == Source::Paper,
            Of::Outgoing(document) => {
                !files_of(cx, document)?.iter().any(|file| file.role == crate::actions::signing::SIGNED)
            }
        };
        Ok(if is_paper { Original::Paper } else { Original::Electronic })
    }
}

/// What a copy is made of.
pub(crate) enum Made {
    /// A file that exists, by its name in the store.
    File(String),
    /// The part that is written out in the form.
    Extract,
    /// Nothing but the lines of the copy, or with the words that are known: it is printed.
    Paper,
}

/// A copy that may be made.
pub(crate) struct Ready {
    pub(crate) of: Of,
    pub(crate) signer: contracts::Signer,
    pub(crate) made: Made,
}

/// Whether a copy may be made as it is asked for, and of what.
pub(crate) fn ready(cx: &Raw<'_>, ask: &CopyAsk) -> Result<Ready> {
    let of = Of::open(cx, (ask.incoming, ask.outgoing))?;
    let agency = organisations::agency(cx, of.agency())?;
    if !cx.may_at::<CopyMake>(agency.id) {
        return Err(Error::NotFound);
    }
    let is_own = matches!(of, Of::Outgoing(_));
    rules::copies::make((ask.form, ask.medium), (of.original(cx)?, is_own))?;
    let holder = leaders(cx, agency.id)?.into_iter().find(|one| one.person == ask.signer);
    let holder = holder.ok_or_else(|| Error::field("signer", "form.choose"))?;
    signing::check(ask.competence, &holder.title, agency.kind == "committee")?;
    let signer = contracts::Signer {
        competence: ask.competence.written().to_owned(),
        position: holder.title,
        name: holder.name,
    };
    let made = made_of(cx, ask, &of)?;
    Ok(Ready { of, signer, made })
}

fn made_of(cx: &Raw<'_>, ask: &CopyAsk, of: &Of) -> Result<Made> {
    let is_extract = ask.form == CopyForm::Extract;
    if ask.medium == Medium::Paper {
        return if is_extract && ask.extract.trim().is_empty() {
            Err(Error::field("extract", "form.required"))
        } else {
            Ok(Made::Paper)
        };
    }
    if let Some(scan) = &ask.scan {
        return if scan.content_type == PDF {
            Ok(Made::File(scan.sha256.clone()))
        } else {
            Err(Error::field("scan", "documents.copies.error.no_pdf"))
        };
    }
    if is_extract {
        return if ask.extract.trim().is_empty() {
            Err(Error::field("extract", "form.required"))
        } else {
            Ok(Made::Extract)
        };
    }
    let file = of.pdfs(cx)?.into_iter().find(|file| file.id.to_string() == ask.file);
    file.map(|file| Made::File(file.sha256)).ok_or_else(|| Error::field("file", "form.choose"))
}

/// Draws the next number of all copies, and keeps the signed file of an electronic one.
pub(crate) fn make(
    cx: &mut Writer<'_, CopyMake>,
    ask: &CopyAsk,
    signed: Option<&Signed>,
) -> Result<Opened<DocumentCopy>> {
    let Ready { of, signer, made } = ready(cx, ask)?;
    // What was signed is what would be signed now.
    let fits = match (&made, signed) {
        (Made::Paper, None) => true,
        (Made::File(sha256), Some(file)) => *sha256 == file.made_of,
        (Made::Extract, Some(file)) => file.made_of.is_empty(),
        _ => false,
    };
    if !fits {
        return Err(Error::Busy(contracts::signing::AGAIN));
    }
    let (agency, day) = (organisations::agency(cx, of.agency())?, cx.now().date());
    let n = numbering::next(cx, agency.id, SERIES)?;
    let symbol = rules::copies::symbol(n, ask.form, &agency.symbol);
    let new = NewCopy {
        agency: agency.id,
        incoming: ask.incoming,
        outgoing: ask.outgoing.filter(|_| ask.incoming.is_none()),
        form: ask.form,
        medium: ask.medium,
        of_symbol: of.symbol().to_owned(),
        subject: of.subject().to_owned(),
        extract: if ask.form == CopyForm::Extract { ask.extract.trim().to_owned() } else { String::new() },
        signer,
        to_places: ask.to_places.trim().to_owned(),
        sha256: signed.map(|file| file.sha256.clone()).unwrap_or_default(),
    };
    let id = store::enter(cx, &new, (n, &symbol, day))?;
    if let Some(file) = signed {
        let upload = upload(&symbol, (&file.sha256, file.bytes));
        files::add(cx, (agency.id, id), (COPY, 0), &upload)?;
        verdicts::ask(cx, agency.id, (None, &file.sha256))?;
        lasting::keep(cx, (agency.id, KIND, id.uuid()), &file.sha256)?;
    }
    let values = note(&[("symbol", symbol), ("of", of.symbol().to_owned())]);
    let (kind, origin) = match &of {
        Of::Incoming(one) => ("incoming", one.id.uuid()),
        Of::Outgoing(one) => ("outgoing", one.id.uuid()),
    };
    let origin = Id::<Of>::of(origin);
    cx.record_noted("documents.act.copies.made", (kind, origin), agency.id, values.clone());
    cx.record_noted("documents.act.copies.made", (KIND, id), agency.id, values);
    cx.open(id)
}

fn upload(symbol: &str, (sha256, bytes): (&str, i64)) -> Upload {
    let name = format!("{}.pdf", symbol.replace('/', "-"));
    Upload { sha256: sha256.to_owned(), bytes, content_type: PDF.to_owned(), name }
}

/// A draft that sends an electronic copy along.
pub(crate) fn send(
    cx: &mut Writer<'_, OutgoingDraft>,
    copy: &Opened<DocumentCopy>,
) -> Result<Opened<Outgoing>> {
    let file = files::of(cx, copy.id)?.into_iter().next();
    let file = file.ok_or_else(|| Refusal::new("documents.copies.refuse.on_paper"))?;
    let mut text = blank(cx);
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("symbol", &copy.symbol), ("of", &copy.of_symbol), ("subject", &copy.subject)];
    text.subject = cut(&cx.t().fill("documents.copies.template.subject", &values), 500);
    text.body = cx.t().fill("documents.copies.template.body", &values);
    let draft = begin(cx, copy.agency, text, Origin::default())?;
    files::add(
        cx,
        (draft.agency, draft.id),
        ("annex", 0),
        &upload(&copy.symbol, (&file.sha256, file.bytes)),
    )?;
    Ok(draft)
}
