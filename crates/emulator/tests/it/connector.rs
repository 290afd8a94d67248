use pregon_emulator::{EmulatorConfig, Limits, WorldSpec};
use pregon_model::{ErrorBody, PagedMembers};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, id, message, refusal};

#[tokio::test]
async fn a_personal_chat_is_the_same_each_time_it_is_created() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    assert!(chat.starts_with("a:1"));
    assert_eq!(setup.chat(&person).await, chat);
    assert_ne!(setup.chat(&setup.person(1)).await, chat);
}

#[tokio::test]
async fn only_two_shapes_of_conversation_can_be_created() {
    let setup = Setup::installed().await;
    let member = setup.person(0).bots[0].member_id.clone();
    let refused = |body: Value| {
        let setup = &setup;
        async move { refusal(setup.post("conversations", &body).await).await }
    };
    let incorrect = (400, "BadSyntax".to_owned());
    assert_eq!(refused(json!({"isGroup": true, "members": [{"id": member}]})).await, incorrect);
    assert_eq!(refused(json!({"members": []})).await, incorrect);
    let channel = setup.team().channels[1].id.clone();
    assert_eq!(refused(json!({"isGroup": true, "channelData": {"channel": {"id": channel}}})).await, incorrect);
    assert_eq!(refused(json!({"members": [{"id": member}]})).await, (400, "MissingProperty".to_owned()));
    let by_email = setup.create_body(&setup.person(0).email);
    assert_eq!(refused(by_email).await, (400, "BadArgument".to_owned()));
}

#[tokio::test]
async fn an_object_id_reaches_only_who_installed_the_bot() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let body = setup.create_body(&person.id);
    let refused = refusal(setup.post("conversations", &body).await).await;
    assert_eq!(refused, (403, "ForbiddenOperationException".to_owned()));
    setup.emulator.person(&person.id).unwrap().install();
    assert_eq!(setup.post("conversations", &body).await.status(), 201);
}

#[tokio::test]
async fn nobody_is_reached_before_the_bot_is_in_their_team() {
    let setup = Setup::start().await;
    let body = setup.create_body(&setup.person(0).bots[0].member_id);
    let refused = refusal(setup.post("conversations", &body).await).await;
    assert_eq!(refused, (403, "BotNotInConversationRoster".to_owned()));
}

#[tokio::test]
async fn a_message_is_sent_edited_and_deleted() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let first = setup.say(&chat, "one").await;
    // Encoded and raw ids are the same to the Connector.
    let second = setup.say(&encoded(&chat), "two").await;
    assert!(second.parse::<u64>().unwrap() > first.parse::<u64>().unwrap());

    let path = format!("conversations/{chat}/activities/{first}");
    let edited = setup.call(Method::PUT, &path).json(&message("one, corrected")).send().await.unwrap();
    assert_eq!((edited.status().as_u16(), id(edited).await), (200, first.clone()));
    assert_eq!(setup.call(Method::DELETE, &path).send().await.unwrap().status(), 200);
    let again = setup.call(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(refusal(again).await, (404, "ActivityNotFoundInConversation".to_owned()));

    let received = setup.emulator.received_by(&person.id).unwrap();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].activity["text"], "one, corrected");
    assert_eq!(received[0].earlier[0]["text"], "one");
    assert!(received[0].deleted && !received[1].deleted);
    let (all, next) = setup.emulator.messages(0, 100);
    assert_eq!((all.len(), next), (2, 4));
    assert_eq!(setup.emulator.messages(2, 100).0.len(), 1);
}

#[tokio::test]
async fn fields_nobody_knows_are_kept() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let activity = json!({"type": "message", "text": "x", "somethingNew": {"deep": [1, null]},
                          "channelData": {"alsoNew": true}});
    setup.send(&chat, &activity).await;
    assert_eq!(setup.emulator.conversation(&chat)[0].activity, activity);
}

#[tokio::test]
async fn text_with_a_card_becomes_two_messages_without_an_id() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let card = json!({"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}});
    let both = json!({"type": "message", "text": "see", "attachments": [card]});
    let answer = setup.send(&chat, &both).await;
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.text().await.unwrap(), "");
    let messages = setup.emulator.conversation(&chat);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].activity["text"], "see");
    assert_eq!(messages[1].activity["attachments"], json!([card]));

    let path = format!("conversations/{chat}/activities/{}", messages[0].id);
    let edit = setup.call(Method::PUT, &path).json(&both).send().await.unwrap();
    assert_eq!(refusal(edit).await, (400, "BadSyntax".to_owned()));
    let typing = setup.send(&chat, &json!({"type": "typing"})).await;
    assert_eq!(typing.json::<Value>().await.unwrap(), json!({}));
}

#[tokio::test]
async fn a_channel_post_begins_a_thread_that_can_be_answered() {
    let setup = Setup::installed().await;
    let channel = setup.team().channels[1].id.clone();
    let body = json!({"isGroup": true, "channelData": {"channel": {"id": channel}}, "activity": message("root")});
    let answer = setup.post("conversations", &body).await;
    assert_eq!(answer.status(), 201);
    let created: Value = answer.json().await.unwrap();
    let (thread, root) = (created["id"].as_str().unwrap(), created["activityId"].as_str().unwrap());
    assert_eq!(thread, format!("{channel};messageid={root}"));

    setup.say(thread, "answer").await;
    // A reply to the plain channel begins a post of its own, whatever it answers.
    let reply = setup.post(&format!("conversations/{channel}/activities/{root}"), &message("new post")).await;
    let new_post = id(reply).await;
    let messages = setup.emulator.conversation(&channel);
    let roots: Vec<_> = messages.iter().map(|message| message.thread_root.clone().unwrap()).collect();
    assert_eq!(roots, [root, root, &new_post]);
    assert_eq!(messages[2].reply_to_id.as_deref(), Some(root));
    assert_eq!(setup.emulator.conversation(thread).len(), 2);

    let unknown = setup.send(&format!("{channel};messageid=1"), &message("lost")).await;
    assert_eq!(refusal(unknown).await, (404, "ConversationNotFound".to_owned()));
}

#[tokio::test]
async fn a_blocked_bot_is_refused_with_the_legacy_body() {
    let setup = Setup::installed().await;
    let person = setup.person(3);
    let actor = setup.emulator.person(&person.email).unwrap();
    actor.block();
    let chat = setup.chat(&person).await;
    let refused = setup.send(&chat, &message("hello")).await;
    assert_eq!(refused.status(), 403);
    let body = refused.bytes().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["errorCode"], 209);
    assert!(ErrorBody::parse(&body).is("MessageWritesBlocked"));
    actor.unblock();
    setup.say(&chat, "hello again").await;
}

#[tokio::test]
async fn somebody_who_left_the_team_is_no_longer_reached() {
    let setup = Setup::installed().await;
    let person = setup.person(4);
    let chat = setup.chat(&person).await;
    setup.say(&chat, "before").await;
    let actor = setup.emulator.person(&person.id).unwrap();
    assert!(actor.leave(None).unwrap());
    let refused = refusal(setup.send(&chat, &message("after")).await).await;
    assert_eq!(refused, (403, "BotNotInConversationRoster".to_owned()));
    let path = format!("conversations/{}/members/{}", setup.team().id, person.id);
    assert_eq!(refusal(setup.get(&path).await).await, (404, "MemberNotFoundInConversation".to_owned()));
    // A personal install reaches them all the same; taking it away looks like blocking.
    actor.install();
    setup.say(&chat, "after the install").await;
    actor.uninstall();
    assert_eq!(setup.send(&chat, &message("gone")).await.status(), 403);
}

#[tokio::test]
async fn a_roster_comes_in_pages_that_hold_everybody_once() {
    let config = EmulatorConfig { page_size_max: 25, ..EmulatorConfig::new(WorldSpec::demo(7, 60)) };
    let setup = Setup::installed_with(config).await;
    let team = encoded(&setup.team().id);
    let (mut seen, mut sizes, mut token) = (Vec::new(), Vec::new(), String::new());
    loop {
        let path = format!("conversations/{team}/pagedMembers?pageSize=500&continuationToken={}", encoded(&token));
        let page: PagedMembers = setup.get(&path).await.json().await.unwrap();
        sizes.push(page.members.len());
        seen.extend(page.members);
        match page.continuation_token {
            Some(next) => token = next,
            None => break,
        }
    }
    assert_eq!(sizes, [25, 25, 10]);
    let ids: std::collections::HashSet<_> = seen.iter().map(|member| member.id.clone()).collect();
    assert_eq!(ids.len(), 60);
    assert_eq!(seen.iter().filter(|member| member.is_guest()).count(), 1);
    let bad = setup.get(&format!("conversations/{team}/pagedmembers?continuationToken=zzz")).await;
    assert_eq!(refusal(bad).await, (400, "BadArgument".to_owned()));
}

#[tokio::test]
async fn a_page_size_is_raised_to_fifty() {
    let setup = Setup::installed().await;
    let path = format!("conversations/{}/pagedmembers?pageSize=1", encoded(&setup.team().id));
    let page: PagedMembers = setup.get(&path).await.json().await.unwrap();
    assert_eq!((page.members.len(), page.continuation_token.is_some()), (50, true));
}

#[tokio::test]
async fn a_member_is_found_by_every_kind_of_id() {
    let setup = Setup::installed().await;
    let person = setup.person(2);
    for key in [&person.id, &person.user_principal_name, &person.bots[0].member_id] {
        let path = format!("conversations/{}/members/{}", setup.team().id, encoded(key));
        let member: Value = setup.get(&path).await.json().await.unwrap();
        assert_eq!(member["aadObjectId"], person.id.as_str());
        assert_eq!(member["email"], person.email.as_str());
    }
}

#[tokio::test]
async fn a_team_tells_its_channels_and_general_has_no_name() {
    let setup = Setup::installed().await;
    let team = setup.team();
    let details: Value = setup.get(&format!("teams/{}", encoded(&team.id))).await.json().await.unwrap();
    assert_eq!(details["aadGroupId"], team.group_id.as_str());
    assert_eq!(details["memberCount"], 60);
    let list: Value = setup.get(&format!("teams/{}/conversations/", team.id)).await.json().await.unwrap();
    let channels = list["conversations"].as_array().unwrap();
    assert_eq!(channels.len(), 4);
    assert_eq!((&channels[0]["id"], &channels[0]["name"]), (&json!(team.id), &Value::Null));
}

#[tokio::test]
async fn what_is_malformed_is_named_and_what_is_unknown_is_not_found() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let path = format!("conversations/{chat}/activities");
    let broken = setup.call(Method::POST, &path).body("{\"type\":").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    let body: Value = broken.json().await.unwrap();
    assert_eq!(body["error"]["code"], "BadSyntax");
    assert!(body["error"]["message"].as_str().unwrap().contains("EOF"), "{body}");
    for bad in [json!([1]), json!("x"), json!({"type": "message"}), json!({"type": 7})] {
        assert_eq!(setup.send(&chat, &bad).await.status(), 400, "{bad}");
    }
    assert_eq!(refusal(setup.send(&chat, &json!({"text": "x"})).await).await, (400, "MissingProperty".to_owned()));
    let unknown = setup.get("nothing/here").await;
    let body: Value = unknown.json().await.unwrap();
    assert!(body["error"]["message"].as_str().unwrap().contains("/v3/nothing/here"), "{body}");
    assert_eq!(refusal(setup.send("a:1nobody", &message("x")).await).await, (404, "ConversationNotFound".to_owned()));
    assert_eq!(setup.get("conversations").await.status(), 405);
}

#[tokio::test]
async fn a_message_over_a_hundred_kilobytes_of_utf16_is_refused() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    // Three bytes each in UTF-8, two in UTF-16: long on the wire, but within the limit.
    let fits = setup.send(&chat, &message(&"船".repeat(40_000))).await;
    assert_eq!(fits.status(), 201);
    let refused = setup.send(&chat, &message(&"x".repeat(51_200))).await;
    assert_eq!(refusal(refused).await, (413, "MessageSizeTooBig".to_owned()));
}

#[tokio::test]
async fn without_bodies_messages_are_counted_and_can_still_be_edited() {
    let config = EmulatorConfig { keep_bodies: false, ..EmulatorConfig::new(WorldSpec::demo(7, 10)) };
    let setup = Setup::installed_with(config).await;
    let chat = setup.chat(&setup.person(0)).await;
    let first = setup.say(&chat, "one").await;
    let path = format!("conversations/{chat}/activities/{first}");
    assert_eq!(setup.call(Method::PUT, &path).json(&message("x")).send().await.unwrap().status(), 200);
    assert_eq!(setup.call(Method::DELETE, &path).send().await.unwrap().status(), 200);
    assert_eq!(setup.call(Method::DELETE, &path).send().await.unwrap().status(), 404);
    assert_eq!(setup.emulator.stats().messages, 1);
    assert_eq!(setup.emulator.conversation(&chat), []);
    assert_eq!(setup.emulator.conversations()[0].messages, 1);
    let channel = setup.team().channels[1].id.clone();
    let actor = setup.emulator.person(&setup.person(0).id).unwrap();
    let root = actor.write_in_channel(&channel, None, "anybody there?").unwrap();
    setup.say(&format!("{channel};messageid={root}"), "yes").await;
}

#[tokio::test]
async fn nothing_odd_that_is_sent_brings_the_emulator_down() {
    let setup = Setup::installed().await;
    setup.emulator.set_limits(Limits::Lifted);
    let chat = setup.chat(&setup.person(0)).await;
    let team = setup.team();
    let paths = [
        "/".to_owned(),
        "//".to_owned(),
        "/%ff%fe/v3/%00".to_owned(),
        "/emea/v3".to_owned(),
        "/emea/v3/conversations".to_owned(),
        format!("/emea/v3/conversations/{chat}/activities"),
        format!("/emea/v3/conversations/{chat}/activities/%F0%9F%9A%A2"),
        format!("/emea/v3/conversations/{chat}/pagedmembers?pageSize=-1&continuationToken=%ff"),
        format!("/emea/v3/conversations/{}/pagedmembers?continuationToken=cGFnZS1hZnRlcjo5OTk5OTk5OTk5", team.id),
        format!("/emea/v3/conversations/{};messageid=/activities", team.id),
        format!("/emea/v3/conversations/{};messageid=99999999999999999999999/members", team.id),
        format!("/emea/v3/conversations/{}/members/%2F", team.id),
        "/emea/v3/conversations/19:_@unq.gbl.spaces/activities".to_owned(),
        "/emea/v3/teams/x".to_owned(),
        "/v1.0/users?$top=0&$skiptoken=%ff".to_owned(),
        "/v1.0/users/%23EXT%23".to_owned(),
        format!("/v1.0/teams/{}/installedApps/x/y/z", team.group_id),
        "/_emulator/messages?after=99999999999999999999&limit=x".to_owned(),
        "/_emulator/people?after=18446744073709551615".to_owned(),
        "/_emulator/faults".to_owned(),
        "/x/oauth2/v2.0/token".to_owned(),
        "/v1/.well-known/keys".to_owned(),
    ];
    let nested = "[".repeat(20_000);
    let bodies: [&[u8]; 8] =
        [b"", b"null", b"{}", b"[1]", b"\xff\xfe", b"{\"type\":\"message\",\"text\":7}", b"a=b&%ff", nested.as_bytes()];
    for path in &paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD] {
            for body in bodies {
                for token in [&setup.token, &setup.graph_token] {
                    let url = format!("{}{path}", setup.emulator.base_url());
                    let call = setup.client.request(method.clone(), url).bearer_auth(token).body(body.to_vec());
                    let answer = call.send().await.unwrap();
                    assert!(answer.status().as_u16() < 500, "{method} {path}: {}", answer.status());
                }
            }
        }
    }
    setup.say(&chat, "still here").await;
}
