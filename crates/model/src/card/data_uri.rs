/// An image written into a text as base64.
pub(super) struct InlineImage<'a> {
    /// All before the data: `data:image/png;base64,`.
    pub(super) head: &'a str,
    data: &'a str,
}

impl InlineImage<'_> {
    /// Size of the image itself.
    pub(super) fn bytes(&self) -> usize {
        let digits = self.data.trim_end_matches('=').len();
        // Four digits of six bits are three bytes.
        digits / 4 * 3 + (digits % 4) * 3 / 4
    }
}

/// The image a text consists of, if it is one.
pub(super) fn image(text: &str) -> Option<InlineImage<'_>> {
    let scheme = text.get(..11).filter(|head| head.eq_ignore_ascii_case("data:image/"))?.len();
    let comma = scheme + text.get(scheme..)?.find(',')?;
    let (head, data) = text.split_at_checked(comma + 1)?;
    head.to_ascii_lowercase().ends_with(";base64,").then_some(InlineImage { head, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_image_is_told_and_measured() {
        for (text, bytes) in [
            ("data:image/png;base64,", 0),
            ("data:image/png;base64,AA==", 1),
            ("DATA:image/png;charset=x;BASE64,AAA=", 2),
            ("data:image/gif;base64,AAAAAAAA", 6),
        ] {
            assert_eq!(image(text).map(|image| image.bytes()), Some(bytes), "{text}");
        }
        for other in
            ["", "data:image/", "data:image/png,AAAA", "https://a.example/x,y", "data:text/plain;base64,AA", "daté:"]
        {
            assert!(image(other).is_none(), "{other}");
        }
    }
}
