//! One document to 290 recipients: sealed once, carried to all.

use crate::report;
use base::Date;
use contracts::{Attachment, Document, Party, Sealed, Signer};
use kernel::{Sql, q};
use platform::exchange;
use platform::organisations::{self, NewAgency, Tier};
use std::time::Instant;
use testkit::Town;

pub(crate) static ARRIVED: Sql = q!("SELECT count(*) FROM documents_incoming WHERE {scope}");

const RECIPIENTS: usize = 290;

pub(crate) fn run() {
    let town = Town::with(vec![documents::module()]);
    let sender = town.agency("Phú Thọ").id;
    let blob = vec![7_u8; 512 * 1024];
    let files = &town.server().tenant("phutho").expect("the tenant").files;
    let stored = town.wait(files.put(&blob)).unwrap();
    let attachment = Attachment {
        name: "cong-van.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: 512 * 1024,
        sha256: stored.sha256.clone(),
        role: "main".to_owned(),
    };
    town.act("phutho", move |cx| {
        let mut to = Vec::new();
        for n in 0..RECIPIENTS {
            let new = NewAgency {
                code_102: format!("000.{n:03}.98.H44"),
                code_qd20: format!("H44.98.{n}"),
                name: format!("UBND xã thứ {n}"),
                symbol: "UBND".to_owned(),
                place: "Xã".to_owned(),
                tier: Tier::Commune,
                kind: "committee".to_owned(),
                parent: Some(sender),
                local: true,
                valid_from: Date::new(2017, 1, 1).expect("a date"),
            };
            organisations::add_agency(cx, &new)?;
            to.push(Party { code: new.code_102, name: new.name });
        }
        let document = letter(&to, &attachment);
        exchange::send(cx, sender, (Sealed::Document(Box::new(document)), &to, 0))?;
        cx.record("documents.act.issued", ("outgoing", sender), sender);
        Ok(())
    });
    let began = Instant::now();
    let now = town.now();
    let server = town.server().clone();
    let carried = town.wait(server.pump(now)).unwrap();
    let took = began.elapsed().as_secs_f64();
    // Each letter causes a status back: 580 deliveries in all.
    assert!(carried >= RECIPIENTS, "{carried} deliveries");
    let left = town.read("phutho", exchange::troubled);
    assert!(left.is_empty(), "{:?}", left.first());
    let arrived = town.read("phutho", |cx| cx.number(&ARRIVED, &[]));
    assert_eq!(arrived, i64::try_from(RECIPIENTS).unwrap(), "each has it once");
    let text = format!("{took:.2} s, {carried} deliveries");
    report("one document to 290 recipients, all arrived", &text, "5 s", (took / 5.0, took <= 5.0));
}

fn letter(to: &[Party], attachment: &Attachment) -> Document {
    Document {
        document_id: "000.00.00.H44,2017/10/16,1234/UBND-KGVX".to_owned(),
        number: "1234".to_owned(),
        notation: "UBND-KGVX".to_owned(),
        place: "Phú Thọ".to_owned(),
        promulgated: Date::new(2017, 10, 16).expect("a date"),
        type_name: "Công văn".to_owned(),
        subject: "Triển khai gửi, nhận văn bản điện tử liên thông bốn cấp".to_owned(),
        text: String::new(),
        signer: Signer::default(),
        due: None,
        urgency: 0,
        pages: 1,
        to: to.to_vec(),
        to_places: vec!["Như trên".to_owned()],
        response_for: Vec::new(),
        forwards: None,
        trace: Vec::new(),
        attachments: vec![attachment.clone()],
        business: contracts::Business::New,
    }
}
