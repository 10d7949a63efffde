//! Statements of catalogues.

use crate::model::{Catalogue, CatalogueState, Heading, Line, Numbering};
use crate::rights::{CatalogueApprove, CatalogueKeep};
use base::{AgencyId, Date, Id, PersonId, Result};
use kernel::{Opened, Raw, Sql, Writer, q, row, values};

row! {
    /// A line of the list.
    pub(crate) struct Listed {
        /// Id.
        id: Id<Catalogue>,
        /// The year.
        year: i64,
        /// Where it stands.
        state: CatalogueState,
        /// The decision that approved it.
        decision: String,
        /// Its date.
        decided_on: Option<Date>,
        /// How many dossiers it lists.
        lines: i64,
        /// How many of them are kept for ever.
        forever: i64,
    }
}

static LIST: Sql = q!("SELECT c.id, c.year, c.state, c.decision, c.decided_on,
        (SELECT count(*) FROM archives_lines l
         WHERE {scope:l} AND l.catalogue_id = c.id AND l.voided_at IS NULL),
        (SELECT count(*) FROM archives_lines l
         WHERE {scope:l} AND l.catalogue_id = c.id AND l.voided_at IS NULL AND l.years IS NULL)
     FROM archives_catalogues c
     WHERE {scope:c} AND c.agency_id = $1 AND c.year < $2
     ORDER BY c.year DESC
     LIMIT $3");
static OF_YEAR: Sql = q!(
    "SELECT id, agency_id, year, state, numbering, decision, decided_on, approved_at, approved_by, created_at,
        created_by
     FROM archives_catalogues
     WHERE {scope} AND agency_id = $1 AND year = $2"
);
static HEADINGS: Sql = q!("SELECT id, parent_id, sort, name, symbol
     FROM archives_headings
     WHERE {scope} AND catalogue_id = $1
     ORDER BY sort");
static LINES: Sql = q!(
    "SELECT id, agency_id, catalogue_id, heading_id, number, notation, title, years, construction, person_id,
        person_name, note, voided_at
     FROM archives_lines
     WHERE {scope} AND catalogue_id = $1
     ORDER BY number, notation"
);
static ADD: Sql = q!("INSERT INTO archives_catalogues (id, agency_id, year, state, numbering, decision,
        approved_by, created_at, created_by)
     VALUES ($1, $2, $3, 'draft', $4, '', '', $5, $6)");
static ADD_HEADING: Sql =
    q!("INSERT INTO archives_headings (id, agency_id, catalogue_id, parent_id, sort, name, symbol)
     VALUES ($1, $2, $3, $4, $5, $6, $7)");
static ADD_LINE: Sql =
    q!("INSERT INTO archives_lines (id, agency_id, catalogue_id, heading_id, number, notation,
        title, years, construction, person_id, person_name, note)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
static EDIT_LINE: Sql = q!("UPDATE archives_lines
     SET title = $2, years = $3, construction = $4, person_id = $5, person_name = $6, note = $7
     WHERE {scope} AND id = $1 AND voided_at IS NULL");
static VOID_LINE: Sql = q!("UPDATE archives_lines SET voided_at = $2
     WHERE {scope} AND id = $1 AND voided_at IS NULL");
static APPROVE: Sql = q!("UPDATE archives_catalogues
     SET state = 'approved', decision = $2, decided_on = $3, approved_at = $4, approved_by = $5
     WHERE {scope} AND id = $1 AND state = 'draft'");
static WITHDRAW: Sql = q!("UPDATE archives_catalogues SET state = 'draft'
     WHERE {scope} AND id = $1 AND state = 'approved'");

/// Catalogues of an agency before a year, newest first.
pub(crate) fn list(cx: &Raw<'_>, agency: AgencyId, before: i64, limit: i64) -> Result<Vec<Listed>> {
    cx.rows(&LIST, values![agency, before, limit])
}

/// The catalogue of a year.
pub(crate) fn of_year(cx: &Raw<'_>, agency: AgencyId, year: i64) -> Result<Option<Catalogue>> {
    cx.row(&OF_YEAR, values![agency, year])
}

/// Headings in order.
pub(crate) fn headings(cx: &Raw<'_>, catalogue: Id<Catalogue>) -> Result<Vec<Heading>> {
    cx.rows(&HEADINGS, values![catalogue])
}

/// Lines in the order of their numbers, those struck out too.
pub(crate) fn lines(cx: &Raw<'_>, catalogue: Id<Catalogue>) -> Result<Vec<Line>> {
    cx.rows(&LINES, values![catalogue])
}

/// Enters a catalogue.
pub(crate) fn add(
    cx: &mut Writer<'_, CatalogueKeep>,
    year: i64,
    numbering: Numbering,
) -> Result<Id<Catalogue>> {
    let (id, agency, now) = (cx.new_id(), cx.agency()?, cx.now());
    let by = cx.actor().name.clone();
    cx.write(&ADD, values![id, agency, year, numbering, now, by])?;
    Ok(id)
}

/// Enters a heading.
pub(crate) fn add_heading(
    cx: &mut Writer<'_, CatalogueKeep>,
    catalogue: Id<Catalogue>,
    (parent, sort): (Option<Id<Heading>>, i64),
    (name, symbol): (&str, &str),
) -> Result<Id<Heading>> {
    let (id, agency) = (cx.new_id(), cx.agency()?);
    cx.write(&ADD_HEADING, values![id, agency, catalogue, parent, sort, name, symbol])?;
    Ok(id)
}

/// What a line says.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) title: String,
    pub(crate) years: Option<i64>,
    pub(crate) construction: bool,
    pub(crate) person: Option<PersonId>,
    pub(crate) person_name: String,
    pub(crate) note: String,
}

/// Enters a line.
pub(crate) fn add_line(
    cx: &mut Writer<'_, CatalogueKeep>,
    (catalogue, heading): (Id<Catalogue>, Id<Heading>),
    (number, notation): (i64, &str),
    says: &Says,
) -> Result<Id<Line>> {
    let (id, agency) = (cx.new_id(), cx.agency()?);
    cx.write(
        &ADD_LINE,
        values![
            id,
            agency,
            catalogue,
            heading,
            number,
            notation,
            &says.title,
            says.years,
            says.construction,
            says.person,
            &says.person_name,
            &says.note
        ],
    )?;
    Ok(id)
}

/// Changes what a line says.
pub(crate) fn edit_line(cx: &mut Writer<'_, CatalogueKeep>, line: &Opened<Line>, says: &Says) -> Result<()> {
    let values = values![
        line.id,
        &says.title,
        says.years,
        says.construction,
        says.person,
        &says.person_name,
        &says.note
    ];
    cx.write(&EDIT_LINE, values).map(drop)
}

/// Strikes a line out; its number stays used.
pub(crate) fn void_line(cx: &mut Writer<'_, CatalogueKeep>, line: &Opened<Line>) -> Result<()> {
    let now = cx.now();
    cx.write(&VOID_LINE, values![line.id, now]).map(drop)
}

/// Approves a catalogue.
pub(crate) fn approve(
    cx: &mut Writer<'_, CatalogueApprove>,
    catalogue: &Opened<Catalogue>,
    (decision, decided_on): (&str, Date),
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&APPROVE, values![catalogue.id, decision, decided_on, now, by]).map(drop)
}

/// Makes it a draft again.
pub(crate) fn withdraw(cx: &mut Writer<'_, CatalogueApprove>, catalogue: &Opened<Catalogue>) -> Result<()> {
    cx.write(&WITHDRAW, values![catalogue.id]).map(drop)
}
