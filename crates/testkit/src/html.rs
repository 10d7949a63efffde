//! Reads just enough HTML to press buttons: texts, links and forms.

use std::collections::BTreeMap;

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What one reads.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

/// A form of a page, filled as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// `get` or `post`.
    pub method: String,
    /// Where it is sent.
    pub action: String,
    /// Other addresses its buttons send it to.
    pub button_actions: Vec<String>,
    /// What would be sent now, hidden fields too, buttons not.
    pub values: Vec<(String, String)>,
    /// Names of all fields, also of those that would send nothing now.
    pub names: Vec<String>,
    /// For each list of choices its values and what one reads.
    pub options: BTreeMap<String, Vec<(String, String)>>,
}

impl Form {
    /// The first value of a field as it stands.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of the choice that reads like this.
    ///
    /// # Panics
    /// When there is none.
    pub fn option(&self, name: &str, text: &str) -> String {
        let options = self.options.get(name).map(Vec::as_slice).unwrap_or_default();
        let found = options.iter().find(|(_, label)| label.contains(text));
        found.unwrap_or_else(|| panic!("field {name} offers no {text}, only {options:?}")).0.clone()
    }
}

/// A piece of a page.
#[derive(Debug)]
enum Piece {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
}

fn pieces(html: &str) -> Vec<Piece> {
    let (mut out, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        if !text.is_empty() {
            out.push(Piece::Text(decode(text)));
        }
        if let Some(comment) = tail.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = tag_end(tail);
        let (name, values) = tag(&tail[1..end]);
        rest = tail.get(end + 1..).unwrap_or("");
        if matches!(name.as_str(), "script" | "style") {
            let close = format!("</{name}>");
            rest = rest.split_once(close.as_str()).map_or("", |(_, after)| after);
        } else if let Some(name) = name.strip_prefix('/') {
            out.push(Piece::Close(name.to_owned()));
        } else if !name.starts_with('!') {
            out.push(Piece::Open(name, values));
        }
    }
    if !rest.is_empty() {
        out.push(Piece::Text(decode(rest)));
    }
    out
}

/// Where the tag ends: the first `>` outside quotes.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('>', None) => return at,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn tag(text: &str) -> (String, BTreeMap<String, String>) {
    let text = text.trim_end_matches('/');
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut values = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name.to_ascii_lowercase(), values);
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
        }
        values.insert(key, decode(value));
    }
}

fn decode(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Blanks as one reads them.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What one reads on a page, its values in fields not included.
pub(crate) fn text(html: &str) -> String {
    let mut out = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            // Words of one line stay together, others do not run into each other.
            Piece::Open(name, _) | Piece::Close(name) => {
                if !matches!(
                    name.as_str(),
                    "a" | "b" | "strong" | "em" | "i" | "span" | "abbr" | "time" | "mark"
                ) {
                    out.push(' ');
                }
            }
        }
    }
    squeeze(&out)
}

/// The links of a page.
pub(crate) fn links(html: &str) -> Vec<Link> {
    let (mut found, mut open): (Vec<Link>, Option<Link>) = (Vec::new(), None);
    for piece in pieces(html) {
        match (piece, &mut open) {
            (Piece::Open(name, values), _) if name == "a" => {
                open = values.get("href").map(|href| Link { text: String::new(), href: href.clone() });
            }
            (Piece::Text(text), Some(link)) => link.text.push_str(&text),
            (Piece::Close(name), Some(_)) if name == "a" => {
                found.extend(open.take().map(|link| Link { text: squeeze(&link.text), ..link }));
            }
            (Piece::Open(..) | Piece::Close(_), Some(link)) => link.text.push(' '),
            _ => {}
        }
    }
    found
}

/// What a field of several pieces has gathered so far.
#[derive(Default)]
struct Reading {
    form: Option<Form>,
    /// Name of the list that is open, and whether it takes several values.
    select: Option<(String, bool)>,
    option: Option<(String, bool, String)>,
    area: Option<(String, String)>,
}

/// The forms of a page.
pub(crate) fn forms(html: &str) -> Vec<Form> {
    let (mut found, mut reading) = (Vec::new(), Reading::default());
    for piece in pieces(html) {
        match piece {
            Piece::Open(name, values) => reading.open(&name, &values),
            Piece::Text(text) => {
                if let Some((_, label)) = reading.area.as_mut() {
                    label.push_str(&text);
                } else if let Some((_, _, label)) = reading.option.as_mut() {
                    label.push_str(&text);
                }
            }
            Piece::Close(name) => {
                reading.close(&name);
                if name == "form" {
                    found.extend(reading.form.take());
                }
            }
        }
    }
    found
}

impl Reading {
    fn open(&mut self, tag: &str, values: &BTreeMap<String, String>) {
        let get = |key: &str| values.get(key).cloned().unwrap_or_default();
        if tag == "form" {
            let method = if get("method").eq_ignore_ascii_case("post") { "post" } else { "get" };
            self.form = Some(Form { method: method.to_owned(), action: get("action"), ..Form::default() });
        }
        let name = get("name");
        let is_on = !values.contains_key("disabled");
        match tag {
            "button" | "input" if values.contains_key("formaction") => {
                self.form.iter_mut().for_each(|form| form.button_actions.push(get("formaction")));
            }
            "input" => self.input(&name, (&get("type"), is_on), values),
            "textarea" if is_on => self.area = Some((name, String::new())),
            "select" if is_on => {
                self.name(&name);
                self.select = Some((name, values.contains_key("multiple")));
            }
            "option" => {
                // An option may leave its end tag out.
                self.close("option");
                self.option = Some((get("value"), values.contains_key("selected"), String::new()));
            }
            _ => {}
        }
    }

    fn input(&mut self, name: &str, (kind, is_on): (&str, bool), values: &BTreeMap<String, String>) {
        if name.is_empty() || !is_on || matches!(kind, "submit" | "button" | "image" | "reset") {
            return;
        }
        self.name(name);
        let box_like = matches!(kind, "checkbox" | "radio");
        let otherwise = if box_like { "on" } else { "" };
        let value = values.get("value").map_or(otherwise, String::as_str).to_owned();
        let Some(form) = self.form.as_mut() else { return };
        if box_like {
            form.options.entry(name.to_owned()).or_default().push((value.clone(), String::new()));
        }
        if kind != "file" && (!box_like || values.contains_key("checked")) {
            form.values.push((name.to_owned(), value));
        }
    }

    fn name(&mut self, name: &str) {
        if let Some(form) = self.form.as_mut().filter(|form| !form.names.iter().any(|known| known == name)) {
            form.names.push(name.to_owned());
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "textarea" => {
                let Some((name, text)) = self.area.take() else { return };
                self.name(&name);
                let text = text.strip_prefix('\n').unwrap_or(&text).to_owned();
                self.form.iter_mut().for_each(|form| form.values.push((name.clone(), text.clone())));
            }
            "option" => {
                let Some((value, chosen, label)) = self.option.take() else { return };
                let (Some((name, _)), Some(form)) = (&self.select, self.form.as_mut()) else { return };
                form.options.entry(name.clone()).or_default().push((value.clone(), squeeze(&label)));
                if chosen {
                    form.values.push((name.clone(), value));
                }
            }
            "select" => {
                self.close("option");
                let Some((name, many)) = self.select.take() else { return };
                let Some(form) = self.form.as_mut().filter(|form| !many && form.value(&name).is_none())
                else {
                    return;
                };
                // A list that shows its first choice sends it.
                let first = form
                    .options
                    .get(&name)
                    .and_then(|options| options.first())
                    .map(|(value, _)| value.clone());
                form.values.extend(first.map(|value| (name, value)));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{forms, links, text};

    const PAGE: &str = r#"<!DOCTYPE html><style>p { }</style><p>Văn <b>bản</b> &amp; đến</p><p>Hai</p>
        <a class="x" href="/a?b=1&amp;c=2"><span>Mở</span> ra</a>
        <form method="post" action="/save">
        <input type="hidden" name="_csrf" value="t"><input name=q value='a "b"'>
        <input type="checkbox" name="pick" value="1" checked><input type="checkbox" name="pick" value="2">
        <input type="file" name="scan">
        <select name="one"><option value="x">Một<option value="y">Hai</select>
        <select name="two"><option value="x">Một</option><option value="y" selected>Hai</option></select>
        <textarea name="note">
a
b</textarea><button formaction="/other" name="go" value="1">Gửi</button></form>"#;

    #[test]
    fn a_page_is_read_as_a_person_reads_it() {
        assert!(text(PAGE).starts_with("Văn bản & đến Hai Mở ra"));
        assert_eq!(links(PAGE)[0].href, "/a?b=1&c=2");
        assert_eq!(links(PAGE)[0].text, "Mở ra");
    }

    #[test]
    fn a_form_sends_what_a_browser_would_send() {
        let form = &forms(PAGE)[0];
        let sent: Vec<String> = form.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["_csrf=t", "q=a \"b\"", "pick=1", "one=x", "two=y", "note=a\nb"]);
        assert_eq!(form.button_actions, ["/other"]);
        assert_eq!(form.option("two", "Một"), "x");
        assert!(form.names.contains(&"scan".to_owned()));
    }
}
