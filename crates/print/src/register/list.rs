//! Lists of dossiers (Annex V): the head of the agency, the title, one table, and who drew it up.

use super::letters::{BOLD, ITALIC, Letters, UPRIGHT};
use super::table::{Sheet, Table, UPRIGHT_A4 as A4, number};
use super::{LEFT, MM, centred, finish, lines, settings};
use crate::sheet::List;
use crate::{Printed, Unprintable};
use base::Date;
use krilla::Document;
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, SpanTag, Tag, TagGroup, TagTree};
use std::num::NonZeroU16;

/// Columns of the head: the agency's is 68 mm wide, the nation's 95 mm, as in documents.
const AGENCY_WIDE: f32 = 68.0 * MM;
const NATION_WIDE: f32 = 95.0 * MM;

/// A line is as high as in an office program.
const LINE: f32 = 1.157;

/// Room for a signature between the line that asks for it and the name.
const SIGNATURE: f32 = 26.0 * MM;

/// Draws a list.
///
/// # Errors
/// `layout` when the file cannot be written.
pub(crate) fn draw(list: &List, dated: Option<Date>) -> Result<Printed, Unprintable> {
    let mut document = Document::new_with(settings()?);
    let mut tags = TagTree::new().with_lang(Some("vi".to_owned()));
    let mut table = Table::of(list.columns, A4);
    let top = Sheet::TOP + height_above(list);
    let pages = table.pages(&list.rows, top);
    let mut count = 0;
    for (place, rows) in pages.iter().enumerate() {
        let mut page = document.start_page_with(A4.settings());
        let mut surface = page.surface();
        count += 1;
        let begin = if place == 0 {
            above(&mut surface, &mut tags, list);
            top
        } else {
            number(&mut surface, A4, count);
            Sheet::TOP
        };
        let end = table.draw(&mut surface, rows, begin);
        let is_last = place.saturating_add(1) == pages.len();
        let fits = end + height_below(list) <= A4.bottom();
        let mut rest = None;
        if is_last && fits {
            rest = Some(below(&mut surface, list, end));
        }
        surface.finish();
        page.finish();
        if is_last && !fits {
            let mut page = document.start_page_with(A4.settings());
            let mut surface = page.surface();
            count += 1;
            number(&mut surface, A4, count);
            rest = Some(below(&mut surface, list, Sheet::TOP));
            surface.finish();
            page.finish();
        }
        if let Some(rest) = rest {
            tags.push(std::mem::replace(&mut table, Table::of(list.columns, A4)).tags());
            for group in rest {
                tags.push(group);
            }
        }
    }
    let title = [list.title, list.about.last().map_or("", String::as_str)].join(" ");
    finish(document, (tags, count), (&title, &list.agency.concat(), dated))
}

/// A line of words: its letters, their size, the middle it stands about and its base line.
struct Words<'a> {
    text: &'a str,
    letters: &'static Letters,
    size: f32,
    middle: f32,
    base: f32,
    is_title: bool,
}

/// What stands above the table; each line with its place. Rules come with it, as pieces of lines.
fn layout(list: &List) -> (Vec<Words<'_>>, Vec<[f32; 4]>, f32) {
    let (mut words, mut rules) = (Vec::new(), Vec::new());
    let mut y = Sheet::TOP;
    if list.is_headed {
        y = head(list, (&mut words, &mut rules));
        y += 18.0;
    }
    y += 14.0;
    let middle = A4.middle();
    let mut line = |text, (letters, size): (&'static Letters, f32), y: &mut f32, is_title| {
        words.push(Words { text, letters, size, middle, base: *y, is_title });
        *y += size * LINE + 1.0;
    };
    line(list.title, (&BOLD, 14.0), &mut y, true);
    let mut widest = BOLD.width(list.title, 14.0);
    for text in &list.about {
        line(text.as_str(), (&BOLD, 14.0), &mut y, false);
        widest = BOLD.width(text, 14.0);
    }
    for text in ITALIC.wrap(&list.issued_with, 14.0, A4.right() - LEFT) {
        line(text, (&ITALIC, 14.0), &mut y, false);
        widest = ITALIC.width(text.trim_end(), 14.0);
    }
    // Between a third and a half as long as the words.
    let half = (widest * 0.2).max(30.0);
    rules.push([middle - half, y - 10.0, middle + half, y - 10.0]);
    (words, rules, y + 6.0)
}

/// The agency at the left, the nation at the right; answers where they end.
fn head<'a>(list: &'a List, (words, rules): (&mut Vec<Words<'a>>, &mut Vec<[f32; 4]>)) -> f32 {
    let agency = LEFT + AGENCY_WIDE / 2.0;
    let (mut y, mut wide) = (Sheet::TOP + 12.0 * 0.891, 0.0);
    for (name, letters) in [(&list.parent, &*UPRIGHT), (&list.agency, &*BOLD)] {
        for text in name.iter().flat_map(|run| letters.wrap(run, 12.0, AGENCY_WIDE - 2.0 * MM)) {
            words.push(Words { text, letters, size: 12.0, middle: agency, base: y, is_title: false });
            wide = letters.width(text.trim_end(), 12.0);
            y += 12.0 * LINE;
        }
    }
    rules.push([agency - wide * 0.2, y - 7.0, agency + wide * 0.2, y - 7.0]);
    let nation = A4.right() - NATION_WIDE / 2.0;
    let first = Sheet::TOP + 12.0 * 0.891;
    let second = first + 13.0 * LINE;
    let motto = "Độc lập - Tự do - Hạnh phúc";
    for (text, size, base) in [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12.0, first), (motto, 13.0, second)]
    {
        words.push(Words { text, letters: &BOLD, size, middle: nation, base, is_title: false });
    }
    let half = BOLD.width(motto, 13.0) / 2.0;
    rules.push([nation - half, second + 6.0, nation + half, second + 6.0]);
    y.max(second + 6.0)
}

fn height_above(list: &List) -> f32 {
    layout(list).2 - Sheet::TOP
}

fn above(surface: &mut Surface<'_>, tags: &mut TagTree, list: &List) {
    let (words, rules, _) = layout(list);
    for one in words {
        let text = one.text.trim_end();
        let id = centred(surface, text, (one.letters, one.size), (one.middle, one.base));
        let level = Tag::Hn(NonZeroU16::MIN, Some(text.to_owned()));
        let group = if one.is_title {
            TagGroup::with_children(level, vec![id.into()])
        } else {
            TagGroup::with_children(Tag::P, vec![id.into()])
        };
        tags.push(group);
    }
    lines(surface, &rules);
}

/// The totals and, at the right, who drew the list up.
fn height_below(list: &List) -> f32 {
    let totals = f32::from(u16::try_from(list.totals.len()).unwrap_or_default()) * 14.0 * LINE;
    let made = if list.made.is_some() { 4.0 * 14.0 * LINE + SIGNATURE } else { 0.0 };
    totals + made + 14.0
}

fn below(surface: &mut Surface<'_>, list: &List, end: f32) -> Vec<TagGroup> {
    let mut tags = Vec::new();
    let mut y = end + 20.0;
    for text in &list.totals {
        let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        UPRIGHT.write(surface, text, (LEFT, y), 14.0);
        surface.end_tagged();
        tags.push(TagGroup::with_children(Tag::P, vec![id.into()]));
        y += 14.0 * LINE;
    }
    let Some((place_date, maker)) = &list.made else { return tags };
    let middle = A4.right() - NATION_WIDE / 2.0;
    y += 4.0;
    let asked = "(Ký và ghi rõ họ và tên, chức vụ)";
    let lines = [
        (place_date.as_str(), (&*ITALIC, 14.0), 0.0),
        ("Người lập", (&*BOLD, 14.0), 0.0),
        (asked, (&*ITALIC, 13.0), SIGNATURE),
        (maker.as_str(), (&*BOLD, 14.0), 0.0),
    ];
    for (text, letters, room) in lines.into_iter().filter(|(text, ..)| !text.is_empty()) {
        let id = centred(surface, text, letters, (middle, y));
        tags.push(TagGroup::with_children(Tag::P, vec![id.into()]));
        y += 14.0 * LINE + room;
    }
    tags
}
