//! How the pages look to a person: light, dark, high contrast.

/// How the pages look to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the person's system asks.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

impl Theme {
    /// All themes, in the order of the menu.
    pub const ALL: [Theme; 4] = [Theme::Auto, Theme::Light, Theme::Dark, Theme::Contrast];

    /// The word that is stored and posted.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// Reads the stored word; anything unknown is `Auto`.
    pub fn parse(code: &str) -> Theme {
        Theme::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }

    pub(crate) const fn text_key(self) -> &'static str {
        match self {
            Theme::Auto => "ui.theme.auto",
            Theme::Light => "ui.theme.light",
            Theme::Dark => "ui.theme.dark",
            Theme::Contrast => "ui.theme.contrast",
        }
    }

    /// The colour of the bar of a browser or phone around the pages: `--paper` of the tokens. `Auto` is light.
    pub const fn colour(self) -> &'static str {
        match self {
            Theme::Auto | Theme::Light => "#faf9f6",
            Theme::Dark => "#16181b",
            Theme::Contrast => "#000000",
        }
    }

    /// The attribute on `<html>`; none leaves the choice to the system.
    pub(crate) fn attribute(self) -> Option<&'static str> {
        (self != Theme::Auto).then_some(self.code())
    }
}
