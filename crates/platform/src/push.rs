//! Notices on a person's own devices: which devices, in which hours, and how much a locked screen may show.

use base::{Id, Instant, PersonId, Result};
use kernel::{Permission, Raw, Refusal, Sql, System, Writer, jobs, q, row, values};

/// The kind of the job that sends one notice to one device.
pub const JOB: &str = "push";
/// Devices a person may have; whoever adds one more removes one first.
pub const MOST: i64 = 10;
const DAY_MINUTES: i64 = 24 * 60;

row! {
    /// A browser that asked to be told of notices.
    pub struct Device {
        /// Id.
        id: Id<Device>,
        /// What its owner calls it.
        name: String,
        /// When it was added.
        created_at: Instant,
        /// When its push service last took a notice.
        used_at: Option<Instant>,
    }
}

row! {
    /// What sending to a device needs.
    pub struct Target {
        /// Address at the push service.
        endpoint: String,
        /// The browser's public key, base64url.
        p256dh: String,
        /// The browser's secret, base64url.
        auth: String,
        /// The language of its owner.
        lang: String,
    }
}

row! {
    /// How a person wants to be told.
    #[derive(PartialEq, Eq)]
    pub struct Wishes {
        /// True when a notice may show the subjects of documents, on a locked screen too.
        subjects: bool,
        /// When quiet hours begin: minute of the day, local.
        quiet_from: i64,
        /// When they end; the same minute means that there are none.
        quiet_to: i64,
        /// True when urgent notices come in quiet hours too.
        urgent: bool,
    }
}

impl Default for Wishes {
    fn default() -> Wishes {
        Wishes { subjects: false, quiet_from: 0, quiet_to: 0, urgent: true }
    }
}

impl Wishes {
    /// When the quiet hours end that a moment lies in; `None` when it lies in none.
    pub fn quiet_until(&self, now: Instant) -> Option<Instant> {
        let (hour, minute) = now.hour_minute();
        let at = i64::from(hour) * 60 + i64::from(minute);
        let length = (self.quiet_to - self.quiet_from).rem_euclid(DAY_MINUTES);
        let passed = (at - self.quiet_from).rem_euclid(DAY_MINUTES);
        let midnight = now.date().start();
        (passed < length).then(|| midnight.plus_minutes(at + length - passed))
    }
}

/// What a browser hands over when it subscribes.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Address at the push service.
    pub endpoint: String,
    /// The browser's public key, base64url.
    pub p256dh: String,
    /// The browser's secret, base64url.
    pub auth: String,
    /// What its owner calls it.
    pub name: String,
}

/// A notice on its way to devices.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Text key.
    pub key: &'a str,
    /// JSON of the values of its placeholders.
    pub note: &'a str,
    /// Where it leads.
    pub path: &'a str,
    /// True when it may not be overlooked.
    pub urgent: bool,
}

static COUNT: Sql = q!("SELECT count(*) FROM platform_devices WHERE {scope} AND person_id = $1");
static TAKE: Sql = q!("DELETE FROM platform_devices WHERE {scope} AND endpoint = $1");
static ADD: Sql = q!("INSERT INTO platform_devices
        (id, agency_id, person_id, endpoint, p256dh, auth, name, created_at)
     SELECT $1, p.agency_id, p.id, $3, $4, $5, $6, $7
     FROM platform_people p
     WHERE p.id = $2");
static LIST: Sql = q!("SELECT id, name, created_at, used_at
     FROM platform_devices
     WHERE {scope} AND person_id = $1
     ORDER BY created_at, id");
static IDS: Sql = q!("SELECT id FROM platform_devices WHERE person_id = $1 ORDER BY id");
static TARGET: Sql = q!("SELECT d.endpoint, d.p256dh, d.auth, n.lang
     FROM platform_devices d JOIN platform_people n ON n.id = d.person_id
     WHERE {scope:d} AND d.id = $1 AND n.active = 1");
static USED: Sql = q!("UPDATE platform_devices SET used_at = $2 WHERE {scope} AND id = $1");
static REMOVE: Sql = q!("DELETE FROM platform_devices WHERE {scope} AND id = $1 AND person_id = $2");
static GONE: Sql = q!("DELETE FROM platform_devices WHERE {scope} AND id = $1");
static REMOVE_ALL: Sql = q!("DELETE FROM platform_devices WHERE {scope} AND person_id = $1");
static WISHES: Sql = q!("SELECT subjects, quiet_from, quiet_to, urgent
     FROM platform_push_wishes
     WHERE person_id = $1");
static WISHES_OF: Sql = q!("SELECT w.subjects, w.quiet_from, w.quiet_to, w.urgent
     FROM platform_push_wishes w JOIN platform_devices d ON d.person_id = w.person_id
     WHERE {scope:d} AND d.id = $1");
static WISH: Sql = q!("INSERT INTO platform_push_wishes
        (person_id, agency_id, subjects, quiet_from, quiet_to, urgent)
     SELECT p.id, p.agency_id, $2, $3, $4, $5
     FROM platform_people p
     WHERE p.id = $1");
static UNWISH: Sql = q!("DELETE FROM platform_push_wishes WHERE {scope} AND person_id = $1");

/// Adds the browser a person sits at. One that was somebody else's is theirs from now on.
///
/// # Errors
/// `Refused` when the person has too many.
pub fn add(cx: &mut Writer<'_, System>, person: PersonId, new: &NewDevice) -> Result<Id<Device>> {
    cx.write_any(&TAKE, values![&new.endpoint])?;
    if cx.number(&COUNT, values![person])? >= MOST {
        return Err(Refusal::new("platform.push.refuse.many").hint("platform.push.hint.many").into());
    }
    let (id, now) = (cx.new_id::<Device>(), cx.now());
    let sent = (&new.endpoint, &new.p256dh, &new.auth, &new.name);
    cx.write(&ADD, values![id, person, sent.0, sent.1, sent.2, sent.3, now])?;
    cx.record_plain("platform.push.act.added", ("person", person));
    Ok(id)
}

/// A person's devices, the oldest first.
///
/// # Errors
/// What the database reports.
pub fn devices(cx: &Raw<'_>, person: PersonId) -> Result<Vec<Device>> {
    cx.rows(&LIST, values![person])
}

/// Removes one of a person's devices.
///
/// # Errors
/// `Refused` when it is not theirs or went before.
pub fn remove(cx: &mut Writer<'_, System>, person: PersonId, id: Id<Device>) -> Result<()> {
    cx.write(&REMOVE, values![id, person])?;
    cx.record_plain("platform.push.act.removed", ("person", person));
    Ok(())
}

/// Removes all devices of a person: whoever holds one of them hears no more. The caller records why.
///
/// # Errors
/// What the database reports.
pub fn remove_all<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId) -> Result<u64> {
    cx.write_any(&REMOVE_ALL, values![person])
}

/// How a person wants to be told.
///
/// # Errors
/// What the database reports.
pub fn wishes(cx: &Raw<'_>, person: PersonId) -> Result<Wishes> {
    Ok(cx.row(&WISHES, values![person])?.unwrap_or_default())
}

/// Keeps how a person wants to be told.
///
/// # Errors
/// What the database reports.
pub fn wish(cx: &mut Writer<'_, System>, person: PersonId, wishes: &Wishes) -> Result<()> {
    cx.write_any(&UNWISH, values![person])?;
    let Wishes { subjects, quiet_from, quiet_to, urgent } = *wishes;
    cx.write(&WISH, values![person, subjects, quiet_from, quiet_to, urgent])?;
    cx.record_plain("platform.push.act.wished", ("person", person));
    Ok(())
}

/// Queues a notice for each device of a person. In quiet hours a device is told once, when they end, that something
/// has come.
///
/// # Errors
/// What the database reports.
pub fn queue<P: Permission>(
    cx: &mut Writer<'_, P>,
    person: PersonId,
    tag: &str,
    told: Told<'_>,
) -> Result<()> {
    let devices: Vec<(Id<Device>,)> = cx.rows(&IDS, values![person])?;
    if devices.is_empty() {
        return Ok(());
    }
    let (wishes, now) = (wishes(cx, person)?, cx.now());
    let quiet = wishes.quiet_until(now).filter(|_| !(told.urgent && wishes.urgent));
    for (device,) in devices {
        let (dedup, told, at) = match quiet {
            None => (format!("{tag}/{device}"), told, now),
            Some(end) => (format!("quiet/{device}/{}", end.micros()), WAITING, end),
        };
        jobs::enqueue_at(cx, JOB, &dedup, (&payload(device, &dedup, told), at))?;
    }
    Ok(())
}

const WAITING: Told<'static> =
    Told { key: "platform.push.waiting", note: "{}", path: "/notices", urgent: false };

fn payload(device: Id<Device>, tag: &str, told: Told<'_>) -> serde_json::Value {
    serde_json::json!({
        "device": device.to_string(), "tag": tag, "key": told.key, "note": told.note, "path": told.path,
        "urgent": told.urgent, "tries": 0,
    })
}

/// What sending to a device needs; `None` when it is gone or its owner is locked out.
///
/// # Errors
/// What the database reports.
pub fn target(cx: &Raw<'_>, device: Id<Device>) -> Result<Option<(Target, Wishes)>> {
    let Some(target) = cx.row(&TARGET, values![device])? else { return Ok(None) };
    Ok(Some((target, cx.row(&WISHES_OF, values![device])?.unwrap_or_default())))
}

/// Notes that a push service took a notice. Not an act, so not in the audit log.
///
/// # Errors
/// What the database reports.
pub fn used(cx: &mut Writer<'_, System>, device: Id<Device>) -> Result<()> {
    let now = cx.now();
    cx.write_any(&USED, values![device, now])?;
    cx.record_nothing("a delivery is no act");
    Ok(())
}

/// Forgets a device its push service knows no more.
///
/// # Errors
/// What the database reports.
pub fn gone(cx: &mut Writer<'_, System>, device: Id<Device>) -> Result<()> {
    cx.write_any(&GONE, values![device])?;
    cx.record_nothing("the browser itself has unsubscribed");
    Ok(())
}

/// Queues a notice again that a push service could not take.
///
/// # Errors
/// What the database reports.
pub fn again(
    cx: &mut Writer<'_, System>,
    payload: &serde_json::Value,
    (tries, at): (i64, Instant),
) -> Result<()> {
    let mut payload = payload.clone();
    let tag = payload.get("tag").and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("tries".to_owned(), tries.into());
    }
    jobs::enqueue_at(cx, JOB, &format!("{tag}/{tries}"), (&payload, at))?;
    cx.record_nothing("a delivery is no act");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Wishes;
    use base::Instant;

    #[test]
    fn quiet_hours_end_in_the_morning_also_when_they_began_yesterday() {
        let at = |day, hour, minute| Instant::local(2017, 10, day, hour, minute).unwrap();
        let night = Wishes { quiet_from: 22 * 60, quiet_to: 6 * 60 + 30, ..Wishes::default() };
        for (now, until) in [
            (at(16, 21, 59), None),
            (at(16, 22, 0), Some(at(17, 6, 30))),
            (at(17, 0, 5), Some(at(17, 6, 30))),
            (at(17, 6, 29), Some(at(17, 6, 30))),
            (at(17, 6, 30), None),
        ] {
            assert_eq!(night.quiet_until(now), until, "{}", now.rfc3339());
        }
        let noon = Wishes { quiet_from: 11 * 60, quiet_to: 13 * 60, ..Wishes::default() };
        assert_eq!(noon.quiet_until(at(16, 12, 0)), Some(at(16, 13, 0)));
        assert_eq!(Wishes::default().quiet_until(at(16, 0, 0)), None, "none were wished for");
    }
}
