use pregon_model::{Activity, ConversationReference, Event};

/// An inbound activity: read, asked everything, written and read again.
pub fn activity(data: &[u8]) {
    let Ok(activity) = serde_json::from_slice::<Activity>(data) else { return };
    let told: Vec<Event<'_>> = activity.events().collect();
    assert_eq!(told.first(), Some(&activity.event()), "the first event is the event");
    let _ = (activity.tenant_id(), activity.text_without_bot_mention(), format!("{told:?}"));
    if let Some(reference) = activity.reference() {
        same_again::<ConversationReference>(&reference);
    }
    same_again(&activity);
}

/// What was written once is read as the same, and written the same again: nothing is lost on the way.
pub(crate) fn same_again<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let written = serde_json::to_string(value).expect("what was read can be written");
    let again: T = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(&again, value);
}
