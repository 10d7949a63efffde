//! Destroys bytes that nothing of a tenant holds any more, after the transaction that let go of them.

use crate::server::{Server, Tenant};
use base::{Error, Result, WhileDoing};
use futures_util::future::BoxFuture;
use kernel::{Database, Scope, Sql};
use platform::uploads;
use serde::Deserialize;
use std::sync::Arc;

/// What is queued: job kind `files.destroy`.
#[derive(Debug, Clone, Deserialize)]
struct Ask {
    sha256: String,
}

/// The job.
pub(crate) fn run(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let Ask { sha256 } = serde_json::from_value(payload).while_doing("reading", "what to destroy")?;
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        unless_held(&server, &here, sha256).await
    })
}

/// Removes a stored file that no row of the tenant names.
///
/// # Errors
/// What database and disk report.
pub(crate) async fn unless_held(server: &Server, tenant: &Tenant, sha256: String) -> Result<()> {
    let held: Vec<&'static Sql> =
        server.modules.iter().flat_map(|module| module.holds_files.clone()).collect();
    let store = tenant.files.clone();
    // In the writer's turn, so that nobody comes to hold it between the look and the end of the file.
    let act = move |db: &dyn Database| {
        if uploads::is_held(db, &sha256, &held)? {
            return Ok(());
        }
        store.remove(&sha256)?;
        platform::scans::forget(db, &sha256)
    };
    tenant.db.write(Scope::Everything, act).await
}
