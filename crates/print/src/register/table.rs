//! A table that goes on over pages, under a head that comes again on each.

use super::letters::{BOLD, Letters, UPRIGHT};
use super::{LEFT, MM, lines};
use crate::sheet::RegisterColumn;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag, TableHeaderScope, Tag, TagGroup};

/// A4, upright or on its side, with the margins of the documents; in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
}

pub(super) const ON_ITS_SIDE: Sheet = Sheet { width: 841.89, height: 595.28 };
pub(super) const UPRIGHT_A4: Sheet = Sheet { width: 595.28, height: 841.89 };

impl Sheet {
    pub(super) const TOP: f32 = 21.0 * MM;

    pub(super) fn bottom(self) -> f32 {
        self.height - 21.0 * MM
    }

    pub(super) fn right(self) -> f32 {
        self.width - 16.0 * MM
    }

    pub(super) fn middle(self) -> f32 {
        f32::midpoint(LEFT, self.right())
    }

    #[expect(clippy::expect_used, reason = "the size of the page is a constant")]
    pub(super) fn settings(self) -> PageSettings {
        PageSettings::from_wh(self.width, self.height).expect("A4 has a size")
    }
}

/// Size of the letters in the table, height of a line, room around words.
const SIZE: f32 = 11.0;
const LINE: f32 = SIZE * 1.157;
const ASCENT: f32 = SIZE * 0.891;
const PAD_ACROSS: f32 = 3.0;
const PAD_DOWN: f32 = 2.5;

/// A table with its columns laid out.
pub(super) struct Table {
    sheet: Sheet,
    columns: &'static [RegisterColumn],
    /// Left edge and width of each.
    places: Vec<(f32, f32)>,
    head: TagGroup,
    body: TagGroup,
}

/// A row, or as much of one as fits on a page: the lines of its cells, and its height.
pub(super) struct Row<'t> {
    cells: Vec<Vec<&'t str>>,
    is_heading: bool,
    height: f32,
}

impl Row<'_> {
    fn height(lines: usize) -> f32 {
        f32::from(u16::try_from(lines.max(1)).unwrap_or(u16::MAX)) * LINE + 2.0 * PAD_DOWN
    }
}

impl Table {
    pub(super) fn of(columns: &'static [RegisterColumn], sheet: Sheet) -> Table {
        let all: f32 = columns.iter().map(|column| f32::from(column.width)).sum();
        let mut left = LEFT;
        let places = columns.iter().map(|column| {
            let width = f32::from(column.width) * (sheet.right() - LEFT) / all;
            let place = (left, width);
            left += width;
            place
        });
        let places = places.collect();
        Table { sheet, columns, places, head: TagGroup::new(Tag::THead), body: TagGroup::new(Tag::TBody) }
    }

    /// The titles, and below them the numbers of the columns.
    fn head(&self) -> [Row<'static>; 2] {
        let titles = self.columns.iter().zip(&self.places);
        let titles = titles.map(|(column, place)| BOLD.wrap(column.title, SIZE, place.1 - 2.0 * PAD_ACROSS));
        let numbers = NUMBERS.iter().take(self.columns.len()).map(|number| vec![*number]);
        [row(titles.collect(), false), row(numbers.collect(), false)]
    }

    /// The cells of a row. A heading stands in the second column.
    fn row<'t>(&self, texts: &'t [String]) -> Row<'t> {
        if let [heading] = texts {
            let width = self.places.get(1).map_or(0.0, |place| place.1) - 2.0 * PAD_ACROSS;
            let mut cells = vec![Vec::new(); self.columns.len()];
            if let Some(cell) = cells.get_mut(1) {
                *cell = BOLD.wrap(heading, SIZE, width);
            }
            return row(cells, true);
        }
        let cells = texts.iter().zip(&self.places);
        let cells = cells.map(|(text, place)| UPRIGHT.wrap(text, SIZE, place.1 - 2.0 * PAD_ACROSS));
        row(cells.collect(), false)
    }

    /// The rows, page by page; on the first page the table begins at `top`. A row that is higher than a page goes on
    /// over several.
    pub(super) fn pages<'t>(&self, rows: &'t [Vec<String>], top: f32) -> Vec<Vec<Row<'t>>> {
        let head: f32 = self.head().iter().map(|row| row.height).sum();
        let room = self.sheet.bottom() - Sheet::TOP - head;
        let (mut pages, mut page, mut used) = (Vec::new(), Vec::new(), top - Sheet::TOP);
        for texts in rows {
            for part in parts(self.row(texts), room) {
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

    /// Draws the rows of a page below `y`, under the head; answers where they end.
    pub(super) fn draw(&mut self, surface: &mut Surface<'_>, rows: &[Row<'_>], top: f32) -> f32 {
        let mut y = top;
        let right = self.sheet.right();
        let mut rules = vec![[LEFT, y, right, y]];
        // The head is read once; on later pages it is only seen.
        let is_read = self.head.children.is_empty();
        for (row, letters) in self.head().iter().zip([&BOLD, &UPRIGHT]) {
            let group = self.head_row(surface, (row, letters), (y, is_read));
            if is_read {
                self.head.push(group);
            }
            y += row.height;
            rules.push([LEFT, y, right, y]);
        }
        for row in rows {
            let group = self.body_row(surface, row, y);
            self.body.push(group);
            y += row.height;
            rules.push([LEFT, y, right, y]);
        }
        rules.extend(self.places.iter().map(|place| [place.0, top, place.0, y]));
        rules.push([right, top, right, y]);
        lines(surface, &rules);
        y
    }

    fn body_row(&self, surface: &mut Surface<'_>, row: &Row<'_>, y: f32) -> TagGroup {
        let mut group = TagGroup::new(Tag::TR);
        let letters: &Letters = if row.is_heading { &BOLD } else { &UPRIGHT };
        for ((cell, place), column) in row.cells.iter().zip(&self.places).zip(self.columns) {
            let mut data = TagGroup::new(Tag::TD);
            if !cell.is_empty() {
                let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                write_cell(surface, (cell, letters), (*place, y), column.align == "center");
                surface.end_tagged();
                data.push(id);
            }
            group.push(data);
        }
        group
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

    /// The table as it is read aloud.
    pub(super) fn tags(self) -> TagGroup {
        TagGroup::with_children(Tag::Table, vec![self.head.into(), self.body.into()])
    }
}

/// The annexes number the columns.
const NUMBERS: [&str; 10] = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"];

fn row(cells: Vec<Vec<&str>>, is_heading: bool) -> Row<'_> {
    let height = Row::height(cells.iter().map(Vec::len).max().unwrap_or_default());
    Row { cells, is_heading, height }
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
        row(whole.cells.iter().map(lines).collect(), whole.is_heading)
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
pub(super) fn number(surface: &mut Surface<'_>, sheet: Sheet, number: usize) {
    let text = number.to_string();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)));
    let left = sheet.middle() - UPRIGHT.width(&text, 14.0) / 2.0;
    UPRIGHT.write(surface, &text, (left, 14.0 * MM), 14.0);
    surface.end_tagged();
}
