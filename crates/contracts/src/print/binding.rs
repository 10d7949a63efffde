//! Copies of files that exist: bound into one file, each page with a mark.

use super::PrintRequest;
use base::Date;
use serde::{Deserialize, Serialize};

/// Sheets of ours and pages of others as one new file. The files it is made of stay as they are; what is signed in
/// them is signed there, and this is a copy to be read and printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Binding {
    /// Title of the file.
    pub title: String,
    /// Who made it, for the properties of the file.
    pub agency: String,
    /// The day, for the properties of the file.
    pub date: Option<Date>,
    /// Large and faint across each page.
    pub mark: String,
    /// Small at the foot of each page: who, when, for which agency.
    pub line: String,
    /// What is bound, in order.
    pub parts: Vec<Bound>,
}

/// A part of a binding. In JSON the field `part` says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Bound {
    /// A sheet that is printed for it; no binding itself.
    Sheet {
        /// What to print.
        request: Box<PrintRequest>,
    },
    /// The pages of a PDF.
    File {
        /// Its name, to say which could not be read.
        name: String,
        /// Its name in the store; whoever asks the printer puts the content in its place.
        stored: String,
        /// Its bytes in base64.
        #[serde(default)]
        content: String,
        /// Lines of the page that stands for it when it cannot be read; without them nothing is printed at all.
        instead: Vec<String>,
    },
    /// A page that stands for a file that is no PDF.
    Slip {
        /// Its lines; the first is bold.
        lines: Vec<String>,
    },
}
