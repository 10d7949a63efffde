//! Invented packets for tests and measurements, here and in the crates that exchange packets. People, numbers and
//! contents are fictional.

use std::io::{self, Read};

use jiff::civil::date;

use crate::attachment::Attachment;
use crate::model::{
    Business, Code, Document, DocumentType, Organ, OtherInfo, Promulgation, Signer, Staff, TraceHeader,
};
use crate::write::{WriteError, write_document};

/// A new document of a province to one commune, with one attachment `1234_UBND-VX.pdf`.
pub fn document() -> Document {
    let organ = |id: &str, name: &str| Organ { id: id.to_owned(), name: name.to_owned(), ..Organ::default() };
    let attachment = Attachment {
        content_id: "vb".to_owned(),
        name: "1234_UBND-VX.pdf".to_owned(),
        description: "Văn bản chính".to_owned(),
        ..Attachment::default()
    };
    Document {
        from: organ("000.00.00.H44", "UBND tỉnh"),
        to: vec![organ("000.20.31.H44", "UBND xã")],
        code: Code { number: "1234".to_owned(), notation: "UBND-VX".to_owned() },
        promulgation: Promulgation { place: "Phú Thọ".to_owned(), date: Some(date(2026, 5, 12)) },
        document_type: DocumentType { name: "Công văn".to_owned(), ..DocumentType::default() },
        subject: "V/v kiểm tra công tác văn thư".to_owned(),
        signer: Signer {
            competence: "KT.".to_owned(),
            position: "Phó Chủ tịch".to_owned(),
            full_name: "Hà Thị Sim".to_owned(),
        },
        other: OtherInfo { priority: "0".to_owned(), ..OtherInfo::default() },
        trace: vec![TraceHeader {
            organ_id: "000.00.00.H44".to_owned(),
            at: Some(date(2026, 5, 12).at(8, 30, 0, 0)),
        }],
        business: Business {
            staff: Staff { name: "Đinh Văn Lộc".to_owned(), ..Staff::default() },
            ..Business::default()
        },
        attachments: vec![attachment],
        ..Document::default()
    }
}

/// The packet of [`document`] with an attachment of `bytes` bytes.
pub fn packet(bytes: u64) -> Result<Vec<u8>, WriteError> {
    let mut packet = Vec::new();
    write_document(&document(), &mut [&mut pdf(bytes)], &mut packet)?;
    Ok(packet)
}

/// `bytes` bytes that begin like a PDF and do not compress, the same every time.
pub fn pdf(bytes: u64) -> impl Read {
    b"%PDF-1.7\n".chain(Noise(0x9E37_79B9_7F4A_7C15)).take(bytes)
}

/// Endless pseudo-random bytes (xorshift).
struct Noise(u64);

impl Read for Noise {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        for byte in &mut *buf {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            [*byte, ..] = self.0.to_be_bytes();
        }
        Ok(buf.len())
    }
}
