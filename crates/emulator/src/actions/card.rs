use serde_json::{Map, Value, json};

/// A button of an Adaptive Card.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Button {
    /// Asks the bot and shows its answer.
    Execute(Value),
    /// Sends a message that holds this value.
    Submit(Value),
}

/// Looks through a message's cards for a button by verb, id, title, or the verb in its data.
pub(super) fn find_button(activity: &Value, name: &str) -> Option<Button> {
    let attachments = activity.get("attachments")?.as_array()?;
    attachments.iter().filter_map(|attachment| attachment.get("content")).find_map(|card| search(card, name))
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
    let called = [text("verb"), text("id"), text("title"), in_data].contains(&Some(name));
    match text("type")? {
        "Action.Execute" if called => Some(Button::Execute(Value::Object(action.clone()))),
        "Action.Submit" if called => Some(Button::Submit(action.get("data").cloned().unwrap_or_else(|| json!({})))),
        _ => None,
    }
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
    fn what_was_typed_joins_the_data_of_the_button() {
        let inputs = json!({"comment": "seen", "incident": 9});
        let all = with_inputs(json!({"incident": 7}), inputs.as_object().unwrap());
        assert_eq!(all, json!({"comment": "seen", "incident": 7}));
    }
}
