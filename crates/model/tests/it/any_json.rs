//! JSON of every sort: wild, and close to what the types expect.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

/// Member names the types know, besides some they do not.
const NAMES: &[&str] = &[
    "type",
    "id",
    "name",
    "text",
    "value",
    "from",
    "recipient",
    "conversation",
    "channelData",
    "tenant",
    "team",
    "channel",
    "entities",
    "attachments",
    "membersAdded",
    "membersRemoved",
    "reactionsAdded",
    "eventType",
    "action",
    "data",
    "verb",
    "mentioned",
    "content",
    "contentType",
    "members",
    "activity",
    "aadObjectId",
    "objectId",
    "conversationType",
    "isGroup",
    "serviceUrl",
    "replyToId",
    "relatesTo",
    "suggestedActions",
    "actions",
    "to",
    "buttons",
    "images",
    "tap",
    "state",
    "State",
    "statusMap",
    "entryId",
    "Id",
    "meeting",
    "user",
    "settings",
    "selectedChannel",
    "sharedWithTeams",
    "notification",
    "alert",
    "onBehalfOf",
    "memberCount",
    "importance",
    "lastReadMessageId",
    "continuationToken",
    "operationId",
    "details",
    "items",
    "additionalType",
    "citation",
    "new",
];

/// Values the types know.
const TEXTS: &[&str] = &[
    "",
    "message",
    "conversationUpdate",
    "installationUpdate",
    "messageReaction",
    "invoke",
    "event",
    "mention",
    "clientInfo",
    "https://schema.org/Message",
    "28:bot",
    "29:ada",
    "19:x@thread.tacv2;messageid=1",
    "adaptiveCard/action",
    "task/fetch",
    "fileConsent/invoke",
    "application/vnd.microsoft.readReceipt",
    "teamMemberAdded",
    "channelCreated",
    "add-upgrade",
    "true",
    "12",
    "<at>x</at>",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Quarters are exact in binary, so that writing and reading them is too.
        any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        any::<f64>().prop_map(|any| Number::from_f64(any).map_or(Value::Null, Value::Number)),
        proptest::sample::select(TEXTS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => proptest::sample::select(NAMES).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Any JSON, in which known names and values are frequent.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 64, 6, |inner| {
        let object =
            vec((name(), inner.clone()), 0..6).prop_map(|members| Value::Object(members.into_iter().collect()));
        prop_oneof![1 => vec(inner, 0..4).prop_map(Value::Array), 3 => object]
    })
}

/// An object of such members.
pub(crate) fn object() -> impl Strategy<Value = Value> {
    vec((name(), json()), 0..10).prop_map(|members| Value::Object(Map::from_iter(members)))
}
