//! Finding by words, with and without accents. One analyser feeds both engines; the rights are checked
//! when somebody searches, not when something is written.

use crate::organisations::NEXT_RID;
use base::{AgencyId, Date, Error, Id, Result, text};
use kernel::{Actor, Dialect, Permission, Public, Raw, SignedIn, Sql, Writer, q, row, values};

row! {
    /// A thing that was found.
    pub struct Found {
        /// What it is: `incoming`, `outgoing`.
        subject_kind: String,
        /// Which.
        subject: uuid::Uuid,
        /// The right one needs to see it.
        right: String,
        /// What it is about.
        title: String,
        /// One line more.
        detail: String,
        /// Its page.
        path: String,
        /// Its date.
        dated: Date,
    }
}

/// What makes a thing findable.
#[derive(Debug, Clone)]
pub struct Findable<'a> {
    /// What it is.
    pub kind: &'static str,
    /// The right one needs to see it.
    pub right: &'static str,
    /// What it is about.
    pub title: &'a str,
    /// One line more: symbol, sender.
    pub detail: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Its date.
    pub dated: Date,
    /// Every word it can be found by, the title included.
    pub words: &'a str,
}

static OLD: Sql = q!("SELECT rid FROM platform_findable WHERE {scope} AND subject_id = $1");
static ADD: Sql = q!(
    "INSERT INTO platform_findable (rid, agency_id, subject_kind, subject_id, right_id, title, detail, path, dated)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
static EDIT: Sql =
    q!("UPDATE platform_findable SET title = $2, detail = $3, dated = $4, right_id = $5, path = $6
     WHERE {scope} AND rid = $1");
static ADD_SQLITE: Sql = q!(sqlite: "INSERT INTO platform_words (rowid, ex, fo, ag) VALUES ($1, $2, $3, $4)");
static ADD_POSTGRES: Sql = q!(postgres:
    "INSERT INTO platform_words (rowid, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))");
static DROP: Sql = q!("DELETE FROM platform_words WHERE rowid = $1");
static FIND_SQLITE: Sql = q!(sqlite:
    "SELECT f.subject_kind, f.subject_id, f.right_id, f.title, f.detail, f.path, f.dated
     FROM platform_words w JOIN platform_findable f ON f.rid = w.rowid
     WHERE platform_words MATCH $1 AND {scope:f} AND instr($3, ' ' || f.right_id || ' ') > 0
     ORDER BY w.rowid DESC
     LIMIT $2");
static FIND_POSTGRES: Sql = q!(postgres:
    "SELECT f.subject_kind, f.subject_id, f.right_id, f.title, f.detail, f.path, f.dated
     FROM platform_words w JOIN platform_findable f ON f.rid = w.rowid
     WHERE w.words @@ CAST(CAST($1 AS TEXT) AS TSQUERY) AND {scope:f}
        AND strpos(CAST($3 AS TEXT), ' ' || f.right_id || ' ') > 0
     ORDER BY w.rowid DESC
     LIMIT $2");

static SINCE_SQLITE: Sql = q!(sqlite:
    "SELECT f.subject_kind, f.subject_id, f.right_id, f.title, f.detail, f.path, f.dated
     FROM platform_words w JOIN platform_findable f ON f.rid = w.rowid
     WHERE platform_words MATCH $1 AND w.rowid > $2 AND w.rowid <= $3 AND {scope:f}
        AND instr($5, ' ' || f.right_id || ' ') > 0
     ORDER BY w.rowid DESC
     LIMIT $4");
static SINCE_POSTGRES: Sql = q!(postgres:
    "SELECT f.subject_kind, f.subject_id, f.right_id, f.title, f.detail, f.path, f.dated
     FROM platform_words w JOIN platform_findable f ON f.rid = w.rowid
     WHERE w.words @@ CAST(CAST($1 AS TEXT) AS TSQUERY) AND w.rowid > $2 AND w.rowid <= $3 AND {scope:f}
        AND strpos(CAST($5 AS TEXT), ' ' || f.right_id || ' ') > 0
     ORDER BY w.rowid DESC
     LIMIT $4");
static LAST: Sql = q!("SELECT n FROM platform_rids WHERE name = $1");

/// Makes a thing findable, or refreshes what it is found by.
///
/// # Errors
/// What the database reports.
pub fn put<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    subject: Id<N>,
    thing: &Findable<'_>,
) -> Result<()> {
    let rid = match cx.row::<(i64,)>(&OLD, values![subject])? {
        Some((rid,)) => {
            let known = values![rid, thing.title, thing.detail, thing.dated, thing.right, thing.path];
            cx.write(&EDIT, known)?;
            cx.write_any(&DROP, values![rid])?;
            rid
        }
        None => {
            // Row numbers grow as things come, so that "newest first" is the index's own order.
            let (rid,): (i64,) = cx.write_returning(&NEXT_RID, values!["findable"])?;
            cx.write(
                &ADD,
                values![
                    rid,
                    agency,
                    thing.kind,
                    subject,
                    thing.right,
                    thing.title,
                    thing.detail,
                    thing.path,
                    thing.dated
                ],
            )?;
            rid
        }
    };
    let (exact, folded) = text::search_text(thing.words);
    match cx.dialect() {
        Dialect::Sqlite => cx.write(&ADD_SQLITE, values![rid, exact, folded, agency_word(agency)])?,
        Dialect::Postgres => cx.write(&ADD_POSTGRES, values![rid, vector(&exact, &folded, agency)])?,
    };
    Ok(())
}

/// The word of PostgreSQL's index for a word in a column of SQLite's: the same tenant may move from one to the other.
pub fn lexeme_of(column: &str, word: &str) -> String {
    if column == "ex" { format!("={word}") } else { word.to_owned() }
}

/// The column of SQLite's index, and the word in it, for a word of PostgreSQL's.
pub fn column_of(lexeme: &str) -> (&'static str, &str) {
    match lexeme.strip_prefix('=') {
        Some(exact) => ("ex", exact),
        None if is_agency_word(lexeme) => ("ag", lexeme),
        None => ("fo", lexeme),
    }
}

fn is_agency_word(word: &str) -> bool {
    word.strip_prefix("ag").is_some_and(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

// PostgreSQL takes 1 MiB of different words; what is longer is found by those that fit.
const VECTOR_BYTES: usize = 900_000;

fn agency_word(agency: AgencyId) -> String {
    format!("ag{}", agency.uuid().simple())
}

/// The text form of a tsvector: exact words marked with `=`, folded words as they are, and the agency.
fn vector(exact: &str, folded: &str, agency: AgencyId) -> String {
    let exact = exact.split(' ').filter(|w| !w.is_empty()).map(|w| format!("'={w}'"));
    let folded = folded.split(' ').filter(|w| !w.is_empty()).map(|w| format!("'{w}'"));
    let mut words: Vec<String> = exact.chain(folded).collect();
    words.sort();
    words.dedup();
    let mut room = VECTOR_BYTES;
    words.retain(|word| {
        let fits = word.len() <= room;
        room = if fits { room - word.len() } else { room };
        fits
    });
    words.push(format!("'{}'", agency_word(agency)));
    words.join(" ")
}

/// Nobody types more words to find something, and the engines take only so many.
const WORDS_MAX: usize = 32;

/// Things of the actor's agency that hold every word, the last as a beginning; those that hold them
/// exactly as typed come first, then the newest. Only what the actor has the right to see.
///
/// # Errors
/// What the database reports.
pub fn find(cx: &Raw<'_>, words: &str, limit: usize) -> Result<Vec<Found>> {
    let own = cx.agency()?;
    let agency = agency_word(own);
    let mut tokens = text::tokens(words);
    tokens.truncate(WORDS_MAX);
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let rights = rights_at(cx.actor(), own);
    // What was found as typed is found again without its accents.
    let fetch = i64::try_from(limit).unwrap_or(50).saturating_mul(2);
    let mut found: Vec<Found> = Vec::new();
    let exact: Vec<String> = tokens.iter().map(|t| t.exact.clone()).collect();
    let folded: Vec<String> = tokens.iter().map(|t| t.folded.clone()).collect();
    let passes: &[(&str, &[String])] =
        if text::has_marks(words) { &[("ex", &exact), ("fo", &folded)] } else { &[("fo", &folded)] };
    for (column, tokens) in passes {
        let rows: Vec<Found> = match cx.dialect() {
            Dialect::Sqlite => {
                cx.rows(&FIND_SQLITE, values![sqlite_query(&agency, column, tokens), fetch, &rights])?
            }
            Dialect::Postgres => {
                cx.rows(&FIND_POSTGRES, values![postgres_query(&agency, column, tokens), fetch, &rights])?
            }
        };
        for row in rows {
            if !found.iter().any(|f| f.subject == row.subject) {
                found.push(row);
            }
        }
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// The row number of the newest findable thing of the tenant.
///
/// # Errors
/// What the database reports.
pub fn last(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&LAST, values!["findable"])
}

/// What somebody may see of the things that became findable after the row number `marks.0`, up to `marks.1`, and hold
/// every word: as they would find it themselves, the newest first.
///
/// # Errors
/// What the database reports.
pub fn find_since(
    cx: &Raw<'_>,
    (actor, words): (&Actor, &str),
    marks: (i64, i64),
    limit: i64,
) -> Result<Vec<Found>> {
    let own = actor.agency.ok_or(Error::Forbidden)?;
    let mut tokens = text::tokens(words);
    tokens.truncate(WORDS_MAX);
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    // Accents only sort what is found: without them the same is found.
    let tokens: Vec<String> = tokens.into_iter().map(|token| token.folded).collect();
    let agency = agency_word(own);
    let rights = rights_at(actor, own);
    match cx.dialect() {
        Dialect::Sqlite => cx.rows(
            &SINCE_SQLITE,
            values![sqlite_query(&agency, "fo", &tokens), marks.0, marks.1, limit, rights],
        ),
        Dialect::Postgres => cx.rows(
            &SINCE_POSTGRES,
            values![postgres_query(&agency, "fo", &tokens), marks.0, marks.1, limit, rights],
        ),
    }
}

/// The rights that reach the rows of an agency, a blank on either side of each. A statement looks for the right of a
/// row among them, so that what the actor may not see takes no place among what is found.
fn rights_at(actor: &Actor, agency: AgencyId) -> String {
    let held = actor.rights.keys().map(String::as_str).chain([Public::ID, SignedIn::ID]);
    let held: Vec<&str> = held.filter(|right| actor.reaches(right, agency)).collect();
    format!(" {} ", held.join(" "))
}

fn sqlite_query(agency: &str, column: &str, tokens: &[String]) -> String {
    let mut parts = vec![format!("{{ag}} : \"{agency}\"")];
    let last = tokens.len().saturating_sub(1);
    for (at, token) in tokens.iter().enumerate() {
        let star = if at == last { " *" } else { "" };
        parts.push(format!("{{{column}}} : \"{token}\"{star}"));
    }
    parts.join(" AND ")
}

fn postgres_query(agency: &str, column: &str, tokens: &[String]) -> String {
    let mark = if column == "ex" { "=" } else { "" };
    let last = tokens.len().saturating_sub(1);
    let mut parts = vec![format!("'{agency}'")];
    for (at, token) in tokens.iter().enumerate() {
        let star = if at == last { ":*" } else { "" };
        parts.push(format!("'{mark}{token}'{star}"));
    }
    parts.join(" & ")
}
