//! Containers written, read, cut, padded and altered.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::io::{Cursor, Write};

use asic::{Container, Error, Limits, Writer};
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, SigningKey};
use ring::digest::{SHA256, digest};
use xmldsig::Signer;
use xmldsig::detached::{self, Reference};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const OBJECTS: [(&str, &str, &str); 2] =
    [("envelope", "application/json", "{\"to\":\"Phú Thọ\"}"), ("files/0a", "application/pdf", "%PDF-1.7 …")];

fn signature(objects: &[(&str, &str, &str)]) -> String {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["phutho.node.vanlang".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let signer = Signer { certificate: certificate.der(), sign: &|m| key.sign(m).map_err(|e| e.to_string()) };
    let references: Vec<_> = objects
        .iter()
        .map(|(name, _, text)| Reference {
            name: (*name).to_owned(),
            sha256: digest(&SHA256, text.as_bytes()).as_ref().try_into().unwrap(),
        })
        .collect();
    detached::sign(&references, &signer, "2026-12-01T02:15:30Z".parse().unwrap()).unwrap()
}

fn whole() -> Vec<u8> {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    for (name, kind, text) in OBJECTS {
        writer.add(name, kind, &mut text.as_bytes()).unwrap();
    }
    writer.sign("packet", &signature(&OBJECTS)).unwrap();
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> asic::Result<Container> {
    Container::read(Cursor::new(bytes), &Limits::default())
}

/// A ZIP of these entries as somebody else may make it.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let options = if *name == "mimetype" { stored } else { SimpleFileOptions::default() };
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPE: (&str, &[u8]) = ("mimetype", b"application/vnd.etsi.asic-e+zip");
const MANIFEST: (&str, &[u8]) = ("META-INF/manifest.xml", b"<manifest/>");

#[test]
fn what_was_written_is_read_and_begins_with_its_type() {
    let bytes = whole();
    assert_eq!(bytes.get(30..38), Some(&b"mimetype"[..]), "the name lies where other programs look for it");
    assert_eq!(bytes.get(38..69), Some(TYPE.1));
    let container = read(&bytes).unwrap();
    assert_eq!(container.content("envelope"), Some(OBJECTS[0].2.as_bytes()));
    assert_eq!(container.objects.len(), 2);
    let signed = container.signatures.get("packet").unwrap();
    assert_eq!(signed.digest("files/0a"), Some(container.objects.get("files/0a").unwrap().sha256));
}

#[test]
fn no_byte_can_be_another_one_and_none_can_be_cut_off() {
    let bytes = whole();
    for at in 0..bytes.len() {
        assert!(read(bytes.get(..at).unwrap()).is_err(), "cut at {at}");
    }
    let good = read(&bytes).unwrap();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        *altered.get_mut(at).unwrap() ^= 0x10;
        // Dates, versions and attributes of the ZIP say nothing here; whatever is read is what was signed.
        if let Ok(container) = read(&altered) {
            assert!(container == good, "byte {at}");
        }
    }
}

#[test]
fn nothing_lies_beside_the_entries() {
    let bytes = whole();
    let layout = |bytes: &[u8]| read(bytes).unwrap_err();
    assert!(matches!(layout(&[b"x", bytes.as_slice()].concat()), Error::Layout(_) | Error::Damaged(_)));
    assert!(matches!(layout(&[bytes.as_slice(), b"x"].concat()), Error::Layout(_) | Error::Damaged(_)));
    assert!(matches!(
        layout(&[bytes.as_slice(), bytes.as_slice()].concat()),
        Error::Layout(_) | Error::Damaged(_)
    ));
}

#[test]
fn what_is_laid_out_otherwise_is_refused() {
    let layout = |entries: &[(&str, &[u8])]| {
        let said = read(&zipped(entries));
        assert!(
            matches!(said, Err(Error::Layout(_))),
            "{:?}",
            entries.iter().map(|e| e.0).collect::<Vec<_>>()
        );
    };
    layout(&[MANIFEST, TYPE]);
    layout(&[TYPE]);
    layout(&[("mimetype", b"application/zip"), MANIFEST]);
    layout(&[TYPE, MANIFEST, ("../up", b"")]);
    layout(&[TYPE, MANIFEST, ("/etc/passwd", b"")]);
    layout(&[TYPE, MANIFEST, ("a\\b", b"")]);
    layout(&[TYPE, MANIFEST, ("folder/", b"")]);
    layout(&[TYPE, MANIFEST, ("META-INF/container.xml", b"")]);
    layout(&[TYPE, MANIFEST, ("tệp", b"")]);
    assert!(read(&zipped(&[TYPE, MANIFEST, ("one", b"1")])).is_ok());
}

#[test]
fn a_signature_is_of_what_is_there() {
    let file = |xml: &str| {
        format!("<a:XAdESSignatures xmlns:a=\"http://uri.etsi.org/02918/v1.2.1#\">{xml}</a:XAdESSignatures>")
    };
    let signed = file(&signature(&OBJECTS));
    let with = |entries: &[(&str, &[u8])]| {
        let signature = ("META-INF/signatures-packet.xml", signed.as_bytes());
        let all: Vec<_> = [TYPE, MANIFEST, signature].into_iter().chain(entries.iter().copied()).collect();
        read(&zipped(&all))
    };
    let [one, two] = OBJECTS.map(|(name, _, text)| (name, text.as_bytes()));
    assert!(with(&[one, two]).is_ok());
    assert!(matches!(with(&[one]), Err(Error::Signature(_))), "a file is missing");
    assert!(matches!(with(&[one, ("files/0a", b"another")]), Err(Error::Signature(_))));
    assert!(matches!(with(&[one, ("files/0b", two.1)]), Err(Error::Signature(_))), "a file has another name");
}

#[test]
fn a_bomb_is_put_out() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    zip.write_all(TYPE.1).unwrap();
    zip.start_file("bomb", SimpleFileOptions::default()).unwrap();
    for _ in 0..32 {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let limits = Limits { bytes: 16 << 20, ..Limits::default() };
    assert!(matches!(Container::read(Cursor::new(&bytes), &limits), Err(Error::TooLarge)));
    let limits = Limits { entries: 1, ..Limits::default() };
    assert!(matches!(Container::read(Cursor::new(&bytes), &limits), Err(Error::TooLarge)));
}

proptest! {
    #[test]
    fn whatever_bytes_come_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_whole_one_with_pieces_changed_is_never_read_otherwise(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let bytes = whole();
        let good = read(&bytes).unwrap();
        let mut altered = bytes.clone();
        for (at, byte) in changes {
            let at = at.index(altered.len());
            *altered.get_mut(at).unwrap() = byte;
        }
        if let Ok(container) = read(&altered) {
            for (name, signed) in &container.signatures {
                for reference in &signed.references {
                    prop_assert_eq!(&container.objects.get(&reference.name).unwrap().sha256, &reference.sha256);
                }
                prop_assert_eq!(good.signatures.get(name).map(|s| &s.references), Some(&signed.references));
            }
        }
    }
}
