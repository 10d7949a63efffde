use pades::pdf::{Kind, Limits, Pdf};
use pades::sign::{prepare, sign};
use pades::signer::Signer;

use crate::authority::Clock;
use crate::judges::{Desk, all_accept, pyhanko_refuses};
use crate::papers::{Table, blue, letter, organisations, persons, red};
use crate::people::Root;

#[test]
fn a_leader_signs_and_the_clerk_puts_the_seal_and_other_readers_accept_both() {
    let root = Root::new();
    let (leader, seal) = (root.person().signer(), root.organisation().signer());
    for (table, turned) in
        [(Table::Classic, 0), (Table::Stream, 0), (Table::ObjectStreams, 0), (Table::Classic, 90)]
    {
        let letter = letter(table, turned);
        let signed = sign(&letter, &persons(&blue()), &leader, None).unwrap();
        assert!(signed.starts_with(&letter), "what was there stays as it was");
        let sealed = sign(&signed, &organisations(&red()), &seal, None).unwrap();
        assert!(sealed.starts_with(&signed));
        all_accept(&sealed, &root.pem, 2);

        let pdf = Pdf::open(&sealed, &Limits::default()).unwrap();
        let fields = pdf.signature_fields().unwrap();
        let kinds: Vec<Option<Kind>> = fields.iter().map(pades::pdf::SignatureField::kind).collect();
        assert_eq!(kinds, [Some(Kind::Person), Some(Kind::Organisation)], "{table:?}");
        assert!(fields[1].covers_whole(&sealed) && !fields[0].covers_whole(&sealed));
        assert_eq!(fields[0].page, Some(2));
    }
}

#[test]
fn a_leader_signs_with_another_program_and_the_clerk_puts_the_seal_over_it() {
    let root = Root::new();
    let leader = root.person();
    for table in [Table::Classic, Table::ObjectStreams] {
        let desk = Desk::new(&letter(table, 0), &root.pem);
        let Some(signed) = desk.signed_by_pyhanko(&leader.key_pem, &leader.certificate_pem) else { return };
        let sealed = sign(&signed, &organisations(&red()), &root.organisation().signer(), None).unwrap();
        all_accept(&sealed, &root.pem, 2);
    }
}

#[test]
fn the_seal_covers_a_third_of_the_signature_on_its_left() {
    let root = Root::new();
    let signed = sign(&letter(Table::Classic, 0), &persons(&blue()), &root.person().signer(), None).unwrap();
    let sealed = sign(&signed, &organisations(&red()), &root.organisation().signer(), None).unwrap();
    let pdf = Pdf::open(&sealed, &Limits::default()).unwrap();
    let rectangles: Vec<Vec<f32>> = pdf
        .signature_fields()
        .unwrap()
        .iter()
        .map(|field| field.field.get(b"Rect").unwrap().as_array().unwrap().clone())
        .map(|numbers| numbers.iter().map(|number| number.as_float().unwrap()).collect())
        .collect();
    // 110 mm + 50/3 mm is 359.06 pt; the seal of 36 mm is 102.05 pt wide.
    assert!((rectangles[1][2] - 359.06).abs() < 0.1, "{rectangles:?}");
    assert!((rectangles[1][2] - rectangles[1][0] - 102.05).abs() < 0.1, "{rectangles:?}");
}

#[test]
fn a_timestamp_of_the_authority_is_accepted_and_kept() {
    let root = Root::new();
    let clock = Clock::new(&root);
    let authority = |query: &[u8]| clock.answer(query);
    let letter = letter(Table::Classic, 0);
    let signed = sign(&letter, &persons(&blue()), &root.person().signer(), Some(&authority)).unwrap();
    let sealed =
        sign(&signed, &organisations(&red()), &root.organisation().signer(), Some(&authority)).unwrap();
    all_accept(&sealed, &root.pem, 2);
    let pdf = Pdf::open(&sealed, &Limits::default()).unwrap();
    for field in pdf.signature_fields().unwrap() {
        let message = pades::cms::parse(field.contents().unwrap()).unwrap();
        assert!(message.timestamp().is_some());
    }
}

#[test]
fn an_authority_that_answers_another_request_is_refused() {
    let root = Root::new();
    let clock = Clock::new(&root);
    let old = std::cell::RefCell::new(None);
    let authority = |query: &[u8]| {
        let answer = old.borrow().clone().map_or_else(|| clock.answer(query), Ok)?;
        Ok(old.borrow_mut().insert(answer).clone())
    };
    let (letter, leader) = (letter(Table::Classic, 0), root.person().signer());
    sign(&letter, &persons(&blue()), &leader, Some(&authority)).unwrap();
    let error = sign(&letter, &persons(&blue()), &leader, Some(&authority)).unwrap_err();
    assert_eq!(error.code(), "timestamp-failed");
}

#[test]
fn a_flipped_byte_is_refused_by_another_reader_and_by_whoever_would_sign_next() {
    let root = Root::new();
    let letter = letter(Table::Classic, 0);
    let mut signed = sign(&letter, &persons(&blue()), &root.person().signer(), None).unwrap();
    let place = signed.windows(7).position(|window| window == b"Trang 2").unwrap();
    signed[place + 6] = b'9';
    pyhanko_refuses(&signed, &root.pem);
    let error = sign(&signed, &organisations(&red()), &root.organisation().signer(), None).unwrap_err();
    assert_eq!(error.code(), "earlier-signature-broken");
}

#[test]
fn a_signature_that_comes_later_fits_the_same_bytes() {
    let root = Root::new();
    let (letter, picture, leader) = (letter(Table::Classic, 0), blue(), root.person().signer());
    let ready = || {
        let certificates = (leader.certificate(), leader.chain());
        prepare(&letter, &persons(&picture), certificates, leader.algorithm()).unwrap()
    };
    let signature = leader.sign(ready().to_sign()).unwrap();
    let signed = ready().finish(&signature, None).unwrap();
    all_accept(&signed, &root.pem, 1);
}

#[test]
fn the_key_of_somebody_else_is_refused() {
    let root = Root::new();
    let (one, other) = (root.person().signer(), root.person().signer());
    let letter = letter(Table::Classic, 0);
    let picture = blue();
    let certificates = (one.certificate(), one.chain());
    let ready = prepare(&letter, &persons(&picture), certificates, one.algorithm()).unwrap();
    let signature = other.sign(ready.to_sign()).unwrap();
    assert_eq!(ready.finish(&signature, None).unwrap_err().code(), "key-mismatch");
}
