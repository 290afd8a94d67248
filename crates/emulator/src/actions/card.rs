use serde_json::{Map, Value, json};

/// A button of a card, or a suggested action.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Button {
    /// `Action.Execute`: asks the bot and shows its answer. The action as it stands on the card.
    Execute(Value),
    /// Sends a message that holds this value and no text.
    Submit(Value),
    /// `messageBack`: sends a message with text and value; the chat shows `shown`.
    MessageBack { text: Option<String>, value: Value, shown: Option<String> },
    /// `imBack`: the person says this.
    ImBack(String),
    /// Asks the bot for a dialog. The data it is asked with.
    Dialog(Value),
    /// Opens something outside the chat: the bot is not told.
    OpenUrl,
}

/// Looks through a message for a button: on Adaptive Cards by verb, id, title, or the verb in its data,
/// on other cards and among suggested actions by title or text.
pub(super) fn find_button(activity: &Value, name: &str) -> Option<Button> {
    let attachments = activity.get("attachments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let cards = attachments.iter().filter_map(|attachment| attachment.get("content"));
    cards.chain(activity.get("suggestedActions")).find_map(|card| search(card, name))
}

fn search(node: &Value, name: &str) -> Option<Button> {
    match node {
        Value::Array(items) => items.iter().find_map(|item| search(item, name)),
        Value::Object(object) => button(object, name).or_else(|| object.values().find_map(|value| search(value, name))),
        _ => None,
    }
}

fn button(action: &Map<String, Value>, name: &str) -> Option<Button> {
    let text = |key: &str| action.get(key).and_then(Value::as_str);
    let in_data = action.get("data").and_then(|data| data.get("verb")).and_then(Value::as_str);
    let called = [text("verb"), text("id"), text("title"), text("text"), in_data].contains(&Some(name));
    let kind = text("type").filter(|_| called)?;
    Some(match kind {
        "Action.Execute" => Button::Execute(Value::Object(action.clone())),
        "Action.Submit" => submit(action.get("data").cloned().unwrap_or_else(|| json!({}))),
        "Action.OpenUrl" => Button::OpenUrl,
        // Bot Framework cards leave the case of kinds to the client.
        other => of_hero_card(&other.to_ascii_lowercase(), action)?,
    })
}

/// `Action.Submit` of an Adaptive Card: `data.msteams` may turn it into something else.
///
/// Source: Microsoft Learn, "Card actions in Teams" (Adaptive Card actions).
fn submit(data: Value) -> Button {
    let msteams = data.get("msteams").and_then(Value::as_object).cloned().unwrap_or_default();
    let kind = msteams.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "task/fetch" => {
            let mut data = data;
            data["type"] = json!("task/fetch");
            Button::Dialog(data)
        }
        other => of_hero_card(other, &msteams).unwrap_or(Button::Submit(data)),
    }
}

fn of_hero_card(kind: &str, action: &Map<String, Value>) -> Option<Button> {
    let text = |key: &str| action.get(key).and_then(Value::as_str).map(str::to_owned);
    let value = action.get("value").cloned().unwrap_or(Value::Null);
    Some(match kind {
        "messageback" => Button::MessageBack { text: text("text"), value: parsed(value), shown: text("displayText") },
        "imback" => Button::ImBack(text("value").or_else(|| text("title"))?),
        "invoke" => Button::Dialog(parsed(value)),
        "openurl" | "signin" => Button::OpenUrl,
        _ => return None,
    })
}

/// Some SDKs write the value of a button as JSON text; Teams hands it on as what it says.
fn parsed(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}

/// What an Adaptive Card asks with when somebody looks at it: the action of its `refresh`.
pub(super) fn refresh_action(activity: &Value) -> Option<Value> {
    let attachments = activity.get("attachments")?.as_array()?;
    attachments.iter().find_map(|attachment| attachment.pointer("/content/refresh/action")).cloned()
}

/// What the person typed joins the button's data; the data wins, as in Teams clients.
pub(super) fn with_inputs(data: Value, inputs: &Map<String, Value>) -> Value {
    match data {
        Value::Object(data) => {
            let mut all = inputs.clone();
            all.extend(data);
            Value::Object(all)
        }
        Value::Null => Value::Object(inputs.clone()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity() -> Value {
        json!({"attachments": [{"content": {"type": "AdaptiveCard", "body": [
            {"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "Stop", "data": {"verb": "stop"}}]}],
            "actions": [{"type": "Action.Execute", "verb": "ack", "data": {"incident": 7}}]}}]})
    }

    #[test]
    fn a_button_is_found_by_verb_or_title_wherever_it_sits() {
        assert_eq!(find_button(&activity(), "Stop"), Some(Button::Submit(json!({"verb": "stop"}))));
        assert_eq!(find_button(&activity(), "stop"), Some(Button::Submit(json!({"verb": "stop"}))));
        assert!(matches!(find_button(&activity(), "ack"), Some(Button::Execute(_))));
        assert_eq!(find_button(&activity(), "other"), None);
    }

    #[test]
    fn buttons_of_hero_cards_and_their_like_in_adaptive_cards_do_the_same() {
        let back = Button::MessageBack {
            text: Some("ack INC-77".to_owned()),
            value: json!({"incident": "INC-77"}),
            shown: Some("Seen".to_owned()),
        };
        let hero = json!({"type": "messageBack", "title": "Ack", "text": "ack INC-77", "displayText": "Seen",
                          "value": "{\"incident\":\"INC-77\"}"});
        let mut inner = hero.clone();
        inner["value"] = json!({"incident": "INC-77"});
        let adaptive = json!({"type": "Action.Submit", "title": "Ack", "data": {"msteams": inner}});
        let dialog = json!({"type": "Action.Submit", "title": "Assign", "data": {"msteams": {"type": "task/fetch"}}});
        let suggested = json!({"suggestedActions": {"actions": [{"type": "imBack", "title": "Yes", "value": "yes!"}]}});
        let on = |button: Value| json!({"attachments": [{"content": {"buttons": [button]}}]});
        assert_eq!(find_button(&on(hero), "Ack"), Some(back.clone()));
        assert_eq!(find_button(&on(adaptive), "Ack"), Some(back));
        let asked = json!({"type": "task/fetch", "msteams": {"type": "task/fetch"}});
        assert_eq!(find_button(&on(dialog), "Assign"), Some(Button::Dialog(asked)));
        assert_eq!(find_button(&suggested, "Yes"), Some(Button::ImBack("yes!".to_owned())));
        let link = json!({"type": "openUrl", "title": "Docs", "value": "https://docs.example"});
        assert_eq!(find_button(&on(link), "Docs"), Some(Button::OpenUrl));
    }

    #[test]
    fn what_was_typed_joins_the_data_of_the_button() {
        let inputs = json!({"comment": "seen", "incident": 9});
        let all = with_inputs(json!({"incident": 7}), inputs.as_object().unwrap());
        assert_eq!(all, json!({"comment": "seen", "incident": 7}));
    }
}
