//! Which copies may be made of what (Decree 30/2020, article 25, and annex I, part II).

use crate::model::copies::{CopyForm, Medium};
use crate::model::{Outgoing, OutgoingStatus};
use base::Refusal;
use contracts::print::DocumentType;

/// What the document that is copied is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Original {
    /// A sheet of paper; what is kept here is a scan of it.
    Paper,
    /// A file.
    Electronic,
}

/// Nobody makes an electronic sao y or sao lục of a file: the file is passed on itself. Only a part of one may be copied
/// into another (article 25.1, 25.2a and 25.3a). Whoever holds the original copies the original, not a copy (25.2b).
pub(crate) fn make(
    (form, medium): (CopyForm, Medium),
    (original, is_own): (Original, bool),
) -> Result<(), Refusal> {
    if form == CopyForm::OfCopy && is_own {
        return Err(Refusal::new("documents.copies.refuse.own_original")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 25.2")
            .hint("documents.copies.hint.whole"));
    }
    if medium == Medium::Electronic && original == Original::Electronic && form != CopyForm::Extract {
        return Err(Refusal::new("documents.copies.refuse.already_electronic")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 25.1, Điều 25.2")
            .hint("documents.copies.hint.pass_on"));
    }
    Ok(())
}

/// Of the agency's own only what it has issued, and has not asked back.
pub(crate) fn is_issued(document: &Outgoing) -> Result<(), Refusal> {
    if document.status == OutgoingStatus::Issued && document.frozen_at.is_none() {
        return Ok(());
    }
    Err(Refusal::new("documents.copies.refuse.not_issued"))
}

/// The abbreviation in the symbol of a copy (annex III, I).
pub(crate) const fn printed(form: CopyForm) -> contracts::print::CopyForm {
    match form {
        CopyForm::Whole => contracts::print::CopyForm::SaoY,
        CopyForm::OfCopy => contracts::print::CopyForm::SaoLuc,
        CopyForm::Extract => contracts::print::CopyForm::TrichSao,
    }
}

/// `01/SY-UBND` (annex I, part II, II.1c).
pub(crate) fn symbol(n: i64, form: CopyForm, agency: &str) -> String {
    format!("{n:02}/{}-{agency}", printed(form).abbreviation())
}

/// Number and notation of a symbol, when they can be printed in the head of a document of this type.
pub(crate) fn head_of(symbol: &str, kind: DocumentType) -> Option<(u32, String)> {
    let (number, notation) = symbol.split_once('/')?;
    let group = |text: &str| {
        text.starts_with(char::is_uppercase) && text.chars().all(|c| c.is_alphanumeric() || c == '.')
    };
    let named = notation.contains('-') && notation.split('-').all(group);
    let first = notation.split('-').next().unwrap_or_default();
    let fits = kind.abbreviation().is_empty() || first == kind.abbreviation();
    (named && fits).then_some((number.parse().ok()?, notation.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_the_media_the_decree_names() {
        use CopyForm::{Extract, OfCopy, Whole};
        let cases = [
            (Whole, Medium::Electronic, Original::Paper, false, true),
            (Whole, Medium::Electronic, Original::Electronic, false, false),
            (Whole, Medium::Paper, Original::Electronic, true, true),
            (Whole, Medium::Paper, Original::Paper, true, true),
            (OfCopy, Medium::Electronic, Original::Paper, false, true),
            (OfCopy, Medium::Electronic, Original::Electronic, false, false),
            (OfCopy, Medium::Paper, Original::Electronic, false, true),
            (OfCopy, Medium::Paper, Original::Electronic, true, false),
            (Extract, Medium::Electronic, Original::Electronic, true, true),
            (Extract, Medium::Electronic, Original::Paper, false, true),
            (Extract, Medium::Paper, Original::Paper, false, true),
        ];
        for (form, medium, original, is_own, may) in cases {
            let made = make((form, medium), (original, is_own));
            assert_eq!(made.is_ok(), may, "{form:?} {medium:?} {original:?} {is_own}");
        }
    }

    #[test]
    fn a_symbol_is_taken_apart_where_it_is_one() {
        assert_eq!(symbol(3, CopyForm::Extract, "UBND"), "03/TrS-UBND");
        assert_eq!(symbol(123, CopyForm::OfCopy, "UBND"), "123/SL-UBND");
        assert_eq!(
            head_of("742/BTTTT-THH", DocumentType::OfficialLetter),
            Some((742, "BTTTT-THH".to_owned()))
        );
        assert_eq!(head_of("15/QĐ-BNV", DocumentType::Decision), Some((15, "QĐ-BNV".to_owned())));
        assert_eq!(head_of("15/BNV-VP", DocumentType::Decision), None);
        assert_eq!(head_of("khong so", DocumentType::OfficialLetter), None);
    }
}
