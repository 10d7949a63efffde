//! Lines of the journal for what is carried.

use base::{Error, Result};
use contracts::packet::Receipted;
use contracts::{Envelope, Sealed};
use kernel::{System, Writer};
use platform::evidence::{self, Direction, Entry};
use platform::exchange::Due;
use platform::organisations;
use std::collections::BTreeMap;
use std::collections::btree_map;
use uuid::Uuid;

/// What the journal says of an envelope.
struct Read {
    packet: String,
    document: String,
    kind: &'static str,
}

/// What the journal says of envelopes: read once, however many they are for.
#[derive(Default)]
pub(crate) struct Noting(BTreeMap<Uuid, Read>);

impl Noting {
    /// Notes that an envelope has arrived at its recipient, with the receipt when that is another machine's.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) fn sent(
        &mut self,
        cx: &mut Writer<'_, System>,
        due: &Due,
        receipt: Option<&Receipted>,
    ) -> Result<()> {
        let receipt = receipt.map(|receipt| proof::sha256(receipt.receipt.as_bytes())).unwrap_or_default();
        let read = self.of(due.envelope, &due.sealing.body)?;
        let entry = read.entry((due.envelope, Direction::Sent), &due.to_code, &receipt);
        evidence::note(cx, due.agency, &entry).map(drop)
    }

    /// Notes that an envelope has come: its id and bytes, from whom, to whom. Answers the place in the journal.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) fn received(
        &mut self,
        cx: &mut Writer<'_, System>,
        (envelope, body): (Uuid, &str),
        (from, to): (&str, &str),
    ) -> Result<i64> {
        let agency = organisations::by_code(cx, to)?.ok_or(Error::NotFound)?;
        let read = self.of(envelope, body)?;
        evidence::note(cx, agency.id, &read.entry((envelope, Direction::Received), from, ""))
    }

    fn of(&mut self, envelope: Uuid, body: &str) -> Result<&Read> {
        match self.0.entry(envelope) {
            btree_map::Entry::Occupied(known) => Ok(known.into_mut()),
            btree_map::Entry::Vacant(place) => Ok(place.insert(Read::of(body)?)),
        }
    }
}

impl Read {
    fn of(body: &str) -> Result<Read> {
        let envelope: Envelope = serde_json::from_str(body).map_err(|error| Error::Internal(error.into()))?;
        let kind = envelope.sealed.kind();
        let document = match envelope.sealed {
            Sealed::Document(document) => document.document_id,
            Sealed::Status(status) => status.of.document_id,
        };
        Ok(Read { packet: proof::sha256(body.as_bytes()), document, kind })
    }

    fn entry<'a>(
        &'a self,
        (envelope, direction): (Uuid, Direction),
        counterpart: &'a str,
        receipt: &'a str,
    ) -> Entry<'a> {
        let Read { packet, document, kind } = self;
        Entry { direction, envelope, kind, document, counterpart, packet, receipt }
    }
}
