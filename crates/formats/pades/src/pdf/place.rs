//! Places on a page, as a person sees it: measured from the top left corner, whatever way the page is turned.

use lopdf::{Dictionary, Object, ObjectId};

use super::{Pdf, open::corrupt};
use crate::{Error, Reason, Result};

/// A rectangle on the page as it is displayed, in micrometres from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// From the left edge.
    pub left_um: i64,
    /// From the upper edge.
    pub top_um: i64,
    /// To the right.
    pub width_um: i64,
    /// Downwards.
    pub height_um: i64,
}

impl Area {
    /// A rectangle in millimetres.
    pub const fn mm(left: i64, top: i64, width: i64, height: i64) -> Self {
        Self {
            left_um: left.saturating_mul(1000),
            top_um: top.saturating_mul(1000),
            width_um: width.saturating_mul(1000),
            height_um: height.saturating_mul(1000),
        }
    }

    /// The same size, moved.
    #[must_use]
    pub fn moved(self, (right_um, down_um): (i64, i64)) -> Self {
        let (left_um, top_um) = (self.left_um.saturating_add(right_um), self.top_um.saturating_add(down_um));
        Self { left_um, top_um, ..self }
    }
}

/// A page with what is needed to measure on it. Numbers of the file are in thousandths of a point.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) number: u32,
    pub(crate) id: ObjectId,
    /// Left, bottom, right, top.
    corners: [i64; 4],
    /// Quarter turns, clockwise.
    turns: i64,
}

impl Page {
    pub(crate) fn find(pdf: &Pdf<'_>, number: u32) -> Result<Self> {
        let pages = pdf.document().get_pages();
        let Some(id) = pages.get(&number).copied() else {
            return Err(Error::new(Reason::NoSuchPage, number));
        };
        let dictionary = pdf.document().get_dictionary(id).map_err(corrupt)?;
        let inherited = |key| inherited(pdf, dictionary, key);
        let shown = inherited(b"CropBox").or_else(|| inherited(b"MediaBox"));
        let corners = shown.and_then(|object| corners(pdf, object));
        let corners = corners.ok_or_else(|| Error::new(Reason::Corrupt, "the page has no size"))?;
        let degrees = inherited(b"Rotate").and_then(|object| object.as_i64().ok()).unwrap_or(0);
        Ok(Self { number, id, corners, turns: degrees.div_euclid(90).rem_euclid(4) })
    }

    /// Width and height as displayed.
    pub(crate) fn size_um(&self) -> (i64, i64) {
        let [left, bottom, right, top] = self.corners;
        let (width, height) = (to_um(right - left), to_um(top - bottom));
        if self.is_on_its_side() { (height, width) } else { (width, height) }
    }

    /// Whether what is wide in the file is displayed high.
    pub(crate) fn is_on_its_side(&self) -> bool {
        self.turns % 2 != 0
    }

    /// The rectangle in the coordinates of the file: left, bottom, right, top.
    pub(crate) fn rectangle(&self, area: &Area) -> Result<[i64; 4]> {
        let (width, height) = self.size_um();
        let edges = (area.left_um.checked_add(area.width_um), area.top_um.checked_add(area.height_um));
        let (Some(right), Some(bottom)) = edges else {
            return Err(Error::new(Reason::BadRequest, "the area has no end"));
        };
        let is_inside = area.left_um >= 0 && area.top_um >= 0 && right <= width && bottom <= height;
        if !is_inside || area.width_um <= 0 || area.height_um <= 0 {
            return Err(Error::new(Reason::BadRequest, format!("{area:?} is not on page {}", self.number)));
        }
        let [x1, y1] = self.to_file(area.left_um, area.top_um);
        let [x2, y2] = self.to_file(right, bottom);
        Ok([x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)])
    }

    /// The rectangle as displayed.
    pub(crate) fn area(&self, [left, bottom, right, top]: [i64; 4]) -> Area {
        let (x1, y1) = self.displayed(left, bottom);
        let (x2, y2) = self.displayed(right, top);
        Area {
            left_um: x1.min(x2),
            top_um: y1.min(y2),
            width_um: x1.abs_diff(x2).try_into().unwrap_or(i64::MAX),
            height_um: y1.abs_diff(y2).try_into().unwrap_or(i64::MAX),
        }
    }

    fn to_file(&self, right_um: i64, down_um: i64) -> [i64; 2] {
        let [left, bottom, right, top] = self.corners;
        let (dx, dy) = (from_um(right_um), from_um(down_um));
        match self.turns {
            0 => [left + dx, top - dy],
            1 => [left + dy, bottom + dx],
            2 => [right - dx, bottom + dy],
            _ => [right - dy, top - dx],
        }
    }

    pub(crate) fn displayed(&self, x: i64, y: i64) -> (i64, i64) {
        let [left, bottom, right, top] = self.corners;
        match self.turns {
            0 => (to_um(x - left), to_um(top - y)),
            1 => (to_um(y - bottom), to_um(x - left)),
            2 => (to_um(right - x), to_um(y - bottom)),
            _ => (to_um(top - y), to_um(right - x)),
        }
    }

    /// The matrix that makes a drawing stand upright on the page as displayed.
    pub(crate) fn upright(&self) -> [i64; 6] {
        match self.turns {
            0 => [1, 0, 0, 1, 0, 0],
            1 => [0, 1, -1, 0, 0, 0],
            2 => [-1, 0, 0, -1, 0, 0],
            _ => [0, -1, 1, 0, 0, 0],
        }
    }
}

/// An entry of the page or of the nodes above it.
fn inherited<'a>(pdf: &'a Pdf<'_>, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    const LEVELS_MAX: usize = 64;
    let mut node = page;
    for _ in 0..LEVELS_MAX {
        if let Some(found) = pdf.entry(node, key) {
            return Some(found);
        }
        node = pdf.entry(node, b"Parent")?.as_dict().ok()?;
    }
    None
}

/// Left, bottom, right, top of a rectangle in the file, in thousandths of a point.
pub(crate) fn corners(pdf: &Pdf<'_>, object: &Object) -> Option<[i64; 4]> {
    let [x1, y1, x2, y2] = object.as_array().ok()?.as_slice() else { return None };
    let number = |object| thousandths(pdf.resolve(object)?);
    let (x1, y1, x2, y2) = (number(x1)?, number(y1)?, number(x2)?, number(y2)?);
    Some([x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)])
}

/// A number of the file in thousandths; `None` beyond a million, which no page reaches.
pub(crate) fn thousandths(object: &Object) -> Option<i64> {
    let value = match object {
        Object::Integer(value) => value.checked_mul(1000)?,
        // By its decimal digits: the crate computes in integers only.
        Object::Real(value) => format!("{value:.3}").replace('.', "").parse().ok()?,
        _ => return None,
    };
    (-1_000_000_000..=1_000_000_000).contains(&value).then_some(value)
}

/// Thousandths as a number of the file.
pub(crate) fn number(thousandths: i64) -> Object {
    Object::Real(decimal(thousandths).parse().unwrap_or(0.0))
}

/// Thousandths as decimal digits.
pub(crate) fn decimal(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    format!("{sign}{whole}.{rest:03}")
}

/// A point is 1/72 inch, an inch 25 400 µm.
fn from_um(um: i64) -> i64 {
    um.saturating_mul(720) / 254
}

fn to_um(thousandths: i64) -> i64 {
    thousandths.saturating_mul(254) / 720
}
