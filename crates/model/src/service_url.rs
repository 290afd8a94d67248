use std::borrow::Cow;
use std::fmt;

use url::Url;

use crate::wire::{Text, serde_as_text};

/// Base address of the Connector for a conversation, as the channel wrote it.
///
/// It may change from one activity to the next and is never built from parts. Holding one proves
/// nothing: whether a token may go there is decided by whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceUrl(String);

/// The text is no usable service URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadServiceUrl {
    text: String,
    why: &'static str,
}

impl fmt::Display for BadServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service URL {:?} {}", self.text, self.why)
    }
}

impl std::error::Error for BadServiceUrl {}

impl ServiceUrl {
    /// Takes the text as it is; [`ServiceUrl::parsed`] tells whether it is a URL.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as a URL: absolute, `http` or `https`, with a host and without credentials,
    /// query or fragment.
    pub fn parsed(&self) -> Result<Url, BadServiceUrl> {
        let bad = |why| BadServiceUrl { text: self.0.clone(), why };
        let url = Url::parse(&self.0).map_err(|_| bad("is not an absolute URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("is neither http nor https"));
        }
        if url.host_str().is_none() {
            return Err(bad("has no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("carries credentials"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("carries a query or fragment"));
        }
        Ok(url)
    }

    /// The same address, as inbound authentication compares it: without regard to case or to one
    /// trailing slash.
    pub fn same_as(&self, other: &str) -> bool {
        let trim = |text: &str| text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        trim(&self.0) == trim(other)
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for ServiceUrl {
    fn of_text(text: Cow<'_, str>) -> Self {
        Self(text.into_owned())
    }

    fn text(&self) -> &str {
        &self.0
    }
}

serde_as_text!(ServiceUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_is_told_without_regard_to_case_and_trailing_slash() {
        let url = ServiceUrl::new("https://smba.trafficmanager.net/emea/");
        assert!(url.same_as("https://SMBA.trafficmanager.net/emea"));
        assert!(!url.same_as("https://smba.trafficmanager.net/amer/"));
    }

    #[test]
    fn what_is_no_plain_web_address_is_refused_with_its_reason() {
        for (text, why) in [
            ("smba", "is not an absolute URL"),
            ("ftp://host/", "is neither http nor https"),
            ("https://user:pw@host/", "carries credentials"),
            ("https://host/?a=1", "carries a query or fragment"),
        ] {
            assert_eq!(ServiceUrl::new(text).parsed().unwrap_err().why, why, "{text}");
        }
    }
}
