//! Whose a code is when several tenants say it is theirs.

use base::{AgencyId, Result};
use kernel::{Raw, Sql, q, values};

static LOCAL_HOLDER: Sql = q!("SELECT id, CASE WHEN code_102 = $1 THEN 1 ELSE 0 END
     FROM platform_agencies
     WHERE local = 1 AND (code_102 = $1 OR code_qd20 = $1)
     ORDER BY CASE WHEN code_102 = $1 THEN 0 ELSE 1 END, id
     LIMIT 1");

/// Since when, in milliseconds, an agency has worked in this tenant under a code; as its own code (QCVN 102), or only
/// as its code of the other form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    /// False for its own code: that goes before.
    pub by_other_form: bool,
    /// When the agency was entered.
    pub since_ms: u64,
}

/// How this tenant holds a code; `None` when no agency of that code works here.
///
/// # Errors
/// What the database reports.
pub fn holding(cx: &Raw<'_>, code: &str) -> Result<Option<Holding>> {
    let found: Option<(AgencyId, bool)> = cx.row(&LOCAL_HOLDER, values![code])?;
    // An id is born with the moment in it, and nobody chooses the ids of what they enter.
    let born = |id: AgencyId| {
        let at = id.uuid().get_timestamp().map(|at| at.to_unix());
        at.map_or(u64::MAX, |(seconds, nanos)| seconds * 1000 + u64::from(nanos / 1_000_000))
    };
    Ok(found.map(|(id, own)| Holding { by_other_form: !own, since_ms: born(id) }))
}
