#![doc = include_str!("../README.md")]

mod app;
mod assets;
mod charts;
mod chips;
mod field;
mod form;
mod furniture;
mod gallery;
mod icons;
mod layout;
mod messages;
mod picker;
mod plots;
mod queue;
mod table;
#[cfg(test)]
mod testing;
mod theme;
mod timeline;
mod viewer;

pub use app::offline_page;
pub use assets::{CSS, asset, asset_is_hashed, asset_path, script, worker};
pub use charts::{Fill, Mark, Part, Tile, progress, progress_bar, stackbar, stackbar_thin, tiles};
pub use chips::{Due, Tone, chip, deadline_chip, deadline_chip_in, deadline_tone, files_count, state};
pub use field::{doubtful, field, pages_field, taps};
pub use form::{
    Choice, FormOptions, button, button_to, error_summary, fields, find_field, form, form_hidden, form_with,
    saved, submit,
};
pub use furniture::{
    ButtonKind, Crumb, ExportLink, Figure, Line, Tab, act_bar, acts, beside, card, card_flush, crumbs,
    export_links, facts, facts_num, figures, footbar, head, lines, link_button, link_button_key, more, split,
    split_doc, split_wide, stack, sticky_act, tabs,
};
pub use gallery::gallery;
pub use icons::{ICONS, icon};
pub use layout::{Public, RailItem, RailSection, Shell, help_at, page, public_page, shortcuts};
pub use messages::{
    Flash, Notice, banner, dialog, dialog_button, dialog_close, empty, notice_list, refused, toast,
};
pub use picker::{Found, picker, picker_options};
pub use plots::{Point, bar_chart, line_chart};
pub use queue::{QueueRow, RowAct, To, queue, queue_row, queue_section};
pub use table::{
    Cell, Column, Group, Paging, Sorted, Table, filter_choice, filter_date, filter_number, filter_text,
    filters, filters_with, group, group_summary, pager, register_title, table, table_bare,
};
pub use theme::Theme;
pub use timeline::{Event, Hand, Leg, Step, path, timeline, trip};
pub use viewer::{FileLink, Sheet, Viewer, paper_and_words, pdf, printed, sheet, viewer};

/// The texts of this crate in Vietnamese.
pub const VI: &str = include_str!("../i18n/vi.toml");
/// The texts of this crate in English.
pub const EN: &str = include_str!("../i18n/en.toml");

#[cfg(test)]
mod tests {
    use crate::testing::t;
    use base::{Lang, Texts};

    #[test]
    fn both_languages_say_the_same_things() {
        let mut texts = Texts::default();
        texts.add(crate::VI, crate::EN).unwrap();
        let keys = |lang| texts.keys(lang).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(keys(Lang::Vi), keys(Lang::En));
    }

    #[test]
    fn every_text_of_the_gallery_is_there_and_no_style_is_written_into_the_page() {
        let drawn = crate::gallery(t(), crate::testing::now()).0;
        assert!(
            !drawn.contains("ui.") && !drawn.contains("form.") && !drawn.contains("deadline."),
            "{drawn}"
        );
        assert!(!drawn.contains(" style=") && !drawn.contains("<script"));
    }
}
