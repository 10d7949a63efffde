use lopdf::{Dictionary, Object, Stream, dictionary};

use crate::cms::Digest;
use crate::pdf::{Limits, Pdf, Update, corrupt};
use crate::{Error, Reason, Result};

/// What proves later that the certificates were good, all DER.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Certificates of the signers, of the authorities of time, and of those above them.
    pub certificates: &'a [Vec<u8>],
    /// Lists of revoked certificates.
    pub crls: &'a [Vec<u8>],
    /// Answers about single certificates (`OCSPResponse`).
    pub ocsps: &'a [Vec<u8>],
}

/// Adds evidence as the document security store (ETSI EN 319 142-1, 5.4.2; B-T becomes B-LT). What the store holds
/// already stays and is not added twice.
///
/// # Errors
/// What [`Pdf::open`] refuses; `BadRequest` when there is nothing to add.
pub fn add_evidence(pdf: &[u8], limits: &Limits, evidence: &Evidence<'_>) -> Result<Vec<u8>> {
    let opened = Pdf::open(pdf, limits)?;
    let mut update = Update::new(&opened)?;
    let catalog = opened.catalog()?;
    let old = opened.entry(catalog, b"DSS").and_then(|store| store.as_dict().ok()).cloned();
    let mut store = old.unwrap_or_else(|| dictionary! { "Type" => "DSS" });
    let mut added = 0;
    for (key, items) in [("Certs", evidence.certificates), ("CRLs", evidence.crls), ("OCSPs", evidence.ocsps)]
    {
        added += add(&mut update, &mut store, key, items)?;
    }
    if added == 0 {
        return Err(Error::new(Reason::BadRequest, "no new evidence"));
    }
    match catalog.get(b"DSS").and_then(Object::as_reference) {
        Ok(id) => update.set(id, store),
        Err(_) => {
            let id = update.add(store);
            update.change_dictionary(opened.catalog_id()?)?.set("DSS", id);
        }
    }
    Ok(update.write(None)?.bytes)
}

fn add(update: &mut Update<'_>, store: &mut Dictionary, key: &str, items: &[Vec<u8>]) -> Result<usize> {
    let pdf = update.pdf();
    let mut list = match pdf.entry(store, key.as_bytes()) {
        Some(list) => list.as_array().map_err(corrupt)?.clone(),
        None => Vec::new(),
    };
    let hash = |bytes: &[u8]| Digest::Sha256.over(&[bytes]);
    let content = |object: &Object| {
        let stream = pdf.resolve(object)?.as_stream().ok()?;
        stream.get_plain_content_with_limit(pdf.limits().objects_bytes_max).ok()
    };
    let mut known: Vec<Vec<u8>> = list.iter().filter_map(content).map(|bytes| hash(&bytes)).collect();
    let before = list.len();
    for item in items {
        let hash = hash(item);
        if !known.contains(&hash) {
            known.push(hash);
            list.push(update.add(Stream::new(Dictionary::new(), item.clone())).into());
        }
    }
    let added = list.len() - before;
    if !list.is_empty() {
        store.set(key, list);
    }
    Ok(added)
}
