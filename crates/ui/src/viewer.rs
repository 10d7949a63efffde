//! The document: its pages in a well, its files under it, and the letter as white paper.

use crate::icons::icon;
use base::T;
use maud::{Markup, html};

/// A file that can be taken.
#[derive(Debug, Clone, Copy)]
pub struct FileLink<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its address; empty when it may not be opened.
    pub href: &'a str,
    /// Kind and size.
    pub note: &'a str,
}

/// What the viewer shows. The first of `sheet`, `pdf` and `images` that is there fills the well.
#[derive(Debug, Clone)]
pub struct Viewer<'a> {
    /// What it is.
    pub title: &'a str,
    /// Which copy, how many pages.
    pub note: &'a str,
    /// Address of a PDF.
    pub pdf: Option<&'a str>,
    /// Addresses of page images and what they show.
    pub images: &'a [(&'a str, &'a str)],
    /// The letter written out.
    pub sheet: Option<Markup>,
    /// Files sent with it.
    pub files: &'a [FileLink<'a>],
    /// Address of the original.
    pub download: Option<&'a str>,
}

/// The document viewer.
pub fn viewer(t: T, viewer: &Viewer<'_>) -> Markup {
    html! {
        section class="viewer" aria-label=(t.text("ui.viewer")) {
            div class="viewer__bar" {
                span { b { (viewer.title) } " " span class="muted" { (viewer.note) } }
                @if let Some(original) = viewer.download {
                    a class="btn btn--quiet btn--icon" href=(original) download aria-label=(t.text("ui.viewer.download")) {
                        (icon("download"))
                    }
                }
            }
            (well(t, viewer))
            @if !viewer.files.is_empty() { (files(t, viewer.files)) }
        }
    }
}

fn well(t: T, viewer: &Viewer<'_>) -> Markup {
    html! {
        div class="viewer__well" {
            @if let Some(sheet) = &viewer.sheet {
                (sheet)
            } @else if let Some(address) = viewer.pdf {
                (pdf(t, viewer.title, address))
            } @else {
                @for (address, alt) in viewer.images { img class="viewer__page" src=(address) alt=(alt) loading="lazy"; }
                @if viewer.images.is_empty() { p class="muted" { (t.text("ui.viewer.nothing")) } }
            }
        }
    }
}

/// A PDF in the viewer of the browser, with the way to the file where there is none.
pub fn pdf(t: T, title: &str, address: &str) -> Markup {
    html! {
        object class="viewer__pdf" data=(address) type="application/pdf" aria-label=(title) {
            p { (t.text("ui.viewer.no_pdf")) " " a href=(address) { (t.text("ui.viewer.download")) } }
        }
    }
}

/// The place of the printed pages at an address. The script fetches them where there is room for a sheet of paper.
pub fn printed(t: T, address: &str) -> Markup {
    html! { div class="viewer__pages" role="group" aria-label=(t.text("ui.viewer.pages")) data-pages=(address) hidden {} }
}

/// A document as it is on paper, and its words under it for whoever reads them better as text: on a telephone, with a
/// screen reader, without script. The script folds them away once the paper is there.
pub fn paper_and_words(t: T, paper: Markup, words: Markup) -> Markup {
    html! {
        (paper)
        details class="more viewer__words" open data-words { summary { (t.text("ui.viewer.words")) } (words) }
    }
}

fn files(t: T, files: &[FileLink<'_>]) -> Markup {
    html! {
        ul class="viewer__files" aria-label=(t.text("ui.viewer.files")) {
            @for file in files {
                li {
                    (icon("clip"))
                    @if file.href.is_empty() { span { (file.name) } } @else { a href=(file.href) { (file.name) } }
                    small { (file.note) }
                }
            }
        }
    }
}

/// Page one of an official letter, laid out after Decree 30/2020/NĐ-CP, annex I.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The governing agency; empty for none.
    pub parent: &'a str,
    /// The issuing agency.
    pub agency: &'a str,
    /// Number and symbol; empty shows a gap.
    pub number: &'a str,
    /// What a letter (công văn) is about; empty for none.
    pub about: &'a str,
    /// The degree of urgency as it is stamped; empty for none.
    pub urgent: &'a str,
    /// Lines of the arrival stamp: name and value.
    pub arrival: &'a [(&'a str, &'a str)],
    /// Place and date.
    pub place_date: &'a str,
    /// The name of the kind, as "QUYẾT ĐỊNH"; empty for a letter.
    pub kind: &'a str,
    /// To whom; empty for none.
    pub to: &'a [&'a str],
    /// The text, in paragraphs.
    pub body: Markup,
    /// Lines of "Nơi nhận".
    pub recipients: &'a [&'a str],
    /// Lines above the signature.
    pub authority: &'a [&'a str],
    /// Who signs.
    pub signer: &'a str,
    /// True when it is signed.
    pub signed: bool,
    /// The name round the seal, when it is sealed.
    pub seal: Option<&'a str>,
    /// A word across the foot of a draft; empty for none.
    pub watermark: &'a str,
}

/// The letter on white paper, whatever the theme. The words of the form itself are law, in Vietnamese.
pub fn sheet(t: T, sheet: &Sheet<'_>) -> Markup {
    html! {
        div class="frame" {
            article class="sheet" lang="vi" aria-label=(t.fill("ui.sheet.label", &[("number", &sheet.number)])) {
                div class="sheet__head" { (issuer(t, sheet)) (motto(t, sheet)) }
                @if !sheet.kind.is_empty() {
                    p class="sheet__kind" { (sheet.kind) }
                    p class="sheet__title" { (sheet.about) }
                }
                (addressee(t, sheet.to))
                div class="sheet__body" { (sheet.body) }
                div class="sheet__end" { (recipients(t, sheet.recipients)) (signature(t, sheet)) }
                @if !sheet.watermark.is_empty() { p class="sheet__watermark" { (sheet.watermark) } }
            }
        }
    }
}

fn issuer(t: T, sheet: &Sheet<'_>) -> Markup {
    html! {
        div {
            @if !sheet.parent.is_empty() { p class="sheet__parent" { (sheet.parent) } }
            p class="sheet__caps" { (sheet.agency) }
            div class="sheet__rule" {}
            p class="sheet__no" {
                (t.text("ui.sheet.number")) " "
                @if sheet.number.is_empty() { span class="sheet__gap" { (t.text("ui.sheet.no_number")) } } @else { (sheet.number) }
            }
            @if sheet.kind.is_empty() && !sheet.about.is_empty() {
                p class="sheet__about" { (t.text("ui.sheet.about")) " " (sheet.about) }
            }
            @if !sheet.urgent.is_empty() { p class="sheet__urgent" { (sheet.urgent) } }
            @if !sheet.arrival.is_empty() {
                div class="arrival" { @for (name, value) in sheet.arrival { span { b { (name) } " " (value) } } }
            }
        }
    }
}

fn motto(t: T, sheet: &Sheet<'_>) -> Markup {
    html! {
        div {
            p class="sheet__caps" { (t.text("ui.sheet.state")) }
            p { b { (t.text("ui.sheet.motto")) } }
            div class="sheet__rule sheet__rule--motto" {}
            p class="sheet__place" { (sheet.place_date) }
        }
    }
}

fn addressee(t: T, to: &[&str]) -> Markup {
    html! {
        @match to {
            [] => {}
            [one] => p class="sheet__to" { (t.text("ui.sheet.to")) " " (one) "." },
            many => div class="sheet__to sheet__to--many" {
                p { (t.text("ui.sheet.to")) }
                ul { @for one in many { li { "- " (one) ";" } } }
            }
        }
    }
}

fn recipients(t: T, lines: &[&str]) -> Markup {
    html! {
        div class="sheet__cc" {
            @if !lines.is_empty() {
                b { (t.text("ui.sheet.recipients")) }
                ul { @for line in lines { li { "- " (line) } } }
            }
        }
    }
}

fn signature(t: T, sheet: &Sheet<'_>) -> Markup {
    html! {
        div class="sheet__sign" {
            @for line in sheet.authority { p { (line) } }
            // Signature and seal stand in the space between position and name, however many lines are above it.
            div class="sheet__space" {
                @if sheet.signed {
                    svg class="sheet__hand" viewBox="0 0 120 60" role="img" aria-label=(t.text("ui.sheet.signature")) {
                        path d="M8 44c14-2 22-34 30-36 7-1-6 34-2 36 5 2 12-26 18-26 5 1-6 22 0 24 7 1 10-20 15-19 4 1-4 16 1 18 6 1 9-12 13-11 3 1-1 9 3 10 8 1 18-10 28-20M22 54c24-5 56-9 84-10" {}
                    }
                }
                @if let Some(name) = sheet.seal { (seal(t, name)) }
            }
            p { (sheet.signer) }
        }
    }
}

/// So many letters find room round the seal; a longer name is drawn together.
const SEAL_LETTERS: usize = 28;

/// A round red seal with a name. The sign of a seal on the screen; the legal seal is the agency's signature.
fn seal(t: T, name: &str) -> Markup {
    html! {
        svg class="seal sheet__seal" viewBox="0 0 120 120" role="img" aria-label=(t.fill("ui.sheet.seal", &[("name", &name)])) {
            path id="seal-arc" d="M17.7 75.4a45 45 0 1 1 84.6 0" stroke="none" {}
            circle cx="60" cy="60" r="58" stroke-width="2.5" {}
            circle cx="60" cy="60" r="54.5" stroke-width="0.8" {}
            circle cx="60" cy="60" r="39" stroke-width="1" {}
            text font-size="8.2" {
                @let arc = (name.chars().count() > SEAL_LETTERS).then_some("186");
                textPath href="#seal-arc" startOffset="50%" text-anchor="middle" textLength=[arc]
                    lengthAdjust=[arc.map(|_| "spacingAndGlyphs")] { (name.to_uppercase()) }
            }
            polygon class="solid" points="60,102 61.2,105.4 64.8,105.5 61.9,107.6 62.9,111 60,109 57.1,111 58.1,107.6 55.2,105.5 58.8,105.4" {}
            polygon class="solid" points="60,41 64.5,54 78,54.3 67.2,62.5 71.1,75.3 60,67.7 48.9,75.3 52.8,62.5 42,54.3 55.5,54" {}
        }
    }
}
