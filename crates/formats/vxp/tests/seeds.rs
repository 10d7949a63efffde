//! Two systems over an axis that loses, repeats and reorders: whatever the seed, each packet has its effect once.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use vxp::simulator::{Asked, Axis, Faults};
use vxp::{
    Answer, Call, Code, Credentials, Heard, Kind, Outcome, Sending, Step, entries, hex_sha256, outcome,
    signed,
};

const OURS: &str = "000.00.00.H44";
const THEIRS: &str = "000.00.00.H53";

/// A packet as small as the simulator reads.
fn packet(from: &str, to: &str, text: &str) -> Vec<u8> {
    let party = |name: &str, code: &str| {
        format!("<edXML:{name}><edXML:OrganId>{code}</edXML:OrganId></edXML:{name}>")
    };
    format!("<?xml version=\"1.0\"?>{}{}{text}", party("From", from), party("To", to)).into_bytes()
}

/// A system as it remembers over its own restarts.
struct System {
    by: Credentials,
    /// Packets to send, and how often each was begun.
    queue: Vec<(Vec<u8>, u32)>,
    sent: usize,
    dead: Vec<Code>,
    /// Ids that were settled here, and hashes that had their effect.
    known: BTreeSet<String>,
    effects: BTreeMap<String, usize>,
}

impl System {
    fn new(id: &str) -> System {
        let by = Credentials { system: id.to_owned(), secret: format!("khoa {id}") };
        System {
            by,
            queue: Vec::new(),
            sent: 0,
            dead: Vec::new(),
            known: BTreeSet::new(),
            effects: BTreeMap::new(),
        }
    }

    fn call(&self, axis: &mut Axis, call: &Call, body: &[u8]) -> (u16, Vec<u8>) {
        let at = "2017-10-16T08:00:00".parse().unwrap();
        let headers = signed(call, &self.by, (at, &hex_sha256(body)));
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        // Nobody answers: as HTTP has no number for that, none of its own is taken.
        axis.answer(&Asked { path: call.path(), headers: &headers, body }).unwrap_or((0, Vec::new()))
    }

    fn turn(&mut self, axis: &mut Axis) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.retain_mut(|(bytes, tries)| {
            let mut sending = Sending::new(&hex_sha256(bytes), *tries > 0);
            *tries += 1;
            loop {
                let heard = match sending.step() {
                    Step::AskSent => {
                        let (status, body) =
                            self.call(axis, &Call::Sent(Kind::Document, OURS.to_owned()), b"");
                        Heard::Sent(entries(status, &body))
                    }
                    Step::Send => {
                        let (status, body) =
                            self.call(axis, &Call::Send(Kind::Document, OURS.to_owned()), bytes);
                        Heard::Answer(outcome(status, &body))
                    }
                    Step::End(Outcome::Sent) => {
                        self.sent += 1;
                        return false;
                    }
                    Step::End(Outcome::Never(code, _)) => {
                        self.dead.push(*code);
                        return false;
                    }
                    Step::End(Outcome::Later(_)) => return true,
                };
                sending.hear(heard);
            }
        });
        self.queue = queue;
        let (status, body) = self.call(axis, &Call::Received(Kind::Document), b"");
        for entry in entries(status, &body).unwrap_or_default() {
            if !self.known.contains(&entry.id) {
                let (status, body) = self.call(axis, &Call::Get(entry.id.clone()), b"");
                if status != 200 || !body.starts_with(b"<") {
                    continue;
                }
                // One effect for one content, however it came.
                self.effects.entry(hex_sha256(&body)).or_insert(1);
                self.known.insert(entry.id.clone());
            }
            self.call(axis, &Call::Settle(entry.id, true), b"");
        }
    }
}

#[test]
fn over_a_thousand_seeds_each_packet_has_its_effect_once_and_none_is_lost() {
    let mut repeated = 0;
    for seed in 0..1_000 {
        let mut axis = Axis::new(seed, Faults::MANY);
        let (mut ours, mut theirs) = (System::new("HT.A"), System::new("HT.B"));
        axis.register("HT.A", &ours.by.secret, &[OURS]);
        axis.register("HT.B", &theirs.by.secret, &[THEIRS]);
        let packets: Vec<Vec<u8>> = (0..6).map(|n| packet(OURS, THEIRS, &format!("{n}"))).collect();
        ours.queue = packets.iter().map(|bytes| (bytes.clone(), 0)).collect();
        ours.queue.push((packet(OURS, "000.00.00.X99", "nowhere"), 0));
        let mut turns = 0;
        while !ours.queue.is_empty() || theirs.effects.len() < packets.len() {
            ours.turn(&mut axis);
            theirs.turn(&mut axis);
            turns += 1;
            assert!(turns < 500, "seed {seed} does not end");
        }
        assert_eq!(ours.dead, [Code::Recipient], "seed {seed}");
        assert_eq!(ours.sent, packets.len(), "seed {seed}");
        let wanted: BTreeSet<String> = packets.iter().map(|bytes| hex_sha256(bytes)).collect();
        assert_eq!(theirs.effects.keys().cloned().collect::<BTreeSet<_>>(), wanted, "seed {seed}");
        assert_eq!(
            axis.kept.len(),
            packets.len(),
            "seed {seed}: asked before each second try, none was sent twice"
        );
        repeated += axis.calls.get("/getSentEdocList").copied().unwrap_or(0);
    }
    assert!(repeated > 1_000, "answers were lost: {repeated}");
}

#[test]
fn each_code_but_one_ends_a_packet_at_once() {
    for code in Code::KNOWN {
        let mut axis = Axis::new(1, Faults::default());
        let mut ours = System::new("HT.A");
        axis.register("HT.A", &ours.by.secret, &[OURS, THEIRS]);
        axis.refuse = Some(code);
        ours.queue = vec![(packet(OURS, THEIRS, ""), 0)];
        ours.turn(&mut axis);
        ours.turn(&mut axis);
        let sends = axis.calls["/sendEdoc"];
        if code.may_pass() {
            assert!(ours.dead.is_empty() && sends == 2, "{code:?}");
            axis.refuse = None;
            ours.turn(&mut axis);
            assert_eq!(ours.sent, 1);
        } else {
            assert!(ours.dead == [code] && sends == 1, "{code:?}");
        }
    }
}

#[test]
fn a_wrong_secret_a_changed_body_and_a_stranger_are_told_apart() {
    let mut axis = Axis::new(1, Faults::default());
    let ours = System::new("HT.A");
    axis.register("HT.A", "khoa khac", &[OURS, THEIRS]);
    let said = |axis: &mut Axis, from: &str| {
        let (status, body) =
            ours.call(axis, &Call::Send(Kind::Document, OURS.to_owned()), &packet(from, THEIRS, ""));
        outcome(status, &body)
    };
    assert!(matches!(said(&mut axis, OURS), Answer::Refused(Code::Credentials, _)));
    axis.register("HT.A", &ours.by.secret, &[OURS, THEIRS]);
    assert_eq!(said(&mut axis, OURS), Answer::Done);
    assert!(matches!(said(&mut axis, "000.00.00.G22"), Answer::Refused(Code::Sender, _)));
    axis.locked.insert(THEIRS.to_owned());
    assert!(matches!(said(&mut axis, OURS), Answer::Refused(Code::Locked, _)));
}
