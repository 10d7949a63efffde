//! Numbers without gaps: one series a year an agency, drawn in the transaction that uses them
//! (Decree 30/2020, articles 15.1 and 22.2: numbers start at 01 on 1 January and end on 31 December).

use base::{AgencyId, Result};
use kernel::{Permission, Raw, Sql, Writer, q, values};

static NEXT: Sql = q!("INSERT INTO platform_counters (agency_id, series, year, n)
     VALUES ($1, $2, $3, 1)
     ON CONFLICT (agency_id, series, year) DO UPDATE SET n = platform_counters.n + 1
     RETURNING n");
static LAST: Sql =
    q!("SELECT n FROM platform_counters WHERE {scope} AND agency_id = $1 AND series = $2 AND year = $3");

/// The next number of a series in the year of the act (local time). Rolled back with the transaction, so
/// that no number is lost.
///
/// # Errors
/// What the database reports.
pub fn next<P: Permission>(cx: &mut Writer<'_, P>, agency: AgencyId, series: &str) -> Result<i64> {
    let year = cx.now().year();
    let (n,): (i64,) = cx.write_returning(&NEXT, values![agency, series, year])?;
    Ok(n)
}

/// The number drawn last, 0 when none.
///
/// # Errors
/// What the database reports.
pub fn last(cx: &Raw<'_>, agency: AgencyId, series: &str, year: i32) -> Result<i64> {
    cx.number(&LAST, values![agency, series, year])
}

/// A number as it is written: below ten with a leading zero (Decree 30/2020, Annex I).
pub fn written(n: i64) -> String {
    format!("{n:02}")
}
