use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Refused, refuse};
use crate::verify::file::{Dict, File, Object};

/// What a program notes in the description when it writes a file: when, with what, and which copy this is.
const NOTED: &[&str] = &["ModifyDate", "MetadataDate", "Producer", "CreatorTool", "InstanceID"];
/// The frame of every description (ISO 16684-1); it says nothing of the document.
const FRAME: &[&str] = &["xmpmeta", "RDF", "Description", "Alt", "Seq", "Bag", "li"];

/// What a description says: of which property, and what.
type Said = BTreeSet<(String, String)>;

/// Whether the description of the document (XMP) was changed. Only who wrote it and when may be.
pub(super) fn changed(
    before: &File<'_>,
    after: &File<'_>,
    (old, new): (&Dict, &Dict),
) -> Result<bool, Refused> {
    let (was, is) = (before.value(old, "Metadata")?, after.value(new, "Metadata")?);
    match (&was, &is) {
        (None, None) => return Ok(false),
        (Some(was), Some(is)) if after.same(was, is) => return Ok(false),
        _ => {}
    }
    if said(before, was.as_ref())? == said(after, is.as_ref())? {
        Ok(true)
    } else {
        refuse("the description of the document")
    }
}

fn said(file: &File<'_>, stream: Option<&Object>) -> Result<Said, Refused> {
    let stream = match stream {
        None => return Ok(Said::new()),
        Some(Object::Stream(stream)) if stream.dict.is("Subtype", "XML") => stream,
        Some(_) => return refuse("a description that is none"),
    };
    let bytes = file.inflate(stream)?;
    read(&bytes).ok_or(Refused("a description that cannot be read".into()))
}

fn read(bytes: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::from_str(text);
    let (mut said, mut open) = (Said::new(), Vec::<String>::new());
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return open.is_empty().then_some(said),
            Event::Start(start) => {
                attributes(&start, &mut said)?;
                open.push(start.local_name().as_ref().to_owned());
            }
            Event::Empty(start) => attributes(&start, &mut said)?,
            Event::End(_) => drop(open.pop()?),
            Event::Text(text) => add(&mut said, &open, &text),
            Event::CData(text) => add(&mut said, &open, &text),
            // A character by its name or number: kept as it is written.
            Event::GeneralRef(name) => add(&mut said, &open, &name),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) => return None,
        }
    }
}

fn add(said: &mut Said, open: &[String], text: &str) {
    let text = text.trim();
    let property = open.iter().rev().find(|name| !FRAME.contains(&name.as_str()));
    if let Some(property) = property.filter(|name| !text.is_empty() && !NOTED.contains(&name.as_str())) {
        said.insert((property.clone(), text.to_owned()));
    }
}

/// A property may be written as an attribute; names of spaces and languages say nothing.
fn attributes(start: &BytesStart<'_>, said: &mut Said) -> Option<()> {
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        if ["xmlns", "xml:", "rdf:", "x:xmptk"].iter().any(|frame| attribute.key.as_ref().starts_with(frame))
        {
            continue;
        }
        let property = attribute.key.local_name().as_ref().to_owned();
        add(said, &[property], &attribute.value);
    }
    Some(())
}
