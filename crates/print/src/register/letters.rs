//! A face, letter by letter: Vietnamese in NFC needs no shaping.

use crate::world::FACES;
use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) static UPRIGHT: LazyLock<Letters> = LazyLock::new(|| Letters::of(FACES[0]));
pub(crate) static BOLD: LazyLock<Letters> = LazyLock::new(|| Letters::of(FACES[1]));
pub(crate) static ITALIC: LazyLock<Letters> = LazyLock::new(|| Letters::of(FACES[2]));

/// Glyph and width of each letter of a face; the width is a share of the size.
pub(crate) struct Letters {
    font: Font,
    known: HashMap<char, (GlyphId, f32)>,
}

impl Letters {
    #[expect(clippy::expect_used, reason = "the fonts are compiled in and every test run reads them")]
    fn of(bytes: &'static [u8]) -> Letters {
        let face = ttf_parser::Face::parse(bytes, 0).ok();
        let (face, font) = face.zip(Font::new(bytes.into(), 0)).expect("a font");
        let units = f32::from(face.units_per_em());
        let mut known = HashMap::new();
        let maps = face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
        for map in maps.filter(ttf_parser::cmap::Subtable::is_unicode) {
            map.codepoints(|point| {
                let (Some(letter), Some(glyph)) = (char::from_u32(point), map.glyph_index(point)) else {
                    return;
                };
                let width = f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) / units;
                known.insert(letter, (GlyphId::new(u32::from(glyph.0)), width));
            });
        }
        Letters { font, known }
    }

    fn letter(&self, letter: char) -> (GlyphId, f32) {
        self.known.get(&letter).copied().unwrap_or((GlyphId::new(0), 0.5))
    }

    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.letter(letter).1).sum::<f32>() * size
    }

    /// Lines none of which is wider, broken after spaces and, in symbols, after strokes and dashes. A space at the
    /// end of a line stays with it.
    pub(crate) fn wrap<'t>(&self, text: &'t str, size: f32, width: f32) -> Vec<&'t str> {
        let mut lines = Vec::new();
        let (mut start, mut used) = (0, 0.0);
        // Where the line may be broken, and how wide what follows is.
        let mut chance: Option<(usize, f32)> = None;
        for (at, letter) in text.char_indices() {
            let wide = self.letter(letter).1 * size;
            if used + wide > width && letter != ' ' && at > start {
                let (end, rest) = chance.take().unwrap_or((at, 0.0));
                lines.push(text.get(start..end).unwrap_or_default());
                (start, used) = (end, rest);
            }
            used += wide;
            if let Some((_, rest)) = &mut chance {
                *rest += wide;
            }
            if matches!(letter, ' ' | '/' | '-') {
                chance = Some((at.saturating_add(letter.len_utf8()), 0.0));
            }
        }
        lines.extend(text.get(start..).filter(|rest| !rest.is_empty()));
        lines
    }

    /// Writes one line, its first letter at this place of the base line.
    pub(crate) fn write(&self, surface: &mut Surface<'_>, text: &str, (left, base): (f32, f32), size: f32) {
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(at, letter)| {
                let (glyph, width) = self.letter(letter);
                let range = at..at.saturating_add(letter.len_utf8());
                KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        surface.draw_glyphs(Point::from_xy(left, base), &glyphs, self.font.clone(), text, size, false);
    }
}
