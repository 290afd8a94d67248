use pregon_emulator::{ChannelKind, EmulatorConfig, TeamSpec, WorldSpec};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, message, refusal};

/// The one event the bot was told, by its kind.
async fn told(setup: &Setup) -> (String, Value) {
    setup.emulator.delivered().await;
    let activity = setup.bot.take_one();
    (activity["channelData"]["eventType"].as_str().unwrap_or_default().to_owned(), activity)
}

#[tokio::test]
async fn an_archived_team_takes_no_messages_until_it_is_unarchived() {
    let setup = Setup::installed().await;
    let team = setup.emulator.team(&setup.team().id).unwrap();
    assert!(!team.unarchive());
    assert!(team.archive() && !team.archive());
    let (event, activity) = told(&setup).await;
    assert_eq!((event.as_str(), &activity["conversation"]["id"]), ("teamArchived", &json!(setup.team().id)));
    let refused = setup.send(&setup.team().id, &message("x")).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.json::<Value>().await.unwrap()["errorCode"], 209);
    assert_eq!(setup.get(&format!("teams/{}", encoded(&setup.team().id))).await.status(), 200);
    assert!(setup.team().archived && team.unarchive());
    assert_eq!(told(&setup).await.0, "teamUnarchived");
    setup.say(&setup.team().id, "open again").await;
}

#[tokio::test]
async fn a_deleted_team_is_gone_and_can_come_back_unless_it_was_deleted_for_good() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let team = setup.emulator.team(&setup.team().group_id).unwrap();
    assert!(!team.restore());
    assert!(team.delete() && !team.delete() && !team.archive());
    assert_eq!(told(&setup).await.0, "teamDeleted");
    let channel = setup.team().channels[1].id.clone();
    assert_eq!(refusal(setup.send(&channel, &message("x")).await).await, (404, "ConversationNotFound".to_owned()));
    let reached = refusal(setup.send(&chat, &message("x")).await).await;
    assert_eq!(reached, (403, "BotNotInConversationRoster".to_owned()), "the team no longer leads to its members");
    assert!(team.rename("Nothing").is_err() && team.create_channel("Nothing").is_err());
    let graph = setup.graph(Method::GET, &format!("teams/{}/channels", setup.team().group_id));
    assert_eq!(graph.send().await.unwrap().status(), 404);

    assert!(team.restore());
    assert_eq!(told(&setup).await.0, "teamRestored");
    setup.say(&channel, "back").await;
    assert!(team.hard_delete() && !team.restore());
    assert_eq!(told(&setup).await.0, "teamHardDeleted");
    assert!(setup.team().deleted);
}

#[tokio::test]
async fn a_channel_is_created_renamed_deleted_and_restored() {
    let setup = Setup::installed().await;
    let id = setup.emulator.create_channel(&setup.team().id, "Weather").unwrap();
    let (event, activity) = told(&setup).await;
    let channel = json!({"id": id, "name": "Weather", "type": "standard"});
    assert_eq!((event.as_str(), &activity["channelData"]["channel"]), ("channelCreated", &channel));
    let channel = setup.emulator.channel(&id).unwrap();
    channel.rename("Storms").unwrap();
    let (event, activity) = told(&setup).await;
    assert_eq!((event.as_str(), &activity["channelData"]["channel"]["name"]), ("channelRenamed", &json!("Storms")));
    assert_eq!(
        (channel.restore().unwrap(), channel.delete().unwrap(), channel.delete().unwrap()),
        (false, true, false)
    );
    assert_eq!(told(&setup).await.0, "channelDeleted");
    assert_eq!(refusal(setup.send(&id, &message("x")).await).await, (404, "ConversationNotFound".to_owned()));
    let list: Value = setup.get(&format!("teams/{}/conversations", setup.team().id)).await.json().await.unwrap();
    assert_eq!(list["conversations"].as_array().unwrap().len(), 4);
    assert!(channel.restore().unwrap());
    assert_eq!(told(&setup).await.0, "channelRestored");
    setup.say(&id, "back").await;
    let general = setup.emulator.channel(&setup.team().id).unwrap();
    assert!(general.delete().is_err() && general.rename("Team").is_err(), "General is the team itself");
}

#[tokio::test]
async fn a_private_channel_has_members_of_its_own() {
    let setup = Setup::installed().await;
    let (ada, boris) = (setup.person(0), setup.person(1));
    let team = setup.emulator.team(&setup.team().id).unwrap();
    let id = team.create_channel_for("Vault", ChannelKind::Private, &[&ada.id]).unwrap();
    assert_eq!(told(&setup).await.1["channelData"]["channel"]["type"], "private");
    let roster = async || {
        let page: Value = setup.get(&format!("conversations/{id}/pagedmembers")).await.json().await.unwrap();
        let members = page["members"].as_array().unwrap().clone();
        members.iter().map(|member| member["aadObjectId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(roster().await, std::slice::from_ref(&ada.id));
    let channel = setup.emulator.channel(&id).unwrap();
    assert!(channel.add(&boris.id).unwrap() && !channel.add(&boris.id).unwrap());
    let (event, activity) = told(&setup).await;
    assert_eq!((event.as_str(), &activity["conversation"]["id"]), ("channelMemberAdded", &json!(id)));
    assert_eq!(activity["membersAdded"][0]["aadObjectId"], boris.id.as_str());
    assert_eq!(roster().await.len(), 2);
    assert!(setup.emulator.person(&setup.person(2).id).unwrap().write_in_channel(&id, None, "let me in").is_err());
    assert!(channel.remove(&ada.id).unwrap());
    let (event, activity) = told(&setup).await;
    assert_eq!(
        (event.as_str(), &activity["membersRemoved"][0]["aadObjectId"]),
        ("channelMemberRemoved", &json!(ada.id))
    );
    let standard = setup.emulator.channel(&setup.team().channels[1].id).unwrap();
    assert!(standard.add(&ada.id).is_err());
}

#[tokio::test]
async fn a_shared_channel_names_the_teams_it_is_shared_with() {
    let mut world = WorldSpec::demo(7, 5);
    let other = TeamSpec {
        id: "19:other@thread.tacv2".to_owned(),
        group_id: "other".to_owned(),
        name: "Partner".to_owned(),
        channels: Vec::new(),
        members: None,
        bots: Vec::new(),
    };
    world.tenants[0].teams.push(other);
    let setup = Setup::installed_with(EmulatorConfig::new(world)).await;
    let team = setup.emulator.team(&setup.team().id).unwrap();
    let id = team.create_channel_for("Joint", ChannelKind::Shared, &[&setup.person(0).id]).unwrap();
    told(&setup).await;
    let channel = setup.emulator.channel(&id).unwrap();
    assert!(channel.share_with("other").unwrap() && !channel.share_with("other").unwrap());
    let (event, activity) = told(&setup).await;
    let partner =
        json!([{"id": "19:other@thread.tacv2", "name": "Partner", "aadGroupId": "other", "tenantId": setup.tenant}]);
    assert_eq!((event.as_str(), &activity["channelData"]["sharedWithTeams"]), ("channelShared", &partner));
    assert_eq!(activity["conversation"]["id"], id.as_str());
    assert!(channel.unshare_from("other").unwrap());
    let (event, activity) = told(&setup).await;
    assert_eq!((event.as_str(), &activity["channelData"]["unsharedFromTeams"]), ("channelUnshared", &partner));
}

#[tokio::test]
async fn an_install_names_the_channel_that_was_chosen() {
    let setup = Setup::start().await;
    let channel = setup.team().channels[1].clone();
    let team = setup.emulator.team(&setup.team().id).unwrap();
    assert!(team.install_in_channel(&setup.app.app_id, &channel.name).unwrap());
    setup.emulator.delivered().await;
    for received in setup.bot.take() {
        let activity = received.activity;
        assert_eq!(activity["conversation"]["id"], channel.id.as_str());
        assert_eq!(activity["conversation"]["name"], channel.name.as_str());
        assert_eq!(activity["channelData"]["settings"]["selectedChannel"]["id"], channel.id.as_str());
        assert_eq!(activity["channelData"]["team"]["id"], setup.team().id);
    }
}

#[tokio::test]
async fn a_new_version_brings_and_takes_a_bot() {
    let setup = Setup::start().await;
    let actor = setup.emulator.person(&setup.person(0).id).unwrap();
    for action in ["add-upgrade", "remove-upgrade"] {
        assert!(if action == "add-upgrade" { actor.upgrade() } else { actor.lose_by_upgrade() });
        setup.emulator.delivered().await;
        let received = setup.bot.take();
        assert!(received.iter().any(|one| one.activity["action"] == action), "{action}");
    }
}

#[tokio::test]
async fn teams_channels_and_chats_change_over_http_as_they_do_in_rust() {
    let setup = Setup::installed().await;
    let act = async |path: String, body: Value| -> (u16, Value) {
        let answer = setup.control(Method::POST, &path).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    };
    let yes = (200, json!({"changed": true}));
    let (team, person) = (encoded(&setup.team().id), setup.person(0).id);
    let (status, created) = act(format!("teams/{team}/channels"), json!({"name": "Vault", "kind": "private"})).await;
    assert_eq!(status, 201);
    let channel = encoded(created["id"].as_str().unwrap());
    assert_eq!(act(format!("channels/{channel}/add"), json!({"person": person})).await, yes);
    assert_eq!(act(format!("channels/{channel}/rename"), json!({"name": "Safe"})).await.0, 204);
    assert_eq!(act(format!("channels/{channel}/share"), json!({"team": setup.team().id})).await.0, 409);
    for verb in ["delete", "restore"] {
        assert_eq!(act(format!("channels/{channel}/{verb}"), json!({})).await, yes, "{verb}");
    }
    for verb in ["archive", "unarchive", "delete", "restore", "uninstall", "install"] {
        assert_eq!(act(format!("teams/{team}/{verb}"), json!({})).await, yes, "{verb}");
    }
    let (status, created) = act("chats".to_owned(), json!({"people": [person], "topic": "Night"})).await;
    assert_eq!(status, 201);
    let chat = encoded(created["id"].as_str().unwrap());
    assert_eq!(act(format!("chats/{chat}/install"), json!({})).await, yes);
    assert_eq!(act(format!("chats/{chat}/add"), json!({"person": setup.person(1).id})).await, yes);
    let write = format!("people/{person}/write");
    assert_eq!(act(write, json!({"text": "hi", "conversation": created["id"]})).await.0, 201);
    assert_eq!(act(format!("chats/{chat}/uninstall"), json!({})).await, yes);
    assert_eq!(act("chats".to_owned(), json!({"people": []})).await.1["error"]["code"], "nobody_named");
    assert_eq!(act(format!("teams/{team}/explode"), json!({})).await.0, 404);
    for verb in ["type", "install"] {
        assert!(act(format!("people/{person}/{verb}"), json!({})).await.0 < 300, "{verb}");
    }
    let wrong = act(format!("people/{person}/read"), json!({"message": "1"})).await;
    assert_eq!((wrong.0, &wrong.1["error"]["code"]), (404, &json!("unknown_message")));
}
