use std::ops::Range;

/// A value of a PDF. Numbers with a fraction keep their text: nothing here computes with them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Integer(i64),
    Real(Vec<u8>),
    Name(Vec<u8>),
    Text(Text),
    Array(Vec<Object>),
    Dict(Dict),
    /// The number of an object. Generations are checked where the table is read, and carry no meaning after that.
    Reference(u32),
    Stream(Stream),
}

/// A string, with its place in the file: the bytes a signature leaves out must be this string and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) bytes: Vec<u8>,
    pub(crate) span: Range<usize>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// A stream: its dictionary and where its bytes are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stream {
    pub(crate) dict: Dict,
    pub(crate) data: Range<usize>,
}

/// A dictionary, ordered by key so that two of them compare whatever order they were written in.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dict {
    entries: Vec<(Vec<u8>, Object)>,
    doubled: bool,
}

impl Dict {
    pub(crate) fn new(mut entries: Vec<(Vec<u8>, Object)>) -> Self {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let doubled = entries.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0));
        Self { entries, doubled }
    }

    /// Whether a key is there twice: readers disagree on which of the two counts.
    pub(crate) fn doubled(&self) -> bool {
        self.doubled
    }

    /// The value of a key; `null` is the same as absent (ISO 32000-1, 7.3.7).
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        let found = self.entries.iter().rev().find(|(own, _)| own == key.as_bytes());
        found.map(|(_, value)| value).filter(|value| **value != Object::Null)
    }

    pub(crate) fn name(&self, key: &str) -> Option<&[u8]> {
        self.get(key)?.as_name()
    }

    pub(crate) fn is(&self, key: &str, name: &str) -> bool {
        self.name(key) == Some(name.as_bytes())
    }

    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        self.get(key)?.as_integer()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|(key, value)| (key.as_slice(), value))
    }
}

impl Object {
    pub(crate) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// A dictionary, or that of a stream.
    pub(crate) fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) | Self::Stream(Stream { dict, .. }) => Some(dict),
            _ => None,
        }
    }

    pub(crate) fn as_reference(&self) -> Option<u32> {
        match self {
            Self::Reference(number) => Some(*number),
            _ => None,
        }
    }

    /// Every object this value names, at any depth.
    pub(crate) fn references(&self, found: &mut Vec<u32>) {
        match self {
            Self::Reference(number) => found.push(*number),
            Self::Array(items) => items.iter().for_each(|item| item.references(found)),
            Self::Dict(dict) | Self::Stream(Stream { dict, .. }) => {
                dict.entries.iter().for_each(|(_, value)| value.references(found));
            }
            _ => {}
        }
    }
}
