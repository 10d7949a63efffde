//! Rules for the form: new signature fields, and fields that were empty.

use super::roles::Role;
use super::rules::{Compared, grown, items, same_but};
use super::{Change, Refused, refuse};
use crate::verify::field::text;
use crate::verify::file::{Dict, Object};

/// What a new signature field may have. No actions: `A` and `AA` are not here.
const FIELD_KEYS: &[&str] = &[
    "FT", "T", "TU", "TM", "V", "F", "Ff", "Type", "Subtype", "Rect", "P", "AP", "MK", "DA", "DR", "Q", "BS",
    "Border", "Lock", "SV", "M", "NM", "H",
];
/// What signing may change in a field that was empty.
const SIGNED_KEYS: &[&str] = &["V", "AP", "F", "M", "MK", "DA", "P", "Type", "Subtype"];
/// What filling in may change.
const FILLED_KEYS: &[&str] = &["V", "AP", "AS", "RV", "M"];

impl Compared<'_, '_> {
    /// The form may grow by signature fields.
    pub(super) fn form(&mut self, old: &Dict, new: &Dict) -> Result<(), Refused> {
        let was = self.before.dict(old, "AcroForm")?.unwrap_or_default();
        let Some(is) = self.after.dict(new, "AcroForm")? else {
            return match old.get("AcroForm") {
                None => Ok(()),
                Some(_) => refuse("the form was taken away"),
            };
        };
        same_but(&was, &is, &["Fields", "SigFlags", "DR", "DA"], "the form")?;
        if was.get("DA").is_some() && was.get("DA") != is.get("DA") {
            return refuse("the form's appearance");
        }
        self.resources(&was, &is)?;
        let (had, has) = (items(self.before, &was, "Fields")?, items(self.after, &is, "Fields")?);
        for extra in grown(&had, &has, "the form")? {
            let Object::Reference(number) = extra else { return refuse("a field that is no object") };
            self.new_field(number)?;
        }
        Ok(())
    }

    /// Signing programs add the fonts of their signatures; what was there stays.
    fn resources(&self, was: &Dict, is: &Dict) -> Result<(), Refused> {
        let (old, new) = (was.get("DR"), is.get("DR"));
        if old == new {
            return Ok(());
        }
        let old = self.before.dict(was, "DR")?.unwrap_or_default();
        let Some(new) = self.after.dict(is, "DR")? else { return refuse("the form's resources") };
        if was.get("NeedAppearances") == Some(&Object::Bool(true)) {
            return refuse("the form's resources");
        }
        for (key, value) in old.iter() {
            let Ok(key) = std::str::from_utf8(key) else { return refuse("the form's resources") };
            let same = new.get(key) == Some(value) || {
                let inner = self.after.dict(&new, key)?.unwrap_or_default();
                let value = self.before.follow(value)?;
                let mut kept = value.as_dict().into_iter().flat_map(Dict::iter);
                value.as_dict().is_some()
                    && kept.all(|(name, font)| inner.iter().any(|(other, has)| other == name && has == font))
            };
            if !same {
                return refuse("the form's resources");
            }
        }
        Ok(())
    }

    fn new_field(&mut self, number: u32) -> Result<(), Refused> {
        let Object::Dict(field) = self.after.get(number)? else { return refuse("a field is no dictionary") };
        let known = |key: &[u8]| FIELD_KEYS.iter().any(|known| known.as_bytes() == key);
        if field.doubled() || !field.iter().all(|(key, _)| known(key)) || !field.is("FT", "Sig") {
            return refuse("a field was added that is no plain signature field");
        }
        let name =
            self.after.value(&field, "T")?.and_then(|name| name.as_text().map(|name| text(&name.bytes)));
        let Some(name) = name.filter(|name| !self.has_field(name)) else {
            return refuse("a field was added without a name of its own");
        };
        if self.roles.known.contains_key(&number) || !self.page_known(&field) {
            return refuse("a field was added that is something else already");
        }
        let visible = visible(&field);
        let change = self.signing(&field, &name)?;
        match &change {
            // Nobody stands behind what an unsigned field shows.
            Change::EmptyField(_) if field.get("AP").is_some() => {
                return refuse("an empty field that shows something was added");
            }
            Change::EmptyField(_) if !self.permission.sign => return refuse("a field was added"),
            _ if visible && !self.permission.show => {
                return refuse("a visible signature was added to a certified document");
            }
            _ => {}
        }
        self.added.insert(number, name);
        self.note(change);
        Ok(())
    }

    /// What the value of a signature field makes of it.
    fn signing(&self, field: &Dict, name: &str) -> Result<Change, Refused> {
        let Some(value) = field.get("V") else { return Ok(Change::EmptyField(name.to_owned())) };
        let new = value.as_reference().is_some_and(|number| {
            self.touched.contains(&number) && matches!(self.before.get(number), Ok(Object::Null))
        });
        let Object::Dict(signature) = self.after.follow(value)? else {
            return refuse("a signature is no dictionary");
        };
        if !new || signature.get("ByteRange").is_none() || signature.get("Contents").is_none() {
            return refuse("a field was signed with something that is no new signature");
        }
        if signature.is("SubFilter", "ETSI.RFC3161") {
            return Ok(Change::Timestamp(name.to_owned()));
        }
        if self.permission.sign {
            Ok(Change::Signature(name.to_owned()))
        } else {
            refuse("the certification permits no further signature")
        }
    }

    fn has_field(&self, name: &str) -> bool {
        self.roles.fields.iter().any(|field| field.name == name)
            || self.added.values().any(|added| added == name)
    }

    fn page_known(&self, field: &Dict) -> bool {
        match field.get("P") {
            None => true,
            Some(page) => page.as_reference().is_some_and(|page| self.roles.pages.contains(&page)),
        }
    }

    /// Fields that were there: signing an empty one, or filling in where that is permitted.
    pub(super) fn fields(&mut self) -> Result<(), Refused> {
        for (number, role) in self.touched_roles() {
            let (place, widget) = match role {
                Role::Field(place) => (place, false),
                Role::Widget(place) => (place, true),
                // These were compared where they are used.
                Role::Catalog | Role::Form | Role::FieldList | Role::Page | Role::Annotations => continue,
            };
            let Some(field) = self.roles.fields.get(place).cloned() else { continue };
            let (Object::Dict(old), Object::Dict(new)) = (self.before.get(number)?, self.after.get(number)?)
            else {
                return refuse("a field is no dictionary");
            };
            if !self.permission.open(&field) {
                return refuse(format!("the field {} was changed", field.name));
            }
            let signature = field.kind == b"Sig";
            let keys = if signature { SIGNED_KEYS } else { FILLED_KEYS };
            same_but(&old, &new, keys, "a field")?;
            if signature && !widget {
                let change = self.signing(&new, &field.name)?;
                if matches!(change, Change::EmptyField(_)) || !self.page_known(&new) {
                    return refuse("an empty field was changed");
                }
                self.note(change);
                continue;
            }
            let Object::Dict(now) = self.after.get(field.number)? else {
                return refuse("a field is no dictionary");
            };
            // What a field shows may only change with what it says.
            if now.get("V") == field.dict.get("V") {
                return refuse("a field shows something new");
            }
            if !signature {
                self.note(Change::Filled(field.name));
            }
        }
        Ok(())
    }
}

/// Whether a field takes up room on a page: both sides of its rectangle are longer than nothing.
fn visible(field: &Dict) -> bool {
    let Some([left, bottom, right, top]) = field.get("Rect").and_then(Object::as_array) else { return false };
    left != right && bottom != top && field.get("AP").is_some()
}
