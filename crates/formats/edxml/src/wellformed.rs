//! The well-formedness rules quick-xml leaves to its user.

use quick_xml::XmlVersion;
use quick_xml::errors::IllFormedError;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart};
use quick_xml::name::{NamespaceResolver, ResolveResult};

use crate::outcome::{Quarantine, Reason};

/// The reason behind a parser error; errors of the source are the meter's to explain.
pub(crate) fn quarantine(error: &quick_xml::Error) -> Quarantine {
    let reason = match error {
        quick_xml::Error::Encoding(_) => Reason::NotUtf8,
        quick_xml::Error::Io(_) => Reason::SourceFailed,
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype)
        | quick_xml::Error::IllFormed(IllFormedError::MissingDoctypeName) => Reason::DoctypeRefused,
        _ => Reason::NotWellFormed,
    };
    Quarantine::new(reason, error.to_string())
}

/// Prolog: version 1.0 and UTF-8, which includes ASCII.
pub(crate) fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), Quarantine> {
    let version = declaration.version().map_err(|error| quarantine(&error))?;
    if version != "1.0" {
        return Err(ill(format!("XML version {version}")));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if ["utf-8", "utf8", "us-ascii"].contains(&name.to_lowercase().as_str()) => Ok(()),
        Some(Ok(name)) => Err(Quarantine::new(Reason::EncodingUnsupported, name)),
        Some(Err(error)) => Err(ill(error.to_string())),
    }
}

/// Element name and attributes: names, uniqueness, references, bound prefixes.
pub(crate) fn check_start(start: &BytesStart<'_>, names: &NamespaceResolver) -> Result<(), Quarantine> {
    check_name(start.name().as_ref())?;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| ill(error.to_string()))?;
        let name = attribute.key;
        check_name(name.as_ref())?;
        check_chars(&attribute.value)?;
        if attribute.value.contains('<') {
            return Err(ill(format!("`<` in attribute {}", name.as_ref())));
        }
        if attribute.normalized_value(XmlVersion::Implicit1_0).is_err() {
            return Err(Quarantine::new(Reason::EntityRefused, format!("attribute {}", name.as_ref())));
        }
        if let (ResolveResult::Unknown(prefix), _) = names.resolve_attribute(name) {
            return Err(unbound(&prefix));
        }
    }
    Ok(())
}

/// Only characters XML 1.0 allows.
pub(crate) fn check_chars(text: &str) -> Result<(), Quarantine> {
    match text.chars().find(|c| !is_xml_char(*c)) {
        None => Ok(()),
        Some(c) => Err(ill(format!("character U+{:04X}", u32::from(c)))),
    }
}

/// XML 1.0, production 2.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The character behind one of the five predefined entities or a character reference; nothing else is resolved.
pub(crate) fn resolve(reference: &BytesRef<'_>) -> Result<char, Quarantine> {
    let found = match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().map_err(|error| quarantine(&error))?,
    };
    match found {
        Some(c) if is_xml_char(c) => Ok(c),
        Some(c) => Err(ill(format!("character U+{:04X}", u32::from(c)))),
        None => {
            let name: String = reference.chars().take(40).collect();
            Err(Quarantine::new(Reason::EntityRefused, name))
        }
    }
}

/// A prefix without a namespace.
pub(crate) fn unbound(prefix: &str) -> Quarantine {
    ill(format!("prefix {prefix} is not bound"))
}

/// Not well-formed, because of `detail`.
pub(crate) fn ill(detail: impl Into<String>) -> Quarantine {
    Quarantine::new(Reason::NotWellFormed, detail)
}

fn check_name(name: &str) -> Result<(), Quarantine> {
    let (prefix, local) = name.split_once(':').unwrap_or(("x", name));
    let good = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "._-".contains(c))
            && part.chars().all(is_xml_char)
    };
    if good(prefix) && good(local) { Ok(()) } else { Err(ill(format!("name {name:?}"))) }
}
