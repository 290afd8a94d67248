use serde_json::Value;

/// What a `$search` looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Search {
    All(Vec<Search>),
    Any(Vec<Search>),
    /// Property, and what is looked for in it, in lower case.
    Text(String, String),
}

/// Searched by words in any order; all others by how they begin.
const BY_WORDS: [&str; 2] = ["displayName", "description"];

impl Search {
    /// Reads `"property:text" AND ("property:text" OR …)`; `None` when it is something else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (search, rest) = any_of(text)?;
        rest.trim().is_empty().then_some(search)
    }

    pub(super) fn fits(&self, read: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.fits(read)),
            Self::Any(parts) => parts.iter().any(|part| part.fits(read)),
            Self::Text(property, text) => {
                let value = read(property).as_str().unwrap_or_default().to_lowercase();
                if !BY_WORDS.contains(&property.as_str()) {
                    return value.starts_with(text);
                }
                let mut wanted = words(text);
                wanted.all(|wanted| words(&value).any(|word| word.starts_with(wanted)))
            }
        }
    }

    pub(super) fn properties(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::properties).collect(),
            Self::Text(property, _) => vec![property],
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn any_of(text: &str) -> Option<(Search, &str)> {
    joined(text, "OR", Search::Any, all_of)
}

fn all_of(text: &str) -> Option<(Search, &str)> {
    joined(text, "AND", Search::All, part)
}

fn joined<'a>(
    text: &'a str,
    by: &str,
    join: fn(Vec<Search>) -> Search,
    read: fn(&'a str) -> Option<(Search, &'a str)>,
) -> Option<(Search, &'a str)> {
    let (first, mut rest) = read(text)?;
    let mut parts = vec![first];
    while let Some(after) = rest.trim_start().strip_prefix(by) {
        let part;
        (part, rest) = read(after)?;
        parts.push(part);
    }
    Some((if parts.len() == 1 { parts.remove(0) } else { join(parts) }, rest))
}

/// `"property:text"`, with quotes and backslashes escaped by a backslash, or something in parentheses.
fn part(text: &str) -> Option<(Search, &str)> {
    let text = text.trim_start();
    // Parentheses within parentheses are not read: the stack has an end.
    if let Some(inner) = text.strip_prefix('(') {
        let (search, rest) = joined(inner, "OR", Search::Any, |text| joined(text, "AND", Search::All, quoted))?;
        return Some((search, rest.trim_start().strip_prefix(')')?));
    }
    quoted(text)
}

fn quoted(text: &str) -> Option<(Search, &str)> {
    let inner = text.trim_start().strip_prefix('"')?;
    let mut read = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => read.push(letters.next()?.1),
            '"' => {
                let (property, wanted) = read.split_once(':')?;
                return Some((Search::Text(property.to_owned(), wanted.to_lowercase()), &inner[at + 1..]));
            }
            other => read.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_search_finds_words_in_names_and_beginnings_elsewhere() {
        let read =
            |name: &str| json!({"displayName": "Ada \"Lo\" Torres", "mail": "ada.torres@x.example"})[name].clone();
        let fits = |text: &str| Search::parse(text).unwrap().fits(&read);
        for found in [
            r#""displayName:torres ada""#,
            r#""displayName:\"lo\"""#,
            r#""mail:ADA.t""#,
            r#""displayName:nobody" OR "mail:ada""#,
            r#""displayName:ada" AND ("mail:x" OR "mail:ada")"#,
        ] {
            assert!(fits(found), "{found}");
        }
        for lost in [r#""displayName:rres""#, r#""mail:torres""#, r#""displayName:ada" AND "mail:x""#] {
            assert!(!fits(lost), "{lost}");
        }
        for wrong in ["", "ada", "\"ada\"", "\"a:b", "(\"a:b\"", "\"a:b\" \"c:d\"", "((\"a:b\"))"] {
            assert_eq!(Search::parse(wrong), None, "{wrong}");
        }
    }
}
