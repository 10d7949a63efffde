//! In what authority a document is signed (Decree 30/2020, article 13).

use base::{Date, Refusal};
use kernel::states;

states! {
    /// What stands before the position of the signer.
    pub(crate) enum Competence {
        /// The head of an agency that is led by one person.
        Own = "own",
        /// On behalf of a collective.
        Tm = "TM.",
        /// A deputy, for the head.
        Kt = "KT.",
        /// The head of a unit, by order.
        Tl = "TL.",
        /// By a special authorisation.
        Tuq = "TUQ.",
    }
}

impl Competence {
    /// As it is written in the document: nothing for the head's own authority.
    pub(crate) const fn written(self) -> &'static str {
        match self {
            Competence::Own => "",
            other => other.word(),
        }
    }
}

/// True for deputies, whose titles begin so.
pub(crate) fn is_deputy(title: &str) -> bool {
    title.to_lowercase().starts_with("phó ")
}

/// The authority to offer to the holder of a post.
pub(crate) fn suggested(title: &str, collective: bool) -> Competence {
    match (is_deputy(title), collective) {
        (true, _) => Competence::Kt,
        (false, true) => Competence::Tm,
        (false, false) => Competence::Own,
    }
}

/// Refuses an authority the holder of a post cannot have.
pub(crate) fn check(competence: Competence, title: &str, collective: bool) -> Result<(), Refusal> {
    let deputy = is_deputy(title);
    match competence {
        Competence::Kt if !deputy => Err(Refusal::new("documents.outgoing.refuse.kt_not_deputy")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 13.1")),
        Competence::Own | Competence::Tm if deputy => {
            Err(Refusal::new("documents.outgoing.refuse.deputy_kt")
                .ground("Nghị định 30/2020/NĐ-CP, Điều 13.1"))
        }
        Competence::Tm if !collective => {
            Err(Refusal::new("documents.outgoing.refuse.tm_alone")
                .ground("Nghị định 30/2020/NĐ-CP, Điều 13.2"))
        }
        Competence::Own if collective => Err(Refusal::new("documents.outgoing.refuse.collective_tm")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 13.2")),
        _ => Ok(()),
    }
}

/// A written authority to sign for the head of the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    /// Its number and symbol: `12/GUQ-UBND`.
    pub(crate) number: String,
    /// Its date.
    pub(crate) date: Date,
    /// The last day on which it holds.
    pub(crate) until: Date,
}

/// An authorisation is in writing and limited in time (article 13.3). Other authorities need none.
pub(crate) fn authorised(
    competence: Competence,
    authority: Option<Authority>,
    today: Date,
) -> Result<Option<Authority>, Refusal> {
    if competence != Competence::Tuq {
        return Ok(None);
    }
    let refusal = |key| Refusal::new(key).ground("Nghị định 30/2020/NĐ-CP, Điều 13.3");
    let Some(authority) = authority else {
        return Err(refusal("documents.outgoing.refuse.tuq_unwritten"));
    };
    if authority.until < today {
        return Err(refusal("documents.outgoing.refuse.tuq_expired")
            .with("number", &authority.number)
            .with("until", authority.until.dmy())
            .hint("documents.outgoing.hint.tuq"));
    }
    if today < authority.date {
        return Err(refusal("documents.outgoing.refuse.tuq_not_begun")
            .with("number", &authority.number)
            .with("since", authority.date.dmy()));
    }
    Ok(Some(authority))
}

/// By order only what the working rules of the agency name is signed (article 13.4).
pub(crate) fn by_order(competence: Competence, kind: (&str, &str), listed: &[String]) -> Result<(), Refusal> {
    let (code, name) = kind;
    if competence != Competence::Tl || listed.iter().any(|one| one == code) {
        return Ok(());
    }
    Err(Refusal::new("documents.outgoing.refuse.tl_not_listed")
        .with("type", name)
        .ground("Nghị định 30/2020/NĐ-CP, Điều 13.4")
        .hint("documents.outgoing.hint.tl"))
}

/// The lines above the signature. `body` is the collective as documents name it, `head` the post of whoever
/// leads the agency.
pub(crate) fn lines(competence: &str, position: &str, (body, head): (Option<&str>, &str)) -> Vec<String> {
    let mut lines = Vec::new();
    if matches!(competence, "TM." | "KT.")
        && let Some(body) = body
    {
        lines.push(format!("TM. {body}"));
    }
    match competence {
        "KT." => lines.push(format!("KT. {}", headship(position).unwrap_or(head))),
        "TL." | "TUQ." => lines.push(format!("{competence} {head}")),
        _ => {}
    }
    lines.push(position.to_owned());
    lines.iter().map(|line| line.to_uppercase()).collect()
}

/// "Phó Chủ tịch" stands in for the "Chủ tịch".
fn headship(position: &str) -> Option<&str> {
    is_deputy(position).then(|| position.split_once(' ').map(|(_, rest)| rest)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deputy_chairman_signs_for_the_chairman_on_behalf_of_the_committee() {
        let lines = lines("KT.", "Phó Chủ tịch", (Some("Ủy ban nhân dân"), "Chủ tịch"));
        assert_eq!(lines, ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]);
        assert_eq!(suggested("Phó Chủ tịch", true), Competence::Kt);
    }

    #[test]
    fn a_director_signs_alone_and_a_chairman_on_behalf_of_all() {
        assert_eq!(lines("", "Giám đốc", (None, "Giám đốc")), ["GIÁM ĐỐC"]);
        assert_eq!(
            lines("TM.", "Chủ tịch", (Some("Ủy ban nhân dân"), "")),
            ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
        );
        assert_eq!(lines("TL.", "Chánh Văn phòng", (None, "Chủ tịch")), ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]);
    }

    #[test]
    fn an_authorisation_is_written_and_holds_from_its_date_to_its_last_day() {
        let day = |text| Date::parse(text).expect("a day");
        let paper = || Authority {
            number: "12/GUQ-UBND".to_owned(),
            date: day("2017-10-01"),
            until: day("2017-12-31"),
        };
        let on = |text| authorised(Competence::Tuq, Some(paper()), day(text)).map_err(|refusal| refusal.key);
        assert_eq!(on("2017-10-01"), Ok(Some(paper())));
        assert_eq!(on("2017-12-31"), Ok(Some(paper())));
        assert_eq!(on("2018-01-01"), Err("documents.outgoing.refuse.tuq_expired"));
        assert_eq!(on("2017-09-30"), Err("documents.outgoing.refuse.tuq_not_begun"));
        let none = authorised(Competence::Tuq, None, day("2017-10-01")).map_err(|refusal| refusal.key);
        assert_eq!(none, Err("documents.outgoing.refuse.tuq_unwritten"));
        assert_eq!(authorised(Competence::Kt, Some(paper()), day("2018-01-01")), Ok(None));
    }

    #[test]
    fn by_order_only_what_is_listed_is_signed() {
        let listed = ["TB".to_owned(), "GM".to_owned()];
        assert!(by_order(Competence::Tl, ("TB", "Thông báo"), &listed).is_ok());
        let refused = by_order(Competence::Tl, ("QĐ", "Quyết định"), &listed).map_err(|refusal| refusal.key);
        assert_eq!(refused, Err("documents.outgoing.refuse.tl_not_listed"));
        assert!(by_order(Competence::Tm, ("QĐ", "Quyết định"), &[]).is_ok());
    }

    #[test]
    fn nobody_signs_in_an_authority_that_is_not_theirs() {
        assert!(check(Competence::Kt, "Chủ tịch", true).is_err());
        assert!(check(Competence::Own, "Phó Giám đốc", false).is_err());
        assert!(check(Competence::Tm, "Giám đốc", false).is_err());
        assert!(check(Competence::Own, "Chủ tịch", true).is_err());
        assert!(check(suggested("Giám đốc", false), "Giám đốc", false).is_ok());
        assert!(check(suggested("Phó Chủ tịch", true), "Phó Chủ tịch", true).is_ok());
    }
}
