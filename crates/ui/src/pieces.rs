//! What a long list writes hundreds of times, written where it stands: no text of its own for each, and letters that need
//! no escape are copied together.

use base::{Id, Instant};
use maud::{Escaper, Render};
use std::fmt::Write;

/// A text of somebody's: a subject, a name.
pub struct Words<'a>(pub &'a str);

impl Render for Words<'_> {
    fn render_to(&self, out: &mut String) {
        let mut rest = self.0;
        while let Some(at) = special(rest.as_bytes()) {
            let (plain, from) = rest.split_at(at);
            let (one, after) = from.split_at(1);
            out.push_str(plain);
            // Into memory: it does not fail.
            let _ = Escaper::new(out).write_str(one);
            rest = after;
        }
        out.push_str(rest);
    }
}

/// Where the first letter is that HTML reads otherwise. Looks at eight at a time.
fn special(bytes: &[u8]) -> Option<usize> {
    let is_special = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
    let (words, _) = bytes.as_chunks::<8>();
    let plain = words.iter().take_while(|word| !word.iter().fold(false, |any, byte| any | is_special(byte)));
    let from = plain.count() * 8;
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(is_special).map(|at| from + at)
}

/// An id in an address.
pub struct Key<T: ?Sized>(pub Id<T>);

impl<T: ?Sized> Render for Key<T> {
    fn render_to(&self, out: &mut String) {
        self.0.push_to(out);
    }
}

/// The day of a moment, with the moment itself for machines.
pub struct Day(pub Instant);

impl Render for Day {
    fn render_to(&self, out: &mut String) {
        out.push_str("<time datetime=\"");
        self.0.push_rfc3339(out);
        out.push_str("\">");
        self.0.date().push_dmy(out);
        out.push_str("</time>");
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Key, Words};
    use base::{Id, Instant};
    use maud::Render;

    #[test]
    fn words_are_written_as_maud_writes_them() {
        let texts = [
            "",
            "a",
            "<",
            "\"Về việc\" <báo cáo> & kế hoạch",
            "1234567&",
            "12345678<",
            "không có gì",
            "a<b>c&d\"e'",
        ];
        for text in texts {
            assert_eq!(Words(text).render().0, text.render().0);
        }
    }

    #[test]
    fn ids_and_days_are_written_as_they_read() {
        let id = Id::<()>::born(1_480_000_000_000_000, [7; 10]);
        assert_eq!(Key(id).render().0, id.to_string());
        let moment = Instant::local(2017, 3, 5, 9, 42).unwrap();
        let written = "<time datetime=\"2017-03-05T09:42:00+07:00\">05/03/2017</time>";
        assert_eq!(Day(moment).render().0, written);
    }
}
