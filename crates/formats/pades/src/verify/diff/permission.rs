use super::Refused;
use crate::verify::field::{Signed, text};
use crate::verify::file::{Dict, Fault, File, Object};

/// What may be changed after a signature (ISO 32000-1, 12.8.2.2 and 12.8.2.4).
#[derive(Debug, Clone)]
pub(super) struct Permission {
    /// Further signatures.
    pub(super) sign: bool,
    /// New signature fields that are shown on a page.
    pub(super) show: bool,
    /// Filling in fields that hold no signature.
    pub(super) fill: bool,
    locks: Vec<Lock>,
}

#[derive(Debug, Clone)]
enum Lock {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Permission {
    /// A certification says what it permits. Without one, further signatures are all that is permitted: a signature on a
    /// letter is no invitation to fill in the rest of it.
    pub(super) fn of(before: &File<'_>, signed: &Signed) -> Result<Self, Refused> {
        let mut levels = Vec::new();
        let mut locks = Vec::new();
        let catalog = before.catalog()?;
        if let Some(permissions) = before.dict(&catalog, "Perms")?
            && let Some(certification) = before.dict(&permissions, "DocMDP")?
        {
            levels.push(level(before, &certification)?.unwrap_or(2));
        }
        levels.extend(level(before, &signed.signature)?);
        for signature in crate::verify::field::signed(before)? {
            for parameters in transforms(before, &signature.signature, "FieldMDP")? {
                locks.extend(Lock::read(before, &parameters)?);
            }
            if let Some(lock) = before.dict(&signature.dict, "Lock")? {
                locks.extend(Lock::read(before, &lock)?);
            }
        }
        let level = levels.into_iter().min();
        Ok(Self {
            sign: level != Some(1),
            show: level.is_none(),
            fill: level.is_some_and(|level| level >= 2),
            locks,
        })
    }

    pub(super) fn locked(&self, name: &str) -> bool {
        self.locks.iter().any(|lock| match lock {
            Lock::All => true,
            Lock::Include(names) => names.iter().any(|listed| within(name, listed)),
            Lock::Exclude(names) => !names.iter().any(|listed| within(name, listed)),
        })
    }
}

fn within(name: &str, listed: &str) -> bool {
    name.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The level a certification permits: 1 nothing, 2 filling in, 3 also notes – which are refused here all the same, for a
/// note can cover the page (the "evil annotation" of 2021).
pub(crate) fn level(file: &File<'_>, signature: &Dict) -> Result<Option<i64>, Fault> {
    let transforms = transforms(file, signature, "DocMDP")?;
    Ok(transforms.iter().map(|parameters| parameters.integer("P").unwrap_or(2)).min())
}

fn transforms(file: &File<'_>, signature: &Dict, method: &str) -> Result<Vec<Dict>, Fault> {
    let Some(Object::Array(references)) = file.value(signature, "Reference")? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for reference in references.iter().take(64) {
        let reference = file.follow(reference)?;
        if let Some(reference) =
            reference.as_dict().filter(|reference| reference.is("TransformMethod", method))
        {
            found.push(file.dict(reference, "TransformParams")?.unwrap_or_default());
        }
    }
    Ok(found)
}

impl Lock {
    fn read(file: &File<'_>, parameters: &Dict) -> Result<Option<Self>, Fault> {
        let mut names = Vec::new();
        if let Some(Object::Array(items)) = file.value(parameters, "Fields")? {
            for item in &items {
                names.extend(file.follow(item)?.as_text().map(|name| text(&name.bytes)));
            }
        }
        Ok(match parameters.name("Action") {
            Some(b"Include") => Some(Self::Include(names)),
            Some(b"Exclude") => Some(Self::Exclude(names)),
            // Whatever else it says, it locks.
            Some(_) => Some(Self::All),
            None => None,
        })
    }
}
