//! The links to other machines: which process carries on which lane now, and how each link is.

use base::{Instant, Result};
use kernel::{Database, Raw, Sql, q, row, values};

row! {
    /// How a link is.
    pub struct Link {
        /// The other machine, by its name in the directory.
        node: String,
        /// How long it took to answer the last time, in microseconds.
        round_trip_us: Option<i64>,
        /// How far its clock was ahead of ours then, in microseconds.
        skew_us: Option<i64>,
        /// When it answered last.
        answered_at: Option<Instant>,
        /// Since when it does not.
        failing_since: Option<Instant>,
        /// Text key of what is wrong; empty when nothing is.
        error: String,
        /// Deliveries of agencies here that wait for it.
        queued: i64,
        /// Since when the oldest of them waits.
        oldest: Option<Instant>,
        /// Packets of others that wait to be passed on to it.
        passing: i64,
    }
}

static TAKE_TURN: Sql =
    q!("INSERT INTO platform_lanes (node, urgent, holder, leased_until) VALUES ($1, $2, $3, $4)
     ON CONFLICT (node, urgent) DO UPDATE SET holder = $3, leased_until = $4
     WHERE platform_lanes.holder = $3 OR platform_lanes.leased_until <= $5");
static FREE_TURNS: Sql = q!("DELETE FROM platform_lanes");
static ANSWERED: Sql =
    q!("INSERT INTO platform_links (node, round_trip_us, skew_us, answered_at, failing_since, error)
     VALUES ($1, $2, $3, $4, NULL, '')
     ON CONFLICT (node) DO UPDATE SET round_trip_us = $2, skew_us = $3, answered_at = $4, failing_since = NULL,
        error = ''");
static FAILING: Sql = q!(
    "INSERT INTO platform_links (node, round_trip_us, skew_us, answered_at, failing_since, error)
     VALUES ($1, NULL, NULL, NULL, $2, $3)
     ON CONFLICT (node) DO UPDATE SET failing_since = coalesce(platform_links.failing_since, $2), error = $3"
);
static ALL: Sql = q!("SELECT l.node, l.round_trip_us, l.skew_us, l.answered_at, l.failing_since, l.error,
        (SELECT count(*) FROM platform_outbox o WHERE {scope:o} AND o.node = l.node AND o.state = 'queued'),
        (SELECT min(p.at) FROM platform_outbox p WHERE {scope:p} AND p.node = l.node AND p.state = 'queued'),
        (SELECT count(*) FROM platform_relays r WHERE r.node = l.node AND r.state = 'queued')
     FROM platform_links l
     ORDER BY l.node");

/// A lane to a machine: urgent letters have one of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// The machine, by its name in the directory.
    pub node: String,
    /// True for the urgent one.
    pub urgent: bool,
}

/// Takes the turn on a lane for a process until a moment, or keeps it. Answers false while another has it.
///
/// # Errors
/// What the database reports.
pub fn take_turn(
    db: &dyn Database,
    (lane, holder): (&Lane, &str),
    (now, until): (Instant, Instant),
) -> Result<bool> {
    Ok(db.execute(&TAKE_TURN, values![&lane.node, lane.urgent, holder, until, now])? > 0)
}

/// Frees all lanes: for a process that alone works on a database and begins.
///
/// # Errors
/// What the database reports.
pub fn free_turns(db: &dyn Database) -> Result<()> {
    db.execute(&FREE_TURNS, &[]).map(drop)
}

/// Notes that a machine has answered: after how long, and how far its clock is ahead, both in microseconds.
///
/// # Errors
/// What the database reports.
pub fn answered(db: &dyn Database, node: &str, (round_trip, skew, at): (i64, i64, Instant)) -> Result<()> {
    db.execute(&ANSWERED, values![node, round_trip, skew, at]).map(drop)
}

/// Notes that a machine cannot be reached; `error` is a text key.
///
/// # Errors
/// What the database reports.
pub fn failing(db: &dyn Database, node: &str, (error, at): (&str, Instant)) -> Result<()> {
    db.execute(&FAILING, values![node, at, error]).map(drop)
}

/// All links that were ever used.
///
/// # Errors
/// What the database reports.
pub fn all(cx: &Raw<'_>) -> Result<Vec<Link>> {
    cx.rows(&ALL, &[])
}
