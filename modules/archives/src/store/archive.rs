//! Statements of hand-overs, keeping back and destructions.

use crate::model::{Destruction, DestructionState, Dossier, Handover, HandoverState};
use crate::rights::{ArchiveDecide, ArchiveKeep, DossierKeep};
use base::{AgencyId, Date, Id, Instant, PersonId, Result};
use kernel::{Opened, Permission, Raw, Sql, System, Writer, q, row, values};
use uuid::Uuid;

row! {
    /// A closed dossier whose keeper is to be told that it is due.
    pub(crate) struct DueSoon {
        /// Id.
        id: Id<Dossier>,
        /// The agency.
        agency: AgencyId,
        /// Number and symbol.
        notation: String,
        /// Title.
        title: String,
        /// Who answers for it.
        keeper: PersonId,
        /// Until when it is to be handed over.
        due_on: Date,
    }
}

row! {
    /// A hand-over or a destruction in a list.
    pub(crate) struct Listed {
        /// Id.
        id: Uuid,
        /// Its number.
        number: i64,
        /// Its year.
        year: i64,
        /// Where it stands.
        state: String,
        /// What it is about.
        about: String,
        /// Who began it.
        by: String,
        /// When.
        at: Instant,
        /// How many dossiers it has.
        dossiers: i64,
    }
}

static DUE_SOON: Sql = q!("SELECT id, agency_id, notation, title, keeper, COALESCE(kept_until, due_on)
     FROM archives_dossiers
     WHERE {scope} AND state = 'closed' AND noticed_at IS NULL AND COALESCE(kept_until, due_on) <= $1
     ORDER BY agency_id, id
     LIMIT 500");
static NOTICED: Sql = q!("UPDATE archives_dossiers SET noticed_at = $2 WHERE {scope} AND id = $1");
static HANDOVERS: Sql = q!("SELECT h.id, h.number, h.year, h.state, h.block, h.giver_name, h.offered_at,
        (SELECT count(*) FROM archives_dossiers d WHERE {scope:d} AND d.handover_id = h.id)
     FROM archives_handovers h
     WHERE {scope:h} AND h.agency_id = $1 AND (h.offered_at, h.id) < ($2, $3)
     ORDER BY h.offered_at DESC, h.id DESC
     LIMIT $4");
static OFFERED: Sql = q!("SELECT h.id, h.number, h.year, h.state, h.block, h.giver_name, h.offered_at,
        (SELECT count(*) FROM archives_dossiers d WHERE {scope:d} AND d.handover_id = h.id)
     FROM archives_handovers h
     WHERE {scope:h} AND h.agency_id = $1 AND h.state = 'offered'
     ORDER BY h.offered_at, h.id
     LIMIT 200");
static OFFERED_COUNT: Sql =
    q!("SELECT count(*) FROM archives_handovers WHERE {scope} AND agency_id = $1 AND state = 'offered'");
static DESTRUCTIONS: Sql =
    q!("SELECT x.id, x.number, x.year, x.state, x.decision, x.proposed_by, x.proposed_at,
        (SELECT count(*) FROM archives_dossiers d WHERE {scope:d} AND d.destruction_id = x.id)
     FROM archives_destructions x
     WHERE {scope:x} AND x.agency_id = $1 AND (x.proposed_at, x.id) < ($2, $3)
     ORDER BY x.proposed_at DESC, x.id DESC
     LIMIT $4");
static ADD_HANDOVER: Sql =
    q!("INSERT INTO archives_handovers (id, agency_id, year, number, state, block, condition,
        giver, giver_name, giver_post, offered_at, receiver_name, receiver_post, reason)
     VALUES ($1, $2, $3, $4, 'offered', $5, $6, $7, $8, $9, $10, '', '', '')");
static OFFER: Sql = q!("UPDATE archives_dossiers SET state = 'offered', handover_id = $2
     WHERE {scope} AND id = $1 AND state = 'closed' AND destruction_id IS NULL");
static DECIDE_HANDOVER: Sql = q!("UPDATE archives_handovers
     SET state = $2, receiver_name = $3, receiver_post = $4, decided_at = $5, reason = $6
     WHERE {scope} AND id = $1 AND state = 'offered'");
static RECEIVE: Sql = q!("UPDATE archives_dossiers SET state = 'archived', received_at = $2
     WHERE {scope} AND handover_id = $1 AND state = 'offered'");
static GIVE_BACK: Sql = q!("UPDATE archives_dossiers SET state = 'closed', handover_id = NULL
     WHERE {scope} AND handover_id = $1 AND state = 'offered'");
static ASK_KEEP: Sql = q!("UPDATE archives_dossiers SET keep_asked = $2, keep_reason = $3
     WHERE {scope} AND id = $1 AND state = 'closed'");
static CONSENT: Sql = q!("UPDATE archives_dossiers
     SET kept_until = $2, keep_consent = $3, keep_asked = NULL, noticed_at = NULL
     WHERE {scope} AND id = $1 AND state = 'closed' AND keep_asked IS NOT NULL");
static DECLINE: Sql = q!("UPDATE archives_dossiers SET keep_asked = NULL
     WHERE {scope} AND id = $1 AND state = 'closed' AND keep_asked IS NOT NULL");
static ADD_DESTRUCTION: Sql =
    q!("INSERT INTO archives_destructions (id, agency_id, year, number, state, proposed_at,
        proposed_by, decision, decided_by, reason, files)
     VALUES ($1, $2, $3, $4, 'proposed', $5, $6, '', '', '', 0)");
static PROPOSE: Sql = q!("UPDATE archives_dossiers SET destruction_id = $2
     WHERE {scope} AND id = $1 AND state IN ('closed', 'archived') AND destruction_id IS NULL");
static DECIDE: Sql = q!("UPDATE archives_destructions
     SET state = $2, decision = $3, decided_on = $4, decided_at = $5, decided_by = $6, reason = $7, files = $8
     WHERE {scope} AND id = $1 AND state = 'proposed'");
static DESTROY: Sql = q!("UPDATE archives_dossiers SET state = 'destroyed', destroyed_at = $2
     WHERE {scope} AND destruction_id = $1 AND state IN ('closed', 'archived')");
static SPARE: Sql =
    q!("UPDATE archives_dossiers SET destruction_id = NULL WHERE {scope} AND destruction_id = $1");

/// Closed dossiers of the whole tenant that are due by a day and whose keeper was not told yet.
pub(crate) fn due_soon(cx: &Raw<'_>, by: Date) -> Result<Vec<DueSoon>> {
    cx.rows(&DUE_SOON, values![by])
}

/// Notes that the keeper was told.
pub(crate) fn noticed(cx: &mut Writer<'_, System>, dossier: Id<Dossier>) -> Result<()> {
    let now = cx.now();
    cx.write(&NOTICED, values![dossier, now]).map(drop)
}

/// Hand-overs, newest first.
pub(crate) fn handovers(
    cx: &Raw<'_>,
    agency: AgencyId,
    (at, id): (Instant, Uuid),
    limit: i64,
) -> Result<Vec<Listed>> {
    cx.rows(&HANDOVERS, values![agency, at, id, limit])
}

/// Hand-overs that wait for the archive, oldest first.
pub(crate) fn offered(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Listed>> {
    cx.rows(&OFFERED, values![agency])
}

/// How many wait.
pub(crate) fn offered_count(cx: &Raw<'_>, agency: AgencyId) -> Result<i64> {
    cx.number(&OFFERED_COUNT, values![agency])
}

/// Destructions, newest first.
pub(crate) fn destructions(
    cx: &Raw<'_>,
    agency: AgencyId,
    (at, id): (Instant, Uuid),
    limit: i64,
) -> Result<Vec<Listed>> {
    cx.rows(&DESTRUCTIONS, values![agency, at, id, limit])
}

/// Enters a hand-over.
pub(crate) fn add_handover(
    cx: &mut Writer<'_, DossierKeep>,
    number: i64,
    (block, condition): (&str, &str),
) -> Result<Id<Handover>> {
    let (id, agency, now) = (cx.new_id(), cx.agency()?, cx.now());
    let (giver, name, post) = (cx.person()?, cx.actor().name.clone(), cx.actor().post.clone());
    cx.write(
        &ADD_HANDOVER,
        values![id, agency, now.year(), number, block, condition, giver, name, post, now],
    )?;
    Ok(id)
}

/// Makes a dossier part of a hand-over.
pub(crate) fn offer(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    handover: Id<Handover>,
) -> Result<()> {
    cx.write(&OFFER, values![dossier.id, handover]).map(drop)
}

/// Receives a hand-over or gives it back, with its dossiers. Answers how many there were.
pub(crate) fn decide_handover(
    cx: &mut Writer<'_, ArchiveKeep>,
    handover: &Opened<Handover>,
    (state, reason): (HandoverState, &str),
) -> Result<u64> {
    let (now, name, post) = (cx.now(), cx.actor().name.clone(), cx.actor().post.clone());
    cx.write(&DECIDE_HANDOVER, values![handover.id, state, name, post, now, reason])?;
    match state {
        HandoverState::Received => cx.write(&RECEIVE, values![handover.id, now]),
        HandoverState::Offered | HandoverState::Returned => cx.write(&GIVE_BACK, values![handover.id]),
    }
}

/// Notes what a keeper asks.
pub(crate) fn ask_keep(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    (until, reason): (Date, &str),
) -> Result<()> {
    cx.write(&ASK_KEEP, values![dossier.id, until, reason]).map(drop)
}

/// Notes the head's answer: the written consent, or none.
pub(crate) fn answer_keep(
    cx: &mut Writer<'_, ArchiveDecide>,
    dossier: &Opened<Dossier>,
    consent: Option<(Date, &str)>,
) -> Result<()> {
    match consent {
        Some((until, words)) => cx.write(&CONSENT, values![dossier.id, until, words]).map(drop),
        None => cx.write(&DECLINE, values![dossier.id]).map(drop),
    }
}

/// Enters a proposal.
pub(crate) fn add_destruction(cx: &mut Writer<'_, ArchiveKeep>, number: i64) -> Result<Id<Destruction>> {
    let (id, agency, now) = (cx.new_id(), cx.agency()?, cx.now());
    let by = cx.actor().name.clone();
    cx.write(&ADD_DESTRUCTION, values![id, agency, now.year(), number, now, by])?;
    Ok(id)
}

/// Makes a dossier part of a proposal.
pub(crate) fn propose<P: Permission>(
    cx: &mut Writer<'_, P>,
    dossier: &Opened<Dossier>,
    destruction: Id<Destruction>,
) -> Result<()> {
    cx.write(&PROPOSE, values![dossier.id, destruction]).map(drop)
}

/// What the head decides of a proposal.
#[derive(Debug, Clone)]
pub(crate) struct Decision<'a> {
    pub(crate) state: DestructionState,
    pub(crate) symbol: &'a str,
    pub(crate) decided_on: Option<Date>,
    pub(crate) reason: &'a str,
    pub(crate) files: i64,
}

/// Keeps the decision, and marks or spares the dossiers.
pub(crate) fn decide(
    cx: &mut Writer<'_, ArchiveDecide>,
    destruction: &Opened<Destruction>,
    decided: &Decision<'_>,
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(
        &DECIDE,
        values![
            destruction.id,
            decided.state,
            decided.symbol,
            decided.decided_on,
            now,
            by,
            decided.reason,
            decided.files
        ],
    )?;
    match decided.state {
        DestructionState::Done => cx.write(&DESTROY, values![destruction.id, now]).map(drop),
        DestructionState::Proposed | DestructionState::Refused => {
            cx.write(&SPARE, values![destruction.id]).map(drop)
        }
    }
}
