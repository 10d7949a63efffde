//! What the administrator's pages read of the kernel's own tables: the audit log and the queue of jobs.

use crate::audit::Told;
use crate::db::{Sql, Value};
use crate::handle::Raw;
use crate::{q, row, values};
use base::{AgencyId, Instant, PersonId, Result};

row! {
    /// One act of the audit log.
    pub struct Audited {
        /// Its place in the chain.
        seq: i64,
        /// When.
        at: Instant,
        /// Who.
        person_name: String,
        /// Ids of those they stood in for, with spaces between: the nearest first, then whom those stood in for.
        stands_for: String,
        /// Under which right.
        right_id: String,
        /// Text key of the act.
        act: String,
        /// What it was done to: `incoming`, `agency`, `person`.
        subject_kind: String,
        /// Which.
        subject: uuid::Uuid,
        /// The agency it was done for.
        agency: Option<AgencyId>,
        /// JSON object of the values of its placeholders, or a plain remark, or empty.
        note: String,
        /// The address that was posted to.
        path: String,
    }
}

impl Audited {
    /// The act as the history of a thing tells it.
    pub fn told(&self) -> Told {
        Told {
            at: self.at,
            person_name: self.person_name.clone(),
            act: self.act.clone(),
            note: self.note.clone(),
        }
    }
}

/// Which acts are wanted. An act must meet every condition.
#[derive(Debug, Clone)]
pub struct AuditFilter<'a> {
    /// Done for this agency.
    pub agency: Option<AgencyId>,
    /// Done to this thing.
    pub subject: Option<uuid::Uuid>,
    /// Done by this person.
    pub person: Option<PersonId>,
    /// The text key begins so; empty for all.
    pub act: &'a str,
    /// Not before.
    pub from: Instant,
    /// Before this moment.
    pub until: Instant,
    /// Earlier in the chain than this; `i64::MAX` for the newest.
    pub before: i64,
}

// Three statements, because each has its own index: the log grows for ever and is read from its end.
static PAGE: Sql = q!(
    "SELECT seq, at, person_name, stands_for, right_id, act, subject_kind, subject_id, agency_id, note, path
     FROM kernel_audit
     WHERE {scope} AND seq < $1 AND (person_id = $2 OR $2 IS NULL) AND act LIKE $3 AND at >= $4 AND at < $5
     ORDER BY seq DESC
     LIMIT $6"
);
static PAGE_OF_AGENCY: Sql = q!(
    "SELECT seq, at, person_name, stands_for, right_id, act, subject_kind, subject_id, agency_id, note, path
     FROM kernel_audit
     WHERE {scope} AND seq < $1 AND (person_id = $2 OR $2 IS NULL) AND act LIKE $3 AND at >= $4 AND at < $5
        AND agency_id = $7
     ORDER BY seq DESC
     LIMIT $6"
);
static PAGE_OF_SUBJECT: Sql = q!(
    "SELECT seq, at, person_name, stands_for, right_id, act, subject_kind, subject_id, agency_id, note, path
     FROM kernel_audit
     WHERE {scope} AND seq < $1 AND (person_id = $2 OR $2 IS NULL) AND act LIKE $3 AND at >= $4 AND at < $5
        AND subject_id = $7 AND (agency_id = $8 OR $8 IS NULL)
     ORDER BY seq DESC
     LIMIT $6"
);
static AFTER: Sql = q!(
    "SELECT seq, at, person_name, stands_for, right_id, act, subject_kind, subject_id, agency_id, note, path
     FROM kernel_audit
     WHERE {scope} AND agency_id = $1 AND seq > $2
     ORDER BY seq
     LIMIT $3"
);
static DEPTHS: Sql = q!("SELECT kind, count(*)
     FROM kernel_jobs
     WHERE state IN ('q', 'r')
     GROUP BY kind
     ORDER BY kind");
static OLDEST: Sql = q!("SELECT kind, run_at
     FROM kernel_jobs
     WHERE state IN ('q', 'r') AND run_at <= $1
     ORDER BY run_at
     LIMIT 1");

impl Raw<'_> {
    /// A page of the audit log inside the actor's scope, newest first.
    ///
    /// # Errors
    /// What the database reports.
    pub fn audit_page(&self, wanted: &AuditFilter<'_>, limit: i64) -> Result<Vec<Audited>> {
        let act = format!("{}%", wanted.act);
        let mut values: Vec<Value> =
            values![wanted.before, wanted.person, act, wanted.from, wanted.until, limit].to_vec();
        let sql = match (wanted.subject, wanted.agency) {
            (Some(subject), agency) => {
                values.extend([Value::from(subject), Value::from(agency)]);
                &PAGE_OF_SUBJECT
            }
            (None, Some(agency)) => {
                values.push(Value::from(agency));
                &PAGE_OF_AGENCY
            }
            (None, None) => &PAGE,
        };
        self.rows(sql, &values)
    }

    /// What was done for an agency after a place in the chain, oldest first.
    ///
    /// # Errors
    /// What the database reports.
    pub fn acts_after(&self, (agency, seq): (AgencyId, i64), limit: i64) -> Result<Vec<Audited>> {
        self.rows(&AFTER, values![agency, seq, limit])
    }

    /// How many jobs of each kind wait or run.
    ///
    /// # Errors
    /// What the database reports.
    pub fn job_depths(&self) -> Result<Vec<(String, i64)>> {
        self.rows(&DEPTHS, &[])
    }

    /// The job that has been due longest, and since when. `None` when the workers keep up.
    ///
    /// # Errors
    /// What the database reports.
    pub fn oldest_job(&self) -> Result<Option<(String, Instant)>> {
        self.row(&OLDEST, values![self.now()])
    }
}
