//! Numbers of secret documents: drawn for paper, entered in a register of their own, voided when drawn by mistake.
//! Nothing is made findable, no task is given, nobody is told, nothing leaves by the exchange.

use crate::model::secret::{SecrecyLevel, Secret};
use crate::rights::OutgoingNumberSecret;
use crate::rules;
use crate::rules::signing::{self, Competence};
use crate::rules::types;
use crate::store::secret::{self as store, NewSecret};
use base::form::Field;
use base::{Error, Id, Result, UnitId};
use kernel::{Opened, Writer};
use platform::notify::note;
use platform::{numbering, organisations};

/// What a secret document is called in the audit log.
const KIND: &str = "secret";
/// The series of secret documents (Decree 30/2020, article 15.1): it shares no number with any other.
const SERIES: &str = "out-secret";

/// The page of a secret document.
pub(crate) fn path(id: Id<Secret>) -> String {
    format!("/documents/secret/{id}")
}

base::form! {
    /// What the register holds of a secret document. It has no field for a text or a file.
    pub(crate) struct SecretForm {
        level: SecrecyLevel = Field::choice("documents.secret.field.level").required(),
        type_code: String = Field::choice("documents.outgoing.field.type").required().max(10),
        unit: Option<UnitId> = Field::choice("documents.secret.field.unit"),
        subject: String = Field::line("documents.outgoing.field.subject").hint("documents.secret.hint.subject"),
        signer_name: String = Field::line("documents.outgoing.field.signer").required().max(200),
        competence: Competence = Field::choice("documents.outgoing.field.competence").required(),
        signer_position: String = Field::line("documents.secret.field.position").required().max(200),
        to_places: String = Field::area("documents.secret.field.places").required().max(2000),
        copies: i64 = Field::number("documents.outgoing.field.copies").required().max(4),
        pages: i64 = Field::number("documents.outgoing.field.pages").required().max(4),
    }
}

base::form! {
    /// Why a number is voided.
    pub(crate) struct VoidSecretForm {
        reason: String = Field::area("documents.outgoing.field.reason")
            .hint("documents.secret.hint.reason")
            .required()
            .max(500),
    }
}

/// Draws the next number of the year and enters the document as issued on paper; answers it.
pub(crate) fn number(cx: &mut Writer<'_, OutgoingNumberSecret>, form: &SecretForm) -> Result<Opened<Secret>> {
    rules::secret::lacks(form.copies, form.pages).into_result(())?;
    let (agency, day) = (organisations::agency(cx, cx.agency()?)?, cx.now().date());
    signing::check(form.competence, &form.signer_position, agency.kind == "committee")?;
    let kind = types::find(&form.type_code, day).ok_or_else(|| Error::field("type_code", "form.choose"))?;
    let unit = match form.unit {
        None => None,
        Some(id) => organisations::units(cx, agency.id)?
            .into_iter()
            .find(|unit| unit.id == id)
            .ok_or_else(|| Error::field("unit", "form.choose"))
            .map(Some)?,
    };
    let new = NewSecret {
        agency: agency.id,
        level: form.level,
        type_name: kind.name.clone(),
        subject: form.subject.clone(),
        unit: form.unit,
        signer: contracts::Signer {
            competence: form.competence.written().to_owned(),
            position: form.signer_position.clone(),
            name: form.signer_name.clone(),
        },
        to_places: form.to_places.clone(),
        copies: form.copies,
        pages: form.pages,
    };
    let n = numbering::next(cx, agency.id, SERIES)?;
    let unit = unit.map(|unit| unit.symbol).unwrap_or_default();
    let symbol = types::symbol(n, kind, &agency.symbol, &unit).whole();
    let id = store::enter(cx, &new, (n, &symbol, day))?;
    cx.record_noted("documents.act.secret.numbered", (KIND, id), agency.id, note(&[("symbol", symbol)]));
    cx.open(id)
}

/// Voids a number that was drawn by mistake. The reason stands in the register and not in the audit log, which
/// others read.
pub(crate) fn void(
    cx: &mut Writer<'_, OutgoingNumberSecret>,
    document: &Opened<Secret>,
    reason: &str,
) -> Result<()> {
    rules::secret::void(document)?;
    store::void(cx, document, reason)?;
    let values = [("symbol", document.symbol.clone())];
    cx.record_noted("documents.act.secret.voided", (KIND, document.id), document.agency, note(&values));
    Ok(())
}
