//! The one thread that writes. It takes what waits and commits the whole group at once: many acts share one wait
//! for the disk. Nobody is answered before the commit.
//!
//! An act that is refused has mostly written nothing, and there is nothing to undo. When one has, the group is
//! rolled back and done again with a SAVEPOINT for each job; to have one each time would cost a seventh of the
//! writer's time, as every page is copied that a job changes first.

use super::mover::Mover;
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
/// A group is committed when it has so many jobs: more would keep those who could already go on …
const GROUP: usize = 32;
/// … or has kept its first job waiting so long.
const GROUP_TIME: Duration = Duration::from_millis(10);
/// A small group that is not alone waits so long for the next job: a commit costs as much as ten jobs.
const GATHER: Duration = Duration::from_micros(100);
/// From so many jobs on it waits for nobody: while it is on its way to the disk the next ones come.
const ENOUGH: usize = 24;
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
    pub(super) fn start(session: Session, mover: Mover) -> Result<Writer> {
        let (queue, messages) = sync_channel(QUEUE);
        let bulk = Arc::new(AtomicBool::new(false));
        let wanted = Arc::clone(&bulk);
        let thread = Thread {
            session,
            mover,
            messages,
            wanted,
            bulk: Cell::new(false),
            dirty: Cell::new(false),
            crowd: Cell::new(false),
        };
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

/// What a job left in the transaction that must not stay.
enum Left {
    Nothing,
    Traces,
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
    mover: Mover,
    messages: Receiver<Message>,
    wanted: Arc<AtomicBool>,
    bulk: Cell<bool>,
    dirty: Cell<bool>,
    /// True when the last group had more than one job.
    crowd: Cell<bool>,
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
        let (mut next, mut careful) = (Some(first), false);
        while let Some(mut job) = next.take() {
            let done = if careful { self.in_savepoint(&mut *job) } else { self.plainly(&mut *job) };
            group.push(job);
            lost = match done {
                Ok(Left::Nothing) => None,
                Ok(Left::Traces) => {
                    careful = true;
                    self.again(&mut group).err()
                }
                Err(cause) => Some(cause),
            };
            if lost.is_some() || group.len() >= GROUP || begun.elapsed() > GROUP_TIME {
                break;
            }
            match self.next(group.len()) {
                Some(Message::Job(job)) => next = Some(job),
                other => left = other,
            }
        }
        self.crowd.set(group.len() > 1);
        let lost = lost.or_else(|| self.session.own("COMMIT").err().map(|cause| Lost::of(&cause)));
        if lost.is_some() {
            self.roll_back();
        }
        self.dirty.set(true);
        for job in group {
            job.answer(lost.as_ref());
        }
        self.mover.look(&self.session);
        left
    }

    /// What waits behind the jobs of a group, or comes soon. It looks again and again and lets others run in
    /// between: to sleep until somebody comes takes longer than it is worth to wait.
    fn next(&self, jobs: usize) -> Option<Message> {
        let alone = jobs == 1 && !self.crowd.get();
        let waits = self.messages.try_recv().ok();
        if waits.is_some() || alone || jobs >= ENOUGH {
            return waits;
        }
        let began = Instant::now();
        while began.elapsed() < GATHER {
            std::thread::yield_now();
            if let Ok(message) = self.messages.try_recv() {
                return Some(message);
            }
        }
        None
    }

    /// Runs one job. An error here is one of the whole group.
    fn plainly(&self, job: &mut dyn Job) -> std::result::Result<Left, Lost> {
        self.session.arm(job.scope()).map_err(|cause| Lost::of(&cause))?;
        let before = self.session.changes();
        let keep = self.act(job)?;
        Ok(if keep || self.session.changes() == before { Left::Nothing } else { Left::Traces })
    }

    /// Runs one job in a savepoint of its own.
    fn in_savepoint(&self, job: &mut dyn Job) -> std::result::Result<Left, Lost> {
        // The scope is armed outside the savepoint, or the job's own rollback would undo it.
        let begun = self.session.arm(job.scope()).and_then(|()| self.session.own("SAVEPOINT job"));
        begun.map_err(|cause| Lost::of(&cause))?;
        let keep = self.act(job)?;
        let undone = if keep { Ok(()) } else { self.session.own("ROLLBACK TO job") };
        if !keep {
            self.session.settle(job.scope());
        }
        let ended = undone.and_then(|()| self.session.own("RELEASE job"));
        ended.map(|()| Left::Nothing).map_err(|cause| Lost::of(&cause))
    }

    fn act(&self, job: &mut dyn Job) -> std::result::Result<bool, Lost> {
        let keep = job.run(&self.session);
        if self.session.is_idle() {
            // A full disk makes SQLite roll everything back by itself.
            return Err(Lost { busy: Some("database"), cause: "the transaction was rolled back".to_owned() });
        }
        Ok(keep)
    }

    /// Does the whole group again, each job in a savepoint.
    fn again(&self, group: &mut [Box<dyn Job>]) -> std::result::Result<(), Lost> {
        self.session.own("ROLLBACK").map_err(|cause| Lost::of(&cause))?;
        self.session.disarm();
        self.session.own("BEGIN IMMEDIATE").map_err(|cause| Lost::of(&cause))?;
        group.iter_mut().try_for_each(|job| self.in_savepoint(&mut **job).map(drop))
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
