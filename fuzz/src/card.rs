use pregon_model::card::{self, AdaptiveCard};
use serde_json::Value;

use crate::activity::same_again;

/// A card: checked, measured, read into types and written again.
pub fn card(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    for finding in card::check(&value) {
        assert!(value.pointer(&finding.at).is_some(), "{:?} is no place of the card", finding.at);
        assert!(!finding.message.is_empty());
    }
    assert!(card::message_size(&value) >= card::size(&value), "an image written into it does not count");
    if let Ok(card) = serde_json::from_value::<AdaptiveCard>(value) {
        let _ = card.check();
        same_again(&card);
    }
}
