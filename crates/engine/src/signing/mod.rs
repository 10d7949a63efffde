//! What the engine does between the two transactions of an act that signs (ADR 13). One thing after the other: prepared
//! in a reading transaction, printed and signed outside any, kept in the store, settled in a writing transaction.

mod enclose;
mod keys;
mod pkcs12;
mod sheets;
mod trial;
pub(crate) mod trust;
pub(crate) mod web;

use crate::dispatch::{Answer, told};
use crate::once::{self, Once};
use crate::server::{Server, Tenant};
use base::{Error, Refusal, Result, WhileDoing};
use contracts::signing::{AGAIN, Order, Sheet, Signed, Source, Work};
use kernel::{Context, Database, Scope, System};
use keys::{Open, Opening};
use pades::Reason;
use platform::outside::OutsideRun;
use platform::signers::{self, Signer};
use sheets::Desk;
use std::collections::HashMap;
use std::fmt::Display;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;
use web::Service;

/// Somebody else drew the number meanwhile: so often a thing is prepared anew.
const ATTEMPTS: usize = 5;

/// One signature at a time for each key: guesses at a PIN are counted one by one, and a token serves one session.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    async fn take(&self, key: Uuid) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        turn.lock_owned().await
    }
}

/// One request for such an act.
pub(crate) struct Act<'a> {
    pub(crate) server: &'a Server,
    pub(crate) tenant: &'a Arc<Tenant>,
    pub(crate) scope: Scope,
    pub(crate) cx: Arc<Context>,
    pub(crate) outside: OutsideRun,
    pub(crate) once: Option<Once>,
}

impl Act<'_> {
    /// Does it; `None` when nothing is wanted of the outside: then the act is an ordinary one.
    ///
    /// # Errors
    /// What the module answers, and what fails outside, in plain words.
    pub(crate) async fn run(&self) -> Result<Option<Answer>> {
        if let Some(answer) = self.earlier().await? {
            return Ok(Some(answer));
        }
        let (begin, cx) = (Arc::clone(&self.outside.begin), Arc::clone(&self.cx));
        let Some(work) = self.read(move |db| begin(db, &cx, ())).await? else { return Ok(None) };
        match serde_json::from_value(work).while_doing("reading", "what is wanted")? {
            Work::Sign(order) => self.sign(order).await.map(Some),
            Work::Enclose(enclosure) => self.enclose(*enclosure).await.map(Some),
            Work::Repin(change) => self.repin(change).await.map(Some),
        }
    }

    async fn read<V: Send + 'static>(
        &self,
        read: impl Fn(&dyn Database) -> Result<V> + Send + Sync + 'static,
    ) -> Result<V> {
        self.tenant.db.read(self.scope.clone(), read).await
    }

    /// What the same form was answered before.
    async fn earlier(&self) -> Result<Option<Answer>> {
        let Some(once) = self.once.clone() else { return Ok(None) };
        self.read(move |db| once::found(db, &once)).await
    }

    async fn sign(&self, order: Order) -> Result<Answer> {
        let signer = self.signer(order.signer).await?;
        // All tokens of a machine are one: whoever has opened one has opened it for everybody.
        let key = if signer.kind == "token" { Uuid::nil() } else { order.signer };
        let _turn = self.server.turns.take(key).await;
        if let Some(answer) = self.earlier().await? {
            return Ok(answer);
        }
        let desk = Arc::new(self.desk(&self.signer(order.signer).await?, order.pin.clone()).await?);
        if let [(thing, _)] = order.things.as_slice() {
            return self.one(&desk, *thing, self.once.clone()).await;
        }
        let (mut done, mut failed) = (0, Vec::new());
        for (thing, name) in &order.things {
            match self.one(&desk, *thing, None).await {
                Ok(_) => done += 1,
                Err(error) => failed.push(format!("{name}: {}", self.why(&error))),
            }
        }
        self.several(&order, (done, &failed)).await
    }

    /// The answer about several things; it stands for the form from now on.
    async fn several(&self, order: &Order, (done, failed): (usize, &[String])) -> Result<Answer> {
        let rest = failed.join("; ");
        if done == 0 {
            return Err(Refusal::new("engine.signing.refuse.none").with("failed", rest).into());
        }
        let key = if failed.is_empty() { "engine.signing.done" } else { "engine.signing.done_but" };
        let message = self.cx.t.fill(key, &[("n", &done), ("left", &failed.len()), ("failed", &rest)]);
        let to = order.back.clone();
        let (once, now) = (self.once.clone(), self.cx.now);
        let keep = move |db: &dyn Database| {
            let answer = || Ok(Answer::Done { to: to.clone(), message: message.clone(), id: None });
            once::run(db, (once.as_ref(), now), answer)
        };
        self.tenant.db.write(self.scope.clone(), keep).await
    }

    /// Why a thing stays where it was, in the words of the actor.
    fn why(&self, error: &Error) -> String {
        let t = self.cx.t;
        match error {
            Error::Refused(refusal) => {
                let values: Vec<(&str, &dyn Display)> = refusal
                    .values
                    .iter()
                    .map(|(name, value)| -> (&str, &dyn Display) { (name, value) })
                    .collect();
                t.fill(refusal.key, &values)
            }
            Error::NotFound | Error::Forbidden => t.text("engine.signing.gone").to_owned(),
            other => {
                tracing::error!(%other, "a thing of several was not signed");
                t.text("engine.signing.fault").to_owned()
            }
        }
    }

    /// The signer, inside the scope of the act, ready, and the actor's own or the agency's.
    async fn signer(&self, id: Uuid) -> Result<Signer> {
        let cx = Arc::clone(&self.cx);
        self.read(move |db| {
            let signer = kernel::engine::read::<System, _>(db, &cx, |cx| {
                Ok((*cx.open(base::Id::<Signer>::of(id))?).clone())
            })?;
            signers::ready(&signer, (cx.actor.person, cx.now))?;
            Ok(signer)
        })
        .await
    }

    async fn desk(&self, signer: &Signer, pin: String) -> Result<Desk> {
        if pin.is_empty() {
            return Err(Error::field("pin", "form.required"));
        }
        let config = &self.server.config.signing;
        let key = match self.open(signer, pin).await? {
            Opening::Open(key) => key,
            Opening::WrongPin => return Err(self.wrong_pin(signer).await?.into()),
        };
        self.counted(signer, false).await?;
        let picture = match &signer.picture {
            Some(sha256) => Some(self.stored(sha256, "").await?),
            None => None,
        };
        let wait = Duration::from_secs(config.seconds);
        let authority = config.timestamp.as_deref();
        let authority = authority.map(|at| Service::at(&self.server.network, at, None, wait)).transpose()?;
        let printer = Arc::clone(&self.server.printer);
        Ok(Desk { printer, key, picture, name: common_name(&signer.subject), now: self.cx.now, authority })
    }

    async fn open(&self, signer: &Signer, pin: String) -> Result<Opening> {
        match signer.kind.as_str() {
            "software" => keys::unseal(&self.tenant.files, &signer.sealed, pin).await,
            "token" => {
                let (module, place) = (self.server.config.signing.pkcs11.clone(), signer.clone());
                self.waiting(move || {
                    keys::on_token(module.as_deref(), (&place.token, &place.key_label), &pin)
                })
                .await
            }
            _ => {
                let (service, credential) = (self.service()?, signer.token.clone());
                Ok(Opening::Open(Open::Remote { service, credential, pin }))
            }
        }
    }

    fn service(&self) -> Result<Service> {
        let config = &self.server.config.signing;
        let address =
            config.csc.as_deref().ok_or_else(|| Refusal::new("engine.signing.refuse.no_service"))?;
        let token = config.csc_token.as_ref().map(fs::read_to_string).transpose();
        let token = token.while_doing("reading", "the token of the signing service")?;
        let token = token.map(|token| token.trim().to_owned());
        Service::at(&self.server.network, address, token, Duration::from_secs(config.seconds))
    }

    /// Counts a wrong PIN, and says how many are left.
    async fn wrong_pin(&self, signer: &Signer) -> Result<Refusal> {
        let left = self.counted(signer, true).await?;
        Ok(if left == 0 {
            Refusal::new("platform.signers.refuse.locked").hint("platform.signers.hint.unlock")
        } else {
            Refusal::new("engine.signing.refuse.wrong_pin").with("left", left)
        })
    }

    async fn counted(&self, signer: &Signer, wrong: bool) -> Result<i64> {
        let (cx, signer) = (Arc::clone(&self.cx), signer.clone());
        let count = move |db: &dyn Database| {
            kernel::engine::write(db, &cx, |cx| {
                if wrong {
                    signers::wrong_pin(cx, &signer)
                } else {
                    signers::right_pin(cx, &signer).map(|()| 0)
                }
            })
        };
        self.tenant.db.write(self.scope.clone(), count).await
    }

    /// One thing: prepared, signed, settled; prepared anew when it has changed meanwhile.
    async fn one(&self, desk: &Arc<Desk>, thing: Uuid, once: Option<Once>) -> Result<Answer> {
        for _ in 0..ATTEMPTS {
            let (prepare, cx) = (Arc::clone(&self.outside.prepare), Arc::clone(&self.cx));
            let sheets = self.read(move |db| prepare(db, &cx, thing)).await?;
            let sheets: Vec<Sheet> =
                serde_json::from_value(sheets).while_doing("reading", "what is signed")?;
            let mut made = Vec::new();
            for sheet in sheets {
                made.extend(self.sheet(desk, sheet).await?);
            }
            let made = serde_json::to_value(made).while_doing("writing", "what was signed")?;
            match self.settle(thing, made, once.clone()).await {
                Err(Error::Busy(why)) if why == AGAIN => {}
                settled => return settled,
            }
        }
        Err(Error::Busy("signing"))
    }

    async fn settle(&self, thing: Uuid, made: serde_json::Value, once: Option<Once>) -> Result<Answer> {
        let (finish, cx) = (Arc::clone(&self.outside.finish), Arc::clone(&self.cx));
        let policy = self.server.config.antivirus.policy();
        let settle = move |db: &dyn Database| {
            once::run(db, (once.as_ref(), cx.now), || {
                told(db, (&cx, policy), finish(db, &cx, (thing, made.clone()))?)
            })
        };
        self.tenant.db.write(self.scope.clone(), settle).await
    }

    async fn sheet(&self, desk: &Arc<Desk>, sheet: Sheet) -> Result<Option<Signed>> {
        let (note, made_of, stored) = match &sheet.source {
            Source::Print(_) => (sheet.note.clone(), String::new(), Vec::new()),
            Source::Stored(sha256) => {
                (sheet.note.clone(), sha256.clone(), self.stored(sha256, &sheet.name).await?)
            }
        };
        let desk = Arc::clone(desk);
        let Some(pdf) = self.waiting(move || desk.sign(&sheet, &stored)).await? else { return Ok(None) };
        let mut incoming = self.tenant.files.receive(u64::MAX).await?;
        incoming.write(&pdf).await?;
        let kept = self.tenant.keep(incoming, (self.cx.actor.person, self.server.clock.now())).await?;
        let bytes = i64::try_from(kept.bytes).unwrap_or(i64::MAX);
        Ok(Some(Signed { sha256: kept.sha256, bytes, note, made_of }))
    }

    async fn stored(&self, sha256: &str, name: &str) -> Result<Vec<u8>> {
        let (content, _) = self.tenant.files.get(sha256).await?;
        let name = name.to_owned();
        let read = tokio::task::spawn_blocking(move || sheets::read_whole(content, &name)).await;
        read.map_err(|cause| Error::Internal(cause.into()))?
    }

    /// Waits for something outside, where waiting is allowed, and not for ever.
    async fn waiting<V: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<V> + Send + 'static,
    ) -> Result<V> {
        // The printer has a limit of its own.
        let limit = Duration::from_secs(self.server.config.signing.seconds.saturating_add(20));
        match tokio::time::timeout(limit, tokio::task::spawn_blocking(work)).await {
            Ok(done) => done.map_err(|cause| Error::Internal(cause.into()))?,
            Err(_) => Err(Refusal::new("engine.signing.refuse.slow").into()),
        }
    }
}

/// The common name of a subject as RFC 4514 writes it.
pub(crate) fn common_name(subject: &str) -> String {
    let mut parts = subject.split(',').map(str::trim);
    let name = parts.find_map(|part| part.strip_prefix("CN=")).unwrap_or(subject);
    name.replace('\\', "")
}

/// What failed, in plain words. `name` is the file's.
pub(crate) fn refused(error: &pades::Error, name: &str) -> Error {
    tracing::warn!(code = error.code(), detail = error.detail, "a file was not signed");
    let key = match error.reason {
        Reason::TooLarge => "engine.signing.refuse.too_large",
        Reason::Corrupt => "engine.signing.refuse.corrupt",
        Reason::Encrypted => "engine.signing.refuse.encrypted",
        Reason::Locked => "engine.signing.refuse.sealed_off",
        Reason::EarlierSignatureBroken => "engine.signing.refuse.broken",
        Reason::OrganisationBeforePerson => "engine.signing.refuse.before_person",
        Reason::WrongForm | Reason::BadAppearance => "engine.signing.refuse.picture",
        Reason::Algorithm => "engine.signing.refuse.algorithm",
        Reason::KeyMismatch => "engine.signing.refuse.key_mismatch",
        Reason::Signer => "engine.signing.refuse.signer",
        Reason::Timestamp => "engine.signing.refuse.timestamp",
        _ => return Error::internal(format!("signing {name}: {error}")),
    };
    let refusal = Refusal::new(key).with("name", if name.is_empty() { "–" } else { name });
    match error.reason {
        Reason::OrganisationBeforePerson => {
            refusal.ground("Nghị định 30/2020/NĐ-CP, Điều 17.2, Điều 32.2d").into()
        }
        _ => refusal.into(),
    }
}
