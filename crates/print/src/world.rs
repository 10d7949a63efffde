//! The typesetter and all it may see: four fonts, our templates, one piece of data. No disk, no network, no clock.

use crate::{Printed, Unprintable};
use base::Date;
use contracts::print::{SignatureArea, SignatureOf};
use serde::Deserialize;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, NativeElement, Smart};
use typst::introspection::MetadataElem;
use typst::layout::Abs;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_svg::SvgOptions;

/// Which template makes the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// Official documents and copies.
    Document,
    /// The arrival stamp, the handling slip, lines of text.
    Form,
    /// Reports of figures.
    Report,
}

/// True when all four faces have the letter.
pub(crate) fn has_letter(c: char) -> bool {
    SHARED.fonts.iter().all(|font| font.info().coverage.contains(u32::from(c)))
}

/// Makes the file.
///
/// # Errors
/// `layout`, with what the typesetter says.
pub(crate) fn typeset(page: Page, (sheet, dated): (Vec<u8>, Option<Date>)) -> Result<Printed, Unprintable> {
    let compiled = compile(page, sheet)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2u, PdfStandard::Ua_1]);
    let standards = standards.map_err(|error| Unprintable::new("layout", error.message().to_string()))?;
    let options = PdfOptions {
        // Bytes depend on the request alone: no clock, and the typesetter's version is not said.
        creator: Smart::Custom(Some("Văn Lang".to_owned())),
        standards,
        timestamp: timestamp(dated),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&compiled, &options).map_err(|errors| failure(&errors))?;
    let printed = Printed { pdf, pages: compiled.pages().len(), areas: areas(&compiled)? };
    // What was typeset stays in memory for a few requests: the head of the next letter is often the same.
    typst::comemo::evict(KEEP_FOR);
    Ok(printed)
}

/// Makes pictures of the pages of a document.
///
/// # Errors
/// `layout`, with what the typesetter says; `size` for more pages than anybody looks through on a screen.
pub(crate) fn pictures(sheet: Vec<u8>) -> Result<Vec<String>, Unprintable> {
    let compiled = compile(Page::Document, sheet)?;
    let pages = compiled.pages();
    if pages.len() > PICTURES_MAX {
        return Err(Unprintable::new("size", format!("{} pages", pages.len())));
    }
    let options = SvgOptions { render_bleed: false, pretty: false };
    let pictures = pages.iter().map(|page| typst_svg::svg(page, &options)).collect();
    typst::comemo::evict(KEEP_FOR);
    Ok(pictures)
}

/// A page is some 100 kB.
const PICTURES_MAX: usize = 60;

fn compile(page: Page, sheet: Vec<u8>) -> Result<PagedDocument, Unprintable> {
    let world = Desk { main: page, sheet: Bytes::new(sheet) };
    typst::compile::<PagedDocument>(&world).output.map_err(|errors| failure(&errors))
}

fn timestamp(dated: Option<Date>) -> Option<Timestamp> {
    let (year, month, day) = day_of_making(dated);
    Timestamp::new_local(Datetime::from_ymd_hms(year, month, day, 0, 0, 0)?, MINUTES_EAST)
}

/// PDF/A wants a date of making. The clock must not enter, so it is the document's own, or for want of one the
/// day on which Decree 30/2020 came into force.
pub(crate) fn day_of_making(dated: Option<Date>) -> (i32, u8, u8) {
    dated.map_or((2020, 3, 5), |date| (date.year(), date.month(), date.day()))
}

/// Vietnam's time.
const MINUTES_EAST: i32 = 7 * 60;

/// How many requests the typesetter remembers.
const KEEP_FOR: usize = 4;

fn failure(errors: &[SourceDiagnostic]) -> Unprintable {
    let said: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    Unprintable::new("layout", said.join("; "))
}

/// What the template says of an area; the place comes from the finished page.
#[derive(Deserialize)]
struct Mark {
    who: SignatureOf,
    signer: u16,
    width: i32,
    height: i32,
}

fn areas(document: &PagedDocument) -> Result<Vec<SignatureArea>, Unprintable> {
    let introspector = document.introspector();
    let marks = typst::introspection::Introspector::query(&**introspector, &MetadataElem::ELEM.select());
    let mut areas = Vec::new();
    for mark in marks {
        let place = mark.location().and_then(|location| introspector.position(location));
        let (Some(place), Some(meta)) = (place, mark.to_packed::<MetadataElem>()) else { continue };
        let said = serde_json::to_value(&meta.value).and_then(serde_json::from_value);
        let Mark { who, signer, width, height } =
            said.map_err(|error| Unprintable::new("layout", error.to_string()))?;
        let page = u32::try_from(place.page.get()).unwrap_or(u32::MAX);
        let (left, top) = (hundredths(place.point.x), hundredths(place.point.y));
        areas.push(SignatureArea { who, signer, page, left, top, width, height });
    }
    Ok(areas)
}

#[expect(
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the typesetter measures in floating points; a page has at most 42,000 hundredths of a millimetre"
)]
fn hundredths(length: Abs) -> i32 {
    (length.to_mm() * 100.0).round() as i32
}

/// What is the same for all requests.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
    sheet: FileId,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        sources: TEMPLATES.iter().map(|(name, text)| Source::new(file(name), (*text).to_owned())).collect(),
        sheet: file("sheet.json"),
    }
});

/// Upright, bold, italic, bold italic.
pub(crate) static FACES: [&[u8]; 4] = [
    include_bytes!("../fonts/LiberationSerif-Regular.ttf"),
    include_bytes!("../fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../fonts/LiberationSerif-BoldItalic.ttf"),
];

const TEMPLATES: [(&str, &str); 5] = [
    ("document.typ", include_str!("templates/document.typ")),
    ("form.typ", include_str!("templates/form.typ")),
    ("report.typ", include_str!("templates/report.typ")),
    ("common.typ", include_str!("templates/common.typ")),
    ("body.typ", include_str!("templates/body.typ")),
];

#[expect(clippy::expect_used, reason = "the names are ours and compiled in")]
fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name");
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

/// One request on the table.
struct Desk {
    main: Page,
    sheet: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        file(match self.main {
            Page::Document => "document.typ",
            Page::Form => "form.typ",
            Page::Report => "report.typ",
        })
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SHARED.sources.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == SHARED.sheet { Ok(self.sheet.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
