//! Signed messages and timestamps, put together part by part so that each part can be wrong.

use ring::digest;

use crate::der::{algorithm, attribute, integer, octets, oid, sequence, set, time, tlv};
use crate::people::{Person, fields};

pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";
pub(crate) const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(crate) const CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
pub(crate) const TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.14";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

pub(crate) struct Message {
    pub(crate) digest: Vec<u8>,
    pub(crate) attributes: Vec<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) unsigned: Vec<Vec<u8>>,
    pub(crate) content_type: &'static str,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) signer: Vec<u8>,
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// The attribute that names the signer's certificate.
pub(crate) fn names(certificate: &[u8]) -> Vec<u8> {
    let hash = octets(&sha256(certificate));
    attribute(CERTIFICATE_V2, &sequence(&[&sequence(&[&sequence(&[&hash])])]))
}

impl Message {
    /// What an honest person's message has in it.
    pub(crate) fn of(person: &Person, signed: &[u8]) -> Self {
        let parts = fields(&person.der);
        Self {
            digest: algorithm(SHA256),
            attributes: vec![
                attribute(CONTENT_TYPE, &oid(DATA)),
                attribute(MESSAGE_DIGEST, &octets(&sha256(signed))),
                names(&person.der),
            ],
            certificates: [vec![person.der.clone()], person.chain.clone()].concat(),
            algorithm: algorithm(ECDSA_SHA256),
            unsigned: Vec::new(),
            content_type: DATA,
            content: None,
            signer: sequence(&[parts[2], parts[0]]),
        }
    }

    fn signed(&self) -> Vec<u8> {
        let mut attributes = self.attributes.clone();
        attributes.sort();
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
        set(&attributes)
    }

    /// Signs and encodes.
    pub(crate) fn seal(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let signature = sign(&self.signed());
        self.encode(&[&signature])
    }

    /// Signs, and has the signature stamped with the time.
    pub(crate) fn seal_stamped(mut self, person: &Person, clock: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let signature = person.sign(&self.signed());
        self.unsigned.push(attribute(TIMESTAMP, &clock(&signature)));
        self.encode(&[&signature])
    }

    /// One message with as many signers as signatures.
    pub(crate) fn encode(&self, signatures: &[&[u8]]) -> Vec<u8> {
        let mut signed = self.signed();
        signed[0] = 0xa0;
        if self.attributes.is_empty() {
            signed.clear();
        }
        let unsigned: Vec<&[u8]> = self.unsigned.iter().map(Vec::as_slice).collect();
        let unsigned = if unsigned.is_empty() { Vec::new() } else { tlv(0xa1, &unsigned) };
        let signers: Vec<Vec<u8>> = signatures
            .iter()
            .map(|signature| {
                let (version, signature) = (integer(1), octets(signature));
                sequence(&[
                    &version,
                    &self.signer,
                    &self.digest,
                    &signed,
                    &self.algorithm,
                    &signature,
                    &unsigned,
                ])
            })
            .collect();
        let signers: Vec<&[u8]> = signers.iter().map(Vec::as_slice).collect();
        let certificates: Vec<&[u8]> = self.certificates.iter().map(Vec::as_slice).collect();
        let content = self.content.as_ref().map(|content| tlv(0xa0, &[&octets(content)])).unwrap_or_default();
        let data = sequence(&[
            &integer(3),
            &set(&[&self.digest]),
            &sequence(&[&oid(self.content_type), &content]),
            &tlv(0xa0, &certificates),
            &set(&signers),
        ]);
        sequence(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&data])])
    }
}

/// An honest message.
pub(crate) fn message(person: &Person, signed: &[u8]) -> Vec<u8> {
    Message::of(person, signed).seal(|bytes| person.sign(bytes))
}

/// What a timestamp says.
pub(crate) fn said(hash: (&str, &[u8]), moment: &str) -> Vec<u8> {
    let imprint = sequence(&[&algorithm(hash.0), &octets(hash.1)]);
    sequence(&[&integer(1), &oid("1.2.3.4.1"), &imprint, &integer(7), &time(moment)])
}

/// A timestamp that says this.
pub(crate) fn token(clock: &Person, said: &[u8]) -> Vec<u8> {
    let mut message = Message::of(clock, said);
    message.attributes[0] = attribute(CONTENT_TYPE, &oid(TST_INFO));
    message.content_type = TST_INFO;
    message.content = Some(said.to_vec());
    message.seal(|bytes| clock.sign(bytes))
}

/// An honest timestamp.
pub(crate) fn stamp(clock: &Person, bytes: &[u8], moment: &str) -> Vec<u8> {
    token(clock, &said((SHA256, &sha256(bytes)), moment))
}
