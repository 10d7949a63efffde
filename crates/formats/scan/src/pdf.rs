//! The PDF: three objects a page, written one after the other (ISO 32000-1).

use crate::picture::{Colours, Packed, Picture};
use crate::{Error, Limits, Reason, tiff};
use std::io::{self, Write};

/// A4 in points: its short and its long side.
const A4: (u32, u32) = (595, 842);

/// Writes pictures as the pages of one PDF, and answers how many there are.
///
/// # Errors
/// `Refused` with the place of a picture that is not taken; `Io` when reading or writing fails.
pub fn pdf(
    pictures: impl IntoIterator<Item = io::Result<Vec<u8>>>,
    out: &mut impl Write,
    limits: &Limits,
) -> Result<usize, Error> {
    let mut file = File { out, written: 0, objects: vec![0, 0] };
    file.put(b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n")?;
    let mut pages = Vec::new();
    for (at, bytes) in pictures.into_iter().enumerate() {
        let bytes = bytes?;
        let mut take = |picture: std::result::Result<Picture, Reason>| {
            if pages.len() >= limits.pictures {
                return Err(Error::Refused(at + 1, Reason::Number));
            }
            let picture = picture.map_err(|why| Error::Refused(at + 1, why))?;
            pages.push(file.page(&picture)?);
            Ok(())
        };
        if tiff::is_one(&bytes) {
            tiff::pages(&bytes, limits, take)?;
        } else {
            take(Picture::read(&bytes, limits))?;
        }
    }
    if pages.is_empty() {
        return Err(Error::Refused(0, Reason::Number));
    }
    file.close(&pages)?;
    Ok(pages.len())
}

struct File<'a, W> {
    out: &'a mut W,
    written: usize,
    /// Where each object begins; the first two, catalogue and list of pages, are written last.
    objects: Vec<usize>,
}

impl<W: Write> File<'_, W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len();
        self.out.write_all(bytes)
    }

    /// Begins an object and answers its number.
    fn object(&mut self) -> io::Result<usize> {
        self.objects.push(self.written);
        let number = self.objects.len();
        self.put(format!("{number} 0 obj\n").as_bytes())?;
        Ok(number)
    }

    fn stream(&mut self, entries: &str, bytes: &[u8]) -> io::Result<usize> {
        let number = self.object()?;
        self.put(format!("<<{entries}/Length {}>>\nstream\n", bytes.len()).as_bytes())?;
        self.put(bytes)?;
        self.put(b"\nendstream\nendobj\n")?;
        Ok(number)
    }

    fn page(&mut self, picture: &Picture) -> io::Result<usize> {
        let (filter, bytes) = match &picture.packed {
            Packed::Jpeg(bytes) => ("DCTDecode", bytes),
            Packed::Deflated(bytes) => ("FlateDecode", bytes),
        };
        let colours = match picture.colours {
            Colours::Grey => "DeviceGray",
            Colours::Rgb => "DeviceRGB",
        };
        let (width, height) = (picture.width, picture.height);
        let image = self.stream(
            &format!(
                "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/{colours}\
                 /BitsPerComponent 8/Filter/{filter}"
            ),
            bytes,
        )?;
        let (sheet, place) = place(picture);
        let drawn = format!("q {} cm /P Do Q", place.map(|n| n.to_string()).join(" "));
        let drawn = self.stream("", drawn.as_bytes())?;
        let page = self.object()?;
        let entries = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]/Contents {drawn} 0 R\
             /Resources<</XObject<</P {image} 0 R>>>>>>\nendobj\n",
            sheet.0, sheet.1
        );
        self.put(entries.as_bytes())?;
        Ok(page)
    }

    fn close(&mut self, pages: &[usize]) -> io::Result<()> {
        let kids: Vec<String> = pages.iter().map(|page| format!("{page} 0 R")).collect();
        let last = [
            "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_owned(),
            format!("2 0 obj\n<</Type/Pages/Count {}/Kids[{}]>>\nendobj\n", pages.len(), kids.join(" ")),
        ];
        for (begin, object) in [0, 1].into_iter().zip(last) {
            if let Some(place) = self.objects.get_mut(begin) {
                *place = self.written;
            }
            self.put(object.as_bytes())?;
        }
        let (begin, count) = (self.written, self.objects.len() + 1);
        let mut list = format!("xref\n0 {count}\n0000000000 65535 f \n");
        list.extend(self.objects.iter().map(|place| format!("{place:010} 00000 n \n")));
        list.extend([format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF\n")]);
        self.put(list.as_bytes())?;
        self.out.flush()
    }
}

/// The sheet, and how the picture's unit square is laid on it: turned as EXIF says, in the middle, as large as goes.
fn place(picture: &Picture) -> ((u32, u32), [i64; 6]) {
    let lies = picture.turn >= 5;
    let (width, height) =
        if lies { (picture.height, picture.width) } else { (picture.width, picture.height) };
    let sheet = if width > height { (A4.1, A4.0) } else { A4 };
    let part = |side: u32, of: u32, by: u32| (u64::from(side) * u64::from(of) / u64::from(by)).max(1);
    let tall = part(sheet.0, height, width);
    let (w, h) = if tall <= u64::from(sheet.1) {
        (u64::from(sheet.0), tall)
    } else {
        (part(sheet.1, width, height), u64::from(sheet.1))
    };
    let (w, h) = (i64::try_from(w).unwrap_or(1), i64::try_from(h).unwrap_or(1));
    let (x, y) = ((i64::from(sheet.0) - w) / 2, (i64::from(sheet.1) - h) / 2);
    let matrix = match picture.turn {
        2 => [-w, 0, 0, h, x + w, y],
        3 => [-w, 0, 0, -h, x + w, y + h],
        4 => [w, 0, 0, -h, x, y + h],
        5 => [0, -h, -w, 0, x + w, y + h],
        6 => [0, -h, w, 0, x, y + h],
        7 => [0, h, w, 0, x, y],
        8 => [0, h, -w, 0, x + w, y],
        _ => [w, 0, 0, h, x, y],
    };
    (sheet, matrix)
}
