use pades::pdf::{Limits, Pdf};
use pades::sign::sign;
use pades::timestamp::{Evidence, add_evidence, add_to_document, add_to_signature, standing};
use pades::trust::Trust;

use crate::authority::Clock;
use crate::judges::{all_accept, all_accept_with_timestamps};
use crate::papers::{Table, blue, letter, organisations, persons, red};
use crate::people::Root;

#[test]
fn a_signature_gets_its_timestamp_later_and_the_file_keeps_its_length() {
    let root = Root::new();
    let clock = Clock::new(&root);
    let authority = |query: &[u8]| clock.answer(query);
    let limits = Limits::default();
    let letter = letter(Table::Classic, 0);
    let signed = sign(&letter, &persons(&blue()), &root.person().signer(), None).unwrap();
    let stamped = add_to_signature(&signed, "Person1", &limits, &authority).unwrap();
    assert_eq!(stamped.len(), signed.len());
    all_accept(&stamped, &root.pem, 1);
    let code = |pdf: &[u8], field| add_to_signature(pdf, field, &limits, &authority).unwrap_err().code();
    assert_eq!(code(&stamped, "Person1"), "timestamp-failed");
    assert_eq!(code(&stamped, "Nobody"), "no-such-signature");

    let sealed = sign(&signed, &organisations(&red()), &root.organisation().signer(), None).unwrap();
    assert_eq!(code(&sealed, "Person1"), "locked-by-signature");
    let stamped = add_to_signature(&sealed, "Organisation1", &limits, &authority).unwrap();
    all_accept(&stamped, &root.pem, 2);
}

#[test]
fn evidence_and_a_timestamp_over_the_document_keep_a_signature_for_long() {
    let root = Root::new();
    let clock = Clock::new(&root);
    let authority = |query: &[u8]| clock.answer(query);
    let limits = Limits::default();
    for table in [Table::Classic, Table::ObjectStreams] {
        let signed =
            sign(&letter(table, 0), &persons(&blue()), &root.person().signer(), Some(&authority)).unwrap();
        let (certificates, crls) = (std::slice::from_ref(&root.der), [root.crl()]);
        let evidence = Evidence { certificates, crls: &crls, ocsps: &[] };
        let kept = add_evidence(&signed, &limits, &evidence).unwrap();
        assert_eq!(add_evidence(&kept, &limits, &evidence).unwrap_err().code(), "bad-request");
        let stamped = add_to_document(&kept, "Archive1", &limits, &authority).unwrap();
        assert!(stamped.starts_with(&signed));
        all_accept_with_timestamps(&stamped, &root.pem, (1, 1));
        let more = Evidence { certificates: &[root.person().certificate], ..evidence };
        let kept = add_evidence(&stamped, &limits, &more).unwrap();
        all_accept_with_timestamps(&kept, &root.pem, (1, 1));
        // How long each of them is provided for, and what stands behind it.
        let before = standing(&signed, &limits).unwrap();
        assert_eq!((before.signatures, before.stamps, before.has_revocation), (1, 0, false));
        assert!(before.stamped_until.is_some());
        let after = standing(&stamped, &limits).unwrap();
        assert_eq!((after.signatures, after.stamps, after.has_revocation), (1, 1, true));
        assert!(after.stamped_until.is_some() && after.certificates.len() >= before.certificates.len());
        let trust = Trust::from_pem(root.pem.as_bytes()).unwrap().with_crls(&root.crl()).unwrap();
        assert_eq!(trust.behind(&before.certificates).0, std::slice::from_ref(&root.der));
        assert_eq!(trust.behind(&before.certificates).1.len(), 1);
        let bare = sign(&letter(table, 0), &persons(&blue()), &root.person().signer(), None).unwrap();
        assert_eq!(standing(&bare, &limits).unwrap().stamped_until, None);
        let pdf = Pdf::open(&kept, &limits).unwrap();
        let store = pdf.entry(pdf.catalog().unwrap(), b"DSS").unwrap().as_dict().unwrap();
        assert_eq!(store.get(b"Certs").unwrap().as_array().unwrap().len(), 2);
    }
}
