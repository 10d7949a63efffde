#![doc = include_str!("../README.md")]

mod bind;
mod check;
mod flatten;
mod letters;
mod register;
mod serve;
mod sheet;
mod tidy;
mod world;

pub use letters::letter;
pub use serve::{read_frame, write_answer};

use base::Error;
use contracts::print::{PrintRequest, SignatureArea};
use serde::Serialize;
use sheet::Sheet;
use std::fmt;
use world::Page;

/// A printed thing.
#[derive(Debug)]
pub struct Printed {
    /// The file: PDF/A-2u, tagged.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Where signatures belong.
    pub areas: Vec<SignatureArea>,
}

/// Why nothing was printed: a code for programs and a sentence for the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unprintable {
    /// `json`, `letter`, `notation`, `columns`, `size`, `file` or `layout`.
    pub code: &'static str,
    /// What exactly.
    pub message: String,
}

impl Unprintable {
    fn new(code: &'static str, message: impl Into<String>) -> Unprintable {
        Unprintable { code, message: message.into() }
    }
}

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Unprintable {}

impl From<Unprintable> for Error {
    fn from(why: Unprintable) -> Error {
        Error::internal(why.to_string())
    }
}

/// What a request leads to.
#[derive(Debug)]
pub enum Made {
    /// A file.
    Paper(Printed),
    /// The pages of a preview, each as SVG.
    Pictures(Vec<String>),
}

/// Does what a request asks for: a file, or for a preview its pages as pictures.
///
/// # Errors
/// As [`print`].
pub fn make(request: &[u8]) -> Result<Made, Unprintable> {
    let request = read(request)?;
    match sheet::of(&request) {
        Sheet::Document(document) if matches!(request, PrintRequest::Preview(_)) => {
            world::pictures(json(&document)?).map(Made::Pictures)
        }
        _ => printed(&request).map(Made::Paper),
    }
}

/// Prints one request, which is the JSON of a [`PrintRequest`]. The same bytes in give the same bytes out.
///
/// # Errors
/// `json` when it is no request, `letter` when a letter is in no font, `notation` when the notation is not
/// that of the type, `columns` when a row of a table is too short or too long, `size` when it is larger than
/// 64 MB, `file` when a file to be bound is no PDF that can be read, `layout` when the page cannot be made.
pub fn print(request: &[u8]) -> Result<Printed, Unprintable> {
    printed(&read(request)?)
}

fn printed(request: &PrintRequest) -> Result<Printed, Unprintable> {
    let dated = sheet::date(request);
    match sheet::of(request) {
        Sheet::Document(document) => world::typeset(Page::Document, (json(&document)?, dated)),
        Sheet::Form(form) => world::typeset(Page::Form, (json(&form)?, dated)),
        Sheet::Report(report) => world::typeset(Page::Report, (json(&report)?, dated)),
        Sheet::Register(register) => register::draw(&register, dated),
        Sheet::List(list) => register::list::draw(&list, dated),
        Sheet::Binding(binding) => bind::bind(&binding),
    }
}

fn json(sheet: &impl Serialize) -> Result<Vec<u8>, Unprintable> {
    serde_json::to_vec(sheet).map_err(|error| Unprintable::new("json", error.to_string()))
}

/// Reads a request, its texts in NFC without control characters, and checks it.
fn read(request: &[u8]) -> Result<PrintRequest, Unprintable> {
    if request.len() > REQUEST_BYTES_MAX {
        return Err(Unprintable::new("size", format!("the request has {} bytes", request.len())));
    }
    let no_json = |error: serde_json::Error| Unprintable::new("json", error.to_string());
    let mut value: serde_json::Value = serde_json::from_slice(request).map_err(no_json)?;
    // A register or a report lists what was written elsewhere: one strange letter must not stop its printing.
    let kind = value.get("kind").and_then(serde_json::Value::as_str);
    let strict = !matches!(kind, Some("register" | "report" | "archive-list" | "binding"));
    tidy::tidy(&mut value, strict)?;
    let request: PrintRequest = serde_json::from_value(value).map_err(no_json)?;
    check::check(&request)?;
    Ok(request)
}

/// More than a register of 100,000 rows has.
const REQUEST_BYTES_MAX: usize = 64 * 1024 * 1024;
