//! When a digital signature may be made (Decree 30/2020, articles 5.1, 17.2 and 32.2d), and what those of a document are
//! worth together.

use crate::model::{Outgoing, OutgoingStatus as S, SignatureVerdict as V};
use base::Refusal;

/// A leader who has a digital signature signs with it.
pub(crate) fn unsigned(has_signer: bool) -> Result<(), Refusal> {
    if has_signer { Err(Refusal::new("documents.signing.refuse.unsigned")) } else { Ok(()) }
}

/// Whether the agency's signature is to be added when the document is issued: where the competent person has signed,
/// and never before.
pub(crate) fn seal(document: &Outgoing, (is_signed, has_seal): (bool, bool)) -> Result<bool, Refusal> {
    let before = matches!(
        document.status,
        S::Drafting | S::ContentReview | S::Consulting | S::FormatReview | S::LeaderReview
    );
    if before && has_seal {
        return Err(Refusal::new("documents.signing.refuse.leader_first")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 17.2, Điều 32.2d"));
    }
    if is_signed && !has_seal {
        return Err(Refusal::new("documents.signing.refuse.no_seal")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 5.1")
            .hint("documents.signing.hint.no_seal"));
    }
    Ok(is_signed)
}

/// What the files of a document are worth together: the worst of them; files without a signature do not count beside
/// one that has some.
pub(crate) fn together(files: impl IntoIterator<Item = V>) -> V {
    let weight = |one: V| match one {
        V::None => 0,
        V::Valid => 1,
        V::Unverifiable => 2,
        V::Invalid => 3,
    };
    files.into_iter().max_by_key(|one| weight(*one)).unwrap_or(V::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_file_breaks_a_document_and_an_unsigned_annex_does_not() {
        assert_eq!(together([V::Valid, V::None]), V::Valid);
        assert_eq!(together([V::Valid, V::Unverifiable]), V::Unverifiable);
        assert_eq!(together([V::Unverifiable, V::Invalid, V::Valid]), V::Invalid);
        assert_eq!(together([]), V::None);
    }

    #[test]
    fn a_leader_with_a_signature_signs_and_one_without_approves() {
        assert!(unsigned(false).is_ok());
        assert_eq!(unsigned(true).map_err(|refusal| refusal.key), Err("documents.signing.refuse.unsigned"));
    }
}
