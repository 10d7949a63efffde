//! The token by which a node joins: once, and only where the authority is the one the token names.

use crate::certificate::fingerprint;
use crate::{Error, Fingerprint, Result, is_name};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

const FIRST: &str = "vlnode1.";

/// What the operator of the authority hands to the operator of the new node.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The fingerprint of the authority's certificate.
    pub authority: Fingerprint,
    /// The node that is the authority.
    pub node: String,
    /// Where it listens, `host:port`.
    pub address: String,
    secret: [u8; 32],
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a token of {}", self.node)
    }
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Unmade`] when the machine has no chance to give, [`Error::Name`] for a name no node may have.
    pub fn new(authority: Fingerprint, node: &str, address: &str) -> Result<Token> {
        if !is_name(node) {
            return Err(Error::Name);
        }
        let mut secret = [0; 32];
        SystemRandom::new().fill(&mut secret).map_err(|_| Error::Unmade)?;
        Ok(Token { authority, node: node.to_owned(), address: address.to_owned(), secret })
    }

    /// What is kept of it: the hash of the secret. The token itself is shown once.
    pub fn hash(&self) -> Fingerprint {
        fingerprint(&self.secret)
    }

    /// The secret, for the one request it is good for.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// As it is shown.
    pub fn text(&self) -> String {
        let names = format!("{} {}", self.node, self.address);
        let body = [self.authority.as_slice(), &self.secret, names.as_bytes()].concat();
        let sum = fingerprint(&body);
        let sum = sum.get(..4).unwrap_or_default();
        format!("{FIRST}{}", URL_SAFE_NO_PAD.encode([sum, &body].concat()))
    }

    /// Reads one as it was typed or pasted.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is none, or a letter is missing.
    pub fn read(text: &str) -> Result<Token> {
        let damaged = Error::Damaged("the token");
        let text = text.trim().strip_prefix(FIRST).filter(|text| text.len() < 1024).ok_or(damaged)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged)?;
        let (sum, body) = bytes.split_at_checked(4).ok_or(damaged)?;
        if fingerprint(body).get(..4) != Some(sum) {
            return Err(damaged);
        }
        let (authority, rest) = body.split_first_chunk::<32>().ok_or(damaged)?;
        let (secret, names) = rest.split_first_chunk::<32>().ok_or(damaged)?;
        let names = std::str::from_utf8(names).map_err(|_| damaged)?;
        let (node, address) = names.split_once(' ').ok_or(damaged)?;
        if !is_name(node) || address.is_empty() {
            return Err(damaged);
        }
        let (node, address) = (node.to_owned(), address.to_owned());
        Ok(Token { authority: *authority, node, address, secret: *secret })
    }
}
