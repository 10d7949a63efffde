//! A document as an edXML packet to the browser: written while it is sent, its attachments read from the store piece
//! by piece, so that no packet is ever whole in memory.

use super::Reply;
use super::files;
use super::visit::Visit;
use axum::body::Body;
use base::{Error, Refusal, WhileDoing};
use bytes::Bytes;
use contracts::{Business, Document, Envelope, Party, Sealed};
use std::io::{self, BufReader, Read, Write};
use tokio::sync::mpsc;

/// What is on its way to a slow reader at most, in pieces of 64 KiB.
const PIECES: usize = 8;
const PIECE_BYTES: usize = 64 << 10;

/// The strict form of an envelope's document, as a download.
pub(super) async fn download(visit: &Visit, name: &str, envelope: serde_json::Value) -> Reply {
    let envelope: Envelope = serde_json::from_value(envelope).while_doing("reading", "an envelope")?;
    let Sealed::Document(document) = &envelope.sealed else {
        return Err(Error::internal("only documents become edXML packets").into());
    };
    let packet = convert(&envelope, document);
    let wrong = edxml::check_document(&packet);
    if !wrong.is_empty() {
        let fields: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        return Err(Error::from(Refusal::new("engine.packet.unfit").with("fields", fields.join("; "))).into());
    }
    let mut contents = Vec::new();
    for file in &document.attachments {
        let (file, _) = visit.tenant.files.get(&file.sha256).await?;
        contents.push(BufReader::with_capacity(PIECE_BYTES, file));
    }
    let (pieces, mut sent) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let mut out = Pipe { pieces, waiting: Vec::with_capacity(PIECE_BYTES) };
        let mut readers: Vec<&mut dyn Read> = Vec::new();
        readers.extend(contents.iter_mut().map(|content| -> &mut dyn Read { content }));
        let written = edxml::write_document(&packet, &mut readers, &mut out);
        match written.map(|_| out.flush()) {
            Ok(Ok(())) => {}
            // Whoever downloads sees the connection break, never a packet that only looks whole.
            Ok(Err(error)) => out.fail(error),
            Err(error) => out.fail(io::Error::other(error.to_string())),
        }
    });
    let body = Body::from_stream(futures_util::stream::poll_fn(move |cx| sent.poll_recv(cx)));
    Ok(files::streamed((name, "application/xml"), body))
}

/// Hands pieces to the connection; waits when it is slow.
struct Pipe {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    waiting: Vec<u8>,
}

impl Pipe {
    fn fail(&self, error: io::Error) {
        // Nobody is there any more: then nobody needs to know.
        let _ = self.pieces.blocking_send(Err(error));
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.waiting, Vec::with_capacity(PIECE_BYTES));
        if piece.is_empty() {
            return Ok(());
        }
        self.pieces.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Our fields as the packet's. The summary is left to the writer: the words of a document are longer than it may be.
pub(crate) fn convert(envelope: &Envelope, from: &Document) -> edxml::Document {
    let date = |day: base::Date| day.iso().parse().ok();
    let organ = |code: &str, name: &str| edxml::Organ {
        id: code.to_owned(),
        name: name.to_owned(),
        ..Default::default()
    };
    let response_for = from.response_for.iter().map(|one| edxml::ResponseFor {
        organ_id: one.organ.clone(),
        code: one.symbol.clone(),
        document_id: one.document_id.clone(),
        date: date(one.promulgated),
    });
    let trace = from.trace.iter().map(|hop| edxml::TraceHeader {
        organ_id: hop.organ.clone(),
        at: format!("{}T{}", hop.at.date().iso(), hop.at.hhmm()).parse().ok(),
    });
    let attachments = from.attachments.iter().map(|file| edxml::Attachment {
        name: file.name.clone(),
        declared_type: file.content_type.clone(),
        ..Default::default()
    });
    edxml::Document {
        from: organ(&envelope.from.code, &envelope.from.name),
        to: from.to.iter().map(|to| organ(&to.code, &to.name)).collect(),
        document_id: from.document_id.clone(),
        code: edxml::Code { number: from.number.clone(), notation: from.notation.clone() },
        promulgation: edxml::Promulgation { place: from.place.clone(), date: date(from.promulgated) },
        document_type: edxml::DocumentType { name: from.type_name.clone(), ..Default::default() },
        subject: from.subject.clone(),
        signer: edxml::Signer {
            competence: from.signer.competence.clone(),
            position: from.signer.position.clone(),
            full_name: from.signer.name.clone(),
        },
        due: from.due.and_then(date),
        to_places: from.to_places.clone(),
        other: edxml::OtherInfo {
            priority: from.urgency.to_string(),
            page_amount: from.pages.to_string(),
            ..Default::default()
        },
        response_for: response_for.collect(),
        trace: trace.collect(),
        business: business(from),
        attachments: attachments.collect(),
        ..Default::default()
    }
}

/// What the document asks of its recipient: an update (2) names itself, a replacement (3) what it stands in place of.
fn business(from: &Document) -> edxml::Business {
    match &from.business {
        Business::New => edxml::Business::default(),
        Business::Update(update) => {
            let receiver = |added: bool| {
                move |party: &Party| edxml::Receiver { organ_id: party.code.clone(), added: Some(added) }
            };
            let added = update.added.iter().map(receiver(true));
            let receivers: Vec<edxml::Receiver> =
                added.chain(update.removed.iter().map(receiver(false))).collect();
            edxml::Business {
                kind: edxml::BusinessKind::Update,
                document_id: from.document_id.clone(),
                reason: update.reason.clone(),
                update: Some(edxml::UpdateInfo {
                    document_changed: update.changed,
                    receivers_changed: !receivers.is_empty(),
                    receivers,
                }),
                ..Default::default()
            }
        }
        Business::Replace(replace) => edxml::Business {
            kind: edxml::BusinessKind::Replace,
            reason: replace.reason.clone(),
            replacements: replace
                .of
                .iter()
                .map(|one| edxml::Replacement {
                    document_id: one.document_id.clone(),
                    organ_ids: from.to.iter().map(|to| to.code.clone()).collect(),
                })
                .collect(),
            ..Default::default()
        },
    }
}
