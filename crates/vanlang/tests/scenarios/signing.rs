//! Who signs in the stories: an authority, signers that an administrator enters, and programs of others that judge.

use crate::secure::Root;
use base::PersonId;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::{Attachment, Engine, Town};
use vanlang::demo::seals::{Authority, Subject, hand, seal};

/// The databases a story is told on whose operator decided something.
pub(crate) fn engines() -> Vec<Engine> {
    [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten().collect()
}

/// Everybody's PIN.
pub(crate) const PIN: &str = "246810";

/// A province whose leader and whose agency have digital signatures.
pub(crate) struct Town19 {
    pub(crate) authority: Authority,
}

impl Town19 {
    pub(crate) fn new(town: &Town) -> Town19 {
        let world = Town19 { authority: Authority::new().unwrap() };
        town.trust(world.authority.pem.as_bytes());
        let leader = town.leader("Phú Thọ");
        enter(town, &world, ("Phú Thọ", leader.id, &leader.name));
        enter(town, &world, ("Phú Thọ", None, "Ủy ban nhân dân tỉnh Phú Thọ"));
        world
    }

    /// pyHanko and poppler find so many valid signatures.
    pub(crate) fn judged(&self, pdf: &[u8], count: usize) {
        let desk = tempfile::tempdir().unwrap();
        let (file, root) = (desk.path().join("signed.pdf"), desk.path().join("root.pem"));
        std::fs::write(&file, pdf).unwrap();
        std::fs::write(&root, &self.authority.pem).unwrap();
        let mut hanko = program(pyhanko());
        hanko.args([
            "sign",
            "validate",
            "--pretty-print",
            "--no-revocation-check",
            "--trust-replace",
            "--trust",
        ]);
        let said = hanko.arg(&root).arg(&file).output().expect("pyHanko runs");
        let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert_eq!(said.matches("The signature is judged VALID.").count(), count, "pyHanko: {said}");
        let said = program("pdfsig").arg(&file).output().expect("pdfsig runs");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert_eq!(
            said.matches("Signature Validation: Signature is Valid.").count(),
            count,
            "pdfsig: {said}"
        );
    }
}

/// Asks pyHanko about the timestamps over a document.
const STAMPS: &str = "import sys
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
trust = ValidationContext(trust_roots=[load_cert_from_pemder(sys.argv[1])])
for one in PdfFileReader(open(sys.argv[2], 'rb')).embedded_timestamp_signatures:
    status = validate_pdf_timestamp(one, trust)
    print('good timestamp' if status.valid and status.trusted else status)
";

impl Town19 {
    /// pyHanko finds so many signatures and timestamps over the document valid; `clock` is the root of the authority of
    /// time.
    pub(crate) fn judged_with_stamps(&self, pdf: &[u8], clock: &str, (signatures, stamps): (usize, usize)) {
        let desk = tempfile::tempdir().unwrap();
        let (file, own, time) =
            (desk.path().join("signed.pdf"), desk.path().join("own.pem"), desk.path().join("time.pem"));
        std::fs::write(&file, pdf).unwrap();
        std::fs::write(&own, &self.authority.pem).unwrap();
        std::fs::write(&time, clock).unwrap();
        let mut hanko = program(pyhanko());
        hanko.args(["sign", "validate", "--pretty-print", "--no-revocation-check", "--trust-replace"]);
        let said = hanko.arg("--trust").arg(&own).arg("--trust").arg(&time).arg(&file).output();
        let said = said.expect("pyHanko runs");
        let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        let valid = said.matches("The signature is judged VALID.").count();
        assert_eq!(valid, signatures, "pyHanko: {said}");
        assert!(!said.contains("INVALID"), "pyHanko: {said}");
        let mut python = program(pyhanko().with_file_name("python"));
        let said = python.args(["-c", STAMPS]).arg(&time).arg(&file).output().expect("pyHanko runs");
        let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert_eq!(said.matches("good timestamp").count(), stamps, "pyHanko: {said}");
    }
}

/// The file with one byte changed inside what was signed.
pub(crate) fn tampered(pdf: &[u8]) -> Vec<u8> {
    let mut out = pdf.to_vec();
    let middle = pdf.len() / 2;
    out[middle] ^= 1;
    out
}

/// An administrator enters a signer whose certificate is valid for long.
pub(crate) fn enter(town: &Town, world: &Town19, of: (&str, Option<PersonId>, &str)) {
    enter_for(town, world, of, (2010, 2049));
}

/// An administrator enters a signer.
pub(crate) fn enter_for(
    town: &Town,
    world: &Town19,
    (place, person, name): (&str, Option<PersonId>, &str),
    years: (i32, i32),
) {
    let agency = town.agency(place);
    let subject = Subject { name, agency: agency.data.name, years };
    let pem = world.authority.issue(&subject).unwrap();
    let picture = if person.is_some() { hand().unwrap() } else { seal().unwrap() };
    let files = [
        Attachment { field: "file", name: "khoa.pem", bytes: pem.as_bytes() },
        Attachment { field: "picture", name: "anh.png", bytes: &picture },
    ];
    let (id, owner) =
        (agency.id.to_string(), person.map_or("agency".to_owned(), |person| person.to_string()));
    let admin = town.admin("Phú Thọ");
    admin.get(&format!("/admin/signers/new?agency={id}")).ok();
    let fields = [("agency", id.as_str()), ("owner", &owner), ("place", "file"), ("pin", PIN)];
    admin.post_files("/admin/signers/new", &fields, &files).sees("Đã nhập chữ ký số");
}

#[expect(clippy::disallowed_methods, reason = "a story asks programs of others what they think")]
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(name)
}

#[expect(clippy::disallowed_methods, reason = "the chore that runs the tests says where the programs are")]
fn pyhanko() -> PathBuf {
    std::env::var("VANLANG_TEST_PYHANKO")
        .map(PathBuf::from)
        .expect("VANLANG_TEST_PYHANKO says where pyHanko is")
}

/// The rectangles of the two signatures: the seal lies over the left third of the person's, at the same height.
pub(crate) fn seal_covers_a_third(pdf: &[u8]) {
    let text = String::from_utf8_lossy(pdf);
    let mut rectangles = Vec::new();
    for part in text.split("/FT/Sig").skip(1).chain(text.split("/FT /Sig").skip(1)) {
        let Some((_, rest)) = part.split_once("/Rect") else { continue };
        let inside = rest.trim_start().trim_start_matches('[').split(']').next().unwrap_or("");
        let numbers: Vec<i64> = inside.split_whitespace().filter_map(thousandths).collect();
        if let [left, bottom, right, top] = numbers[..] {
            rectangles.push((left, bottom, right, top));
        }
    }
    let [person, seal] = rectangles[..] else { panic!("two signatures are drawn: {rectangles:?}") };
    let third = person.0 + (person.2 - person.0) / 3;
    assert!((seal.2 - third).abs() < 1_000, "the seal ends at a third: {person:?} {seal:?}");
}

/// A number of a PDF in thousandths.
fn thousandths(word: &str) -> Option<i64> {
    let (whole, rest) = word.split_once('.').unwrap_or((word, ""));
    let rest: String = rest.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<i64>().ok()? * 1_000 + rest.parse::<i64>().ok()?)
}

/// A PDF under a password.
pub(crate) fn encrypted_pdf() -> Vec<u8> {
    let desk = tempfile::tempdir().unwrap();
    let (plain, locked) = (desk.path().join("a.pdf"), desk.path().join("b.pdf"));
    std::fs::write(&plain, crate::story::pdf("Mat", 0)).unwrap();
    let done = program("qpdf")
        .args(["--encrypt", "", "chu", "256", "--"])
        .args([&plain, &locked])
        .output()
        .expect("qpdf runs");
    let mut said = String::new();
    write!(said, "{}", String::from_utf8_lossy(&done.stderr)).unwrap();
    std::fs::read(&locked).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// A key with its certificate, in PKCS #12 as OpenSSL writes it.
pub(crate) fn pkcs12(world: &Town19, name: &str, password: &str) -> Vec<u8> {
    let desk = tempfile::tempdir().unwrap();
    let (pem, out) = (desk.path().join("a.pem"), desk.path().join("a.p12"));
    let subject = Subject { name, agency: "Ủy ban nhân dân tỉnh Phú Thọ", years: (2010, 2049) };
    std::fs::write(&pem, world.authority.issue(&subject).unwrap()).unwrap();
    let done = program("openssl")
        .args(["pkcs12", "-export", "-in"])
        .arg(&pem)
        .arg("-out")
        .arg(&out)
        .args(["-passout", &format!("pass:{password}")])
        .output()
        .expect("openssl runs");
    std::fs::read(&out).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)))
}

/// The names of all files in a tenant's store.
pub(crate) fn stored_files(town: &Town, tenant: &str) -> Vec<String> {
    let (mut names, mut folders) = (Vec::new(), vec![town.folder().join(tenant).join("files")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { names.push(name_of(&path)) }
        }
    }
    names
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The name a file has in the store.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let desk = tempfile::tempdir().unwrap();
    let file = desk.path().join("a");
    std::fs::write(&file, bytes).unwrap();
    let said = program("sha256sum").arg(&file).output().expect("sha256sum runs");
    String::from_utf8_lossy(&said.stdout).split(' ').next().unwrap().to_owned()
}

/// An authority of time: OpenSSL behind a port of this machine.
pub(crate) struct Clock {
    pub(crate) address: String,
    pub(crate) root_pem: String,
    stopped: Arc<AtomicBool>,
}

const TSA: &str = "[tsa]
default_tsa=clock
[clock]
serial=serial
crypto_device=builtin
signer_cert=clock.pem
signer_key=clock.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha384,sha512
ess_cert_id_alg=sha256
[ext]
extendedKeyUsage=critical,timeStamping
keyUsage=critical,digitalSignature
basicConstraints=CA:FALSE
";

impl Clock {
    /// Its keys, and its root.
    fn made() -> (tempfile::TempDir, String) {
        let desk = tempfile::tempdir().unwrap();
        std::fs::write(desk.path().join("tsa.cnf"), TSA).unwrap();
        let openssl = |arguments: &[&str]| {
            let done =
                program("openssl").args(arguments).current_dir(desk.path()).output().expect("openssl runs");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-days",
            "3650",
            "-subj",
            "/C=VN/CN=Goc gio",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        openssl(&[
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "clock.key",
            "-out",
            "clock.csr",
            "-subj",
            "/C=VN/CN=Gio thu nghiem",
        ]);
        openssl(&[
            "x509",
            "-req",
            "-in",
            "clock.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "3650",
            "-out",
            "clock.pem",
            "-extfile",
            "tsa.cnf",
            "-extensions",
            "ext",
        ]);
        let root_pem = std::fs::read_to_string(desk.path().join("root.pem")).unwrap();
        (desk, root_pem)
    }

    /// On this machine, without TLS.
    pub(crate) fn start() -> Clock {
        let (desk, root_pem) = Clock::made();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsa", listener.local_addr().unwrap());
        let stopped = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stopped);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                answer(stream.unwrap(), desk.path());
            }
        });
        Clock { address, root_pem, stopped }
    }

    /// Over TLS, under a root.
    pub(crate) fn secure(root: &Root) -> Clock {
        let (desk, root_pem) = Clock::made();
        let stopped = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stopped);
        let address = root.serve(move |asked| {
            let is_there = !ended.load(Ordering::SeqCst);
            is_there.then(|| (200, String::new(), reply(&asked.body, desk.path())))
        });
        Clock { address: format!("{address}/tsa"), root_pem, stopped }
    }

    /// From now on nobody answers.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }
}

fn answer(stream: TcpStream, desk: &Path) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut query = vec![0; length];
    reader.read_exact(&mut query).unwrap();
    let answer = reply(&query, desk);
    let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
    reader.get_mut().write_all(&[head.as_bytes(), &answer].concat()).unwrap();
}

/// What OpenSSL says to a query.
fn reply(query: &[u8], desk: &Path) -> Vec<u8> {
    std::fs::write(desk.join("query"), query).unwrap();
    let made = program("openssl")
        .args(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer"])
        .current_dir(desk)
        .output()
        .expect("openssl runs");
    let answer = std::fs::read(desk.join("answer"));
    answer.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&made.stderr)))
}

/// The words of a PDF.
pub(crate) fn words(pdf: &[u8]) -> String {
    let desk = tempfile::tempdir().unwrap();
    let file = desk.path().join("a.pdf");
    std::fs::write(&file, pdf).unwrap();
    let said = program("pdftotext").arg(&file).arg("-").output().expect("pdftotext runs");
    String::from_utf8_lossy(&said.stdout).into_owned()
}
