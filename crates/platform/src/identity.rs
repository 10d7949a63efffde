//! Who somebody is and what they may do: posts make roles, roles hold rights, stand-ins pass them on.

use crate::organisations;
use base::{AgencyId, Error, Instant, PersonId, Result, UnitId};
use kernel::{Actor, Permission, Raw, Scope, Sql, Writer, q, row, values};
use std::collections::BTreeMap;
use std::sync::Arc;

row! {
    /// What sign-in needs of a person.
    pub struct Credentials {
        /// The person.
        person: PersonId,
        /// Argon2id hash, PHC form.
        password_hash: String,
        /// Shared secret of the one-time codes, sealed by the tenant's store, when switched on.
        totp_secret: Option<String>,
        /// Language.
        lang: String,
        /// Theme: `auto`, `light`, `dark`, `contrast`.
        theme: String,
        /// False when they may not sign in.
        active: bool,
    }
}

row! {
    struct PostRow {
        person: PersonId,
        name: String,
        agency: AgencyId,
        unit: Option<UnitId>,
        title: String,
        role: String,
        reach: String,
    }
}

static CREDENTIALS: Sql = q!("SELECT n.id, c.password_hash, c.totp_secret, n.lang, n.theme, n.active
     FROM platform_people n JOIN platform_credentials c ON c.person_id = n.id
     WHERE {scope:c} AND n.username = $1");
static PREFERENCES: Sql = q!("SELECT n.id, c.password_hash, c.totp_secret, n.lang, n.theme, n.active
     FROM platform_people n JOIN platform_credentials c ON c.person_id = n.id
     WHERE {scope:c} AND n.id = $1");
static POSTS: Sql = q!("SELECT p.person_id, n.name, p.agency_id, p.unit_id, p.title, p.role, p.reach
     FROM platform_posts p JOIN platform_people n ON n.id = p.person_id
     WHERE {scope:p} AND p.person_id = $1 AND n.active = 1
        AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
     ORDER BY p.main DESC, p.valid_from");
// Somebody who may not sign in hands nothing on: the chain ends before them.
static AWAY: Sql = q!("SELECT d.from_person
     FROM platform_delegations d JOIN platform_people n ON n.id = d.from_person
     WHERE {scope:d} AND d.to_person = $1 AND d.ended_at IS NULL AND d.from_at <= $2 AND d.to_at > $2 AND n.active = 1
     ORDER BY d.from_at, d.id");
static NEXT_TURN: Sql = q!("SELECT min(turn)
     FROM (
        SELECT min(from_at) AS turn FROM platform_delegations WHERE {scope} AND ended_at IS NULL AND from_at > $1
        UNION ALL
        SELECT min(to_at) FROM platform_delegations WHERE {scope} AND ended_at IS NULL AND to_at > $1) AS t");
static GRANTS: Sql = q!("SELECT right_id FROM platform_grants WHERE role = $1");
static KNOWN: Sql = q!("SELECT right_id FROM platform_known_rights");
static KNOW: Sql = q!("INSERT INTO platform_known_rights (right_id) VALUES ($1) ON CONFLICT DO NOTHING");
static GRANT: Sql = q!("INSERT INTO platform_grants (role, right_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
static GRANTED_ROLES: Sql = q!("SELECT DISTINCT role FROM platform_grants");
/// Before the name of a role among what is known.
const ROLE: &str = "role:";
static REVOKE: Sql = q!("DELETE FROM platform_grants WHERE role = $1 AND right_id = $2");
static ALL_GRANTS: Sql = q!("SELECT role, right_id FROM platform_grants ORDER BY role, right_id");

/// What sign-in needs, by username.
///
/// # Errors
/// What the database reports.
pub fn credentials(cx: &Raw<'_>, username: &str) -> Result<Option<Credentials>> {
    cx.row(&CREDENTIALS, values![username])
}

/// The same, by person: for language and theme of a session.
///
/// # Errors
/// `NotFound` when there is no such person.
pub fn preferences(cx: &Raw<'_>, person: PersonId) -> Result<Credentials> {
    cx.one(&PREFERENCES, values![person])
}

/// Builds the actor: the person, the people they stand in for, and where each right reaches.
///
/// # Errors
/// `Forbidden` when the person holds no post today or may not sign in.
pub fn actor(cx: &Raw<'_>, person: PersonId) -> Result<Actor> {
    let now = cx.now();
    let own: Vec<PostRow> = cx.rows(&POSTS, values![person, now.date()])?;
    let first = own.first().ok_or(Error::Forbidden)?;
    let mut actor = Actor {
        person: Some(first.person),
        name: first.name.clone(),
        post: first.title.clone(),
        agency: Some(first.agency),
        unit: first.unit,
        rights: Arc::default(),
        stands_for: Vec::new(),
    };
    let mut rights = BTreeMap::new();
    for post in &own {
        add_rights(cx, &mut rights, post)?;
    }
    for other in stands_for(cx, person)? {
        for post in cx.rows::<PostRow>(&POSTS, values![other, now.date()])? {
            add_rights(cx, &mut rights, &post)?;
        }
        actor.stands_for.push(other);
    }
    actor.rights = Arc::new(rights);
    Ok(actor)
}

/// Everybody a person stands in for, the nearest first. Transitive: A is away and named B, B is away and named C: C
/// stands in for both.
fn stands_for(cx: &Raw<'_>, person: PersonId) -> Result<Vec<PersonId>> {
    let (mut chain, mut next) = (vec![person], 0);
    while let Some(at) = chain.get(next).copied() {
        for (other,) in cx.rows::<(PersonId,)>(&AWAY, values![at, cx.now()])? {
            if !chain.contains(&other) {
                chain.push(other);
            }
        }
        next += 1;
    }
    chain.remove(0);
    Ok(chain)
}

/// Until when an [`actor`] worked out now holds while the mark of the tenant's rights stands still: posts begin and
/// end at midnight, stand-ins at their minute.
///
/// # Errors
/// What the database reports.
pub fn until(cx: &Raw<'_>) -> Result<Instant> {
    let midnight = cx.now().date().plus_days(1).start();
    let (turn,): (Option<Instant>,) = cx.one(&NEXT_TURN, values![cx.now()])?;
    Ok(turn.map_or(midnight, |turn| turn.min(midnight)))
}

fn add_rights(cx: &Raw<'_>, rights: &mut BTreeMap<String, Scope>, post: &PostRow) -> Result<()> {
    let reach = match post.reach.as_str() {
        "subtree" => organisations::all_below(cx, post.agency)?,
        _ => vec![post.agency],
    };
    for (right,) in cx.rows::<(String,)>(&GRANTS, values![&post.role])? {
        match rights.entry(right).or_insert_with(|| Scope::Agencies(Vec::new())) {
            Scope::Everything => {}
            Scope::Agencies(agencies) => {
                for agency in &reach {
                    if !agencies.contains(agency) {
                        agencies.push(*agency);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Hands rights the program has newly learnt to the roles that hold them at the founding of a tenant. A
/// right that was taken back stays taken back. A role the program has newly learnt gets all that is its own.
///
/// # Errors
/// What the database reports.
pub fn found_rights<P: Permission>(
    cx: &mut Writer<'_, P>,
    rights: &[(&'static str, &'static [&'static str])],
) -> Result<()> {
    let known: Vec<(String,)> = cx.rows(&KNOWN, &[])?;
    let granted: Vec<(String,)> = cx.rows(&GRANTED_ROLES, &[])?;
    let is_known = |name: &str| known.iter().any(|(known,)| known == name);
    let (mut any, mut new_roles) = (false, Vec::new());
    for role in rights.iter().flat_map(|(_, roles)| roles.iter()) {
        let name = format!("{ROLE}{role}");
        if is_known(&name) || new_roles.contains(role) {
            continue;
        }
        any |= cx.write_any(&KNOW, values![name])? > 0;
        // A tenant that was founded before roles were noted has those that hold something.
        if !granted.iter().any(|(held,)| held == role) {
            new_roles.push(role);
        }
    }
    for (right, roles) in rights {
        let is_new = !is_known(right);
        if is_new {
            any |= cx.write_any(&KNOW, values![*right])? > 0;
        }
        for role in roles.iter().filter(|role| is_new || new_roles.contains(role)) {
            cx.write_any(&GRANT, values![*role, *right])?;
        }
    }
    if any {
        cx.record_plain("platform.rights.founded", ("rights", base::Id::<()>::of(uuid::Uuid::nil())));
    }
    Ok(())
}

/// Every role and right.
///
/// # Errors
/// What the database reports.
pub fn grants(cx: &Raw<'_>) -> Result<Vec<(String, String)>> {
    cx.rows(&ALL_GRANTS, &[])
}

/// Gives a right to a role, or takes it back.
///
/// # Errors
/// What the database reports.
pub fn set_grant<P: Permission>(
    cx: &mut Writer<'_, P>,
    (role, right): (&str, &str),
    given: bool,
) -> Result<()> {
    let sql = if given { &GRANT } else { &REVOKE };
    cx.write_any(sql, values![role, right]).map(drop)
}

static ALL_KNOWN: Sql =
    q!("SELECT right_id FROM platform_known_rights WHERE right_id NOT LIKE 'role:%' ORDER BY right_id");

/// Every right the program has ever asked for, by its text id.
///
/// # Errors
/// What the database reports.
pub fn known_rights(cx: &Raw<'_>) -> Result<Vec<String>> {
    Ok(cx.rows::<(String,)>(&ALL_KNOWN, &[])?.into_iter().map(|(right,)| right).collect())
}
