//! Files that pyHanko signed: none of them may be refused.

use std::path::{Path, PathBuf};
use std::process::Command;

use pades::trust::Trust;
use pades::verify::{Answer, Status, verify};
use serde_json::Value;

/// The interpreter beside the program, or the interpreter itself.
#[expect(clippy::disallowed_methods, reason = "the chore that runs the tests says where the program is")]
fn python() -> Option<PathBuf> {
    let path =
        std::env::var("VANLANG_TEST_PYHANKO").ok().filter(|path| !path.is_empty()).map(PathBuf::from)?;
    let is_python = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("python"));
    Some(if is_python { path } else { path.with_file_name("python") }).filter(|path| path.exists())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a story asks another program to sign")]
fn what_pyhanko_signs_is_accepted() {
    let Some(python) = python() else {
        println!("skipped: VANLANG_TEST_PYHANKO names no pyHanko");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify/good.py");
    let made = Command::new(python).arg(script).arg(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let list: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("list.json")).unwrap()).unwrap();
    let trust = Trust::from_pem(&std::fs::read(folder.path().join("root.pem")).unwrap()).unwrap();
    let at = list["at"].as_str().unwrap().parse().unwrap();
    let files = list["files"].as_array().unwrap();
    let (mut surprises, mut forged) = (Vec::new(), 0);
    for expected in files {
        let name = expected["file"].as_str().unwrap();
        let pdf = std::fs::read(folder.path().join(name)).unwrap();
        match verify(&pdf, &trust, at).map(Answer::of) {
            Ok(answer) => {
                surprises.extend(surprise(expected, &answer));
                let covers = answer.signatures.last().is_some_and(|last| last.covers_whole_file);
                for flipped in flipped(&pdf).filter(|_| covers) {
                    forged += 1;
                    let accepted =
                        verify(&flipped, &trust, at).is_ok_and(|verdicts| Answer::of(verdicts).accepted);
                    surprises.extend(accepted.then(|| format!("{name}: accepted with a bit flipped")));
                }
            }
            Err(error) => surprises.push(format!("{name}: {error}")),
        }
    }
    println!("forged: {forged} files of pyHanko's with a bit flipped");
    println!("good: {} files", files.len());
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert!(files.len() >= 20);
}

/// The file with one bit flipped, in places spread over what the signatures cover. Within the message a bit may belong
/// to a certificate nobody needs.
fn flipped(pdf: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let digits = |from: usize, to: usize| pdf[from..pdf.len().min(to)].iter().all(u8::is_ascii_hexdigit);
    let covered = move |at: usize| !digits(at.saturating_sub(12), at + 1) && !digits(at, at + 12);
    let places = (1..30).map(|part| pdf.len() * part / 30).filter(move |at| covered(*at));
    places.map(move |at| {
        let mut flipped = pdf.to_vec();
        flipped[at] ^= 2;
        flipped
    })
}

fn surprise(expected: &Value, answer: &Answer) -> Option<String> {
    let (name, signatures) = (expected["file"].as_str().unwrap(), &answer.signatures);
    let flag = |key: &str| expected.get(key).and_then(Value::as_bool);
    let accepted = answer.accepted == flag("accepted").unwrap_or(true);
    let count = u64::try_from(signatures.len()).unwrap() == expected["signatures"].as_u64().unwrap();
    let valid = signatures.iter().all(|verdict| verdict.status == Status::Valid);
    let first = signatures.first();
    let proven =
        first.is_some_and(|first| flag("proven").is_none_or(|proven| proven == first.proven_at.is_some()));
    let checked =
        first.is_some_and(|first| flag("checked").is_none_or(|checked| checked == first.revocation_checked));
    let level = expected.get("certifies").and_then(Value::as_i64);
    let certifies = first.is_some_and(|first| level.is_none() || first.certifies == level);
    let fits = accepted && count && valid && proven && checked && certifies;
    (!fits).then(|| format!("{name}: {}", serde_json::to_string(answer).unwrap()))
}
