//! Who may say something of an incoming document, and whom the words name.

use crate::model::{Incoming, IncomingStatus as S};
use crate::rules::incoming::stands;
use base::{Refusal, text};
use platform::people::Holder;

/// Something is said of a document once it is registered: before, nobody works on it (Decree 30/2020, article 22.1).
/// Of what was given back nothing is said any more.
pub(crate) fn say(document: &Incoming) -> Result<(), Refusal> {
    stands(document)?;
    match document.status {
        S::Registered | S::Directed | S::Assigned | S::InProgress | S::Done => Ok(()),
        S::Arrived | S::Returned | S::Replaced | S::Recalled => {
            Err(Refusal::new("documents.remarks.refuse.not_registered")
                .ground("Nghị định 30/2020/NĐ-CP, Điều 22.1"))
        }
    }
}

/// The colleagues whose names stand behind an `@`, in whatever way they are accented. A name that begins another one
/// does not name both: the longest counts.
pub(crate) fn named<'a>(words: &str, colleagues: &'a [Holder]) -> Vec<&'a Holder> {
    let mut found: Vec<&Holder> = Vec::new();
    for part in text::fold(words).split('@').skip(1) {
        let begins = |one: &&Holder| {
            let name = text::fold(&one.name);
            part.strip_prefix(name.as_str())
                .is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphanumeric))
        };
        let longest = colleagues.iter().filter(begins).max_by_key(|one| one.name.chars().count());
        if let Some(one) = longest
            && found.iter().all(|known| known.person != one.person)
        {
            found.push(one);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Id, PersonId};
    use uuid::Uuid;

    fn colleague(n: u128, name: &str) -> Holder {
        Holder {
            person: PersonId::of(Uuid::from_u128(n)),
            name: name.to_owned(),
            username: String::new(),
            title: String::new(),
            role: "officer".to_owned(),
            agency: Id::of(Uuid::nil()),
            unit: None,
            active: true,
        }
    }

    #[test]
    fn names_behind_an_at_are_found_with_and_without_accents() {
        let all = [colleague(1, "Phùng Văn Tiệp"), colleague(2, "Phùng Văn"), colleague(3, "Lê Thu")];
        let names = |words: &str| -> Vec<u128> {
            named(words, &all).iter().map(|one| one.person.uuid().as_u128()).collect()
        };
        assert_eq!(names("@Phùng Văn Tiệp xem giúp"), [1]);
        assert_eq!(names("nhờ @phung van tiep, @Lê Thu."), [1, 3]);
        assert_eq!(names("@Phùng Văn: xem"), [2]);
        assert_eq!(names("@Lê Thuận xem, @Lê Thu và @le thu"), [3]);
        assert_eq!(names("gửi a@b.vn, không ai"), Vec::<u128>::new());
    }
}
