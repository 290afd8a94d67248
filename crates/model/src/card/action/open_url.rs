use crate::card::schema::action;
use crate::card::{ActionFallback, ActionMode, ActionStyle, Requires};

action! {
    /// Opens a page. The bot does not hear of it.
    OpenUrl = "Action.OpenUrl", V1_0 {
        /// The page: https, mailto or tel.
        url: String = "url", V1_0 [required];
    }
}

impl OpenUrl {
    /// A button `title` that opens `url`.
    pub fn new(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { title: Some(title.into()), url: Some(url.into()), ..Self::default() }
    }
}
