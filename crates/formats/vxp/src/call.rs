//! What is asked: path and headers of each call.

use crate::open;
use jiff::civil::DateTime;
use ring::{digest, hmac};
use std::fmt::Write;

/// Which of the two kinds of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A document, or what asks one back.
    Document,
    /// A status packet.
    Status,
}

impl Kind {
    /// Both, documents first: a status may speak of a document that comes with it.
    pub const ALL: [Kind; 2] = [Kind::Document, Kind::Status];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Document => "edoc",
            Kind::Status => "status",
        }
    }
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Hands in a packet of the agency with a code; the body is the packet.
    Send(Kind, String),
    /// Which packets wait.
    Received(Kind),
    /// Which packets were handed in by the agency with a code.
    Sent(Kind, String),
    /// One packet; the answer's body is the packet.
    Get(String),
    /// Says that a packet was taken, or that it cannot be.
    Settle(String, bool),
    /// All agencies.
    Agencies,
}

/// A header of a call.
pub type Header = (&'static str, String);

impl Call {
    /// The path below the axis' address.
    pub const fn path(&self) -> &'static str {
        match self {
            Call::Send(..) => "/sendEdoc",
            Call::Received(_) => "/getReceivedEdocList",
            Call::Sent(..) => "/getSentEdocList",
            Call::Get(_) => "/getEdoc",
            Call::Settle(..) => "/updateStatus",
            Call::Agencies => "/getAgenciesList",
        }
    }

    fn said(&self) -> Vec<Header> {
        match self {
            Call::Send(kind, from) | Call::Sent(kind, from) => {
                vec![(open::MESSAGE_TYPE, kind.word().to_owned()), (open::FROM, from.clone())]
            }
            Call::Received(kind) => vec![(open::MESSAGE_TYPE, kind.word().to_owned())],
            Call::Get(id) => vec![(open::PACKET, id.clone())],
            Call::Settle(id, taken) => {
                let word = if *taken { "done" } else { "fail" };
                vec![(open::PACKET, id.clone()), (open::STATUS, word.to_owned())]
            }
            Call::Agencies => Vec::new(),
        }
    }
}

/// Who calls.
#[derive(Clone)]
pub struct Credentials {
    /// The id the axis gave.
    pub system: String,
    /// The secret the axis gave.
    pub secret: String,
}

/// The headers of a call: what it is about, who calls and when, the hash of the body, and the signature.
/// `at` is the moment on the clock of Viet Nam, `hash` the SHA-256 of the body as [`hex_sha256`] writes it.
pub fn signed(call: &Call, by: &Credentials, (at, hash): (DateTime, &str)) -> Vec<Header> {
    // ddMMyyyy'T'HHmmss+SSSS, the last four the milliseconds.
    let millis = at.subsec_nanosecond().div_euclid(1_000_000);
    let timestamp = format!("{}+{millis:04}", at.strftime("%d%m%YT%H%M%S"));
    let mark = sign(&by.secret, &open::signed_text(&by.system, &timestamp, hash));
    let mut headers = call.said();
    headers.extend([
        ("systemid", by.system.clone()),
        ("timestamp", timestamp),
        (open::HASH, hash.to_owned()),
        ("XroadVnpt-sign-header", mark),
    ]);
    headers
}

pub(crate) fn sign(secret: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex(hmac::sign(&key, text.as_bytes()).as_ref())
}

/// SHA-256 in lower-case hexadecimal.
pub fn hex_sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, Credentials, Kind, hex_sha256, signed};

    #[test]
    fn a_call_says_what_it_is_about_and_bears_a_signature_over_moment_and_hash() {
        let by = Credentials { system: "HT.01".to_owned(), secret: "khoa".to_owned() };
        let at = "2017-10-16T08:05:09.042".parse().unwrap();
        let call = Call::Send(Kind::Status, "000.00.00.H44".to_owned());
        let hash = hex_sha256(b"<edXML/>");
        let headers = signed(&call, &by, (at, &hash));
        let get = |name: &str| headers.iter().find(|(one, _)| *one == name).map(|(_, v)| v.as_str()).unwrap();
        assert_eq!(call.path(), "/sendEdoc");
        assert_eq!(get("timestamp"), "16102017T080509+0042");
        assert_eq!(get("systemid"), "HT.01");
        assert_eq!((get("hash-file"), hash.len()), (hash.as_str(), 64));
        let other = signed(&call, &by, (at, &hex_sha256(b"<edXML />")));
        assert_ne!(headers.last(), other.last(), "another body, another signature");
        assert!(headers.iter().all(|(_, value)| !value.contains("khoa")));
    }
}
