//! What a signature looks like: a drawing (form XObject) in the new revision.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

use super::{Limits, Page, Pdf, Update, corners, corrupt, decimal, number};
use crate::sign::Picture;
use crate::{Error, Reason, Result};

/// Objects a page handed in as an appearance may reach.
const OBJECTS_MAX: usize = 2_000;
/// Bytes its drawing commands may inflate to.
const CONTENT_BYTES_MAX: usize = 8 << 20;

/// Where a drawing goes: the rectangle on its page.
pub(crate) struct Frame<'a> {
    pub(crate) page: &'a Page,
    /// Left, bottom, right, top in thousandths of a point.
    pub(crate) rectangle: [i64; 4],
}

impl Frame<'_> {
    /// Width and height as displayed, in thousandths of a point.
    fn size(&self) -> (i64, i64) {
        let [left, bottom, right, top] = self.rectangle;
        let (width, height) = (right - left, top - bottom);
        if self.page.is_on_its_side() { (height, width) } else { (width, height) }
    }

    /// A drawing of the size of the rectangle, upright, that shows one thing.
    fn form(&self, resources: Dictionary, content: String) -> Stream {
        let (width, height) = self.size();
        let mut form = form([0, 0, width, height]);
        form.set("Resources", resources);
        form.set("Matrix", self.page.upright().map(Object::Integer).to_vec());
        Stream::new(form, content.into_bytes())
    }
}

/// A drawing of nothing.
pub(crate) fn form_of_nothing(update: &mut Update<'_>, frame: &Frame<'_>) -> ObjectId {
    update.add(frame.form(Dictionary::new(), String::new()))
}

/// A picture with its transparency, as large as the rectangle allows without distorting it, in the middle.
pub(crate) fn form_of_image(
    update: &mut Update<'_>,
    picture: &Picture,
    frame: &Frame<'_>,
) -> Result<ObjectId> {
    let (columns, rows) = (picture.width, picture.height);
    let image = |space: &str| {
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => columns, "Height" => rows,
            "ColorSpace" => space, "BitsPerComponent" => 8, "Filter" => "FlateDecode",
        }
    };
    let mask = update.add(Stream::new(image("DeviceGray"), deflate(&picture.alpha)?));
    let mut colours = image("DeviceRGB");
    colours.set("SMask", mask);
    let colours = update.add(Stream::new(colours, deflate(&picture.colours)?));
    let resources = dictionary! { "XObject" => dictionary! { "Im" => colours } };

    let (columns, rows) = (i64::from(columns).max(1), i64::from(rows).max(1));
    let (width, height) = frame.size();
    let is_wide = width * rows <= height * columns;
    let (wide, high) =
        if is_wide { (width, width * rows / columns) } else { (height * columns / rows, height) };
    let [x, y] = [(width - wide) / 2, (height - high) / 2].map(decimal);
    let content = format!("q {} 0 0 {} {x} {y} cm /Im Do Q", decimal(wide), decimal(high));
    Ok(update.add(frame.form(resources, content)))
}

/// The first page of another file with its fonts, in its own size or, where the rectangle is smaller, as large as
/// that allows, in the middle.
pub(crate) fn form_of_page(update: &mut Update<'_>, source: &[u8], frame: &Frame<'_>) -> Result<ObjectId> {
    const WHOLE: i64 = 1_000_000;
    let bad = |error: Error| Error::new(Reason::BadAppearance, error);
    let source =
        Pdf::open_whole(source, &Limits { file_bytes_max: 8 << 20, ..Limits::default() }).map_err(bad)?;
    let (inner, [left, bottom, right, top]) = inner_form(update, &source).map_err(bad)?;
    let (width, height) = frame.size();
    let (own_width, own_height) = ((right - left).max(1), (top - bottom).max(1));
    let scale = (width * WHOLE / own_width).min(height * WHOLE / own_height).min(WHOLE);
    let shift =
        |room: i64, own: i64, begin: i64| decimal((room - own * scale / WHOLE) / 2 - begin * scale / WHOLE);
    let (x, y) = (shift(width, own_width, left), shift(height, own_height, bottom));
    let scale = format!("{}.{:06}", scale / WHOLE, scale % WHOLE);
    let resources = dictionary! { "XObject" => dictionary! { "Fm" => inner } };
    Ok(update.add(frame.form(resources, format!("q {scale} 0 0 {scale} {x} {y} cm /Fm Do Q"))))
}

fn inner_form(update: &mut Update<'_>, source: &Pdf<'_>) -> Result<(ObjectId, [i64; 4])> {
    let id = Page::find(source, 1)?.id;
    let page = source.document().get_dictionary(id).map_err(corrupt)?;
    let size = source.entry(page, b"MediaBox").and_then(|object| corners(source, object));
    let size = size.ok_or_else(|| Error::new(Reason::BadAppearance, "the page has no size of its own"))?;
    let content = source.document().get_page_content_with_limit(id, CONTENT_BYTES_MAX).map_err(corrupt)?;
    let resources = source.entry(page, b"Resources").cloned().unwrap_or_else(|| Dictionary::new().into());
    let group = page.get(b"Group").ok().cloned();
    let mut copy = Copy { source, update, ids: HashMap::new(), waiting: Vec::new() };
    let resources = copy.translate(resources)?;
    let group = group.map(|group| copy.translate(group)).transpose()?;
    copy.finish()?;
    let mut form = form(size);
    form.set("Resources", resources);
    form.set("Filter", "FlateDecode");
    if let Some(group) = group {
        form.set("Group", group);
    }
    Ok((update.add(Stream::new(form, deflate(&content)?)), size))
}

fn form(corners: [i64; 4]) -> Dictionary {
    dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => corners.map(number).to_vec() }
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let done = encoder.write_all(bytes).and_then(|()| encoder.finish());
    done.map_err(|error| Error::new(Reason::BadAppearance, error))
}

/// Copies what is reachable, each object once, under new numbers.
struct Copy<'c, 'u, 'p> {
    source: &'c Pdf<'c>,
    update: &'u mut Update<'p>,
    ids: HashMap<ObjectId, ObjectId>,
    waiting: Vec<ObjectId>,
}

impl Copy<'_, '_, '_> {
    fn finish(&mut self) -> Result<()> {
        while let Some(old) = self.waiting.pop() {
            let Some(new) = self.ids.get(&old).copied() else { continue };
            let object = self.source.document().get_object(old).cloned().unwrap_or(Object::Null);
            let object = self.translate(object)?;
            self.update.set(new, object);
        }
        Ok(())
    }

    fn translate(&mut self, object: Object) -> Result<Object> {
        Ok(match object {
            Object::Reference(old) => Object::Reference(self.number_of(old)?),
            Object::Array(items) => {
                Object::Array(items.into_iter().map(|item| self.translate(item)).collect::<Result<_>>()?)
            }
            Object::Dictionary(entries) => Object::Dictionary(self.translate_entries(entries)?),
            Object::Stream(mut stream) => {
                stream.dict = self.translate_entries(stream.dict)?;
                Object::Stream(stream)
            }
            plain => plain,
        })
    }

    fn translate_entries(&mut self, entries: Dictionary) -> Result<Dictionary> {
        let mut new = Dictionary::new();
        for (key, value) in entries {
            // They lead up to the page tree and the structure of the other file.
            let leads_away =
                matches!(key.as_slice(), b"Parent" | b"StructParent" | b"StructParents" | b"Length");
            if !leads_away {
                new.set(key, self.translate(value)?);
            }
        }
        Ok(new)
    }

    fn number_of(&mut self, old: ObjectId) -> Result<ObjectId> {
        if let Some(new) = self.ids.get(&old) {
            return Ok(*new);
        }
        if self.ids.len() >= OBJECTS_MAX {
            return Err(Error::new(Reason::BadAppearance, "the page reaches too many objects"));
        }
        let new = self.update.reserve();
        self.ids.insert(old, new);
        self.waiting.push(old);
        Ok(new)
    }
}
