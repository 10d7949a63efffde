//! One file: printed or read, signed, and given a timestamp. Everything here waits, so it runs off the async threads.

use super::keys::Open;
use super::web::Service;
use crate::print::{Paper, Printer};
use base::{Error, Instant, Refusal, Result, WhileDoing};
use contracts::print::{PrintRequest, SignatureArea, SignatureOf, Text};
use contracts::signing::{AsWhom, Sheet, Source};
use pades::pdf::{Area, Kind, Limits};
use pades::sign::{Appearance, Place, Request};
use pades::{Error as SignError, Reason};
use std::sync::Arc;

/// The real seal of an agency is so wide, in micrometres.
const SEAL_UM: i64 = 36_000;
/// The lines in the corner of an annex or a copy, in millimetres.
const CORNER_MM: (u16, u16) = (75, 22);
const MARGIN_UM: i64 = 10_000;
/// A file may bear so many signatures of one kind.
const NAMES_MAX: usize = 20;

/// Everything a signature is made with.
pub(super) struct Desk {
    pub(super) printer: Arc<Printer>,
    pub(super) key: Open,
    pub(super) picture: Option<Vec<u8>>,
    /// Who signs, as the file tells it.
    pub(super) name: String,
    pub(super) now: Instant,
    pub(super) authority: Option<Service>,
}

/// What is drawn where.
struct Look<'a> {
    kind: Kind,
    place: Place<'a>,
    appearance: Appearance<'a>,
}

impl Desk {
    /// Signs one file. `None` when it stays as it is: an annex whose own signature permits no other.
    ///
    /// # Errors
    /// `Refused` in plain words; what the printer answers.
    pub(super) fn sign(&self, sheet: &Sheet, stored: &[u8]) -> Result<Option<Vec<u8>>> {
        let image = self.picture.as_deref().map_or(Appearance::None, Appearance::Image);
        let seal = Place::OverPerson { width_um: SEAL_UM, height_um: SEAL_UM };
        let nowhere = |kind| Look { kind, place: Place::Nowhere, appearance: Appearance::None };
        let signed = match (&sheet.as_whom, &sheet.source) {
            (AsWhom::Person, Source::Print(request)) => {
                let Paper { pdf, areas } = self.printer.print(request)?;
                let place = areas.iter().find(|area| area.who == SignatureOf::Person && area.signer == 0);
                let place = place.map_or(Place::Nowhere, on_page);
                let appearance = if place == Place::Nowhere { Appearance::None } else { image };
                self.revision(&pdf, &Look { kind: Kind::Person, place, appearance })
            }
            (AsWhom::Person, Source::Stored(_)) => self.revision(stored, &nowhere(Kind::Person)),
            (AsWhom::Organisation, _) => {
                let look = Look { kind: Kind::Organisation, place: seal, appearance: image };
                match self.revision(stored, &look) {
                    // The person's signature is in the file and shows nowhere: so does the seal.
                    Err(error) if error.reason == Reason::NoSuchAnchor => {
                        self.revision(stored, &nowhere(Kind::Organisation))
                    }
                    other => other,
                }
            }
            (AsWhom::Copy(lines), source) => {
                let printed = match source {
                    Source::Print(request) => Some(self.printer.print(request)?.pdf),
                    Source::Stored(_) => None,
                };
                self.corner(Kind::Copy, (printed.as_deref().unwrap_or(stored), lines))?
            }
            (AsWhom::Annex(lines), _) => match self.corner(Kind::Annex, (stored, lines))? {
                Err(error) if error.reason == Reason::Locked => return Ok(None),
                other => other,
            },
        };
        signed.map(Some).map_err(|error| super::refused(&error, &sheet.name))
    }

    /// Lines without a picture in the upper right corner (appendix I, part I, II.8.b and III.1.d; part II, I.3).
    fn corner(&self, kind: Kind, (pdf, lines): (&[u8], &[String])) -> Result<pades::Result<Vec<u8>>> {
        let (width_mm, height_mm) = CORNER_MM;
        let text = PrintRequest::Text(Text { lines: lines.to_vec(), width_mm, height_mm });
        let page = self.printer.print(&text)?.pdf;
        let um = |mm: u16| i64::from(mm).saturating_mul(1000);
        let place =
            Place::TopRight { width_um: um(width_mm), height_um: um(height_mm), margin_um: MARGIN_UM };
        let look = Look { kind, place, appearance: Appearance::Page(&page) };
        Ok(self.revision(pdf, &look))
    }

    fn revision(&self, pdf: &[u8], look: &Look<'_>) -> pades::Result<Vec<u8>> {
        let field = match look.kind {
            Kind::Person => "ChuKyCaNhan",
            Kind::Organisation => "ChuKyCoQuan",
            Kind::Annex => "ChuKyPhuLuc",
            Kind::Copy => "ChuKySao",
        };
        let time = self.now.rfc3339().parse().map_err(|error| SignError::new(Reason::BadRequest, error))?;
        let ask = |query: &[u8]| match &self.authority {
            Some(authority) => authority.timestamp(query),
            None => Err(SignError::new(Reason::Timestamp, "")),
        };
        let authority: Option<&pades::timestamp::Authority<'_>> =
            if self.authority.is_some() { Some(&ask) } else { None };
        let mut outcome = Err(SignError::new(Reason::FieldTaken, field));
        for n in 1..=NAMES_MAX {
            let field = if n == 1 { field.to_owned() } else { format!("{field}{n}") };
            let request = Request {
                kind: look.kind,
                field: &field,
                place: look.place,
                appearance: look.appearance,
                name: &self.name,
                reason: "",
                location: "",
                time,
                limits: Limits::default(),
            };
            outcome = self.key.with(|signer| pades::sign::sign(pdf, &request, signer, authority));
            // An annex may bear the signatures of those it came from.
            if !matches!(&outcome, Err(error) if error.reason == Reason::FieldTaken) {
                break;
            }
        }
        outcome
    }
}

fn on_page(area: &SignatureArea) -> Place<'static> {
    let um = |hundredths: i32| i64::from(hundredths).saturating_mul(10);
    let area_um = Area {
        left_um: um(area.left),
        top_um: um(area.top),
        width_um: um(area.width),
        height_um: um(area.height),
    };
    Place::At { page: area.page, area: area_um }
}

/// Reads a stored file whole.
///
/// # Errors
/// `Refused` when it is too large to be signed; what the disk reports.
pub(super) fn read_whole(mut content: crate::files::Content, name: &str) -> Result<Vec<u8>> {
    use std::io::Read;
    let length = usize::try_from(content.length()).unwrap_or(usize::MAX);
    if length > Limits::default().file_bytes_max {
        return Err(Refusal::new("engine.signing.refuse.too_large").with("name", name).into());
    }
    let mut bytes = Vec::with_capacity(length);
    content.read_to_end(&mut bytes).while_doing("reading", name)?;
    if bytes.is_empty() { Err(Error::NotFound) } else { Ok(bytes) }
}
