//! What stands around a page: the rail with its counts, unread notices, the name of the agency.

use crate::dispatch::Caller;
use crate::server::{Server, Tenant};
use base::{Result, T};
use kernel::{Database, MenuItem, Request, Scope, System, Waiting};
use std::sync::Arc;

/// A place in the rail with what waits there.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) section: &'static str,
    pub(crate) label: &'static str,
    pub(crate) path: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) waiting: Option<Waiting>,
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
        let mut items: Vec<MenuItem> = Vec::new();
        for item in self.modules.iter().flat_map(|module| &module.menu) {
            if actor.holds(item.right) {
                items.push(*item);
            }
        }
        let scope = Scope::Agencies(actor.agency.into_iter().collect());
        let cx = self.context(tenant, actor, (caller.lang, caller.now), Request::default());
        let act = move |db: &dyn Database| {
            kernel::engine::read::<System, Frame>(db, &cx, |cx| {
                let mut frame = Frame::default();
                for item in &items {
                    let waiting = item.waiting.map(|count| count(cx)).transpose()?;
                    let MenuItem { section, label, path, icon, .. } = *item;
                    frame.places.push(Place { section, label, path, icon, waiting });
                }
                if let Some(person) = cx.actor().person {
                    frame.notices = platform::notify::unread(cx, person)?;
                }
                if let Some(agency) = cx.actor().agency {
                    frame.agency = platform::organisations::agency(cx, agency)?.name;
                }
                Ok(frame)
            })
        };
        (scope, act)
    }
}

impl Frame {
    /// The rail, its places under their headings in the order the modules were listed.
    pub(crate) fn rail<'a>(&self, t: T, path: &str) -> Vec<ui::RailSection<'a>> {
        let here = self
            .places
            .iter()
            .map(|place| place.path)
            .filter(|start| {
                path == *start || path.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|start| start.len());
        let mut sections: Vec<(&str, ui::RailSection<'a>)> = Vec::new();
        for place in &self.places {
            let item = ui::RailItem {
                label: t.text(place.label),
                href: place.path,
                icon: place.icon,
                count: place.waiting.map(|waiting| waiting.all),
                late: place.waiting.map_or(0, |waiting| waiting.late),
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
