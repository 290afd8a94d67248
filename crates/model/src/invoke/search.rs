use serde_json::Value;

use super::{member, number, some_text, text};

/// A choice input of a card asks for choices while somebody types.
///
/// Source: Microsoft Learn, "Typeahead search in Adaptive Cards".
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchInvoke<'a> {
    /// What was typed so far.
    pub query: &'a str,
    /// The data set the card named.
    pub dataset: &'a str,
    /// How many results to leave out.
    pub skip: u64,
    /// How many results are wanted; `None` when it was not said.
    pub top: Option<u64>,
    /// Inputs of the card this one depends on.
    pub data: &'a Value,
    /// `search`, or what else the client calls it.
    pub kind: Option<&'a str>,
    /// All that was sent.
    pub value: &'a Value,
}

impl<'a> SearchInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        let options = member(value, "queryOptions");
        Self {
            query: text(value, "queryText"),
            dataset: text(value, "dataset"),
            skip: number(options, "skip").unwrap_or_default(),
            top: number(options, "top"),
            data: member(value, "data"),
            kind: some_text(value, "kind"),
            value,
        }
    }
}
