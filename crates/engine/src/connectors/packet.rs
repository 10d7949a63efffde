//! What is in an envelope as an edXML packet for one recipient, in a file of its own.

use crate::http::packet as document;
use crate::server::Tenant;
use base::{Date, Error, Instant, Result, WhileDoing};
use contracts::{Envelope, Sealed, Status};
use platform::exchange::Due;
use ring::digest::{Context, SHA256};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// The longest description a packet takes.
const DESCRIPTION: usize = 500;
/// The longest names of people and places a packet takes.
const NAME: usize = 50;
const PLACE: usize = 100;

/// A packet that may leave.
pub(super) struct Written {
    pub(super) kind: vxp::Kind,
    pub(super) from: String,
    pub(super) file: File,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Writes the packet of a delivery. `written` is how the sender of a document writes its identifier, for a status. The same delivery gives the same
/// bytes each time. None when its fields break the standard, which is said in the log.
pub(super) async fn write(tenant: &Tenant, due: &Due, written: Option<String>) -> Result<Option<Written>> {
    let envelope: Envelope = serde_json::from_str(&due.sealing.body).while_doing("reading", "an envelope")?;
    let from = envelope.from.code.clone();
    let mut files = Vec::new();
    if let Sealed::Document(document) = &envelope.sealed {
        for file in &document.attachments {
            files.push(tenant.files.get(&file.sha256).await?.0);
        }
    }
    let to = due.to_code.clone();
    let made = tokio::task::spawn_blocking(move || {
        let mut out =
            Hashed { file: BufWriter::new(tempfile::tempfile()?), hash: Context::new(&SHA256), bytes: 0 };
        let kind = match &envelope.sealed {
            Sealed::Document(inside) => {
                let mut packet = document::convert(&envelope, inside);
                // It is for one: who else has it gets it by their own way.
                packet.to.retain(|party| party.id == to);
                if packet.to.is_empty() {
                    packet.to.push(edxml::Organ { id: to, ..edxml::Organ::default() });
                }
                let mut readers: Vec<BufReader<_>> = files.into_iter().map(BufReader::new).collect();
                let mut contents: Vec<&mut dyn Read> = Vec::new();
                contents.extend(readers.iter_mut().map(|reader| -> &mut dyn Read { reader }));
                edxml::write_document(&packet, &mut contents, &mut out).map(|_| vxp::Kind::Document)
            }
            Sealed::Status(status) => {
                let packet = status_packet(&envelope, status, written);
                edxml::write_status(&packet, &mut out).map(|()| vxp::Kind::Status)
            }
        };
        let kind = match kind {
            Ok(kind) => kind,
            Err(edxml::WriteError::Io(cause)) => return Err(cause),
            Err(wrong) => {
                tracing::warn!(envelope = %envelope.id, %wrong, "an envelope makes no packet");
                return Ok(None);
            }
        };
        let Hashed { file, hash, bytes } = out;
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Some(Written { kind, from, file, bytes, sha256: kernel::hex(hash.finish().as_ref()) }))
    });
    made.await.map_err(|cause| Error::Internal(cause.into()))?.while_doing("writing", "a packet")
}

fn status_packet(envelope: &Envelope, from: &Status, written: Option<String>) -> edxml::Status {
    edxml::Status {
        from: edxml::Organ {
            id: envelope.from.code.clone(),
            name: envelope.from.name.clone(),
            ..edxml::Organ::default()
        },
        response_for: edxml::ResponseFor {
            organ_id: from.of.organ.clone(),
            code: from.of.symbol.clone(),
            document_id: written.unwrap_or_else(|| from.of.document_id.clone()),
            date: civil(from.of.promulgated),
        },
        staff: edxml::Staff {
            department: cut(&from.at_place, PLACE),
            name: cut(&from.staff, NAME),
            ..edxml::Staff::default()
        },
        code: edxml::StatusCode::parse(&from.code),
        description: cut(&from.description, DESCRIPTION),
        at: local(from.timestamp),
        ..edxml::Status::default()
    }
}

fn civil(day: Date) -> Option<jiff::civil::Date> {
    day.iso().parse().ok()
}

/// The hour as it is in Viet Nam: packets know no zone.
pub(super) fn local(at: Instant) -> Option<jiff::civil::DateTime> {
    at.rfc3339().strip_suffix("+07:00")?.parse().ok()
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// A file whose hash is known when it is written.
struct Hashed {
    file: BufWriter<File>,
    hash: Context,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.hash.update(bytes.get(..taken).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
