//! Statements of scans and of what was read off them.

use crate::model::Incoming;
use crate::model::capture::{Capture, CaptureState, GuessRow};
use crate::rules::capture::Guess;
use base::{AgencyId, Id, Instant, Result};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// A scan that waits.
    pub(crate) struct Waits {
        /// Id.
        id: Id<Capture>,
        /// Where it stands.
        state: CaptureState,
        /// Who handed it in.
        person_name: String,
        /// Since when.
        at: Instant,
        /// Its number and symbol, when it could be read.
        symbol: String,
    }
}

static ENTER: Sql = q!(
    "INSERT INTO documents_captures (id, agency_id, person_id, person_name, state, files, pdf, pages, done, total,
        trouble, content, at)
     VALUES ($1, $2, $3, $4, 'reading', $5, '', 0, 0, 0, '', '', $6)"
);
static WAITING: Sql = q!("SELECT c.id, c.state, c.person_name, c.at, COALESCE(g.value, '')
     FROM documents_captures c
     LEFT JOIN documents_guesses g ON g.capture_id = c.id AND g.field = 'symbol' AND {scope:g}
     WHERE {scope:c} AND c.agency_id = $1 AND c.state IN ('reading', 'read', 'unread')
     ORDER BY c.at DESC, c.id DESC
     LIMIT 20");
static ADVANCE: Sql = q!("UPDATE documents_captures
     SET done = $2, total = $3, pdf = CASE WHEN $4 = '' THEN pdf ELSE $4 END
     WHERE {scope} AND id = $1 AND state = 'reading'");
static READ: Sql = q!("UPDATE documents_captures
     SET state = $2, pages = $3, trouble = $4, content = $5
     WHERE {scope} AND id = $1 AND state = 'reading'");
static CLOSE: Sql = q!("UPDATE documents_captures
     SET state = $2, incoming_id = $3, files = '', pdf = '', content = ''
     WHERE {scope} AND id = $1 AND state IN ('reading', 'read', 'unread')");
static OLD: Sql = q!("SELECT id
     FROM documents_captures
     WHERE {scope} AND state IN ('reading', 'read', 'unread') AND at < $1
     ORDER BY at
     LIMIT 500");
static GUESS: Sql = q!(
    "INSERT INTO documents_guesses (capture_id, agency_id, field, value, sure, page, place_left, place_top,
        place_width, place_height)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (capture_id, field) DO NOTHING"
);
static GUESSES: Sql = q!("SELECT field, value, sure, page, place_left, place_top, place_width, place_height
     FROM documents_guesses
     WHERE {scope} AND capture_id = $1");
static FORGET_GUESSES: Sql = q!("DELETE FROM documents_guesses WHERE {scope} AND capture_id = $1");
static KEEP_WORDS: Sql = q!("INSERT INTO documents_scan_words (incoming_id, agency_id, part, content)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (incoming_id, part) DO UPDATE SET content = $4");
static WORDS: Sql =
    q!("SELECT content FROM documents_scan_words WHERE {scope} AND incoming_id = $1 ORDER BY part");
static FORGET_WORDS: Sql = q!("DELETE FROM documents_scan_words WHERE {scope} AND incoming_id = $1");

/// Finds a scan that holds a stored file.
pub(crate) static HOLDS: Sql = q!("SELECT state
     FROM documents_captures
     WHERE {scope} AND state IN ('reading', 'read', 'unread')
        AND (files LIKE '%' || CAST($1 AS TEXT) || '%' OR pdf LIKE '%' || CAST($1 AS TEXT) || '%')
     LIMIT 1");

/// Keeps a scan that was handed in.
pub(crate) fn enter<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    files: &str,
) -> Result<Id<Capture>> {
    let (id, person, now) = (cx.new_id::<Capture>(), cx.person()?, cx.now());
    let name = cx.actor().name.clone();
    cx.write(&ENTER, values![id, agency, person, name, files, now])?;
    Ok(id)
}

/// The newest scans of the agency that wait.
pub(crate) fn waiting(cx: &Raw<'_>) -> Result<Vec<Waits>> {
    let agency = cx.agency()?;
    cx.rows(&WAITING, values![agency])
}

/// Keeps how far the reading is; false when nobody waits for it any more.
pub(crate) fn advance<P: Permission>(
    cx: &mut Writer<'_, P>,
    capture: Id<Capture>,
    (done, total): (i64, i64),
    pdf: &str,
) -> Result<bool> {
    Ok(cx.write_any(&ADVANCE, values![capture, done, total, pdf])? > 0)
}

/// Keeps what was read; false when nobody waits for it any more.
pub(crate) fn read<P: Permission>(
    cx: &mut Writer<'_, P>,
    capture: Id<Capture>,
    (state, trouble): (CaptureState, &str),
    (pages, content): (i64, &str),
) -> Result<bool> {
    Ok(cx.write_any(&READ, values![capture, state, pages, trouble, content])? > 0)
}

/// Keeps what was read for a field.
pub(crate) fn guess<P: Permission>(
    cx: &mut Writer<'_, P>,
    capture: &Opened<Capture>,
    guess: &Guess,
) -> Result<()> {
    let [left, top, width, height] = guess.place;
    cx.write_any(
        &GUESS,
        values![
            capture.id,
            capture.agency,
            guess.field,
            &guess.value,
            guess.sure,
            guess.page,
            left,
            top,
            width,
            height
        ],
    )
    .map(drop)
}

/// What was read off a scan.
pub(crate) fn guesses(cx: &Raw<'_>, capture: Id<Capture>) -> Result<Vec<GuessRow>> {
    cx.rows(&GUESSES, values![capture])
}

/// Ends a scan, as registered or put away: nothing of its content stays here.
pub(crate) fn close<P: Permission>(
    cx: &mut Writer<'_, P>,
    capture: Id<Capture>,
    (state, incoming): (CaptureState, Option<Id<Incoming>>),
) -> Result<()> {
    cx.write(&CLOSE, values![capture, state, incoming])?;
    cx.write_any(&FORGET_GUESSES, values![capture]).map(drop)
}

/// Scans that wait since before a moment.
pub(crate) fn old(cx: &Raw<'_>, before: Instant) -> Result<Vec<Id<Capture>>> {
    Ok(cx.rows::<(Id<Capture>,)>(&OLD, values![before])?.into_iter().map(|(id,)| id).collect())
}

/// Keeps the words of a scan of a document; `part` tells its scans apart.
pub(crate) fn keep_words<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    (part, content): (i64, &str),
) -> Result<()> {
    cx.write(&KEEP_WORDS, values![document.id, document.agency, part, content]).map(drop)
}

/// The words of all scans of a document.
pub(crate) fn words(cx: &Raw<'_>, document: Id<Incoming>) -> Result<String> {
    let parts: Vec<(String,)> = cx.rows(&WORDS, values![document])?;
    Ok(parts.into_iter().map(|(content,)| content).collect::<Vec<_>>().join("\n"))
}

/// Forgets the words of a document whose content is destroyed.
pub(crate) fn forget_words<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    cx.write_any(&FORGET_WORDS, values![document.id]).map(drop)
}
