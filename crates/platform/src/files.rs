//! Files that belong to a thing. Their bytes are in the content-addressed store, once, however many
//! things hold them.

use base::form::Upload;
use base::{AgencyId, Id, Instant, Result};
use kernel::{Permission, Raw, Sql, Writer, jobs, q, row, values};

row! {
    /// A file of a thing.
    pub struct FileOf {
        /// Id.
        id: Id<FileOf>,
        /// Agency that holds it.
        agency: AgencyId,
        /// The thing.
        subject: uuid::Uuid,
        /// `main`, `annex` or `scan`.
        role: String,
        /// Its name, for show.
        name: String,
        /// What its bytes are.
        content_type: String,
        /// Size in bytes.
        bytes: i64,
        /// SHA-256: its name in the store.
        sha256: String,
        /// Place in the list.
        sort: i64,
        /// Since when.
        added_at: Instant,
        /// When its bytes were destroyed; what is known of it stays.
        destroyed_at: Option<Instant>,
    }
}

static ADD: Sql = q!(
    "INSERT INTO platform_files (id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort,
        added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
static OF: Sql =
    q!("SELECT id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort, added_at,
        destroyed_at
     FROM platform_files
     WHERE {scope} AND subject_id = $1
     ORDER BY sort, added_at");
static ONE: Sql =
    q!("SELECT id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort, added_at,
        destroyed_at
     FROM platform_files
     WHERE {scope} AND id = $1 AND subject_id = $2 AND destroyed_at IS NULL");
static LIVE: Sql =
    q!("SELECT id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort, added_at,
        destroyed_at
     FROM platform_files
     WHERE {scope} AND subject_id = $1 AND destroyed_at IS NULL
     ORDER BY sort, added_at");
static MOVE: Sql = q!("UPDATE platform_files SET subject_id = $2 WHERE {scope} AND subject_id = $1");
static DESTROY: Sql = q!("UPDATE platform_files SET destroyed_at = $2
     WHERE {scope} AND subject_id = $1 AND destroyed_at IS NULL
     RETURNING sha256");
static DESTROY_ONE: Sql = q!("UPDATE platform_files SET destroyed_at = $3
     WHERE {scope} AND subject_id = $1 AND sha256 = $2 AND destroyed_at IS NULL");

/// Adds an uploaded file to a thing.
///
/// # Errors
/// What the database reports.
pub fn add<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    (agency, subject): (AgencyId, Id<N>),
    (role, sort): (&str, i64),
    file: &Upload,
) -> Result<()> {
    let (id, now) = (cx.new_id::<FileOf>(), cx.now());
    cx.write(
        &ADD,
        values![
            id,
            agency,
            subject,
            role,
            &file.name,
            &file.content_type,
            file.bytes,
            &file.sha256,
            sort,
            now
        ],
    )?;
    crate::scans::tell_if_bad(cx, subject, &file.sha256)
}

/// The files of a thing, the document itself first, without those that were destroyed.
///
/// # Errors
/// What the database reports.
pub fn of<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<Vec<FileOf>> {
    cx.rows(&LIVE, values![subject])
}

/// The files of a thing, those that were destroyed among them.
///
/// # Errors
/// What the database reports.
pub fn ever_of<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<Vec<FileOf>> {
    cx.rows(&OF, values![subject])
}

/// One file of a thing the actor has opened.
///
/// # Errors
/// `NotFound` when the thing has no such file.
pub fn one<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>, file: Id<FileOf>) -> Result<FileOf> {
    cx.one(&ONE, values![file, subject])
}

/// Hands the files of one thing to another, as when a version takes the place of the one before.
///
/// # Errors
/// What the database reports.
pub fn hand_on<P: Permission, N: ?Sized, M: ?Sized>(
    cx: &mut Writer<'_, P>,
    from: Id<N>,
    to: Id<M>,
) -> Result<u64> {
    cx.write_any(&MOVE, values![from, to])
}

/// Destroys the files of a thing: their rows stay and say when. Their bytes go after the commit, unless another
/// thing holds the same. Answers how many files there were.
///
/// # Errors
/// What the database reports.
pub fn destroy<P: Permission, N: ?Sized>(cx: &mut Writer<'_, P>, subject: Id<N>) -> Result<usize> {
    let now = cx.now();
    let gone: Vec<(String,)> = cx.write_returning_all(&DESTROY, values![subject, now])?;
    for (sha256,) in &gone {
        let_go(cx, sha256)?;
    }
    Ok(gone.len())
}

/// Destroys one content of a thing, as [`destroy`] does all of them; false when the thing has no such file.
///
/// # Errors
/// What the database reports.
pub fn destroy_one<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    sha256: &str,
) -> Result<bool> {
    let now = cx.now();
    if cx.write_any(&DESTROY_ONE, values![subject, sha256, now])? == 0 {
        return Ok(false);
    }
    let_go(cx, sha256)?;
    Ok(true)
}

fn let_go<P: Permission>(cx: &mut Writer<'_, P>, sha256: &str) -> Result<()> {
    // Each time a job of its own: one that runs already may have looked before this transaction.
    let key = cx.new_id::<FileOf>().to_string();
    jobs::enqueue(cx, "files.destroy", &key, &serde_json::json!({ "sha256": sha256 }))
}
