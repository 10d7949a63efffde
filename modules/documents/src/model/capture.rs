//! A scan that was handed in, and what was read off it.

use base::form::Upload;
use base::{AgencyId, Id, Instant, PersonId};
use kernel::{record, row, states};

states! {
    /// Where a scan stands.
    pub enum CaptureState {
        /// A machine reads it.
        Reading = "reading",
        /// Was read, waits for the clerk.
        Read = "read",
        /// Could not be read, waits for the clerk all the same.
        Unread = "unread",
        /// Is a document of the register now.
        Registered = "registered",
        /// Was put away.
        Dropped = "dropped",
    }
}

record! {
    "documents_captures",
    "SELECT id, agency_id, person_id, person_name, state, files, pdf, pages, done, total, trouble, content, at
     FROM documents_captures
     WHERE {scope} AND id = $1";
    /// A scan.
    pub struct Capture {
        /// Id.
        id: Id<Capture>,
        /// Whose it is.
        agency: AgencyId,
        /// Who handed it in.
        person: PersonId,
        /// Their name.
        person_name: String,
        /// Where it stands.
        state: CaptureState,
        /// The files as they came, a line each.
        files: String,
        /// The PDF made of pictures; empty when a PDF came, or none could be made.
        pdf: String,
        /// Pages of the PDF.
        pages: i64,
        /// Pages that were read.
        done: i64,
        /// Pages that are to be read.
        total: i64,
        /// Why it was not read, or not all of it.
        trouble: String,
        /// What was read.
        content: String,
        /// Since when.
        at: Instant,
    }
}

row! {
    /// What was read for a field.
    pub struct GuessRow {
        /// The field of the form.
        field: String,
        /// What it says.
        value: String,
        /// How sure, in percent.
        sure: i64,
        /// The page, from 1; 0 for none.
        page: i64,
        /// Its place, in thousandths of the page.
        left: i64,
        /// From above.
        top: i64,
        /// Width.
        width: i64,
        /// Height.
        height: i64,
    }
}

impl Capture {
    /// True while it waits for a person.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.state, CaptureState::Reading | CaptureState::Read | CaptureState::Unread)
    }

    /// What it is kept as: the one PDF, or the files as they came.
    pub(crate) fn kept(&self) -> Vec<Upload> {
        let lines = if self.pdf.is_empty() { &self.files } else { &self.pdf };
        lines.lines().filter_map(Upload::decode).collect()
    }
}
