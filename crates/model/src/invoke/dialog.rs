use serde_json::Value;

use super::{member, some_text};

/// A dialog is asked for or was filled in (older: task module).
///
/// Source: Microsoft Learn, "Use dialogs in Microsoft Teams bots".
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DialogInvoke<'a> {
    /// The button's data, or what was filled in.
    pub data: &'a Value,
    /// Look of the client: `default`, `dark`, `contrast`.
    pub theme: Option<&'a str>,
    /// All that was sent.
    pub value: &'a Value,
}

impl<'a> DialogInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        Self { data: member(value, "data"), theme: some_text(member(value, "context"), "theme"), value }
    }
}
