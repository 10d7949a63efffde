use jiff::Timestamp;

use crate::pdf::{Area, Kind, Limits};

/// A signature that is asked for.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// For whom it stands.
    pub kind: Kind,
    /// The name of the field, new or empty so far; one level, so without a dot.
    pub field: &'a str,
    /// Where it is drawn.
    pub place: Place<'a>,
    /// What is drawn there.
    pub appearance: Appearance<'a>,
    /// Who signs.
    pub name: &'a str,
    /// Why; may be empty.
    pub reason: &'a str,
    /// Where; may be empty.
    pub location: &'a str,
    /// The moment of signing, written in Vietnamese time.
    pub time: Timestamp,
    /// How much the file may cost.
    pub limits: Limits,
}

/// Where a signature is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Nowhere: the signature is in the file only.
    Nowhere,
    /// On a page, counted from 1.
    At {
        /// The page.
        page: u32,
        /// The rectangle on it.
        area: Area,
    },
    /// In the upper right corner of the first page (annexes and copies).
    TopRight {
        /// Its width in micrometres.
        width_um: i64,
        /// Its height in micrometres.
        height_um: i64,
        /// Between it and both edges, in micrometres.
        margin_um: i64,
    },
    /// Beside a named destination of the file; the area is measured from that point, not from the corner.
    Anchor {
        /// The name of the destination.
        name: &'a str,
        /// The rectangle, from the destination.
        area: Area,
    },
    /// Where the empty field of that name is.
    Field,
    /// The seal over the left third of the latest person's signature that is drawn (Decree 30/2020, appendix I,
    /// part I, II.8.a).
    OverPerson {
        /// The width of the real seal in micrometres.
        width_um: i64,
        /// The height of the real seal in micrometres.
        height_um: i64,
    },
}

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appearance<'a> {
    /// Nothing.
    None,
    /// A picture: PNG with a transparent ground.
    Image(&'a [u8]),
    /// The first page of a PDF, with its fonts: text is set by whoever can set text.
    Page(&'a [u8]),
}
