//! What a handler is told and what it answers.

use crate::actor::Actor;
use crate::offers::Offers;
use base::form::Input;
use base::{FieldErrors, Instant, Refusal, T};
use std::sync::{Arc, Mutex};

/// One request, without HTTP.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The path as asked, without the query.
    pub path: String,
    /// Names and values of the path's parameters.
    pub params: Vec<(String, String)>,
    /// The query.
    pub query: Input,
    /// What was posted. On a page that comes back after an error: what had been posted.
    pub posted: Option<Input>,
    /// What was wrong with it.
    pub errors: FieldErrors,
    /// The rule that said no to it.
    pub refusal: Option<Refusal>,
    /// The session's form token.
    pub csrf: String,
    /// A fresh key for the forms of this page.
    pub once: String,
    /// What reading leaves to be done.
    pub left: Left,
}

/// Work that reading leaves behind: a page cannot write, but it can say that somebody has seen it. The engine queues
/// each as a job once the page was read.
#[derive(Debug, Clone, Default)]
pub struct Left(Arc<Mutex<Vec<LeftJob>>>);

/// A job that reading leaves.
#[derive(Debug, Clone)]
pub struct LeftJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// Queued once while it waits.
    pub dedup: String,
    /// What the handler is told.
    pub payload: serde_json::Value,
}

impl Left {
    pub(crate) fn add(&self, job: LeftJob) {
        if let Ok(mut jobs) = self.0.lock() {
            jobs.push(job);
        }
    }

    /// Takes what was left.
    pub fn take(&self) -> Vec<LeftJob> {
        self.0.lock().map(|mut jobs| std::mem::take(&mut *jobs)).unwrap_or_default()
    }
}

/// Everything around a handler but the database.
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// What is asked.
    pub request: Request,
    /// The texts in the actor's language.
    pub t: T,
    /// The time of the act.
    pub now: Instant,
    /// The tenant's short name, as in its host name.
    pub tenant: String,
    /// Chance: fills the bytes with random ones.
    pub chance: fn(&mut [u8]),
    /// What the modules of the program offer each other.
    pub offers: Arc<Offers>,
}

/// What a handler answers.
#[derive(Debug)]
pub enum Response {
    /// A page: the engine puts the frame around it.
    Page {
        /// The title, already a text.
        title: String,
        /// HTML of the main part.
        body: String,
    },
    /// A part of a page, without a frame.
    Fragment(String),
    /// JSON, for the API.
    Json(serde_json::Value),
    /// An act was done: back to a page with a message; for the API, JSON.
    Done {
        /// Path to go to.
        to: String,
        /// Text key of the message.
        key: &'static str,
        /// Values of its placeholders.
        values: Vec<(&'static str, String)>,
        /// The thing made, for the API.
        id: Option<String>,
    },
    /// Another page.
    Redirect(String),
    /// A stored file.
    File {
        /// Its name in the store.
        sha256: String,
        /// The name it is given on the person's machine.
        name: String,
        /// Its type.
        content_type: String,
    },
    /// A document as an edXML packet, written while it is sent.
    Packet {
        /// The name it is given on the person's machine.
        name: String,
        /// The envelope of `contracts`, as JSON: the kernel does not know letters.
        envelope: serde_json::Value,
    },
    /// What proves a delivery, as one file that is made after the transaction.
    Evidence {
        /// The line of the exchange journal.
        line: uuid::Uuid,
        /// The stored files that go into it.
        files: Vec<String>,
    },
    /// A PDF, printed after the transaction from data: a `contracts::print::PrintRequest` as JSON. The engine puts in
    /// the content of stored files that its `parts` name.
    Paper {
        /// The name it is given on the person's machine, without its ending.
        name: String,
        /// What to print.
        request: serde_json::Value,
    },
    /// The pages of a document as pictures, made after the transaction: a `contracts::print::PrintRequest` of kind
    /// `preview` as JSON. Answered as a part of a page, and so is why there are none.
    Preview(serde_json::Value),
    /// A file made on the spot.
    Download {
        /// The name it is given on the person's machine.
        name: String,
        /// Its type.
        content_type: &'static str,
        /// Its bytes.
        body: Vec<u8>,
    },
    /// Several files as one ZIP, written while it is sent.
    Bundle {
        /// The name it is given on the person's machine.
        name: String,
        /// What is in it, in order.
        parts: Vec<Part>,
    },
}

impl Response {
    /// A table to take away; `name` without its ending.
    pub fn csv(name: &str, table: base::csv::Csv) -> Response {
        Response::Download {
            name: format!("{name}.csv"),
            content_type: base::csv::Csv::TYPE,
            body: table.into_bytes(),
        }
    }
}

/// One file of a [`Response::Bundle`].
#[derive(Debug)]
pub struct Part {
    /// Its path in the ZIP.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// What is in one file of a bundle.
#[derive(Debug)]
pub enum Content {
    /// Bytes made on the spot.
    Made(Vec<u8>),
    /// A stored file, by its name in the store.
    Stored(String),
}

/// A handler's answer.
pub type Reply = base::Result<Response>;
