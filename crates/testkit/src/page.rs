//! What a person got back.

use crate::html::{self, Form, Link};

/// An answer of the server.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Status of the last answer, after redirects were followed.
    pub status: u16,
    /// Address of that answer.
    pub path: String,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The bytes of the answer.
    pub bytes: Vec<u8>,
}

impl Page {
    /// The answer as it was sent.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What one reads on the page.
    pub fn text(&self) -> String {
        html::text(&self.body())
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The answer as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.shown()))
    }

    /// True when the page reads so somewhere.
    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// What the page reads around a text; `None` when it does not stand there.
    pub fn find(&self, text: &str) -> Option<String> {
        let whole = self.text();
        let at = whole.find(text)?;
        let (before, after) = whole.split_at(at);
        let before: Vec<char> = before.chars().rev().take(80).collect();
        Some(before.into_iter().rev().chain(after.chars().take(200)).collect())
    }

    /// How often the page reads so.
    pub fn count(&self, text: &str) -> usize {
        self.text().matches(text).count()
    }

    /// The page must read so somewhere.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn sees(&self, text: &str) -> &Page {
        assert!(self.has(text), "\"{text}\" is not on {}", self.shown());
        self
    }

    /// A field of a form on the page must hold this text.
    ///
    /// # Panics
    /// When none does.
    #[track_caller]
    pub fn holds(&self, field: &str, text: &str) -> &Page {
        let forms = self.forms();
        let mut values = forms.iter().flat_map(|form| &form.values);
        let held = values.any(|(name, value)| name == field && value.contains(text));
        assert!(held, "{field} does not hold \"{text}\" on {}", self.shown());
        self
    }

    /// The page must not read so.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Page {
        assert!(!self.has(text), "\"{text}\" is on {}", self.shown());
        self
    }

    /// The status must be 200.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn ok(&self) -> &Page {
        self.is(200)
    }

    /// The status must be this one.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Page {
        assert_eq!(self.status, status, "{}", self.shown());
        self
    }

    /// All links.
    pub fn links(&self) -> Vec<Link> {
        html::links(&self.body())
    }

    /// Where the first link that reads so leads.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let found = self.links().into_iter().find(|link| link.text.contains(text));
        found.unwrap_or_else(|| panic!("no link reads \"{text}\" on {}", self.shown())).href
    }

    /// Where links that begin with this address lead, each once, in order of the page.
    pub fn links_to(&self, begin: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for link in self.links() {
            if link.href.starts_with(begin) && !found.contains(&link.href) {
                found.push(link.href);
            }
        }
        found
    }

    /// All forms.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body())
    }

    /// The form that is sent to this address, by itself or by one of its buttons.
    pub fn form(&self, action: &str) -> Option<Form> {
        let forms = self.forms();
        let by_button = |form: &&Form| form.button_actions.iter().any(|other| other == action);
        forms.iter().find(|form| form.action == action).or_else(|| forms.iter().find(by_button)).cloned()
    }

    /// Status, address and the beginning of the text, for messages.
    fn shown(&self) -> String {
        let text: String = self.text().chars().take(1500).collect();
        format!("page {} ({}): {text}", self.path, self.status)
    }
}
