use std::collections::{BTreeMap, BTreeSet};

use super::permission::Permission;
use super::roles::{self, Role, Roles};
use super::{Change, Refused, metadata, refuse};
use crate::verify::file::{Dict, File, Object};

/// The two revisions side by side.
pub(super) struct Compared<'a, 'b> {
    pub(super) before: &'a File<'b>,
    pub(super) after: &'a File<'b>,
    pub(super) permission: &'a Permission,
    pub(super) roles: Roles,
    pub(super) touched: BTreeSet<u32>,
    /// Fields the update adds: where each is shown is allowed on a page.
    pub(super) added: BTreeMap<u32, String>,
    changes: BTreeSet<Change>,
}

impl<'a, 'b> Compared<'a, 'b> {
    pub(super) fn new(
        before: &'a File<'b>,
        after: &'a File<'b>,
        permission: &'a Permission,
        touched: &[u32],
    ) -> Result<Self, Refused> {
        let touched = touched.iter().copied().collect();
        let roles = Roles::of(before)?;
        let (added, changes) = (BTreeMap::new(), BTreeSet::new());
        Ok(Self { before, after, permission, roles, touched, added, changes })
    }

    pub(super) fn finish(self) -> Vec<Change> {
        self.changes.into_iter().collect()
    }

    pub(super) fn note(&mut self, change: Change) {
        self.changes.insert(change);
    }

    /// Catalog and identity stay; who changed the file and when may be noted.
    pub(super) fn trailer(&mut self) -> Result<(), Refused> {
        let (Some(old), Some(new)) = (self.before.trailer(), self.after.trailer()) else {
            return refuse("no trailer");
        };
        if old.get("Root") != new.get("Root") || new.get("Encrypt").is_some() {
            return refuse("another catalog");
        }
        let first = |id: Option<&Object>| id.and_then(Object::as_array).and_then(|id| id.first().cloned());
        if old.get("ID").is_some() && first(old.get("ID")) != first(new.get("ID")) {
            return refuse("another identity");
        }
        let info =
            |file: &File<'_>, trailer: &Dict| file.dict(trailer, "Info").map(Option::unwrap_or_default);
        let (was, is) = (info(self.before, old)?, info(self.after, new)?);
        if was != is {
            same_but(&was, &is, &["ModDate", "Producer"], "the document information")?;
            self.note(Change::Metadata);
        }
        Ok(())
    }

    /// Whatever can be reached and has no rule of its own is as it was.
    pub(super) fn reachable(&mut self) -> Result<(), Refused> {
        let (before, after, permission) = (self.before, self.after, self.permission);
        let fields = &self.roles.fields;
        let free = |place: usize| {
            let Some(field) = fields.get(place) else { return false };
            let new = after.get(field.number).ok();
            let value = new.as_ref().and_then(Object::as_dict).and_then(|new| new.get("V"));
            permission.open(field) && value.is_some() && value != field.dict.get("V")
        };
        let reached = roles::reachable(before, &self.roles, &free)?;
        match self.touched.iter().find(|number| reached.contains(number)) {
            Some(number) => refuse(format!("object {number} was changed")),
            None => Ok(()),
        }
    }

    pub(super) fn catalog(&mut self) -> Result<(), Refused> {
        let (old, new) = (self.before.catalog()?, self.after.catalog()?);
        let free = ["AcroForm", "DSS", "Extensions", "Metadata", "Version"];
        same_but(&old, &new, &free, "the catalog")?;
        let version = new.get("Version");
        if version != old.get("Version") && version.is_none_or(|version| version.as_name().is_none()) {
            return refuse("the version");
        }
        self.extensions(&old, &new)?;
        self.validation_data(&old, &new)?;
        if metadata::changed(self.before, self.after, (&old, &new))? {
            self.note(Change::Metadata);
        }
        self.form(&old, &new)
    }

    fn extensions(&self, old: &Dict, new: &Dict) -> Result<(), Refused> {
        let old = self.before.dict(old, "Extensions")?.unwrap_or_default();
        let new = self.after.dict(new, "Extensions")?.unwrap_or_default();
        if old.iter().all(|(key, _)| new.iter().any(|(other, _)| other == key)) {
            Ok(())
        } else {
            refuse("the extensions")
        }
    }

    /// Validation data may grow and be replaced; nothing of it is shown. It may not vanish.
    fn validation_data(&mut self, old: &Dict, new: &Dict) -> Result<(), Refused> {
        let (was, is) = (self.before.dict(old, "DSS")?, self.after.dict(new, "DSS")?);
        if was.is_some() && is.is_none() {
            return refuse("validation data was taken away");
        }
        let reference = |dict: &Dict| dict.get("DSS").and_then(Object::as_reference);
        let mut inside = BTreeSet::new();
        let mut open: Vec<u32> = reference(new).into_iter().collect();
        if let Some(dss) = &is {
            Object::Dict(dss.clone()).references(&mut open);
        }
        while let Some(number) = open.pop() {
            if inside.len() > 10_000 {
                return refuse("too much validation data");
            }
            if inside.insert(number) && self.touched.contains(&number) {
                self.after.get(number)?.references(&mut open);
            }
        }
        if was != is || inside.iter().any(|number| self.touched.contains(number)) {
            self.note(Change::ValidationData);
        }
        Ok(())
    }

    /// Pages may only be given the places where new signature fields are shown.
    pub(super) fn pages(&mut self) -> Result<(), Refused> {
        for number in self.roles.pages.clone() {
            let Object::Dict(old) = self.before.get(number)? else {
                return refuse("a page is no dictionary");
            };
            let list = old.get("Annots").and_then(Object::as_reference);
            let touched = |number: &u32| self.touched.contains(number);
            if !touched(&number) && !list.as_ref().is_some_and(touched) {
                continue;
            }
            let Object::Dict(new) = self.after.get(number)? else { return refuse("a page is no dictionary") };
            same_but(&old, &new, &["Annots"], "a page")?;
            let was = items(self.before, &old, "Annots")?;
            let is = items(self.after, &new, "Annots")?;
            for extra in grown(&was, &is, "the notes of a page")? {
                let known = extra.as_reference().is_some_and(|extra| self.added.contains_key(&extra));
                if !known {
                    return refuse("a note was added to a page");
                }
            }
        }
        Ok(())
    }

    pub(super) fn touched_roles(&self) -> Vec<(u32, Role)> {
        let roles = self.touched.iter().filter_map(|number| Some((*number, *self.roles.known.get(number)?)));
        roles.collect()
    }
}

/// Two dictionaries are the same but for these keys.
pub(super) fn same_but(old: &Dict, new: &Dict, free: &[&str], what: &str) -> Result<(), Refused> {
    let rest = |dict: &Dict| {
        let kept = dict.iter().filter(|(key, value)| {
            **value != Object::Null && !free.iter().any(|free| free.as_bytes() == *key)
        });
        kept.map(|(key, value)| (key.to_vec(), value.clone())).collect::<Vec<_>>()
    };
    if !new.doubled() && rest(old) == rest(new) { Ok(()) } else { refuse(format!("{what} was changed")) }
}

pub(super) fn items(file: &File<'_>, dict: &Dict, key: &str) -> Result<Vec<Object>, Refused> {
    match file.value(dict, key)? {
        None => Ok(Vec::new()),
        Some(Object::Array(items)) => Ok(items),
        Some(_) => refuse(format!("{key} is no list")),
    }
}

/// What a list was given, when all it had is still there in its order.
pub(super) fn grown(old: &[Object], new: &[Object], what: &str) -> Result<Vec<Object>, Refused> {
    let mut left = old.iter().peekable();
    let mut extra = Vec::new();
    for item in new {
        if left.next_if(|old| *old == item).is_none() {
            extra.push(item.clone());
        }
    }
    match left.next() {
        None => Ok(extra),
        Some(_) => refuse(format!("something was taken from {what}")),
    }
}
