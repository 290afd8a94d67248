//! What Teams' cards do not show of a text: HTML, and Markdown beyond bold, italic, lists and links.
//!
//! Source: Microsoft Learn, "Format cards in Teams", *Format cards with Markdown*.

/// Names of HTML tags people write into texts.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// The first HTML tag of a text.
pub(super) fn html_tag(text: &str) -> Option<&'static str> {
    text.split('<').skip(1).find_map(|after| {
        let inside = after.strip_prefix('/').unwrap_or(after);
        let length = inside.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (name, rest) = inside.split_at(length);
        let ends = rest.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace()) && rest.contains('>');
        TAGS.iter().find(|tag| ends && tag.eq_ignore_ascii_case(name)).copied()
    })
}

/// What the first Markdown is that a card does not show, in words.
pub(super) fn unshown_markdown(text: &str) -> Option<&'static str> {
    text.split(['\n', '\r']).find_map(block).or_else(|| inline(text))
}

/// Markdown that makes a whole line something else.
fn block(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let without_marks = line.trim_start_matches('#');
    if matches!(line.len() - without_marks.len(), 1..=6) && without_marks.starts_with([' ', '\t']) {
        return Some("a heading");
    }
    if line.starts_with("```") {
        return Some("a block of code");
    }
    if line.starts_with("> ") {
        return Some("a quotation");
    }
    let ruler = line.contains('|') && line.contains("--") && line.chars().all(|c| "|-: \t".contains(c));
    ruler.then_some("a table")
}

/// Markdown within a line. A mark with a backslash before it is only a character.
fn inline(text: &str) -> Option<&'static str> {
    let (mut escaped, mut code) = (false, false);
    let (mut before, mut image) = (' ', false);
    for c in text.chars() {
        if escaped {
            (escaped, before) = (false, ' ');
            continue;
        }
        match c {
            '\\' => escaped = true,
            '`' if code => return Some("code"),
            '`' => code = true,
            '\n' => code = false,
            '[' => image = before == '!',
            '(' if image && before == ']' => return Some("an image"),
            _ => {}
        }
        before = c;
    }
    None
}

/// The marks `<at>…</at>` of a text.
pub(super) fn marks(text: &str) -> impl Iterator<Item = &str> {
    const OPEN: &str = "<at>";
    const CLOSE: &str = "</at>";
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = &rest[rest.find(OPEN)?..];
        let length = from.find(CLOSE)? + CLOSE.len();
        rest = &from[length..];
        Some(&from[..length])
    })
}

/// The first expression of a template in a text, `${…}`.
pub(super) fn expression(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let from = &rest[rest.find("${")?..];
        let end = from.find('}')?;
        if end > 2 {
            return Some(&from[..=end]);
        }
        rest = &from[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_what_only_looks_like_it() {
        for (text, tag) in
            [("a<br>b", "br"), ("<B>x</B>", "b"), ("</p>", "p"), ("<a href='x'>y</a>", "a"), ("<br/>", "br")]
        {
            assert_eq!(html_tag(text), Some(tag), "{text}");
        }
        for text in ["", "1 < 2", "a <b", "<at>Ada</at>", "<https://a.example>", "x<y>z", "<bold>", "&lt;b>"] {
            assert_eq!(html_tag(text), None, "{text}");
        }
    }

    #[test]
    fn markdown_that_cards_do_not_show_is_found() {
        for (text, found) in [
            ("# Title", "a heading"),
            ("one\n### Two", "a heading"),
            ("```rust", "a block of code"),
            ("say `x` now", "code"),
            ("> he said", "a quotation"),
            ("a | b\n|---|---|", "a table"),
            ("see ![alt](https://a.example/x.png)", "an image"),
        ] {
            assert_eq!(unshown_markdown(text), Some(found), "{text}");
        }
        for text in [
            "",
            "#1 of 3",
            "####### x",
            "**bold** _italic_ [link](https://a.example)",
            "- one\r- two",
            "1. one",
            "it's 5 > 3",
            "wow! [x](https://a.example)",
            r"\`x\`",
            r"\# x",
            r"!\[x\]\(y\)",
            "a lone ` mark",
            "--",
            "yes | no",
        ] {
            assert_eq!(unshown_markdown(text), None, "{text}");
        }
    }

    #[test]
    fn marks_and_expressions_are_taken_out() {
        assert_eq!(marks("Hi <at>A</at> and <at>B</at>, <at>C").collect::<Vec<_>>(), ["<at>A</at>", "<at>B</at>"]);
        assert_eq!(expression("x ${a.b} y"), Some("${a.b}"));
        assert_eq!(expression("${} ${b}"), Some("${b}"));
        assert_eq!(expression("$5 {x} ${"), None);
    }
}
