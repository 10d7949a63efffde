//! Several files as one ZIP, written while it is sent: a dossier of a gigabyte needs no gigabyte of memory.

use super::visit::Visit;
use super::{Reply, files};
use crate::files::Content as StoredFile;
use axum::body::Body;
use axum::http::Response;
use base::{Error, Result, WhileDoing};
use kernel::{Content, Part};
use std::io::{self, Write};
use tokio_util::io::{ReaderStream, SyncIoBridge};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How much is written ahead of what the browser has taken.
const AHEAD: usize = 256 * 1024;

/// A part that is ready to be written.
enum Ready {
    Made(Vec<u8>),
    Stored(Box<StoredFile>),
}

/// Opens every stored file first, so that one that is missing is an error and no broken ZIP.
pub(super) async fn sent(visit: &Visit, name: &str, parts: Vec<Part>) -> Reply {
    let mut ready = Vec::with_capacity(parts.len());
    for part in parts {
        let content = match part.content {
            Content::Made(bytes) => Ready::Made(bytes),
            Content::Stored(sha256) => Ready::Stored(Box::new(open(visit, &sha256).await?)),
        };
        ready.push((part.path, content));
    }
    let (to_browser, writer) = tokio::io::duplex(AHEAD);
    let writer = SyncIoBridge::new(writer);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(writer, ready) {
            // Who went away took the rest with them; the ZIP has no directory and no program takes it for whole.
            tracing::info!(%error, "a bundle was not sent to its end");
        }
    });
    let mut response = Response::new(Body::from_stream(ReaderStream::new(to_browser)));
    files::describe(response.headers_mut(), (name, "application/zip"));
    Ok(response)
}

async fn open(visit: &Visit, sha256: &str) -> Result<StoredFile> {
    match visit.tenant.files.get(sha256).await {
        Ok((file, _)) => Ok(file),
        Err(Error::NotFound) => {
            Err(Error::internal("a stored file is missing")).while_doing("bundling", sha256)
        }
        Err(error) => Err(error),
    }
}

fn write(writer: SyncIoBridge<tokio::io::DuplexStream>, parts: Vec<(String, Ready)>) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(writer);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    // What a document is written in is packed already.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    for (path, content) in parts {
        match content {
            Ready::Made(bytes) => {
                zip.start_file(path, packed)?;
                zip.write_all(&bytes)?;
            }
            Ready::Stored(mut file) => {
                zip.start_file(path, plain)?;
                io::copy(&mut file, &mut zip)?;
            }
        }
    }
    zip.finish()?.into_inner().shutdown()
}
