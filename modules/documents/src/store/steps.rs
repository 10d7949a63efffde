//! Statements of steps: what agencies have chosen, the chain of a draft, and what was said at its steps.

use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{OutgoingDraft, OutgoingReview, StepsEdit};
use crate::rules::steps::{Chain, Chosen};
use base::{AgencyId, Id, Instant, PersonId, Result, UnitId};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// What an agency has chosen, as it is stored.
    pub(crate) struct ChosenRow {
        /// Id.
        id: Id<ChosenRow>,
        /// The type of document; empty for all.
        type_code: String,
        /// The drafting unit; `None` for all.
        unit: Option<UnitId>,
        /// Drafts begun from this moment on.
        from: Instant,
        /// A step a line; empty when it is taken back.
        steps: String,
        /// Who chose it.
        by_name: String,
    }
}

row! {
    /// What was said at a step.
    pub(crate) struct Review {
        /// Place of the step in the chain.
        place: i64,
        /// Who; empty when nobody could be asked.
        person_name: String,
        /// What they said.
        words: String,
        /// When.
        at: Instant,
    }
}

/// The chain of a submitted draft, and where it waits.
#[derive(Debug)]
pub(crate) struct Stands {
    pub(crate) chain: Chain,
    pub(crate) place: usize,
    pub(crate) since: Instant,
}

static CHOSEN: Sql = q!("SELECT id, type_code, unit_id, from_at, steps, by_name
     FROM documents_steps
     WHERE {scope} AND agency_id = $1
     ORDER BY from_at, id
     LIMIT 2000");
static CHOOSE: Sql =
    q!("INSERT INTO documents_steps (id, agency_id, type_code, unit_id, from_at, steps, by_name, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
static CHAIN: Sql =
    q!("SELECT steps, place, submitted_at FROM documents_chains WHERE {scope} AND outgoing_id = $1");
static KEEP: Sql = q!("UPDATE documents_chains
     SET steps = $2, place = $3, submitted_at = $4
     WHERE {scope} AND outgoing_id = $1");
static BEGIN: Sql = q!("INSERT INTO documents_chains (outgoing_id, agency_id, steps, place, submitted_at)
     VALUES ($1, $2, $3, $4, $5)");
static PLACE: Sql = q!("UPDATE documents_chains SET place = $2 WHERE {scope} AND outgoing_id = $1");
static GO_ON: Sql = q!("UPDATE documents_outgoing
     SET status = $2, updated_at = $3
     WHERE {scope} AND id = $1 AND status = 'consulting'");
static NAME_LEADER: Sql = q!("UPDATE documents_outgoing
     SET signer = $2, signer_name = $3
     WHERE {scope} AND id = $1 AND status = 'drafting' AND signer IS NULL");
static REVIEW: Sql =
    q!("INSERT INTO documents_reviews (id, agency_id, outgoing_id, place, person_id, person_name, words, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
static REVIEWS: Sql = q!("SELECT place, person_name, words, at
     FROM documents_reviews
     WHERE {scope} AND outgoing_id = $1 AND at >= $2
     ORDER BY at, id");

/// What an agency has chosen, in the order in which it came into force.
pub(crate) fn chosen_rows(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<ChosenRow>> {
    cx.rows(&CHOSEN, values![agency])
}

/// The same, as the rules read it.
pub(crate) fn chosen(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Chosen>> {
    let of = |row: ChosenRow| Chosen {
        type_code: row.type_code,
        unit: row.unit,
        from: row.from,
        chain: Chain::read(&row.steps),
    };
    Ok(chosen_rows(cx, agency)?.into_iter().map(of).collect())
}

/// Enters what an agency chooses.
pub(crate) fn choose(
    cx: &mut Writer<'_, StepsEdit>,
    agency: AgencyId,
    chosen: &Chosen,
) -> Result<Id<ChosenRow>> {
    let (id, now, by) = (cx.new_id(), cx.now(), cx.actor().name.clone());
    let steps = chosen.chain.as_ref().map(Chain::text).unwrap_or_default();
    let values = values![id, agency, &chosen.type_code, chosen.unit, chosen.from, steps, by, now];
    cx.write(&CHOOSE, values)?;
    Ok(id)
}

/// The chain of a draft that was submitted; `None` for one that never was.
pub(crate) fn stands(cx: &Raw<'_>, draft: Id<Outgoing>) -> Result<Option<Stands>> {
    let row: Option<(String, i64, Instant)> = cx.row(&CHAIN, values![draft])?;
    Ok(row.map(|(steps, place, since)| Stands {
        chain: Chain::read(&steps).unwrap_or_else(Chain::least),
        place: usize::try_from(place).unwrap_or(0),
        since,
    }))
}

/// Writes down the chain of a draft when it is submitted.
pub(crate) fn begin(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (chain, place): (&Chain, usize),
) -> Result<()> {
    let (now, place, text) = (cx.now(), number(place), chain.text());
    if cx.write_any(&KEEP, values![draft.id, &text, place, now])? == 0 {
        cx.write(&BEGIN, values![draft.id, draft.agency, &text, place, now])?;
    }
    Ok(())
}

/// Names the leader of the chain on a draft that names none.
pub(crate) fn name_leader(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (leader, name): (PersonId, &str),
) -> Result<()> {
    cx.write_any(&NAME_LEADER, values![draft.id, leader, name]).map(drop)
}

/// A draft waits at another place of its chain.
pub(crate) fn at_place<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    place: usize,
) -> Result<()> {
    cx.write_any(&PLACE, values![draft.id, number(place)]).map(drop)
}

/// A draft leaves a step the agency has added.
pub(crate) fn go_on(
    cx: &mut Writer<'_, OutgoingReview>,
    draft: &Opened<Outgoing>,
    status: OutgoingStatus,
) -> Result<()> {
    let now = cx.now();
    cx.write(&GO_ON, values![draft.id, status, now]).map(drop)
}

/// Keeps what was said at a step; `person` is empty when nobody could be asked.
pub(crate) fn review<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    (place, person): (usize, Option<(PersonId, &str)>),
    words: &str,
) -> Result<()> {
    let (id, now) = (cx.new_id::<Review>(), cx.now());
    let (person, name) = person.map_or((None, ""), |(person, name)| (Some(person), name));
    let values = values![id, draft.agency, draft.id, number(place), person, name, words, now];
    cx.write(&REVIEW, values).map(drop)
}

/// What was said at the steps of a draft since a moment.
pub(crate) fn reviews(cx: &Raw<'_>, draft: Id<Outgoing>, since: Instant) -> Result<Vec<Review>> {
    cx.rows(&REVIEWS, values![draft, since])
}

fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(0)
}
