//! RSA keys, which OpenSSL makes: weak ones, weak digests, and every salt that PSS may have.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::cases::{Case, none_is_accepted};
use crate::der::{algorithm, body, inside, oid, sequence, tlv};
use crate::message::{Message, SHA256};
use crate::paper::{Paper, Spot};
use crate::people::{Authority, Person, answer, person};

/// A key in a folder of its own.
struct RsaKey(TempDir);

impl RsaKey {
    fn new(bits: &str) -> Self {
        let key = Self(tempfile::tempdir().unwrap());
        openssl(&["genrsa", "-out", &key.path("key"), bits]);
        openssl(&["rsa", "-in", &key.path("key"), "-pubout", "-outform", "DER", "-out", &key.path("public")]);
        key
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn person(&self, root: &Authority) -> Person {
        let public = fs::read(self.path("public")).unwrap();
        let certificate = root.certify(&person(), body(inside(&public)[1])[1..].to_vec());
        Person { key: rcgen::KeyPair::generate().unwrap(), der: certificate, chain: Vec::new() }
    }

    fn sign(&self, bytes: &[u8], options: &[&str]) -> Vec<u8> {
        fs::write(self.path("signed"), bytes).unwrap();
        let (key, signature, signed) = (self.path("key"), self.path("signature"), self.path("signed"));
        openssl(&[&["dgst"], options, &["-sign", &key, "-out", &signature, &signed]].concat());
        fs::read(self.path("signature")).unwrap()
    }

    /// A letter signed by this algorithm; `change` is done to the signature.
    fn letter(
        &self,
        root: &Authority,
        algorithm: &[u8],
        options: &[&str],
        change: fn(&mut Vec<u8>),
    ) -> Vec<u8> {
        let leader = self.person(root);
        let mut paper = Paper::new();
        paper.sign(&Spot::default(), |bytes| {
            let mut message = Message::of(&leader, bytes);
            message.algorithm = algorithm.to_vec();
            message.seal(|bytes| {
                let mut signature = self.sign(bytes, options);
                change(&mut signature);
                signature
            })
        });
        paper.bytes
    }
}

#[expect(clippy::disallowed_methods, reason = "a story asks OpenSSL for what the libraries here do not make")]
fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).output().expect("openssl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_weak_key_or_digest_is_accepted() {
    let root = Authority::new();
    let mut cases = Vec::new();
    for (name, bits, digest, algorithm) in [
        ("an RSA key of 1024 bits", "1024", "-sha256", "1.2.840.113549.1.1.11"),
        ("RSA with SHA-1", "2048", "-sha1", "1.2.840.113549.1.1.5"),
        ("RSA with MD5", "2048", "-md5", "1.2.840.113549.1.1.4"),
        ("PSS with everything left out", "2048", "-sha1", "1.2.840.113549.1.1.10"),
    ] {
        let parameters = if algorithm.ends_with(".10") { sequence(&[]) } else { tlv(5, &[]) };
        let algorithm = sequence(&[&oid(algorithm), &parameters]);
        let pdf = RsaKey::new(bits).letter(&root, &algorithm, &[digest], |_| {});
        cases.push(Case { name, reason: "weak-algorithm", pdf, trust: root.trust() });
    }
    none_is_accepted("weak keys", &cases);
}

/// PSS with SHA-256 and a salt of so many bytes.
fn pss(salt: u8) -> Vec<u8> {
    let hash = tlv(0xa0, &[&algorithm(SHA256)]);
    let mask = tlv(0xa1, &[&sequence(&[&oid("1.2.840.113549.1.1.8"), &algorithm(SHA256)])]);
    let salt = tlv(0xa2, &[&tlv(2, &[&[0, salt][usize::from(salt < 128)..]])]);
    sequence(&[&oid("1.2.840.113549.1.1.10"), &sequence(&[&hash, &mask, &salt])])
}

#[test]
fn a_salt_of_any_length_is_accepted_and_its_forgeries_are_not() {
    let root = Authority::new();
    let mut cases = Vec::new();
    let mut add = |name, reason, pdf| cases.push(Case { name, reason, pdf, trust: root.trust() });
    for (bits, salt) in
        [("2048", 222_u8), ("2048", 32), ("2048", 0), ("2049", 20), ("2056", 100), ("3071", 200)]
    {
        let (key, length) = (RsaKey::new(bits), format!("rsa_pss_saltlen:{salt}"));
        let options = ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", &length];
        let good = answer(&key.letter(&root, &pss(salt), &options, |_| {}), &root.trust()).unwrap();
        assert!(good.accepted, "{bits} bits, a salt of {salt}: {good:#?}");
        if salt != 222 {
            continue;
        }
        let wrong = "signature-mismatch";
        add("PSS with a bit flipped", wrong, key.letter(&root, &pss(salt), &options, |bytes| bytes[9] ^= 1));
        add("PSS with a byte more", wrong, key.letter(&root, &pss(salt), &options, |bytes| bytes.push(0)));
        add(
            "PSS with a byte less",
            wrong,
            key.letter(&root, &pss(salt), &options, |bytes| bytes.truncate(255)),
        );
        add(
            "PSS above the modulus",
            wrong,
            key.letter(&root, &pss(salt), &options, |bytes| bytes.fill(0xff)),
        );
        add("PSS of nothing", wrong, key.letter(&root, &pss(salt), &options, |bytes| bytes.fill(0)));
        add("PSS with a shorter salt than said", wrong, key.letter(&root, &pss(200), &options, |_| {}));
        add(
            "PSS with a longer salt than there is room",
            wrong,
            key.letter(&root, &pss(240), &options, |_| {}),
        );
        let old = ["-sha256"];
        add("PSS that is none", wrong, key.letter(&root, &pss(salt), &old, |_| {}));
    }
    none_is_accepted("salts", &cases);
}
