//! The connection to the national axis that an agency keeps: where the axis is, whom it is spoken to for, how it goes,
//! and the axis' own directory.

pub mod queue;

use base::{AgencyId, Instant, Result, text};
use kernel::{Database, FromRow, Permission, Raw, Sql, Writer, jobs, q, row, values};

row! {
    /// A connection as it was entered.
    #[derive(PartialEq, Eq)]
    pub struct Connector {
        /// Who keeps it.
        agency: AgencyId,
        /// Address of the axis, without the calls' own paths.
        address: String,
        /// The id the axis gave.
        system: String,
        /// The secret the axis gave, sealed.
        secret: String,
        /// True when it is in use.
        active: bool,
        /// When the axis' directory was read last.
        directory_at: Option<Instant>,
    }
}
row! {
    /// How it goes.
    pub struct Standing {
        /// When the axis last answered as it should.
        contact_at: Option<Instant>,
        /// What went wrong in the last turn, a text key; empty when nothing did.
        error: String,
        /// What the axis said.
        detail: String,
        /// Packets handed in so far.
        handed: i64,
        /// Packets taken so far.
        taken: i64,
        /// When the axis' directory was read last.
        directory_at: Option<Instant>,
        /// When it was tried last.
        tested_at: Option<Instant>,
        /// What came of it: a text key; `waiting` while it goes on, empty before the first.
        test: String,
        /// What the axis said.
        test_detail: String,
    }
}

/// What came of a turn.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    /// Packets handed in.
    pub handed: i64,
    /// Packets taken.
    pub taken: i64,
    /// True when the axis' directory was read.
    pub directory: bool,
    /// What went wrong: a text key, and what the axis said.
    pub error: Option<(&'static str, String)>,
    /// True when nothing will go before somebody corrects what was entered.
    pub off: bool,
}

row! {
    /// An agency of the axis' directory.
    pub struct Listed {
        /// Code, QCVN 102 form.
        code_102: String,
        /// Code, QĐ 20/2020 form; empty when it is not told.
        code_qd20: String,
        /// Name.
        name: String,
    }
}

/// Job kind of a trial: `{agency}`.
pub const TEST: &str = "axis.test";
/// What a trial says while it goes on.
pub const WAITING: &str = "waiting";

static ADD: Sql = q!(
    "INSERT INTO platform_connectors (agency_id, address, system_id, secret, active, next_at, leased_until, error,
        detail, handed, taken, test, test_detail)
     VALUES ($1, $2, $3, $4, $5, $6, 0, '', '', 0, 0, '', '')"
);
static CHANGE: Sql = q!("UPDATE platform_connectors
     SET address = $2, system_id = $3, secret = $4, active = $5, next_at = $6, directory_at = NULL, error = '',
        detail = '', test = '', test_detail = ''
     WHERE {scope} AND agency_id = $1");
static OF: Sql = q!("SELECT agency_id, address, system_id, secret, active, directory_at
     FROM platform_connectors
     WHERE {scope} AND agency_id = $1");
static STANDING: Sql =
    q!("SELECT contact_at, error, detail, handed, taken, directory_at, tested_at, test, test_detail
     FROM platform_connectors
     WHERE {scope} AND agency_id = $1");
static SERVED: Sql = q!("SELECT agency_id FROM platform_connector_agencies WHERE {scope} AND keeper_id = $1");
static KEEPER: Sql = q!("SELECT keeper_id FROM platform_connector_agencies WHERE {scope} AND agency_id = $1");
static LEAVE: Sql = q!("DELETE FROM platform_connector_agencies WHERE {scope} AND keeper_id = $1");
static SERVE: Sql = q!("INSERT INTO platform_connector_agencies (agency_id, keeper_id) VALUES ($1, $2)");
static CLAIM: Sql = q!("UPDATE platform_connectors SET leased_until = $2
     WHERE {scope} AND agency_id IN (
        SELECT c.agency_id FROM platform_connectors c
        WHERE {scope:c} AND c.active = 1 AND c.leased_until <= $1 AND (c.next_at <= $1 OR c.error = '' AND EXISTS (
            SELECT 1 FROM platform_connector_queue k JOIN platform_connector_agencies s ON s.agency_id = k.agency_id
            WHERE {scope:k} AND {scope:s} AND s.keeper_id = c.agency_id AND k.way = 'axis' AND k.leased_until <= $1))
        ORDER BY c.next_at
        LIMIT 1 {skip_locked})
     RETURNING agency_id, address, system_id, secret, active, directory_at");
static ANY_DUE: Sql = q!("SELECT 1
     FROM platform_connectors c
     WHERE {scope:c} AND c.active = 1 AND c.leased_until <= $1 AND (c.next_at <= $1 OR c.error = '' AND EXISTS (
        SELECT 1 FROM platform_connector_queue k JOIN platform_connector_agencies s ON s.agency_id = k.agency_id
        WHERE {scope:k} AND {scope:s} AND s.keeper_id = c.agency_id AND k.way = 'axis' AND k.leased_until <= $1))
     LIMIT 1");
static TURNED: Sql = q!("UPDATE platform_connectors
     SET contact_at = CASE WHEN $3 = '' THEN CAST($2 AS BIGINT) ELSE contact_at END, error = $3, detail = $4,
        handed = handed + $5, taken = taken + $6, next_at = $7, leased_until = 0,
        directory_at = CASE WHEN CAST($8 AS BIGINT) = 1 THEN CAST($2 AS BIGINT) ELSE directory_at END,
        active = CASE WHEN CAST($9 AS BIGINT) = 1 THEN 0 ELSE active END
     WHERE {scope} AND agency_id = $1");
static TEST_ASKED: Sql =
    q!("UPDATE platform_connectors SET test = 'waiting', test_detail = '', tested_at = $2
     WHERE {scope} AND agency_id = $1");
static TESTED: Sql = q!("UPDATE platform_connectors SET test = $2, test_detail = $3, tested_at = $4
     WHERE {scope} AND agency_id = $1");
static LISTED: Sql =
    q!("INSERT INTO platform_axis_agencies (agency_id, code_102, code_qd20, name, words, seen)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (agency_id, code_102) DO UPDATE
     SET code_qd20 = excluded.code_qd20, name = excluded.name, words = excluded.words, seen = excluded.seen");
static UNLISTED: Sql =
    q!("DELETE FROM platform_axis_agencies WHERE {scope} AND agency_id = $1 AND seen < $2");
static FORGET: Sql = q!("DELETE FROM platform_axis_packets WHERE {scope} AND agency_id = $1");
static UNREAD: Sql = q!("SELECT 1
     FROM platform_connectors c JOIN platform_connector_agencies s ON s.keeper_id = c.agency_id
     WHERE {scope:c} AND {scope:s} AND s.agency_id = $1 AND c.active = 1 AND c.directory_at IS NULL
     LIMIT 1");
static COUNT: Sql = q!("SELECT count(*) FROM platform_axis_agencies WHERE {scope} AND agency_id = $1");
static FIND: Sql = q!("SELECT code_102, code_qd20, name
     FROM platform_axis_agencies
     WHERE {scope} AND agency_id = $1 AND words LIKE $2
     ORDER BY code_102
     LIMIT $3");
static LISTING: Sql = q!("SELECT code_102, code_qd20, name
     FROM platform_axis_agencies
     WHERE {scope} AND agency_id = $1 AND code_102 = $2");
static ON_AXIS: Sql = q!("SELECT 1
     FROM platform_axis_agencies a JOIN platform_connector_agencies s ON s.keeper_id = a.agency_id
     WHERE {scope:a} AND {scope:s} AND s.agency_id = $1 AND (a.code_102 = $2 OR a.code_qd20 = $2)
     LIMIT 1");

/// Enters a connection, or changes it. Its first turn is at once.
///
/// # Errors
/// `Refused` when another connection speaks for one of the agencies.
pub fn keep<P: Permission>(cx: &mut Writer<'_, P>, one: &Connector, serves: &[AgencyId]) -> Result<()> {
    let now = cx.now();
    let before = of(cx, one.agency)?;
    if before.is_some_and(|old| (old.address, old.system) != (one.address.clone(), one.system.clone())) {
        // Another axis has a directory of its own, and gives its own ids.
        cx.write_any(&UNLISTED, values![one.agency, i64::MAX])?;
        cx.write_any(&FORGET, values![one.agency])?;
    }
    let row = values![one.agency, &one.address, &one.system, &one.secret, one.active, now];
    if cx.write_any(&CHANGE, row)? == 0 {
        cx.write(&ADD, row)?;
    }
    // What waits is routed anew: who is spoken for may have changed.
    queue::release(cx, one.agency)?;
    cx.write_any(&LEAVE, values![one.agency])?;
    for agency in serves {
        cx.write(&SERVE, values![*agency, one.agency])?;
    }
    Ok(())
}

/// The connection an agency keeps, if it keeps one.
///
/// # Errors
/// What the database reports.
pub fn of(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<Connector>> {
    cx.row(&OF, values![agency])
}

/// How it goes with the connection an agency keeps.
///
/// # Errors
/// What the database reports.
pub fn standing(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<Standing>> {
    cx.row(&STANDING, values![agency])
}

/// Whom a connection speaks for.
///
/// # Errors
/// What the database reports.
pub fn served(cx: &Raw<'_>, keeper: AgencyId) -> Result<Vec<AgencyId>> {
    Ok(cx.rows::<(AgencyId,)>(&SERVED, values![keeper])?.into_iter().map(|(id,)| id).collect())
}

/// Who keeps the connection that speaks for an agency.
///
/// # Errors
/// What the database reports.
pub fn keeper(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<AgencyId>> {
    Ok(cx.row::<(AgencyId,)>(&KEEPER, values![agency])?.map(|(id,)| id))
}

/// True when a turn is due that nobody is about.
///
/// # Errors
/// What the database reports.
pub fn any_due(cx: &Raw<'_>) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ANY_DUE, values![cx.now()])?.is_some())
}

/// Takes one connection that is due until `lease_until`.
///
/// # Errors
/// What the database reports.
pub fn claim(db: &dyn Database, (now, lease_until): (Instant, Instant)) -> Result<Option<Connector>> {
    let mut claimed = None;
    db.query(&CLAIM, values![now, lease_until], &mut |row| {
        claimed = Some(Connector::from_row(row)?);
        Ok(())
    })?;
    Ok(claimed)
}

/// Keeps what came of a turn. The next is in `minutes`, five times as late after a failure.
///
/// # Errors
/// What the database reports.
pub fn turned(
    db: &dyn Database,
    keeper: AgencyId,
    turn: &Turn,
    (now, minutes): (Instant, i64),
) -> Result<()> {
    let (error, detail) = turn.error.as_ref().map_or(("", ""), |(key, detail)| (*key, detail.as_str()));
    let next = now.plus_minutes(if error.is_empty() { minutes } else { minutes.saturating_mul(5) });
    let row = values![keeper, now, error, detail, turn.handed, turn.taken, next, turn.directory, turn.off];
    db.execute(&TURNED, row).map(drop)
}

/// Asks for a trial: what comes of it is read on the page.
///
/// # Errors
/// `Refused` when the agency keeps no connection.
pub fn try_out<P: Permission>(cx: &mut Writer<'_, P>, agency: AgencyId) -> Result<()> {
    let now = cx.now();
    cx.write(&TEST_ASKED, values![agency, now])?;
    jobs::enqueue(cx, TEST, &agency.to_string(), &serde_json::json!({ "agency": agency }))
}

/// Keeps what came of a trial: a text key, and what the axis said.
///
/// # Errors
/// What the database reports.
pub fn tried(db: &dyn Database, agency: AgencyId, (key, detail): (&str, &str), now: Instant) -> Result<()> {
    db.execute(&TESTED, values![agency, key, detail, now]).map(drop)
}

/// Enters a part of the axis' directory as it is at a moment.
///
/// # Errors
/// What the database reports.
pub fn list(db: &dyn Database, keeper: AgencyId, (part, now): (&[Listed], Instant)) -> Result<()> {
    for one in part {
        let words = format!("{} {} {}", text::fold(&one.name), one.code_102, one.code_qd20).to_lowercase();
        db.execute(&LISTED, values![keeper, &one.code_102, &one.code_qd20, &one.name, words, now])?;
    }
    Ok(())
}

/// Takes out what the directory no longer named at a moment.
///
/// # Errors
/// What the database reports.
pub fn unlist(db: &dyn Database, keeper: AgencyId, now: Instant) -> Result<()> {
    db.execute(&UNLISTED, values![keeper, now]).map(drop)
}

/// How many agencies the axis' directory names.
///
/// # Errors
/// What the database reports.
pub fn listed(cx: &Raw<'_>, keeper: AgencyId) -> Result<i64> {
    cx.number(&COUNT, values![keeper])
}

/// Agencies of the axis' directory whose name or codes hold these words in this order, accents optional.
///
/// # Errors
/// What the database reports.
pub fn find(cx: &Raw<'_>, keeper: AgencyId, (words, limit): (&str, i64)) -> Result<Vec<Listed>> {
    let folded = text::fold(words).to_lowercase().replace(['%', '_'], " ");
    let wanted: Vec<&str> = folded.split_whitespace().take(20).collect();
    match wanted.as_slice() {
        [] => Ok(Vec::new()),
        some => cx.rows(&FIND, values![keeper, format!("%{}%", some.join("%")), limit]),
    }
}

/// An agency of the axis' directory by its code.
///
/// # Errors
/// What the database reports.
pub fn listing(cx: &Raw<'_>, keeper: AgencyId, code_102: &str) -> Result<Option<Listed>> {
    cx.row(&LISTING, values![keeper, code_102])
}

/// True when the axis that an agency is connected to knows a code.
///
/// # Errors
/// What the database reports.
pub fn on_axis(cx: &Raw<'_>, agency: AgencyId, code: &str) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ON_AXIS, values![agency, code])?.is_some())
}

/// True when the directory of the axis that an agency is connected to was not read yet.
///
/// # Errors
/// What the database reports.
pub fn unread(cx: &Raw<'_>, agency: AgencyId) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&UNREAD, values![agency])?.is_some())
}
