use super::object::{Dict, Object, Text};
use super::{Fault, limits};

/// Reads values where they are written. Nothing is repaired: two readers that repair differently show two documents.
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, nodes: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn fault(&self, what: &'static str) -> Fault {
        Fault { at: self.at, what }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_after(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.checked_add(ahead)?).copied()
    }

    /// White space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                byte if is_space(byte) => self.at += 1,
                b'%' => self.skip_line(),
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
            self.at += 1;
        }
    }

    /// Goes past a keyword when it is the next thing.
    pub(crate) fn keyword(&mut self, word: &str) -> bool {
        self.skip_space();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(after) = rest.strip_prefix(word.as_bytes()) else { return false };
        let ends = after.first().is_none_or(|byte| !is_regular(*byte));
        if ends {
            self.at += word.len();
        }
        ends
    }

    /// An unsigned whole number.
    pub(crate) fn number(&mut self) -> Option<u64> {
        self.skip_space();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = std::str::from_utf8(rest.get(..length)?).ok()?.parse().ok()?;
        if rest.get(length).is_some_and(|byte| is_regular(*byte)) {
            return None;
        }
        self.at += length;
        Some(value)
    }

    /// Goes past the end of line behind `stream`: CR LF or LF, never CR alone (ISO 32000-1, 7.3.8.1).
    pub(crate) fn stream_start(&mut self) -> Result<usize, Fault> {
        let ahead = match (self.peek(), self.peek_after(1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\n'), _) => 1,
            _ => return Err(self.fault("no end of line behind stream")),
        };
        self.at += ahead;
        Ok(self.at)
    }

    pub(crate) fn jump(&mut self, at: usize) {
        self.at = at;
    }

    pub(crate) fn object(&mut self) -> Result<Object, Fault> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Result<Object, Fault> {
        self.nodes += 1;
        if depth > limits::DEPTH || self.nodes > limits::NODES {
            return Err(self.fault("nested too deeply, or too large"));
        }
        self.skip_space();
        match (self.peek(), self.peek_after(1)) {
            (Some(b'<'), Some(b'<')) => self.dict(depth),
            (Some(b'<'), _) => self.hex(),
            (Some(b'('), _) => self.literal(),
            (Some(b'['), _) => self.array(depth),
            (Some(b'/'), _) => Ok(Object::Name(self.name()?)),
            (Some(b'0'..=b'9' | b'+' | b'-' | b'.'), _) => self.numeric(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Object, Fault> {
        for (word, value) in
            [("true", Object::Bool(true)), ("false", Object::Bool(false)), ("null", Object::Null)]
        {
            if self.keyword(word) {
                return Ok(value);
            }
        }
        Err(self.fault("no value"))
    }

    fn numeric(&mut self) -> Result<Object, Fault> {
        let start = self.at;
        if let Some(reference) = self.reference() {
            return Ok(reference);
        }
        self.at = start;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
        let text = rest.get(..length).unwrap_or_default();
        let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
        let points = digits.split(|byte| *byte == b'.').skip(1).count();
        let numeric =
            digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') && digits.len() > points;
        self.at += length;
        match (numeric, points) {
            (true, 0) => {
                let value = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                value.map(Object::Integer).ok_or(Fault { at: start, what: "the number is too large" })
            }
            (true, 1) => Ok(Object::Real(text.to_vec())),
            _ => Err(Fault { at: start, what: "no number" }),
        }
    }

    fn reference(&mut self) -> Option<Object> {
        let number = u32::try_from(self.number()?).ok()?;
        let generation = self.number()?;
        (generation <= 65_535 && self.keyword("R")).then_some(Object::Reference(number))
    }

    fn name(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let pair = (self.peek().and_then(hex_digit), self.peek_after(1).and_then(hex_digit));
            let (Some(high), Some(low)) = pair else { return Err(self.fault("no two digits behind #")) };
            name.push(high << 4 | low);
            self.at += 2;
        }
        Ok(name)
    }

    fn hex(&mut self) -> Result<Object, Fault> {
        let start = self.at;
        self.at += 1;
        let (mut bytes, mut high) = (Vec::new(), None);
        loop {
            let Some(byte) = self.peek() else { return Err(self.fault("the string has no end")) };
            self.at += 1;
            match (byte, hex_digit(byte), high) {
                (b'>', ..) => break,
                (_, Some(digit), None) => high = Some(digit),
                (_, Some(digit), Some(first)) => {
                    bytes.push(first << 4 | digit);
                    high = None;
                }
                (byte, None, _) if is_space(byte) => {}
                _ => return Err(self.fault("no hexadecimal digit")),
            }
        }
        bytes.extend(high.map(|digit| digit << 4));
        Ok(Object::Text(Text { bytes, span: start..self.at }))
    }

    fn literal(&mut self) -> Result<Object, Fault> {
        let start = self.at;
        self.at += 1;
        let (mut bytes, mut open) = (Vec::new(), 1_usize);
        loop {
            let Some(byte) = self.peek() else { return Err(self.fault("the string has no end")) };
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    bytes.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(Object::Text(Text { bytes, span: start..self.at }));
            }
            // Every end of line within a string is one LF (ISO 32000-1, 7.3.4.2).
            if byte == b'\r' {
                self.at += usize::from(self.peek() == Some(b'\n'));
            }
            bytes.push(if byte == b'\r' { b'\n' } else { byte });
        }
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                None
            }
            b'0'..=b'7' => {
                let mut value = byte - b'0';
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| (b'0'..=b'7').contains(byte)) else { break };
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                    self.at += 1;
                }
                Some(value)
            }
            other => Some(other),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Object, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Object, Fault> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            match (self.peek(), self.peek_after(1)) {
                (Some(b'>'), Some(b'>')) => {
                    self.at += 2;
                    return Ok(Object::Dict(Dict::new(entries)));
                }
                (Some(b'/'), _) => {
                    let key = self.name()?;
                    entries.push((key, self.value(depth + 1)?));
                }
                _ => return Err(self.fault("no key")),
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
