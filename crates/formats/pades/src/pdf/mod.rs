//! Reading a PDF with its signatures, and adding to it without touching what is there.

mod appearance;
mod byte_range;
mod gather;
mod open;
mod place;
mod signatures;
mod update;
mod write;

pub(crate) use appearance::{Frame, form_of_image, form_of_nothing, form_of_page};
pub use byte_range::ByteRange;
pub(crate) use open::corrupt;
pub use open::{Limits, Pdf};
pub use place::Area;
pub(crate) use place::{Page, corners, decimal, number, thousandths};
pub use signatures::{Kind, SignatureField};
pub(crate) use update::{Update, Written};
pub(crate) use write::hexadecimal;
