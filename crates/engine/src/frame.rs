//! What stands around a page: the rail with its counts, unread notices, the name of the agency.

use crate::dispatch::Caller;
use crate::server::{Server, Tenant};
use base::{Result, T};
use kernel::{Database, MenuItem, Queue, Raw, Request, Scope, System, Waiting};
use std::sync::Arc;

/// A place in the rail with what waits there.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) section: &'static str,
    pub(crate) label: &'static str,
    pub(crate) path: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) waiting: Option<Waiting>,
    /// True when it is shown only while something waits.
    pub(crate) quiet: bool,
}

/// Everything around the pages of a person.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    pub(crate) places: Vec<Place>,
    pub(crate) notices: i64,
    pub(crate) agency: String,
}

impl Server {
    /// Reads the frame of a caller, in one snapshot, inside their own agency.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) async fn frame(&self, tenant: &Arc<Tenant>, caller: &Caller) -> Result<Frame> {
        let (scope, read) = self.frame_of(tenant, caller);
        tenant.db.read(scope, read).await
    }

    /// The scope in which a caller's frame is read, and how.
    pub(crate) fn frame_of(
        &self,
        tenant: &Tenant,
        caller: &Caller,
    ) -> (Scope, impl FnOnce(&dyn Database) -> Result<Frame> + Send + 'static) {
        let actor = caller.actor.clone();
        let lines: Vec<Line> = self
            .modules
            .iter()
            .flat_map(|module| {
                let queues = module.queues.iter().map(|queue| Line::Queue(*queue));
                queues.chain(module.menu.iter().map(|item| Line::Item(*item)))
            })
            .filter(|line| actor.holds(line.right()))
            .collect();
        let scope = Scope::Agencies(actor.agency.into_iter().collect());
        let cx = self.context(tenant, actor, (caller.lang, caller.now), Request::default());
        let act = move |db: &dyn Database| {
            kernel::engine::read::<System, Frame>(db, &cx, |cx| {
                // Counted once, however many queues the rail has.
                let tasks = match cx.actor().agency {
                    Some(_) => platform::tasks::waiting(cx)?,
                    None => Vec::new(),
                };
                let mut frame = Frame::default();
                for line in &lines {
                    frame.places.push(line.place(cx, &tasks)?);
                }
                if let Some(person) = cx.actor().person {
                    frame.notices = platform::notify::unread(cx, person)?;
                }
                if let Some(agency) = cx.actor().agency {
                    frame.agency = platform::organisations::name(cx, agency)?;
                }
                Ok(frame)
            })
        };
        (scope, act)
    }
}

/// What a module put into the rail.
enum Line {
    Queue(Queue),
    Item(MenuItem),
}

impl Line {
    fn right(&self) -> &'static str {
        match self {
            Line::Queue(queue) => queue.right,
            Line::Item(item) => item.right,
        }
    }

    fn place(&self, cx: &Raw<'_>, tasks: &[(String, Waiting)]) -> Result<Place> {
        match *self {
            Line::Queue(Queue { section, label, path, icon, kind, quiet, .. }) => {
                let own = tasks.iter().filter(|(known, _)| kind.is_empty() || known == kind);
                let waiting = own.fold(Waiting::default(), |sum, (_, one)| Waiting {
                    all: sum.all + one.all,
                    late: sum.late + one.late,
                });
                Ok(Place { section, label, path, icon, waiting: Some(waiting), quiet })
            }
            Line::Item(MenuItem { section, label, path, icon, waiting, .. }) => {
                let waiting = waiting.map(|count| count(cx)).transpose()?;
                Ok(Place { section, label, path, icon, waiting, quiet: false })
            }
        }
    }
}

impl Frame {
    /// The rail, its places under their headings in the order the modules were listed.
    ///
    /// `address` is the page's path with its query: a queue is a place of its own.
    pub(crate) fn rail<'a>(&self, t: T, address: &str) -> Vec<ui::RailSection<'a>> {
        let path = address.split('?').next().unwrap_or("");
        let covers = |start: &str| {
            let inside = |rest: &str| rest.is_empty() || rest.starts_with(['&', '/']);
            path == start
                || path.strip_prefix(start).is_some_and(inside)
                || start.contains('?') && address.strip_prefix(start).is_some_and(inside)
        };
        let starts = self.places.iter().map(|place| place.path);
        let here = starts.filter(|start| covers(start)).max_by_key(|start| start.len());
        let mut sections: Vec<(&str, ui::RailSection<'a>)> = Vec::new();
        for place in &self.places {
            let item = ui::RailItem {
                label: t.text(place.label),
                href: place.path,
                icon: place.icon,
                count: place.waiting.map(|waiting| waiting.all),
                late: place.waiting.map_or(0, |waiting| waiting.late),
                quiet: place.quiet,
                current: here == Some(place.path),
            };
            if let Some((_, section)) = sections.iter_mut().find(|(key, _)| *key == place.section) {
                section.items.push(item);
                continue;
            }
            let label = if place.section.is_empty() { "" } else { t.text(place.section) };
            sections.push((place.section, ui::RailSection { label, items: vec![item] }));
        }
        sections.into_iter().map(|(_, section)| section).collect()
    }

    /// The counts as the browser's script takes them.
    pub(crate) fn counts(&self) -> serde_json::Value {
        let rail: serde_json::Map<String, serde_json::Value> = self
            .places
            .iter()
            .filter_map(|place| {
                let waiting = place.waiting?;
                Some((place.path.to_owned(), serde_json::json!([waiting.all, waiting.late])))
            })
            .collect();
        serde_json::json!({ "notices": self.notices, "rail": rail })
    }
}
