//! What was measured of a tenant, and when chores of the operator were last done: for the page that tells how the
//! system is.

use crate::db::{Database, Sql};
use crate::handle::Raw;
use crate::{q, values};
use base::{Instant, Result};

static NOTE: Sql = q!("INSERT INTO kernel_upkeep (name, n, at) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET n = $2, at = $3");
static NOTED: Sql = q!("SELECT n, at FROM kernel_upkeep WHERE name = $1");

/// What can be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A backup was finished.
    Backup,
    /// Bytes the database takes.
    Database,
    /// Bytes the stored files take.
    Files,
    /// Bytes that are free where the files are.
    DiskFree,
}

impl Figure {
    const fn name(self) -> &'static str {
        match self {
            Figure::Backup => "backup",
            Figure::Database => "database",
            Figure::Files => "files",
            Figure::DiskFree => "disk_free",
        }
    }
}

/// Notes a figure. Not an act, so not in the audit log.
///
/// # Errors
/// What the database reports.
pub fn note(db: &dyn Database, figure: Figure, (n, at): (i64, Instant)) -> Result<()> {
    db.execute(&NOTE, values![figure.name(), n, at]).map(drop)
}

/// The figure and when it was noted; `None` when it never was.
///
/// # Errors
/// What the database reports.
pub fn noted(cx: &Raw<'_>, figure: Figure) -> Result<Option<(i64, Instant)>> {
    cx.row(&NOTED, values![figure.name()])
}
