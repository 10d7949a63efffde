//! Reads Rust sources just well enough to tell code from comments and literals.

use std::fs;
use std::path::Path;

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Line it begins on, from 1.
    pub(super) line: usize,
    /// Its text, escapes resolved.
    pub(super) text: String,
    /// Where its opening quote stands in `Source::code`.
    start: usize,
    /// Where its closing quote stands there.
    end: usize,
}

/// A source file.
#[derive(Debug)]
pub(super) struct Source {
    /// `src/web/incoming.rs`.
    pub(super) path: String,
    /// Lines of the whole file, tests too.
    pub(super) lines: usize,
    /// The code line by line: comments, the insides of literals and test modules are blanks.
    pub(super) code: String,
    /// The string literals outside test modules.
    pub(super) literals: Vec<Literal>,
    /// Modules in files of their own that exist only in tests.
    test_modules: Vec<String>,
}

/// A function with a body.
#[derive(Debug)]
pub(super) struct Function<'s> {
    /// Its name.
    pub(super) name: &'s str,
    /// Line it begins on, from 1.
    pub(super) line: usize,
    /// From `fn` to the closing brace.
    pub(super) text: &'s str,
}

/// Every source of a crate, files that exist only in tests left out.
pub(super) fn read_crate(root: &Path) -> Vec<Source> {
    let mut sources = read_folder(root, "src");
    let tests: Vec<String> = sources.iter().flat_map(|source| source.test_modules.clone()).collect();
    sources.retain(|source| !tests.iter().any(|name| source.path.ends_with(&format!("/{name}.rs"))));
    sources
}

fn read_folder(root: &Path, folder: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    for name in super::names(&root.join(folder)) {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            sources.extend(read_folder(root, &path));
        } else if Path::new(&name).extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
            sources.push(Source::new(path, &text));
        }
    }
    sources
}

impl Source {
    pub(super) fn new(path: String, text: &str) -> Source {
        let mut scanner = Scanner { chars: text.chars().collect(), ..Scanner::default() };
        scanner.run();
        let (code, literals) = (scanner.code, scanner.literals);
        let mut source =
            Source { path, lines: text.lines().count(), code, literals, test_modules: Vec::new() };
        source.forget_tests();
        source
    }

    /// The line of a place in `code`, from 1.
    pub(super) fn line_at(&self, at: usize) -> usize {
        self.code.get(..at).map_or(0, |before| before.matches('\n').count()) + 1
    }

    /// What stands before and after a literal, blanks trimmed.
    pub(super) fn around(&self, literal: &Literal) -> (&str, &str) {
        let before = self.code.get(..literal.start).unwrap_or("").trim_end();
        let after = self.code.get(literal.end + 1..).unwrap_or("").trim_start();
        (before, after)
    }

    /// Places of a word in the code.
    pub(super) fn places<'s>(&'s self, word: &'s str) -> impl Iterator<Item = usize> + 's {
        self.code.match_indices(word).map(|(at, _)| at)
    }

    /// Every function with a body.
    pub(super) fn functions(&self) -> Vec<Function<'_>> {
        let mut found = Vec::new();
        for at in self.places("fn ") {
            let before = self.code.get(..at).and_then(|before| before.chars().next_back());
            let rest = self.code.get(at..).unwrap_or("");
            let name = rest.get(3..).unwrap_or("").split(|c: char| !is_word(c)).next().unwrap_or("");
            let is_function = !name.is_empty() && !before.is_some_and(is_word);
            if let (true, Some(length)) = (is_function, body_end(rest)) {
                let text = rest.get(..length).unwrap_or(rest);
                found.push(Function { name, line: self.line_at(at), text });
            }
        }
        found
    }

    /// Blanks the modules that exist only in tests.
    fn forget_tests(&mut self) {
        while let Some(at) = self.code.find("#[cfg(test)]") {
            let rest = self.code.get(at..).unwrap_or("");
            let end = at + body_end(rest).or_else(|| rest.find(';')).unwrap_or(rest.len());
            let declared = self.code.get(at..end).unwrap_or("").rsplit("mod ").next().unwrap_or("");
            if !declared.is_empty() && declared.chars().all(is_word) {
                self.test_modules.push(declared.to_owned());
            }
            let blank: String = self
                .code
                .get(at..end)
                .unwrap_or("")
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' })
                .collect();
            // Code is what is left of a file without its literals; outside them it is ASCII, so lengths agree.
            self.code.replace_range(at..end, &blank);
            self.literals.retain(|literal| literal.start < at || literal.start >= end);
            if blank.len() != end - at {
                break;
            }
        }
    }
}

/// Where the body that follows ends, its closing brace included; `None` when there is none before a `;`.
fn body_end(text: &str) -> Option<usize> {
    let (mut depth, mut inner) = (0_i32, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' if depth == 0 => inner += 1,
            ')' | ']' if depth == 0 => inner -= 1,
            ';' if depth == 0 && inner == 0 => return None,
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// True for what names are made of.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[derive(Default)]
struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Scanner {
    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('r', _) if self.raw_hashes().is_some() => self.raw_string(),
                ('\'', Some(next)) if next == '\\' || self.peek(2) == Some('\'') => self.character(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn keep(&mut self) {
        if let Some(c) = self.step() {
            self.code.push(if c.is_ascii() { c } else { '?' });
        }
    }

    fn blank(&mut self) -> Option<char> {
        let c = self.step()?;
        self.code.push(if c == '\n' { '\n' } else { ' ' });
        Some(c)
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn character(&mut self) {
        self.keep();
        while let Some(c) = self.blank() {
            match c {
                '\\' => drop(self.blank()),
                '\'' => return,
                _ => {}
            }
        }
    }

    fn string(&mut self) {
        let (line, start, mut text) = (self.line + 1, self.code.len(), String::new());
        self.keep();
        while let Some(c) = self.peek(0) {
            match c {
                '"' => break,
                '\\' => self.escape(&mut text),
                _ => text.extend(self.blank()),
            }
        }
        self.close(line, start, text);
    }

    fn escape(&mut self, text: &mut String) {
        self.blank();
        match self.blank() {
            Some('n') => text.push('\n'),
            // The text goes on at the next word.
            Some('\n') => {
                while self.peek(0).is_some_and(char::is_whitespace) {
                    self.blank();
                }
            }
            Some(other) => text.push(other),
            None => {}
        }
    }

    /// How many `#` open the raw string that begins here.
    fn raw_hashes(&self) -> Option<usize> {
        let before = self.code.chars().next_back();
        if before.is_some_and(|c| is_word(c) && c != 'b') {
            return None;
        }
        let rest = self.chars.iter().skip(self.at + 1);
        let hashes = rest.take_while(|c| **c == '#').count();
        (self.peek(hashes + 1) == Some('"')).then_some(hashes)
    }

    fn raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or(0);
        for _ in 0..=hashes {
            self.keep();
        }
        let (line, start, mut text) = (self.line + 1, self.code.len(), String::new());
        self.keep();
        while let Some(c) = self.peek(0) {
            if c == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                break;
            }
            text.extend(self.blank());
        }
        self.close(line, start, text);
    }

    fn close(&mut self, line: usize, start: usize, text: String) {
        let end = self.code.len();
        self.keep();
        self.literals.push(Literal { line, text, start, end });
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    const TEXT: &str = r##"
//! A "comment".
fn one(c: char) -> &'static str { if c == '{' || c == '\'' { "a \"b\" {" } else { r#"raw "x" y"# } }
struct S<'a>(&'a str);
/* fn no() { /* nested */ } */
fn two() {
    "x \
     y";
}
#[cfg(test)]
mod tests { fn three() { "hidden"; } }
fn four() {}
#[cfg(test)]
pub(crate) mod testing;
"##;

    #[test]
    fn code_is_told_from_comments_literals_and_tests() {
        let source = Source::new("src/lib.rs".to_owned(), TEXT);
        let texts: Vec<&str> = source.literals.iter().map(|literal| literal.text.as_str()).collect();
        assert_eq!(texts, ["a \"b\" {", "raw \"x\" y", "x y"]);
        let functions: Vec<(&str, usize, usize)> =
            source.functions().iter().map(|f| (f.name, f.line, f.text.lines().count())).collect();
        assert_eq!(functions, [("one", 3, 1), ("two", 6, 4), ("four", 12, 1)]);
        assert_eq!(source.test_modules, ["testing"]);
    }
}
