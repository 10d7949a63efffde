use super::*;
use crate::rules::outgoing::tests::{draft, person};
use crate::rules::outgoing::{self, Submitted};
use proptest::prelude::*;

const DRAFTER: u128 = 1;
const HEAD: u128 = 2;
const CLERK: u128 = 3;
const LEADER: u128 = 4;
const OTHERS: std::ops::Range<u128> = 5..9;

fn hands(n: u128) -> Hands<'static> {
    Hands { person: person(n), stands_for: &[] }
}

fn unit(n: u128) -> UnitId {
    UnitId::of(uuid::Uuid::from_u128(n))
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        (20_u128..24).prop_map(|n| Asked::Unit(unit(n))),
        (1_u128..9).prop_map(|n| Asked::Person(person(n))),
        (0_usize..3).prop_map(|n| Asked::Holders(ASKABLE[n])),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (asked(), any::<bool>())
        .prop_map(|(asked, initials)| if initials { Step::Initials(asked) } else { Step::Consult(asked) })
}

/// Whatever the screen can post: up to three steps before the form, two after, perhaps a leader.
fn posted() -> impl Strategy<Value = (Vec<Step>, Vec<Step>, Option<PersonId>)> {
    let leader = proptest::option::of(Just(person(LEADER)));
    (prop::collection::vec(step(), 0..=3), prop::collection::vec(step(), 0..=2), leader)
}

/// Who is there: for each thing that can be asked, some of the others, perhaps the drafter, perhaps nobody.
fn people_of(asked: Asked, seed: u64) -> Vec<PersonId> {
    if let Asked::Person(person) = asked {
        return vec![person];
    }
    let name = format!("{asked:?}{seed}");
    let bits: u64 = name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut people: Vec<PersonId> = OTHERS.filter(|n| bits >> n & 1 == 1).map(person).collect();
    if bits >> 10 & 1 == 1 {
        people.push(person(DRAFTER));
    }
    people
}

/// Moves a draft as the store does.
fn walk(
    document: &mut Outgoing,
    chain: &Chain,
    (place, people): (usize, &[(usize, Vec<PersonId>)]),
) -> usize {
    let (passed, next) = super::next(chain, place, people);
    for at in passed {
        assert!(chain.at(at).asked().is_some(), "only what was added is passed over");
    }
    document.status = chain.at(next).status();
    next
}

proptest! {
    /// Every choice that can be saved leads from drafting to issue, over the three steps of the decree, and nobody
    /// answers for the content of their own draft or gives a step on it.
    #[test]
    fn every_choice_leads_from_drafting_to_issue((before, after, leader) in posted(), seed in any::<u64>()) {
        let Ok(chain) = Chain::of((&before, &after), leader) else {
            // Only what stands there twice cannot be saved.
            let added: Vec<Step> = before.iter().chain(&after).copied().collect();
            let twice = (1..added.len()).any(|n| added[..n].contains(&added[n]));
            prop_assert!(twice);
            return Ok(());
        };
        prop_assert_eq!(Chain::read(&chain.text()), Some(chain.clone()));
        let mut document = draft(S::Drafting);
        let of = |asked| people_of(asked, seed).into_iter().filter(|one| *one != person(DRAFTER)).collect();
        let people: Vec<(usize, Vec<PersonId>)> = chain.steps().iter().enumerate()
            .filter_map(|(at, step)| step.asked().map(|asked| (at, of(asked)))).collect();

        prop_assert_eq!(outgoing::submit(&document, &[person(HEAD)]).unwrap(), Submitted::ToHead(person(HEAD)));
        document.status = chain.at(0).status();
        let mut place = 0;
        let mut seen = Vec::new();
        while document.status != S::ToIssue {
            prop_assert!(seen.len() < chain.steps().len(), "a step comes twice");
            seen.push(chain.at(place));
            match chain.at(place) {
                Step::Content => {
                    prop_assert!(outgoing::approve_content(&document, &[person(HEAD)], hands(DRAFTER)).is_err());
                    outgoing::approve_content(&document, &[person(HEAD)], hands(HEAD)).unwrap();
                    document.content_person = Some(person(HEAD));
                }
                Step::Consult(_) | Step::Initials(_) => {
                    let asked = &people.iter().find(|(at, _)| *at == place).unwrap().1;
                    prop_assert!(review(&document, asked, hands(DRAFTER)).is_err());
                    prop_assert!(review(&document, asked, hands(99)).is_err());
                    review(&document, asked, Hands { person: asked[0], stands_for: &[] }).unwrap();
                }
                Step::Format => {
                    prop_assert!(outgoing::approve_format(&document, person(HEAD)).is_err());
                    outgoing::approve_format(&document, person(CLERK)).unwrap();
                    document.format_person = Some(person(CLERK));
                }
                Step::Approve(_) => {
                    outgoing::approve(&document, hands(LEADER)).unwrap();
                    document.signed_at = Some(document.created_at);
                    document.status = S::ToIssue;
                    continue;
                }
            }
            place = walk(&mut document, &chain, (place, &people));
        }
        let least: Vec<Step> = seen.into_iter().filter(|step| step.asked().is_none()).collect();
        prop_assert_eq!(least, vec![Step::Content, Step::Format, Step::Approve(leader)]);
        prop_assert!(document.content_person != document.format_person);
        prop_assert!(document.content_person != Some(document.drafter));
        outgoing::issue(&document, 1).unwrap();
    }

    /// No text that anybody could have put into the database makes a chain without the decree's steps.
    #[test]
    fn nothing_stored_reads_as_less_than_the_decree(lines in prop::collection::vec("content|format|approve|consult unit:x|[a-z :]{0,12}", 0..6)) {
        if let Some(chain) = Chain::read(&lines.join("\n")) {
            let least: Vec<S> = chain.steps().iter().filter(|step| step.asked().is_none()).map(|step| step.status()).collect();
            prop_assert_eq!(least, vec![S::ContentReview, S::FormatReview, S::LeaderReview]);
        }
    }
}

fn chosen(code: &str, of: Option<UnitId>, (day, chain): (u8, Option<Chain>)) -> Chosen {
    let from = Instant::local(2017, 10, day, 0, 0).unwrap();
    Chosen { type_code: code.to_owned(), unit: of, from, chain }
}

#[test]
fn the_closest_choice_counts_from_its_day_on_and_until_it_is_taken_back() {
    let with = |n: u128| Chain::of((&[Step::Consult(Asked::Unit(unit(n)))], &[]), None).unwrap();
    let all = [
        chosen("", None, (1, Some(with(20)))),
        chosen("QĐ", None, (2, Some(with(21)))),
        chosen("QĐ", Some(unit(7)), (3, Some(with(22)))),
        chosen("QĐ", None, (8, None)),
        chosen("QĐ", None, (12, Some(with(23)))),
    ];
    let on = |code, of, day| in_force(&all, (code, of), Instant::local(2017, 10, day, 9, 0).unwrap());
    assert_eq!(on("CV", None, 5), with(20));
    assert_eq!(on("QĐ", None, 1), with(20));
    assert_eq!(on("QĐ", None, 5), with(21));
    assert_eq!(on("QĐ", Some(unit(7)), 5), with(22));
    assert_eq!(on("QĐ", Some(unit(8)), 5), with(21));
    assert_eq!(on("QĐ", None, 9), with(20), "taken back");
    assert_eq!(on("QĐ", None, 13), with(23));
    let before = Instant::local(2017, 9, 30, 9, 0).unwrap();
    assert_eq!(in_force(&all, ("CV", None), before), Chain::least());
}

#[test]
fn steps_chosen_for_today_hold_from_now_and_not_from_this_morning() {
    let now = Instant::local(2017, 10, 16, 9, 0).unwrap();
    assert_eq!(begins(now.date(), now), now);
    assert_eq!(begins(now.date().plus_days(1), now), Instant::local(2017, 10, 17, 0, 0).unwrap());
}

#[test]
fn the_steps_of_the_decree_are_not_added_again_and_none_stands_there_twice() {
    let key = |made: Result<Chain, Refusal>| made.err().map_or("", |refusal| refusal.key);
    let one = Step::Consult(Asked::Unit(unit(20)));
    assert_eq!(key(Chain::of((&[Step::Format], &[]), None)), "documents.steps.refuse.least");
    assert_eq!(key(Chain::of((&[one], &[one]), None)), "documents.steps.refuse.twice");
    let many: Vec<Step> = (20..26).map(|n| Step::Consult(Asked::Unit(unit(n)))).collect();
    assert_eq!(key(Chain::of((&many, &[]), None)), "documents.steps.refuse.many");
    assert_eq!(key(Chain::of((&[one], &[]), Some(person(LEADER)))), "");
}
