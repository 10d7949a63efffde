//! Whatever bytes arrive: nothing that reads them panics, and nothing is trusted by chance.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trust::{Certificate, Purpose, Request, Signed, Token};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(signed) = Signed::read(bytes, 1 << 20) {
        assert_eq!(Signed::read(&signed.to_bytes(), 2 << 20).unwrap(), signed);
        let _ = signed.signer(Purpose::Directory);
    }
    if let Ok(certificate) = Certificate::read(bytes) {
        assert!(certificate.verify(b"nobody signed this", &bytes[..bytes.len().min(72)]).is_err());
    }
    let _ = Request::read(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(token) = Token::read(text)
    {
        assert_eq!(Token::read(&token.text()).unwrap().hash(), token.hash());
    }
});
