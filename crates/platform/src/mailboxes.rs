//! The mail box of an agency: where its letters are fetched from, whose are taken, and how it went the last time.

use base::{AgencyId, Instant, Result};
use kernel::{Database, FromRow, Permission, Raw, Sql, Writer, jobs, q, row, states, values};

states! {
    /// How the connection is kept from others.
    pub enum Security {
        /// Encrypted from the first byte (port 993).
        Tls = "tls",
        /// Encrypted after STARTTLS (port 143).
        StartTls = "starttls",
        /// Not encrypted: to this machine only.
        Plain = "plain",
    }
}

row! {
    /// A mail box as it was entered.
    #[derive(PartialEq, Eq)]
    pub struct Mailbox {
        /// Whose it is.
        agency: AgencyId,
        /// Name or address of the server.
        server: String,
        /// Its port.
        port: i64,
        /// How the connection is kept from others.
        security: Security,
        /// The account.
        account: String,
        /// Its password, sealed.
        password: String,
        /// The folder letters lie in.
        folder: String,
        /// Where they are moved; empty: they are marked where they lie.
        processed: String,
        /// Whose letters are taken, a line each: `ai@noi.vn`, or `@noi.vn` for all of a place.
        allowed: String,
        /// True when it is watched.
        active: bool,
    }
}
row! {
    /// How it went.
    pub struct Standing {
        /// When it was looked into last.
        polled_at: Option<Instant>,
        /// What went wrong then, a text key; empty when nothing did.
        error: String,
        /// What the other end said.
        detail: String,
        /// Letters that were taken out of it so far.
        letters: i64,
        /// When it was tried last.
        tested_at: Option<Instant>,
        /// What came of it: a text key; `waiting` while it goes on, empty before the first.
        test: String,
        /// What the other end said.
        test_detail: String,
    }
}

/// What came of a look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Letters that were taken.
    pub letters: i64,
    /// What went wrong: a text key, and what the other end said.
    pub error: Option<(&'static str, String)>,
}

/// Job kind of a trial: `{agency}`.
pub const TEST: &str = "mailbox.test";
/// What a trial says while it goes on.
pub const WAITING: &str = "waiting";
/// Job kind under which the module that keeps documents is handed a letter.
pub const ARRIVED: &str = "letter.arrived";

static ADD: Sql = q!(
    "INSERT INTO platform_mailboxes (agency_id, server, port, security, account, password, folder, processed,
        allowed, active, next_at, leased_until, failures, error, detail, letters, test, test_detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, '', '', 0, '', '')"
);
static CHANGE: Sql = q!("UPDATE platform_mailboxes SET server = $2, port = $3, security = $4, account = $5,
        password = $6, folder = $7, processed = $8, allowed = $9, active = $10, next_at = $11, failures = 0,
        error = '', detail = '', test = '', test_detail = ''
     WHERE {scope} AND agency_id = $1");
static OF: Sql =
    q!("SELECT agency_id, server, port, security, account, password, folder, processed, allowed, active
     FROM platform_mailboxes
     WHERE {scope} AND agency_id = $1");
static STANDING: Sql = q!("SELECT polled_at, error, detail, letters, tested_at, test, test_detail
     FROM platform_mailboxes
     WHERE {scope} AND agency_id = $1");
static CLAIM: Sql = q!("UPDATE platform_mailboxes SET leased_until = $2
     WHERE {scope} AND agency_id IN (
        SELECT m.agency_id FROM platform_mailboxes m
        WHERE {scope:m} AND m.active = 1 AND m.next_at <= $1 AND m.leased_until <= $1
        ORDER BY m.next_at
        LIMIT 1 {skip_locked})
     RETURNING agency_id, server, port, security, account, password, folder, processed, allowed, active");
static ANY_DUE: Sql = q!("SELECT 1
     FROM platform_mailboxes
     WHERE {scope} AND active = 1 AND next_at <= $1 AND leased_until <= $1
     LIMIT 1");
static LOOKED: Sql = q!("UPDATE platform_mailboxes SET polled_at = $2, error = $3, detail = $4,
        letters = letters + $5, leased_until = 0,
        failures = CASE WHEN $3 = '' THEN 0 ELSE failures + 1 END,
        next_at = CASE WHEN $3 = '' THEN CAST($6 AS BIGINT) ELSE CAST($7 AS BIGINT) END
     WHERE {scope} AND agency_id = $1");
static TEST_ASKED: Sql =
    q!("UPDATE platform_mailboxes SET test = 'waiting', test_detail = '', tested_at = $2
     WHERE {scope} AND agency_id = $1");
static TESTED: Sql = q!("UPDATE platform_mailboxes SET test = $2, test_detail = $3, tested_at = $4
     WHERE {scope} AND agency_id = $1");

/// Enters a mail box, or changes it. It is looked into at once.
///
/// # Errors
/// What the database reports.
pub fn keep<P: Permission>(cx: &mut Writer<'_, P>, mailbox: &Mailbox) -> Result<()> {
    let now = cx.now();
    let m = mailbox;
    let row = values![
        m.agency,
        &m.server,
        m.port,
        m.security,
        &m.account,
        &m.password,
        &m.folder,
        &m.processed,
        &m.allowed,
        m.active,
        now
    ];
    match cx.write_any(&CHANGE, row)? {
        0 => cx.write(&ADD, row).map(drop),
        _ => Ok(()),
    }
}

/// The mail box of an agency, if it has one.
///
/// # Errors
/// What the database reports.
pub fn of(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<Mailbox>> {
    cx.row(&OF, values![agency])
}

/// How it went with an agency's mail box.
///
/// # Errors
/// What the database reports.
pub fn standing(cx: &Raw<'_>, agency: AgencyId) -> Result<Option<Standing>> {
    cx.row(&STANDING, values![agency])
}

/// True when a box is due that nobody is about.
///
/// # Errors
/// What the database reports.
pub fn any_due(cx: &Raw<'_>) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ANY_DUE, values![cx.now()])?.is_some())
}

/// Takes one box that is due until `lease_until`: no other process looks into it meanwhile.
///
/// # Errors
/// What the database reports.
pub fn claim(db: &dyn Database, (now, lease_until): (Instant, Instant)) -> Result<Option<Mailbox>> {
    let mut claimed = None;
    db.query(&CLAIM, values![now, lease_until], &mut |row| {
        claimed = Some(Mailbox::from_row(row)?);
        Ok(())
    })?;
    Ok(claimed)
}

/// Keeps what came of a look. The next one is in `minutes`, five times as late after a failure.
///
/// # Errors
/// What the database reports.
pub fn looked(
    db: &dyn Database,
    agency: AgencyId,
    look: &Look,
    (now, minutes): (Instant, i64),
) -> Result<()> {
    let (error, detail) = look.error.as_ref().map_or(("", ""), |(key, detail)| (*key, detail.as_str()));
    let (next, late) = (now.plus_minutes(minutes), now.plus_minutes(5 * minutes));
    db.execute(&LOOKED, values![agency, now, error, detail, look.letters, next, late]).map(drop)
}

/// Asks for a trial: what comes of it is read on the page.
///
/// # Errors
/// `Refused` when the agency has no mail box.
pub fn try_out<P: Permission>(cx: &mut Writer<'_, P>, agency: AgencyId) -> Result<()> {
    let now = cx.now();
    cx.write(&TEST_ASKED, values![agency, now])?;
    jobs::enqueue(cx, TEST, &agency.to_string(), &serde_json::json!({ "agency": agency }))
}

/// Keeps what came of a trial: a text key, and what the other end said.
///
/// # Errors
/// What the database reports.
pub fn tried(db: &dyn Database, agency: AgencyId, (key, detail): (&str, &str), now: Instant) -> Result<()> {
    db.execute(&TESTED, values![agency, key, detail, now]).map(drop)
}

/// True when letters of a sender are taken. The list holds addresses, and `@noi.vn` for all of a place; nobody is
/// taken while it is empty.
pub fn admits(allowed: &str, address: &str) -> bool {
    let address = address.trim().to_lowercase();
    let place = address.split_once('@').map(|(_, place)| place);
    allowed.lines().map(|line| line.trim().to_lowercase()).any(|line| match line.strip_prefix('@') {
        Some(all) => place == Some(all),
        None => !line.is_empty() && line == address,
    })
}

#[cfg(test)]
mod tests {
    use super::admits;

    #[test]
    fn a_sender_is_taken_by_address_or_place_and_by_nothing_that_only_looks_so() {
        let list = "Vanthu@SoNoiVu.example\n\n  @phutho.example ";
        for yes in ["vanthu@sonoivu.example", "VANTHU@sonoivu.example ", "ai.do@phutho.example"] {
            assert!(admits(list, yes), "{yes}");
        }
        for no in [
            "",
            "@",
            "khac@sonoivu.example",
            "ai@x.phutho.example",
            "ai@phutho.example.xau.example",
            "phutho.example",
            "ai@notphutho.example",
        ] {
            assert!(!admits(list, no), "{no}");
        }
        assert!(!admits("", "ai@phutho.example"));
    }
}
