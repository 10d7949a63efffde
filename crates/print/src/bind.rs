//! Binds sheets of ours and PDF files of others into one new file with a mark on each page. The pages are taken as
//! pictures that can be read and searched; what was signed in a file is signed there, and never here.
#![expect(clippy::float_arithmetic, reason = "places on a page are measured in points")]

use crate::register::letters::{BOLD, UPRIGHT};
use crate::{Printed, Unprintable, flatten, world};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contracts::print::{Binding, Bound};
use krilla::color::luma;
use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::error::KrillaError;
use krilla::geom::{Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::pdf::{Pdf, PdfDocument};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};
use std::sync::Arc;

/// A4, for pages of ours, in points.
const A4: (f32, f32) = (595.28, 841.89);
/// Margin of a slip, and of the line at the foot.
const MARGIN: f32 = 60.0;
const FOOT: f32 = 14.0;
/// The most pages of one binding.
const PAGES_MAX: usize = 5_000;

/// Makes the file.
///
/// # Errors
/// `file` with the name of one that cannot be read, `size` when there are too many pages, and what printing a sheet
/// meets.
pub(crate) fn bind(binding: &Binding) -> Result<Printed, Unprintable> {
    let mut bound = Copy { binding, document: Document::new_with(settings()?), pages: 0 };
    for part in &binding.parts {
        match part {
            Bound::Sheet { request } => {
                let printed = crate::printed(request)?;
                let pdf = read(printed.pdf).ok_or_else(|| Unprintable::new("layout", "a sheet of ours"))?;
                bound.pages_of(pdf)?;
            }
            Bound::File { name, content, instead, .. } => match opened(content) {
                Some(pdf) => bound.pages_of(pdf)?,
                None if instead.is_empty() => return Err(Unprintable::new("file", name.clone())),
                None => bound.slip(instead)?,
            },
            Bound::Slip { lines } => bound.slip(lines)?,
        }
    }
    let Copy { mut document, pages, .. } = bound;
    document.set_metadata(metadata(binding));
    let no_file = |error: KrillaError| match error {
        KrillaError::Pdf(..) => Unprintable::new("file", binding.title.clone()),
        other => Unprintable::new("layout", format!("{other:?}")),
    };
    let pdf = document.finish().map_err(no_file)?;
    Ok(Printed { pdf, pages, areas: Vec::new() })
}

fn settings() -> Result<SerializeSettings, Unprintable> {
    // The newest version, because a page of an older one fits into it.
    let configuration = ConfigurationBuilder::new().with_version(PdfVersion::Pdf20).finish();
    let configuration = configuration.map_err(|error| Unprintable::new("layout", format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, ..SerializeSettings::default() })
}

fn metadata(binding: &Binding) -> Metadata {
    let (year, month, day) = world::day_of_making(binding.date);
    let date = DateTime::new(u16::try_from(year).unwrap_or_default()).month(month).day(day);
    let date = date.hour(0).minute(0).second(0).utc_offset_hour(7).utc_offset_minute(0);
    Metadata::new()
        .title(binding.title.clone())
        .authors(vec![binding.agency.clone()])
        .creator("Văn Lang".to_owned())
        .language("vi".to_owned())
        .creation_date(date)
}

/// A file that came as base64, with what is drawn over its pages drawn into them.
fn opened(content: &str) -> Option<Pdf> {
    let bytes = STANDARD.decode(content).ok()?;
    let bytes = flatten::flatten(&bytes).unwrap_or(bytes);
    read(bytes)
}

/// A PDF with at least one page. One that asks for a password cannot be read.
fn read(bytes: Vec<u8>) -> Option<Pdf> {
    let pdf = Pdf::new(bytes).ok()?;
    (!pdf.pages().is_empty()).then_some(pdf)
}

/// The file while it is made.
struct Copy<'a> {
    binding: &'a Binding,
    document: Document,
    pages: usize,
}

impl Copy<'_> {
    fn pages_of(&mut self, pdf: Pdf) -> Result<(), Unprintable> {
        let mut sizes = Vec::new();
        for page in pdf.pages().iter() {
            sizes.push(page.render_dimensions());
        }
        let document = PdfDocument::new(Arc::new(pdf));
        for (place, size) in sizes.into_iter().enumerate() {
            self.page(size, |surface, whole| surface.draw_pdf_page(&document, whole, place))?;
        }
        Ok(())
    }

    /// A page with lines on it; the first is bold.
    fn slip(&mut self, lines: &[String]) -> Result<(), Unprintable> {
        self.page(A4, |surface, _| {
            let mut y = 200.0;
            for (place, text) in lines.iter().enumerate() {
                let letters = if place == 0 { &*BOLD } else { &*UPRIGHT };
                for line in letters.wrap(text, 14.0, A4.0 - 2.0 * MARGIN) {
                    letters.write(surface, line, (MARGIN, y), 14.0);
                    y += 20.0;
                }
                y += 6.0;
            }
        })
    }

    fn page(
        &mut self,
        (width, height): (f32, f32),
        draw: impl FnOnce(&mut Surface<'_>, Size),
    ) -> Result<(), Unprintable> {
        self.pages = self.pages.saturating_add(1);
        if self.pages > PAGES_MAX {
            return Err(Unprintable::new("size", format!("more than {PAGES_MAX} pages")));
        }
        let no_page = || Unprintable::new("file", format!("a page of {width} by {height}"));
        let settings = PageSettings::from_wh(width, height).ok_or_else(no_page)?;
        let whole = Size::from_wh(width, height).ok_or_else(no_page)?;
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        draw(&mut surface, whole);
        mark(&mut surface, (width, height), (&self.binding.mark, &self.binding.line));
        surface.finish();
        page.finish();
        Ok(())
    }
}

/// The mark across the page, and the line at its foot.
fn mark(surface: &mut Surface<'_>, (width, height): (f32, f32), (mark, line): (&str, &str)) {
    let grey = |share: f32| Fill {
        paint: luma::Color::new(90).into(),
        opacity: NormalizedF32::new(share).unwrap_or(NormalizedF32::ONE),
        ..Fill::default()
    };
    if !mark.is_empty() {
        // As long as two thirds of the diagonal of a page.
        let across = width.hypot(height) * 0.66;
        let size = (across / BOLD.width(mark, 1.0)).min(60.0);
        let (x, y) = (width / 2.0, height / 2.0);
        let angle = -(height / width).atan().to_degrees();
        surface.set_fill(Some(grey(0.22)));
        surface.push_transform(&Transform::from_rotate_at(angle, x, y));
        BOLD.write(surface, mark, (x - BOLD.width(mark, size) / 2.0, y), size);
        surface.pop();
    }
    let room = (width - 2.0 * FOOT).max(1.0);
    let size = (room / UPRIGHT.width(line, 1.0).max(0.1)).min(8.0);
    surface.set_fill(Some(grey(1.0)));
    UPRIGHT.write(surface, line, (FOOT, height - FOOT), size);
    surface.set_fill(None);
}
