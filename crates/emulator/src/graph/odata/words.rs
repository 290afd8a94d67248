/// What a condition is written with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Text(String),
    Name(String),
    Open,
    Close,
    Comma,
    Colon,
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Name(name) => f.write_str(name),
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::Comma => f.write_str(","),
            Self::Colon => f.write_str(":"),
        }
    }
}

/// Takes a condition apart; the error is a sentence.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word;
        (word, rest) = match first {
            '(' => (Word::Open, &rest[1..]),
            ')' => (Word::Close, &rest[1..]),
            ',' => (Word::Comma, &rest[1..]),
            ':' => (Word::Colon, &rest[1..]),
            '\'' => quoted(&rest[1..])?,
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "(),:'".contains(c)).unwrap_or(rest.len());
                (Word::Name(rest[..end].to_owned()), &rest[end..])
            }
        };
        words.push(word);
        rest = rest.trim_start();
    }
    Ok(words)
}

/// A text up to its closing quote; quotes are doubled inside.
fn quoted(mut rest: &str) -> Result<(Word, &str), String> {
    let mut text = String::new();
    loop {
        let quote = rest.find('\'').ok_or("a text has no closing quote")?;
        text.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                text.push('\'');
                rest = after;
            }
            None => return Ok((Word::Text(text), rest)),
        }
    }
}
