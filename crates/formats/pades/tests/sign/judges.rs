//! Programs of others that read what we wrote.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use pades::trust::Trust;
use pades::verify::{Status, verify};
use tempfile::TempDir;

#[expect(clippy::disallowed_methods, reason = "a story asks programs of others what they think")]
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(name)
}

#[expect(clippy::disallowed_methods, reason = "the chore that runs the tests says where the programs are")]
fn pyhanko() -> Option<PathBuf> {
    let path = std::env::var("VANLANG_TEST_PYHANKO").ok().filter(|path| !path.is_empty());
    if path.is_none() {
        println!("skipped: VANLANG_TEST_PYHANKO is not set");
    }
    path.map(PathBuf::from)
}

/// A folder with the file and the root in it.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new(pdf: &[u8], root_pem: &str) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        std::fs::write(desk.path("signed.pdf"), pdf).unwrap();
        std::fs::write(desk.path("root.pem"), root_pem).unwrap();
        desk
    }

    /// The file as pyHanko signs it, in a field on page 2.
    pub(crate) fn signed_by_pyhanko(&self, key_pem: &str, certificate_pem: &str) -> Option<Vec<u8>> {
        std::fs::write(self.path("key.pem"), key_pem).unwrap();
        std::fs::write(self.path("certificate.pem"), certificate_pem).unwrap();
        let mut command = program(pyhanko()?);
        command.args(["sign", "addsig", "--field", "2/300,200,440,260/Other1", "pemder", "--no-pass"]);
        command.args(["--key", "key.pem", "--cert", "certificate.pem", "--chain", "root.pem"]);
        let (content, text) = ask(command.args(["signed.pdf", "by-others.pdf"]).current_dir(self.0.path()))?;
        assert!(content, "pyHanko: {text}");
        Some(std::fs::read(self.path("by-others.pdf")).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// What a program printed, and whether it was content; `None` where the program is missing.
fn ask(command: &mut Command) -> Option<(bool, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Ok(output) = command.output() else {
        println!("skipped: {name} is not installed");
        return None;
    };
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

/// All judges, three of others and our own: the structure is clean, and all `count` signatures are valid.
pub(crate) fn all_accept(pdf: &[u8], root_pem: &str, count: usize) {
    all_accept_with_timestamps(pdf, root_pem, (count, 0));
}

/// The same for a file with timestamps over the document, which only pyHanko judges.
pub(crate) fn all_accept_with_timestamps(pdf: &[u8], root_pem: &str, (count, timestamps): (usize, usize)) {
    we_accept(pdf, root_pem, count + timestamps);
    let desk = Desk::new(pdf, root_pem);
    structure_is_clean(&desk.path("signed.pdf"));
    if let Some((_, text)) = ask(program("pdfsig").arg(desk.path("signed.pdf"))) {
        let valid = text.matches("Signature Validation: Signature is Valid.").count();
        assert_eq!(valid, count, "pdfsig: {text}");
    }
    if let Some((content, text)) = ask_pyhanko(&desk) {
        assert!(content, "pyHanko: {text}");
        let valid = text.matches("The signature is judged VALID.").count();
        assert_eq!(valid, count, "pyHanko: {text}");
    }
    if timestamps > 0
        && let Some((_, text)) = ask_pyhanko_for_timestamps(&desk)
    {
        assert_eq!(text.matches("good timestamp").count(), timestamps, "pyHanko: {text}");
    }
}

fn we_accept(pdf: &[u8], root_pem: &str, count: usize) {
    let trust = Trust::from_pem(root_pem.as_bytes()).unwrap();
    let verdicts = verify(pdf, &trust, Timestamp::now()).unwrap();
    let is_valid = |verdict: &pades::verify::Verdict| verdict.status == Status::Valid;
    assert!(verdicts.len() == count && verdicts.iter().all(is_valid), "{verdicts:#?}");
}

/// pyHanko finds something wrong with at least one signature.
pub(crate) fn pyhanko_refuses(pdf: &[u8], root_pem: &str) {
    if let Some((content, text)) = ask_pyhanko(&Desk::new(pdf, root_pem)) {
        assert!(!content || text.contains("INVALID"), "pyHanko: {text}");
    }
}

pub(crate) fn structure_is_clean(pdf: &Path) {
    if let Some((content, text)) = ask(program("qpdf").arg("--check").arg(pdf)) {
        assert!(content && !text.contains("WARNING"), "qpdf: {text}");
    }
}

fn ask_pyhanko(desk: &Desk) -> Option<(bool, String)> {
    let mut command = program(pyhanko()?);
    command.args([
        "sign",
        "validate",
        "--pretty-print",
        "--no-revocation-check",
        "--trust-replace",
        "--trust",
    ]);
    ask(command.arg(desk.path("root.pem")).arg(desk.path("signed.pdf")))
}

/// Its command says nothing about timestamps over the document; its library does.
fn ask_pyhanko_for_timestamps(desk: &Desk) -> Option<(bool, String)> {
    const SCRIPT: &str = "import sys
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
trust = ValidationContext(trust_roots=[load_cert_from_pemder(sys.argv[1])])
for one in PdfFileReader(open(sys.argv[2], 'rb')).embedded_timestamp_signatures:
    status = validate_pdf_timestamp(one, trust)
    print('good timestamp' if status.valid and status.trusted else status)
";
    let mut command = program(pyhanko()?.with_file_name("python"));
    ask(command.args(["-c", SCRIPT]).arg(desk.path("root.pem")).arg(desk.path("signed.pdf")))
}
