//! People, the posts they hold, and who stands in for whom.

use base::{AgencyId, Date, Instant, PersonId, Result, UnitId, text};
use kernel::{Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// A person in a post.
    pub struct Holder {
        /// The person.
        person: PersonId,
        /// Name.
        name: String,
        /// Name to sign in with.
        username: String,
        /// Title of the post.
        title: String,
        /// Role: `clerk`, `leader`, `head`, `officer`, `admin`.
        role: String,
        /// Agency of the post.
        agency: AgencyId,
        /// Unit of the post.
        unit: Option<UnitId>,
        /// False when the person may not sign in.
        active: bool,
    }
}

row! {
    /// Somebody stands in for somebody.
    pub struct Delegation {
        /// Id.
        id: uuid::Uuid,
        /// Who is away.
        from_person: PersonId,
        /// Their name.
        from_name: String,
        /// Who stands in.
        to_person: PersonId,
        /// Their name.
        to_name: String,
        /// Since.
        from_at: Instant,
        /// Until.
        to_at: Instant,
        /// Why.
        reason: String,
    }
}

/// What is needed to enter a person.
#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    /// The agency whose administrators keep the account.
    pub agency: AgencyId,
    /// Name to sign in with.
    pub username: &'a str,
    /// Full name, family name first.
    pub name: &'a str,
    /// Address for notices.
    pub email: &'a str,
    /// Argon2id hash of the password, PHC form.
    pub password_hash: &'a str,
}

/// What is needed to give a post.
#[derive(Debug, Clone)]
pub struct NewPost<'a> {
    /// Agency.
    pub agency: AgencyId,
    /// Unit, if any.
    pub unit: Option<UnitId>,
    /// Title.
    pub title: &'a str,
    /// Role.
    pub role: &'a str,
    /// `own` for the agency, `subtree` for everything below it too.
    pub reach: &'a str,
    /// First day.
    pub from: Date,
}

static ADD_PERSON: Sql = q!(
    "INSERT INTO platform_people (id, agency_id, username, name, sort_key, email, lang, theme, active, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'vi', 'auto', 1, $7)"
);
static ADD_CREDENTIALS: Sql =
    q!("INSERT INTO platform_credentials (person_id, agency_id, password_hash) VALUES ($1, $2, $3)");
static ADD_POST: Sql =
    q!("INSERT INTO platform_posts (id, agency_id, person_id, unit_id, title, role, reach, main, valid_from)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)");
static HOLDERS: Sql = q!(
    "SELECT p.person_id, n.name, n.username, p.title, p.role, p.agency_id, p.unit_id, n.active
     FROM platform_posts p JOIN platform_people n ON n.id = p.person_id
     WHERE {scope:p} AND p.agency_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2)
     ORDER BY CASE p.role WHEN 'leader' THEN 0 WHEN 'clerk' THEN 1 WHEN 'head' THEN 2 ELSE 3 END, n.sort_key"
);
static HOLDER: Sql =
    q!("SELECT p.person_id, n.name, n.username, p.title, p.role, p.agency_id, p.unit_id, n.active
     FROM platform_posts p JOIN platform_people n ON n.id = p.person_id
     WHERE {scope:p} AND p.person_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2)
     ORDER BY p.main DESC, p.valid_from
     LIMIT 1");
static SET_ACTIVE: Sql = q!("UPDATE platform_people SET active = $2 WHERE {scope} AND id = $1");
static END_POST: Sql = q!("UPDATE platform_posts SET valid_to = $3
     WHERE {scope} AND person_id = $1 AND agency_id = $2 AND (valid_to IS NULL OR valid_to >= $4)");
static SET_LANG: Sql = q!("UPDATE platform_people SET lang = $2 WHERE {scope} AND id = $1");
static SET_THEME: Sql = q!("UPDATE platform_people SET theme = $2 WHERE {scope} AND id = $1");
static HOME: Sql = q!("SELECT agency_id FROM platform_people WHERE id = $1");
static HELD: Sql =
    q!("SELECT DISTINCT agency FROM platform_held WHERE person = $1 AND (until IS NULL OR until >= $2)");
static STAYS: Sql = q!("SELECT agency_id FROM platform_posts
     WHERE {scope} AND person_id = $1 AND valid_to IS NULL
     ORDER BY main DESC, valid_from
     LIMIT 1");
static MOVE_PERSON: Sql = q!("UPDATE platform_people SET agency_id = $2 WHERE {scope} AND id = $1");
static MOVE_CREDENTIALS: Sql =
    q!("UPDATE platform_credentials SET agency_id = $2 WHERE {scope} AND person_id = $1");
static MOVE_SESSIONS: Sql =
    q!("UPDATE platform_sessions SET agency_id = $2 WHERE {scope} AND person_id = $1");
static MOVE_TOKENS: Sql = q!("UPDATE platform_tokens SET agency_id = $2 WHERE {scope} AND person_id = $1");
static MOVE_INVITATIONS: Sql =
    q!("UPDATE platform_invitations SET agency_id = $2 WHERE {scope} AND person_id = $1");
static DELEGATE: Sql =
    q!("INSERT INTO platform_delegations (id, agency_id, from_person, to_person, from_at, to_at, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7)");
static END_DELEGATION: Sql = q!("UPDATE platform_delegations SET ended_at = $2
     WHERE {scope} AND id = $1 AND ended_at IS NULL AND from_person = $3");
static DELEGATIONS: Sql =
    q!("SELECT d.id, d.from_person, f.name, d.to_person, t.name, d.from_at, d.to_at, d.reason
     FROM platform_delegations d
     JOIN platform_people f ON f.id = d.from_person
     JOIN platform_people t ON t.id = d.to_person
     WHERE {scope:d} AND d.agency_id = $1 AND d.ended_at IS NULL AND d.to_at >= $2
     ORDER BY d.from_at");

/// Enters a person.
///
/// # Errors
/// `Refused` when the username is taken.
pub fn add<P: Permission>(cx: &mut Writer<'_, P>, new: &NewPerson<'_>) -> Result<PersonId> {
    let (id, now) = (cx.new_id(), cx.now());
    let sort_key = text::person_sort_key(new.name);
    cx.write(&ADD_PERSON, values![id, new.agency, new.username, new.name, sort_key, new.email, now])?;
    cx.write(&ADD_CREDENTIALS, values![id, new.agency, new.password_hash])?;
    Ok(id)
}

/// Gives a person a post.
///
/// # Errors
/// What the database reports.
pub fn give_post<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId, post: &NewPost<'_>) -> Result<()> {
    let id = cx.new_id::<()>();
    let values = values![id, post.agency, person, post.unit, post.title, post.role, post.reach, post.from];
    cx.write(&ADD_POST, values).map(drop)
}

/// Ends a person's post in an agency, or ends it on another day while the last one has not passed. When it was the agency that kept their account, the account goes on with
/// another agency of theirs inside the actor's scope, if there is one.
///
/// # Errors
/// `Refused` when they hold none.
pub fn end_post<P: Permission>(
    cx: &mut Writer<'_, P>,
    person: PersonId,
    agency: AgencyId,
    last_day: Date,
) -> Result<()> {
    let today = cx.now().date();
    cx.write(&END_POST, values![person, agency, last_day, today])?;
    if home(cx, person)? != agency {
        return Ok(());
    }
    let Some((next,)) = cx.row::<(AgencyId,)>(&STAYS, values![person])? else { return Ok(()) };
    for sql in [&MOVE_CREDENTIALS, &MOVE_SESSIONS, &MOVE_TOKENS, &MOVE_INVITATIONS, &MOVE_PERSON] {
        cx.write_any(sql, values![person, next])?;
    }
    Ok(())
}

/// The agency whose administrators keep a person's account.
///
/// # Errors
/// `NotFound` when there is no such person.
pub fn home(cx: &Raw<'_>, person: PersonId) -> Result<AgencyId> {
    cx.one::<(AgencyId,)>(&HOME, values![person]).map(|(agency,)| agency)
}

/// Every agency a person's account is good for: the one that keeps it, and those they hold a post in today, also
/// outside the actor's scope. Whoever reaches not all of them must leave the account alone.
///
/// # Errors
/// `NotFound` when there is no such person.
pub fn bound_to(cx: &Raw<'_>, person: PersonId) -> Result<Vec<AgencyId>> {
    let today = cx.now().date();
    let held = cx.rows::<(AgencyId,)>(&HELD, values![person, today])?;
    let mut all = vec![home(cx, person)?];
    all.extend(held.into_iter().map(|(agency,)| agency));
    Ok(all)
}

/// The people of an agency, until the last day of their post: leaders first, then clerks, heads and officers.
///
/// # Errors
/// What the database reports.
pub fn of_agency(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Holder>> {
    cx.rows(&HOLDERS, values![agency, cx.now().date()])
}

/// A person in their main post, inside the actor's scope.
///
/// # Errors
/// `NotFound` when they hold none there.
pub fn holder(cx: &Raw<'_>, person: PersonId) -> Result<Holder> {
    cx.one(&HOLDER, values![person, cx.now().date()])
}

static NAME: Sql = q!("SELECT name FROM platform_people WHERE id = $1");

/// A person's name, whichever agency they are of.
///
/// # Errors
/// `NotFound` when there is no such person.
pub fn name(cx: &Raw<'_>, person: PersonId) -> Result<String> {
    cx.one::<(String,)>(&NAME, values![person]).map(|(name,)| name)
}

/// Lets a person sign in, or not.
///
/// # Errors
/// `Refused` when there is no such person.
pub fn set_active<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId, active: bool) -> Result<()> {
    cx.write(&SET_ACTIVE, values![person, active]).map(drop)
}

/// Keeps the language a person chose.
///
/// # Errors
/// `Refused` when there is no such person.
pub fn set_language<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId, lang: &str) -> Result<()> {
    cx.write(&SET_LANG, values![person, lang]).map(drop)
}

/// Keeps the theme a person chose.
///
/// # Errors
/// `Refused` when there is no such person.
pub fn set_theme<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId, theme: &str) -> Result<()> {
    cx.write(&SET_THEME, values![person, theme]).map(drop)
}

/// Lets somebody stand in from one moment to another.
///
/// # Errors
/// What the database reports.
pub fn delegate<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, from, to): (AgencyId, PersonId, PersonId),
    (from_at, to_at): (Instant, Instant),
    reason: &str,
) -> Result<()> {
    let id = cx.new_id::<Delegation>();
    cx.write(&DELEGATE, values![id, agency, from, to, from_at, to_at, reason])?;
    Ok(())
}

/// Ends a stand-in early. Only the one who is away ends it.
///
/// # Errors
/// `Refused` when it has ended or is somebody else's.
pub fn end_delegation<P: Permission>(
    cx: &mut Writer<'_, P>,
    id: base::Id<Delegation>,
    by: PersonId,
) -> Result<()> {
    let now = cx.now();
    cx.write(&END_DELEGATION, values![id, now, by]).map(drop)
}

/// Stand-ins of an agency that are in force or still to come.
///
/// # Errors
/// What the database reports.
pub fn delegations(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Delegation>> {
    let now = cx.now();
    cx.rows(&DELEGATIONS, values![agency, now])
}

/// Who acts for a person at a moment: themselves, or whoever stands in for them while they are away, over any number
/// of stand-ins. People who stand in for each other in a ring act for themselves.
pub fn acting(delegations: &[Delegation], person: PersonId, now: Instant) -> PersonId {
    let mut chain = vec![person];
    let mut at = person;
    let away = |from: PersonId| {
        delegations.iter().find(|one| one.from_person == from && one.from_at <= now && now < one.to_at)
    };
    while let Some(next) = away(at).map(|one| one.to_person) {
        if chain.contains(&next) {
            return person;
        }
        chain.push(next);
        at = next;
    }
    at
}

row! {
    /// A post as its holder sees it.
    pub struct OwnPost {
        /// The agency.
        agency: AgencyId,
        /// Title.
        title: String,
        /// Role.
        role: String,
        /// `own` or `subtree`.
        reach: String,
        /// Name of the agency.
        agency_name: String,
        /// Name of the unit, if there is one.
        unit_name: Option<String>,
        /// First day.
        valid_from: Date,
    }
}

static POSTS_OF: Sql = q!("SELECT p.agency_id, p.title, p.role, p.reach, a.name, u.name, p.valid_from
     FROM platform_posts p
     JOIN platform_agencies a ON a.id = p.agency_id
     LEFT JOIN platform_units u ON u.id = p.unit_id
     WHERE {scope:p} AND p.person_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2)
     ORDER BY p.main DESC, p.valid_from");

/// The posts a person holds now, inside the actor's scope, the main one first.
///
/// # Errors
/// What the database reports.
pub fn posts_of(cx: &Raw<'_>, person: PersonId) -> Result<Vec<OwnPost>> {
    cx.rows(&POSTS_OF, values![person, cx.now().date()])
}

static LIST_FIRST: Sql =
    q!("SELECT p.person_id, n.name, n.username, p.title, p.role, p.agency_id, p.unit_id, n.active
     FROM platform_posts p JOIN platform_people n ON n.id = p.person_id
     WHERE {scope:p} AND p.agency_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $3)
     ORDER BY n.sort_key, n.id
     LIMIT $2");
static LIST_AFTER: Sql =
    q!("SELECT p.person_id, n.name, n.username, p.title, p.role, p.agency_id, p.unit_id, n.active
     FROM platform_posts p JOIN platform_people n ON n.id = p.person_id
     WHERE {scope:p} AND p.agency_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $3)
        AND (n.sort_key, n.id) > (SELECT a.sort_key, a.id FROM platform_people a WHERE a.id = $4)
     ORDER BY n.sort_key, n.id
     LIMIT $2");

/// A page of the people of an agency, in the order of Vietnamese name lists, after one of them.
///
/// # Errors
/// What the database reports.
pub fn page(cx: &Raw<'_>, agency: AgencyId, after: Option<PersonId>, limit: i64) -> Result<Vec<Holder>> {
    let today = cx.now().date();
    match after {
        None => cx.rows(&LIST_FIRST, values![agency, limit, today]),
        Some(after) => cx.rows(&LIST_AFTER, values![agency, limit, today, after]),
    }
}
