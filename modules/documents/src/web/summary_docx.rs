//! A summary of opinions as a DOCX, for those who write on in it.

use crate::model::opinions::Poll;
use crate::rights::OpinionGive;
use crate::store::polled;
use crate::web::opinions_views::{counts_text, said_text};
use base::{WhileDoing, text};
use docx::{Block, Run};
use kernel::{Reader, Reply, Response};

/// What a DOCX is, for browsers.
const TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Who said what, as headings, paragraphs and a table.
pub(crate) fn summary(cx: &Reader<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let (t, all) = (cx.t(), polled::all_of(cx, &poll)?);
    let line = |text: String| vec![Run::plain(text)];
    let titles = [
        "documents.opinions.person",
        "documents.opinions.title_of",
        "documents.opinions.field.answer",
        "documents.opinions.field.words",
    ];
    let mut rows = vec![titles.map(|key| line(t.text(key).to_owned())).to_vec()];
    rows.extend(all.iter().map(|one| {
        [one.name.clone(), one.title.clone(), said_text(t, one).to_owned(), one.words.clone()]
            .map(line)
            .to_vec()
    }));
    let mut blocks = vec![
        Block::Heading { level: 1, runs: line(t.text("documents.opinions.summary").to_owned()) },
        Block::Paragraph(line(poll.question.clone())),
        Block::Table(rows),
        Block::Paragraph(line(counts_text(t, &all))),
    ];
    if !poll.conclusion.is_empty() {
        let words = format!("{}: {}", t.text("documents.opinions.field.conclusion"), poll.conclusion);
        blocks.push(Block::Paragraph(line(words)));
    }
    blocks.push(Block::Paragraph(line(poll.asked_name.clone())));
    let body = docx::write(&blocks).while_doing("writing", "a summary of opinions")?;
    let name = format!("{}.docx", text::slug_ascii(t.text("documents.opinions.file")));
    Ok(Response::Download { name, content_type: TYPE, body })
}
