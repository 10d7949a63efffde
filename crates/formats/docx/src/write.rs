//! A simple document made of blocks.

use crate::model::{Block, Row, Run};
use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const OF_MAIN: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// The namespace of the main part.
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// A4 with the margins of Decree 30/2020, Annex I: 20, 20, 30 and 15 mm, in twentieths of a point.
const PAGE: &str = r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>"#;
/// Between the margins, in twentieths of a point.
const WIDTH: usize = 9355;
/// Headings that have a style of their own.
const HEADINGS: u8 = 3;

/// Writes a document. The same blocks give the same bytes.
///
/// # Errors
/// When the archive cannot be written, which in memory means that there is none left.
pub fn write(blocks: &[Block]) -> std::io::Result<Vec<u8>> {
    zipped(&[
        ("[Content_Types].xml", format!("{HEAD}{TYPES}")),
        ("_rels/.rels", format!("{HEAD}{RELATIONS}")),
        ("word/_rels/document.xml.rels", format!("{HEAD}{OF_MAIN}")),
        ("word/styles.xml", styles()),
        ("word/document.xml", main_part(blocks)),
    ])
    .map_err(std::io::Error::other)
}

fn zipped(parts: &[(&str, String)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in parts {
        zip.start_file(*name, packed)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn styles() -> String {
    let mut text = format!(
        "{HEAD}<w:styles xmlns:w=\"{W}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" \
         w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:sz w:val=\"28\"/>\
         <w:szCs w:val=\"28\"/><w:lang w:val=\"vi-VN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>\
         <w:spacing w:before=\"120\" w:after=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    );
    for level in 1..=HEADINGS {
        let outline = level.saturating_sub(1);
        let middle = if level == 1 { "<w:jc w:val=\"center\"/>" } else { "" };
        text.extend([format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:pPr><w:keepNext/>{middle}\
             <w:outlineLvl w:val=\"{outline}\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>"
        )]);
    }
    text.push_str("</w:styles>");
    text
}

fn main_part(blocks: &[Block]) -> String {
    let mut text = format!("{HEAD}<w:document xmlns:w=\"{W}\"><w:body>");
    for block in blocks {
        match block {
            Block::Heading { level, runs } => {
                let style = format!("<w:pStyle w:val=\"Heading{}\"/>", (*level).clamp(1, HEADINGS));
                paragraph(&mut text, &style, (runs, false));
            }
            Block::Paragraph(runs) => paragraph(&mut text, "<w:jc w:val=\"both\"/>", (runs, false)),
            Block::Table(rows) => table(&mut text, rows),
        }
    }
    text.push_str(PAGE);
    text.push_str("</w:body></w:document>");
    text
}

/// A paragraph; `bold` makes all of it so.
fn paragraph(text: &mut String, properties: &str, (runs, bold): (&[Run], bool)) {
    text.push_str("<w:p><w:pPr>");
    text.push_str(properties);
    text.push_str("</w:pPr>");
    for run in runs {
        text.push_str("<w:r><w:rPr>");
        if run.bold || bold {
            text.push_str("<w:b/>");
        }
        if run.italic {
            text.push_str("<w:i/>");
        }
        text.push_str("</w:rPr><w:t xml:space=\"preserve\">");
        escaped(text, &run.text);
        text.push_str("</w:t></w:r>");
    }
    text.push_str("</w:p>");
}

/// A table with lines; its first row comes again on every page.
fn table(text: &mut String, rows: &[Row]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let width = WIDTH / columns;
    text.push_str("<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        text.extend(["<w:", side, " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"]);
    }
    text.push_str("</w:tblBorders></w:tblPr><w:tblGrid>");
    text.push_str(&format!("<w:gridCol w:w=\"{width}\"/>").repeat(columns));
    text.push_str("</w:tblGrid>");
    for (at, row) in rows.iter().enumerate() {
        let head = at == 0;
        text.push_str(if head { "<w:tr><w:trPr><w:tblHeader/></w:trPr>" } else { "<w:tr>" });
        let none = Vec::new();
        for cell in row.iter().chain(std::iter::repeat(&none)).take(columns) {
            text.extend([format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>")]);
            paragraph(text, if head { "<w:jc w:val=\"center\"/>" } else { "" }, (cell, head));
            text.push_str("</w:tc>");
        }
        text.push_str("</w:tr>");
    }
    text.push_str("</w:tbl>");
}

/// Letters that XML allows, with the three that mean something escaped.
fn escaped(text: &mut String, letters: &str) {
    for letter in letters.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'.. => text.push(letter),
            _ => {}
        }
    }
}
