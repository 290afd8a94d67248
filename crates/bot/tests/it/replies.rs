//! What a bot says in a turn.

use pregon_bot::model::Text;
use pregon_bot::{Handler, Turn, TurnResult};
use serde_json::json;

use crate::stage::{Stage, texts_to};

/// Does what it is told.
struct Obedient;

impl Handler for Obedient {
    async fn message(&self, turn: &Turn) -> TurnResult {
        match turn.text().as_str() {
            "edit" => {
                let id = turn.reply().text("draft").await?.ok_or("no id")?;
                turn.update(&id).text("final").await?;
            }
            "delete" => {
                let id = turn.send().text("never mind").await?.ok_or("no id")?;
                turn.delete(&id).await?;
            }
            "who" => {
                let from = turn.from().ok_or("nobody")?;
                turn.reply().text(Text::default().mention(from).and(" it is")).await?;
            }
            said => _ = turn.reply().text(format!("{said} in {}", turn.tenant())).await?,
        }
        Ok(())
    }

    async fn message_edited(&self, turn: &Turn) -> TurnResult {
        turn.reply().text(format!("now it is {}", turn.text())).await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_reply_answers_the_message_in_its_conversation() {
    let stage = Stage::start(Obedient).await;
    let tenant = stage.ada().view().tenant_id;
    let asked = stage.ada().write("hello").unwrap();
    stage.emulator.delivered().await;
    let received = stage.ada().received();
    assert_eq!(received[0].activity["text"], format!("hello in {tenant}"));
    assert_eq!(received[0].reply_to_id.as_deref(), Some(asked.as_str()));

    stage.ada().edit(None, &asked, "good day").unwrap();
    stage.emulator.delivered().await;
    let edited = stage.ada().received().pop().unwrap();
    assert_eq!(edited.activity["text"], "now it is good day");
    assert_eq!(edited.reply_to_id, None, "only a message is answered as one");
}

#[tokio::test]
async fn in_a_channel_the_mention_is_not_text_and_the_reply_is_in_the_thread() {
    let stage = Stage::start(Obedient).await;
    stage.install_in_team().await;
    let root = stage.boris().write_in_channel("Releases", None, "ahoy").unwrap();
    stage.emulator.delivered().await;
    let thread = stage.texts_in(&format!("{};messageid={root}", stage.releases()));
    assert_eq!(thread[1..], [format!("ahoy in {}", stage.ada().view().tenant_id)]);
}

#[tokio::test]
async fn a_bot_changes_and_deletes_what_it_said_and_mentions_who_asked() {
    let stage = Stage::start(Obedient).await;
    for text in ["edit", "delete", "who"] {
        stage.ada().write(text).unwrap();
        stage.emulator.delivered().await;
    }
    let ada = stage.ada().view();
    assert_eq!(texts_to(stage.ada()), ["final".to_owned(), format!("<at>{}</at> it is", ada.name)]);
    let last = stage.ada().received().pop().unwrap();
    assert_eq!(last.activity["entities"][0]["mentioned"]["id"], json!(ada.bots[0].member_id));
}
