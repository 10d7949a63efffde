//! The one thread that writes. It takes what waits, gives each job a SAVEPOINT of its own, and commits the
//! whole group at once: many acts share one wait for the disk. Nobody is answered before the commit.

use super::session::{BULK_CACHE, CACHE, Session, busy};
use crate::db::{guarded, settled};
use base::{Error, Result, WhileDoing};
use kernel::{Database, Scope};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How many jobs may wait before the next is told to come again.
const QUEUE: usize = 4096;
/// A group is committed when it has so many jobs …
const GROUP: usize = 256;
/// … or has kept its first job waiting so long.
const GROUP_TIME: Duration = Duration::from_millis(10);
/// After so long without work the log is moved into the file and statistics are renewed.
const IDLE: Duration = Duration::from_secs(20);

const CLOSED: Error = Error::Busy("database closed");

/// The way to the thread that writes.
pub(super) struct Writer {
    queue: SyncSender<Message>,
    bulk: Arc<AtomicBool>,
}

enum Message {
    Job(Box<dyn Job>),
    /// Look at the bulk switch.
    Look,
    Checkpoint(oneshot::Sender<Result<()>>),
    Close(oneshot::Sender<Result<()>>),
}

impl Writer {
    pub(super) fn start(session: Session) -> Result<Writer> {
        let (queue, messages) = sync_channel(QUEUE);
        let bulk = Arc::new(AtomicBool::new(false));
        let wanted = Arc::clone(&bulk);
        let thread = Thread { session, messages, wanted, bulk: Cell::new(false), dirty: Cell::new(false) };
        let named = std::thread::Builder::new().name("writer".to_owned());
        named.spawn(move || thread.run()).while_doing("starting", "the writer thread")?;
        Ok(Writer { queue, bulk })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl Fn(&dyn Database) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let (to, answer) = oneshot::channel();
        let job = Box::new(Work { scope, act, result: None, to });
        match self.queue.try_send(Message::Job(job)) {
            Ok(()) => answer.await.unwrap_or(Err(CLOSED)),
            Err(TrySendError::Full(_)) => Err(Error::Busy("write queue")),
            Err(TrySendError::Disconnected(_)) => Err(CLOSED),
        }
    }

    pub(super) fn bulk(&self, on: bool) {
        self.bulk.store(on, Ordering::SeqCst);
        // When the queue is full the thread looks at the switch before its next group anyway.
        let _ = self.queue.try_send(Message::Look);
    }

    pub(super) async fn checkpoint(&self) -> Result<()> {
        self.ask(Message::Checkpoint).await
    }

    pub(super) async fn close(&self) -> Result<()> {
        self.ask(Message::Close).await
    }

    async fn ask(&self, message: fn(oneshot::Sender<Result<()>>) -> Message) -> Result<()> {
        let (to, answer) = oneshot::channel();
        match self.queue.try_send(message(to)) {
            Ok(()) => answer.await.unwrap_or(Err(CLOSED)),
            Err(TrySendError::Full(_)) => Err(Error::Busy("write queue")),
            Err(TrySendError::Disconnected(_)) => Err(CLOSED),
        }
    }
}

/// One act that waits to be written.
trait Job: Send {
    fn scope(&self) -> &Scope;
    /// Acts inside a savepoint; true when what it did is to be kept.
    fn run(&mut self, session: &Session) -> bool;
    /// Answers whoever waits, after the commit; `lost` when there was none.
    fn answer(self: Box<Self>, lost: Option<&Lost>);
}

struct Work<T, F> {
    scope: Scope,
    act: F,
    result: Option<Result<T>>,
    to: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: Fn(&dyn Database) -> Result<T> + Send> Job for Work<T, F> {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn run(&mut self, session: &Session) -> bool {
        session.take_failed();
        let result = guarded(|| (self.act)(session));
        let result = settled(result, session.take_failed());
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, lost: Option<&Lost>) {
        let result = match (self.result, lost) {
            // A refusal stands, whatever became of the neighbours.
            (Some(Err(cause)), _) => Err(cause),
            (_, Some(lost)) => Err(lost.error()),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(CLOSED),
        };
        // Whoever asked may have gone away; the act stands.
        let _ = self.to.send(result);
    }
}

/// Why a group was not committed.
struct Lost {
    busy: Option<&'static str>,
    cause: String,
}

impl Lost {
    fn of(cause: &rusqlite::Error) -> Lost {
        Lost { busy: busy(cause), cause: cause.to_string() }
    }

    fn error(&self) -> Error {
        match self.busy {
            Some(what) => Error::Busy(what),
            None => Error::internal(format!("a group of writes was lost: {}", self.cause)),
        }
    }
}

struct Thread {
    session: Session,
    messages: Receiver<Message>,
    wanted: Arc<AtomicBool>,
    bulk: Cell<bool>,
    dirty: Cell<bool>,
}

impl Thread {
    fn run(self) {
        let mut next = None;
        loop {
            self.look();
            match next.take().map_or_else(|| self.messages.recv_timeout(IDLE), Ok) {
                Ok(Message::Job(job)) => next = self.group(job),
                Ok(Message::Look) => {}
                Ok(Message::Checkpoint(to)) => {
                    let _ = to.send(self.checkpoint());
                }
                Ok(Message::Close(to)) => {
                    let result = self.checkpoint();
                    drop(self);
                    let _ = to.send(result);
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.tidy(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Commits this job and those that wait behind it. Answers a message that is no job, if one came.
    fn group(&self, first: Box<dyn Job>) -> Option<Message> {
        if let Err(cause) = self.session.own("BEGIN IMMEDIATE") {
            // Nothing has run, so nothing may be answered as done.
            first.answer(Some(&Lost::of(&cause)));
            return None;
        }
        let begun = Instant::now();
        let (mut group, mut left, mut lost) = (Vec::new(), None, None);
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            lost = self.one(&mut *job).err();
            group.push(job);
            if lost.is_some() || group.len() >= GROUP || begun.elapsed() > GROUP_TIME {
                break;
            }
            match self.messages.try_recv() {
                Ok(Message::Job(job)) => next = Some(job),
                Ok(other) => left = Some(other),
                Err(_) => {}
            }
        }
        let lost = lost.or_else(|| self.session.own("COMMIT").err().map(|cause| Lost::of(&cause)));
        if lost.is_some() {
            self.roll_back();
        }
        self.dirty.set(true);
        for job in group {
            job.answer(lost.as_ref());
        }
        left
    }

    /// Runs one job in its savepoint. An error here is one of the whole group.
    fn one(&self, job: &mut dyn Job) -> std::result::Result<(), Lost> {
        // The scope is armed outside the savepoint, or the job's own rollback would undo it.
        let begun = self.session.arm(job.scope()).and_then(|()| self.session.own("SAVEPOINT job"));
        begun.map_err(|cause| Lost::of(&cause))?;
        let keep = job.run(&self.session);
        if self.session.is_idle() {
            // A full disk makes SQLite roll everything back by itself.
            return Err(Lost { busy: Some("database"), cause: "the transaction was rolled back".to_owned() });
        }
        let undone = if keep { Ok(()) } else { self.session.own("ROLLBACK TO job") };
        let ended = undone.and_then(|()| self.session.own("RELEASE job"));
        ended.map_err(|cause| Lost::of(&cause))
    }

    fn roll_back(&self) {
        if !self.session.is_idle()
            && let Err(cause) = self.session.own("ROLLBACK")
        {
            tracing::error!(%cause, "a lost group of writes could not be rolled back");
        }
        self.session.disarm();
    }

    /// Follows the bulk switch.
    fn look(&self) {
        let wanted = self.wanted.load(Ordering::SeqCst);
        if wanted == self.bulk.replace(wanted) {
            return;
        }
        let changed = if wanted {
            self.session.own_batch(&format!("PRAGMA synchronous = OFF; PRAGMA cache_size = -{BULK_CACHE}"))
        } else {
            // One more page in the log makes the checkpoint wait for the disk, and with it for all that was
            // written while nobody did.
            self.session
                .own_batch(&format!(
                    "PRAGMA synchronous = FULL; PRAGMA cache_size = -{CACHE}; PRAGMA user_version = 1"
                ))
                .and_then(|()| self.session.own_batch("PRAGMA wal_checkpoint(TRUNCATE)"))
        };
        if let Err(cause) = changed {
            tracing::error!(%cause, "the bulk switch of a database failed");
        }
    }

    fn checkpoint(&self) -> Result<()> {
        self.session.own_batch("PRAGMA wal_checkpoint(TRUNCATE)").while_doing("moving", "the write-ahead log")
    }

    fn tidy(&self) {
        if !self.dirty.replace(false) {
            return;
        }
        // A reader in the middle of its work is no reason to keep the next writer waiting.
        let quick = "PRAGMA optimize; PRAGMA busy_timeout = 50; PRAGMA wal_checkpoint(TRUNCATE)";
        let done =
            self.session.own_batch(quick).and_then(|()| self.session.own_batch("PRAGMA busy_timeout = 5000"));
        if let Err(cause) = done {
            tracing::warn!(%cause, "tidying a database failed");
        }
    }
}
