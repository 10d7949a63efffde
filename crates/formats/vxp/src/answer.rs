//! What the axis answers: a code, a list, a list of agencies. Whatever bytes come, an answer or a reason comes of it.

use crate::open;
use serde_json::{Map, Value};

/// Longer words and ids are cut, or the entry left out: they are shown to people and kept in an index.
const WORDS_MAX: usize = 300;
const ID_MAX: usize = 200;
const CODE_MAX: usize = 35;

/// A code of the axis (guide of the exchange, version 2.2, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// 10: the file is not valid.
    File,
    /// 15: the system's id or its secret is wrong.
    Credentials,
    /// 18: the recipient does not exist.
    Recipient,
    /// 19: the sender is not registered.
    Sender,
    /// 20: the axis has a fault of its own.
    System,
    /// 21: the file could not be worked on.
    Processing,
    /// 22: the packet breaks the standard.
    Standard,
    /// 23: the recipient is locked.
    Locked,
    /// Any other: no source says what it means.
    Other(i64),
}

impl Code {
    /// Every code with a known meaning.
    pub const KNOWN: [Code; 8] = [
        Code::File,
        Code::Credentials,
        Code::Recipient,
        Code::Sender,
        Code::System,
        Code::Processing,
        Code::Standard,
        Code::Locked,
    ];

    /// The number on the wire.
    pub const fn number(self) -> i64 {
        match self {
            Code::File => 10,
            Code::Credentials => 15,
            Code::Recipient => 18,
            Code::Sender => 19,
            Code::System => 20,
            Code::Processing => 21,
            Code::Standard => 22,
            Code::Locked => 23,
            Code::Other(number) => number,
        }
    }

    /// Reads a number.
    pub fn of(number: i64) -> Code {
        Code::KNOWN.into_iter().find(|code| code.number() == number).unwrap_or(Code::Other(number))
    }

    /// True when trying again may help; only a fault of the axis' own does.
    pub const fn may_pass(self) -> bool {
        matches!(self, Code::System)
    }
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Done,
    /// It was not, and the axis says why.
    Refused(Code, String),
    /// Nothing that can be understood: as good as no answer.
    Unclear(String),
}

/// What an answer with a code means. `status` is that of HTTP.
pub fn outcome(status: u16, body: &[u8]) -> Answer {
    let object = object(body);
    let code = object.as_ref().and_then(|object| number(object.get(open::CODE)?));
    match (status, code) {
        (200..=299, Some(0)) => Answer::Done,
        (200..=499, Some(code)) if code != 0 => Answer::Refused(Code::of(code), words(object.as_ref())),
        // What HTTP refuses without a code of the axis is for good too, but for "too many" and "too slow".
        (400..=499, _) if !matches!(status, 408 | 425 | 429) => {
            Answer::Refused(Code::Other(i64::from(status)), words(object.as_ref()))
        }
        _ => Answer::Unclear(format!("HTTP {status}")),
    }
}

/// A packet in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The axis' own id of it.
    pub id: String,
    /// SHA-256 of it, where the list says so; else empty.
    pub hash: String,
}

/// The packets of a list; those without an id are left out.
///
/// # Errors
/// What else was answered.
pub fn entries(status: u16, body: &[u8]) -> Result<Vec<Entry>, Answer> {
    let entry = |one: &Map<String, Value>| {
        let id = text(one.get(open::ID)).filter(|id| is_id(id))?;
        let hash = text(one.get(open::HASH)).unwrap_or_default().to_ascii_lowercase();
        Some(Entry { id, hash })
    };
    list(status, body, entry)
}

/// An agency of the axis' directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Code, form of QCVN 102.
    pub code_102: String,
    /// Code, form of Decision 20/2020; empty when it is not told.
    pub code_qd20: String,
    /// Name.
    pub name: String,
}

/// The agencies of a list; those without a code that can be one are left out.
///
/// # Errors
/// What else was answered.
pub fn agencies(status: u16, body: &[u8]) -> Result<Vec<Agency>, Answer> {
    let agency = |one: &Map<String, Value>| {
        let code = |name| text(one.get(name)).filter(|code| is_code(code));
        let (other, own) = (code("code"), code("code102"));
        // Where only one form is told it is the code.
        let code_102 = own.clone().or_else(|| other.clone())?;
        let code_qd20 = own.and(other).unwrap_or_default();
        let name = text(one.get(open::NAME)).unwrap_or_default();
        Some(Agency { code_102, code_qd20, name: cut(&name) })
    };
    list(status, body, agency)
}

fn list<V>(
    status: u16,
    body: &[u8],
    read: impl Fn(&Map<String, Value>) -> Option<V>,
) -> Result<Vec<V>, Answer> {
    match outcome(status, body) {
        Answer::Done => {}
        other => return Err(other),
    }
    let object = object(body).unwrap_or_default();
    match object.get(open::LIST) {
        Some(Value::Array(all)) => Ok(all.iter().filter_map(Value::as_object).filter_map(read).collect()),
        // Nothing waits: some say so with nothing.
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(_) => Err(Answer::Unclear("no list".to_owned())),
    }
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn words(object: Option<&Map<String, Value>>) -> String {
    object.and_then(|object| text(object.get(open::WORDS))).map(|words| cut(&words)).unwrap_or_default()
}

fn cut(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).take(WORDS_MAX).collect()
}

/// An id travels back in a header.
fn is_id(id: &str) -> bool {
    (1..=ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_code(code: &str) -> bool {
    (1..=CODE_MAX).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::{Answer, Code, Entry, agencies, entries, outcome};
    use proptest::prelude::*;

    #[test]
    fn each_code_is_told_from_the_others_and_only_one_may_pass() {
        let said = |number: i64| outcome(200, format!("{{\"ErrorCode\":\"{number}\"}}").as_bytes());
        assert_eq!(said(0), Answer::Done);
        for (number, may_pass) in [
            (10, false),
            (15, false),
            (18, false),
            (19, false),
            (20, true),
            (21, false),
            (22, false),
            (23, false),
        ] {
            let Answer::Refused(code, _) = said(number) else { panic!("{number}") };
            assert_eq!((code.number(), code.may_pass()), (number, may_pass));
            assert!(Code::KNOWN.contains(&code));
        }
        assert_eq!(said(7), Answer::Refused(Code::Other(7), String::new()));
    }

    #[test]
    fn what_is_no_answer_is_unclear_and_what_http_refuses_is_refused() {
        for (status, body) in [(200, ""), (200, "<html>"), (200, "{}"), (500, "{\"ErrorCode\":0}"), (503, "")]
        {
            assert!(matches!(outcome(status, body.as_bytes()), Answer::Unclear(_)), "{status} {body}");
        }
        assert!(matches!(outcome(429, b""), Answer::Unclear(_)));
        assert_eq!(outcome(403, b""), Answer::Refused(Code::Other(403), String::new()));
        let said = outcome(400, br#"{"ErrorCode":22,"ErrorDesc":"sai chuan"}"#);
        assert_eq!(said, Answer::Refused(Code::Standard, "sai chuan".to_owned()));
    }

    #[test]
    fn lists_are_read_and_what_is_no_entry_is_left_out() {
        let body =
            br#"{"ErrorCode":0,"data":[{"docId":7,"hash-file":"AB"},{"docId":" x "},{"docId":"a b"},{},3]}"#;
        let entry = |id: &str, hash: &str| Entry { id: id.to_owned(), hash: hash.to_owned() };
        assert_eq!(entries(200, body).unwrap(), [entry("7", "ab"), entry("x", "")]);
        assert!(entries(200, br#"{"ErrorCode":0,"data":null}"#).unwrap().is_empty());
        assert!(entries(200, br#"{"ErrorCode":0,"data":{}}"#).is_err());
        let body = br#"{"ErrorCode":0,"data":[{"code":"H53.31","code102":"000.00.31.H53","name":"A"},{"code":"G22"},{"name":"B"}]}"#;
        let all = agencies(200, body).unwrap();
        let codes: Vec<_> = all.iter().map(|one| (one.code_102.as_str(), one.code_qd20.as_str())).collect();
        assert_eq!(codes, [("000.00.31.H53", "H53.31"), ("G22", "")]);
    }

    proptest! {
        #[test]
        fn whatever_is_answered_is_understood_or_not_but_nothing_breaks(status in 100_u16..600, body: Vec<u8>, text: String) {
            let quoted = serde_json::json!({"ErrorCode": text, "data": [{"docId": text, "code": text}]}).to_string();
            for body in [body.as_slice(), text.as_bytes(), quoted.as_bytes()] {
                let once = outcome(status, body);
                prop_assert_eq!(&once, &outcome(status, body));
                let _ = (entries(status, body), agencies(status, body));
            }
        }
    }
}
