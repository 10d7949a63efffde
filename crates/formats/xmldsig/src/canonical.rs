use std::collections::BTreeMap;

use roxmltree::{Attribute, Document, NS_XML_URI, Node, NodeId, NodeType};

use crate::{Error, Limits, Reason, Result, document};

/// Prefixes with the namespace they stand for in what is written already.
type Declared<'a> = BTreeMap<&'a str, &'a str>;

/// The whole document in exclusive canonical form, without comments.
///
/// # Errors
/// For what is not XML, has a DTD, or outgrows the limits.
pub fn canonical(xml: &str, limits: &Limits) -> Result<String> {
    let document = document::parse(xml, limits)?;
    of(&document, document.root(), None)
}

/// A part of a document in exclusive canonical form; one node may be left out.
pub(crate) fn of<'a, 'i: 'a>(
    document: &'a Document<'i>,
    node: Node<'a, 'i>,
    without: Option<NodeId>,
) -> Result<String> {
    let written = String::with_capacity(node.range().len());
    let mut walk = Walk { source: document.input_text(), without, written };
    walk.node(node, &Declared::new())?;
    Ok(walk.written)
}

struct Walk<'a> {
    source: &'a str,
    without: Option<NodeId>,
    written: String,
}

impl<'a> Walk<'a> {
    // The depth was bounded when the document was read.
    fn node<'i: 'a>(&mut self, node: Node<'a, 'i>, declared: &Declared<'a>) -> Result<()> {
        if Some(node.id()) == self.without {
            return Ok(());
        }
        match node.node_type() {
            NodeType::Root => node.children().try_for_each(|child| self.node(child, declared)),
            NodeType::Element => self.element(node, declared),
            NodeType::Text => {
                self.text(node.text().unwrap_or_default());
                Ok(())
            }
            NodeType::PI => {
                self.instruction(node);
                Ok(())
            }
            NodeType::Comment => Ok(()),
        }
    }

    fn element<'i: 'a>(&mut self, node: Node<'a, 'i>, declared: &Declared<'a>) -> Result<()> {
        let start = self.source.get(node.range().start + 1..).ok_or_else(unreadable)?;
        let end = start.find(|c: char| c.is_whitespace() || c == '>' || c == '/').ok_or_else(unreadable)?;
        let name = start.get(..end).ok_or_else(unreadable)?;
        let prefix = prefix_of(name, node.tag_name().name())?;
        let mut attributes = Vec::new();
        let mut used = Declared::from([(prefix, node.tag_name().namespace().unwrap_or_default())]);
        for attribute in node.attributes() {
            let (name, prefix) = self.name_of(&attribute)?;
            let namespace = attribute.namespace().unwrap_or_default();
            if !prefix.is_empty() {
                used.insert(prefix, namespace);
            }
            attributes.push((namespace, attribute.name(), name, attribute.value()));
        }
        attributes.sort_unstable();
        let mut below = declared.clone();
        self.written.push('<');
        self.written.push_str(name);
        for (prefix, namespace) in used {
            // The prefix `xml` is never declared; an absent declaration is that of no namespace.
            if namespace == NS_XML_URI || declared.get(prefix).copied().unwrap_or_default() == namespace {
                continue;
            }
            self.attribute(if prefix.is_empty() { "xmlns" } else { "xmlns:" }, prefix, namespace);
            below.insert(prefix, namespace);
        }
        for (_, _, name, value) in attributes {
            self.attribute(name, "", value);
        }
        self.written.push('>');
        node.children().try_for_each(|child| self.node(child, &below))?;
        self.written.push_str("</");
        self.written.push_str(name);
        self.written.push('>');
        Ok(())
    }

    /// The name of an attribute as it is written, and its prefix. The parser keeps no prefix.
    fn name_of(&self, attribute: &Attribute<'_, '_>) -> Result<(&'a str, &'a str)> {
        let name = self.source.get(attribute.range_qname()).ok_or_else(unreadable)?;
        Ok((name, prefix_of(name, attribute.name())?))
    }

    fn attribute(&mut self, name: &str, more: &str, value: &str) {
        self.written.push(' ');
        self.written.push_str(name);
        self.written.push_str(more);
        self.written.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => self.written.push_str("&amp;"),
                '<' => self.written.push_str("&lt;"),
                '"' => self.written.push_str("&quot;"),
                '\t' => self.written.push_str("&#x9;"),
                '\n' => self.written.push_str("&#xA;"),
                '\r' => self.written.push_str("&#xD;"),
                c => self.written.push(c),
            }
        }
        self.written.push('"');
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.written.push_str("&amp;"),
                '<' => self.written.push_str("&lt;"),
                '>' => self.written.push_str("&gt;"),
                '\r' => self.written.push_str("&#xD;"),
                c => self.written.push(c),
            }
        }
    }

    /// Beside the document's element, instructions stand on lines of their own.
    fn instruction(&mut self, node: Node<'_, '_>) {
        let Some(instruction) = node.pi() else { return };
        let outside = node.parent().is_some_and(|parent| parent.is_root());
        let after = outside && node.prev_siblings().any(|before| before.is_element());
        if after {
            self.written.push('\n');
        }
        self.written.push_str("<?");
        self.written.push_str(instruction.target);
        if let Some(value) = instruction.value {
            self.written.push(' ');
            self.written.push_str(value);
        }
        self.written.push_str("?>");
        if outside && !after {
            self.written.push('\n');
        }
    }
}

/// What stands before the colon. A name that does not end as the parser read it is not taken: its places are
/// wrong for names longer than 65,535 bytes.
fn prefix_of<'a>(name: &'a str, local: &str) -> Result<&'a str> {
    let prefix = name.strip_suffix(local).ok_or_else(unreadable)?;
    match prefix.strip_suffix(':') {
        Some(prefix) => Ok(prefix),
        None if prefix.is_empty() => Ok(""),
        None => Err(unreadable()),
    }
}

fn unreadable() -> Error {
    Error::new(Reason::NotXml, "a name that cannot be found again")
}
