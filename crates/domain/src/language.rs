//! The languages the bot speaks.

/// A language of the bot's own words (card labels, answers to commands).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, also for every locale without a translation.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// The language for a BCP 47 locale such as `es-MX`.
    pub fn of(locale: Option<&str>) -> Self {
        match locale.and_then(|locale| locale.split(['-', '_']).next()) {
            Some(language) if language.eq_ignore_ascii_case("es") => Self::Spanish,
            _ => Self::English,
        }
    }

    /// The text of this language.
    pub fn pick<'a>(self, english: &'a str, spanish: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spanish_locale_is_spanish_and_all_else_english() {
        for (locale, language) in [
            (Some("es-ES"), Language::Spanish),
            (Some("ES"), Language::Spanish),
            (Some("est"), Language::English),
            (None, Language::English),
        ] {
            assert_eq!(Language::of(locale), language, "{locale:?}");
        }
    }
}
