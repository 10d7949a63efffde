//! Work: each task has one owner, a person or the pool of everybody who holds a right in the agency.

mod beside;
mod open;

pub use beside::{Beside, beside};
pub(crate) use open::on_opened;
pub use open::{After, OPENED_JOB, OpenTask, late, looked, put_off, unopened};

use base::{AgencyId, Id, Instant, PersonId, Result, TaskId, UnitId};
use kernel::{Permission, Raw, Sql, Waiting, Writer, q, row, values};

row! {
    /// A task.
    pub struct Task {
        /// Id.
        id: TaskId,
        /// Agency.
        agency: AgencyId,
        /// Text key of what is to be done: `documents.task.register`.
        kind: String,
        /// What the subject is: `incoming`, `outgoing`.
        subject_kind: String,
        /// The thing.
        subject: uuid::Uuid,
        /// What it is about.
        title: String,
        /// One line more: symbol, sender.
        detail: String,
        /// The page of the thing.
        path: String,
        /// Where a POST does the expected act at once, if one press can.
        act_path: Option<String>,
        /// Owner, when it is a person.
        person: Option<PersonId>,
        /// Right whose holders own it, when it is a pool.
        pool: Option<String>,
        /// False for those who only help.
        lead: bool,
        /// 0 normal to 4.
        urgency: i64,
        /// Until when.
        due_at: Option<Instant>,
        /// Its place in the queue: smaller first.
        rank: i64,
        /// Since when.
        given_at: Instant,
        /// When its owner first looked.
        opened_at: Option<Instant>,
        /// When it was finished.
        done_at: Option<Instant>,
    }
}

/// Who owns a task.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    /// A person, in a unit.
    Person(PersonId, Option<UnitId>),
    /// Everybody who holds this right in the agency.
    Pool(&'static str),
}

/// What is needed to give a task.
#[derive(Debug, Clone)]
pub struct NewTask<'a> {
    /// Text key of what is to be done.
    pub kind: &'static str,
    /// What the subject is, and which.
    pub subject: (&'static str, uuid::Uuid),
    /// What it is about.
    pub title: &'a str,
    /// One line more.
    pub detail: &'a str,
    /// The page of the thing.
    pub path: String,
    /// Where a POST does the expected act at once.
    pub act_path: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// False for those who only help.
    pub lead: bool,
    /// 0 normal to 4.
    pub urgency: i64,
    /// Until when.
    pub due: Option<Instant>,
}

static GIVE: Sql = q!(
    "INSERT INTO platform_tasks (id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path,
        person_id, unit_id, pool, lead, urgency, due_at, rank, given_at, given_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
);
static NOT_AT_ONCE: Sql = q!("UPDATE platform_tasks SET act_path = NULL
     WHERE {scope} AND subject_id = $1 AND kind = $2 AND done_at IS NULL");
static RETELL: Sql = q!("UPDATE platform_tasks SET detail = $3
     WHERE {scope} AND subject_id = $1 AND kind = $2 AND done_at IS NULL");
static CLOSE_KIND: Sql = q!("UPDATE platform_tasks SET done_at = $3, outcome = $4, done_by = $5
     WHERE {scope} AND subject_id = $1 AND kind = $2 AND done_at IS NULL");
static CLOSE_OF_PERSON: Sql = q!("UPDATE platform_tasks SET done_at = $4, outcome = $5, done_by = $6
     WHERE {scope} AND subject_id = $1 AND kind = $2 AND person_id = $3 AND done_at IS NULL");
static CLOSE_ALL: Sql = q!("UPDATE platform_tasks SET done_at = $2, outcome = $3, done_by = $4
     WHERE {scope} AND subject_id = $1 AND done_at IS NULL");
static OF_SUBJECT: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, person_id, pool, lead,
        urgency, due_at, rank, given_at, opened_at, done_at
     FROM platform_tasks
     WHERE {scope} AND subject_id = $1
     ORDER BY given_at"
);
static POOLED: Sql = q!("SELECT owner, kind, n
     FROM platform_waiting
     WHERE agency = $1 AND pooled = 1 AND n > 0
     ORDER BY owner, kind");
static OWN: Sql = q!(
    "SELECT owner, kind, n FROM platform_waiting WHERE agency = $1 AND pooled = 0 AND owner = $2 AND n > 0"
);
// What is late has a smaller rank than now. Counting stops at 1,000: nobody needs to know more, and the page stays
// fast.
static LATE_PERSON: Sql = q!("SELECT kind, count(*)
     FROM (
        SELECT kind FROM platform_tasks
        WHERE {scope} AND agency_id = $1 AND person_id = $2 AND done_at IS NULL AND rank < $3 AND due_at < $3
        LIMIT 1000) AS t
     GROUP BY kind");
static LATE_POOL: Sql = q!("SELECT kind, count(*)
     FROM (
        SELECT kind FROM platform_tasks
        WHERE {scope} AND agency_id = $1 AND pool = $2 AND done_at IS NULL AND rank < $3 AND due_at < $3
        LIMIT 1000) AS t
     GROUP BY kind");

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Most urgent first, then what is due first; what has no date counts as due in thirty days.
fn rank(task: &NewTask<'_>, given_at: Instant) -> i64 {
    let due = task.due.unwrap_or_else(|| given_at.plus_days(30));
    due.micros() - task.urgency * 365 * DAY
}

/// Gives a task.
///
/// # Errors
/// What the database reports.
pub fn give<P: Permission>(cx: &mut Writer<'_, P>, agency: AgencyId, task: &NewTask<'_>) -> Result<TaskId> {
    let (id, now) = (cx.new_id(), cx.now());
    let by = cx.actor().person;
    let (person, unit, pool) = match task.owner {
        Owner::Person(person, unit) => (Some(person), unit, None),
        Owner::Pool(right) => (None, None, Some(right)),
    };
    let (kind, subject) = task.subject;
    let rank = rank(task, now);
    cx.write(
        &GIVE,
        values![
            id,
            agency,
            task.kind,
            kind,
            subject,
            task.title,
            task.detail,
            &task.path,
            task.act_path.clone(),
            person,
            unit,
            pool,
            task.lead,
            task.urgency,
            task.due,
            rank,
            now,
            by
        ],
    )?;
    Ok(id)
}

/// Takes the one press away from open tasks: whoever owns them must look first.
///
/// # Errors
/// What the database reports.
pub fn not_at_once<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    kind: &str,
) -> Result<()> {
    cx.write_any(&NOT_AT_ONCE, values![subject, kind]).map(drop)
}

/// Says something else beside the title of open tasks. A part between dots that is a text key is shown as its text.
///
/// # Errors
/// What the database reports.
pub fn retell<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    (kind, detail): (&str, &str),
) -> Result<()> {
    cx.write_any(&RETELL, values![subject, kind, detail]).map(drop)
}

/// Finishes the open tasks of one kind on a thing, whoever owns them.
///
/// # Errors
/// What the database reports.
pub fn close<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    kind: &str,
    outcome: &str,
) -> Result<u64> {
    let (now, by) = (cx.now(), cx.actor().person);
    cx.write_any(&CLOSE_KIND, values![subject, kind, now, outcome, by])
}

/// Finishes one person's open tasks of one kind on a thing.
///
/// # Errors
/// What the database reports.
pub fn close_of_person<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    (subject, person): (Id<N>, PersonId),
    kind: &str,
    outcome: &str,
) -> Result<u64> {
    let (now, by) = (cx.now(), cx.actor().person);
    cx.write_any(&CLOSE_OF_PERSON, values![subject, kind, person, now, outcome, by])
}

/// Finishes every open task on a thing.
///
/// # Errors
/// What the database reports.
pub fn close_all<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    outcome: &str,
) -> Result<u64> {
    let (now, by) = (cx.now(), cx.actor().person);
    cx.write_any(&CLOSE_ALL, values![subject, now, outcome, by])
}

/// Every task on a thing, oldest first.
///
/// # Errors
/// What the database reports.
pub fn of<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<Vec<Task>> {
    cx.rows(&OF_SUBJECT, values![subject])
}

/// The people whose work an actor sees: themselves and those they stand in for.
fn people(cx: &Raw<'_>) -> Vec<PersonId> {
    let actor = cx.actor();
    actor.person.iter().chain(&actor.stands_for).copied().collect()
}

/// Owner, kind and number of what is open.
type Open = (String, String, i64);

/// What is open in the pools of the agency whose right the actor holds there.
fn pooled(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Open>> {
    let mut open: Vec<Open> = cx.rows(&POOLED, values![agency])?;
    open.retain(|(pool, _, _)| cx.actor().reaches(pool, agency));
    Ok(open)
}

/// The pools of the agency in which something waits that the actor may do.
fn pools(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<String>> {
    let mut pools: Vec<String> = pooled(cx, agency)?.into_iter().map(|(pool, _, _)| pool).collect();
    pools.dedup();
    Ok(pools)
}

/// How much of each kind waits for the actor.
///
/// # Errors
/// What the database reports.
pub fn waiting(cx: &Raw<'_>) -> Result<Vec<(String, Waiting)>> {
    let (agency, now) = (cx.agency()?, cx.now());
    let mut counts: Vec<(String, Waiting)> = Vec::new();
    for person in people(cx) {
        let open: Vec<Open> = cx.rows(&OWN, values![agency, person.uuid().simple().to_string()])?;
        if !open.is_empty() {
            add(&mut counts, open.iter().map(|(_, kind, n)| (kind, Waiting { all: *n, late: 0 })));
            let late: Vec<(String, i64)> = cx.rows(&LATE_PERSON, values![agency, person, now])?;
            add(&mut counts, late.iter().map(|(kind, n)| (kind, Waiting { all: 0, late: *n })));
        }
    }
    let open = pooled(cx, agency)?;
    add(&mut counts, open.iter().map(|(_, kind, n)| (kind, Waiting { all: *n, late: 0 })));
    for pools in open.chunk_by(|(a, ..), (b, ..)| a == b) {
        let Some((pool, ..)) = pools.first() else { continue };
        let late: Vec<(String, i64)> = cx.rows(&LATE_POOL, values![agency, pool, now])?;
        add(&mut counts, late.iter().map(|(kind, n)| (kind, Waiting { all: 0, late: *n })));
    }
    Ok(counts)
}

fn add<'k>(counts: &mut Vec<(String, Waiting)>, more: impl Iterator<Item = (&'k String, Waiting)>) {
    for (kind, Waiting { all, late }) in more {
        match counts.iter_mut().find(|(known, _)| known == kind) {
            Some((_, waiting)) => {
                waiting.all += all;
                waiting.late += late;
            }
            None => counts.push((kind.clone(), Waiting { all, late })),
        }
    }
}

// A page of a queue continues after a rank and an id: many tasks fall due at the same moment.
static QUEUE_PERSON: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, person_id, pool, lead,
        urgency, due_at, rank, given_at, opened_at, done_at
     FROM platform_tasks
     WHERE {scope} AND agency_id = $1 AND person_id = $2 AND done_at IS NULL AND (rank, id) > ($3, $4)
        AND (kind = $5 OR $5 = '')
     ORDER BY rank, id
     LIMIT $6"
);
static QUEUE_POOL: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, person_id, pool, lead,
        urgency, due_at, rank, given_at, opened_at, done_at
     FROM platform_tasks
     WHERE {scope} AND agency_id = $1 AND pool = $2 AND done_at IS NULL AND (rank, id) > ($3, $4)
        AND (kind = $5 OR $5 = '')
     ORDER BY rank, id
     LIMIT $6"
);
static DONE_SINCE: Sql = q!("SELECT kind, person_id, count(*)
     FROM platform_tasks
     WHERE {scope} AND agency_id = $1 AND done_by = $2 AND done_at >= $3
     GROUP BY kind, person_id
     ORDER BY kind");

/// Where the first page of a queue begins.
pub const QUEUE_START: (i64, TaskId) = (i64::MIN, TaskId::of(uuid::Uuid::nil()));

/// What waits for the actor, most urgent first: one kind or all (`""`), `limit` tasks after a rank and an id.
///
/// # Errors
/// What the database reports.
pub fn queue(cx: &Raw<'_>, kind: &str, (rank, id): (i64, TaskId), limit: i64) -> Result<Vec<Task>> {
    let agency = cx.agency()?;
    let mut tasks: Vec<Task> = Vec::new();
    for person in people(cx) {
        tasks.extend(cx.rows::<Task>(&QUEUE_PERSON, values![agency, person, rank, id, kind, limit])?);
    }
    for pool in pools(cx, agency)? {
        tasks.extend(cx.rows::<Task>(&QUEUE_POOL, values![agency, pool, rank, id, kind, limit])?);
    }
    tasks.sort_by_key(|task| (task.rank, task.id));
    tasks.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(tasks)
}

/// How much of each kind the actor finished since a moment: their own tasks, those of the people they stand in for,
/// and what they took out of a pool. A task somebody else's act ended, such as a reassignment, is not theirs.
///
/// # Errors
/// What the database reports.
pub fn done_since(cx: &Raw<'_>, since: Instant) -> Result<Vec<(String, i64)>> {
    let agency = cx.agency()?;
    let rows: Vec<(String, Option<PersonId>, i64)> =
        cx.rows(&DONE_SINCE, values![agency, cx.person()?, since])?;
    let people = people(cx);
    let mut counts: Vec<(String, i64)> = Vec::new();
    for (kind, owner, n) in rows {
        if owner.is_some_and(|owner| !people.contains(&owner)) {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += n,
            None => counts.push((kind, n)),
        }
    }
    Ok(counts)
}
