//! Who is signed in: sessions, failed sign-ins, one-time codes, access tokens and invitations.
//!
//! A secret is shown once, to its owner; the database holds only its SHA-256.

mod attempts;

pub use attempts::{attempt, clear_attempts, forget_attempts, use_code};

use base::{Error, Id, Instant, PersonId, Result};
use kernel::{Database, FromRow, Permission, Raw, Refusal, Row, Sql, System, Value, Writer, q, row, values};
use ring::digest::{SHA256, digest};

row! {
    /// A live session.
    pub struct Session {
        /// Its id.
        id: Id<Session>,
        /// Whose it is.
        person: PersonId,
        /// The network address it began from.
        address: String,
        /// The browser it began in.
        agent: String,
        /// When it began.
        created_at: Instant,
        /// When it was last used, to the minute.
        seen_at: Instant,
        /// When it ends whatever happens.
        ends_at: Instant,
    }
}
row! {
    /// A personal access token.
    pub struct Token {
        /// Its id.
        id: Id<Token>,
        /// Whose it is.
        person: PersonId,
        /// What its owner calls it.
        name: String,
        /// Ids of the rights it may use, with spaces between; its owner's rights bound them.
        rights: String,
        /// When it was made.
        created_at: Instant,
        /// When it stops working.
        expires_at: Instant,
        /// When it was last used, to the minute.
        used_at: Option<Instant>,
    }
}

/// Who asks, with the mark of the tenant's rights at that moment: what was worked out of their rights under the
/// same mark still holds, see [`identity::until`](crate::identity::until).
#[derive(Debug, Clone)]
pub struct Marked<T> {
    /// The session or the token.
    pub one: T,
    /// The mark.
    pub mark: i64,
}

impl<T: FromRow> FromRow for Marked<T> {
    fn from_row(row: &mut Row<'_>) -> Result<Marked<T>> {
        Ok(Marked { one: T::from_row(row)?, mark: row.take()? })
    }
}

/// What a new session needs.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Hash of the cookie's token, see [`hash`].
    pub token_hash: String,
    /// Who signed in.
    pub person: PersonId,
    /// From which network address.
    pub address: String,
    /// In which browser.
    pub agent: String,
    /// When it ends whatever happens.
    pub ends_at: Instant,
}

/// How many wrong sign-ins lock a user name, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Lockout {
    /// Wrong sign-ins in a row.
    pub failures: i64,
    /// Minutes.
    pub minutes: i64,
}

/// The stored form of a secret: SHA-256 in lower-case hexadecimal.
pub fn hash(secret: &str) -> String {
    kernel::hex(digest(&SHA256, secret.as_bytes()).as_ref())
}

static BEGIN: Sql = q!(
    "INSERT INTO platform_sessions (id, agency_id, token_hash, person_id, address, agent, created_at, seen_at, ends_at)
     SELECT $1, p.agency_id, $2, p.id, $4, $5, $6, $6, $7
     FROM platform_people p
     WHERE p.id = $3"
);
static FIND: Sql = q!("SELECT s.id, s.person_id, s.address, s.agent, s.created_at, s.seen_at, s.ends_at, m.n
     FROM platform_sessions s JOIN platform_rights_mark m ON m.one = 1
     WHERE {scope:s} AND s.token_hash = $1 AND s.ended_at IS NULL AND s.ends_at > $2 AND s.seen_at > $3");
static MINE: Sql = q!("SELECT id, person_id, address, agent, created_at, seen_at, ends_at
     FROM platform_sessions
     WHERE {scope} AND person_id = $1 AND ended_at IS NULL AND ends_at > $2
     ORDER BY seen_at DESC");
static TOUCH: Sql =
    q!("UPDATE platform_sessions SET seen_at = $2 WHERE {scope} AND id = $1 AND seen_at < $2");
static END: Sql =
    q!("UPDATE platform_sessions SET ended_at = $2 WHERE {scope} AND id = $1 AND ended_at IS NULL");
static END_ALL: Sql =
    q!("UPDATE platform_sessions SET ended_at = $2 WHERE {scope} AND person_id = $1 AND ended_at IS NULL");

/// Begins a session.
///
/// # Errors
/// What the database reports.
pub fn begin(cx: &mut Writer<'_, System>, new: &NewSession) -> Result<Id<Session>> {
    let (id, now) = (cx.new_id::<Session>(), cx.now());
    let agent: String = new.agent.chars().take(200).collect();
    cx.write(&BEGIN, values![id, &new.token_hash, new.person, &new.address, agent, now, new.ends_at])?;
    cx.record_plain("sessions.act.signed_in", ("person", new.person));
    Ok(id)
}

/// Asks for the live [`Session`] of a token that was used after `used_since`, with its mark. Small enough to be
/// asked with each request.
pub fn find(token_hash: &str, (now, used_since): (Instant, Instant)) -> (&'static Sql, Vec<Value>) {
    (&FIND, values![token_hash, now, used_since].to_vec())
}

/// A person's live sessions, the last used first.
///
/// # Errors
/// What the database reports.
pub fn of_person(cx: &Raw<'_>, person: PersonId) -> Result<Vec<Session>> {
    cx.rows(&MINE, values![person, cx.now()])
}

/// Notes that a session is in use. Not an act, so not in the audit log.
///
/// # Errors
/// What the database reports.
pub fn touch(db: &dyn Database, id: Id<Session>, now: Instant) -> Result<()> {
    db.execute(&TOUCH, values![id, now]).map(drop)
}

/// Ends one session.
///
/// # Errors
/// What the database reports.
pub fn end<P: Permission>(cx: &mut Writer<'_, P>, session: &Session) -> Result<()> {
    let now = cx.now();
    if cx.write_any(&END, values![session.id, now])? > 0 {
        cx.record_plain("sessions.act.signed_out", ("person", session.person));
    }
    Ok(())
}

/// Ends every session of a person: signed out everywhere, and no device is told anything more.
///
/// # Errors
/// What the database reports.
pub fn end_all<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId) -> Result<u64> {
    let now = cx.now();
    let removed = crate::push::remove_all(cx, person)?;
    let ended = cx.write_any(&END_ALL, values![person, now])?;
    if ended + removed > 0 {
        cx.record_plain("sessions.act.signed_out_everywhere", ("person", person));
    }
    Ok(ended)
}

static CLOSE_INVITATIONS: Sql =
    q!("UPDATE platform_invitations SET used_at = $2 WHERE {scope} AND person_id = $1 AND used_at IS NULL");
static REVOKE_ALL: Sql =
    q!("UPDATE platform_tokens SET revoked_at = $2 WHERE {scope} AND person_id = $1 AND revoked_at IS NULL");
static PASSWORD: Sql =
    q!("UPDATE platform_credentials SET password_hash = $2 WHERE {scope} AND person_id = $1");
static TOTP: Sql = q!("UPDATE platform_credentials SET totp_secret = $2 WHERE {scope} AND person_id = $1");

/// Ends everything by which a person is in, or could come in, without the password: sessions, access tokens,
/// open invitations; devices are told nothing more. Whoever has stolen one of them is out.
///
/// # Errors
/// What the database reports.
pub fn shut_out<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId) -> Result<()> {
    let now = cx.now();
    cx.write_any(&END_ALL, values![person, now])?;
    cx.write_any(&REVOKE_ALL, values![person, now])?;
    cx.write_any(&CLOSE_INVITATIONS, values![person, now])?;
    crate::push::remove_all(cx, person)?;
    Ok(())
}

/// Sets a person's password and ends whatever was open under the old one, see [`shut_out`].
///
/// # Errors
/// `Refused` when there is no such person.
pub fn set_password(cx: &mut Writer<'_, System>, person: PersonId, password_hash: &str) -> Result<()> {
    cx.write(&PASSWORD, values![person, password_hash])?;
    shut_out(cx, person)?;
    cx.record_plain("sessions.act.password", ("person", person));
    Ok(())
}

/// Sets or takes away the secret of a person's one-time codes (base 32).
///
/// # Errors
/// `Refused` when there is no such person.
pub fn set_totp(cx: &mut Writer<'_, System>, person: PersonId, secret: Option<&str>) -> Result<()> {
    cx.write(&TOTP, values![person, secret])?;
    let act = if secret.is_some() { "sessions.act.totp_on" } else { "sessions.act.totp_off" };
    cx.record_plain(act, ("person", person));
    Ok(())
}

static ISSUE: Sql = q!(
    "INSERT INTO platform_tokens (id, agency_id, token_hash, person_id, name, rights, created_at, expires_at)
     SELECT $1, p.agency_id, $2, p.id, $4, $5, $6, $7
     FROM platform_people p
     WHERE p.id = $3"
);
static TOKEN: Sql =
    q!("SELECT t.id, t.person_id, t.name, t.rights, t.created_at, t.expires_at, t.used_at, m.n
     FROM platform_tokens t JOIN platform_rights_mark m ON m.one = 1
     WHERE {scope:t} AND t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2");
static TOKENS: Sql = q!("SELECT id, person_id, name, rights, created_at, expires_at, used_at
     FROM platform_tokens
     WHERE {scope} AND person_id = $1 AND revoked_at IS NULL
     ORDER BY created_at DESC");
static TOKEN_USED: Sql = q!("UPDATE platform_tokens SET used_at = $2 WHERE {scope} AND id = $1");
static REVOKE: Sql = q!("UPDATE platform_tokens SET revoked_at = $3
     WHERE {scope} AND id = $1 AND person_id = $2 AND revoked_at IS NULL");

/// Makes an access token for the actor; the answer is the only time it is seen.
///
/// # Errors
/// `Refused` when a right is asked for that the actor does not hold.
pub fn issue_token<P: Permission>(
    cx: &mut Writer<'_, P>,
    name: &str,
    rights: &[String],
    expires_at: Instant,
) -> Result<(Id<Token>, String)> {
    let person = cx.person()?;
    if rights.is_empty() || rights.iter().any(|right| !cx.actor().holds(right)) {
        return Err(Refusal::new("sessions.token.rights").into());
    }
    let (id, now, token) = (cx.new_id::<Token>(), cx.now(), format!("vlt_{}", cx.secret()));
    cx.write(&ISSUE, values![id, hash(&token), person, name, rights.join(" "), now, expires_at])?;
    cx.record_plain("sessions.act.token_issued", ("token", id));
    Ok((id, token))
}

/// Asks for the working [`Token`] with this hash, with its mark.
pub fn token(token_hash: &str, now: Instant) -> (&'static Sql, Vec<Value>) {
    (&TOKEN, values![token_hash, now].to_vec())
}

/// A person's tokens, newest first.
///
/// # Errors
/// What the database reports.
pub fn tokens(cx: &Raw<'_>, person: PersonId) -> Result<Vec<Token>> {
    cx.rows(&TOKENS, values![person])
}

/// Notes that a token is in use. Not an act, so not in the audit log.
///
/// # Errors
/// What the database reports.
pub fn token_used(db: &dyn Database, id: Id<Token>, now: Instant) -> Result<()> {
    db.execute(&TOKEN_USED, values![id, now]).map(drop)
}

/// Takes one of the actor's tokens back.
///
/// # Errors
/// `Refused` when it is not theirs or was taken back before.
pub fn revoke_token<P: Permission>(cx: &mut Writer<'_, P>, id: Id<Token>) -> Result<()> {
    let (person, now) = (cx.person()?, cx.now());
    cx.write(&REVOKE, values![id, person, now])?;
    cx.record_plain("sessions.act.token_revoked", ("token", id));
    Ok(())
}

static INVITE: Sql = q!("INSERT INTO platform_invitations (token_hash, agency_id, person_id, expires_at)
     SELECT $1, p.agency_id, p.id, $3
     FROM platform_people p
     WHERE p.id = $2");
static INVITED: Sql = q!("SELECT person_id
     FROM platform_invitations
     WHERE {scope} AND token_hash = $1 AND used_at IS NULL AND expires_at > $2");
static REDEEM: Sql = q!("UPDATE platform_invitations SET used_at = $2
     WHERE {scope} AND token_hash = $1 AND used_at IS NULL AND expires_at > $2
     RETURNING person_id");

/// Makes the secret of a link with which a person sets a password, good for three days: `/activate/{secret}`.
///
/// # Errors
/// What the database reports.
pub fn invite<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId) -> Result<String> {
    let (secret, until) = (cx.secret(), cx.now().plus_days(3));
    cx.write(&INVITE, values![hash(&secret), person, until])?;
    cx.record_plain("sessions.act.invited", ("person", person));
    Ok(secret)
}

/// Whom an invitation is for, while it is good.
///
/// # Errors
/// `NotFound` when it is not.
pub fn invited(cx: &Raw<'_>, secret: &str) -> Result<PersonId> {
    cx.one::<(PersonId,)>(&INVITED, values![hash(secret), cx.now()]).map(|(person,)| person)
}

/// Uses an invitation to set the password.
///
/// # Errors
/// `NotFound` when it is used or too old.
pub fn redeem(cx: &mut Writer<'_, System>, secret: &str, password_hash: &str) -> Result<PersonId> {
    let now = cx.now();
    let mut found = cx.write_returning_all::<(PersonId,)>(&REDEEM, values![hash(secret), now])?;
    let (person,) = found.pop().ok_or(Error::NotFound)?;
    set_password(cx, person, password_hash)?;
    Ok(person)
}

static KEY: Sql =
    q!("INSERT INTO platform_keys (name, value, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING");
static KEYS: Sql = q!("SELECT value FROM platform_keys WHERE name = $1");

/// The tenant's own key of a name; `fresh` becomes it the first time. Two processes that start together get
/// the same one.
///
/// # Errors
/// What the database reports.
pub fn key(db: &dyn Database, name: &str, (fresh, now): (&str, Instant)) -> Result<String> {
    db.execute(&KEY, values![name, fresh, now])?;
    let mut found = None;
    db.query(&KEYS, values![name], &mut |row| {
        found = Some(<(String,)>::from_row(row)?.0);
        Ok(())
    })?;
    found.ok_or_else(|| Error::internal("a key was not kept"))
}
