//! A signing service in the shape of the Cloud Signature Consortium's API, played by the story.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pades::sign::sign;
use pades::signer::{Authorization, RemoteKey};
use pades::{Error, Reason, Result};
use serde_json::{Value, json};

use crate::judges::{all_accept, program};
use crate::papers::{Table, blue, letter, persons};
use crate::people::{Identity, Root};

struct Service {
    identity: Identity,
    root: Vec<u8>,
    algorithms: Vec<&'static str>,
}

impl Service {
    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let refuse = |what: &str| Err(Error::new(Reason::Signer, what));
        if body["credentialID"] != "lanh-dao" {
            return refuse("invalid_request");
        }
        match path {
            "credentials/info" => Ok(json!({
                "key": { "status": "enabled", "algo": self.algorithms, "len": 2048 },
                "cert": {
                    "status": "valid",
                    "certificates": [STANDARD.encode(&self.identity.certificate), STANDARD.encode(&self.root)],
                },
                "auth": { "mode": "explicit" },
                "multisign": 1,
            })),
            "credentials/authorize" if body["authData"][0]["value"] == "135790" => {
                let hash = body["hashes"][0].as_str().unwrap();
                Ok(json!({ "SAD": format!("for {hash}"), "expiresIn": 300 }))
            }
            "signatures/signHash" => {
                let hash = body["hashes"][0].as_str().unwrap();
                if body["SAD"] != format!("for {hash}") {
                    return refuse("invalid SAD");
                }
                let signature = self.identity.sign_digest(&STANDARD.decode(hash).unwrap());
                Ok(json!({ "signatures": [STANDARD.encode(signature)] }))
            }
            _ => refuse("invalid_request"),
        }
    }
}

impl Identity {
    /// Signs a digest that came from elsewhere, as a service does.
    fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), &self.key_pem).unwrap();
        std::fs::write(folder.path().join("digest"), digest).unwrap();
        let mut openssl = program("openssl");
        openssl.args(["pkeyutl", "-sign", "-inkey", "key", "-in", "digest", "-out", "signature"]);
        openssl.args(["-pkeyopt", "digest:sha256"]).current_dir(folder.path());
        let output = openssl.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read(folder.path().join("signature")).unwrap()
    }
}

#[test]
fn a_leader_signs_with_a_key_at_a_service_after_entering_the_code() {
    let root = Root::new();
    let cases = [
        (root.person(), "1.2.840.113549.1.1.11"),
        (root.person(), "1.2.840.113549.1.1.1"),
        (root.organisation(), "1.2.840.10045.4.3.2"),
    ];
    for (identity, algorithm) in cases {
        let service = Service { identity, root: root.der.clone(), algorithms: vec![algorithm] };
        let post = |path: &str, body: &Value| service.post(path, body);
        let code = |value: &str| Authorization::Ask(json!([{ "id": "OTP", "value": value }]));
        let key = RemoteKey::open(&post, "lanh-dao", code("135790")).unwrap();
        let letter = letter(Table::Classic, 0);
        let signed = sign(&letter, &persons(&blue()), &key, None).unwrap();
        all_accept(&signed, &root.pem, 1);

        let key = RemoteKey::open(&post, "lanh-dao", code("000000")).unwrap();
        assert_eq!(sign(&letter, &persons(&blue()), &key, None).unwrap_err().code(), "signer-failed");
        assert_eq!(RemoteKey::open(&post, "khac", code("135790")).unwrap_err().code(), "signer-failed");
        let other = Service { algorithms: vec!["1.2.840.113549.1.1.5"], ..service };
        let post = |path: &str, body: &Value| other.post(path, body);
        let refused = RemoteKey::open(&post, "lanh-dao", code("135790")).unwrap_err();
        assert_eq!(refused.code(), "algorithm-refused");
    }
}
