//! Registers, drawn line by line: they have a hundred thousand cells, for each of which a typesetter that can do
//! more takes fifty times as long.
#![expect(clippy::float_arithmetic, reason = "places on a page are measured in points")]

mod letters;

use crate::sheet::{Register, RegisterColumn};
use crate::{Printed, Unprintable};
use base::Date;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};
use letters::{BOLD, Letters, UPRIGHT};
use std::num::NonZeroU16;

/// A4 on its side and the margins of the documents, in points.
const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
const TOP: f32 = 21.0 * MM;
const BOTTOM: f32 = HEIGHT - 21.0 * MM;
const LEFT: f32 = 31.0 * MM;
const RIGHT: f32 = WIDTH - 16.0 * MM;
const MM: f32 = 72.0 / 25.4;

/// Size of the letters in the table, height of a line, room around words.
const SIZE: f32 = 11.0;
const LINE: f32 = SIZE * 1.157;
const ASCENT: f32 = SIZE * 0.891;
const PAD_ACROSS: f32 = 3.0;
const PAD_DOWN: f32 = 2.5;

/// Draws a register: a cover, then pages of rows under a head that comes again on each.
///
/// # Errors
/// `layout` when the file cannot be written.
pub(crate) fn draw(register: &Register, printed: Option<Date>) -> Result<Printed, Unprintable> {
    let mut document = Document::new_with(settings()?);
    let mut tags = TagTree::new().with_lang(Some("vi".to_owned()));
    cover(&mut document, &mut tags, register);
    let table = Table::of(register.columns);
    let pages = table.pages(&register.rows);
    let (mut head, mut body) = (TagGroup::new(Tag::THead), TagGroup::new(Tag::TBody));
    for (place, rows) in pages.iter().enumerate() {
        let rows_of_head = table.page(&mut document, (place, rows), &mut body);
        // The head is read once; on later pages it is only seen.
        if place == 0 {
            head.children.extend(rows_of_head.into_iter().map(Into::into));
        }
    }
    let parts = vec![head.into(), body.into()];
    tags.push(TagGroup::with_children(Tag::Table, parts));
    document.set_tag_tree(tags);
    document.set_metadata(metadata(register, printed));
    let mut outline = Outline::new();
    let start = XyzDestination::new(0, Point::from_xy(LEFT, TOP));
    outline.push_child(OutlineNode::new(register.title.to_owned(), start));
    document.set_outline(outline);
    let no_file = |error: KrillaError| Unprintable::new("layout", format!("{error:?}"));
    let pdf = document.finish().map_err(no_file)?;
    Ok(Printed { pdf, pages: pages.len().saturating_add(1), areas: Vec::new() })
}

fn settings() -> Result<SerializeSettings, Unprintable> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .with_accessibility_validator(Accessibility::UA1)
        .finish();
    let configuration = configuration.map_err(|error| Unprintable::new("layout", format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, no_device_cs: true, ..SerializeSettings::default() })
}

fn metadata(register: &Register, printed: Option<Date>) -> Metadata {
    let (year, month, day) = crate::world::day_of_making(printed);
    let date = DateTime::new(u16::try_from(year).unwrap_or_default()).month(month).day(day);
    let date = date.hour(0).minute(0).second(0).utc_offset_hour(7).utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} {}", register.title, register.year).trim_end().to_owned())
        .authors(vec![register.agency.concat()])
        .creator("Văn Lang".to_owned())
        .language("vi".to_owned())
        .creation_date(date)
}

/// The cover: whose register, which one, of when.
fn cover(document: &mut Document, tags: &mut TagTree, register: &Register) {
    let mut page = document.start_page_with(settings_of_page());
    let mut surface = page.surface();
    let (parent, agency) = (register.parent.concat(), register.agency.concat());
    let mut y = TOP + 13.0;
    for (text, letters) in [(&parent, &UPRIGHT), (&agency, &BOLD)] {
        tags.push(TagGroup::with_children(
            Tag::P,
            vec![centred(&mut surface, text, (letters, 13.0), y).into()],
        ));
        y += 15.0;
    }
    let width = BOLD.width(&agency, 13.0);
    // Between a third and a half as long as the name.
    lines(&mut surface, &[[middle() - width * 0.2, y - 10.0, middle() + width * 0.2, y - 10.0]]);
    let title = centred(&mut surface, register.title, (&BOLD, 24.0), 250.0);
    let level = Tag::Hn(NonZeroU16::MIN, Some(register.title.to_owned()));
    tags.push(TagGroup::with_children(level, vec![title.into()]));
    y = 290.0;
    for text in [&register.year, &register.span, &register.volume].into_iter().filter(|text| !text.is_empty())
    {
        tags.push(TagGroup::with_children(
            Tag::P,
            vec![centred(&mut surface, text, (&UPRIGHT, 14.0), y).into()],
        ));
        y += 22.0;
    }
    surface.finish();
    page.finish();
}

#[expect(clippy::expect_used, reason = "the size of the page is a constant")]
fn settings_of_page() -> PageSettings {
    PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 has a size")
}

fn middle() -> f32 {
    f32::midpoint(LEFT, RIGHT)
}

fn centred(surface: &mut Surface<'_>, text: &str, (letters, size): (&Letters, f32), base: f32) -> Identifier {
    let left = middle() - letters.width(text, size) / 2.0;
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

/// A table with its columns laid out.
struct Table {
    columns: &'static [RegisterColumn],
    /// Left edge and width of each.
    places: Vec<(f32, f32)>,
}

/// A row, or as much of one as fits on a page: the lines of its cells, and its height.
struct Row<'t> {
    cells: Vec<Vec<&'t str>>,
    height: f32,
}

impl Row<'_> {
    fn height(lines: usize) -> f32 {
        f32::from(u16::try_from(lines.max(1)).unwrap_or(u16::MAX)) * LINE + 2.0 * PAD_DOWN
    }
}

impl Table {
    fn of(columns: &'static [RegisterColumn]) -> Table {
        let all: f32 = columns.iter().map(|column| f32::from(column.width)).sum();
        let mut left = LEFT;
        let places = columns.iter().map(|column| {
            let width = f32::from(column.width) * (RIGHT - LEFT) / all;
            let place = (left, width);
            left += width;
            place
        });
        Table { columns, places: places.collect() }
    }

    /// The titles, and below them the numbers of the columns.
    fn head(&self) -> [Row<'static>; 2] {
        let titles = self.columns.iter().zip(&self.places);
        let titles = titles.map(|(column, place)| BOLD.wrap(column.title, SIZE, place.1 - 2.0 * PAD_ACROSS));
        let numbers = NUMBERS.iter().take(self.columns.len()).map(|number| vec![*number]);
        [row(titles.collect()), row(numbers.collect())]
    }

    /// The rows, page by page. One that is higher than a page goes on over several.
    fn pages<'t>(&self, rows: &'t [Vec<String>]) -> Vec<Vec<Row<'t>>> {
        let room = BOTTOM - TOP - self.head().iter().map(|row| row.height).sum::<f32>();
        let (mut pages, mut page, mut used) = (Vec::new(), Vec::new(), 0.0);
        for texts in rows {
            let cells = texts.iter().zip(&self.places);
            let cells = cells.map(|(text, place)| UPRIGHT.wrap(text, SIZE, place.1 - 2.0 * PAD_ACROSS));
            for part in parts(row(cells.collect()), room) {
                if used + part.height > room {
                    pages.push(std::mem::take(&mut page));
                    used = 0.0;
                }
                used += part.height;
                page.push(part);
            }
        }
        pages.push(page);
        pages
    }

    /// Draws a page; its rows join `body`, those of the head are given back.
    fn page(
        &self,
        document: &mut Document,
        (place, rows): (usize, &[Row<'_>]),
        body: &mut TagGroup,
    ) -> Vec<TagGroup> {
        let mut page = document.start_page_with(settings_of_page());
        let mut surface = page.surface();
        number(&mut surface, place.saturating_add(2));
        let mut y = TOP;
        let mut rules = vec![[LEFT, y, RIGHT, y]];
        let mut heads = Vec::new();
        for (row, letters) in self.head().iter().zip([&BOLD, &UPRIGHT]) {
            heads.push(self.head_row(&mut surface, (row, letters), (y, place == 0)));
            y += row.height;
            rules.push([LEFT, y, RIGHT, y]);
        }
        for row in rows {
            let mut group = TagGroup::new(Tag::TR);
            for ((cell, place), column) in row.cells.iter().zip(&self.places).zip(self.columns) {
                let mut data = TagGroup::new(Tag::TD);
                if !cell.is_empty() {
                    let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                    write_cell(&mut surface, (cell, &UPRIGHT), (*place, y), column.align == "center");
                    surface.end_tagged();
                    data.push(id);
                }
                group.push(data);
            }
            body.push(group);
            y += row.height;
            rules.push([LEFT, y, RIGHT, y]);
        }
        rules.extend(self.places.iter().map(|place| [place.0, TOP, place.0, y]));
        rules.push([RIGHT, TOP, RIGHT, y]);
        lines(&mut surface, &rules);
        surface.finish();
        page.finish();
        heads
    }

    fn head_row(
        &self,
        surface: &mut Surface<'_>,
        (row, letters): (&Row<'_>, &Letters),
        (y, is_read): (f32, bool),
    ) -> TagGroup {
        let mut group = TagGroup::new(Tag::TR);
        for (cell, place) in row.cells.iter().zip(&self.places) {
            let tag = if is_read {
                ContentTag::Span(SpanTag::empty())
            } else {
                ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
            };
            let id = surface.start_tagged(tag);
            let down = (row.height - Row::height(cell.len())) / 2.0;
            write_cell(surface, (cell, letters), (*place, y + down), true);
            surface.end_tagged();
            let mut head = TagGroup::new(Tag::TH(TableHeaderScope::Column));
            if is_read {
                head.push(id);
            }
            group.push(head);
        }
        group
    }
}

/// Annex IV numbers the columns.
const NUMBERS: [&str; 10] = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"];

fn row(cells: Vec<Vec<&str>>) -> Row<'_> {
    let height = Row::height(cells.iter().map(Vec::len).max().unwrap_or_default());
    Row { cells, height }
}

/// A row that is higher than a page, cut into parts that are not.
fn parts(whole: Row<'_>, room: f32) -> Vec<Row<'_>> {
    if whole.height <= room {
        return vec![whole];
    }
    let mut lines_a_page = 1;
    while Row::height(lines_a_page + 1) <= room {
        lines_a_page += 1;
    }
    let most = whole.cells.iter().map(Vec::len).max().unwrap_or_default();
    let part = |skip: usize| {
        let lines = |cell: &Vec<_>| cell.iter().skip(skip).take(lines_a_page).copied().collect();
        row(whole.cells.iter().map(lines).collect())
    };
    (0..most).step_by(lines_a_page).map(part).collect()
}

fn write_cell(
    surface: &mut Surface<'_>,
    (cell, letters): (&[&str], &Letters),
    ((left, width), y): ((f32, f32), f32),
    is_centred: bool,
) {
    let mut base = y + PAD_DOWN + ASCENT;
    for line in cell {
        let indent =
            if is_centred { (width - letters.width(line.trim_end(), SIZE)) / 2.0 } else { PAD_ACROSS };
        letters.write(surface, line, (left + indent, base), SIZE);
        base += LINE;
    }
}

/// The page number, as on documents.
fn number(surface: &mut Surface<'_>, number: usize) {
    let text = number.to_string();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)));
    let left = middle() - UPRIGHT.width(&text, 14.0) / 2.0;
    UPRIGHT.write(surface, &text, (left, 14.0 * MM), 14.0);
    surface.end_tagged();
}
