//! S12: status packets late, twice and in any order end where the furthest of them says, and are all kept.

use crate::invariants;
use crate::story::{brought_out, drafted, recipients, rows, settle_province};
use base::{AgencyId, Id};
use contracts::{Party, Reference, Sealed, Status};
use kernel::Sql;
use platform::exchange;
use std::collections::BTreeMap;
use testkit::Town;

/// Every code a peer may send: those of the state machine in its order, answers to a recall, an unknown one.
const CODES: &[&str] = &["01", "02", "03", "04", "05", "06", "15", "16", "77"];

/// Where a recipient stands after the furthest of some packets.
fn furthest<'a>(codes: impl IntoIterator<Item = &'a String>) -> &'static str {
    match codes.into_iter().filter(|code| code.as_str() <= "06").max().map(String::as_str) {
        Some("01") => "arrived",
        Some("02") => "refused",
        Some("03") => "registered",
        Some("04") => "assigned",
        Some("05") => "in_progress",
        Some("06") => "done",
        _ => "queued",
    }
}

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

/// An issued document as its recipients name it.
#[derive(Clone)]
struct Letter {
    page: String,
    of: Reference,
}

fn issued(town: &Town) -> Letter {
    let page = drafted(town, "Phú Thọ", ("kiểm kê tài sản công", &[("groups", "communes")]), &[]);
    let symbol = brought_out(town, "Phú Thọ", &page);
    let document_id = format!("000.00.00.H44,2017/10/16,{symbol}");
    let promulgated = town.now().date();
    Letter { page, of: Reference { organ: "000.00.00.H44".to_owned(), document_id, symbol, promulgated } }
}

/// Packets on their way: which agency says which code, at what minute before now.
type Packets = Vec<(AgencyId, String, i64)>;

/// The outbox hands on what was sealed at one moment in the order of ids, which is one of chance.
fn send(town: &Town, of: &Reference, packets: Packets) {
    let of = of.clone();
    let to = Party { code: of.organ.clone(), name: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned() };
    town.act("phutho", move |cx| {
        for (agency, code, minutes) in &packets {
            let status = Status {
                of: of.clone(),
                code: code.clone(),
                description: if code == "02" { "gửi sai nơi nhận".to_owned() } else { String::new() },
                at_place: String::new(),
                staff: "Lò Văn Pành".to_owned(),
                timestamp: cx.now().plus_minutes(-minutes),
                request: None,
                forwarded: Vec::new(),
            };
            let to = std::slice::from_ref(&to);
            exchange::send(cx, *agency, (Sealed::Status(Box::new(status)), to, 0))?;
            cx.record_plain("testkit.said", ("agency", *agency));
        }
        Ok(())
    });
}

/// The communes of the province: id and code.
fn communes(town: &Town) -> Vec<(AgencyId, String)> {
    rows(
        town,
        "phutho",
        "SELECT id, code_102 FROM platform_agencies WHERE tier = 'commune' ORDER BY code_102",
    )
}

/// The codes kept of each sender of packets about a document, sorted.
fn history(town: &Town, letter: &Letter) -> BTreeMap<String, Vec<String>> {
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let all: Vec<(Id<()>, String, String)> = rows(
        town,
        "phutho",
        "SELECT outgoing_id, from_code, code FROM documents_statuses WHERE {scope} ORDER BY code",
    );
    for (document, from, code) in all {
        if letter.page.ends_with(&document.to_string()) {
            kept.entry(from).or_default().push(code);
        }
    }
    kept
}

fn stands(town: &Town, letter: &Letter) -> BTreeMap<String, String> {
    let all = recipients(&town.clerk("Phú Thọ"), &letter.page);
    all.into_iter().map(|(code, status, _)| (code, status)).collect()
}

/// Delivers every packet once more, as a carrier may that lost the answer.
fn carry_again(town: &Town) {
    static AGAIN: Sql =
        Sql::new("UPDATE platform_outbox SET state = 'queued' WHERE {scope} AND state = 'sent'", file!());
    town.act("phutho", |cx| {
        cx.write(&AGAIN, &[])?;
        cx.record_nothing("a carrier has lost the answers");
        Ok(())
    });
    town.settle();
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_thousand_storms_each_end_where_their_furthest_packet_says(town: Town) {
        let (letters, recipients) = (4, 250);
        settle_province(&town, 2, recipients);
        let (all, mut dice) = (communes(&town), Dice(0x2017_1016));
        assert_eq!(all.len(), recipients);
        let mut expected: Vec<(Letter, BTreeMap<String, Vec<String>>)> = Vec::new();
        for _ in 0..letters {
            let letter = issued(&town);
            let (mut packets, mut said) = (Packets::new(), BTreeMap::new());
            for (agency, code) in &all {
                // The packet its own system sends when the document arrives.
                let own: &mut Vec<String> = said.entry(code.clone()).or_insert_with(|| vec!["01".to_owned()]);
                for _ in 0..dice.below(9) {
                    let word = CODES[dice.below(CODES.len())].to_owned();
                    own.push(word.clone());
                    packets.push((*agency, word, i64::try_from(dice.below(3000)).unwrap()));
                }
                own.sort();
            }
            send(&town, &letter.of, packets);
            expected.push((letter, said));
        }
        town.settle();
        let check = |when: &str| {
            for (letter, said) in &expected {
                let (stands, history) = (stands(&town, letter), history(&town, letter));
                for (code, said) in said {
                    assert_eq!(stands[code], furthest(said), "{code} {when}: {said:?}");
                    assert_eq!(history[code], *said, "{code} {when}");
                }
            }
        };
        check("after the storm");
        carry_again(&town);
        check("after everything came once more");
        invariants::hold_but_statuses(&town);
    }

    fn no_packet_moves_a_recipient_back(town: Town) {
        let (letter, all, mut dice) = (issued(&town), communes(&town), Dice(7));
        let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
        town.settle();
        for round in 0..30 {
            let mut packets = Packets::new();
            for (agency, code) in &all {
                let word = CODES[dice.below(CODES.len())].to_owned();
                said.entry(code.clone()).or_insert_with(|| vec!["01".to_owned()]).push(word.clone());
                packets.push((*agency, word, i64::try_from(dice.below(3000)).unwrap()));
            }
            send(&town, &letter.of, packets);
            town.settle();
            for (code, status) in stands(&town, &letter) {
                assert_eq!(status, furthest(&said[&code]), "{code} in round {round}: {:?}", said[&code]);
            }
        }
        invariants::hold_but_statuses(&town);
    }

    fn a_packet_of_an_agency_the_letter_was_not_sent_to_moves_nothing(town: Town) {
        let letter = issued(&town);
        town.settle();
        let before = stands(&town, &letter);
        let stranger = town.agency("Việt Trì").id;
        send(&town, &letter.of, vec![(stranger, "06".to_owned(), 0)]);
        town.settle();
        assert_eq!(stands(&town, &letter), before);
        assert!(!history(&town, &letter).contains_key("000.00.31.H44"));
        let here = town.agency("Phú Thọ").id;
        let aside = town.read("phutho", move |cx| exchange::quarantined(cx, here));
        assert_eq!(aside.len(), 1, "{aside:?}");
        invariants::hold(&town);
    }
}
