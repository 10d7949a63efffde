//! Draws into a page what lies over it: stamps, fields, the pictures of signatures. A page that is taken over into
//! another file leaves its annotations behind.
#![expect(clippy::float_arithmetic, reason = "places on a page are measured in points")]

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::fmt::Write;

/// Flags of an annotation that is not printed: hidden, or not to be viewed (ISO 32000-1, table 165).
const UNSEEN: i64 = 0b10_0010;

/// The file with its annotations drawn; nothing when there are none, or when it cannot be read.
pub(crate) fn flatten(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut document = Document::load_mem(bytes).ok()?;
    if document.is_encrypted() {
        return None;
    }
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let mut drawn = 0;
    for page in pages {
        let shown = shown(&document, page);
        if !shown.is_empty() {
            draw(&mut document, page, (&shown, drawn))?;
            drawn += shown.len();
        }
    }
    if drawn == 0 {
        return None;
    }
    let mut out = Vec::new();
    document.save_to(&mut out).ok()?;
    Some(out)
}

/// An appearance: its stream, and the matrix that puts it in its place.
struct Shown {
    stream: ObjectId,
    matrix: [f32; 6],
}

fn shown(document: &Document, page: ObjectId) -> Vec<Shown> {
    let all = document.get_page_annotations(page).unwrap_or_default();
    all.into_iter().filter_map(|annotation| appearance(document, annotation)).collect()
}

fn appearance(document: &Document, annotation: &Dictionary) -> Option<Shown> {
    let flags = annotation.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    let subtype = annotation.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    if flags & UNSEEN != 0 || subtype == b"Popup" {
        return None;
    }
    let looks = dictionary(document, annotation.get(b"AP").ok()?)?;
    let mut normal = looks.get(b"N").ok()?;
    // A field with states has one look for each.
    if let Some(states) = dictionary(document, normal) {
        let state = annotation.get(b"AS").and_then(Object::as_name).ok()?;
        normal = states.get(state).ok()?;
    }
    let stream = normal.as_reference().ok()?;
    let form = &document.get_object(stream).and_then(Object::as_stream).ok()?.dict;
    let bbox = numbers::<4>(document, form.get(b"BBox").ok()?)?;
    let own = form.get(b"Matrix").ok().and_then(|matrix| numbers::<6>(document, matrix));
    let rect = numbers::<4>(document, annotation.get(b"Rect").ok()?)?;
    Some(Shown { stream, matrix: placed(bbox, own.unwrap_or(IDENTITY), rect)? })
}

const IDENTITY: [f32; 6] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The matrix that puts a box, turned by its own matrix, into a rectangle (ISO 32000-1, 12.5.5, algorithm 8.1).
fn placed(bbox: [f32; 4], own: [f32; 6], rect: [f32; 4]) -> Option<[f32; 6]> {
    let corners = [[bbox[0], bbox[1]], [bbox[2], bbox[1]], [bbox[0], bbox[3]], [bbox[2], bbox[3]]];
    let turned = corners
        .map(|at| (own[0] * at[0] + own[2] * at[1] + own[4], own[1] * at[0] + own[3] * at[1] + own[5]));
    let ends = |of: fn(&(f32, f32)) -> f32| {
        let all = turned.iter().map(of);
        (all.clone().fold(f32::MAX, f32::min), all.fold(f32::MIN, f32::max))
    };
    let ((left, right), (low, high)) = (ends(|corner| corner.0), ends(|corner| corner.1));
    let (wide, tall) = (right - left, high - low);
    if wide <= 0.0 || tall <= 0.0 {
        return None;
    }
    let (x, y) = (rect[0].min(rect[2]), rect[1].min(rect[3]));
    let (across, up) = ((rect[2] - rect[0]).abs() / wide, (rect[3] - rect[1]).abs() / tall);
    Some([across, 0.0, 0.0, up, x - left * across, y - low * up])
}

fn dictionary<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

fn numbers<const N: usize>(document: &Document, object: &Object) -> Option<[f32; N]> {
    let all = document.dereference(object).ok()?.1.as_array().ok()?;
    let all: Vec<f32> =
        all.iter().filter_map(|one| document.dereference(one).ok()?.1.as_float().ok()).collect();
    all.try_into().ok()
}

/// Puts the appearances after what the page draws itself, which is closed off first. Pages may share their content
/// and resources: the content is a new one, and no two names are the same.
fn draw(document: &mut Document, page: ObjectId, (shown, first): (&[Shown], usize)) -> Option<()> {
    let mut content = b"q\n".to_vec();
    content.extend(document.get_page_content_with_limit(page, CONTENT_MAX).ok()?);
    let mut after = "\nQ\n".to_owned();
    for (place, one) in (first..).zip(shown) {
        let name = format!("VanLang{place}");
        document.add_xobject(page, name.as_bytes(), one.stream).ok()?;
        let matrix = one.matrix.map(|number| number.to_string()).join(" ");
        let _infallible = writeln!(after, "q {matrix} cm /{name} Do Q");
    }
    content.extend(after.into_bytes());
    let content = document.add_object(Stream::new(Dictionary::new(), content));
    document.get_object_mut(page).and_then(Object::as_dict_mut).ok()?.set("Contents", content);
    Some(())
}

/// The most bytes that what a page draws may have.
const CONTENT_MAX: usize = 64 * 1024 * 1024;
