use pregon_emulator::{AppSpec, Emulator, EmulatorConfig, PersonView, TeamView, WorldSpec};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::bot::Bot;

pub(crate) const BOT_SCOPE: &str = "https://api.botframework.com/.default";
pub(crate) const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";

/// A running emulator, a bot that listens, and tokens.
pub(crate) struct Setup {
    pub(crate) emulator: Emulator,
    pub(crate) bot: Bot,
    pub(crate) app: AppSpec,
    pub(crate) tenant: String,
    pub(crate) client: Client,
    pub(crate) token: String,
    pub(crate) graph_token: String,
}

impl Setup {
    pub(crate) async fn start() -> Self {
        Self::with(EmulatorConfig::new(WorldSpec::demo(7, 60))).await
    }

    pub(crate) async fn with(config: EmulatorConfig) -> Self {
        let emulator = Emulator::start(config).await.unwrap();
        let bot = Bot::start().await;
        let app = emulator.apps()[0].clone();
        emulator.set_bot_endpoint(&app.app_id, &bot.url).unwrap();
        let tenant = emulator.tenants()[0].id.clone();
        let client = Client::builder().no_proxy().build().unwrap();
        let mut setup = Self { emulator, bot, app, tenant, client, token: String::new(), graph_token: String::new() };
        setup.token = setup.token_for("botframework.com", BOT_SCOPE).await;
        setup.graph_token = setup.token_for(&setup.tenant.clone(), GRAPH_SCOPE).await;
        setup
    }

    /// The same with the bot installed in the team, and the events of that taken.
    pub(crate) async fn installed() -> Self {
        Self::installed_with(EmulatorConfig::new(WorldSpec::demo(7, 60))).await
    }

    pub(crate) async fn installed_with(config: EmulatorConfig) -> Self {
        let setup = Self::with(config).await;
        setup.emulator.install_in_team(&setup.app.app_id, &setup.team().id).unwrap();
        setup.emulator.delivered().await;
        setup.bot.take();
        setup
    }

    pub(crate) async fn token_answer(&self, tenant: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.emulator.base_url());
        self.client.post(url).form(form).send().await.unwrap()
    }

    pub(crate) async fn token_for(&self, tenant: &str, scope: &str) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.app.app_id.as_str()),
            ("client_secret", self.app.secret.as_str()),
            ("scope", scope),
        ];
        let answer = self.token_answer(tenant, &form).await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["expires_in"], 3599);
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn team(&self) -> TeamView {
        self.emulator.tenants()[0].teams[0].clone()
    }

    pub(crate) fn person(&self, nth: usize) -> PersonView {
        self.emulator.people()[nth].clone()
    }

    /// A Connector call; `path` is below `/v3/`.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}v3/{path}", self.emulator.service_url());
        self.client.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.call(Method::POST, path).json(body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.call(Method::GET, path).send().await.unwrap()
    }

    /// A Graph call; `path` is below `/v1.0/`.
    pub(crate) fn graph(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v1.0/{path}", self.emulator.base_url());
        self.client.request(method, url).bearer_auth(&self.graph_token)
    }

    /// A control call; `path` is below `/_emulator/`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/_emulator/{path}", self.emulator.base_url()))
    }

    pub(crate) fn create_body(&self, member: &str) -> Value {
        json!({"isGroup": false, "members": [{"id": member}], "tenantId": self.tenant,
               "channelData": {"tenant": {"id": self.tenant}}})
    }

    /// Opens the personal chat with a person by `29:` id.
    pub(crate) async fn chat(&self, person: &PersonView) -> String {
        let answer = self.post("conversations", &self.create_body(&person.bots[0].member_id)).await;
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().await.unwrap();
        assert!(body.get("activityId").is_none());
        body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, conversation: &str, activity: &Value) -> Response {
        self.post(&format!("conversations/{conversation}/activities"), activity).await
    }

    /// Sends text and gives the id.
    pub(crate) async fn say(&self, conversation: &str, text: &str) -> String {
        let answer = self.send(conversation, &message(text)).await;
        assert_eq!(answer.status(), 201);
        id(answer).await
    }
}

pub(crate) fn message(text: &str) -> Value {
    json!({"type": "message", "text": text, "textFormat": "plain"})
}

pub(crate) async fn id(answer: Response) -> String {
    answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Status and error code of a refusal in the standard shape.
pub(crate) async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
}

/// An id as a path segment.
pub(crate) fn encoded(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}
