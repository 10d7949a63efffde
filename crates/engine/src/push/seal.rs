//! Sealing a notice so that only one browser can read it, and not the push service (RFC 8291, RFC 8188).

use base::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;

/// Length of an uncompressed point of the curve P-256.
const POINT: usize = 65;
const AUTH: usize = 16;
const SALT: usize = 16;
const KEY: usize = 16;
/// Every notice is padded to this many bytes, so that its length tells the push service nothing.
const PADDED: usize = 1024;
/// One record holds all of it.
const RECORD: u32 = 4096;

/// The keys a browser gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browser {
    point: [u8; POINT],
    auth: [u8; AUTH],
}

impl Browser {
    /// Reads them as browsers write them, in base64url. `None` when they are none.
    pub fn read(p256dh: &str, auth: &str) -> Option<Browser> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let point: [u8; POINT] = bytes(p256dh)?.try_into().ok()?;
        let auth = bytes(auth)?.try_into().ok()?;
        (point.first() == Some(&4)).then_some(Browser { point, auth })
    }
}

/// A text sealed for a browser: the body of a request to its push service. What is longer than [`PADDED`] is not
/// padded.
///
/// # Errors
/// `Internal` when the browser's key is no point of the curve.
pub fn sealed(text: &[u8], browser: &Browser, chance: fn(&mut [u8])) -> Result<Vec<u8>> {
    let broken = |_| Error::internal("a browser's key could not be used");
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).map_err(broken)?;
    let mut point = [0; POINT];
    point.copy_from_slice(ours.compute_public_key().map_err(broken)?.as_ref());
    let mut salt = [0; SALT];
    chance(&mut salt);
    let mut padded = text.to_vec();
    padded.push(2);
    padded.resize(padded.len().max(PADDED), 0);
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser.point);
    agree_ephemeral(ours, &theirs, |secret| record(secret, (browser, &point, &salt), padded))
        .map_err(broken)?
}

/// Head and record (RFC 8188, 2.1) from the secret both sides agree on (RFC 8291, 3.4).
fn record(
    secret: &[u8],
    (browser, point, salt): (&Browser, &[u8; POINT], &[u8; SALT]),
    mut text: Vec<u8>,
) -> Result<Vec<u8>> {
    let info = [b"WebPush: info\0".as_slice(), &browser.point, point].concat();
    let shared: [u8; 32] = expand(&Salt::new(HKDF_SHA256, &browser.auth).extract(secret), &info)?;
    let prk = Salt::new(HKDF_SHA256, salt).extract(&shared);
    let key: [u8; KEY] = expand(&prk, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; NONCE_LEN] = expand(&prk, b"Content-Encoding: nonce\0")?;
    let failed = |_| Error::internal("a notice could not be sealed");
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(failed)?);
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut text).map_err(failed)?;
    let length = u8::try_from(POINT).unwrap_or(u8::MAX);
    Ok([salt.as_slice(), &RECORD.to_be_bytes(), &[length], point, &text].concat())
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[u8]) -> Result<[u8; N]> {
    let mut out = [0; N];
    let expanded = prk.expand(&[info], Length(N)).and_then(|okm| okm.fill(&mut out));
    expanded.map_err(|_| Error::internal("a key could not be made"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Browser, record};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    /// The example of RFC 8291, Appendix A: from the secret of both sides to the body of the request.
    #[test]
    fn a_notice_is_sealed_as_in_the_example_of_rfc_8291() {
        let browser = Browser::read(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let secret: [u8; 32] = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let point =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let mut text = b"When I grow up, I want to be a watermelon".to_vec();
        text.push(2);
        let body = record(&secret, (&browser, &point, &salt), text).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK\
             6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn what_is_no_key_is_none() {
        let auth = "BTBZMqHH6r4Tts7J_aSIgg";
        assert_eq!(Browser::read("", auth), None);
        assert_eq!(Browser::read(&URL_SAFE_NO_PAD.encode([2; 65]), auth), None, "a compressed point");
        assert_eq!(Browser::read(&URL_SAFE_NO_PAD.encode([4; 65]), "short"), None);
    }
}
