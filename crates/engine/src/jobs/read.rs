//! Reads scans, under the job kind `files.read`: pictures become one PDF, its pages are read one after the other, and the
//! module that asked is told how far it is (`files.being-read`) and what came of it (`files.were-read`).

use crate::files::Store;
use crate::scans::{Reader, Trouble};
use crate::server::{Server, Tenant};
use base::{Error, Result, WhileDoing};
use contracts::{Attachment, BeingRead, ReadPage, ToRead, WereRead};
use futures_util::future::BoxFuture;
use kernel::{Database, Scope, jobs};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PDF: &str = "application/pdf";
/// What is larger is kept, and not read.
const PDF_BYTES: u64 = 100 << 20;
/// When somebody else's scan is being read, this one waits so long; one nobody waits for, so long.
const WAIT_SECONDS: (i64, i64) = (3, 30);

/// The job.
pub(crate) fn run(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let ask: ToRead = serde_json::from_value(payload.clone()).while_doing("reading", "what to read")?;
        // One of each sort at a time: a reading takes a whole core, and what nobody waits for keeps nobody waiting.
        let (turns, wait) = if ask.later {
            (&server.later_readings, WAIT_SECONDS.1)
        } else {
            (&server.readings, WAIT_SECONDS.0)
        };
        let Ok(_turn) = turns.try_acquire() else {
            return put_off(&server, &here, (payload, wait)).await;
        };
        let job = Job { server: &server, tenant: &here, ask: &ask, until: deadline(&server) };
        match job.read().await {
            // Nobody waits for it any more.
            Err(Error::NotFound) => Ok(()),
            other => other,
        }
    })
}

fn deadline(server: &Server) -> Instant {
    Instant::now() + Duration::from_secs(server.config.reading.seconds)
}

/// Queues the same work for later. It is another job: a job that waits in hand would be thought lost.
async fn put_off(server: &Server, tenant: &Tenant, (payload, wait): (serde_json::Value, i64)) -> Result<()> {
    let now = server.clock.now();
    let cx = server.system(tenant, now);
    let act = move |db: &dyn Database| {
        kernel::engine::write(db, &cx, |cx| {
            let key = cx.new_id::<Job<'_>>().to_string();
            jobs::enqueue_at(cx, "files.read", &key, (&payload, now.plus_secs(wait)))?;
            cx.record_nothing("queueing is no act; what the work changes is recorded by it");
            Ok(())
        })
    };
    tenant.db.write(Scope::Everything, act).await
}

struct Job<'a> {
    server: &'a Arc<Server>,
    tenant: &'a Arc<Tenant>,
    ask: &'a ToRead,
    until: Instant,
}

/// What was read: pages of the PDF, those that were read, and what stood in the way.
#[derive(Default)]
struct Outcome {
    total: u32,
    pages: Vec<ReadPage>,
    trouble: &'static str,
}

impl Job<'_> {
    async fn read(&self) -> Result<()> {
        self.told(None, (0, 0)).await?;
        let outcome = match self.pdf().await? {
            Ok(file) => self.pages(file).await?,
            Err(trouble) => Outcome { trouble, ..Outcome::default() },
        };
        let told = WereRead {
            about: self.ask.about.clone(),
            subject: self.ask.subject,
            total: outcome.total.into(),
            pages: outcome.pages,
            trouble: outcome.trouble.to_owned(),
        };
        self.say("files.were-read", serde_json::to_value(told)).await
    }

    /// The PDF in the clear, in a file without a name; else why there is none.
    async fn pdf(&self) -> Result<std::result::Result<File, &'static str>> {
        let files = &self.ask.files;
        match files.as_slice() {
            [one] if one.content_type == PDF => {
                let (content, bytes) = self.tenant.files.get(&one.sha256).await?;
                if bytes > PDF_BYTES {
                    return Ok(Err("large"));
                }
                let copied = blocking(move || in_the_clear(content)).await?;
                copied.map(Ok).while_doing("copying", &one.sha256)
            }
            [] => Ok(Err(scan::Reason::Kind.code())),
            _ if files.iter().any(|file| file.content_type == PDF) => Ok(Err("mixed")),
            _ => self.joined().await,
        }
    }

    /// Pictures as one PDF; it comes into the store, and its owner is told of it.
    async fn joined(&self) -> Result<std::result::Result<File, &'static str>> {
        let (store, files) = (self.tenant.files.clone(), self.ask.files.clone());
        let handle = tokio::runtime::Handle::current();
        let made = blocking(move || {
            let mut made = tempfile::tempfile()?;
            let pictures = files.iter().map(|file| whole(&handle, (&store, file)));
            scan::pdf(pictures, &mut io::BufWriter::new(&mut made), &scan::Limits::default())?;
            Ok(made)
        });
        let file = match made.await? {
            Ok(file) => file,
            Err(scan::Error::Refused(_, why)) => return Ok(Err(why.code())),
            Err(scan::Error::Io(cause)) => return Err(cause).while_doing("making", "a PDF of pictures"),
        };
        let stored = self.keep(file.try_clone().while_doing("copying", "a PDF")?).await?;
        self.told(Some(stored), (0, 0)).await?;
        Ok(Ok(file))
    }

    async fn keep(&self, file: File) -> Result<Attachment> {
        let brought = (self.ask.person, self.server.clock.now());
        let stored = super::import::keep(self.tenant, file, brought).await?;
        Ok(Attachment {
            name: String::new(),
            content_type: PDF.to_owned(),
            bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            sha256: stored.sha256,
            role: "scan".to_owned(),
        })
    }

    async fn pages(&self, file: File) -> Result<Outcome> {
        let server = Arc::clone(self.server);
        let opened = blocking(move || Reader::open(file, &server.config.reading)).await?;
        let mut reader = match opened {
            Ok(reader) => reader,
            Err(trouble) => return Ok(Outcome { trouble: trouble.word(), ..Outcome::default() }),
        };
        let (total, wanted) = (reader.total, reader.wanted);
        let mut outcome = Outcome { total, ..Outcome::default() };
        for number in 1..=wanted {
            self.told(None, (number - 1, wanted)).await?;
            if Instant::now() > self.until {
                outcome.trouble = Trouble::Part.word();
                return Ok(outcome);
            }
            let server = Arc::clone(self.server);
            let read = blocking(move || {
                let read = reader.page(number, &server.config.reading);
                (reader, read)
            });
            let (back, read) = read.await?;
            reader = back;
            match read {
                Ok(page) => outcome.pages.push(page),
                Err(trouble) => {
                    outcome.trouble = trouble.word();
                    return Ok(outcome);
                }
            }
        }
        if outcome.pages.iter().all(|page| page.words.is_empty()) {
            outcome.trouble = Trouble::Empty.word();
        } else if wanted < total {
            outcome.trouble = Trouble::Part.word();
        }
        Ok(outcome)
    }

    /// Tells how far it is. `NotFound` when nobody waits for it any more.
    async fn told(&self, pdf: Option<Attachment>, (done, total): (u32, u32)) -> Result<()> {
        let told = BeingRead {
            about: self.ask.about.clone(),
            subject: self.ask.subject,
            pdf,
            done: done.into(),
            total: total.into(),
        };
        self.say("files.being-read", serde_json::to_value(told)).await
    }

    async fn say(&self, kind: &str, told: serde_json::Result<serde_json::Value>) -> Result<()> {
        self.server.run_now(self.tenant, kind, told.while_doing("writing", kind)?).await
    }
}

fn in_the_clear(mut content: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut content, &mut file)?;
    file.rewind()?;
    Ok(file)
}

/// One picture in memory, and a byte more than is allowed when there is more.
fn whole(handle: &tokio::runtime::Handle, (store, file): (&Store, &Attachment)) -> io::Result<Vec<u8>> {
    let opened = handle.block_on(store.get(&file.sha256));
    let (content, _) = opened.map_err(|cause| io::Error::other(cause.to_string()))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(scan::Limits::default().bytes).unwrap_or(u64::MAX).saturating_add(1);
    content.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn blocking<V: Send + 'static>(work: impl FnOnce() -> V + Send + 'static) -> Result<V> {
    tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.into()))
}
