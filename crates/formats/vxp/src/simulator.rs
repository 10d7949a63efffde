//! An axis for tests: it keeps packets and forgets nothing, but on a seed it loses questions and answers, repeats and
//! reorders its lists, is busy, and has faults of its own. It knows no socket: bytes in, bytes out.

use crate::answer::Code;
use crate::call::{Call, Kind, hex_sha256, sign};
use crate::open;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How often, of a hundred calls, something goes wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// The question is lost: nothing happens, nobody answers.
    pub lose_question: u8,
    /// The answer is lost: it happened, nobody hears of it.
    pub lose_answer: u8,
    /// HTTP 503, or code 20.
    pub busy: u8,
    /// A list names packets twice, and some that were settled.
    pub repeat: u8,
    /// A list is shuffled.
    pub reorder: u8,
}

impl Faults {
    /// All of them, often.
    pub const MANY: Faults = Faults { lose_question: 10, lose_answer: 15, busy: 10, repeat: 30, reorder: 50 };
}

/// A system that is registered: its secret, and the agencies it speaks for.
#[derive(Debug, Clone)]
pub struct System {
    /// Its secret.
    pub secret: String,
    /// Codes of its agencies.
    pub agencies: BTreeSet<String>,
}

/// A packet the axis keeps.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The axis' id.
    pub id: String,
    /// Which kind.
    pub kind: Kind,
    /// Code of the sender.
    pub from: String,
    /// Codes of the recipients.
    pub to: Vec<String>,
    /// The packet.
    pub bytes: Vec<u8>,
    /// What became of it at each system: true when it was taken, false when it could not be.
    pub settled: BTreeMap<String, bool>,
}

/// What comes back; nothing when question or answer was lost.
pub type Said = Option<(u16, Vec<u8>)>;

/// The axis.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// Registered systems by id.
    pub systems: BTreeMap<String, System>,
    /// Agencies of the directory: code and name.
    pub agencies: BTreeMap<String, String>,
    /// Codes of locked agencies.
    pub locked: BTreeSet<String>,
    /// What it answers to each packet handed in, whatever is in it.
    pub refuse: Option<Code>,
    /// Everything that was handed in.
    pub kept: Vec<Kept>,
    /// How often what goes wrong.
    pub faults: Faults,
    /// Calls so far by path.
    pub calls: BTreeMap<String, usize>,
    chance: u64,
}

/// A call as it came: path, headers with their names in small letters, body.
pub struct Asked<'a> {
    /// Path below the address.
    pub path: &'a str,
    /// Headers.
    pub headers: &'a BTreeMap<String, String>,
    /// Body.
    pub body: &'a [u8],
}

impl Asked<'_> {
    fn header(&self, name: &str) -> &str {
        self.headers.get(&name.to_ascii_lowercase()).map_or("", String::as_str)
    }
}

impl Axis {
    /// An axis whose faults come on a seed.
    pub fn new(seed: u64, faults: Faults) -> Axis {
        Axis { chance: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, faults, ..Axis::default() }
    }

    /// Registers a system and enters its agencies in the directory.
    pub fn register(&mut self, id: &str, secret: &str, agencies: &[&str]) {
        for code in agencies {
            self.agencies.insert((*code).to_owned(), format!("Cơ quan {code}"));
        }
        let agencies = agencies.iter().map(|code| (*code).to_owned()).collect();
        self.systems.insert(id.to_owned(), System { secret: secret.to_owned(), agencies });
    }

    /// Lays a packet in as if some system had handed it in. Answers its id.
    pub fn lay_in(&mut self, kind: Kind, bytes: &[u8]) -> String {
        let (from, to) = parties(&String::from_utf8_lossy(bytes), kind);
        self.keep(kind, (from, to), bytes)
    }

    /// Answers a call, or does not.
    pub fn answer(&mut self, asked: &Asked<'_>) -> Said {
        *self.calls.entry(asked.path.to_owned()).or_default() += 1;
        if self.happens(self.faults.lose_question) {
            return None;
        }
        if self.happens(self.faults.busy) {
            let coded = self.next() & 1 == 0;
            return Some(if coded { refused(Code::System) } else { (503, b"busy".to_vec()) });
        }
        let said = self.act(asked);
        (!self.happens(self.faults.lose_answer)).then_some(said)
    }

    fn act(&mut self, asked: &Asked<'_>) -> (u16, Vec<u8>) {
        let system = asked.header("systemid").to_owned();
        let text = open::signed_text(&system, asked.header("timestamp"), asked.header(open::HASH));
        let known = self.systems.get(&system).cloned();
        let Some(known) =
            known.filter(|known| sign(&known.secret, &text) == asked.header("XroadVnpt-sign-header"))
        else {
            return refused(Code::Credentials);
        };
        if hex_sha256(asked.body) != asked.header(open::HASH) {
            return refused(Code::Processing);
        }
        let kind = if asked.header(open::MESSAGE_TYPE) == "status" { Kind::Status } else { Kind::Document };
        let id = asked.header(open::PACKET).to_owned();
        match asked.path {
            path if path == Call::Agencies.path() => {
                let all = self.agencies.iter();
                done(
                    &all.map(|(code, name)| json!({"code102": code, "code": "", "name": name}))
                        .collect::<Vec<_>>(),
                )
            }
            path if path == Call::Received(kind).path() => self.list(&system, (kind, &known)),
            path if path == Call::Sent(kind, String::new()).path() => {
                let own =
                    self.kept.iter().filter(|one| one.kind == kind && known.agencies.contains(&one.from));
                done(&own.map(entry).collect::<Vec<_>>())
            }
            path if path == Call::Get(String::new()).path() => {
                let found = self.kept.iter().find(|one| one.id == id && is_for(one, &known));
                found.map_or_else(|| refused(Code::File), |one| (200, one.bytes.clone()))
            }
            path if path == Call::Settle(String::new(), true).path() => {
                let taken = asked.header(open::STATUS) == "done";
                match self.kept.iter_mut().find(|one| one.id == id) {
                    Some(one) => {
                        one.settled.insert(system, taken);
                        done(&[])
                    }
                    None => refused(Code::File),
                }
            }
            path if path == Call::Send(kind, String::new()).path() => self.take(asked.body, (kind, &known)),
            _ => (404, Vec::new()),
        }
    }

    fn take(&mut self, body: &[u8], (kind, system): (Kind, &System)) -> (u16, Vec<u8>) {
        if let Some(code) = self.refuse {
            return refused(code);
        }
        let (from, to) = parties(&String::from_utf8_lossy(body), kind);
        if !body.starts_with(b"<?xml") || from.is_empty() || to.is_empty() {
            return refused(Code::Standard);
        }
        if !system.agencies.contains(&from) {
            return refused(Code::Sender);
        }
        if to.iter().any(|code| !self.agencies.contains_key(code)) {
            return refused(Code::Recipient);
        }
        if to.iter().any(|code| self.locked.contains(code)) {
            return refused(Code::Locked);
        }
        self.keep(kind, (from, to), body);
        done(&[])
    }

    fn keep(&mut self, kind: Kind, (from, to): (String, Vec<String>), bytes: &[u8]) -> String {
        let id = format!("{}", self.kept.len() + 1);
        let settled = BTreeMap::new();
        self.kept.push(Kept { id: id.clone(), kind, from, to, bytes: bytes.to_vec(), settled });
        id
    }

    fn list(&mut self, system: &str, (kind, known): (Kind, &System)) -> (u16, Vec<u8>) {
        let repeat = self.happens(self.faults.repeat);
        let waits = |one: &&Kept| {
            one.kind == kind && is_for(one, known) && (repeat || !one.settled.contains_key(system))
        };
        let mut all: Vec<serde_json::Value> = self.kept.iter().filter(waits).map(entry).collect();
        if repeat {
            all.extend(all.clone());
        }
        if self.happens(self.faults.reorder) {
            for at in (1..all.len()).rev() {
                let room = u64::try_from(at).unwrap_or(0) + 1;
                let other = usize::try_from(self.next() % room).unwrap_or(0);
                all.swap(at, other);
            }
        }
        done(&all)
    }

    /// Of a hundred times, so many.
    fn happens(&mut self, times: u8) -> bool {
        self.next() % 100 < u64::from(times)
    }

    fn next(&mut self) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }
}

fn entry(one: &Kept) -> serde_json::Value {
    json!({ open::ID: one.id, open::HASH: hex_sha256(&one.bytes) })
}

fn is_for(one: &Kept, system: &System) -> bool {
    one.to.iter().any(|code| system.agencies.contains(code))
}

fn done(list: &[serde_json::Value]) -> (u16, Vec<u8>) {
    (200, json!({ open::CODE: "0", open::WORDS: "", open::LIST: list }).to_string().into_bytes())
}

fn refused(code: Code) -> (u16, Vec<u8>) {
    let words = format!("ma loi {}", code.number());
    (200, json!({ open::CODE: code.number(), open::WORDS: words }).to_string().into_bytes())
}

/// Sender and recipients, read off as simply as can be: what a packet means is not the simulator's to judge.
fn parties(packet: &str, kind: Kind) -> (String, Vec<String>) {
    let of = |element: &str| -> Vec<String> {
        let (begin, end) = (format!("<edXML:{element}>"), format!("</edXML:{element}>"));
        let blocks =
            packet.split(&begin).skip(1).filter_map(|rest| rest.split_once(&end).map(|(block, _)| block));
        let codes = blocks.filter_map(|block| block.split_once("<edXML:OrganId>")?.1.split('<').next());
        codes.map(|code| code.trim().to_owned()).collect()
    };
    let from = of("From").into_iter().next().unwrap_or_default();
    (from, if kind == Kind::Status { of("ResponseFor") } else { of("To") })
}
