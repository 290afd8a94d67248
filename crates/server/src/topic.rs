//! Topics: subjects a person can opt out of.

/// Longest topic, characters.
const LONGEST: usize = 64;

/// Reads a topic: 1 to 64 letters, digits, spaces and `. _ - / :`, trimmed, in lower case: a person
/// who types `stop Deploys` means `deploys`.
///
/// People read it and type it, so every script is welcome; marks that mean something to templates,
/// Markdown or JSON are not.
pub(crate) fn parse(text: &str) -> Result<String, &'static str> {
    let topic = text.trim();
    if topic.is_empty() {
        return Err("is empty");
    }
    if topic.chars().count() > LONGEST {
        return Err("is longer than 64 characters");
    }
    if !topic.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-' | '/' | ':')) {
        return Err("may hold letters, digits, spaces and . _ - / : only");
    }
    Ok(topic.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_a_short_name_without_markup() {
        assert_eq!(parse(" Avisos de PRODUCCIÓN ").as_deref(), Ok("avisos de producción"));
        assert!(parse(&"é".repeat(64)).is_ok());
        for bad in ["", "  ", "{{x}}", "a*b", "a\nb", &"x".repeat(65)] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
