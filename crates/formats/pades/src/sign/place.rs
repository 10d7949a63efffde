use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::{Place, Request, rules};
use crate::pdf::{Area, Page, Pdf, SignatureField, corners, thousandths};
use crate::{Error, Reason, Result};

/// Where the field goes: the page and, unless nothing is drawn, the rectangle on it.
pub(crate) struct Spot {
    pub(crate) page: Page,
    pub(crate) area: Option<Area>,
}

/// Turns what the request says into a place of this file.
pub(crate) fn find(
    pdf: &Pdf<'_>,
    fields: &[SignatureField],
    request: &Request<'_>,
    empty: Option<&SignatureField>,
) -> Result<Spot> {
    let spot = |number, area: Area| Ok(Spot { page: Page::find(pdf, number)?, area: Some(area) });
    match request.place {
        Place::Nowhere => Ok(Spot { page: Page::find(pdf, 1)?, area: None }),
        Place::At { page, area } => spot(page, area),
        Place::TopRight { width_um, height_um, margin_um } => {
            let page = Page::find(pdf, 1)?;
            let left_um = page.size_um().0.saturating_sub(margin_um).saturating_sub(width_um);
            let area = Area { left_um, top_um: margin_um, width_um, height_um };
            Ok(Spot { page, area: Some(area) })
        }
        Place::Anchor { name, area } => {
            let (page, point) = destination(pdf, name.as_bytes())
                .ok_or_else(|| Error::new(Reason::NoSuchAnchor, format!("destination {name}")))?;
            Ok(Spot { area: Some(area.moved(point)), page })
        }
        Place::Field => empty
            .and_then(|field| drawn(pdf, field))
            .map(|(page, area)| Spot { page, area: Some(area) })
            .ok_or_else(|| Error::new(Reason::NoSuchAnchor, format!("empty field {}", request.field))),
        Place::OverPerson { width_um, height_um } => {
            let persons = fields.iter().filter(|field| rules::is_persons(field));
            let (page, person) = persons
                .rev()
                .find_map(|field| drawn(pdf, field))
                .ok_or_else(|| Error::new(Reason::NoSuchAnchor, "no person's signature is drawn"))?;
            let area = seal(&person, (width_um, height_um), page.size_um());
            Ok(Spot { page, area: Some(area) })
        }
    }
}

/// The seal covers a third of the signature on its left, at the same height (appendix I, part I, II.8.a); it stays
/// on the page.
fn seal(person: &Area, (width_um, height_um): (i64, i64), (page_width, page_height): (i64, i64)) -> Area {
    let left_um = person.left_um + person.width_um / 3 - width_um;
    let top_um = person.top_um + (person.height_um - height_um) / 2;
    Area {
        left_um: left_um.min(page_width - width_um).max(0),
        top_um: top_um.min(page_height - height_um).max(0),
        width_um,
        height_um,
    }
}

/// Where a field is drawn; `None` for a field that shows nothing.
fn drawn(pdf: &Pdf<'_>, field: &SignatureField) -> Option<(Page, Area)> {
    let page = Page::find(pdf, field.page?).ok()?;
    let [left, bottom, right, top] = corners(pdf, pdf.entry(&field.field, b"Rect")?)?;
    (left < right && bottom < top).then(|| (page.clone(), page.area([left, bottom, right, top])))
}

/// The page and the point of a named destination, as displayed.
fn destination(pdf: &Pdf<'_>, name: &[u8]) -> Option<(Page, (i64, i64))> {
    let catalog = pdf.catalog().ok()?;
    let dictionary = |object: &'_ Object| object.as_dict().ok().cloned();
    let old = pdf.entry(catalog, b"Dests").and_then(dictionary);
    let tree = || {
        let names = dictionary(pdf.entry(catalog, b"Names")?)?;
        pdf.entry(&names, b"Dests").and_then(dictionary)
    };
    let found = match old.and_then(|old| pdf.entry(&old, name).cloned()) {
        Some(found) => found,
        None => in_tree(pdf, tree()?, name)?,
    };
    let found = match found {
        Object::Dictionary(inner) => pdf.entry(&inner, b"D")?.clone(),
        other => other,
    };
    let [page, _, left, top, ..] = found.as_array().ok()?.as_slice() else { return None };
    let id: ObjectId = page.as_reference().ok()?;
    let number = pdf.document().get_pages().into_iter().find(|(_, page)| *page == id)?.0;
    let page = Page::find(pdf, number).ok()?;
    let point = page.displayed(thousandths(pdf.resolve(left)?)?, thousandths(pdf.resolve(top)?)?);
    Some((page, point))
}

/// The value of a name in a tree of names (ISO 32000-1, 7.9.6). Every node is visited once, and not too many.
fn in_tree(pdf: &Pdf<'_>, root: Dictionary, name: &[u8]) -> Option<Object> {
    const NODES_MAX: usize = 10_000;
    let mut seen = HashSet::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if let Some(Object::Array(names)) = pdf.entry(&node, b"Names") {
            let pairs = names.as_chunks::<2>().0;
            if let Some([_, value]) = pairs.iter().find(|[key, _]| key.as_str().is_ok_and(|key| key == name))
            {
                return pdf.resolve(value).cloned();
            }
        }
        let Some(Object::Array(kids)) = pdf.entry(&node, b"Kids") else { continue };
        for id in kids.iter().filter_map(|kid| kid.as_reference().ok()) {
            if seen.len() < NODES_MAX && seen.insert(id) {
                waiting.extend(pdf.document().get_dictionary(id).ok().cloned());
            }
        }
    }
    None
}
