//! Seals: each minute the root over what is new in a tenant's journals is countersigned by the node above, and stamped
//! by an authority of time where one is configured. When neither has worked for hours, nothing more is taken or sent.

mod below;
mod file;
mod noting;

pub(crate) use below::routes;
pub use file::export;
pub(crate) use noting::Noting;

use crate::node::Node;
use crate::server::{Server, Tenant};
use crate::signing::web::Service;
use axum::http::{Method, StatusCode};
use base::{Error, Instant, Result, WhileDoing};
use below::Given;
use kernel::{Database, Scope, engine};
use platform::evidence::{self, Countersigned, Open};
use proof::REFERENCES;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use xmldsig::detached;

const EACH: Duration = Duration::from_mins(1);
/// Of an answer: a list of 50,000 revoked certificates and a signature.
const ANSWER_BYTES: usize = 8 << 20;
const STAMP_WAIT: Duration = Duration::from_secs(20);
const BOOKKEEPING: &str = "a seal proves acts and is none";

impl Server {
    /// Starts sealing, where this installation is a node. It ends when the handle is aborted.
    pub fn spawn_seals(self: &Arc<Self>) -> Option<JoinHandle<()>> {
        self.node.as_ref()?;
        let server = Arc::clone(self);
        Some(tokio::spawn(async move {
            loop {
                server.seal(server.clock.now()).await;
                tokio::time::sleep(EACH).await;
            }
        }))
    }

    /// Seals what is new in each tenant. What fails is noted there, for the page of the administrator.
    pub async fn seal(&self, at: Instant) {
        let Some(node) = &self.node else { return };
        for tenant in self.tenants() {
            if let Err(error) = self.seal_tenant(node, tenant, at).await {
                tracing::error!(tenant = tenant.name, %error, "the journal could not be sealed");
            }
        }
    }

    /// Refuses when sealing has failed for too long. Without other nodes nothing has to be sealed.
    ///
    /// # Errors
    /// `Refused`, and what the database reports.
    pub(crate) async fn may_exchange(&self, tenant: &Tenant, at: Instant) -> Result<()> {
        let (Some(_), Some(settings)) = (&self.node, &self.config.node) else { return Ok(()) };
        let hours = settings.unsealed_hours;
        self.read_as_system(tenant, at, move |cx| evidence::sealed(cx, hours)).await
    }

    async fn seal_tenant(&self, node: &Arc<Node>, tenant: &Arc<Tenant>, at: Instant) -> Result<()> {
        let (cx, name) = (self.system(tenant, at), node.name().to_owned());
        let make = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                cx.record_nothing(BOOKKEEPING);
                evidence::make(cx, &name)
            })
        };
        tenant.db.write(Scope::Everything, make).await?;
        for open in self.read_as_system(tenant, at, evidence::open).await? {
            let given = self.given(node, &open, at).await;
            let (cx, number) = (self.system(tenant, at), open.number);
            let failed = given.is_err();
            let keep = move |db: &dyn Database| {
                engine::write(db, &cx, |cx| {
                    cx.record_nothing(BOOKKEEPING);
                    match &given {
                        Ok(given) => evidence::countersigned(cx, number, given),
                        Err(why) => evidence::failing(cx, &why.to_string()),
                    }
                })
            };
            tenant.db.write(Scope::Everything, keep).await?;
            if failed {
                break;
            }
        }
        Ok(())
    }

    /// What the node above and the authority of time give for a seal; one of them is enough to go on.
    async fn given(&self, node: &Arc<Node>, open: &Open, at: Instant) -> Result<Countersigned> {
        let stamp = match &self.config.signing.timestamp {
            Some(address) => Some(self.stamp(address.clone(), open.statement.clone()).await),
            None => None,
        };
        let signed = self.countersign(node, &open.statement, at).await;
        let (stamp, why) = match stamp {
            Some(Ok(stamp)) => (stamp, None),
            Some(Err(why)) => (Vec::new(), Some(why)),
            None => (Vec::new(), None),
        };
        if let Some(why) = why {
            tracing::warn!(%why, "the authority of time gave no stamp");
        }
        match signed {
            Ok((witness, given)) => {
                Ok(Countersigned { witness, signature: given.signature, crl: given.crl, stamp })
            }
            Err(why) if stamp.is_empty() => Err(why),
            Err(why) => {
                tracing::warn!(%why, "the node above did not countersign; the stamp holds meanwhile");
                Ok(Countersigned { stamp, ..Countersigned::default() })
            }
        }
    }

    /// A stamp over a statement. The service waits, so it has a thread of its own.
    async fn stamp(&self, address: String, statement: String) -> Result<Vec<u8>> {
        let service = Service::at(&self.network, &address, None, STAMP_WAIT)?;
        let ask = move || {
            pades::timestamp::over(statement.as_bytes(), &|query| service.timestamp(query))
                .while_doing("asking for a stamp at", &address)
        };
        tokio::task::spawn_blocking(ask).await.while_doing("asking for", "a stamp")?
    }

    /// Who countersigned a seal, and with what. The topmost node has nobody above and signs its own.
    async fn countersign(&self, node: &Node, statement: &str, at: Instant) -> Result<(String, Given)> {
        let directory = node.directory().ok_or_else(|| Error::internal("no directory was seen yet"))?;
        let above = directory.node(node.name()).and_then(|own| own.above.clone());
        let Some(above) = above else {
            return Ok((node.name().to_owned(), below::sign(node, statement, at)?));
        };
        let to = directory
            .node(&above)
            .ok_or_else(|| Error::internal("the node above is not in the directory"))?;
        let asked = (statement.as_bytes().to_vec(), ANSWER_BYTES);
        let answer = node.ask(to, (Method::POST, "/node/seals"), asked).await?;
        if answer.status != StatusCode::OK {
            return Err(Error::internal(format!("{above} answers {}", answer.status)));
        }
        let given = Given::read(&answer.body)?;
        check(node, (&above, statement), &given)?;
        Ok((above, given))
    }
}

/// The answer is the signature of the node above over just this seal and a list of our authority.
fn check(node: &Node, (above, statement): (&str, &str), given: &Given) -> Result<()> {
    let wrong = |what: &str| Error::internal(format!("the seal that came from {above}: {what}"));
    let signed =
        detached::verify(&given.signature, &xmldsig::Limits::default()).while_doing("checking", above)?;
    let [seal, crl] = REFERENCES.map(|name| signed.digest(name));
    let right = [Some(trust::fingerprint(statement.as_bytes())), Some(trust::fingerprint(&given.crl))];
    if signed.references.len() != REFERENCES.len() || [seal, crl] != right {
        return Err(wrong("it is over something else"));
    }
    let certificate =
        trust::Certificate::read(&signed.certificate).while_doing("reading", "a certificate")?;
    certificate.issued_by(node.authority()).while_doing("checking", above)?;
    let crl =
        trust::Crl::read(&given.crl, node.authority()).while_doing("reading", "the list of the revoked")?;
    if certificate.name != above || crl.names(&certificate.serial) || node.crl().names(&certificate.serial) {
        return Err(wrong("it was signed by somebody else"));
    }
    Ok(())
}
