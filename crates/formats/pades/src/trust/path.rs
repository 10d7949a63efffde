use super::cert::Cert;
use super::revocation::{self, Evidence, Standing};
use super::usage::{self, Purpose};
use super::{Trust, names};
use crate::verify::Cause;

/// Certificates from the first to one the operator trusts. Longer ones are not looked for.
const LENGTH: usize = 8;
/// Signatures checked while looking for a path: certificates come from the file, which may be hostile.
const CHECKS: usize = 60;

/// What is asked of a path.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) trust: &'a Trust,
    /// Certificates found in the file.
    pub(crate) pool: &'a [Cert],
    pub(crate) evidence: &'a Evidence,
    /// Seconds since 1970 at which the path must hold: the proven moment, or that of the check.
    pub(crate) at: i64,
    pub(crate) purpose: Purpose,
}

/// Builds a path from a certificate to one the operator trusts, and answers what was found of its revocation.
pub(crate) fn check(leaf: &Cert, question: &Question<'_>) -> Result<Standing, Vec<Cause>> {
    let mut search = Search { question, checks: 0, failed: None };
    let mut path = vec![leaf];
    match search.extend(&mut path) {
        Some(standing) => Ok(standing),
        None => Err(search.failed.unwrap_or_else(|| vec![Cause::UntrustedIssuer])),
    }
}

struct Search<'a, 'b> {
    question: &'b Question<'a>,
    checks: usize,
    /// What was wrong with the best complete path.
    failed: Option<Vec<Cause>>,
}

impl<'a> Search<'a, '_> {
    fn extend(&mut self, path: &mut Vec<&'a Cert>) -> Option<Standing> {
        let last = *path.last()?;
        if self.question.trust.roots.contains(last) {
            return self.judge(path);
        }
        if path.len() >= LENGTH {
            return None;
        }
        let question = self.question;
        let known = question.trust.roots.iter().chain(&question.trust.intermediates).chain(question.pool);
        for issuer in known {
            if issuer.subject() != last.issuer() || path.contains(&issuer) || self.checks >= CHECKS {
                continue;
            }
            self.checks += 1;
            match last.signed_by(issuer) {
                Ok(()) => {}
                Err(Cause::SignatureMismatch) => continue,
                Err(cause) => {
                    self.fail(vec![cause]);
                    continue;
                }
            }
            path.push(issuer);
            let found = self.extend(path);
            path.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether a complete path holds.
    fn judge(&mut self, path: &[&Cert]) -> Option<Standing> {
        let mut causes: Vec<Cause> = Vec::new();
        let mut add = |result: Result<(), Cause>| causes.extend(result.err());
        for (place, cert) in path.iter().enumerate() {
            add(in_time(cert, self.question.at));
            add(usage::extensions(cert));
            if place == 0 {
                add(usage::leaf(cert, self.question.purpose));
                continue;
            }
            let below = path.get(1..place).unwrap_or_default();
            add(usage::issuer(cert, below.iter().filter(|below| !below.self_issued()).count()));
            for (lower, named) in path.iter().take(place).enumerate() {
                // A self-issued certificate in the middle is the authority itself under another key.
                if lower == 0 || !named.self_issued() {
                    add(names::check(cert, named));
                }
            }
        }
        let standing = revocation::path(path, self.question);
        match standing {
            Ok(Standing::Unknown) if self.question.trust.revocation_required => {
                causes.push(Cause::RevocationUnknown);
            }
            Err(cause) => causes.push(cause),
            Ok(_) => {}
        }
        causes.sort_unstable();
        causes.dedup();
        if causes.is_empty() {
            return standing.ok();
        }
        self.fail(causes);
        None
    }

    fn fail(&mut self, causes: Vec<Cause>) {
        if self.failed.as_ref().is_none_or(|best| causes.len() < best.len()) {
            self.failed = Some(causes);
        }
    }
}

fn in_time(cert: &Cert, at: i64) -> Result<(), Cause> {
    let (first, last) = cert.validity();
    match at {
        at if at < first => Err(Cause::NotYetValid),
        at if at > last => Err(Cause::Expired),
        _ => Ok(()),
    }
}
