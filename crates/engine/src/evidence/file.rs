//! The file that proves a delivery, from what a tenant keeps.

use crate::db::Db;
use crate::files::Store;
use base::{Id, Result, WhileDoing};
use kernel::{Context, Database, Scope, System, engine};
use platform::evidence::{self, Line};
use std::io::Read;

/// Writes the evidence of one line of the journal. `directory` is the signed directory that said who was home of whom.
///
/// # Errors
/// `NotFound` for an unknown line; `Refused` when it is not sealed yet or its packet is kept elsewhere; `Internal` when a
/// file is missing or the output fails.
pub async fn export(
    (db, files): (&Db, &Store),
    cx: Context,
    (line, directory): (Id<Line>, Option<Vec<u8>>),
    out: std::fs::File,
) -> Result<()> {
    let gather = move |db: &dyn Database| {
        engine::read::<System, evidence::Found>(db, &cx, |cx| evidence::proof(cx, line))
    };
    let mut found = db.read(Scope::Everything, gather).await?;
    found.proof.directory = directory;
    let mut sources: Vec<(String, Box<dyn Read + Send>)> = Vec::with_capacity(found.files.len());
    for hash in found.files {
        let (content, _) = files.get(&hash).await?;
        sources.push((hash, Box::new(content)));
    }
    let write = move || proof::write(&found.proof, &mut sources, out).map(drop);
    let written = tokio::task::spawn_blocking(write).await.while_doing("writing", "the evidence")?;
    written.while_doing("writing", "the evidence")
}
