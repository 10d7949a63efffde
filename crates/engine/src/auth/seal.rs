//! What the engine signs with the tenant's key so that nobody else can make it: form tokens, uploads,
//! messages carried to the next page, half-finished sign-ins.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// The tenant's signing key.
pub(crate) struct Seal(hmac::Key);

impl Seal {
    pub(crate) fn new(secret: &str) -> Seal {
        Seal(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// The mark of a text for a purpose. A mark made for one purpose never passes for another.
    pub(crate) fn mark(&self, purpose: &str, text: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign().as_ref())
    }

    /// True when the mark is ours; takes the same time whether or not it is.
    pub(crate) fn holds(&self, purpose: &str, text: &str, mark: &str) -> bool {
        let ours = self.mark(purpose, text);
        same(ours.as_bytes(), mark.as_bytes())
    }

    /// A text with its mark, in letters a cookie may hold.
    pub(crate) fn wrap(&self, purpose: &str, text: &str) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), self.mark(purpose, text))
    }

    /// The text of [`Seal::wrap`], when the mark is ours.
    pub(crate) fn open(&self, purpose: &str, wrapped: &str) -> Option<String> {
        let (text, mark) = wrapped.split_once('.')?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        self.holds(purpose, &text, mark).then_some(text)
    }
}

/// Compares without telling by time where the difference is.
fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).fold(0, |found, (a, b)| found | (a ^ b)) == 0
}

/// Random letters a cookie may hold, from 32 bytes of chance.
pub(crate) fn fresh(chance: fn(&mut [u8])) -> String {
    let mut bytes = [0; 32];
    chance(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The system's own chance.
pub fn system_chance(bytes: &mut [u8]) {
    use ring::rand::SecureRandom;
    // The operating system's generator does not fail once the machine has booted; were it to, a key made of
    // zeroes would be worse than a stopped process.
    #[expect(clippy::expect_used, reason = "no secret may ever be made without chance")]
    ring::rand::SystemRandom::new().fill(bytes).expect("the system has chance");
}
