//! A letter written by hand, object by object, so that a forger can put each byte where he wants it.

use std::fmt::Write;
use std::ops::Range;

pub(crate) const CATALOG: u32 = 1;
pub(crate) const PAGES: u32 = 2;
pub(crate) const PAGE_ONE: u32 = 3;
pub(crate) const PAGE_TWO: u32 = 4;
pub(crate) const TEXT_ONE: u32 = 5;
pub(crate) const TEXT_TWO: u32 = 6;
pub(crate) const FONT: u32 = 7;
pub(crate) const PICTURE: u32 = 8;
pub(crate) const FORM: u32 = 9;
pub(crate) const NAME_FIELD: u32 = 11;
pub(crate) const NAME_SHOWN: u32 = 12;
pub(crate) const INFO: u32 = 13;
pub(crate) const EMPTY_FIELD: u32 = 14;
pub(crate) const LINK: u32 = 15;
pub(crate) const LENGTH: u32 = 16;
/// Nothing leads to it: a text prepared for later.
pub(crate) const HIDDEN: u32 = 17;
/// Page one names it, and it does not exist.
pub(crate) const DANGLING: u32 = 18;

#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fields: Vec<u32>,
    pub(crate) annots: Vec<u32>,
    /// More entries of the catalog, the form and page one.
    pub(crate) catalog: String,
    pub(crate) form: String,
    pub(crate) page: String,
    pub(crate) next: u32,
}

/// Where the hexadecimal string begins and ends and how long the file is, to the text of the range and what is really
/// signed.
pub(crate) type Ranges = fn(usize, usize, usize) -> (String, Vec<Range<usize>>);

/// How a signature is put into a paper; a forger changes one thing.
pub(crate) struct Spot<'a> {
    pub(crate) name: &'a str,
    pub(crate) rect: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) sub_filter: &'a str,
    /// More entries of the signature and of its field.
    pub(crate) signature: &'a str,
    pub(crate) field: &'a str,
    /// The field to sign when it is there already.
    pub(crate) existing: Option<u32>,
    pub(crate) range: Ranges,
    /// What stands between the range and the string.
    pub(crate) before_contents: &'a str,
    pub(crate) shown: bool,
}

pub(crate) fn honest(first: usize, second: usize, length: usize) -> (String, Vec<Range<usize>>) {
    (format!("[0 {first} {second} {}]", length - second), vec![0..first, second..length])
}

impl Default for Spot<'_> {
    fn default() -> Self {
        Self {
            name: "Ky1",
            rect: "[50 50 150 100]",
            kind: "Sig",
            sub_filter: "ETSI.CAdES.detached",
            signature: "",
            field: "",
            existing: None,
            range: honest,
            before_contents: "",
            shown: true,
        }
    }
}

pub(crate) fn stream(entries: &str, content: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

impl Paper {
    pub(crate) fn new() -> Self {
        let mut paper = Self {
            bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            fields: vec![NAME_FIELD, EMPTY_FIELD],
            annots: vec![LINK, NAME_FIELD, EMPTY_FIELD],
            catalog: String::new(),
            form: String::new(),
            page: String::new(),
            next: 20,
        };
        let text_two = "BT /F 14 Tf 72 700 Td (Trang 2) Tj ET";
        let objects = [
            (CATALOG, paper.catalog()),
            (PAGES, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] >>".to_owned()),
            (PAGE_ONE, paper.page_one()),
            (PAGE_TWO, "<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Resources << /Font << /F 7 0 R >> >> >>".into()),
            (TEXT_ONE, stream("", "BT /F 14 Tf 72 700 Td (Chi 1.000.000 dong) Tj ET /Im Do")),
            (TEXT_TWO, format!("<< /Length 16 0 R >>\nstream\n{text_two}\nendstream")),
            (FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".into()),
            (
                PICTURE,
                stream("/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8", "abcd"),
            ),
            (FORM, paper.form()),
            (
                NAME_FIELD,
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (HoTen) /V (cu) /Rect [72 600 200 620] /P 3 0 R /AP << /N 12 0 R >> >>".into(),
            ),
            (NAME_SHOWN, stream("/Type /XObject /Subtype /Form /BBox [0 0 128 20]", "BT (cu) Tj ET")),
            (INFO, "<< /Title (Quyet dinh) /Producer (Mau) >>".into()),
            (
                EMPTY_FIELD,
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T (KySan) /Rect [300 50 400 100] /P 3 0 R /F 132 >>".into(),
            ),
            (LINK, "<< /Type /Annot /Subtype /Link /Rect [0 0 10 10] /Dest [4 0 R /Fit] >>".into()),
            (LENGTH, text_two.len().to_string()),
            (HIDDEN, stream("", "BT /F 14 Tf 72 700 Td (Chi 9.000.000 dong) Tj ET")),
        ];
        paper.write(&objects, "/Info 13 0 R /ID [<00112233> <00112233>]");
        paper
    }

    pub(crate) fn catalog(&self) -> String {
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 9 0 R {} >>", self.catalog)
    }

    pub(crate) fn form(&self) -> String {
        format!("<< /Fields [{}] /SigFlags 3 {} >>", list(&self.fields), self.form)
    }

    pub(crate) fn page_one(&self) -> String {
        let resources = "<< /Font << /F 7 0 R >> /XObject << /Im 8 0 R /Later 18 0 R >> >>";
        let annots = list(&self.annots);
        format!(
            "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources {resources} /Annots [{annots}] {} >>",
            self.page
        )
    }

    /// Appends objects and their table. A `free` object is an empty text.
    pub(crate) fn write(&mut self, objects: &[(u32, String)], trailer: &str) {
        let bytes = (0, String::new());
        let offsets: Vec<(u32, usize)> = objects
            .iter()
            .filter(|object| **object != bytes)
            .map(|(number, body)| {
                let at = self.bytes.len();
                if !body.is_empty() {
                    self.bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
                }
                (*number, if body.is_empty() { 0 } else { at })
            })
            .collect();
        self.table(&offsets, trailer);
    }

    /// Appends a table and a trailer.
    pub(crate) fn table(&mut self, offsets: &[(u32, usize)], trailer: &str) {
        let previous = self.last_table().map(|at| format!("/Prev {at}")).unwrap_or_default();
        self.table_after(offsets, &format!("/Root 1 0 R {trailer} {previous}"));
    }

    pub(crate) fn table_after(&mut self, offsets: &[(u32, usize)], trailer: &str) {
        let at = self.bytes.len();
        let mut table = "xref\n0 1\n0000000000 65535 f \n".to_owned();
        for (number, offset) in offsets {
            let used = if *offset == 0 { 'f' } else { 'n' };
            write!(table, "{number} 1\n{offset:010} 00000 {used} \n").unwrap();
        }
        write!(table, "trailer\n<< /Size {} {trailer} >>\nstartxref\n{at}\n%%EOF\n", self.next).unwrap();
        self.bytes.extend(table.as_bytes());
    }

    pub(crate) fn last_table(&self) -> Option<usize> {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        let (_, tail) = text.rsplit_once("startxref\n")?;
        tail.lines().next()?.parse().ok()
    }

    /// Appends an update with these objects.
    pub(crate) fn update(&mut self, objects: &[(u32, &str)]) {
        let objects: Vec<(u32, String)> =
            objects.iter().map(|(number, body)| (*number, (*body).to_owned())).collect();
        self.write(&objects, "/Info 13 0 R /ID [<00112233> <44556677>]");
    }

    /// A number for a new object.
    pub(crate) fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Signs; `seal` makes the message from the bytes that are signed.
    pub(crate) fn sign(&mut self, spot: &Spot<'_>, seal: impl Fn(&[u8]) -> Vec<u8>) {
        let (value, shown) = (self.number(), self.number());
        let before = self.bytes.len();
        let signature = format!(
            "<< /Type /{} /Filter /Adobe.PPKLite /SubFilter /{} /Reason (Ky) /M (D:20261123090000+07'00') {} /ByteRange {:80} {} /Contents <{}> >>",
            spot.kind,
            spot.sub_filter,
            spot.signature,
            "@",
            spot.before_contents,
            "0".repeat(SPACE)
        );
        let appearance = if spot.shown { format!("/AP << /N {shown} 0 R >>") } else { String::new() };
        let mut objects = vec![(value, signature)];
        if spot.shown {
            let entries = "/Type /XObject /Subtype /Form /BBox [0 0 100 50]";
            objects.push((shown, stream(entries, "0 0 100 50 re S")));
        }
        let rect = spot.rect;
        let field = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({}) /F 132 /Rect {rect} /P 3 0 R /V {value} 0 R {appearance} {} >>",
            spot.name, spot.field
        );
        let number = spot.existing.unwrap_or(self.next);
        objects.push((number, field));
        if spot.existing.is_none() {
            self.next += 1;
            self.fields.push(number);
            objects.push((FORM, self.form()));
            if spot.shown {
                self.annots.push(number);
                objects.push((PAGE_ONE, self.page_one()));
            }
        }
        self.write(&objects, "/Info 13 0 R /ID [<00112233> <44556677>]");
        self.seal(before, spot, &seal);
    }

    fn seal(&mut self, before: usize, spot: &Spot<'_>, seal: &dyn Fn(&[u8]) -> Vec<u8>) {
        let first = before + find(&self.bytes[before..], format!("<{}", "0".repeat(SPACE)).as_bytes());
        let second = first + SPACE + 2;
        let (range, signed) = (spot.range)(first, second, self.bytes.len());
        let at = before + find(&self.bytes[before..], b"@");
        self.bytes[at..at + 80].copy_from_slice(format!("{range:80}").as_bytes());
        let signed: Vec<u8> = signed.into_iter().flat_map(|range| self.bytes[range].to_vec()).collect();
        let message = seal(&signed);
        let digits = crate::der::hex(&message);
        assert!(digits.len() <= SPACE, "{} digits", digits.len());
        self.bytes[first + 1..first + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    }

    /// Signs what was written by hand from there on.
    pub(crate) fn seal_at(&mut self, before: usize, seal: &dyn Fn(&[u8]) -> Vec<u8>) {
        self.seal(before, &Spot::default(), seal);
    }

    /// Replaces bytes of the same length, wherever they stand first.
    pub(crate) fn replace(&mut self, old: &str, new: &str) {
        assert_eq!(old.len(), new.len());
        let at = find(&self.bytes, old.as_bytes());
        self.bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
}

/// Digits kept for a message.
pub(crate) const SPACE: usize = 12_000;

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).expect("the bytes are there")
}

fn list(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number} 0 R")).collect::<Vec<_>>().join(" ")
}
