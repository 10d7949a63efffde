//! Pictures of the screens the pages of help are about, one in each language.

/// What every picture measures.
pub(crate) const SIZE: (u32, u32) = (1200, 750);

/// Name of the page, language, WebP.
static PICTURES: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/pictures.rs"));

/// The picture of a page.
pub(crate) fn of(name: &str, language: &str) -> Option<&'static [u8]> {
    PICTURES.iter().find(|(of, lang, _)| *of == name && *lang == language).map(|(_, _, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::{PICTURES, SIZE};

    const BYTES_MAX: usize = 60 * 1024;
    const ALL_BYTES_MAX: usize = 4 * 1024 * 1024;

    /// The size a lossy WebP says it has: after the start code of its first frame.
    fn size(webp: &[u8]) -> (u32, u32) {
        let at = webp.windows(3).position(|three| three == [0x9D, 0x01, 0x2A]).expect("a frame") + 3;
        let side = |at: usize| u32::from(u16::from_le_bytes([webp[at], webp[at + 1]]) & 0x3FFF);
        (side(at), side(at + 2))
    }

    #[test]
    fn every_picture_is_small_and_as_large_as_pages_say() {
        for (name, language, webp) in PICTURES {
            assert!(webp.starts_with(b"RIFF") && &webp[8..12] == b"WEBP", "{language}/{name} is no WebP");
            assert_eq!(size(webp), SIZE, "{language}/{name}");
            assert!(webp.len() <= BYTES_MAX, "{language}/{name} has {} bytes", webp.len());
        }
        let all: usize = PICTURES.iter().map(|(_, _, webp)| webp.len()).sum();
        assert!(all <= ALL_BYTES_MAX, "all together have {all} bytes");
    }
}
