//! Text of a packet under construction.

use crate::NAMESPACE;

/// Appends elements, two spaces deeper for each level, as the builders of other vendors do.
pub(crate) struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    /// Prolog and root.
    pub(crate) fn new() -> Self {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<edXML xmlns=\"{NAMESPACE}\">");
        Self { text, depth: 1 }
    }

    /// What was written since the last call.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    pub(crate) fn end_root(&mut self) {
        self.text.push_str("\n</edXML>\n");
    }

    pub(crate) fn open_envelope(&mut self) {
        self.line();
        self.push(&["<edXML:edXMLEnvelope xmlns:edXML=\"", NAMESPACE, "\">"]);
        self.depth += 1;
    }

    pub(crate) fn open_manifest(&mut self) {
        self.line();
        self.push(&["<edXML:edXMLManifest version=\"1.0\">"]);
        self.depth += 1;
    }

    pub(crate) fn open_plain(&mut self, name: &str) {
        self.line();
        self.push(&["<", name, ">"]);
        self.depth += 1;
    }

    pub(crate) fn close_plain(&mut self, name: &str) {
        self.depth -= 1;
        self.line();
        self.push(&["</", name, ">"]);
    }

    pub(crate) fn open_content(&mut self) {
        self.line();
        self.push(&["<edXML:ContentTransferEncoded xmlns:edXML=\"", NAMESPACE, "\">"]);
    }

    pub(crate) fn close_content(&mut self) {
        self.push(&["</edXML:ContentTransferEncoded>"]);
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.line();
        self.push(&["</edXML:", name, ">"]);
    }

    pub(crate) fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.line();
        self.push(&["<edXML:", name, ">"]);
        self.depth += 1;
        inside(self);
        self.close(name);
    }

    pub(crate) fn group_unless(&mut self, name: &str, empty: bool, inside: impl FnOnce(&mut Self)) {
        if !empty {
            self.group(name, inside);
        }
    }

    /// An element with a text, empty or not.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.line();
        self.push(&["<edXML:", name, ">"]);
        self.escaped(text.trim());
        self.push(&["</edXML:", name, ">"]);
    }

    /// An element only if there is a text.
    pub(crate) fn optional(&mut self, name: &str, text: &str) {
        if !text.trim().is_empty() {
            self.leaf(name, text);
        }
    }

    /// An unprefixed element: attachments stand outside the envelope, in the default namespace.
    pub(crate) fn plain(&mut self, name: &str, text: &str) {
        self.line();
        self.push(&["<", name, ">"]);
        self.escaped(text.trim());
        self.push(&["</", name, ">"]);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn push(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
    }

    /// A bare carriage return would come back as a line feed, so it is written as a reference.
    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '\r' => self.text.push_str("&#13;"),
                other => self.text.push(other),
            }
        }
    }
}
