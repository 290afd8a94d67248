//! What a bot says unasked.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt as _;
use pregon_auth::{AllowedTenants, Secret};
use pregon_bot::{BotBuilder, Handler, Turn, TurnResult};
use pregon_connector::ConnectorError;
use pregon_model::{AppId, ConversationReference, MemberId, ServiceUrl, TeamChannelId, TenantId};
use serde_json::json;

use crate::stage::{Stage, texts_to};

/// Stores where it was installed.
#[derive(Clone, Default)]
struct Crier {
    references: Arc<Mutex<Vec<ConversationReference>>>,
}

impl Crier {
    fn last(&self) -> ConversationReference {
        self.references.lock().unwrap().last().unwrap().clone()
    }
}

impl Handler for Crier {
    async fn installed(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
        self.references.lock().unwrap().push(turn.reference().clone());
        Ok(())
    }

    /// To everybody the bot knows, from within a turn.
    async fn message(&self, turn: &Turn) -> TurnResult {
        let known = self.references.lock().unwrap().clone();
        for reference in known {
            turn.bot().conversation(&reference)?.send().text(turn.text()).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_stored_reference_is_spoken_to_again() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    let stored = serde_json::to_string(&crier.last()).unwrap();
    let reference = serde_json::from_str(&stored).unwrap();
    stage.bot.conversation(&reference).unwrap().send().text("a ship is in").await.unwrap();
    assert_eq!(texts_to(stage.ada()), ["a ship is in"]);

    stage.ada().write("high tide at six").unwrap();
    stage.emulator.delivered().await;
    assert_eq!(texts_to(stage.ada()), ["a ship is in", "high tide at six"]);
}

#[tokio::test]
async fn no_token_goes_to_a_stored_address_of_another_host() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    let evil = ConversationReference { service_url: ServiceUrl::new("https://evil.example/"), ..crier.last() };
    assert!(matches!(stage.bot.conversation(&evil), Err(ConnectorError::Untrusted(_))));
}

#[tokio::test]
async fn everybody_in_a_team_can_be_written_to_in_their_own_chat() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    stage.install_in_team().await;
    let team = stage.bot.conversation(&crier.last()).unwrap();
    let people: Vec<_> = team.members().try_collect().await.unwrap();
    assert_eq!(people.len(), 60);

    let boris = MemberId::new(&stage.boris().view().bots[0].member_id);
    assert_eq!(team.member(&boris).await.unwrap().unwrap().email, Some(stage.boris().view().email));
    let chat = team.personal_chat(&boris).await.unwrap();
    chat.send().text("your shift begins at six").await.unwrap();
    assert_eq!(texts_to(stage.boris()), ["your shift begins at six"]);
    assert_eq!(texts_to(stage.ada()), Vec::<String>::new());
}

#[tokio::test]
async fn a_new_thread_is_begun_in_a_channel_and_answered_in() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    stage.install_in_team().await;
    let channel = stage.bot.conversation(&crier.last()).unwrap().channel(&TeamChannelId::new(stage.releases()));
    let begun = channel.new_thread().text("4.2 is out").await.unwrap();
    let thread = channel.at(begun.conversation);
    thread.send().text("notes follow").await.unwrap();
    thread.new_thread().text("4.3 is out").await.unwrap();
    assert_eq!(stage.texts_in(thread.id().as_str()), ["4.2 is out", "notes follow"]);
    assert_eq!(stage.texts_in(channel.id().as_str()), ["4.2 is out", "notes follow", "4.3 is out"]);
}

#[tokio::test]
async fn a_reference_holds_the_tenant_and_one_without_is_in_the_bots_own() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    let tenant = stage.ada().view().tenant_id;
    let only_in_channel_data = json!({"action": "add", "conversation": {"id": crier.last().conversation.id}});
    stage.post(&stage.activity("installationUpdate", only_in_channel_data)).await;
    let mut reference = crier.last();
    assert_eq!(reference.conversation.tenant_id.take().unwrap().as_str(), tenant);
    assert_eq!(stage.bot.conversation(&reference).unwrap().tenant().as_str(), tenant);
}

#[tokio::test]
async fn a_bot_of_many_organisations_speaks_where_the_reference_names_one() {
    let crier = Crier::default();
    let stage = Stage::start(crier.clone()).await;
    let (app_id, secret) = (AppId::new(&stage.app.app_id), Secret::new(&stage.app.secret));
    let cloud = stage.bot.endpoints().clone();
    let bot = BotBuilder::multi_tenant(cloud, app_id, secret, AllowedTenants::Any).build(Crier::default()).unwrap();
    let mut reference = crier.last();
    bot.conversation(&reference).unwrap().send().text("a ship is in").await.unwrap();
    assert_eq!(texts_to(stage.ada()), ["a ship is in"]);

    reference.conversation.tenant_id = None;
    let error = bot.conversation(&reference).unwrap_err();
    assert_eq!(error.to_string(), "conversation.tenantId is missing in the reference: write it there");
}

#[tokio::test]
async fn graph_is_called_as_the_same_bot() {
    let stage = Stage::start(Crier::default()).await;
    let tenant = TenantId::new(stage.ada().view().tenant_id);
    let app = stage.bot.graph().tenant(&tenant).catalog_app(&stage.app.manifest_id).await.unwrap().unwrap();
    assert_eq!(app.id.as_str(), stage.app.catalog_id);
}
