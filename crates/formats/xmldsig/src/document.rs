//! Reading a document so that nothing in it has two meanings.

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

use crate::names::DS;
use crate::{Error, Reason, Result};

/// How deep elements may lie in each other.
const DEPTH: usize = 64;

/// What a document may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Elements, texts and attributes of it.
    pub nodes: u32,
}

impl Default for Limits {
    /// Enough for a signature over some thousand files.
    fn default() -> Self {
        Self { bytes: 4 << 20, nodes: 200_000 }
    }
}

/// The document, without DTD and within the limits.
pub(crate) fn parse<'a>(xml: &'a str, limits: &Limits) -> Result<Document<'a>> {
    if xml.len() > limits.bytes {
        return Err(Error::new(Reason::TooLarge, format_args!("{} bytes", xml.len())));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes };
    let document = Document::parse_with_options(xml, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Error::new(Reason::TooLarge, error),
        error => Error::new(Reason::NotXml, error),
    })?;
    if !is_shallow(document.root(), DEPTH) {
        return Err(Error::new(Reason::TooLarge, "elements lie too deep in each other"));
    }
    Ok(document)
}

fn is_shallow(node: Node<'_, '_>, left: usize) -> bool {
    node.children().all(|child| left > 0 && is_shallow(child, left - 1))
}

/// The one signature of a document in which every identifier is there once.
pub(crate) fn only_signature<'a, 'i>(document: &'a Document<'i>) -> Result<Node<'a, 'i>> {
    let mut signatures = document.descendants().filter(|node| node.has_tag_name((DS, "Signature")));
    let signature = signatures.next().ok_or_else(|| Error::new(Reason::Absent, ""))?;
    if signatures.next().is_some() {
        return Err(Error::new(Reason::Several, ""));
    }
    let mut ids = HashSet::new();
    for attribute in document.descendants().flat_map(|node| node.attributes()) {
        if attribute.name().eq_ignore_ascii_case("id") && !ids.insert(attribute.value()) {
            return Err(Error::new(Reason::DoubleId, attribute.value()));
        }
    }
    Ok(signature)
}

/// The children of an element, which holds nothing else: no text but space, no comment, no instruction.
pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>) -> Result<Vec<Node<'a, 'i>>> {
    let mut elements = Vec::new();
    for child in node.children() {
        match child {
            child if child.is_element() => elements.push(child),
            child if child.is_text() && child.text().unwrap_or_default().trim().is_empty() => {}
            _ => return Err(unexpected(node)),
        }
    }
    Ok(elements)
}

/// Exactly these children, in this order.
pub(crate) fn exactly<'a, 'i, const N: usize>(
    node: Node<'a, 'i>,
    namespace: &str,
    names: [&str; N],
) -> Result<[Node<'a, 'i>; N]> {
    let children = children(node)?;
    if children.len() != N
        || !children.iter().zip(names).all(|(child, name)| child.has_tag_name((namespace, name)))
    {
        return Err(unexpected(node));
    }
    children.try_into().map_err(|_| unexpected(node))
}

/// The attributes of an element, which are exactly these; the values in the same order.
pub(crate) fn attributes<'a, const N: usize>(node: Node<'a, '_>, names: [&str; N]) -> Result<[&'a str; N]> {
    if node.attributes().len() != N {
        return Err(unexpected(node));
    }
    let mut values = [""; N];
    for (value, name) in values.iter_mut().zip(names) {
        *value = node.attribute(name).ok_or_else(|| unexpected(node))?;
    }
    Ok(values)
}

/// An element that says nothing but its algorithm.
pub(crate) fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str> {
    let [algorithm] = attributes(node, ["Algorithm"])?;
    exactly(node, DS, [])?;
    Ok(algorithm)
}

/// The text of an element that holds nothing else.
pub(crate) fn text<'a>(node: Node<'a, '_>) -> Result<&'a str> {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (Some(only), None) if only.is_text() => Ok(only.text().unwrap_or_default()),
        _ => Err(unexpected(node)),
    }
}

/// What is not of the profile.
pub(crate) fn unexpected(node: Node<'_, '_>) -> Error {
    Error::new(Reason::Profile, node.tag_name().name())
}
