//! What must not be in any part of a card, known or not.

use serde_json::Value;

use super::report::Report;
use super::{Rule, Severity, prose};

/// Levels of objects and lists a message may have: where .NET's readers of JSON stop unless told
/// otherwise. The Connector is written in .NET.
pub(super) const DEEPEST: usize = 64;

/// Looks for templates and for too much depth; false when something was too deep to be looked at.
pub(super) fn look(report: &mut Report, card: &Value) -> bool {
    inside(report, card, false)
}

/// `sent`: this is data of a button, in which a template's expression is the bot's own affair.
fn inside(report: &mut Report, value: &Value, sent: bool) -> bool {
    if report.depth() >= DEEPEST && (value.is_object() || value.is_array()) {
        let message = format!("The message is nested more than {DEEPEST} levels deep. Make the card flatter.");
        report.add(Rule::TooDeep, Severity::Rejected, message);
        return false;
    }
    let mut whole = true;
    match value {
        Value::String(text) if !sent => {
            if let Some(expression) = prose::expression(text) {
                report.add(Rule::Template, Severity::NotShown, unexpanded(expression));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let outside = report.enter_item(index);
                whole &= inside(report, item, sent);
                report.leave(outside);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let outside = report.enter(name);
                if !sent && matches!(name.as_str(), "$data" | "$when") {
                    report.add(Rule::Template, Severity::NotShown, unexpanded(name));
                }
                whole &= inside(report, member, sent || name == "data");
                report.leave(outside);
            }
        }
        _ => {}
    }
    whole
}

fn unexpanded(expression: &str) -> String {
    let shown: String = expression.chars().take(40).collect();
    format!("{shown} is part of a template, which Teams does not expand. Expand it before the card is sent.")
}

/// Calls `seen` with every text in a value, as far as the limit of depth.
pub(super) fn texts<'c>(value: &'c Value, depth: usize, seen: &mut impl FnMut(&'c str)) {
    match value {
        _ if depth >= DEEPEST => {}
        Value::String(text) => seen(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, depth + 1, seen)),
        Value::Object(members) => members.values().for_each(|member| texts(member, depth + 1, seen)),
        _ => {}
    }
}
