//! The objects of the signed revision in which a permitted change may be written, and all others that can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::permission::Permission;
use super::{Refused, refuse};
use crate::verify::field::{self, Field};
use crate::verify::file::{Dict, File, Object};

/// Pages of a document looked at.
const PAGES: usize = 200_000;

/// What an object is, where that decides what may be changed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Catalog,
    Form,
    FieldList,
    Page,
    Annotations,
    /// A field, by its place in the list.
    Field(usize),
    /// One of the places where a field is shown.
    Widget(usize),
}

/// The signed revision, taken apart.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) known: BTreeMap<u32, Role>,
    pub(super) fields: Vec<Field>,
    pub(super) pages: Vec<u32>,
}

impl Roles {
    pub(super) fn of(file: &File<'_>) -> Result<Self, Refused> {
        let mut own = Self { known: BTreeMap::new(), fields: field::fields(file)?, pages: pages(file)? };
        let root = file.trailer().and_then(|trailer| trailer.get("Root")).and_then(Object::as_reference);
        own.put(root, Role::Catalog)?;
        let catalog = file.catalog()?;
        own.put(catalog.get("AcroForm").and_then(Object::as_reference), Role::Form)?;
        if let Some(form) = file.dict(&catalog, "AcroForm")? {
            own.put(form.get("Fields").and_then(Object::as_reference), Role::FieldList)?;
        }
        for page in own.pages.clone() {
            own.put(Some(page), Role::Page)?;
            let Object::Dict(page) = file.get(page)? else { return refuse("a page is no dictionary") };
            own.put(page.get("Annots").and_then(Object::as_reference), Role::Annotations)?;
        }
        for place in 0..own.fields.len() {
            let Some(field) = own.fields.get(place).cloned() else { continue };
            own.put(Some(field.number), Role::Field(place))?;
            if let Some(Object::Array(kids)) = file.value(&field.dict, "Kids")? {
                for kid in &kids {
                    own.put(kid.as_reference(), Role::Widget(place))?;
                }
            }
        }
        Ok(own)
    }

    /// An object that is two things at once would be judged by the milder rule.
    fn put(&mut self, number: Option<u32>, role: Role) -> Result<(), Refused> {
        let Some(number) = number else { return Ok(()) };
        match self.known.insert(number, role) {
            Some(other) if other != role => refuse(format!("object {number} has two roles")),
            _ => Ok(()),
        }
    }
}

fn pages(file: &File<'_>) -> Result<Vec<u32>, Refused> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![file.catalog()?.get("Pages").cloned().unwrap_or(Object::Null)];
    while let Some(next) = open.pop() {
        let Object::Reference(number) = next else { return refuse("a page that is no object") };
        if !seen.insert(number) || seen.len() > PAGES {
            return refuse("the tree of pages has no end");
        }
        let Object::Dict(node) = file.get(number)? else { return refuse("a page is no dictionary") };
        match file.value(&node, "Kids")? {
            Some(Object::Array(kids)) => open.extend(kids.into_iter().rev()),
            Some(_) => return refuse("the tree of pages is broken"),
            None => found.push(number),
        }
    }
    Ok(found)
}

/// Walks everything that can be reached in the signed revision, except through the places where a permitted change is
/// written; answers the objects without a role that were met.
pub(super) fn reachable(
    file: &File<'_>,
    roles: &Roles,
    free: &dyn Fn(usize) -> bool,
) -> Result<BTreeSet<u32>, Refused> {
    let mut seen = BTreeSet::new();
    let trailer = file.trailer().cloned().unwrap_or_default();
    let mut open: Vec<u32> = trailer.get("Root").and_then(Object::as_reference).into_iter().collect();
    if let Some(info) = file.dict(&trailer, "Info")? {
        Object::Dict(info).references(&mut open);
    }
    while let Some(number) = open.pop() {
        if !seen.insert(number) {
            continue;
        }
        let object = file.get(number)?;
        match (roles.known.get(&number), &object) {
            (Some(role), Object::Dict(dict)) => edges(dict, *role, free, &mut open),
            _ => object.references(&mut open),
        }
    }
    seen.retain(|number| !roles.known.contains_key(number));
    Ok(seen)
}

fn edges(dict: &Dict, role: Role, free: &dyn Fn(usize) -> bool, open: &mut Vec<u32>) {
    let left_out: &[&str] = match role {
        Role::Catalog => &["DSS", "Extensions", "Metadata"],
        Role::Field(place) | Role::Widget(place) if free(place) => &["V", "AP", "RV"],
        _ => &[],
    };
    for (key, value) in dict.iter() {
        if left_out.iter().any(|left| left.as_bytes() == key) {
            continue;
        }
        match (role, key) {
            // A form within the catalog is a form all the same.
            (Role::Catalog, b"AcroForm") => match value {
                Object::Dict(form) => edges(form, Role::Form, free, open),
                other => other.references(open),
            },
            _ => value.references(open),
        }
    }
}

impl Permission {
    /// Whether a field of the signed revision may be given a value.
    pub(super) fn open(&self, field: &Field) -> bool {
        let signed = field.kind == b"Sig" && field.dict.get("V").is_some();
        let kind = if field.kind == b"Sig" { self.sign } else { self.fill };
        kind && !signed && !self.locked(&field.name)
    }
}
