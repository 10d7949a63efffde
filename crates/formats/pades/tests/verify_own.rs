//! What this crate signs, it accepts: the person, the organisation's seal, timestamps, and evidence added later.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a story with the people and the papers of signing"
)]

#[path = "sign/authority.rs"]
mod authority;
#[path = "sign/judges.rs"]
mod judges;
#[path = "sign/papers.rs"]
mod papers;
#[path = "sign/people.rs"]
mod people;

use pades::pdf::Limits;
use pades::sign::sign;
use pades::timestamp::{Evidence, add_evidence, add_to_document, add_to_signature};
use pades::trust::Trust;
use pades::verify::{Answer, Kind, verify};

use authority::Clock;
use papers::{Table, blue, letter, organisations, persons, red};
use people::Root;

/// The authority of time is OpenSSL, whose clock is the computer's: the moment of checking is long after.
fn answer(pdf: &[u8], root: &Root) -> Answer {
    let trust = Trust::from_pem(root.pem.as_bytes()).unwrap();
    Answer::of(verify(pdf, &trust, "2040-01-01T00:00:00Z".parse().unwrap()).unwrap())
}

#[test]
fn a_letter_with_both_signatures_is_accepted_at_every_step() {
    let root = Root::new();
    let clock = Clock::new(&root);
    let ask = |query: &[u8]| clock.answer(query);
    let (leader, seal, limits) = (root.person(), root.organisation(), Limits::default());
    for (table, turned) in
        [(Table::Classic, 0), (Table::Stream, 0), (Table::ObjectStreams, 0), (Table::Classic, 90)]
    {
        let signed = sign(&letter(table, turned), &persons(&blue()), &leader.signer(), None).unwrap();
        let stamped = add_to_signature(&signed, "Person1", &limits, &ask).unwrap();
        let sealed = sign(&stamped, &organisations(&red()), &seal.signer(), Some(&ask)).unwrap();
        let certificates = [leader.certificate.clone(), seal.certificate.clone(), root.der.clone()];
        let evidence = Evidence { certificates: &certificates, ..Evidence::default() };
        let kept = add_evidence(&sealed, &limits, &evidence).unwrap();
        let archived = add_to_document(&kept, "Time1", &limits, &ask).unwrap();
        for (pdf, count) in [(&signed, 1), (&stamped, 1), (&sealed, 2), (&kept, 2), (&archived, 3)] {
            let answer = answer(pdf, &root);
            assert!(answer.accepted && answer.signatures.len() == count, "{table:?} {turned}: {answer:#?}");
        }
        let answer = answer(&archived, &root);
        let kinds: Vec<Kind> = answer.signatures.iter().map(|verdict| verdict.kind).collect();
        assert_eq!(kinds, [Kind::Person, Kind::Organisation, Kind::Timestamp]);
        assert!(answer.signatures.iter().all(|verdict| verdict.proven_at.is_some()));
    }
}
