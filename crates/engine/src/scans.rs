//! Reads a PDF: its own text where it has some, else what a machine reads off the picture of each page.

use crate::child::{self, Bounds, Ended};
use crate::config::Reading;
use contracts::{ReadPage, ReadWord};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

/// Why a PDF could not be read, or not all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A program is not installed.
    Missing,
    /// It asks for a password.
    Locked,
    /// It is no PDF, or a damaged one.
    Broken,
    /// It took too long.
    TooLong,
    /// Only the first pages were read.
    Part,
    /// There are no words on it.
    Empty,
}

impl Trouble {
    /// Its word in texts.
    pub const fn word(self) -> &'static str {
        match self {
            Trouble::Missing => "missing",
            Trouble::Locked => "locked",
            Trouble::Broken => "broken",
            Trouble::TooLong => "too_long",
            Trouble::Part => "part",
            Trouble::Empty => "empty",
        }
    }
}

/// A page with fewer letters of its own is a picture with, at most, the words of a signature on it.
const LETTERS_OF_TEXT: usize = 250;
/// The long side of a drawn page: A4 at 300 dpi, and no more however large the sheet says it is.
const LONG_SIDE: &str = "3508";
/// The text of so many pages; what is longer is no letter.
const TEXT_BYTES: u64 = 32 << 20;

/// A PDF that is being read. What it does blocks.
#[derive(Debug)]
pub struct Reader {
    file: File,
    /// Pages of the PDF.
    pub total: u32,
    /// Pages that will be read.
    pub wanted: u32,
    /// Pages with text of their own, and those with little or none.
    own: Vec<ReadPage>,
}

impl Reader {
    /// Opens a PDF and takes out its own text.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn open(file: File, config: &Reading) -> Result<Reader, Trouble> {
        let told = run(config, (&config.pdfinfo, &["-"]), &file).map_err(of_pdf)?;
        let mut facts = String::new();
        told.take(TEXT_BYTES).read_to_string(&mut facts).map_err(|_| Trouble::Broken)?;
        let pages = facts.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok());
        let total: u32 = pages.filter(|pages| *pages > 0).ok_or(Trouble::Broken)?;
        let wanted = total.min(config.pages);
        let last = wanted.to_string();
        let arguments = ["-tsv", "-l", &last, "-", "-"];
        let own = run(config, (&config.pdftotext, &arguments), &file).map_err(of_pdf)?;
        Ok(Reader { file, total, wanted, own: table(own) })
    }

    /// Reads a page, counted from 1.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn page(&mut self, number: u32, config: &Reading) -> Result<ReadPage, Trouble> {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        if let Some(own) = self.own.get_mut(at).filter(|page| letters(page) >= LETTERS_OF_TEXT) {
            return Ok(std::mem::take(own));
        }
        let number = number.to_string();
        let draw = ["-f", &number, "-l", &number, "-scale-to", LONG_SIDE, "-gray", "-"];
        let picture = run(config, (&config.pdftoppm, &draw), &self.file).map_err(of_pdf)?;
        let read = ["stdin", "stdout", "-l", &config.languages, "tsv"];
        let read = run(config, (&config.tesseract, &read), &picture).map_err(|why| match of_pdf(why) {
            Trouble::Locked => Trouble::Broken,
            trouble => trouble,
        })?;
        Ok(table(read).into_iter().next().unwrap_or_default())
    }
}

fn run(config: &Reading, what: (&str, &[&str]), input: &File) -> Result<File, Ended> {
    let bounds = Bounds { time: Duration::from_secs(config.page_seconds), memory_mb: config.memory_mb };
    let ended = child::run(what, input.try_clone()?, bounds);
    if let Err(why) = &ended {
        tracing::warn!(program = what.0, %why, "a scan was not read");
    }
    ended
}

fn of_pdf(why: Ended) -> Trouble {
    match why {
        Ended::Missing => Trouble::Missing,
        Ended::TooLong => Trouble::TooLong,
        Ended::Failed(words) if words.contains("password") => Trouble::Locked,
        Ended::Failed(_) | Ended::Io(_) => Trouble::Broken,
    }
}

fn letters(page: &ReadPage) -> usize {
    page.words.iter().map(|word| word.text.chars().filter(|c| c.is_alphabetic()).count()).sum()
}

/// Reads the table both programs write: a row for each page, line and word, with its place and how sure it is.
fn table(file: File) -> Vec<ReadPage> {
    let mut pages: Vec<ReadPage> = Vec::new();
    let (mut line, mut last) = (0, String::new());
    let rows = BufReader::new(file.take(TEXT_BYTES)).split(b'\n').map_while(Result::ok);
    for row in rows {
        let row = String::from_utf8_lossy(&row);
        let row: Vec<&str> = row.trim_end_matches('\r').splitn(12, '\t').collect();
        let [level, page, block, paragraph, number, _, left, top, width, height, sure, text] = *row else {
            continue;
        };
        let place = [left, top, width, height].map(whole);
        match level {
            "1" => pages.push(ReadPage { width: place[2], height: place[3], words: Vec::new() }),
            "5" if !text.trim().is_empty() => {
                let here = format!("{page} {block} {paragraph} {number}");
                if here != last {
                    (line, last) = (line + 1, here);
                }
                let [left, top, width, height] = place;
                let text = base::text::nfc(text.trim());
                let word = ReadWord { text, sure: whole(sure).min(100), left, top, width, height, line };
                pages.last_mut().into_iter().for_each(|page| page.words.push(word.clone()));
            }
            _ => {}
        }
    }
    pages
}

/// The whole part of a number as these programs write it; nothing for one below zero.
fn whole(number: &str) -> u32 {
    number.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0)
}
