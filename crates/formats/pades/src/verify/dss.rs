//! Validation data kept in the file (the DSS of ISO 32000-2, 12.8.4.3).

use super::file::{Fault, File, Object};
use crate::trust::{Cert, Evidence};

/// Certificates, lists and answers read from the file, of each kind.
const ITEMS: usize = 200;

/// The certificates; lists and answers go to `evidence`. What cannot be read is left out: it can only be missed.
pub(super) fn collect(file: &File<'_>, evidence: &mut Evidence) -> Result<Vec<Cert>, Fault> {
    let Some(dss) = file.dict(&file.catalog()?, "DSS")? else { return Ok(Vec::new()) };
    let mut certs = Vec::new();
    for (key, kind) in [("Certs", 0), ("CRLs", 1), ("OCSPs", 2)] {
        let Some(Object::Array(items)) = file.value(&dss, key)? else { continue };
        for item in items.iter().take(ITEMS) {
            let Ok(Object::Stream(stream)) = file.follow(item) else { continue };
            let Ok(bytes) = file.inflate(&stream) else { continue };
            match kind {
                0 => certs.extend(Cert::read(&bytes)),
                1 => {
                    evidence.add_list(&bytes);
                }
                _ => evidence.answers.push(bytes),
            }
        }
    }
    Ok(certs)
}
