//! Lines of the journal.

use base::{AgencyId, Error, Id, Instant, Result};
use kernel::{Permission, Raw, Sql, Writer, q, row, values};
use proof::Direction;
use uuid::Uuid;

row! {
    /// A line of the journal, as it is kept.
    pub struct Line {
        /// Id.
        id: Id<Line>,
        /// Its agency.
        agency_id: Uuid,
        /// Its place among the lines of all agencies.
        n: i64,
        /// Code the agency had.
        agency: String,
        /// Its place in the journal of the agency.
        seq: i64,
        /// When.
        at: Instant,
        /// `sent` or `received`.
        direction: String,
        /// The envelope.
        envelope: Uuid,
        /// `document` or `status`.
        kind: String,
        /// The document's identifier.
        document: String,
        /// Code of the other agency.
        counterpart: String,
        /// SHA-256 of the envelope's bytes.
        packet: String,
        /// SHA-256 of the receipt's bytes, where one was there.
        receipt: String,
        /// Hash of the agency's line before.
        previous: String,
        /// Its own hash.
        hash: String,
    }
}

impl Line {
    /// The line as it is hashed and proved.
    ///
    /// # Errors
    /// `Internal` when the direction is none.
    pub fn entry(&self) -> Result<proof::Entry> {
        let direction = match self.direction.as_str() {
            "sent" => Direction::Sent,
            "received" => Direction::Received,
            other => return Err(Error::internal(format!("a line goes {other}"))),
        };
        Ok(proof::Entry {
            n: self.n,
            agency: self.agency.clone(),
            seq: self.seq,
            at: self.at.micros(),
            direction,
            envelope: self.envelope.to_string(),
            kind: self.kind.clone(),
            document: self.document.clone(),
            counterpart: self.counterpart.clone(),
            packet: self.packet.clone(),
            receipt: self.receipt.clone(),
            previous: self.previous.clone(),
        })
    }
}

/// A packet that left or came, to be noted.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Which way.
    pub direction: Direction,
    /// The envelope.
    pub envelope: Uuid,
    /// `document` or `status`.
    pub kind: &'a str,
    /// The document's identifier.
    pub document: &'a str,
    /// Code of the other agency.
    pub counterpart: &'a str,
    /// SHA-256 of the envelope's bytes, lower-case hexadecimal.
    pub packet: &'a str,
    /// SHA-256 of the receipt's bytes; empty when there is none, or not yet.
    pub receipt: &'a str,
}

/// What the page of the journal asks for; empty texts ask for nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a document's identifier.
    pub document: String,
    /// Code of the agency or of the other one.
    pub code: String,
    /// From this moment.
    pub from: Option<Instant>,
    /// Before this moment.
    pub until: Option<Instant>,
    /// Lines before this place.
    pub before: Option<i64>,
}

/// Lines of a page.
const PAGE: i64 = 50;

static KNOWN: Sql = q!("SELECT seq
     FROM platform_journal
     WHERE {scope} AND envelope_id = $1 AND agency_id = $2 AND direction = $3 AND counterpart = $4");
static NEXT: Sql = q!("UPDATE platform_journal_head SET n = n + 1 WHERE one = 1 RETURNING n");
static LAST: Sql = q!("SELECT seq, hash
     FROM platform_journal
     WHERE {scope} AND agency_id = $1
     ORDER BY seq DESC
     LIMIT 1");
static CODE: Sql = q!("SELECT code_102 FROM platform_agencies WHERE id = $1");
static ADD: Sql = q!(
    "INSERT INTO platform_journal (id, agency_id, n, agency_code, seq, at, direction, envelope_id, kind, document_id,
        counterpart, packet, receipt, previous, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
);
static LINES: Sql =
    q!("SELECT id, agency_id, n, agency_code, seq, at, direction, envelope_id, kind, document_id,
        counterpart, packet, receipt, previous, hash
     FROM platform_journal
     WHERE {scope} AND n < $1 AND at >= $2 AND at < $3
        AND ($4 = '' OR agency_code = $4 OR counterpart = $4)
        AND ($5 = '' OR document_id LIKE '%' || $5 || '%')
     ORDER BY n DESC
     LIMIT $6");

/// Notes a packet in an agency's journal, once however often it is told. Answers its place there.
///
/// # Errors
/// What the database reports.
pub fn note<P: Permission>(cx: &mut Writer<'_, P>, agency: AgencyId, new: &Entry<'_>) -> Result<i64> {
    let direction = match new.direction {
        Direction::Sent => "sent",
        Direction::Received => "received",
    };
    let key = values![new.envelope, agency, direction, new.counterpart];
    if let Some((seq,)) = cx.row::<(i64,)>(&KNOWN, key)? {
        return Ok(seq);
    }
    let (code,): (String,) = cx.one(&CODE, values![agency])?;
    let (n,): (i64,) = cx.write_returning(&NEXT, values![])?;
    let (last, previous): (i64, String) = cx.row(&LAST, values![agency])?.unwrap_or_default();
    let mut line = Line {
        id: cx.new_id(),
        agency_id: agency.uuid(),
        n,
        agency: code,
        seq: last + 1,
        at: cx.now(),
        direction: direction.to_owned(),
        envelope: new.envelope,
        kind: new.kind.to_owned(),
        document: new.document.to_owned(),
        counterpart: new.counterpart.to_owned(),
        packet: new.packet.to_owned(),
        receipt: new.receipt.to_owned(),
        previous,
        hash: String::new(),
    };
    line.hash = hash(&line.entry()?)?;
    cx.write(
        &ADD,
        values![
            line.id,
            line.agency_id,
            line.n,
            line.agency,
            line.seq,
            line.at,
            line.direction,
            line.envelope,
            line.kind,
            line.document,
            line.counterpart,
            line.packet,
            line.receipt,
            line.previous,
            line.hash
        ],
    )?;
    Ok(line.seq)
}

/// A page of lines, the newest first.
///
/// # Errors
/// What the database reports.
pub fn lines(cx: &Raw<'_>, filter: &Filter) -> Result<Vec<Line>> {
    let before = filter.before.unwrap_or(i64::MAX);
    let from = filter.from.map_or(0, Instant::micros);
    let until = filter.until.map_or(i64::MAX, Instant::micros);
    cx.rows(&LINES, values![before, from, until, &filter.code, &filter.document, PAGE])
}

/// The hash of a line in hexadecimal.
pub(super) fn hash(entry: &proof::Entry) -> Result<String> {
    let hash = entry.hash().map_err(|error| Error::Internal(error.into()))?;
    Ok(kernel::hex(&hash))
}
