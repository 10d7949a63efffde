//! What is read in uploaded files before a form is acted on: no transaction waits for it, and a handler only decides.

use crate::server::Tenant;
use base::form::{Field, Input, Reads, Upload};
use base::{Error, Result};
use std::io::Read;

/// Bytes of a file that is read whole.
const BYTES_MAX: u64 = 64 << 20;

/// The form with what was found in its files. Values of these names that somebody sent are dropped.
///
/// # Errors
/// What disk and threads report.
pub(crate) async fn with(
    tenant: &Tenant,
    fields: &'static [Field],
    posted: Option<Input>,
) -> Result<Option<Input>> {
    let Some(mut posted) = posted else { return Ok(None) };
    for field in fields {
        let Some(reads) = field.reads else { continue };
        let prefix = format!("{}.", field.name);
        let honest = posted.pairs().filter(|(name, _)| !name.starts_with(&prefix));
        posted = Input::from_pairs(honest.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        let Some(upload) = posted.get(field.name).and_then(Upload::decode) else { continue };
        // A file that is gone is told of where the form is acted on.
        if !tenant.files.has(&upload.sha256) {
            continue;
        }
        let (file, _) = tenant.files.get(&upload.sha256).await?;
        let found = tokio::task::spawn_blocking(move || found(reads, file)).await;
        for (word, value) in found.map_err(|cause| Error::Internal(cause.into()))?? {
            posted.push(format!("{prefix}{word}"), value);
        }
    }
    Ok(Some(posted))
}

type Found = Vec<(&'static str, String)>;

fn found(reads: Reads, file: impl Read) -> Result<Found> {
    let mut bytes = Vec::new();
    file.take(BYTES_MAX.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::Internal(cause.into()))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > BYTES_MAX {
        return Ok(vec![("refused", "too_large".to_owned())]);
    }
    Ok(match reads {
        Reads::Words => words(&bytes),
        Reads::Pdf => pdf(&bytes),
    })
}

fn words(bytes: &[u8]) -> Found {
    match docx::read(bytes, &docx::Limits::default()) {
        Ok(document) => {
            let left_out: Vec<String> =
                document.left_out.iter().map(|(what, n)| format!("{} {n}", what.word())).collect();
            vec![("text", document.text()), ("left_out", left_out.join("\n"))]
        }
        Err(why) => vec![("refused", why.word().to_owned())],
    }
}

fn pdf(bytes: &[u8]) -> Found {
    let refused = |word: &str| vec![("refused", word.to_owned())];
    if !bytes.starts_with(b"%PDF-") {
        return refused("not_pdf");
    }
    match pades::pdf::Pdf::open(bytes, &pades::pdf::Limits::default()) {
        Ok(pdf) => vec![("pages", pdf.document().get_pages().len().to_string())],
        Err(why) => refused(match why.reason {
            pades::Reason::Encrypted => "locked",
            pades::Reason::TooLarge => "too_large",
            _ => "damaged",
        }),
    }
}
