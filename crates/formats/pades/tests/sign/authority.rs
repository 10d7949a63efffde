//! The authority of time: OpenSSL.

use pades::{Error, Reason, Result};
use tempfile::TempDir;

use crate::judges::program;
use crate::people::Root;

const CONFIGURATION: &str = "[tsa]
default_tsa=clock
[clock]
serial=serial
crypto_device=builtin
signer_cert=clock.pem
certs=root.pem
signer_key=clock.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha384,sha512
accuracy=secs:1
ess_cert_id_alg=sha256
ess_cert_id_chain=no
";

pub(crate) struct Clock(TempDir);

impl Clock {
    pub(crate) fn new(root: &Root) -> Self {
        let clock = Self(tempfile::tempdir().unwrap());
        let identity = root.authority_of_time();
        clock.put("tsa.cnf", CONFIGURATION.as_bytes());
        clock.put("root.pem", root.pem.as_bytes());
        clock.put("clock.pem", identity.certificate_pem.as_bytes());
        clock.put("clock.key", identity.key_pem.as_bytes());
        clock
    }

    fn put(&self, name: &str, content: &[u8]) {
        std::fs::write(self.0.path().join(name), content).unwrap();
    }

    /// The answer to an encoded request.
    pub(crate) fn answer(&self, query: &[u8]) -> Result<Vec<u8>> {
        self.put("query", query);
        let mut openssl = program("openssl");
        openssl.args(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer"]);
        let output = openssl.current_dir(self.0.path()).output().unwrap();
        match std::fs::read(self.0.path().join("answer")) {
            Ok(answer) => Ok(answer),
            Err(_) => Err(Error::new(Reason::Timestamp, String::from_utf8_lossy(&output.stderr))),
        }
    }
}
