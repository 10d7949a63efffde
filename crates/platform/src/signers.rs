//! Signers: the keys people and agencies sign with. Their keys are opened by the engine alone; here is what is known of
//! them, and how often a PIN was wrong.

use base::{AgencyId, Error, Id, Instant, PersonId, Refusal, Result};
use contracts::signing::{Enclosed, Key};
use kernel::{Permission, Raw, Sql, System, Writer, q, record, values};

/// So many wrong PINs in a row lock a signer, until an administrator unlocks it.
const WRONG_PINS_MAX: i64 = 5;

record! {
    "platform_signers",
    "SELECT id, agency_id, person_id, kind, subject, issuer, serial, valid_from, valid_until, picture, sealed,
        token, key_label, wrong_pins, locked_at, added_at, added_by
     FROM platform_signers
     WHERE {scope} AND id = $1 AND removed_at IS NULL";
    /// A signer.
    pub struct Signer {
        /// Id.
        id: Id<Signer>,
        /// The agency it signs for.
        agency: AgencyId,
        /// The person; `None` for the agency itself.
        person: Option<PersonId>,
        /// `software`, `token` or `remote`.
        kind: String,
        /// Whose certificate it is.
        subject: String,
        /// Who issued it.
        issuer: String,
        /// Its serial number.
        serial: String,
        /// Since when it is valid.
        from: Instant,
        /// Until when.
        until: Instant,
        /// The picture, by its name in the store.
        picture: Option<String>,
        /// The sealed key; empty unless it is a software key.
        sealed: String,
        /// The label of the token, or the name at the service.
        token: String,
        /// The label of the key on the token.
        key_label: String,
        /// Wrong PINs since the last right one.
        wrong_pins: i64,
        /// Since when it is locked.
        locked_at: Option<Instant>,
        /// Since when it is here.
        added_at: Instant,
        /// Who entered it.
        added_by: String,
    }
}

/// What a signer is called in the audit log.
const KIND: &str = "signer";

static OF_PERSON: Sql = q!(
    "SELECT id, agency_id, person_id, kind, subject, issuer, serial, valid_from, valid_until, picture, sealed,
        token, key_label, wrong_pins, locked_at, added_at, added_by
     FROM platform_signers
     WHERE {scope} AND agency_id = $1 AND person_id = $2 AND removed_at IS NULL
     ORDER BY added_at DESC
     LIMIT 1"
);
static OF_AGENCY: Sql = q!(
    "SELECT id, agency_id, person_id, kind, subject, issuer, serial, valid_from, valid_until, picture, sealed,
        token, key_label, wrong_pins, locked_at, added_at, added_by
     FROM platform_signers
     WHERE {scope} AND agency_id = $1 AND person_id IS NULL AND removed_at IS NULL
     ORDER BY added_at DESC
     LIMIT 1"
);
static ALL: Sql = q!(
    "SELECT id, agency_id, person_id, kind, subject, issuer, serial, valid_from, valid_until, picture, sealed,
        token, key_label, wrong_pins, locked_at, added_at, added_by
     FROM platform_signers
     WHERE {scope} AND agency_id = $1 AND removed_at IS NULL
     ORDER BY person_id, added_at"
);
static ADD: Sql = q!(
    "INSERT INTO platform_signers (id, agency_id, person_id, kind, subject, issuer, serial, valid_from, valid_until,
        picture, sealed, token, key_label, wrong_pins, added_at, added_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15)"
);
static REMOVE: Sql = q!("UPDATE platform_signers SET removed_at = $2, sealed = '', picture = NULL
     WHERE {scope} AND id = $1 AND removed_at IS NULL");
static UNLOCK: Sql = q!("UPDATE platform_signers SET wrong_pins = 0, locked_at = NULL
     WHERE {scope} AND id = $1 AND removed_at IS NULL AND wrong_pins > 0");
static RESEAL: Sql = q!("UPDATE platform_signers SET sealed = $2
     WHERE {scope} AND id = $1 AND removed_at IS NULL");
static WRONG: Sql = q!("UPDATE platform_signers
     SET wrong_pins = wrong_pins + 1, locked_at = CASE WHEN wrong_pins + 1 >= $2 THEN $3 ELSE locked_at END
     WHERE {scope} AND id = $1
     RETURNING wrong_pins");
static RIGHT: Sql = q!("UPDATE platform_signers SET wrong_pins = 0
     WHERE {scope} AND id = $1 AND wrong_pins > 0 AND locked_at IS NULL");

/// The picture of a signer stays in the store as long as the signer does.
pub static IN_PICTURES: Sql =
    q!("SELECT picture FROM platform_signers WHERE {scope} AND picture = $1 AND removed_at IS NULL LIMIT 1");

/// The signer a person has for an agency.
///
/// # Errors
/// What the database reports.
pub fn of_person(cx: &Raw<'_>, agency: AgencyId, person: PersonId) -> Result<Option<Signer>> {
    cx.row(&OF_PERSON, values![agency, person])
}

/// The signer of an agency itself.
///
/// # Errors
/// What the database reports.
pub fn of_agency(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<Signer>> {
    cx.row(&OF_AGENCY, values![agency])
}

/// All signers of an agency.
///
/// # Errors
/// What the database reports.
pub fn all(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Signer>> {
    cx.rows(&ALL, values![agency])
}

/// Enters a signer in place of the one there was.
///
/// # Errors
/// What the database reports.
pub fn enter<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, person): (AgencyId, Option<PersonId>),
    (key, picture): (&Key, Option<&str>),
    enclosed: &Enclosed,
) -> Result<Id<Signer>> {
    let before = match person {
        Some(person) => of_person(cx, agency, person)?,
        None => of_agency(cx, agency)?,
    };
    let now = cx.now();
    if let Some(before) = before {
        cx.write(&REMOVE, values![before.id, now])?;
    }
    let (kind, token, label) = match key {
        Key::File { .. } => ("software", "", ""),
        Key::Token { token, key } => ("token", token.as_str(), key.as_str()),
        Key::Remote { credential } => ("remote", credential.as_str(), ""),
    };
    let (id, by) = (cx.new_id::<Signer>(), cx.actor().name.clone());
    let certificate = &enclosed.certificate;
    cx.write(
        &ADD,
        values![
            id,
            agency,
            person,
            kind,
            &certificate.subject,
            &certificate.issuer,
            &certificate.serial,
            certificate.from,
            certificate.until,
            picture.map(str::to_owned),
            &enclosed.sealed,
            token,
            label,
            now,
            by
        ],
    )?;
    cx.record_noted("platform.signers.entered", (KIND, id), agency, note(certificate.subject.as_str()));
    Ok(id)
}

/// Takes a signer away, with its key.
///
/// # Errors
/// `Refused` when it is gone already.
pub fn remove<P: Permission>(cx: &mut Writer<'_, P>, signer: &Signer) -> Result<()> {
    let now = cx.now();
    cx.write(&REMOVE, values![signer.id, now])?;
    cx.record_noted("platform.signers.removed", (KIND, signer.id), signer.agency, note(&signer.subject));
    Ok(())
}

/// Lets a signer be tried again.
///
/// # Errors
/// `Refused` when no PIN was wrong.
pub fn unlock<P: Permission>(cx: &mut Writer<'_, P>, signer: &Signer) -> Result<()> {
    cx.write(&UNLOCK, values![signer.id])?;
    cx.record_noted("platform.signers.unlocked", (KIND, signer.id), signer.agency, note(&signer.subject));
    Ok(())
}

/// A signer has another PIN: its key is sealed anew. On a token there is nothing to keep.
///
/// # Errors
/// `Refused` when the signer is gone.
pub fn repinned<P: Permission>(cx: &mut Writer<'_, P>, signer: &Signer, sealed: &str) -> Result<()> {
    cx.write(&RESEAL, values![signer.id, sealed])?;
    cx.record_noted("platform.signers.repinned", (KIND, signer.id), signer.agency, note(&signer.subject));
    Ok(())
}

fn note(subject: &str) -> String {
    crate::notify::note(&[("subject", subject.to_owned())])
}

/// Refuses a signer that cannot sign now, and one that is another person's.
///
/// # Errors
/// `Forbidden`; `Refused` with the reason.
pub fn ready(signer: &Signer, (person, now): (Option<PersonId>, Instant)) -> Result<()> {
    if signer.person.is_some() && signer.person != person {
        return Err(Error::Forbidden);
    }
    if signer.locked_at.is_some() {
        return Err(Refusal::new("platform.signers.refuse.locked")
            .hint("platform.signers.hint.unlock")
            .into());
    }
    if signer.until < now {
        return Err(Refusal::new("platform.signers.refuse.expired")
            .with("until", signer.until.date().dmy())
            .hint("platform.signers.hint.renew")
            .into());
    }
    if now < signer.from {
        return Err(Refusal::new("platform.signers.refuse.not_yet")
            .with("from", signer.from.date().dmy())
            .into());
    }
    Ok(())
}

/// Counts a wrong PIN. Answers how many more may be tried.
///
/// # Errors
/// What the database reports.
pub fn wrong_pin(cx: &mut Writer<'_, System>, signer: &Signer) -> Result<i64> {
    let now = cx.now();
    let (wrong,): (i64,) = cx.write_returning(&WRONG, values![signer.id, WRONG_PINS_MAX, now])?;
    let act = if wrong < WRONG_PINS_MAX { "platform.signers.wrong_pin" } else { "platform.signers.locked" };
    cx.record_noted(act, (KIND, signer.id), signer.agency, note(&signer.subject));
    Ok(WRONG_PINS_MAX.saturating_sub(wrong).max(0))
}

/// A right PIN: those before it count no more.
///
/// # Errors
/// What the database reports.
pub fn right_pin(cx: &mut Writer<'_, System>, signer: &Signer) -> Result<()> {
    cx.write_any(&RIGHT, values![signer.id])?;
    cx.record_nothing("a count is no act; what is signed is recorded by whoever asked for it");
    Ok(())
}
