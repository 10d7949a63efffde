//! The organisation: agencies (the directory) and the units inside them.

use base::{AgencyId, Date, Result, UnitId, text};
use kernel::{Dialect, Permission, Raw, Sql, Writer, q, row, states, values};

states! {
    /// The four tiers of government. An attribute of an agency, never read off its code.
    pub enum Tier {
        /// Government, ministries.
        Central = "central",
        /// Province.
        Province = "province",
        /// District (until 2025-06-30).
        District = "district",
        /// Commune.
        Commune = "commune",
    }
}

row! {
    /// An agency of the directory.
    pub struct Agency {
        /// Its id in this tenant.
        id: AgencyId,
        /// Code, QCVN 102 form: `000.00.00.H44`.
        code_102: String,
        /// Code, QĐ 20/2020 form: `H44`.
        code_qd20: String,
        /// Name.
        name: String,
        /// The abbreviation in document symbols: `UBND`.
        symbol: String,
        /// Place name written before dates.
        place: String,
        /// Tier.
        tier: Tier,
        /// `committee`, `office`, `department`, `centre`…
        kind: String,
        /// The agency above.
        parent: Option<AgencyId>,
        /// True when it works in this tenant.
        local: bool,
        /// True when it may not be sent to.
        locked: bool,
        /// First day.
        valid_from: Date,
        /// Last day, if it has ended.
        valid_to: Option<Date>,
    }
}

impl Agency {
    /// True when documents may be sent to it on this day.
    pub fn is_open(&self, day: Date) -> bool {
        !self.locked && self.valid_from <= day && self.valid_to.is_none_or(|end| day <= end)
    }
}

row! {
    /// A unit inside an agency.
    pub struct Unit {
        /// Id.
        id: UnitId,
        /// The agency it belongs to.
        agency: AgencyId,
        /// Name.
        name: String,
        /// The abbreviation in document symbols: `KGVX`.
        symbol: String,
    }
}

static AGENCY: Sql = q!(
    "SELECT id, code_102, code_qd20, name, symbol, place, tier, kind, parent_id, local, locked, valid_from, valid_to
     FROM platform_agencies
     WHERE id = $1"
);
static NAME: Sql = q!("SELECT name FROM platform_agencies WHERE id = $1");
static BY_CODE: Sql = q!(
    "SELECT id, code_102, code_qd20, name, symbol, place, tier, kind, parent_id, local, locked, valid_from, valid_to
     FROM platform_agencies
     WHERE code_102 = $1 OR code_qd20 = $1
     ORDER BY valid_from DESC
     LIMIT 1"
);
static CHILDREN: Sql = q!(
    "SELECT id, code_102, code_qd20, name, symbol, place, tier, kind, parent_id, local, locked, valid_from, valid_to
     FROM platform_agencies
     WHERE parent_id = $1
     ORDER BY sort_key, name"
);
static BELOW: Sql = q!("WITH RECURSIVE below(id) AS (
        SELECT id FROM platform_agencies WHERE id = $1
        UNION
        SELECT a.id FROM platform_agencies a JOIN below b ON a.parent_id = b.id)
     SELECT a.id, a.code_102, a.code_qd20, a.name, a.symbol, a.place, a.tier, a.kind, a.parent_id, a.local,
        a.locked, a.valid_from, a.valid_to
     FROM platform_agencies a
     WHERE a.id IN (SELECT id FROM below) AND a.tier = $2 AND a.valid_from <= $3 AND (a.valid_to IS NULL OR a.valid_to >= $3)
     ORDER BY a.sort_key, a.name");
static ALL_BELOW: Sql = q!("WITH RECURSIVE below(id) AS (
        SELECT id FROM platform_agencies WHERE id = $1
        UNION
        SELECT a.id FROM platform_agencies a JOIN below b ON a.parent_id = b.id)
     SELECT id FROM below");
static LOCAL: Sql = q!(
    "SELECT id, code_102, code_qd20, name, symbol, place, tier, kind, parent_id, local, locked, valid_from, valid_to
     FROM platform_agencies
     WHERE local = 1
     ORDER BY CASE tier WHEN 'central' THEN 0 WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END,
        sort_key, name"
);
static SUCCESSORS: Sql = q!(
    "SELECT a.id, a.code_102, a.code_qd20, a.name, a.symbol, a.place, a.tier, a.kind, a.parent_id, a.local,
        a.locked, a.valid_from, a.valid_to
     FROM platform_successors s JOIN platform_agencies a ON a.id = s.new_id
     WHERE s.old_id = $1
     ORDER BY a.sort_key, a.name"
);
static FIND_SQLITE: Sql = q!(sqlite:
    "SELECT a.id, a.code_102, a.code_qd20, a.name, a.symbol, a.place, a.tier, a.kind, a.parent_id, a.local,
        a.locked, a.valid_from, a.valid_to
     FROM platform_agency_words w JOIN platform_agencies a ON a.rid = w.rowid
     WHERE platform_agency_words MATCH $1
     ORDER BY w.rowid
     LIMIT $2");
static FIND_POSTGRES: Sql = q!(postgres:
    "SELECT a.id, a.code_102, a.code_qd20, a.name, a.symbol, a.place, a.tier, a.kind, a.parent_id, a.local,
        a.locked, a.valid_from, a.valid_to
     FROM platform_agency_words w JOIN platform_agencies a ON a.rid = w.rowid
     WHERE w.words @@ CAST(CAST($1 AS TEXT) AS TSQUERY)
     ORDER BY w.rowid
     LIMIT $2");
static UNITS: Sql = q!("SELECT id, agency_id, name, symbol
     FROM platform_units
     WHERE {scope} AND agency_id = $1 AND valid_to IS NULL
     ORDER BY sort, name");
static UNIT: Sql = q!("SELECT id, agency_id, name, symbol
     FROM platform_units
     WHERE {scope} AND id = $1");

/// The name of an agency: each page shows that of its reader's.
///
/// # Errors
/// `NotFound` when the directory has no such agency.
pub fn name(cx: &Raw<'_>, agency: AgencyId) -> Result<String> {
    cx.one::<(String,)>(&NAME, values![agency]).map(|(name,)| name)
}

/// An agency by id.
///
/// # Errors
/// `NotFound` when the directory does not know it.
pub fn agency(cx: &Raw<'_>, id: AgencyId) -> Result<Agency> {
    cx.one(&AGENCY, values![id])
}

/// An agency by either of its codes.
///
/// # Errors
/// What the database reports.
pub fn by_code(cx: &Raw<'_>, code: &str) -> Result<Option<Agency>> {
    cx.row(&BY_CODE, values![code])
}

/// The agencies right below one.
///
/// # Errors
/// What the database reports.
pub fn children(cx: &Raw<'_>, of: AgencyId) -> Result<Vec<Agency>> {
    cx.rows(&CHILDREN, values![of])
}

/// The agencies of a tier anywhere below one (itself included), open on a day.
///
/// # Errors
/// What the database reports.
pub fn below(cx: &Raw<'_>, of: AgencyId, tier: Tier, day: Date) -> Result<Vec<Agency>> {
    cx.rows(&BELOW, values![of, tier, day])
}

/// The ids of an agency and everything below it.
///
/// # Errors
/// What the database reports.
pub fn all_below(cx: &Raw<'_>, of: AgencyId) -> Result<Vec<AgencyId>> {
    Ok(cx.rows::<(AgencyId,)>(&ALL_BELOW, values![of])?.into_iter().map(|(id,)| id).collect())
}

/// The agencies that work in this tenant, from the top tier down.
///
/// # Errors
/// What the database reports.
pub fn local(cx: &Raw<'_>) -> Result<Vec<Agency>> {
    cx.rows(&LOCAL, &[])
}

/// Who took over from an agency that has ended.
///
/// # Errors
/// What the database reports.
pub fn successors(cx: &Raw<'_>, of: AgencyId) -> Result<Vec<Agency>> {
    cx.rows(&SUCCESSORS, values![of])
}

/// Agencies whose name or code holds every word, the last one as a beginning. Accents optional.
///
/// # Errors
/// What the database reports.
pub fn find(cx: &Raw<'_>, words: &str, limit: i64) -> Result<Vec<Agency>> {
    let words = folded_words(words);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    match cx.dialect() {
        Dialect::Sqlite => cx.rows(&FIND_SQLITE, values![prefix_query_sqlite(&words), limit]),
        Dialect::Postgres => cx.rows(&FIND_POSTGRES, values![prefix_query_postgres(&words), limit]),
    }
}

pub(crate) fn folded_words(words: &str) -> Vec<String> {
    // A name has a few words; a query of thousands is nobody's.
    text::tokens(words).into_iter().map(|token| token.folded).take(60).collect()
}

pub(crate) fn prefix_query_sqlite(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

pub(crate) fn prefix_query_postgres(words: &[String]) -> String {
    words.iter().map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & ")
}

/// The units of an agency.
///
/// # Errors
/// What the database reports.
pub fn units(cx: &Raw<'_>, of: AgencyId) -> Result<Vec<Unit>> {
    cx.rows(&UNITS, values![of])
}

/// A unit inside the actor's scope.
///
/// # Errors
/// `NotFound` when there is none.
pub fn unit(cx: &Raw<'_>, id: UnitId) -> Result<Unit> {
    cx.one(&UNIT, values![id])
}

/// What is needed to enter an agency in the directory.
#[derive(Debug, Clone)]
pub struct NewAgency {
    /// Code, QCVN 102 form.
    pub code_102: String,
    /// Code, QĐ 20/2020 form.
    pub code_qd20: String,
    /// Name.
    pub name: String,
    /// Abbreviation in document symbols.
    pub symbol: String,
    /// Place name written before dates.
    pub place: String,
    /// Tier.
    pub tier: Tier,
    /// Kind.
    pub kind: String,
    /// The agency above.
    pub parent: Option<AgencyId>,
    /// True when it works in this tenant.
    pub local: bool,
    /// First day.
    pub valid_from: Date,
}

static ADD_AGENCY: Sql = q!(
    "INSERT INTO platform_agencies (id, rid, code_102, code_qd20, name, symbol, place, tier, kind, parent_id,
        local, locked, valid_from, valid_to, sort_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, NULL, $13)"
);
static ADD_WORDS_SQLITE: Sql = q!(sqlite: "INSERT INTO platform_agency_words (rowid, words) VALUES ($1, $2)");
static ADD_WORDS_POSTGRES: Sql = q!(postgres:
    "INSERT INTO platform_agency_words (rowid, words)
     VALUES ($1, array_to_tsvector(string_to_array(CAST($2 AS TEXT), ' ')))");
static DROP_WORDS: Sql = q!("DELETE FROM platform_agency_words WHERE rowid = $1");
pub(crate) static NEXT_RID: Sql = q!("INSERT INTO platform_rids (name, n) VALUES ($1, 1)
     ON CONFLICT (name) DO UPDATE SET n = platform_rids.n + 1
     RETURNING n");
static EDIT_AGENCY: Sql = q!("UPDATE platform_agencies
     SET name = $2, symbol = $3, place = $4, locked = $5, sort_key = $6
     WHERE id = $1
     RETURNING rid");
static END_AGENCY: Sql = q!("UPDATE platform_agencies SET valid_to = $2 WHERE id = $1");
static ADD_SUCCESSOR: Sql =
    q!("INSERT INTO platform_successors (old_id, new_id, kind, valid_from) VALUES ($1, $2, $3, $4)");
static ADD_UNIT: Sql = q!("INSERT INTO platform_units (id, agency_id, name, symbol, sort, valid_from)
     VALUES ($1, $2, $3, $4, $5, $6)");

/// Enters an agency in the directory.
///
/// # Errors
/// `Refused` when the code is taken.
pub fn add_agency<P: Permission>(cx: &mut Writer<'_, P>, new: &NewAgency) -> Result<AgencyId> {
    let id = cx.new_id();
    let (rid,): (i64,) = cx.write_returning(&NEXT_RID, values!["agency"])?;
    cx.write(
        &ADD_AGENCY,
        values![
            id,
            rid,
            &new.code_102,
            &new.code_qd20,
            &new.name,
            &new.symbol,
            &new.place,
            new.tier,
            &new.kind,
            new.parent,
            new.local,
            new.valid_from,
            text::sort_key(&new.name)
        ],
    )?;
    let words = agency_words(&new.name, &new.code_102, &new.code_qd20);
    add_words(cx, rid, &words)?;
    Ok(id)
}

fn agency_words(name: &str, code_102: &str, code_qd20: &str) -> String {
    let mut words = folded_words(name);
    words.extend(folded_words(code_102));
    words.extend(folded_words(code_qd20));
    words.sort();
    words.dedup();
    words.join(" ")
}

fn add_words<P: Permission>(cx: &mut Writer<'_, P>, rid: i64, words: &str) -> Result<()> {
    let sql = match cx.dialect() {
        Dialect::Sqlite => &ADD_WORDS_SQLITE,
        Dialect::Postgres => &ADD_WORDS_POSTGRES,
    };
    cx.write(sql, values![rid, words]).map(drop)
}

/// Changes what may change in an agency: name, symbol, place, and whether it may be sent to.
///
/// # Errors
/// `Refused` when it is gone.
pub fn edit_agency<P: Permission>(cx: &mut Writer<'_, P>, new: &Agency) -> Result<()> {
    let (rid,): (i64,) = cx.write_returning(
        &EDIT_AGENCY,
        values![new.id, &new.name, &new.symbol, &new.place, new.locked, text::sort_key(&new.name)],
    )?;
    cx.write(&DROP_WORDS, values![rid])?;
    add_words(cx, rid, &agency_words(&new.name, &new.code_102, &new.code_qd20))
}

/// Ends an agency on a day; `successors` take over as `kind` says (`merged_into`, `split_to`, `renamed`).
///
/// # Errors
/// `Refused` when it is gone.
pub fn end_agency<P: Permission>(
    cx: &mut Writer<'_, P>,
    id: AgencyId,
    (last_day, kind): (Date, &str),
    successors: &[AgencyId],
) -> Result<()> {
    cx.write(&END_AGENCY, values![id, last_day])?;
    for new in successors {
        cx.write(&ADD_SUCCESSOR, values![id, *new, kind, last_day.plus_days(1)])?;
    }
    Ok(())
}

/// Adds a unit to an agency.
///
/// # Errors
/// What the database reports.
pub fn add_unit<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    (name, symbol): (&str, &str),
    (sort, from): (i64, Date),
) -> Result<UnitId> {
    let id = cx.new_id();
    cx.write(&ADD_UNIT, values![id, agency, name, symbol, sort, from])?;
    Ok(id)
}
