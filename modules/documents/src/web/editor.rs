//! The field for the words of a draft, and what the script needs to make an editor of it. Without script it is the field.

use crate::rights::OutgoingDraft;
use crate::web::compose::DraftForm;
use kernel::Reader;
use maud::{Markup, html};

/// Kinds of paragraphs with the text key of each, in the order of the keys that choose them.
const KINDS: [(&str, &str); 11] = [
    ("paragraph", "documents.editor.kinds.paragraph"),
    ("ground", "documents.editor.kinds.ground"),
    ("article", "documents.editor.kinds.article"),
    ("clause", "documents.editor.kinds.clause"),
    ("point", "documents.editor.kinds.point"),
    ("dash", "documents.editor.kinds.dash"),
    ("heading", "documents.editor.kinds.heading"),
    ("chapter", "documents.editor.kinds.chapter"),
    ("section", "documents.editor.kinds.section"),
    ("part", "documents.editor.kinds.part"),
    ("subsection", "documents.editor.kinds.subsection"),
];

/// Acts with the text key and the icon of each.
const ACTS: [(&str, &str, &str); 10] = [
    ("bold", "documents.editor.do.bold", "B"),
    ("italic", "documents.editor.do.italic", "I"),
    ("undo", "documents.editor.do.undo", "↶"),
    ("redo", "documents.editor.do.redo", "↷"),
    ("table", "documents.editor.do.table", "▦"),
    ("row", "documents.editor.do.row", "+↧"),
    ("column", "documents.editor.do.column", "+↦"),
    ("row_gone", "documents.editor.do.row_gone", "−↧"),
    ("column_gone", "documents.editor.do.column_gone", "−↦"),
    ("renumber", "documents.editor.do.renumber", "#"),
];

/// The words, and the way to bring more from a DOCX.
pub(crate) fn words(cx: &Reader<'_, OutgoingDraft>, body: &str) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let field = ui::find_field::<DraftForm>;
    html! {
        div.editor data-editor="" data-label=(t.text("documents.editor.label")) {
            div.editor__bar role="toolbar" aria-label=(t.text("documents.editor.tools")) hidden {
                select.input aria-label=(t.text("documents.editor.kind")) data-kind="" {
                    @for (kind, key) in KINDS { option value=(kind) { (t.text(key)) } }
                }
                @for (act, key, sign) in ACTS {
                    button.btn.btn--quiet type="button" data-do=(act) title=(t.text(key)) aria-label=(t.text(key)) {
                        span aria-hidden="true" { (sign) }
                    }
                }
            }
            (ui::field(t, field("body"), &state, body, &[]))
            p.hint.editor__keys #editor-keys hidden { (t.text("documents.editor.keys")) }
        }
        div data-words="/documents/outgoing/words" {
            (ui::field(t, field("docx"), &state, "", &[]))
            p.hint role="status" data-words-told="" {}
        }
    }
}
