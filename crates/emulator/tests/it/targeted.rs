use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, id, message, refusal};

fn to(recipient: &str) -> Value {
    let mut targeted = message("for your eyes only");
    targeted["recipient"] = json!({"id": recipient});
    targeted
}

#[tokio::test]
async fn a_targeted_message_is_for_one_member_of_a_channel() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let channel = setup.team().channels[1].id.clone();
    let path = format!("conversations/{channel}/activities?isTargetedActivity=true");
    let sent = id(setup.post(&path, &to(&person.bots[0].member_id)).await).await;
    let written = &setup.emulator.conversation(&channel)[0];
    assert_eq!(written.targeted_to.as_deref(), Some(person.id.as_str()));

    assert_eq!(refusal(setup.post(&path, &message("x")).await).await, (400, "MissingProperty".to_owned()));
    assert_eq!(refusal(setup.post(&path, &to("29:nobody")).await).await, (400, "BadArgument".to_owned()));
    let stranger = setup.person(4);
    setup.emulator.person(&stranger.id).unwrap().leave(None).unwrap();
    let refused = setup.post(&path, &to(&stranger.bots[0].member_id)).await;
    assert_eq!(refusal(refused).await, (400, "BadArgument".to_owned()));
    let chat = setup.chat(&person).await;
    let personal = format!("conversations/{chat}/activities?isTargetedActivity=true");
    let refused = setup.post(&personal, &to(&person.bots[0].member_id)).await;
    assert_eq!(refusal(refused).await, (400, "BadSyntax".to_owned()));

    let path = format!("conversations/{channel}/activities/{sent}?isTargetedActivity=true");
    let call = |method: Method| setup.call(method, &path);
    let with_recipient = call(Method::PUT).json(&to(&person.bots[0].member_id)).send().await.unwrap();
    assert_eq!(refusal(with_recipient).await, (400, "BadSyntax".to_owned()));
    assert_eq!(call(Method::PUT).json(&message("changed")).send().await.unwrap().status(), 200);
    assert_eq!(call(Method::DELETE).send().await.unwrap().status(), 200);
    // Without the flag a recipient means nothing: SDKs put one on every message.
    let plain = setup.send(&channel, &to(&person.bots[0].member_id)).await;
    assert_eq!(plain.status(), 201);
    assert_eq!(setup.emulator.conversation(&channel)[1].targeted_to, None);
}

#[tokio::test]
async fn a_bot_reacts_to_a_message_and_takes_it_back() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let own = setup.emulator.person(&person.id).unwrap().write("done!").unwrap();
    let chat = setup.chat(&person).await;
    let path = |id: &str| format!("conversations/{chat}/activities/{id}/reactions/like");
    let change = async |method: Method, id: &str| setup.call(method, &path(id)).send().await.unwrap();
    assert_eq!(change(Method::PUT, &own).await.status(), 200);
    let bot = format!("28:{}", setup.app.app_id);
    assert_eq!(setup.emulator.conversation(&chat)[0].reactions[&bot], ["like"]);
    assert_eq!(change(Method::DELETE, &own).await.status(), 200);
    assert!(setup.emulator.conversation(&chat)[0].reactions.is_empty());
    assert_eq!(refusal(change(Method::PUT, "1").await).await, (404, "ActivityNotFoundInConversation".to_owned()));
}

#[tokio::test]
async fn what_the_protocol_has_and_teams_has_not_is_not_allowed() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    for path in ["activities/history", "members/29:x"] {
        let method = if path.starts_with("members") { Method::DELETE } else { Method::POST };
        let call = setup.call(method, &format!("conversations/{chat}/{path}")).json(&message("x"));
        assert_eq!(refusal(call.send().await.unwrap()).await, (405, "MethodNotAllowed".to_owned()), "{path}");
    }
    assert_eq!(setup.emulator.conversation(&chat), []);
}
