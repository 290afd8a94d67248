use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{self, Next};
use pregon_auth::{Endpoints, Secret};
use pregon_bot::{Bot, BotBuilder, Handler};
use pregon_emulator::{Actor, AppSpec, Emulator, EmulatorConfig, TeamView, WorldSpec};
use pregon_model::{AppId, TenantId};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

/// An emulator, and a bot that it calls over HTTP.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) bot: Bot,
    pub(crate) app: AppSpec,
    pub(crate) url: String,
    pub(crate) client: Client,
    token: String,
}

impl Stage {
    /// The bot is installed for Ada, and was told so.
    pub(crate) async fn start(handler: impl Handler) -> Self {
        let emulator = Emulator::start(EmulatorConfig::new(WorldSpec::demo(7, 60))).await.unwrap();
        let app = emulator.apps()[0].clone();
        let bot = bot(&emulator, handler);
        let (url, seen) = serve(&bot).await;
        emulator.set_bot_endpoint(&app.app_id, &url).unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let mut stage = Self { emulator, bot, app, url, client, token: String::new() };
        stage.ada().install();
        stage.emulator.delivered().await;
        stage.token = seen.lock().unwrap().clone().unwrap();
        stage
    }

    pub(crate) fn ada(&self) -> Actor<'_> {
        self.emulator.person(&self.emulator.people()[0].id).unwrap()
    }

    /// Somebody of the team for whom the bot is not installed.
    pub(crate) fn boris(&self) -> Actor<'_> {
        self.emulator.person(&self.emulator.people()[1].id).unwrap()
    }

    pub(crate) fn team(&self) -> TeamView {
        self.emulator.tenants()[0].teams[0].clone()
    }

    /// A channel of the team.
    pub(crate) fn releases(&self) -> String {
        self.team().channels.iter().find(|channel| channel.name == "Releases").unwrap().id.clone()
    }

    /// Puts the bot into the team, and waits until it was told.
    pub(crate) async fn install_in_team(&self) {
        self.emulator.install_in_team(&self.app.app_id, &self.team().id).unwrap();
        self.emulator.delivered().await;
    }

    /// An activity as Ada's chat gives it, with more members: null takes one away, those of
    /// `channelData` join the tenant.
    pub(crate) fn activity(&self, kind: &str, more: Value) -> Value {
        let ada = self.ada().view();
        let bot = &ada.bots[0];
        let mut activity = json!({
            "type": kind, "id": "f:1", "serviceUrl": self.emulator.service_url(), "channelId": "msteams",
            "from": {"id": bot.member_id, "name": ada.name}, "recipient": {"id": format!("28:{}", bot.app_id)},
            "conversation": {"conversationType": "personal", "id": bot.conversation_id},
            "channelData": {"tenant": {"id": ada.tenant_id}},
        });
        let Value::Object(more) = more else { panic!("members of an activity are an object") };
        for (name, value) in more {
            match value {
                Value::Object(data) if name == "channelData" => {
                    activity["channelData"].as_object_mut().unwrap().extend(data);
                }
                Value::Null => _ = activity.as_object_mut().unwrap().remove(&name),
                value => activity[name] = value,
            }
        }
        activity
    }

    /// Posts an activity to the bot with a token of the emulator's: status and body.
    pub(crate) async fn post(&self, activity: &Value) -> (StatusCode, Value) {
        let answer = self.client.post(&self.url).header("authorization", &self.token).json(activity).send().await;
        let answer = answer.unwrap();
        let (status, body) = (answer.status(), answer.bytes().await.unwrap());
        (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
    }

    /// The texts of a channel's messages, or of one thread's, the people's own included.
    pub(crate) fn texts_in(&self, conversation: &str) -> Vec<String> {
        let messages = self.emulator.conversation(conversation);
        messages.iter().map(|message| message.activity["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// What the bot wrote to somebody in their personal chat and did not delete: the texts, oldest first.
pub(crate) fn texts_to(person: Actor<'_>) -> Vec<String> {
    let messages = person.received().into_iter().filter(|message| !message.deleted);
    messages.map(|message| message.activity["text"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A bot of the emulator's first app and tenant.
pub(crate) fn bot(emulator: &Emulator, handler: impl Handler) -> Bot {
    let app = emulator.apps()[0].clone();
    let endpoints = Endpoints::emulator(&Url::parse(emulator.base_url()).unwrap()).unwrap();
    let tenant = TenantId::new(&emulator.tenants()[0].id);
    let builder = BotBuilder::single_tenant(endpoints, AppId::new(app.app_id), Secret::new(app.secret), tenant);
    builder.build(handler).unwrap()
}

/// Serves a bot: its address, and the token of the latest request.
async fn serve(bot: &Bot) -> (String, Arc<Mutex<Option<String>>>) {
    let seen = Arc::<Mutex<Option<String>>>::default();
    let note = {
        let seen = Arc::clone(&seen);
        move |request: Request, next: Next| {
            let token = request.headers().get(AUTHORIZATION).map(|token| token.to_str().unwrap().to_owned());
            *seen.lock().unwrap() = token;
            next.run(request)
        }
    };
    (listen(bot.router().layer(middleware::from_fn(note))).await, seen)
}

/// Serves a bot's router: the address of its endpoint.
pub(crate) async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/messages", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
