use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::Decode;
use serde_json::{Value, json};
use x509_cert::Certificate;

use super::{Signer, encoding};
use crate::cms::{self, Algorithm};
use crate::{Error, Reason, Result};

/// Posts a body to a path under the address of the service (`signatures/signHash`) and gives back the answer.
///
/// The token of access to the service, the timeouts and the retries are the caller's.
pub type Post<'a> = dyn Fn(&str, &Value) -> Result<Value> + 'a;

/// How the service knows that the owner of the key wants this signature.
#[derive(Clone)]
pub enum Authorization {
    /// The signature activation data the owner has got already.
    Data(String),
    /// What the owner knows or was sent, in the form `[{"id": "PIN", "value": "…"}, …]`; the data is asked for with
    /// the digest that is signed.
    Ask(Value),
}

/// A key at a service that speaks the API of the Cloud Signature Consortium, version 2.
pub struct RemoteKey<'a> {
    post: &'a Post<'a>,
    credential: String,
    authorization: Authorization,
    certificate: Certificate,
    chain: Vec<Certificate>,
    algorithm: Algorithm,
}

impl fmt::Debug for RemoteKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never what authorises.
        f.debug_struct("RemoteKey").field("credential", &self.credential).finish_non_exhaustive()
    }
}

impl<'a> RemoteKey<'a> {
    /// Asks the service for the certificates of a credential (`credentials/info`).
    ///
    /// # Errors
    /// `Signer` when the service fails or the key is not enabled; `BadCms` for a certificate that cannot be read;
    /// `Algorithm` when the key does not sign the way this crate does.
    pub fn open(post: &'a Post<'a>, credential: &str, authorization: Authorization) -> Result<Self> {
        let wanted = json!({ "credentialID": credential, "certificates": "chain", "certInfo": false });
        let info = post("credentials/info", &wanted)?;
        let says = |pointer: &str| info.pointer(pointer).and_then(Value::as_str);
        if says("/key/status") != Some("enabled")
            || says("/cert/status").is_some_and(|status| status != "valid")
        {
            return Err(failed("the key is not enabled or its certificate not valid"));
        }
        let list = info.pointer("/cert/certificates").and_then(Value::as_array);
        let mut certificates = list.into_iter().flatten().map(certificate).collect::<Result<Vec<_>>>()?;
        if certificates.is_empty() {
            return Err(failed("no certificate"));
        }
        let certificate = certificates.remove(0);
        let algorithm = Algorithm::of(&certificate)?;
        let offered = info.pointer("/key/algo").and_then(Value::as_array);
        let is_ours = |name: &Value| {
            // A service may name the kind of key only, and take the digest from the call.
            let key = certificate.tbs_certificate().subject_public_key_info().algorithm.oid;
            name.as_str().is_some_and(|name| name == algorithm.oid().to_string() || name == key.to_string())
        };
        if !offered.is_some_and(|offered| offered.iter().any(is_ours)) {
            return Err(Error::new(Reason::Algorithm, "the service does not offer it for this key"));
        }
        let credential = credential.to_owned();
        Ok(Self { post, credential, authorization, certificate, chain: certificates, algorithm })
    }

    /// The activation data for one signature of this digest (`credentials/authorize`).
    fn authorize(&self, hash: &str) -> Result<String> {
        let data = match &self.authorization {
            Authorization::Data(data) => return Ok(data.clone()),
            Authorization::Ask(data) => data,
        };
        let wanted = json!({
            "credentialID": self.credential,
            "numSignatures": 1,
            "hashes": [hash],
            "hashAlgorithmOID": self.algorithm.digest().oid().to_string(),
            "authData": data,
        });
        let answer = (self.post)("credentials/authorize", &wanted)?;
        let data = answer.get("SAD").and_then(Value::as_str);
        data.map(str::to_owned).ok_or_else(|| failed("the service does not authorise"))
    }
}

impl Signer for RemoteKey<'_> {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let digest = self.algorithm.digest();
        let hash = STANDARD.encode(digest.over(&[message]));
        let wanted = json!({
            "credentialID": self.credential,
            "SAD": self.authorize(&hash)?,
            "hashes": [hash],
            "hashAlgorithmOID": digest.oid().to_string(),
            "signAlgo": self.algorithm.oid().to_string(),
            "operationMode": "S",
        });
        let answer = (self.post)("signatures/signHash", &wanted)?;
        let signature = answer.pointer("/signatures/0").and_then(Value::as_str);
        let signature = STANDARD.decode(signature.ok_or_else(|| failed("no signature"))?).map_err(failed)?;
        match self.algorithm {
            Algorithm::Rsa(_) => Ok(signature),
            Algorithm::P256 | Algorithm::P384 => encoding::ecdsa(signature),
        }
    }
}

fn certificate(value: &Value) -> Result<Certificate> {
    let der = STANDARD.decode(value.as_str().unwrap_or_default()).map_err(failed)?;
    Certificate::from_der(&der).map_err(cms::bad)
}

fn failed(what: impl fmt::Display) -> Error {
    Error::new(Reason::Signer, what)
}
