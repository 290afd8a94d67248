//! `pregon messages` and `pregon lanes`: what people and scripts steer messages with.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::pair::Pair;
use crate::process::{run, text};

/// The first id with this prefix in a text.
fn id_in(shown: &str, prefix: &str) -> String {
    let at = shown.find(prefix).unwrap_or_else(|| panic!("no {prefix} in {shown}"));
    shown[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[tokio::test]
async fn a_canary_rests_with_code_4_and_says_which_command_goes_on() {
    let pair = Pair::start();
    let people = pair.everybody().await;
    let mut args: Vec<&str> = people.iter().map(String::as_str).collect();
    args.extend(["--text", "Berth 4 is closed", "--canary", "10", "--priority", "bulk", "--wait"]);
    let sent = pair.send(&args);
    assert_eq!(sent.status.code(), Some(4), "{}", text(&sent));
    let all = people.len() / 2;
    assert!(text(&sent).contains(&format!("2 of {all} delivered")), "{}", text(&sent));
    let id = id_in(&text(&sent), "msg_");
    for part in ["it rests: Its canary was sent", &format!("pregon messages resume {id}"), "pregon messages cancel"] {
        assert!(text(&sent).contains(part), "{part}: {}", text(&sent));
    }
    for shown in [pair.messages(&["show", &id], 0), pair.messages(&["pause", &id], 0)] {
        assert!(shown.contains("paused: Its canary was sent") && shown.contains("progress"), "{shown}");
    }
    let shown = pair.messages(&["show", &id], 0);
    assert!(shown.contains("priority bulk") && shown.contains("canary 10 %"), "{shown}");
    assert!(pair.messages(&[], 0).contains("paused: canary"), "the list is the default");
    let waiting: Value = serde_json::from_str(&pair.messages(&["show", &id, "--wait", "--json"], 4)).unwrap();
    assert_eq!((&waiting["state"], &waiting["hold"]["kind"]), (&json!("paused"), &json!("canary")), "{waiting}");

    let done = pair.messages(&["resume", &id, "--wait"], 0);
    assert!(done.contains(&format!("{all} of {all} delivered")) && !done.contains("it rests"), "{done}");
    let email = &people[1];
    assert_eq!(pair.copies(email, "Berth 4 is closed").await, 1);
    let again = pair.messages(&["resume", &id], 1);
    assert!(again.contains("there is nothing to pause or to resume") && again.contains("Resend"), "{again}");
}

#[test]
fn a_message_is_paused_resumed_and_cancelled_each_twice() {
    let pair = Pair::start();
    let sent = pair.send(&["--to", "ada@example.com", "--text", "later", "--at", "2199-01-01T00:00:00Z"]);
    let id = id_in(&text(&sent), "msg_");
    for (verb, state) in [("pause", "paused: It was paused."), ("resume", "preparing"), ("cancel", "cancelled")] {
        for _ in 0..2 {
            let shown = pair.messages(&[verb, &id], 0);
            assert!(shown.contains(&id) && shown.contains(state), "{verb}: {shown}");
        }
    }
    let view: Value = serde_json::from_str(&pair.messages(&["cancel", &id, "--json"], 0)).unwrap();
    assert_eq!(view["state"], "cancelled", "{view}");
    assert!(pair.messages(&["show", &id, "--wait"], 3).contains("0 of 0 delivered"));
    for verb in ["pause", "resume", "resend"] {
        assert!(pair.messages(&[verb, &id], 1).contains("cancelled, which is final"), "{verb}");
    }
    assert!(pair.messages(&["show", "msg_01h455vb4pex5vsknk084sn02q"], 1).contains("There is no message"));
}

#[tokio::test]
async fn what_failed_is_resent_and_what_is_in_doubt_is_decided() {
    let pair = Pair::start();
    let (email, name) = pair.person().await;
    pair.fault(&json!({"operation": "send", "effect": {"kind": "answer", "status": 400, "code": "BadSyntax"}})).await;
    let sent = pair.send(&["--to", &email, "--text", "Twice at most", "--wait"]);
    assert_eq!(sent.status.code(), Some(3), "{}", text(&sent));
    let id = id_in(&text(&sent), "msg_");
    assert!(text(&sent).contains(&format!("pregon messages resend {id}")), "{}", text(&sent));
    assert!(pair.messages(&["deliveries", &id, "--reason", "refused"], 0).contains("HTTP 400 BadSyntax"));
    assert!(pair.messages(&["resend", &id, "--reason", "blocked"], 1).contains("/reasons/0"));
    assert!(pair.messages(&["resend", &id, "--reason", "exhausted"], 0).contains("0 deliveries are sent again"));
    assert!(pair.messages(&["resend", &id, "--wait"], 0).contains("1 of 1 delivered"));
    assert_eq!(pair.copies(&email, "Twice at most").await, 1);

    pair.fault(&json!({"operation": "send", "effect": {"kind": "lose_answer"}})).await;
    let id = pair.post(&json!({"to": email, "text": "In doubt", "policy": "at_most_once"})).await;
    let shown = pair.messages(&["show", &id, "--wait"], 3);
    assert!(shown.contains("uncertain: unanswered") && shown.contains("pregon messages decide"), "{shown}");
    let delivery = id_in(&shown, "dlv_");
    let listed = pair.messages(&["deliveries", &id, "--to", &email, "--state", "uncertain"], 0);
    assert!(listed.contains(&delivery) && listed.contains(&name), "{listed}");
    let decided = pair.messages(&["decide", &id, "delivered", "--delivery", &delivery], 0);
    assert!(decided.contains("1 delivery is decided") && decided.contains("done"), "{decided}");
    assert!(pair.messages(&["decide", &id, "send"], 0).contains("0 deliveries are decided"));
    let page: Value = serde_json::from_str(&pair.messages(&["deliveries", &id, "--json"], 0)).unwrap();
    assert_eq!(page["data"][0]["state"], "delivered", "{page}");
    assert!(pair.messages(&["deliveries", &id, "--to", "nobody@example.com"], 0).contains("no such deliveries"));
    assert!(pair.messages(&["deliveries", &id, "--to", "everyone"], 1).contains("recipient is"));
}

#[tokio::test]
async fn lanes_tell_what_holds_them_back() {
    let pair = Pair::start();
    let (email, _) = pair.person().await;
    let lanes = |more: &[&str]| {
        let output = run(pair.dir.path(), &[&["lanes", "--server", &pair.server_url], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        text(&output)
    };
    assert_eq!(pair.send(&["--to", &email, "--text", "hi", "--wait"]).status.code(), Some(0));
    let idle: Value = serde_json::from_str(&lanes(&["--json"])).unwrap();
    assert_eq!((&idle["data"][0]["bot"], &idle["data"][0]["closed_until"]), (&json!("main"), &json!(null)), "{idle}");
    let busy = json!({"kind": "answer", "status": 429, "retry_after": {"seconds": 600}});
    pair.fault(&json!({"operation": "send", "effect": busy})).await;
    assert_eq!(pair.send(&["--to", &email, "--text", "slowly"]).status.code(), Some(0));
    let (started, mut shown) = (Instant::now(), lanes(&[]));
    while !shown.contains("opens by itself") {
        assert!(started.elapsed() < Duration::from_secs(30), "{shown}");
        shown = lanes(&[]);
    }
    assert!(shown.contains("closed") && shown.contains("main"), "{shown}");
}
