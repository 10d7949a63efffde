//! What a machine read off a scan.

use crate::Attachment;
use base::{AgencyId, PersonId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Files to be read: the payload of a job `files.read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToRead {
    /// The agency that holds them.
    pub agency: AgencyId,
    /// What sort of thing they belong to, a word of the module that asks.
    pub about: String,
    /// The thing.
    pub subject: Uuid,
    /// Who brought them in, whom files may be shown to before they are scanned for harmful software.
    pub person: Option<PersonId>,
    /// One PDF, or pictures that become one; in their order.
    pub files: Vec<Attachment>,
    /// True when nobody waits for it: it never keeps a person's scan waiting.
    #[serde(default)]
    pub later: bool,
}

/// How far a reading is: the payload of a job `files.being-read`. Whoever hears it says with `NotFound` that nobody
/// waits for the reading any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeingRead {
    /// As in [`ToRead`].
    pub about: String,
    /// As in [`ToRead`].
    pub subject: Uuid,
    /// The PDF, when it was made of pictures.
    pub pdf: Option<Attachment>,
    /// Pages that were read.
    pub done: i64,
    /// Pages that will be read.
    pub total: i64,
}

/// What came of it: the payload of a job `files.were-read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WereRead {
    /// As in [`ToRead`].
    pub about: String,
    /// As in [`ToRead`].
    pub subject: Uuid,
    /// Pages of the PDF, those that were not read among them.
    pub total: i64,
    /// What was read, from the first page on.
    pub pages: Vec<ReadPage>,
    /// Why there is nothing, or not all: a word such as `locked`; empty when all is well.
    pub trouble: String,
}

/// A page as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPage {
    /// Its width, in the measure of its words.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Its words, in the order they are read.
    pub words: Vec<ReadWord>,
}

/// A word and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadWord {
    /// The word.
    pub text: String,
    /// How sure the reader is, 0 to 100.
    pub sure: u32,
    /// From the left edge of the page.
    pub left: u32,
    /// From the upper edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// The line it stands in, counted over the page.
    pub line: u32,
}

impl ReadPage {
    /// Its words, a line each.
    pub fn text(&self) -> String {
        let lines = self.words.chunk_by(|a, b| a.line == b.line);
        let lines =
            lines.map(|line| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n")
    }
}
