use der::Decode;
use der::asn1::ObjectIdentifier as Oid;

/// One element of a DER encoding, as it stands: signatures are over bytes, so nothing is encoded anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) whole: &'a [u8],
    pub(crate) body: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const TAG_0: u8 = 0xa0;
pub(crate) const TAG_1: u8 = 0xa1;
pub(crate) const TAG_2: u8 = 0xa2;

/// Elements one behind the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl<'a> Elements<'a> {
    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<Tlv<'a>> {
        let (tlv, rest) = Tlv::split(self.0)?;
        self.0 = rest;
        Some(tlv)
    }

    /// The next element when it has this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<Tlv<'a>> {
        let (tlv, rest) = Tlv::split(self.0)?;
        (tlv.tag == tag).then(|| {
            self.0 = rest;
            tlv
        })
    }

    /// All that are left; `None` when something in them is no element.
    pub(crate) fn all(mut self) -> Option<Vec<Tlv<'a>>> {
        let mut found = Vec::new();
        while !self.0.is_empty() {
            found.push(self.any()?);
        }
        Some(found)
    }
}

impl<'a> Tlv<'a> {
    /// The first element and what follows it. Lengths that are open or longer than they need be are no DER.
    pub(crate) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (tag, rest) = bytes.split_first()?;
        let (first, rest) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit));
                let shortest = digits.first().is_some_and(|digit| *digit != 0) && length > 0x7f;
                (Some(length).filter(|_| shortest)?, rest)
            }
            _ => return None,
        };
        let (body, after) = rest.split_at_checked(length)?;
        let whole = bytes.get(..bytes.len().checked_sub(after.len())?)?;
        Some((Self { tag: *tag, whole, body }, after))
    }

    /// The one element these bytes are.
    pub(crate) fn only(bytes: &'a [u8], tag: u8) -> Option<Self> {
        let (tlv, rest) = Self::split(bytes)?;
        (rest.is_empty() && tlv.tag == tag).then_some(tlv)
    }

    pub(crate) fn elements(&self) -> Elements<'a> {
        Elements(self.body)
    }

    /// The value, decoded by its type.
    pub(crate) fn decode<T: Decode<'a>>(&self) -> Option<T> {
        T::from_der(self.whole).ok()
    }

    pub(crate) fn oid(&self) -> Option<Oid> {
        Oid::from_der(self.whole).ok()
    }

    /// The bytes of a bit string of whole bytes.
    pub(crate) fn bits(&self) -> Option<&'a [u8]> {
        match self.body.split_first() {
            Some((0, bytes)) if self.tag == BIT_STRING => Some(bytes),
            _ => None,
        }
    }

    /// A moment, as seconds since 1970.
    pub(crate) fn seconds(&self) -> Option<i64> {
        let time = x509_cert::time::Time::from_der(self.whole).ok()?;
        i64::try_from(time.to_unix_duration().as_secs()).ok()
    }
}
