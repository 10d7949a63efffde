//! What a status packet does to a recipient (QCVN 102 status codes).

use crate::model::RecipientStatus as R;
use crate::model::recall::Asks;

/// Where a recipient stands after a packet; `None` when it stays where it is. Packets may come late, twice and
/// in any order: the outcome is the furthest one, so every order ends the same. Unknown codes move nothing.
pub(crate) fn advance(now: R, code: &str) -> Option<R> {
    let next = match code {
        "01" => R::Arrived,
        "02" => R::Refused,
        "03" => R::Registered,
        "04" => R::Assigned,
        "05" => R::InProgress,
        "06" => R::Done,
        _ => return None,
    };
    (rank(next) > rank(now)).then_some(next)
}

/// Where a recipient stands after it has answered a request; `None` when it stays. Only giving a document back
/// moves it, and nothing moves it afterwards: a refusal leaves it where its work is.
pub(crate) fn answered(now: R, asked: Asks, code: &str) -> Option<R> {
    match (asked, code) {
        (Asks::Recall | Asks::Removal, "15") if now != R::Recalled => Some(R::Recalled),
        _ => None,
    }
}

/// Where a recipient stands once it has the document that takes the place of this one.
pub(crate) fn replaced(now: R) -> Option<R> {
    let held = !matches!(now, R::Failed | R::Withdrawn | R::Refused);
    (held && rank(R::Replaced) > rank(now)).then_some(R::Replaced)
}

/// A delivery that cannot be made is trouble only while nothing has arrived.
pub(crate) fn may_fail(now: R) -> bool {
    now == R::Queued
}

/// True for recipients somebody must look after.
pub(crate) fn is_trouble(status: R) -> bool {
    matches!(status, R::Refused | R::Failed)
}

/// True while the recipient has the document and has not sent it back.
pub(crate) fn has_arrived(status: R) -> bool {
    !matches!(status, R::Queued | R::Failed | R::Refused | R::Withdrawn | R::Recalled)
}

/// A refusal comes before registration: an agency that registers after it has refused has thought again, and
/// one that has registered cannot refuse any more (Decree 30/2020, article 21.2).
const fn rank(status: R) -> u8 {
    match status {
        R::Queued => 0,
        R::Failed | R::Withdrawn => 1,
        R::Arrived => 2,
        R::Refused => 3,
        R::Registered => 4,
        R::Assigned => 5,
        R::InProgress => 6,
        R::Done => 7,
        R::Replaced => 8,
        R::Recalled => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_worked_packet_does_what_the_table_says() {
        for row in include_str!("../../rules/cases/status.csv").lines().filter(|row| !row.starts_with('#')) {
            let (given, expected) = row.split_once('|').unwrap();
            let (before, code) = given.split_once(' ').unwrap();
            let after = advance(R::parse(before).unwrap(), code).map_or("-", R::word);
            assert_eq!(after, expected, "{row}");
        }
    }

    #[test]
    fn a_storm_of_packets_ends_the_same_in_any_order() {
        let codes = ["01", "03", "04", "05", "06", "03", "01", "15", "77"];
        for turn in 0..codes.len() {
            let mut order = codes.to_vec();
            order.rotate_left(turn);
            for order in [order.clone(), order.into_iter().rev().collect()] {
                let last = order.iter().fold(R::Queued, |now, code| advance(now, code).unwrap_or(now));
                assert_eq!(last, R::Done, "{order:?}");
            }
        }
    }
}
