//! Whatever file arrives, it is signed or refused; what was signed once can be signed again.
#![no_main]

use std::sync::OnceLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use pades::pdf::{Kind, Limits, Pdf};
use pades::sign::{Appearance, Place, Request, sign};
use pades::signer::SoftwareKey;
use pades::timestamp::{Evidence, add_evidence};
use rcgen::{CertificateParams, KeyPair};

fn key() -> &'static SoftwareKey {
    static KEY: OnceLock<SoftwareKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
        SoftwareKey::new(&key.serialize_der(), certificate.der(), &[]).unwrap()
    })
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { objects_bytes_max: 16 << 20, ..Limits::default() };
    let request = Request {
        kind: Kind::Person,
        field: "Fuzz1",
        place: Place::Nowhere,
        appearance: Appearance::Page(bytes),
        name: "Nguyễn Văn Mẫu",
        reason: "",
        location: "",
        time: Timestamp::UNIX_EPOCH,
        limits,
    };
    if let Ok(signed) = sign(bytes, &request, key(), None) {
        assert!(signed.starts_with(bytes));
        let fields = Pdf::open(&signed, &limits).and_then(|pdf| pdf.signature_fields()).unwrap();
        assert!(fields.iter().any(|field| field.name == "Fuzz1" && field.covers_whole(&signed)));
        let again = Request { field: "Fuzz2", kind: Kind::Organisation, ..request };
        sign(&signed, &again, key(), None).unwrap();
    }
    let evidence = Evidence { certificates: &[vec![0x30, 0]], ..Evidence::default() };
    drop(add_evidence(bytes, &limits, &evidence));
});
