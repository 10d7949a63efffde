//! Statements of dossiers.

use crate::model::{Access, Dossier, DossierState, Entry, Line};
use crate::rights::DossierKeep;
use base::{AgencyId, Date, Id, Instant, PersonId, Result};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// A line of a list.
    pub(crate) struct Listed {
        /// Id.
        id: Id<Dossier>,
        /// The year it is listed under.
        year: i64,
        /// Number and symbol.
        notation: String,
        /// Title.
        title: String,
        /// Years it is kept.
        years: Option<i64>,
        /// Who may read it.
        access: Access,
        /// Who answers for it.
        keeper: PersonId,
        /// Their name.
        keeper_name: String,
        /// Where it stands.
        state: DossierState,
        /// When it was opened.
        opened_at: Instant,
        /// Until when it is to be handed over.
        due_on: Option<Date>,
        /// Until when it may be kept back.
        kept_until: Option<Date>,
        /// Last day it is kept.
        expires_on: Option<Date>,
        /// How many documents it holds.
        entries: i64,
    }
}

row! {
    /// What a person took away.
    pub(crate) struct Export {
        /// The dossier.
        dossier: Id<Dossier>,
        /// When.
        at: Instant,
        /// The entry, when it was a copy of one.
        entry: Option<Id<Entry>>,
    }
}

static LIST: Sql = q!("SELECT d.id, d.year, d.notation, d.title, d.years, d.access, d.keeper, d.keeper_name,
        d.state, d.opened_at, d.due_on, d.kept_until, d.expires_on,
        (SELECT count(*) FROM archives_entries e
         WHERE {scope:e} AND e.dossier_id = d.id AND e.removed_at IS NULL)
     FROM archives_dossiers d
     WHERE {scope:d} AND d.agency_id = $1 AND (d.state = $2 OR $2 = '')
        AND (CAST($3 AS BIGINT) = 0 OR d.keeper = $4)
        AND (d.access <> 'limited' OR d.keeper = $4 OR CAST($5 AS BIGINT) = 1)
        AND (d.opened_at, d.id) < ($6, $7)
     ORDER BY d.opened_at DESC, d.id DESC
     LIMIT $8");
static DUE: Sql = q!("SELECT d.id, d.year, d.notation, d.title, d.years, d.access, d.keeper, d.keeper_name,
        d.state, d.opened_at, d.due_on, d.kept_until, d.expires_on,
        (SELECT count(*) FROM archives_entries e
         WHERE {scope:e} AND e.dossier_id = d.id AND e.removed_at IS NULL)
     FROM archives_dossiers d
     WHERE {scope:d} AND d.agency_id = $1 AND d.state = 'closed'
        AND COALESCE(d.kept_until, d.due_on) <= $2
        AND (CAST($3 AS BIGINT) = 0 OR d.keeper = $4)
        AND (d.access <> 'limited' OR d.keeper = $4 OR CAST($5 AS BIGINT) = 1)
     ORDER BY d.due_on, d.id
     LIMIT 500");
static EXPIRED: Sql =
    q!("SELECT d.id, d.year, d.notation, d.title, d.years, d.access, d.keeper, d.keeper_name,
        d.state, d.opened_at, d.due_on, d.kept_until, d.expires_on,
        (SELECT count(*) FROM archives_entries e
         WHERE {scope:e} AND e.dossier_id = d.id AND e.removed_at IS NULL)
     FROM archives_dossiers d
     WHERE {scope:d} AND d.agency_id = $1 AND d.state IN ('closed', 'archived') AND d.destruction_id IS NULL
        AND d.expires_on < $2
     ORDER BY d.expires_on, d.id
     LIMIT 500");
static TOGETHER: Sql =
    q!("SELECT d.id, d.year, d.notation, d.title, d.years, d.access, d.keeper, d.keeper_name,
        d.state, d.opened_at, d.due_on, d.kept_until, d.expires_on,
        (SELECT count(*) FROM archives_entries e
         WHERE {scope:e} AND e.dossier_id = d.id AND e.removed_at IS NULL)
     FROM archives_dossiers d
     WHERE {scope:d} AND (d.handover_id = $1 OR d.destruction_id = $1)
     ORDER BY d.year, d.notation
     LIMIT 2000");
static ASKED: Sql =
    q!("SELECT d.id, d.year, d.notation, d.title, d.years, d.access, d.keeper, d.keeper_name,
        d.state, d.opened_at, d.due_on, d.kept_until, d.expires_on,
        (SELECT count(*) FROM archives_entries e
         WHERE {scope:e} AND e.dossier_id = d.id AND e.removed_at IS NULL)
     FROM archives_dossiers d
     WHERE {scope:d} AND d.agency_id = $1 AND d.state = 'closed'
        AND (d.keep_asked IS NOT NULL OR d.kept_until IS NOT NULL)
     ORDER BY d.due_on, d.id
     LIMIT 500");
static COUNTS: Sql = q!("SELECT state, count(*)
     FROM archives_dossiers
     WHERE {scope} AND agency_id = $1 AND (CAST($2 AS BIGINT) = 0 OR keeper = $3)
        AND (access <> 'limited' OR keeper = $3 OR CAST($4 AS BIGINT) = 1)
     GROUP BY state");
static DUE_COUNT: Sql = q!("SELECT count(*)
     FROM archives_dossiers
     WHERE {scope} AND keeper = $1 AND state = 'closed' AND COALESCE(kept_until, due_on) <= $2");
static DUE_COUNT_OF: Sql = q!("SELECT count(*)
     FROM archives_dossiers
     WHERE {scope} AND agency_id = $1 AND state = 'closed' AND COALESCE(kept_until, due_on) <= $2");
static OF_LINE: Sql = q!("SELECT line_id, id
     FROM archives_dossiers
     WHERE {scope} AND agency_id = $1 AND year = $2 AND line_id IS NOT NULL");
static OPEN_OF: Sql = q!("SELECT id, notation, title
     FROM archives_dossiers
     WHERE {scope} AND agency_id = $1 AND keeper = $2 AND state = 'open'
     ORDER BY opened_at DESC
     LIMIT 200");
static ADD: Sql = q!("INSERT INTO archives_dossiers (id, agency_id, year, line_id, notation, title, years,
        construction, access, keeper, keeper_name, language, note, state, opened_at, started_on, keep_reason,
        keep_consent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, $15, '', '')");
static EDIT: Sql = q!("UPDATE archives_dossiers
     SET title = $2, years = $3, construction = $4, access = $5, language = $6, note = $7, started_on = $8
     WHERE {scope} AND id = $1 AND state = 'open'");
static CLOSE: Sql = q!("UPDATE archives_dossiers
     SET state = 'closed', ended_on = $2, closed_at = $3, due_on = $4, expires_on = $5, noticed_at = NULL,
        kept_until = NULL, keep_asked = NULL
     WHERE {scope} AND id = $1 AND state = 'open'");
static REOPEN: Sql = q!("UPDATE archives_dossiers
     SET state = 'open', ended_on = NULL, closed_at = NULL, due_on = NULL, expires_on = NULL, noticed_at = NULL,
        kept_until = NULL, keep_asked = NULL
     WHERE {scope} AND id = $1 AND state = 'closed' AND destruction_id IS NULL");
static PASS_ON: Sql = q!("UPDATE archives_dossiers SET keeper = $2, keeper_name = $3
     WHERE {scope} AND id = $1 AND state IN ('open', 'closed')");
static EXPORTED: Sql = q!("INSERT INTO archives_exports (id, agency_id, dossier_id, person_id, at, entry_id)
     VALUES ($1, $2, $3, $4, $5, $6)");
static EXPORT: Sql = q!("SELECT dossier_id, at, entry_id
     FROM archives_exports
     WHERE {scope} AND id = $1 AND person_id = $2");

/// Whose dossiers a person sees in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// The agency.
    pub(crate) agency: AgencyId,
    /// Who looks.
    pub(crate) me: PersonId,
    /// True for their own dossiers only.
    pub(crate) mine: bool,
    /// True when they see those of limited access of others too.
    pub(crate) limited: bool,
}

/// Dossiers, newest first, after a place in the list.
pub(crate) fn list(
    cx: &Raw<'_>,
    seen: &Seen,
    state: Option<DossierState>,
    ((at, id), limit): ((Instant, Id<Dossier>), i64),
) -> Result<Vec<Listed>> {
    let word = state.map_or("", DossierState::word);
    cx.rows(&LIST, values![seen.agency, word, seen.mine, seen.me, seen.limited, at, id, limit])
}

/// How many there are in each state.
pub(crate) fn counts(cx: &Raw<'_>, seen: &Seen) -> Result<Vec<(DossierState, i64)>> {
    cx.rows(&COUNTS, values![seen.agency, seen.mine, seen.me, seen.limited])
}

/// Closed ones that are due by a day, the most pressing first.
pub(crate) fn due(cx: &Raw<'_>, seen: &Seen, by: Date) -> Result<Vec<Listed>> {
    cx.rows(&DUE, values![seen.agency, by, seen.mine, seen.me, seen.limited])
}

/// How many of a person's are due by a day.
pub(crate) fn due_count(cx: &Raw<'_>, keeper: PersonId, by: Date) -> Result<i64> {
    cx.number(&DUE_COUNT, values![keeper, by])
}

/// How many of an agency are due by a day.
pub(crate) fn due_count_of(cx: &Raw<'_>, agency: AgencyId, by: Date) -> Result<i64> {
    cx.number(&DUE_COUNT_OF, values![agency, by])
}

/// Those whose time is over before a day.
pub(crate) fn expired(cx: &Raw<'_>, agency: AgencyId, before: Date) -> Result<Vec<Listed>> {
    cx.rows(&EXPIRED, values![agency, before])
}

/// Those of a hand-over or a destruction.
pub(crate) fn together<N>(cx: &Raw<'_>, of: Id<N>) -> Result<Vec<Listed>> {
    cx.rows(&TOGETHER, values![of])
}

/// Those that are kept back, or whose keeper asks to.
pub(crate) fn kept_back(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Listed>> {
    cx.rows(&ASKED, values![agency])
}

/// Which lines of a year's catalogue have a dossier.
pub(crate) fn of_lines(cx: &Raw<'_>, agency: AgencyId, year: i64) -> Result<Vec<(Id<Line>, Id<Dossier>)>> {
    cx.rows(&OF_LINE, values![agency, year])
}

/// A person's open dossiers: id, number and symbol, title.
pub(crate) fn open_of(
    cx: &Raw<'_>,
    agency: AgencyId,
    keeper: PersonId,
) -> Result<Vec<(Id<Dossier>, String, String)>> {
    cx.rows(&OPEN_OF, values![agency, keeper])
}

/// What a new dossier is.
#[derive(Debug, Clone)]
pub(crate) struct New {
    pub(crate) year: i64,
    pub(crate) line: Option<Id<Line>>,
    pub(crate) notation: String,
    pub(crate) keeper: PersonId,
    pub(crate) keeper_name: String,
    pub(crate) says: Says,
}

/// What can be changed about a dossier while it is open.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) title: String,
    pub(crate) years: Option<i64>,
    pub(crate) construction: bool,
    pub(crate) access: Access,
    pub(crate) language: String,
    pub(crate) note: String,
    pub(crate) started_on: Date,
}

/// Enters a dossier.
pub(crate) fn add(cx: &mut Writer<'_, DossierKeep>, new: &New) -> Result<Id<Dossier>> {
    let (id, agency, now) = (cx.new_id(), cx.agency()?, cx.now());
    let says = &new.says;
    cx.write(
        &ADD,
        values![
            id,
            agency,
            new.year,
            new.line,
            &new.notation,
            &says.title,
            says.years,
            says.construction,
            says.access,
            new.keeper,
            &new.keeper_name,
            &says.language,
            &says.note,
            now,
            says.started_on
        ],
    )?;
    Ok(id)
}

/// Changes what is known of one.
pub(crate) fn edit(cx: &mut Writer<'_, DossierKeep>, dossier: &Opened<Dossier>, says: &Says) -> Result<()> {
    let values = values![
        dossier.id,
        &says.title,
        says.years,
        says.construction,
        says.access,
        &says.language,
        &says.note,
        says.started_on
    ];
    cx.write(&EDIT, values).map(drop)
}

/// Closes one.
pub(crate) fn close(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    ended_on: Date,
    (due_on, expires_on): (Option<Date>, Option<Date>),
) -> Result<()> {
    let now = cx.now();
    cx.write(&CLOSE, values![dossier.id, ended_on, now, due_on, expires_on]).map(drop)
}

/// Opens a closed one again.
pub(crate) fn reopen(cx: &mut Writer<'_, DossierKeep>, dossier: &Opened<Dossier>) -> Result<()> {
    cx.write(&REOPEN, values![dossier.id]).map(drop)
}

/// Gives one to another keeper.
pub(crate) fn pass_on<P: Permission>(
    cx: &mut Writer<'_, P>,
    dossier: &Opened<Dossier>,
    (keeper, name): (PersonId, &str),
) -> Result<()> {
    cx.write(&PASS_ON, values![dossier.id, keeper, name]).map(drop)
}

/// Notes that a person takes a dossier away, or a copy of one entry.
pub(crate) fn exported<P: Permission>(
    cx: &mut Writer<'_, P>,
    dossier: &Opened<Dossier>,
    entry: Option<Id<Entry>>,
) -> Result<Id<()>> {
    let (id, person, now) = (cx.new_id(), cx.person()?, cx.now());
    cx.write(&EXPORTED, values![id, dossier.agency, dossier.id, person, now, entry])?;
    Ok(id)
}

/// What a person took away, and when.
pub(crate) fn export(cx: &Raw<'_>, id: Id<()>) -> Result<Export> {
    cx.one(&EXPORT, values![id, cx.person()?])
}
