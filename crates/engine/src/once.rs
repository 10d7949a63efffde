//! A form or an API call acts once: its key is kept in the transaction of the act, with the answer.

use crate::dispatch::Answer;
use base::{Error, Instant, Refusal, Result};
use kernel::{Database, Response, Sql, q, values};

/// The key of an act, and a digest of what was sent with it.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    /// Unique to the person and the form.
    pub(crate) key: String,
    /// Of path and values: the same key with other values is a mistake, not a second click.
    pub(crate) digest: String,
}

static FIND: Sql = q!("SELECT reply FROM kernel_once WHERE key = $1");
static KEEP: Sql = q!("INSERT INTO kernel_once (key, reply, at)
     VALUES ($1, $2, $3)
     ON CONFLICT (key) DO NOTHING");
static FORGET: Sql = q!("DELETE FROM kernel_once WHERE at < $1");

/// Runs an act unless its key was used before; then answers what it answered.
///
/// # Errors
/// What the act answers; `Refused` when the key was used for something else.
pub(crate) fn run(
    db: &dyn Database,
    (once, now): (Option<&Once>, Instant),
    act: impl FnOnce() -> Result<Answer>,
) -> Result<Answer> {
    let Some(once) = once else { return act() };
    if let Some(reply) = earlier(db, once)? {
        return answered(&reply, once);
    }
    let answer = act()?;
    // Writers of a tenant come one after the other, so nobody keeps an answer between the look and this. Were it
    // otherwise, the later one would undo itself, be told to ask again, and find the answer of the first.
    match db.execute(&KEEP, values![&once.key, write(&answer, &once.digest), now])? {
        0 => Err(Error::Busy("the same request")),
        _ => Ok(answer),
    }
}

/// Forgets keys nobody will send again.
///
/// # Errors
/// What the database reports.
pub(crate) fn forget(db: &dyn Database, before: Instant) -> Result<()> {
    db.execute(&FORGET, values![before]).map(drop)
}

/// What the same form or call was answered before.
///
/// # Errors
/// `Refused` when the key was used for something else.
pub(crate) fn found(db: &dyn Database, once: &Once) -> Result<Option<Answer>> {
    earlier(db, once)?.map(|reply| answered(&reply, once)).transpose()
}

fn earlier(db: &dyn Database, once: &Once) -> Result<Option<String>> {
    let mut reply = None;
    db.query(&FIND, values![&once.key], &mut |row| {
        reply = Some(row.take()?);
        Ok(())
    })?;
    Ok(reply)
}

fn answered(reply: &str, once: &Once) -> Result<Answer> {
    let reply: serde_json::Value = serde_json::from_str(reply).unwrap_or_default();
    let text = |name: &str| reply.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    if text("digest").as_deref() != Some(once.digest.as_str()) {
        return Err(Refusal::new("engine.once.other").hint("engine.once.hint").into());
    }
    if let Some(json) = reply.get("json") {
        return Ok(Answer::Other(Response::Json(json.clone())));
    }
    let to = text("to").unwrap_or_else(|| "/".to_owned());
    Ok(Answer::Done { to, message: text("message").unwrap_or_default(), id: text("id") })
}

fn write(answer: &Answer, digest: &str) -> String {
    let kept = match answer {
        Answer::Done { to, message, id } => {
            serde_json::json!({ "to": to, "message": message, "id": id, "digest": digest })
        }
        Answer::Other(Response::Redirect(to)) => serde_json::json!({ "to": to, "digest": digest }),
        Answer::Other(Response::Json(json)) => serde_json::json!({ "json": json, "digest": digest }),
        // A page or a file is not kept: a second click goes home.
        Answer::Page { .. } | Answer::Other(_) => serde_json::json!({ "to": "/", "digest": digest }),
    };
    kept.to_string()
}
