use super::*;
use crate::rules::statuses;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A packet: its code, and the request that an answer names.
type Packet = (&'static str, u32);

/// A recipient at its own desk; the demand that waits there, by the number of the sender's request.
struct Receiver {
    stands: S,
    demand: Option<u32>,
}

impl Receiver {
    /// One act of its work, if the rules allow it; what it tells the sender.
    fn works(&mut self, dice: &mut Dice) -> Option<Packet> {
        let (next, code) = match (self.stands, dice.below(5)) {
            (S::Arrived, 0) => (S::Returned, "02"),
            (S::Arrived, _) => (S::Registered, "03"),
            (S::Registered, _) => (S::Assigned, "04"),
            (S::Assigned, _) => (S::InProgress, "05"),
            (S::InProgress, _) => (S::Done, "06"),
            _ => return None,
        };
        self.stands = next;
        Some((code, 0))
    }

    /// A request arrives.
    fn asked(&mut self, request: u32) -> Option<Packet> {
        match met(Asks::Recall, self.stands) {
            Met::Clerk => {
                self.demand = Some(request);
                None
            }
            Met::Granted => Some(("15", request)),
            Met::Refused(_) => Some(("16", request)),
        }
    }

    /// The clerk decides.
    fn answers(&mut self, dice: &mut Dice) -> Option<Packet> {
        let request = self.demand.take()?;
        if dice.below(2) == 0 {
            return Some(("16", request));
        }
        self.stands = S::Recalled;
        Some(("15", request))
    }
}

/// How the sender should see where a recipient stands.
fn seen(stands: S) -> R {
    match stands {
        S::Arrived => R::Arrived,
        S::Registered => R::Registered,
        S::Directed | S::Assigned => R::Assigned,
        S::InProgress => R::InProgress,
        S::Done => R::Done,
        S::Returned => R::Refused,
        S::Replaced => R::Replaced,
        S::Recalled => R::Recalled,
    }
}

fn after(now: R, (code, of): Packet, open: &mut Option<u32>) -> R {
    if !matches!(code, "15" | "16") {
        return statuses::advance(now, code).unwrap_or(now);
    }
    if *open != Some(of) {
        return now;
    }
    *open = None;
    statuses::answered(now, Asks::Recall, code).unwrap_or(now)
}

#[test]
fn whatever_crosses_on_the_wire_both_sides_end_the_same_and_nothing_goes_back() {
    for seed in 1..=5000 {
        let (mut dice, mut asked) = (Dice(seed * 0x9E37_79B9), 0);
        let (mut receiver, mut sender) = (Receiver { stands: S::Arrived, demand: None }, R::Queued);
        // The request nobody has answered, the one that is on its way, and what is on its way back.
        let (mut open, mut request): (Option<u32>, Option<u32>) = (None, None);
        let mut wire: Vec<Packet> = vec![("01", 0)];
        for _ in 0..60 {
            match dice.below(4) {
                0 => wire.extend(receiver.works(&mut dice)),
                1 => match request.take() {
                    Some(request) => wire.extend(receiver.asked(request)),
                    None if open.is_none() && may_be_asked(sender) && sender != R::Queued => {
                        asked += 1;
                        (open, request) = (Some(asked), Some(asked));
                    }
                    None => {}
                },
                2 => wire.extend(receiver.answers(&mut dice)),
                _ if wire.is_empty() => {}
                _ => {
                    // In any order, some of them twice.
                    let at = dice.below(wire.len());
                    let packet = if dice.below(8) == 0 { wire[at] } else { wire.remove(at) };
                    let now = after(sender, packet, &mut open);
                    assert!(now >= sender, "{sender:?} {packet:?}: {now:?}");
                    sender = now;
                }
            }
        }
        wire.extend(request.and_then(|request| receiver.asked(request)));
        wire.extend(receiver.answers(&mut dice));
        while !wire.is_empty() {
            sender = after(sender, wire.remove(dice.below(wire.len())), &mut open);
        }
        assert_eq!(sender, seen(receiver.stands), "seed {seed}");
        assert_eq!(open, None, "seed {seed}: a request was never answered");
    }
}

#[test]
fn a_recall_of_what_is_done_comes_too_late_and_a_second_one_is_so_already() {
    assert_eq!(met(Asks::Recall, S::Done), Met::Refused("documents.demand.too_late.done"));
    assert_eq!(met(Asks::Recall, S::Recalled), Met::Granted);
    for status in [S::Arrived, S::Registered, S::Directed, S::Assigned, S::InProgress] {
        assert_eq!(met(Asks::Recall, status), Met::Clerk);
        assert_eq!(met(Asks::Update, status), Met::Clerk);
    }
    assert_eq!(met(Asks::Update, S::Done), Met::Clerk);
    assert!(matches!(met(Asks::Update, S::Recalled), Met::Refused(_)));
}

#[test]
fn a_document_is_frozen_when_nobody_holds_it_who_was_not_asked() {
    assert!(freezes(&[(R::InProgress, true), (R::Refused, false), (R::Withdrawn, false)]));
    assert!(!freezes(&[(R::InProgress, true), (R::Arrived, false)]));
    assert!(!freezes(&[(R::Done, false)]));
    assert!(!freezes(&[(R::Refused, false)]), "nobody was asked");
    assert!(freezes(&[(R::Recalled, false)]));
    assert!(thaws(&[(R::InProgress, false), (R::Refused, false)]), "everybody has refused");
    assert!(!thaws(&[(R::InProgress, false), (R::Recalled, false)]));
    assert!(!thaws(&[(R::InProgress, true)]));
}

#[test]
fn a_request_nobody_made_moves_nothing() {
    assert_eq!(after(R::InProgress, ("15", 1), &mut None), R::InProgress);
    assert_eq!(statuses::answered(R::InProgress, Asks::Update, "15"), None);
    assert_eq!(statuses::answered(R::InProgress, Asks::Recall, "16"), None);
    assert_eq!(statuses::replaced(R::Recalled), None);
    assert_eq!(statuses::replaced(R::Done), Some(R::Replaced));
}
