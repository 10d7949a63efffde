//! The reader: a pull over the bytes that never holds more than one field.

use std::io::{self, BufRead, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::Reader;

use crate::attachment::{Attachment, AttachmentHead};
use crate::base64_stream::Decoder;
use crate::draft::{Draft, bare_id, over};
use crate::intake::{Intake, Opener, clean_name};
use crate::limits::Limits;
use crate::outcome::{Quarantine, Reason, Received, Warnings};
use crate::source::Meter;
use crate::wellformed::{self, ill};
use crate::{NAMESPACE, names, slots};

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Namespaces of formats older than QCVN 102:2016, without a final slash.
const LEGACY: [&str; 2] = ["http://www.e-doc.vn/Schema", "http://www.go.vn/eDoc"];

/// Reads one packet. `open` is called once for each attachment, in order, and gives the place for its bytes; the
/// places come back in [`Received::sinks`]. Memory stays flat: attachments are decoded as they arrive.
///
/// # Errors
/// Anything that must not be processed is a [`Quarantine`] with its reason; the sinks opened so far are dropped.
/// [`Reason::is_transient`] tells the failures that are not the packet's fault.
pub fn read<W: Write>(
    source: impl BufRead,
    limits: &Limits,
    mut open: impl FnMut(&AttachmentHead) -> io::Result<W>,
) -> Result<Received<W>, Quarantine> {
    let mut reader = Reader::from_reader(Meter::new(source, limits));
    reader.config_mut().enable_all_checks(true);
    let mut parser = Parser::new(limits, &mut open);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        if parser.in_content() {
            parser.stream(&mut reader)?;
        }
        reader.get_mut().next_piece();
        let taken = match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break,
            Ok(event) => parser.take(event),
            Err(error) => Err(reader.get_mut().take_trip().unwrap_or_else(|| wellformed::quarantine(&error))),
        };
        taken.map_err(|q| Quarantine {
            detail: format!("{} (byte {})", q.detail, reader.buffer_position()),
            ..q
        })?;
    }
    parser.finish()
}

/// The attachment being read.
struct Content<W> {
    intake: Intake<W>,
    head: AttachmentHead,
    started: bool,
    /// Between the tags of `ContentTransferEncoded`.
    inside: bool,
}

struct Parser<'a, W> {
    limits: &'a Limits,
    open: Opener<'a, W>,
    names: NamespaceResolver,
    /// Names of the open elements; empty for those that mean nothing to us.
    path: Vec<&'static str>,
    text: String,
    leaf: bool,
    draft: Draft,
    warnings: Warnings,
    sinks: Vec<W>,
    content: Option<Content<W>>,
    decoder: Decoder,
    /// Depth of the open signature element, and whether it holds any text.
    signature: Option<(usize, bool)>,
    signed: bool,
    begun: bool,
    root_seen: bool,
}

impl<'a, W: Write> Parser<'a, W> {
    fn new(limits: &'a Limits, open: Opener<'a, W>) -> Self {
        Self {
            limits,
            open,
            names: NamespaceResolver::default(),
            path: Vec::new(),
            text: String::new(),
            leaf: false,
            draft: Draft::default(),
            warnings: Warnings::default(),
            sinks: Vec::new(),
            content: None,
            decoder: Decoder::new(),
            signature: None,
            signed: false,
            begun: false,
            root_seen: false,
        }
    }

    fn in_content(&self) -> bool {
        self.content.as_ref().is_some_and(|content| content.inside)
    }

    /// Decodes raw bytes up to the next markup. quick-xml would collect the whole text first.
    fn stream<R: BufRead>(&mut self, reader: &mut Reader<Meter<R>>) -> Result<(), Quarantine> {
        reader.get_mut().stream_content();
        loop {
            let mut bytes = reader.stream();
            let chunk = match bytes.fill_buf() {
                Ok([]) => return Ok(()),
                Ok(chunk) => chunk,
                Err(error) => {
                    let failed = || Quarantine::new(Reason::SourceFailed, error.to_string());
                    return Err(reader.get_mut().take_trip().unwrap_or_else(failed));
                }
            };
            let (length, used) = (chunk.len(), self.decode(chunk)?);
            bytes.consume(used);
            if used < length {
                return Ok(());
            }
        }
    }

    fn decode(&mut self, text: &[u8]) -> Result<usize, Quarantine> {
        let Some(content) = &mut self.content else { return Ok(text.len()) };
        let Content { intake, head, .. } = content;
        self.decoder.push(text, &mut |bytes| intake.push(bytes, head, self.limits, self.open))
    }

    fn take(&mut self, event: Event<'_>) -> Result<(), Quarantine> {
        let first = !std::mem::replace(&mut self.begun, true);
        match event {
            Event::Start(start) => self.start(&start),
            Event::Empty(start) => {
                self.start(&start)?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) if text.contains("]]>") => Err(ill("`]]>` in text")),
            Event::Text(text) if first && text.as_ref() == "\u{FEFF}" => {
                self.begun = false;
                Ok(())
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let c = wellformed::resolve(&reference)?;
                self.text(c.encode_utf8(&mut [0; 4]))
            }
            Event::Decl(declaration) if first => wellformed::check_declaration(&declaration),
            Event::Decl(_) if !self.root_seen => {
                Err(Quarantine::new(Reason::JunkBeforeProlog, "before the XML declaration"))
            }
            Event::Decl(_) => Err(ill("XML declaration inside the document")),
            Event::DocType(_) => Err(Quarantine::new(Reason::DoctypeRefused, "DOCTYPE")),
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Quarantine> {
        if self.in_content() {
            return Err(Quarantine::new(Reason::AttachmentNotBase64, "an element inside the content"));
        }
        if self.path.len() >= self.limits.depth {
            return Err(over(Reason::TooDeep, self.limits.depth));
        }
        self.names.push(start).map_err(|error| ill(error.to_string()))?;
        wellformed::check_start(start, &self.names)?;
        let name = self.resolve(start)?;
        if self.path.is_empty() {
            match (std::mem::replace(&mut self.root_seen, true), name) {
                (true, _) => return Err(ill("a second root element")),
                (false, "edXML") => {}
                (false, _) => return Err(not_edxml(start)),
            }
        }
        self.path.push(name);
        self.leaf = true;
        self.text.clear();
        if self.signature.is_none() && matches!(name, "Signature" | "DigitalSignature") {
            self.signature = Some((self.path.len(), false));
        }
        self.draft.open(&self.path, self.limits)?;
        match slots::inner_path(&self.path) {
            ["AttachmentEncoded", "Attachment"] => self.begin_attachment(),
            ["AttachmentEncoded", "Attachment", "ContentTransferEncoded"] => self.begin_content(),
            _ => Ok(()),
        }
    }

    /// The name by namespace, whatever the prefix; empty for elements that mean nothing to us.
    fn resolve(&mut self, start: &BytesStart<'_>) -> Result<&'static str, Quarantine> {
        let (namespace, local) = self.names.resolve_element(start.name());
        let local = local.as_ref();
        let ours = match namespace {
            ResolveResult::Bound(space) if space.as_ref() == NAMESPACE => names::known(local),
            ResolveResult::Bound(space) if space.as_ref() == XMLDSIG && local == "Signature" => {
                return Ok("Signature");
            }
            ResolveResult::Bound(space) if LEGACY.contains(&space.as_ref().trim_end_matches('/')) => {
                return Err(Quarantine::new(Reason::LegacyNamespace, space.as_ref()));
            }
            ResolveResult::Bound(_) => return Ok(""),
            ResolveResult::Unbound if self.path.is_empty() => return Ok(""),
            // Some XML libraries drop the prefix and with it the namespace.
            ResolveResult::Unbound => {
                self.warnings.add_once("element_without_namespace", local);
                names::known(local)
            }
            ResolveResult::Unknown(prefix) => return Err(wellformed::unbound(&prefix)),
        };
        if ours.is_none() && self.signature.is_none() {
            self.warnings.add_once("element_unknown", local);
        }
        Ok(ours.unwrap_or(""))
    }

    fn text(&mut self, text: &str) -> Result<(), Quarantine> {
        wellformed::check_chars(text)?;
        let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        if self.path.is_empty() {
            return match (blank, self.root_seen) {
                (true, _) => Ok(()),
                (false, false) => {
                    Err(Quarantine::new(Reason::JunkBeforeProlog, "text before the root element"))
                }
                (false, true) => Err(ill("text after the root element")),
            };
        }
        if self.in_content() {
            // Markup inside the content: a character reference for a line break, or CDATA.
            let used = self.decode(text.as_bytes())?;
            let stopped = used < text.len();
            return if stopped {
                Err(Quarantine::new(Reason::AttachmentNotBase64, "markup"))
            } else {
                Ok(())
            };
        }
        if let Some((_, holds_text)) = &mut self.signature {
            *holds_text |= !blank;
            return Ok(());
        }
        if !self.leaf || self.path.last() == Some(&"") {
            return Ok(());
        }
        self.text.push_str(if self.text.is_empty() { text.trim_start() } else { text });
        if self.text.len() > self.limits.field_bytes {
            let name = self.path.last().copied().unwrap_or_default();
            return Err(Quarantine::new(Reason::FieldTooLong, name));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Quarantine> {
        if let Some(content) = self.content.as_mut().filter(|content| content.inside) {
            content.inside = false;
            let Content { intake, head, .. } = content;
            self.decoder.finish(&mut |bytes| intake.push(bytes, head, self.limits, self.open))?;
        } else if self.leaf && self.signature.is_none() {
            self.draft.assign(&self.path, self.text.trim_end(), self.limits, &mut self.warnings)?;
        }
        if slots::inner_path(&self.path) == ["AttachmentEncoded", "Attachment"] {
            self.end_attachment()?;
        }
        if let Some((depth, holds_text)) = self.signature
            && depth == self.path.len()
        {
            self.signature = None;
            self.signed |= holds_text;
            if !holds_text {
                self.warnings.add_once("signature_empty", self.path.last().copied().unwrap_or_default());
            }
        }
        self.names.pop();
        self.path.pop();
        self.leaf = false;
        Ok(())
    }

    fn begin_attachment(&mut self) -> Result<(), Quarantine> {
        if self.sinks.len() >= self.limits.attachments {
            return Err(over(Reason::TooManyAttachments, self.limits.attachments));
        }
        self.draft.document.attachments.push(Attachment::default());
        let head = AttachmentHead::default();
        self.content = Some(Content { intake: Intake::new(), head, started: false, inside: false });
        Ok(())
    }

    fn begin_content(&mut self) -> Result<(), Quarantine> {
        let Some(content) = &mut self.content else { return Ok(()) };
        if content.started {
            return Err(Quarantine::new(Reason::DuplicateElement, "ContentTransferEncoded"));
        }
        (content.started, content.inside) = (true, true);
        content.head = self.draft.attachment_head();
        self.decoder.reset();
        Ok(())
    }

    fn end_attachment(&mut self) -> Result<(), Quarantine> {
        let Some(content) = self.content.take() else { return Ok(()) };
        let head = self.draft.attachment_head();
        let settled = content.intake.settle(&head, self.limits, self.open, &mut self.warnings)?;
        let Some(attachment) = self.draft.document.attachments.last_mut() else { return Ok(()) };
        if clean_name(&attachment.name) != attachment.name {
            self.warnings.add("attachment_name_cleaned", &attachment.name);
        } else if attachment.name != head.name && !attachment.name.is_empty() {
            self.warnings.add("attachment_name_differs", &attachment.name);
        }
        if head.name.is_empty() {
            self.warnings.add("attachment_unnamed", &head.content_id);
        }
        attachment.content_id = bare_id(&attachment.content_id).to_owned();
        attachment.name = head.name;
        self.sinks.push(settled.complete(attachment, &mut self.warnings));
        Ok(())
    }

    fn finish(mut self) -> Result<Received<W>, Quarantine> {
        match self.path.last() {
            Some(name) => return Err(ill(format!("the packet ends inside {name:?}"))),
            None if !self.root_seen => return Err(ill("no root element")),
            None => {}
        }
        let packet = self.draft.finish(self.signed, &mut self.warnings)?;
        Ok(Received { packet, sinks: self.sinks, warnings: self.warnings.into_vec() })
    }
}

fn not_edxml(start: &BytesStart<'_>) -> Quarantine {
    let name: String = start.name().as_ref().chars().take(100).collect();
    Quarantine::new(Reason::NotEdxml, format!("the root element is {name}"))
}
