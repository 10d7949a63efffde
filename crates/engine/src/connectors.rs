//! The third way of an envelope, beside this process and other nodes: to systems of others, as edXML packets, by the
//! national axis or by a folder. Where a packet goes is read off directories, never off a code.

mod arrive;
mod axis;
mod folder;
mod packet;
mod session;

use crate::exchange::Outcome;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use futures_util::future::BoxFuture;
use kernel::{Database, Scope};
use platform::connectors;
use platform::connectors::queue::{self, Way};
use platform::exchange::Due;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_secs(1);
const UNKNOWN: &str = "platform.exchange.unknown_recipient";

/// Where a delivery goes that no tenant takes.
#[derive(Clone)]
enum Path {
    By(Way),
    Nowhere,
    /// An axis may know the recipient; its directory was not read yet.
    Unseen,
}

impl Server {
    /// Starts the loops of the connectors, one a tenant.
    pub fn spawn_connectors(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants()
            .map(|tenant| tokio::spawn(Arc::clone(self).connect_forever(Arc::clone(tenant))))
            .collect()
    }

    async fn connect_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        loop {
            let now = self.clock.now();
            let moved = async {
                Ok::<_, Error>(
                    self.axis_turn(&tenant, now).await?.unwrap_or(0)
                        + self.folders_turn(&tenant, now).await?,
                )
            };
            match moved.await {
                Ok(_) => tokio::time::sleep(POLL).await,
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "connectors had no turn");
                    tokio::time::sleep(POLL * 10).await;
                }
            }
        }
    }

    /// Gives every connector of a tenant that is due at a moment its turn. Answers how many packets moved. For
    /// demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn run_connectors(&self, tenant: &str, at: Instant) -> Result<i64> {
        let tenant = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let mut all = self.folders_turn(&tenant, at).await?;
        while let Some(moved) = self.axis_turn(&tenant, at).await? {
            all += moved;
        }
        Ok(all)
    }

    /// Gives deliveries that no tenant takes to the connectors that reach their recipients; answers the others.
    pub(crate) async fn leave_by_connectors(
        &self,
        sender: &Arc<Tenant>,
        elsewhere: Vec<Due>,
        at: Instant,
    ) -> Result<Vec<(Due, Outcome)>> {
        if elsewhere.is_empty() {
            return Ok(Vec::new());
        }
        let in_folders = self.folder_codes(&sender.name);
        let asked = Arc::new(elsewhere);
        let all = Arc::clone(&asked);
        let look = move |cx: &kernel::Raw<'_>| {
            let way = |one: &Due| {
                if in_folders.contains(&one.to_code) {
                    return Ok(Path::By(Way::Folder));
                }
                if connectors::on_axis(cx, one.agency, &one.to_code)? {
                    return Ok(Path::By(Way::Axis));
                }
                Ok(if connectors::unread(cx, one.agency)? { Path::Unseen } else { Path::Nowhere })
            };
            all.iter().map(way).collect::<Result<Vec<Path>>>()
        };
        let paths = self.read_as_system(sender, at, look).await?;
        let (all, taken) = (Arc::clone(&asked), paths.clone());
        let give = move |db: &dyn Database| {
            for (one, path) in all.iter().zip(&taken) {
                if let Path::By(way) = path {
                    queue::hand_to(db, one, *way)?;
                }
            }
            Ok(())
        };
        sender.db.write(Scope::Everything, give).await?;
        let outcomes = asked.iter().zip(paths).filter_map(|(one, path)| {
            let outcome = match path {
                Path::By(_) => return None,
                Path::Nowhere => Outcome::Failed(UNKNOWN),
                Path::Unseen => {
                    Outcome::Later("platform.axis.later", "the directory was not read yet".to_owned())
                }
            };
            Some((one.clone(), outcome))
        });
        Ok(outcomes.collect())
    }

    /// Writes what became of a delivery into the outbox; the connector has done with it.
    async fn left(&self, tenant: &Arc<Tenant>, (due, outcome): (Due, Outcome), at: Instant) -> Result<()> {
        let id = due.id;
        self.settle_outcomes(tenant, (vec![(due, outcome)], Vec::new()), at).await?;
        tenant.db.write(Scope::Everything, move |db| queue::done(db, id)).await
    }
}

/// The job `axis.test`: reads the axis' directory, and says how far it came.
pub(crate) fn test(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move { server.try_axis(&tenant, payload).await })
}
