//! Lines of the journal for what is carried within this process.

use base::{Error, Result};
use contracts::{Envelope, Sealed};
use kernel::{System, Writer};
use platform::evidence::{self, Direction, Entry};
use platform::exchange::Due;
use platform::organisations;
use std::collections::HashMap;
use uuid::Uuid;

/// What the journal says of envelopes: read once, however many they are for.
#[derive(Default)]
pub(crate) struct Noting(HashMap<Uuid, (String, String)>);

impl Noting {
    /// Notes that an envelope has left.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) fn sent(&mut self, cx: &mut Writer<'_, System>, due: &Due) -> Result<()> {
        self.note(cx, due, (due.agency, Direction::Sent, &due.to_code))
    }

    /// Notes that an envelope has come.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) fn received(&mut self, cx: &mut Writer<'_, System>, due: &Due) -> Result<()> {
        let agency = organisations::by_code(cx, &due.to_code)?.ok_or(Error::NotFound)?;
        self.note(cx, due, (agency.id, Direction::Received, &due.sealing.from_code))
    }

    fn note(
        &mut self,
        cx: &mut Writer<'_, System>,
        due: &Due,
        (agency, direction, counterpart): (base::AgencyId, Direction, &str),
    ) -> Result<()> {
        if !self.0.contains_key(&due.envelope) {
            self.0.insert(due.envelope, read(&due.sealing.body)?);
        }
        let Some((packet, document)) = self.0.get(&due.envelope) else { return Ok(()) };
        let (envelope, kind) = (due.envelope, due.sealing.kind.as_str());
        let entry = Entry { direction, envelope, kind, document, counterpart, packet, receipt: "" };
        evidence::note(cx, agency, &entry).map(drop)
    }
}

/// The hash of an envelope, and the document it is about.
fn read(body: &str) -> Result<(String, String)> {
    let envelope: Envelope = serde_json::from_str(body).map_err(|error| Error::Internal(error.into()))?;
    let document = match envelope.sealed {
        Sealed::Document(document) => document.document_id,
        Sealed::Status(status) => status.of.document_id,
    };
    Ok((proof::sha256(body.as_bytes()), document))
}
