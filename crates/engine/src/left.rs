//! What reading a page leaves to be done (`Reader::leave`): queued as jobs once the page was read.

use crate::dispatch::{Answer, Asked, Caller};
use crate::routes::Match;
use crate::server::{Server, Tenant};
use base::{Instant, Result};
use kernel::{Database, Left, Scope};
use std::sync::Arc;

impl Server {
    /// Runs a route for a caller, and queues what reading has left.
    ///
    /// # Errors
    /// As [`Server::answer`].
    pub(crate) async fn run(
        &self,
        tenant: &Arc<Tenant>,
        caller: &Caller,
        found: Match,
        asked: Asked,
    ) -> Result<Answer> {
        let left = asked.left.clone();
        let answer = self.answer(tenant, caller, found, asked).await?;
        self.queue_left(tenant, (&left, caller.now)).await;
        Ok(answer)
    }

    /// The page is the answer either way: whoever reads does not wait for bookkeeping to succeed.
    async fn queue_left(&self, tenant: &Arc<Tenant>, (left, now): (&Left, Instant)) {
        let jobs = left.take();
        if jobs.is_empty() {
            return;
        }
        let cx = self.system(tenant, now);
        let act = move |db: &dyn Database| {
            kernel::engine::write(db, &cx, |cx| {
                for job in &jobs {
                    kernel::jobs::enqueue(cx, job.kind, &job.dedup, &job.payload)?;
                }
                cx.record_nothing("queueing is no act; what the work changes is recorded by it");
                Ok(())
            })
        };
        match tenant.db.write(Scope::Everything, act).await {
            Ok(()) => tenant.work.notify_one(),
            Err(error) => tracing::warn!(tenant = tenant.name, %error, "what a page left was not queued"),
        }
    }
}
