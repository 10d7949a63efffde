//! Names that the norm leaves open. QCVN 102:2016 speaks of the packet, not of the way; of the way as it is deployed
//! these are known: the paths of the calls, the headers `systemid`, `timestamp`, `hash-file` and
//! `XroadVnpt-sign-header`, the form of the moment, HMAC-SHA256 and SHA-256, the two types of message, the four words
//! for what became of a packet, the codes of errors, and that the list of agencies says `code` and `code102`. All
//! else that must have a name stands here and nowhere else, so that it is changed here when an operator of the axis
//! says otherwise.

/// Header: which agency asks. The prefix is the axis' own.
pub(crate) const FROM: &str = "XroadVnpt-from";
/// Header: `edoc` or `status`.
pub(crate) const MESSAGE_TYPE: &str = "XroadVnpt-messagetype";
/// Header: which packet.
pub(crate) const PACKET: &str = "XroadVnpt-docid";
/// Header: what became of it.
pub(crate) const STATUS: &str = "XroadVnpt-status";
/// Header with the SHA-256 of the body; its name is known. That a list tells the same of a packet that was sent is left
/// open: where it does, nothing is sent twice after a lost answer.
pub const HASH: &str = "hash-file";

/// Member of an answer: the code, 0 when all went well.
pub(crate) const CODE: &str = "ErrorCode";
/// Member of an answer: what went wrong, in words.
pub(crate) const WORDS: &str = "ErrorDesc";
/// Member of an answer that is a list.
pub(crate) const LIST: &str = "data";
/// Member of a packet in a list.
pub(crate) const ID: &str = "docId";
/// Member of an agency in the list of agencies.
pub(crate) const NAME: &str = "name";

/// What the signature is over: that it is HMAC-SHA256 is known, of what is not.
pub(crate) fn signed_text(system: &str, timestamp: &str, hash: &str) -> String {
    format!("{system}\n{timestamp}\n{hash}")
}
