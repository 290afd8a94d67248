use pregon_emulator::{LoggedMessage, dev};
use serde_json::{Value, json};

use crate::stage::{Listening, Stage};

async fn start(stage: &Stage) -> Listening {
    stage.listen(env!("CARGO_BIN_EXE_conversation_bot")).await
}

/// What the bot answers Ada in their chat.
async fn answer(stage: &Stage, said: &str) -> LoggedMessage {
    let before = stage.texts_to(dev::ADA).len();
    stage.actor(dev::ADA).write(said).unwrap();
    stage.texts(dev::ADA, before + 1).await;
    stage.actor(dev::ADA).received().pop().unwrap()
}

/// What the bot last wrote in General.
async fn in_general(stage: &Stage) -> Value {
    stage.emulator.delivered().await;
    stage.emulator.conversation(dev::TEAM_ID).pop().expect("nothing in General").activity
}

fn hero(activity: &Value) -> &Value {
    assert_eq!(activity["attachments"][0]["contentType"], "application/vnd.microsoft.card.hero", "{activity}");
    &activity["attachments"][0]["content"]
}

#[tokio::test]
async fn whatever_else_is_said_gets_the_card_with_its_buttons() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await.activity;
    let buttons = [
        ("Message all members", "message all"),
        ("Who am I?", "who am i"),
        ("Find me in a card", "mention me"),
        ("Delete card", "delete"),
        ("Update card", "update"),
    ]
    .map(|(title, says)| json!({"type": "messageBack", "title": title, "text": says, "value": {"count": 0}}));
    assert_eq!(*hero(&card), json!({"title": "Welcome!", "buttons": buttons}));
}

#[tokio::test]
async fn a_person_is_mentioned_in_text_and_in_a_card() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let ada = stage.person(0);
    let text = answer(&stage, "please mention").await.activity;
    assert_eq!(text["text"], "Hello <at>Ada Torres</at>.");
    let mentioned = json!({"id": ada.bots[0].member_id, "name": "Ada Torres"});
    assert_eq!(text["entities"], json!([{"type": "mention", "text": "<at>Ada Torres</at>", "mentioned": mentioned}]));

    let card = answer(&stage, "mention me").await.activity["attachments"][0]["content"].clone();
    let mentions = &card["msteams"]["entities"];
    assert_eq!(mentions[0]["mentioned"]["id"], json!(ada.user_principal_name));
    assert_eq!(mentions[1]["mentioned"]["id"], dev::ADA);
    for mention in mentions.as_array().unwrap() {
        let mark = mention["text"].as_str().unwrap();
        assert!(card["body"][0]["text"].as_str().unwrap().contains(mark), "{card}");
    }
}

#[tokio::test]
async fn it_knows_who_asks_from_the_roster() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let answer = answer(&stage, "Who am I?").await;
    assert_eq!(answer.activity["text"], "You are: Ada Torres.");
    let lookup = format!("GET conversations/{}/members/{}", answer.conversation_id, stage.person(0).bots[0].member_id);
    assert!(stage.lines().contains(&lookup), "{:?}", stage.lines());
}

/// Ada presses a button of the card.
async fn press(stage: &Stage, button: &str) {
    stage.actor(dev::ADA).press(button).await.unwrap();
    stage.emulator.delivered().await;
}

#[tokio::test]
async fn the_card_counts_how_often_it_was_updated_and_is_the_same_message() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await;
    for count in 1..=3 {
        press(&stage, "Update card").await;
        let [now] = &stage.actor(dev::ADA).received()[..] else { panic!("one card, and no other message") };
        assert_eq!((now.id.as_str(), now.earlier.len()), (card.id.as_str(), count));
        let content = hero(&now.activity);
        assert_eq!(content["title"], "I've been updated");
        assert_eq!(content["text"], format!("Update count - {count}"));
        assert_eq!(content["buttons"][4]["value"], json!({"count": count}));
    }
    let update = format!("PUT conversations/{}/activities/{}", card.conversation_id, card.id);
    assert_eq!(stage.lines()[1..], [update.as_str(), &update, &update]);
}

#[tokio::test]
async fn the_button_delete_card_takes_the_card_away() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await;
    press(&stage, "Delete card").await;
    assert!(stage.actor(dev::ADA).received()[0].deleted);
    assert_eq!(stage.lines()[1], format!("DELETE conversations/{}/activities/{}", card.conversation_id, card.id));
}

#[tokio::test]
async fn the_other_buttons_do_what_their_words_do() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    answer(&stage, "good morning").await;
    press(&stage, "Who am I?").await;
    assert_eq!(stage.texts_to(dev::ADA)[1], "You are: Ada Torres.");
    press(&stage, "Find me in a card").await;
    let card = stage.actor(dev::ADA).received()[2].activity.clone();
    assert_eq!(card["attachments"][0]["contentType"], "application/vnd.microsoft.card.adaptive");
    press(&stage, "Message all members").await;
    let texts = stage.texts(dev::ADA, 5).await;
    assert_eq!(texts[3..], ["Hello Ada Torres. I am a Teams conversation bot.", "All messages have been sent."]);
}

#[tokio::test]
async fn what_needs_a_button_says_so_when_it_is_typed() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    for said in ["update", "delete"] {
        let answer = answer(&stage, said).await.activity;
        assert!(answer["text"].as_str().unwrap().starts_with("Press that button on a card"), "{answer}");
    }
}

#[tokio::test]
async fn every_member_of_the_team_is_messaged_and_the_thread_is_told_at_the_end() {
    let stage = Stage::start(60).await;
    let _bot = start(&stage).await;
    stage.actor(&stage.person(3).id).block();
    let question = stage.actor(dev::ADA).write_in_channel(dev::CHANNEL_ID, None, "message all, please").unwrap();
    stage.emulator.until(|emulator| emulator.conversation(dev::CHANNEL_ID).len() == 2).await;
    let done = stage.emulator.conversation(dev::CHANNEL_ID)[1].clone();
    assert_eq!(
        (done.activity["text"].as_str(), done.thread_root),
        (Some("All messages have been sent, but 1 did not arrive."), Some(question))
    );
    for person in stage.emulator.people() {
        let text = format!("Hello {}. I am a Teams conversation bot.", person.name);
        let reached = !person.guest && !person.bots[0].blocked;
        assert_eq!(stage.texts_to(&person.id), if reached { vec![text] } else { vec![] });
    }
}

#[tokio::test]
async fn an_installation_is_welcomed_once_where_it_is() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    stage.actor(dev::BORIS).install();
    stage.emulator.delivered().await;
    assert_eq!(stage.texts_to(dev::BORIS), ["Welcome! I show what a bot in Teams can do."]);

    let team = stage.emulator.team(dev::TEAM_ID).unwrap();
    team.uninstall(dev::APP_ID).unwrap();
    team.install_in_channel(dev::APP_ID, dev::CHANNEL_ID).unwrap();
    stage.emulator.delivered().await;
    let [welcome] = &stage.emulator.conversation(dev::CHANNEL_ID)[..] else { panic!("one welcome") };
    assert!(welcome.activity["text"].as_str().unwrap().ends_with(" I was set up in Releases."), "{welcome:?}");
}

#[tokio::test]
async fn in_a_group_chat_it_welcomes_who_comes_and_answers_who_mentions_it() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let chat = stage.emulator.create_group_chat(Some("Berths"), &[dev::ADA]).unwrap();
    let group = stage.emulator.group_chat(&chat).unwrap();
    group.install(dev::APP_ID).unwrap();
    stage.emulator.delivered().await;
    group.add(dev::BORIS).unwrap();
    stage.emulator.delivered().await;
    stage.actor(dev::BORIS).write_in_group(&chat, "who am i").unwrap();
    stage.emulator.delivered().await;
    let said = stage.emulator.conversation(&chat);
    let by_bot: Vec<_> = said.iter().filter(|message| message.written_by.is_none()).collect();
    let texts: Vec<_> = by_bot.iter().map(|message| message.activity["text"].as_str().unwrap()).collect();
    assert!(texts[0].starts_with("Welcome! I show"), "{texts:?}");
    assert_eq!(texts[1..], ["Welcome, Boris Lindqvist.", "You are: Boris Lindqvist."]);
}

#[tokio::test]
async fn members_coming_and_going_are_told_in_the_team() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let boris = stage.actor(dev::BORIS);
    boris.leave(None).unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Somebody was removed from the team");
    boris.join(None).unwrap();
    assert_eq!(in_general(&stage).await["text"], "Welcome, Boris Lindqvist.");
}

#[tokio::test]
async fn channels_and_the_team_changing_are_told_in_the_team() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let team = stage.emulator.team(dev::TEAM_ID).unwrap();
    let id = team.create_channel("Ballast").unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Ballast is the channel created");
    let channel = stage.emulator.channel(&id).unwrap();
    channel.rename("Cargo").unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Cargo is the new channel name");
    channel.delete().unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Cargo is the channel deleted");
    channel.restore().unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Cargo is the channel restored");
    team.rename("Port Ops").unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Port Ops is the new team name");
}

#[tokio::test]
async fn a_reaction_is_answered_and_so_is_taking_it_back() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await;
    stage.actor(dev::ADA).react(None, &card.id, "heart").unwrap();
    assert_eq!(stage.texts(dev::ADA, 2).await[1], "You reacted with heart.");
    stage.actor(dev::ADA).unreact(None, &card.id, "heart").unwrap();
    assert_eq!(stage.texts(dev::ADA, 3).await[2], "You took back your heart.");
}
