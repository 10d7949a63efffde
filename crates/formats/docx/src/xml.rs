//! A part as elements and text: no DOCTYPE, no entities of its own, no more depth than allowed.

use crate::{Limits, Unreadable};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// What comes next in a part. Elements go by their local name: prefixes are the writer's choice.
pub(crate) enum Next<'a> {
    Open(Tag<'a>),
    Close(String),
    Text(String),
    End,
}

/// An element that begins.
pub(crate) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    pub(crate) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute by its local name.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all.with_checks(false).flatten().find(|one| one.key.local_name().into_inner() == name)?;
        found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    /// `w:val`.
    pub(crate) fn val(&self) -> Option<String> {
        self.value("val")
    }

    /// A number in an attribute.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.value(name)?.parse().ok()
    }

    /// A switch such as `w:b`: on, unless it says off.
    pub(crate) fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Walks through a part.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    most: usize,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, depth: 0, most: limits.depth }
    }

    pub(crate) fn next(&mut self) -> Result<Next<'a>, Unreadable> {
        loop {
            return Ok(match self.reader.read_event().map_err(|_| Unreadable::Damaged)? {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth = self.depth.saturating_add(1);
                    if self.depth > self.most {
                        return Err(Unreadable::TooLarge);
                    }
                    Next::Open(Tag(start))
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Next::Close(end.local_name().into_inner().to_owned())
                }
                Event::Text(text) => Next::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Next::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Next::Text(resolved(&reference)?.to_string()),
                Event::DocType(_) => return Err(Unreadable::Damaged),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => continue,
                Event::Eof if self.depth > 0 => return Err(Unreadable::Damaged),
                Event::Eof => Next::End,
            });
        }
    }

    /// Passes over an element that has begun.
    pub(crate) fn skip(&mut self) -> Result<(), Unreadable> {
        self.inside(|_| Ok(()))
    }

    /// Looks at every element within the one that has begun.
    pub(crate) fn inside(
        &mut self,
        mut look: impl FnMut(&Tag<'_>) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let outside = self.depth.saturating_sub(1);
        loop {
            match self.next()? {
                Next::Open(tag) => look(&tag)?,
                Next::Close(_) if self.depth <= outside => return Ok(()),
                Next::End => return Err(Unreadable::Damaged),
                Next::Close(_) | Next::Text(_) => {}
            }
        }
    }
}

fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, Unreadable> {
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => reference.resolve_char_ref().ok().flatten().ok_or(Unreadable::Damaged),
    }
}
