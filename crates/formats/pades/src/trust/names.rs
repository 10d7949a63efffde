//! Name constraints (RFC 5280, 4.2.1.10).

use der::Decode;
use der::asn1::ObjectIdentifier as Oid;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{NameConstraints, SubjectAltName};
use x509_cert::name::Name;

use super::cert::Cert;
use crate::verify::Cause;

const EMAIL: Oid = Oid::new_unwrap("1.2.840.113549.1.9.1");

/// Whether a certificate bears only names its authority may give.
pub(crate) fn check(authority: &Cert, cert: &Cert) -> Result<(), Cause> {
    let Some((_, constraints)) = authority.extension::<NameConstraints>() else { return Ok(()) };
    let names = names(cert).ok_or(Cause::NameConstraint)?;
    let permitted = constraints.permitted_subtrees.unwrap_or_default();
    let excluded = constraints.excluded_subtrees.unwrap_or_default();
    if permitted.iter().chain(&excluded).any(|tree| tree.minimum != 0 || tree.maximum.is_some()) {
        return Err(Cause::NameConstraint);
    }
    for name in &names {
        let same_kind: Vec<_> = permitted.iter().filter(|tree| kind(&tree.base) == kind(name)).collect();
        let inside =
            same_kind.is_empty() || same_kind.iter().any(|tree| within(name, &tree.base) == Some(true));
        // A form that cannot be compared may be the very name that is excluded.
        let outside = excluded
            .iter()
            .all(|tree| kind(&tree.base) != kind(name) || within(name, &tree.base) == Some(false));
        if !inside || !outside {
            return Err(Cause::NameConstraint);
        }
    }
    Ok(())
}

/// The subject, its e-mail addresses and the other names; `None` when they cannot be read.
fn names(cert: &Cert) -> Option<Vec<GeneralName>> {
    let subject = cert.parsed.tbs_certificate().subject();
    let mut names = Vec::new();
    if !subject.is_empty() {
        names.push(GeneralName::DirectoryName(subject.clone()));
    }
    for attribute in subject.iter().filter(|attribute| attribute.oid == EMAIL) {
        names.push(GeneralName::Rfc822Name(attribute.value.decode_as().ok()?));
    }
    if let Some((_, bytes)) = cert.raw(Oid::new_unwrap("2.5.29.17")) {
        names.extend(SubjectAltName::from_der(bytes).ok()?.0);
    }
    Some(names)
}

fn kind(name: &GeneralName) -> std::mem::Discriminant<GeneralName> {
    std::mem::discriminant(name)
}

/// Whether a name lies under another; `None` for forms that are not compared here.
fn within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::DirectoryName(name), GeneralName::DirectoryName(base)) => Some(under(name, base)),
        (GeneralName::DnsName(name), GeneralName::DnsName(base)) => {
            Some(host_within(name.as_str(), base.as_str()))
        }
        (GeneralName::Rfc822Name(name), GeneralName::Rfc822Name(base)) => {
            Some(mail_within(name.as_str(), base.as_str()))
        }
        _ => None,
    }
}

/// A directory name is under another when it begins with all of its parts.
fn under(name: &Name, base: &Name) -> bool {
    let (mut own, mut limit) = (name.iter_rdn(), base.iter_rdn());
    limit.all(|part| {
        own.next().is_some_and(|own| {
            own.len() == part.len()
                && part
                    .iter()
                    .all(|want| own.iter().any(|has| has.oid == want.oid && text(has) == text(want)))
        })
    })
}

/// The same text in another string type, case or spacing is the same name (RFC 5280, 7.1).
fn text(attribute: &x509_cert::attr::AttributeTypeAndValue) -> String {
    let value = String::from_utf8_lossy(attribute.value.value());
    value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn host_within(host: &str, base: &str) -> bool {
    let (host, base) = (host.to_ascii_lowercase(), base.to_ascii_lowercase());
    let base = base.trim_start_matches('.');
    base.is_empty() || host == base || host.strip_suffix(base).is_some_and(|rest| rest.ends_with('.'))
}

fn mail_within(mail: &str, base: &str) -> bool {
    let (mail, base) = (mail.to_ascii_lowercase(), base.to_ascii_lowercase());
    let Some((_, host)) = mail.rsplit_once('@') else { return false };
    match base.strip_prefix('.') {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None if base.contains('@') => mail == base,
        None => host == base,
    }
}
