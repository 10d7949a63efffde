//! The key by which push services know a tenant again (VAPID, RFC 8292). It is made once and lies in the tenant's
//! database, its secret half sealed under the tenant's key: a backup brings it along, and devices stay subscribed.

use crate::files::Store;
use base::{Error, Instant, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ALGORITHM, EcdsaKeyPair, KeyPair};

/// What the sealed secret is for.
const ABOUT: &str = "vanlang-push-1";
/// Where the secret stands in the fixed form in which `ring` writes a pair of P-256 (PKCS #8 v1).
const SECRET_AT: std::ops::Range<usize> = 36..68;
/// A signature is good for half the day that RFC 8292 allows at most.
const HOURS: i64 = 12;

/// The tenant's pair of keys.
pub struct PushKey {
    pair: EcdsaKeyPair,
    public: String,
}

impl PushKey {
    /// A new pair as it is kept: the public half, and the secret one sealed.
    ///
    /// # Errors
    /// `Internal` when none can be made.
    pub(crate) fn make(files: &Store) -> Result<String> {
        let failed = |_| Error::internal("a pair of keys could not be made");
        let made = EcdsaKeyPair::generate_pkcs8(&ALGORITHM, &SystemRandom::new()).map_err(failed)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ALGORITHM, made.as_ref(), &SystemRandom::new());
        let pair = pair.map_err(|_| Error::internal("a new pair of keys cannot be read"))?;
        let secret = made.as_ref().get(SECRET_AT).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let secret = secret.ok_or_else(|| Error::internal("a new pair of keys has no secret"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        Ok(format!("{public} {}", files.seal_secret(&secret, ABOUT)?))
    }

    /// The pair that was kept.
    ///
    /// # Errors
    /// `Internal` in plain words when it was sealed under another key.
    pub(crate) fn open(kept: &str, files: &Store) -> Result<PushKey> {
        let broken = || {
            Error::internal(
                "the key for notices on devices was sealed under another key than that of the tenant's files: \
                 restore database and files together",
            )
        };
        let (public, sealed) = kept.split_once(' ').ok_or_else(broken)?;
        let secret = files.open_secret(sealed, ABOUT).ok_or_else(broken)?;
        let point = URL_SAFE_NO_PAD.decode(public).map_err(|_| broken())?;
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(&ALGORITHM, &secret, &point, &random);
        Ok(PushKey { pair: pair.map_err(|_| broken())?, public: public.to_owned() })
    }

    /// The public half, as a browser subscribes with it: base64url.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The header by which a push service knows us (RFC 8292, 3). `audience` is the origin of the service.
    ///
    /// # Errors
    /// `Internal` when it cannot be signed.
    pub(crate) fn authorization(&self, audience: &str, contact: &str, now: Instant) -> Result<String> {
        let until = now.plus_hours(HOURS).micros() / 1_000_000;
        let claims = serde_json::json!({ "aud": audience, "exp": until, "sub": contact });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let said = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signed = self.pair.sign(&SystemRandom::new(), said.as_bytes());
        let signed = signed.map_err(|_| Error::internal("a request could not be signed"))?;
        Ok(format!("vapid t={said}.{}, k={}", URL_SAFE_NO_PAD.encode(signed), self.public))
    }
}
