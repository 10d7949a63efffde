//! The evidence of a delivery to the browser: made in a file without a name, then sent piece by piece.

use super::visit::Visit;
use super::{Reply, files};
use axum::body::Body;
use base::{Id, WhileDoing};
use platform::evidence::Line;
use std::io::{Seek, SeekFrom};
use tokio_util::io::ReaderStream;

/// The evidence of a line of the exchange journal, as a download.
pub(super) async fn download(visit: &Visit, line: uuid::Uuid) -> Reply {
    let (server, tenant) = (&visit.server, &visit.tenant);
    let directory = server.node.as_ref().and_then(|node| node.directory());
    let directory = directory.map(|known| known.bytes().to_vec());
    let mut file = tempfile::tempfile().while_doing("making", "a file without a name")?;
    let out = file.try_clone().while_doing("making", "a file without a name")?;
    let cx = server.system(tenant, server.clock.now());
    let of = (Id::<Line>::of(line), directory);
    crate::evidence::export((&tenant.db, &tenant.files), cx, of, out).await?;
    file.seek(SeekFrom::Start(0)).while_doing("reading", "the evidence")?;
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)));
    Ok(files::streamed((&format!("{line}.asice"), "application/vnd.etsi.asic-e+zip"), body))
}
