//! The edXML packet of QCVN 102:2016/BTTTT: a tolerant reader and a strict writer.
//!
//! Bytes come in through [`std::io::BufRead`], values and attachment streams go out; the crate opens no file,
//! knows no clock and depends on nothing of ours. A packet that cannot be trusted to mean one thing becomes a
//! [`Quarantine`] with a stable reason, never a panic. `README.md` states the invariants and the sources.
#![warn(missing_docs)]

mod attachment;
mod base64_stream;
mod dates;
mod draft;
mod inspect;
mod intake;
mod limits;
mod model;
mod names;
mod outcome;
mod read;
pub mod sample;
mod slots;
mod sniff;
mod source;
mod status;
mod types;
mod unzip;
mod validate;
mod wellformed;
mod write;
mod xml;

pub use attachment::{Attachment, AttachmentHead};
pub use inspect::{Inspection, Piece, SignerLine, inspect};
pub use limits::Limits;
pub use model::{
    Business, BusinessKind, Code, Document, DocumentType, Organ, OtherInfo, Packet, Promulgation, Receiver,
    Replacement, ResponseFor, Signature, Signer, Staff, TraceHeader, UpdateInfo,
};
pub use outcome::{Quarantine, Reason, Received, Warning};
pub use read::read;
pub use status::{Status, StatusCode};
pub use types::{DocumentKind, KINDS, kind_by_name};
pub use validate::{FieldError, Problem, check_document, check_status};
pub use write::{Sent, WriteError, write_document, write_status};

/// The namespace of every QCVN 102:2016 element.
pub const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
