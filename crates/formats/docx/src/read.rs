//! From the parts of a file to its blocks.

use crate::lists::{Lists, Styles, heading};
use crate::model::{Block, Document, LeftOut, Row, Run, Unreadable};
use crate::package::Package;
use crate::xml::{Next, Tag, Xml};
use crate::{Limits, text};

/// Reads a document.
///
/// # Errors
/// Why it cannot be read; nothing of it is answered then.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.part("word/document.xml")?.ok_or(Unreadable::NotDocx)?;
    let styles = match package.part("word/styles.xml")? {
        Some(part) => Styles::read(&part, limits)?,
        None => Styles::default(),
    };
    let lists = match package.part("word/numbering.xml")? {
        Some(part) => Lists::read(&part, limits)?,
        None => Lists::default(),
    };
    let mut reading = Reading {
        xml: Xml::new(&main, limits),
        limits,
        styles,
        lists,
        document: Document::default(),
        letters: 0,
        blocks: 0,
    };
    let edges = package.count("word/header").saturating_add(package.count("word/footer"));
    reading.leave_out(LeftOut::HeadFoot, edges);
    reading.run()?;
    if reading.document.blocks.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(reading.document)
}

struct Reading<'a> {
    xml: Xml<'a>,
    limits: &'a Limits,
    styles: Styles,
    lists: Lists,
    document: Document,
    letters: usize,
    blocks: usize,
}

/// A paragraph under way.
#[derive(Default)]
struct Open {
    style: String,
    heading: Option<u8>,
    list: Option<String>,
    level: Option<usize>,
    runs: Vec<Run>,
}

impl Reading<'_> {
    fn run(&mut self) -> Result<(), Unreadable> {
        loop {
            match self.xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "p" => {
                        let block = self.paragraph()?;
                        self.document.blocks.extend(block);
                    }
                    "tbl" => {
                        let rows = self.table(0)?;
                        self.keep_table(rows);
                    }
                    name => self.aside(name)?,
                },
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Ok(()),
            }
        }
    }

    /// What is no text is passed over and counted.
    fn aside(&mut self, name: &str) -> Result<(), Unreadable> {
        let what = match name {
            "drawing" | "pict" | "object" => LeftOut::Picture,
            "footnoteReference" | "endnoteReference" => LeftOut::Note,
            "commentReference" => LeftOut::Remark,
            "del" | "moveFrom" => LeftOut::Deleted,
            "oMath" | "oMathPara" => LeftOut::Formula,
            // The second of two ways to show the same; codes of fields; what is said of a thing, not in it.
            "Fallback" | "instrText" | "delText" | "sdtPr" | "sectPr" | "tblPr" | "tblGrid" | "trPr"
            | "tcPr" => {
                return self.xml.skip();
            }
            _ => return Ok(()),
        };
        self.leave_out(what, 1);
        self.xml.skip()
    }

    fn leave_out(&mut self, what: LeftOut, how_often: usize) {
        if how_often > 0 {
            let count = self.document.left_out.entry(what).or_default();
            *count = count.saturating_add(how_often);
        }
    }

    fn one_more(&mut self) -> Result<(), Unreadable> {
        self.blocks = self.blocks.saturating_add(1);
        if self.blocks > self.limits.blocks { Err(Unreadable::TooLarge) } else { Ok(()) }
    }

    /// A paragraph that has begun; nothing when it is empty.
    fn paragraph(&mut self) -> Result<Option<Block>, Unreadable> {
        self.one_more()?;
        let mut open = Open::default();
        loop {
            match self.xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "pPr" => self.properties(&mut open)?,
                    "r" => self.letters_of(&mut open)?,
                    name => self.aside(name)?,
                },
                Next::Close(name) if name == "p" => break,
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(Unreadable::Damaged),
            }
        }
        Ok(self.closed(open))
    }

    fn properties(&mut self, open: &mut Open) -> Result<(), Unreadable> {
        // What a change of formatting changed from comes after what it is now.
        let mut is_past = false;
        self.xml.inside(|tag| {
            is_past |= tag.name() == "pPrChange";
            if !is_past {
                open.learn(tag);
            }
            Ok(())
        })
    }

    /// A run that has begun.
    fn letters_of(&mut self, open: &mut Open) -> Result<(), Unreadable> {
        let mut run = Run::default();
        let mut is_hidden = false;
        loop {
            match self.xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "rPr" => {
                        let mut is_past = false;
                        self.xml.inside(|tag| {
                            is_past |= tag.name() == "rPrChange";
                            match tag.name() {
                                _ if is_past => {}
                                "b" => run.bold = tag.is_on(),
                                "i" => run.italic = tag.is_on(),
                                "vanish" => is_hidden = tag.is_on(),
                                _ => {}
                            }
                            Ok(())
                        })?;
                    }
                    "t" => self.letters_in(&mut run)?,
                    "tab" | "br" | "cr" => run.text.push(' '),
                    "noBreakHyphen" => run.text.push('-'),
                    name => self.aside(name)?,
                },
                Next::Close(name) if name == "r" => break,
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(Unreadable::Damaged),
            }
        }
        if !is_hidden && !run.text.is_empty() {
            open.runs.push(run);
        }
        Ok(())
    }

    fn letters_in(&mut self, run: &mut Run) -> Result<(), Unreadable> {
        loop {
            match self.xml.next()? {
                Next::Text(text) => {
                    self.letters = self.letters.saturating_add(text.len());
                    if self.letters > self.limits.letters {
                        return Err(Unreadable::TooLarge);
                    }
                    run.text.push_str(&text);
                }
                Next::Close(name) if name == "t" => return Ok(()),
                Next::Open(_) | Next::Close(_) => {}
                Next::End => return Err(Unreadable::Damaged),
            }
        }
    }

    /// A paragraph with its number, as heading or not.
    fn closed(&mut self, open: Open) -> Option<Block> {
        let runs = text::joined(open.runs);
        if runs.is_empty() {
            return None;
        }
        let style = self.styles.of(&open.style);
        let list = match (open.list, style.list()) {
            // List 0 takes a paragraph out of the list of its style.
            (Some(list), _) if list == "0" => None,
            (Some(list), style) => {
                let level = open.level.or_else(|| style.map(|(_, level)| level));
                Some((list, level.unwrap_or(0)))
            }
            (None, style) => style.map(|(list, level)| (list, open.level.unwrap_or(level))),
        };
        let label = list.map(|(list, level)| self.lists.count(&list, level)).unwrap_or_default();
        let runs = text::labelled(&label, runs);
        Some(match open.heading.or(style.heading()) {
            Some(level) => Block::Heading { level, runs },
            None => Block::Paragraph(runs),
        })
    }

    /// A table that has begun.
    fn table(&mut self, within: usize) -> Result<Vec<Row>, Unreadable> {
        if within > 0 {
            self.leave_out(LeftOut::NestedTable, 1);
        }
        let (mut rows, mut row): (Vec<Row>, Row) = (Vec::new(), Vec::new());
        loop {
            match self.xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "tc" => row.push(self.cell(within)?),
                    name => self.aside(name)?,
                },
                Next::Close(name) if name == "tr" => rows.push(std::mem::take(&mut row)),
                Next::Close(name) if name == "tbl" => return Ok(rows),
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(Unreadable::Damaged),
            }
        }
    }

    /// A cell that has begun: its paragraphs one after the other.
    fn cell(&mut self, within: usize) -> Result<Vec<Run>, Unreadable> {
        self.one_more()?;
        let mut runs: Vec<Run> = Vec::new();
        loop {
            match self.xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "p" => match self.paragraph()? {
                        Some(Block::Paragraph(more) | Block::Heading { runs: more, .. }) => {
                            text::append(&mut runs, more);
                        }
                        Some(Block::Table(_)) | None => {}
                    },
                    "tbl" => {
                        let inner = self.table(within.saturating_add(1))?;
                        inner.into_iter().flatten().for_each(|cell| text::append(&mut runs, cell));
                    }
                    name => self.aside(name)?,
                },
                Next::Close(name) if name == "tc" => return Ok(runs),
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(Unreadable::Damaged),
            }
        }
    }

    fn keep_table(&mut self, rows: Vec<Row>) {
        if text::is_letterhead(&rows) {
            self.leave_out(LeftOut::Letterhead, 1);
        } else if rows.iter().flatten().any(|cell| !cell.is_empty()) {
            self.document.blocks.push(Block::Table(rows));
        }
    }
}

impl Open {
    fn learn(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "pStyle" => self.style = tag.val().unwrap_or_default(),
            "outlineLvl" => self.heading = heading(tag.number("val")),
            "numId" => self.list = tag.val(),
            "ilvl" => self.level = tag.number("val"),
            _ => {}
        }
    }
}
