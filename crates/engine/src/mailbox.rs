//! Fetches the letters of the mail boxes that agencies named: a loop a tenant, a box leased by one process at a time. A
//! letter is handed to the module that keeps documents, and put away only after that is on disk; were the process to end
//! in between, it is handed over once more and has no second effect.

mod imap;
mod letter;

use crate::network::Unreached;
use crate::server::{Server, Tenant};
use base::{AgencyId, Error, Instant, Result, WhileDoing};
use futures_util::future::BoxFuture;
use kernel::{Database, Scope};
use letter::Letter;
use platform::mailboxes::{self, Look, Mailbox};
use ring::digest::{SHA256, digest};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

type Told<V> = std::result::Result<V, Trouble>;

const POLL: Duration = Duration::from_secs(2);
/// Longer than a look takes, see [`LOOK`].
const LEASE_MINUTES: i64 = 20;
/// A look ends after so long; what is left is fetched at the next.
const LOOK: Duration = Duration::from_mins(15);
/// Letters a look takes.
const LETTERS: usize = 200;

/// What went wrong with a mail box.
#[derive(Debug)]
struct Trouble {
    /// Text key.
    key: &'static str,
    /// What the other end said.
    detail: String,
}

impl Trouble {
    fn new(key: &'static str, detail: &str) -> Trouble {
        Trouble { key, detail: base::text::clean_line(detail).chars().take(300).collect() }
    }

    /// The same, known to be about something: a lost connection stays one.
    fn under(self, key: &'static str) -> Trouble {
        if self.key == "platform.mailbox.error.refused" { Trouble { key, ..self } } else { self }
    }
}

impl From<Unreached> for Trouble {
    fn from(why: Unreached) -> Trouble {
        match why {
            Unreached::Unknown => Trouble::new("platform.mailbox.error.unknown", ""),
            Unreached::Closed => Trouble::new("platform.mailbox.error.closed", ""),
            Unreached::Silent(detail) => Trouble::new("platform.mailbox.error.silent", &detail),
            Unreached::Untrusted(detail) => Trouble::new("platform.mailbox.error.untrusted", &detail),
        }
    }
}

impl Server {
    /// Starts the loops that fetch letters, one a tenant.
    pub fn spawn_mailboxes(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants()
            .map(|tenant| tokio::spawn(Arc::clone(self).fetch_forever(Arc::clone(tenant))))
            .collect()
    }

    async fn fetch_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        loop {
            match self.fetch_one(&tenant, self.clock.now()).await {
                Ok(Some(_)) => {}
                Ok(None) => tokio::time::sleep(POLL).await,
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "mail boxes could not be looked into");
                    tokio::time::sleep(POLL * 5).await;
                }
            }
        }
    }

    /// Looks into every mail box of a tenant that is due at a moment. Answers how many letters were taken. For
    /// demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn fetch_letters(&self, tenant: &str, at: Instant) -> Result<i64> {
        let tenant = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let mut all = 0;
        while let Some(taken) = self.fetch_one(&tenant, at).await? {
            all += taken;
        }
        Ok(all)
    }

    /// Looks into the box that is due first; `None` when none is.
    async fn fetch_one(&self, tenant: &Arc<Tenant>, now: Instant) -> Result<Option<i64>> {
        if !self.read_as_system(tenant, now, mailboxes::any_due).await? {
            return Ok(None);
        }
        let until = now.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| mailboxes::claim(db, (now, until));
        let Some(mailbox) = tenant.db.write(Scope::Everything, claim).await? else { return Ok(None) };
        let mut look = Look::default();
        let fetching = self.fetch(tenant, &mailbox, &mut look.letters);
        let outcome = match tokio::time::timeout(LOOK, fetching).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Trouble::new("platform.mailbox.error.lost", "")),
        };
        if let Err(Trouble { key, detail }) = outcome {
            tracing::warn!(tenant = tenant.name, agency = %mailbox.agency, key, detail, "a mail box was not emptied");
            look.error = Some((key, detail));
        }
        let (agency, taken) = (mailbox.agency, look.letters);
        let minutes = self.config.outside.mailbox_minutes.max(1);
        let keep = move |db: &dyn Database| mailboxes::looked(db, agency, &look, (now, minutes));
        tenant.db.write(Scope::Everything, keep).await?;
        tenant.wake(None);
        tenant.work.notify_one();
        Ok(Some(taken))
    }

    async fn fetch(&self, tenant: &Arc<Tenant>, mailbox: &Mailbox, taken: &mut i64) -> Told<()> {
        let mut session = self.open_mailbox(tenant, mailbox).await?;
        let waiting = session.waiting().await?;
        let (mut trouble, limit) = (None, self.config.outside.letter_bytes);
        for id in waiting.into_iter().take(LETTERS) {
            let Some(size) = session.size(id).await? else { continue };
            let part = if size > limit { ("HEADER", 1024 * 1024) } else { ("", limit.saturating_add(1024)) };
            let Some(raw) = session.letter(id, part).await? else { continue };
            match self.hand_in(tenant, mailbox, (raw, size > limit)).await {
                Ok(()) => {
                    session.put_away(id, &mailbox.processed).await?;
                    *taken += 1;
                }
                // Nothing is lost: it stays where it lies, and the others go on.
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "a letter was not taken");
                    trouble = Some(Trouble::new("platform.mailbox.error.not_taken", &error.to_string()));
                }
            }
        }
        session.close().await;
        trouble.map_or(Ok(()), Err)
    }

    async fn open_mailbox(&self, tenant: &Tenant, mailbox: &Mailbox) -> Told<imap::Session> {
        let password = tenant.files.open_text(&mailbox.password);
        let password = password.ok_or_else(|| Trouble::new("platform.mailbox.error.password", ""))?;
        imap::open(&self.network, mailbox, &password).await
    }

    /// Stores a letter's files and hands it to the module that keeps documents.
    async fn hand_in(
        &self,
        tenant: &Arc<Tenant>,
        mailbox: &Mailbox,
        (raw, cut): (Vec<u8>, bool),
    ) -> Result<()> {
        let whole = kernel::hex(digest(&SHA256, &raw).as_ref());
        let parsed = tokio::task::spawn_blocking(move || letter::read(&raw)).await;
        // A letter our reader stumbles over is set aside like one it cannot read.
        let parsed = parsed.unwrap_or(None);
        let reason = match &parsed {
            None => Some("broken"),
            Some(_) if cut => Some("too_large"),
            Some(letter) if letter.files.len() > self.config.limits.files => Some("too_many"),
            Some(letter) if !mailboxes::admits(&mailbox.allowed, &letter.from_address) => {
                Some("unknown_sender")
            }
            Some(letter) if letter.files.is_empty() => Some("no_file"),
            Some(_) => None,
        };
        let letter = parsed.unwrap_or_default();
        let mut files = Vec::new();
        if !matches!(reason, Some("too_large" | "too_many")) {
            for (name, bytes) in &letter.files {
                let mut incoming = tenant.files.receive(u64::MAX).await?;
                incoming.write(bytes).await?;
                let stored = tenant.keep(incoming, (None, self.clock.now())).await?;
                files.push(serde_json::json!({
                    "sha256": stored.sha256, "name": name, "bytes": stored.bytes,
                    "content_type": stored.content_type,
                }));
            }
        }
        let payload = told(mailbox.agency, &letter, (&whole, files, reason));
        self.run_now(tenant, mailboxes::ARRIVED, payload).await
    }
}

/// What the module is told of a letter. The same letter by another way has the same content, whatever its head says of
/// the way.
fn told(
    agency: AgencyId,
    letter: &Letter,
    (whole, files, reason): (&str, Vec<serde_json::Value>, Option<&str>),
) -> serde_json::Value {
    let names = files.iter().filter_map(|file| file.get("sha256").and_then(serde_json::Value::as_str));
    let content = [&letter.from_address, &letter.subject, &letter.words].map(String::as_str);
    let content: Vec<&str> = content.into_iter().chain(names).collect();
    let hash = match reason {
        Some("broken") => whole.to_owned(),
        _ => kernel::hex(digest(&SHA256, content.join("\0").as_bytes()).as_ref()),
    };
    let message_id =
        if letter.message_id.is_empty() { format!("sha256:{hash}") } else { letter.message_id.clone() };
    serde_json::json!({
        "agency": agency, "message_id": message_id, "hash": hash, "from_address": letter.from_address,
        "from_name": letter.from_name, "subject": letter.subject, "sent_at": letter.sent_at,
        "words": letter.words, "files": files, "reason": reason,
    })
}

/// The job `mailbox.test`: connects, signs in, opens the folder, and says how far it came.
pub(crate) fn test(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let agency = payload.get("agency").cloned().unwrap_or_default();
        let agency: AgencyId = serde_json::from_value(agency).while_doing("reading", "a trial")?;
        let now = server.clock.now();
        let Some(mailbox) = server.read_as_system(&here, now, move |cx| mailboxes::of(cx, agency)).await?
        else {
            return Ok(());
        };
        let outcome = async {
            let mut session = server.open_mailbox(&here, &mailbox).await?;
            let waiting = session.waiting().await?.len();
            session.close().await;
            Told::Ok(waiting)
        };
        let (key, detail) = match outcome.await {
            Ok(waiting) => ("platform.mailbox.works", waiting.to_string()),
            Err(Trouble { key, detail }) => (key, detail),
        };
        let keep = move |db: &dyn Database| mailboxes::tried(db, agency, (key, &detail), now);
        here.db.write(Scope::Everything, keep).await
    })
}
