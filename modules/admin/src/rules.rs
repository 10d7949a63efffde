//! The decisions of the administrator's pages, without a database.

use crate::model::{Ending, Role};
use base::{AgencyId, Date, PersonId, Refusal};
use platform::organisations::{Agency, Tier};

/// Changes to an agency are refused once it has ended: what happened under its name stays as it was.
pub(crate) fn edit_agency(agency: &Agency) -> Result<(), Refusal> {
    match agency.valid_to {
        Some(day) => Err(Refusal::new("admin.refuse.ended").with("day", day.dmy())),
        None => Ok(()),
    }
}

/// A code of either form: 1 to 35 capital letters, digits and dots. Irregular ones are in use, so the shape
/// inside is not checked.
pub(crate) fn is_code(code: &str) -> bool {
    (1..=35).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.')
}

/// How an agency is to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    /// Its last day.
    pub(crate) last_day: Date,
    /// How.
    pub(crate) ending: Ending,
    /// Who takes over.
    pub(crate) successors: &'a [Agency],
}

/// An agency ends once, after it began, with as many successors as the way it ends asks for; each of them
/// is open on the day after.
pub(crate) fn end_agency(agency: &Agency, end: &End<'_>) -> Result<(), Refusal> {
    edit_agency(agency)?;
    if end.last_day < agency.valid_from {
        return Err(Refusal::new("admin.refuse.before_beginning").with("day", agency.valid_from.dmy()));
    }
    let fits = match (end.ending, end.successors.len()) {
        (Ending::Abolished, 0) | (Ending::Merged | Ending::Renamed, 1) => true,
        (Ending::Split, n) => n >= 2,
        _ => false,
    };
    if !fits {
        return Err(Refusal::new("admin.refuse.successors").hint("admin.hint.successors"));
    }
    if end.successors.iter().any(|other| other.id == agency.id) {
        return Err(Refusal::new("admin.refuse.own_successor"));
    }
    let next = end.last_day.plus_days(1);
    match end.successors.iter().find(|other| !other.is_open(next)) {
        Some(other) => Err(Refusal::new("admin.refuse.closed_successor")
            .with("name", &other.name)
            .with("day", next.dmy())),
        None => Ok(()),
    }
}

/// A name to sign in with: 3 to 40 small letters, digits, dots, hyphens and underscores, a letter first.
pub(crate) fn is_username(name: &str) -> bool {
    (3..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
}

/// Only who may change rights makes another administrator; else a right could be had by way of a new person.
pub(crate) fn give_role(role: Role, may_change_rights: bool) -> Result<(), Refusal> {
    match role {
        Role::Admin if !may_change_rights => Err(Refusal::new("admin.refuse.makes_admin")),
        _ => Ok(()),
    }
}

/// An account is one, however many agencies its owner works in: whoever does not reach all of them neither locks it
/// nor makes a way into it, as that would be a way into the others.
pub(crate) fn own_account(reaches_all: bool) -> Result<(), Refusal> {
    if reaches_all {
        Ok(())
    } else {
        Err(Refusal::new("admin.refuse.elsewhere").hint("admin.hint.higher_admin"))
    }
}

/// Nobody locks themselves out, or ends their own post.
pub(crate) fn not_oneself(me: PersonId, other: PersonId) -> Result<(), Refusal> {
    if me == other {
        Err(Refusal::new("admin.refuse.oneself").hint("admin.hint.other_admin"))
    } else {
        Ok(())
    }
}

/// The right that gives rights: without a holder nobody could ever hand one out again.
const LAST_RIGHT: &str = "admin.rights.manage";

/// A right is given to or taken from a role everywhere in the tenant, so only an administrator of all of it
/// does so, and the administrators keep the right to give rights.
pub(crate) fn change_right(role: Role, (right, given): (&str, bool), governs: bool) -> Result<(), Refusal> {
    if !governs {
        return Err(Refusal::new("admin.refuse.not_governing"));
    }
    if role == Role::Admin && right == LAST_RIGHT && !given {
        return Err(Refusal::new("admin.refuse.last_right"));
    }
    Ok(())
}

/// True when an administrator's reach covers every agency of this tenant that is not of a higher tier than
/// their own: the province for its tenant, not a commune among others.
pub(crate) fn governs(own: Tier, locals: &[Agency], reaches: impl Fn(AgencyId) -> bool) -> bool {
    locals.iter().filter(|agency| agency.tier >= own).all(|agency| reaches(agency.id))
}

/// How long before its end a node's certificate is pointed out. It renews itself when a third of its time is left; one
/// that comes near its end did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ends {
    /// Not before sixty days.
    Later,
    /// Within sixty days.
    Soon,
    /// Within thirty days.
    Sooner,
    /// Within seven days, or it has ended.
    Now,
}

/// What the end of a certificate calls for, by the whole days that are left.
pub(crate) const fn ends(days: i64) -> Ends {
    match days {
        ..=7 => Ends::Now,
        8..=30 => Ends::Sooner,
        31..=60 => Ends::Soon,
        _ => Ends::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a date")
    }

    fn agency(n: u8, tier: Tier) -> Agency {
        Agency {
            id: Id::born(0, [n; 10]),
            code_102: format!("000.00.{n:02}.H44"),
            code_qd20: format!("H44.{n:02}"),
            name: format!("Cơ quan {n}"),
            symbol: "UBND".to_owned(),
            place: "Phú Thọ".to_owned(),
            tier,
            kind: "committee".to_owned(),
            parent: None,
            local: true,
            locked: false,
            valid_from: day("2010-01-01"),
            valid_to: None,
        }
    }

    fn refusal(end: &End<'_>) -> Option<&'static str> {
        end_agency(&agency(1, Tier::Commune), end).err().map(|refusal| refusal.key)
    }

    #[test]
    fn a_commune_is_merged_into_one_split_into_several_or_abolished_into_none() {
        let last_day = day("2025-06-30");
        let others = [agency(2, Tier::Commune), agency(3, Tier::Commune)];
        let end = |ending, n: usize| End { last_day, ending, successors: &others[..n] };
        assert_eq!(refusal(&end(Ending::Merged, 1)), None);
        assert_eq!(refusal(&end(Ending::Merged, 2)), Some("admin.refuse.successors"));
        assert_eq!(refusal(&end(Ending::Split, 2)), None);
        assert_eq!(refusal(&end(Ending::Split, 1)), Some("admin.refuse.successors"));
        assert_eq!(refusal(&end(Ending::Renamed, 1)), None);
        assert_eq!(refusal(&end(Ending::Abolished, 0)), None);
        assert_eq!(refusal(&end(Ending::Abolished, 1)), Some("admin.refuse.successors"));
    }

    #[test]
    fn an_agency_ends_after_it_began_and_only_once() {
        let end = End { last_day: day("2009-12-31"), ending: Ending::Abolished, successors: &[] };
        assert_eq!(refusal(&end), Some("admin.refuse.before_beginning"));
        let mut ended = agency(1, Tier::Commune);
        ended.valid_to = Some(day("2020-12-31"));
        let again = End { last_day: day("2025-06-30"), ..end };
        assert_eq!(end_agency(&ended, &again).err().map(|r| r.key), Some("admin.refuse.ended"));
        assert_eq!(edit_agency(&ended).err().map(|r| r.key), Some("admin.refuse.ended"));
    }

    #[test]
    fn a_successor_is_another_agency_that_is_open_the_day_after() {
        let last_day = day("2025-06-30");
        let myself = [agency(1, Tier::Commune)];
        let end = End { last_day, ending: Ending::Merged, successors: &myself };
        assert_eq!(refusal(&end), Some("admin.refuse.own_successor"));
        let mut closed = agency(2, Tier::Commune);
        closed.valid_to = Some(last_day);
        let end = End { last_day, ending: Ending::Merged, successors: &[closed] };
        assert_eq!(refusal(&end), Some("admin.refuse.closed_successor"));
        let mut young = agency(3, Tier::Commune);
        young.valid_from = day("2025-07-01");
        let end = End { last_day, ending: Ending::Merged, successors: &[young] };
        assert_eq!(refusal(&end), None);
    }

    #[test]
    fn codes_in_use_are_taken_and_others_are_not() {
        for code in ["000.00.00.H44", "H37.DN.001", "28.22.H17", "001.00.20.TT2"] {
            assert!(is_code(code), "{code}");
        }
        for code in ["", "h44", "000 00", "H44/1", "000.00.00.H44.000.00.00.H44.000.00.00.H44"] {
            assert!(!is_code(code), "{code}");
        }
    }

    #[test]
    fn a_username_is_short_plain_and_begins_with_a_letter() {
        assert!(is_username("tran.hong-nhan_2"));
        for name in ["ab", "Nhan", "2nhan", "nhàn", "a b c", &"a".repeat(41)] {
            assert!(!is_username(name), "{name}");
        }
    }

    #[test]
    fn an_administrator_of_people_alone_makes_no_administrators() {
        assert!(give_role(Role::Clerk, false).is_ok());
        assert!(give_role(Role::Admin, false).is_err());
        assert!(give_role(Role::Admin, true).is_ok());
    }

    #[test]
    fn an_account_is_touched_only_by_who_reaches_all_its_agencies() {
        assert!(own_account(true).is_ok());
        assert_eq!(own_account(false).err().map(|r| r.key), Some("admin.refuse.elsewhere"));
    }

    #[test]
    fn nobody_locks_themselves_out() {
        let (me, other): (PersonId, PersonId) = (Id::born(0, [1; 10]), Id::born(0, [2; 10]));
        assert!(not_oneself(me, me).is_err());
        assert!(not_oneself(me, other).is_ok());
        assert!(change_right(Role::Admin, ("admin.rights.manage", false), true).is_err());
        assert!(change_right(Role::Admin, ("admin.rights.manage", true), true).is_ok());
        assert!(change_right(Role::Clerk, ("admin.rights.manage", false), true).is_ok());
        assert!(change_right(Role::Clerk, ("documents.incoming.read", true), false).is_err());
    }

    #[test]
    fn the_province_governs_its_tenant_and_a_commune_does_not() {
        let (government, province) = (agency(1, Tier::Central), agency(2, Tier::Province));
        let (one, two) = (agency(3, Tier::Commune), agency(4, Tier::Commune));
        let below = [province.id, one.id, two.id];
        let all = [government, province, one.clone(), two];
        assert!(governs(Tier::Province, &all, |id| below.contains(&id)));
        assert!(!governs(Tier::Commune, &all, |id| id == one.id));
    }

    #[test]
    fn the_end_of_a_certificate_is_pointed_out_at_sixty_thirty_and_seven_days() {
        use super::{Ends, ends};
        let cases = [
            (180, Ends::Later),
            (61, Ends::Later),
            (60, Ends::Soon),
            (31, Ends::Soon),
            (30, Ends::Sooner),
            (8, Ends::Sooner),
            (7, Ends::Now),
            (0, Ends::Now),
            (-3, Ends::Now),
        ];
        for (days, expected) in cases {
            assert_eq!(ends(days), expected, "{days}");
        }
    }
}
