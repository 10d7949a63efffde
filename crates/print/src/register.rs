//! Registers and lists of dossiers, drawn line by line: they have a hundred thousand cells, for each of which a
//! typesetter that can do more takes fifty times as long.
#![expect(clippy::float_arithmetic, reason = "places on a page are measured in points")]

pub(crate) mod letters;
pub(crate) mod list;
mod table;

use crate::sheet::Register;
use crate::{Printed, Unprintable};
use base::Date;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use letters::{BOLD, Letters, UPRIGHT};
use std::num::NonZeroU16;
use table::{ON_ITS_SIDE, Sheet, Table, number};

/// The left margin of the documents, in points.
const LEFT: f32 = 31.0 * MM;
const MM: f32 = 72.0 / 25.4;

/// Draws a register: a cover, then pages of rows under a head that comes again on each.
///
/// # Errors
/// `layout` when the file cannot be written.
pub(crate) fn draw(register: &Register, printed: Option<Date>) -> Result<Printed, Unprintable> {
    let mut document = Document::new_with(settings()?);
    let mut tags = TagTree::new().with_lang(Some("vi".to_owned()));
    cover(&mut document, &mut tags, register);
    let mut table = Table::of(register.columns, ON_ITS_SIDE);
    let pages = table.pages(&register.rows, Sheet::TOP);
    for (place, rows) in pages.iter().enumerate() {
        let mut page = document.start_page_with(ON_ITS_SIDE.settings());
        let mut surface = page.surface();
        number(&mut surface, ON_ITS_SIDE, place.saturating_add(2));
        table.draw(&mut surface, rows, Sheet::TOP);
        surface.finish();
        page.finish();
    }
    tags.push(table.tags());
    let title = format!("{} {}", register.title, register.year);
    finish(document, (tags, pages.len().saturating_add(1)), (&title, &register.agency.concat(), printed))
}

/// Writes the file: its tags, its properties, its outline.
fn finish(
    mut document: Document,
    (tags, pages): (TagTree, usize),
    (title, agency, dated): (&str, &str, Option<Date>),
) -> Result<Printed, Unprintable> {
    let title = title.trim_end();
    document.set_tag_tree(tags);
    document.set_metadata(metadata((title, agency), dated));
    let mut outline = Outline::new();
    let start = XyzDestination::new(0, Point::from_xy(LEFT, Sheet::TOP));
    outline.push_child(OutlineNode::new(title.to_owned(), start));
    document.set_outline(outline);
    let no_file = |error: KrillaError| Unprintable::new("layout", format!("{error:?}"));
    let pdf = document.finish().map_err(no_file)?;
    Ok(Printed { pdf, pages, areas: Vec::new() })
}

fn settings() -> Result<SerializeSettings, Unprintable> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .with_accessibility_validator(Accessibility::UA1)
        .finish();
    let configuration = configuration.map_err(|error| Unprintable::new("layout", format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, no_device_cs: true, ..SerializeSettings::default() })
}

fn metadata((title, agency): (&str, &str), dated: Option<Date>) -> Metadata {
    let (year, month, day) = crate::world::day_of_making(dated);
    let date = DateTime::new(u16::try_from(year).unwrap_or_default()).month(month).day(day);
    let date = date.hour(0).minute(0).second(0).utc_offset_hour(7).utc_offset_minute(0);
    Metadata::new()
        .title(title.to_owned())
        .authors(vec![agency.to_owned()])
        .creator("Văn Lang".to_owned())
        .language("vi".to_owned())
        .creation_date(date)
}

/// The cover: whose register, which one, of when.
fn cover(document: &mut Document, tags: &mut TagTree, register: &Register) {
    let mut page = document.start_page_with(ON_ITS_SIDE.settings());
    let mut surface = page.surface();
    let (parent, agency) = (register.parent.concat(), register.agency.concat());
    let middle = ON_ITS_SIDE.middle();
    let mut y = Sheet::TOP + 13.0;
    for (text, letters) in [(&parent, &UPRIGHT), (&agency, &BOLD)] {
        tags.push(TagGroup::with_children(
            Tag::P,
            vec![centred(&mut surface, text, (letters, 13.0), (middle, y)).into()],
        ));
        y += 15.0;
    }
    let width = BOLD.width(&agency, 13.0);
    // Between a third and a half as long as the name.
    lines(&mut surface, &[[middle - width * 0.2, y - 10.0, middle + width * 0.2, y - 10.0]]);
    let title = centred(&mut surface, register.title, (&BOLD, 24.0), (middle, 250.0));
    let level = Tag::Hn(NonZeroU16::MIN, Some(register.title.to_owned()));
    tags.push(TagGroup::with_children(level, vec![title.into()]));
    y = 290.0;
    for text in [&register.year, &register.span, &register.volume].into_iter().filter(|text| !text.is_empty())
    {
        tags.push(TagGroup::with_children(
            Tag::P,
            vec![centred(&mut surface, text, (&UPRIGHT, 14.0), (middle, y)).into()],
        ));
        y += 22.0;
    }
    surface.finish();
    page.finish();
}

/// Words about a middle, on a base line.
fn centred(
    surface: &mut Surface<'_>,
    text: &str,
    (letters, size): (&Letters, f32),
    (middle, base): (f32, f32),
) -> Identifier {
    let left = middle - letters.width(text, size) / 2.0;
    let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    letters.write(surface, text, (left, base), size);
    surface.end_tagged();
    id
}

/// Thin lines, each from a point to another; nothing that is read.
fn lines(surface: &mut Surface<'_>, all: &[[f32; 4]]) {
    let mut path = PathBuilder::new();
    for [x, y, to_x, to_y] in all {
        path.move_to(*x, *y);
        path.line_to(*to_x, *to_y);
    }
    let Some(path) = path.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.end_tagged();
}
