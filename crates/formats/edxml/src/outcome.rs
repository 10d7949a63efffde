use std::fmt;

use crate::model::Packet;

/// A packet that was read, with the sinks its attachments were written to.
#[derive(Debug)]
pub struct Received<W> {
    /// The document or the status.
    pub packet: Packet,
    /// One sink for each attachment, in the order of [`crate::Document::attachments`].
    pub sinks: Vec<W>,
    /// What the sender did that a strict reader would have refused; at most 200, then `warnings_truncated`.
    pub warnings: Vec<Warning>,
}

/// Something odd that did not stop the packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable machine key.
    pub key: &'static str,
    /// The field, name or value it is about; sender's text, to be escaped where shown.
    pub detail: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => f.write_str(self.key),
            detail => write!(f, "{}: {detail}", self.key),
        }
    }
}

/// Warnings of one packet: a hostile sender must not fill our memory with them.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Vec<Warning>);

impl Warnings {
    const MAX: usize = 200;
    const DETAIL_CHARS: usize = 200;

    pub(crate) fn add(&mut self, key: &'static str, detail: impl AsRef<str>) {
        match self.0.len() {
            n if n < Self::MAX => {
                let detail = detail.as_ref().chars().take(Self::DETAIL_CHARS).collect();
                self.0.push(Warning { key, detail });
            }
            Self::MAX => self.0.push(Warning { key: "warnings_truncated", detail: String::new() }),
            _ => {}
        }
    }

    /// Adds a warning unless the very same one is there.
    pub(crate) fn add_once(&mut self, key: &'static str, detail: impl AsRef<str>) {
        if !self.0.iter().any(|w| w.key == key && w.detail == detail.as_ref()) {
            self.add(key, detail);
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Warning> {
        self.0
    }
}

/// A packet set aside for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// Why.
    pub reason: Reason,
    /// Where and what, for the operator; may quote the sender.
    pub detail: String,
}

impl Quarantine {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => f.write_str(self.reason.key()),
            detail => write!(f, "{}: {detail}", self.reason.key()),
        }
    }
}

impl std::error::Error for Quarantine {}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// Why a packet was set aside. The keys are stable: they are stored and shown by key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, for the texts and their completeness test.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable key.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

reasons! {
    /// The source of the bytes failed: not the packet's fault, try again.
    SourceFailed = "source_failed",
    /// The store for attachments failed: not the packet's fault, try again.
    SinkFailed = "sink_failed",
    /// The packet or its header is larger than allowed.
    TooLarge = "too_large",
    /// There is text before the XML prolog.
    JunkBeforeProlog = "junk_before_prolog",
    /// The bytes are not UTF-8.
    NotUtf8 = "not_utf8",
    /// The prolog declares an encoding other than UTF-8.
    EncodingUnsupported = "encoding_unsupported",
    /// There is a DOCTYPE: document type definitions are never read.
    DoctypeRefused = "doctype_refused",
    /// There is an entity besides the five predefined ones and character references.
    EntityRefused = "entity_refused",
    /// The XML is not well-formed or not namespace-well-formed.
    NotWellFormed = "not_well_formed",
    /// Elements are nested too deeply.
    TooDeep = "too_deep",
    /// The root is not `edXML` of QCVN 102:2016.
    NotEdxml = "not_edxml",
    /// The packet uses a namespace from before QCVN 102:2016.
    LegacyNamespace = "legacy_namespace",
    /// There is no message header.
    HeaderMissing = "header_missing",
    /// There is no sender to answer to.
    SenderMissing = "sender_missing",
    /// An element that may occur once occurs twice, so the packet could be read in two ways.
    DuplicateElement = "duplicate_element",
    /// The business type is none of 0, 1, 2, 3.
    UnknownBusinessType = "unknown_business_type",
    /// There are more recipients than allowed.
    TooManyRecipients = "too_many_recipients",
    /// There are more list entries than allowed.
    TooManyItems = "too_many_items",
    /// A field, tag or comment is longer than allowed.
    FieldTooLong = "field_too_long",
    /// There are more attachments than allowed.
    TooManyAttachments = "too_many_attachments",
    /// An attachment is larger than allowed.
    AttachmentTooLarge = "attachment_too_large",
    /// The content of an attachment is not base64.
    AttachmentNotBase64 = "attachment_not_base64",
    /// The ZIP around an attachment does not unpack to what it promises.
    AttachmentCorrupt = "attachment_corrupt",
    /// The ZIP around an attachment expands beyond the allowed ratio or size.
    ZipBomb = "zip_bomb",
}

impl Reason {
    /// Whether reading the same bytes again may succeed.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::SourceFailed | Self::SinkFailed)
    }
}
