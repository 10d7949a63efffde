//! Runs a table of forged files: none may be accepted, and each must be refused for the reason expected.

use std::collections::BTreeSet;

use pades::trust::Trust;

use crate::people::answer;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The code that must be among the reasons.
    pub(crate) reason: &'static str,
    pub(crate) pdf: Vec<u8>,
    pub(crate) trust: Trust,
}

pub(crate) fn none_is_accepted(kind: &str, cases: &[Case]) {
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "two forged files have one name");
    let surprises: Vec<String> = cases.iter().filter_map(surprise).collect();
    println!("forged {kind}: {} files", cases.len());
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

fn surprise(case: &Case) -> Option<String> {
    let answer = match answer(&case.pdf, &case.trust) {
        Ok(answer) => answer,
        Err(error) if error.code() == case.reason => return None,
        Err(error) => return Some(format!("{}: {error} and not {}", case.name, case.reason)),
    };
    if answer.accepted {
        return Some(format!("{}: accepted", case.name));
    }
    let all = answer.reasons.iter().chain(answer.signatures.iter().flat_map(|verdict| &verdict.reasons));
    let codes: Vec<&str> = all.map(|cause| cause.code()).collect();
    let details: Vec<&String> = answer.signatures.iter().flat_map(|verdict| &verdict.details).collect();
    let expected = codes.contains(&case.reason);
    (!expected).then(|| format!("{}: {codes:?} {details:?} and not {}", case.name, case.reason))
}
