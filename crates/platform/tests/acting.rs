//! Who acts for whom while people are away.
#![expect(clippy::unwrap_used, reason = "a test ends where something does not hold")]

use base::{Instant, PersonId};
use platform::people::{Delegation, acting};
use uuid::Uuid;

fn person(n: u128) -> PersonId {
    PersonId::of(Uuid::from_u128(n))
}

/// From one to another, from a day of October to another.
fn away((from, to): (u128, u128), days: (u8, u8)) -> Delegation {
    let at = |day| Instant::local(2017, 10, day, 8, 0).unwrap();
    Delegation {
        id: Uuid::from_u128(from),
        from_person: person(from),
        from_name: String::new(),
        to_person: person(to),
        to_name: String::new(),
        from_at: at(days.0),
        to_at: at(days.1),
        reason: String::new(),
    }
}

#[test]
fn a_chain_of_stand_ins_ends_with_who_is_there_and_a_ring_with_oneself() {
    let on = |all: &[Delegation], n, day| {
        acting(all, person(n), Instant::local(2017, 10, day, 9, 0).unwrap()).uuid().as_u128()
    };
    let all =
        [away((1, 2), (10, 20)), away((2, 3), (15, 18)), away((4, 5), (10, 20)), away((5, 4), (10, 20))];
    assert_eq!(
        [on(&all, 1, 9), on(&all, 1, 12), on(&all, 1, 16), on(&all, 1, 19), on(&all, 1, 21)],
        [1, 2, 3, 2, 1]
    );
    assert_eq!([on(&all, 3, 16), on(&all, 4, 12), on(&all, 5, 12)], [3, 4, 5]);
}
