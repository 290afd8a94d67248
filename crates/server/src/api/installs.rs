use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pregon_domain::directory::{Capture, CaptureChange, Person, Scope};
use pregon_domain::ports::{ChannelError, ChannelFailure, ChannelResult, Place};
use pregon_domain::scopes::GraphCall;
use pregon_domain::{Address, BotName, LaneId, LaneKey};
use pregon_model::{GroupId, ObjectId, TenantId, is_guid};
use serde::Serialize;

use crate::api::Problem;
use crate::api::body::JsonObject;
use crate::api::fields::Fields;
use crate::app::App;
use crate::bots::Bot;
use crate::config::lower_tenant;

/// What an install did.
#[derive(Debug, Serialize)]
pub(crate) struct InstallView {
    /// `installed`, also when the app was there already.
    result: &'static str,
    bot: BotName,
    tenant: TenantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<GroupId>,
    /// Entra object id of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<ObjectId>,
}

/// Where the app is put.
enum Where {
    Team(GroupId),
    Person(Address),
}

/// `POST /api/v1/installs`: puts the app in a team or at a person's, now, through Graph.
///
/// Teams tells the bot a little later; the conversation is captured then.
pub(crate) async fn create(State(app): State<App>, body: JsonObject) -> Result<Json<InstallView>, Problem> {
    let mut fields = Fields::new(body.members, &["team", "person", "bot", "tenant"])?;
    let into = read_target(fields.take("team")?, fields.take("person")?)?;
    let bot = app.bot(fields.take::<String>("bot")?.as_deref())?;
    if bot.config.manifest_id.is_none() {
        let detail = format!("Bot {} has no manifest_id, so its app cannot be found in the catalogue.", bot.name);
        return Err(Problem::new(StatusCode::CONFLICT, "manifest_id_missing", detail)
            .remedy("Set manifest_id of the bot in pregon.toml and start the server again."));
    }
    let tenant = tenant(bot, fields.take("tenant")?)?;
    let place = Place { lane: LaneKey { bot: bot.name.clone(), tenant }, service_url: None };
    let lane = app.store.lane(&place.lane).await?;
    app.engine.wake();
    Installer { app: &app, lane, place }.install(into).await.map(Json)
}

fn read_target(team: Option<String>, person: Option<String>) -> Result<Where, Problem> {
    match (team, person) {
        (Some(team), None) if is_guid(&team) => Ok(Where::Team(GroupId::new(team.to_ascii_lowercase()))),
        (Some(_), None) => Err(Problem::field("invalid_value", "/team", "team is no Microsoft 365 group id (a GUID).")
            .remedy("Graph installs by the group's id, not by the 19: id of the team.")),
        (None, Some(person)) => match person.parse() {
            Ok(address @ (Address::Email(_) | Address::Object(_))) => Ok(Where::Person(address)),
            _ => Err(Problem::field("invalid_value", "/person", "person is no e-mail address or Entra object id.")),
        },
        _ => Err(Problem::field("missing_field", "/team", "Exactly one of team and person is needed.")),
    }
}

fn tenant(bot: &Bot, named: Option<String>) -> Result<TenantId, Problem> {
    match named.map(|text| lower_tenant(&TenantId::new(text))).or_else(|| bot.config.home_tenant()) {
        Some(tenant) if bot.config.serves(&tenant) => Ok(tenant),
        Some(tenant) => {
            let detail = format!("Bot {} does not serve tenant {tenant}.", bot.name);
            Err(Problem::field("tenant_not_allowed", "/tenant", detail))
        }
        None => Err(Problem::field("missing_field", "/tenant", "The bot has no home tenant: tenant is needed.")),
    }
}

struct Installer<'a> {
    app: &'a App,
    lane: LaneId,
    place: Place,
}

impl Installer<'_> {
    async fn install(self, into: Where) -> Result<InstallView, Problem> {
        let channel = &self.app.channel;
        let person = match &into {
            Where::Person(address) => Some(self.object_id(address).await?),
            Where::Team(_) => None,
        };
        let catalog = self.graph(GraphCall::Catalog, channel.catalog_app(&self.place)).await?;
        let install = match (&into, &person) {
            (Where::Team(group), _) => channel.install_in_team(&self.place, &catalog, group),
            (_, Some(person)) => channel.install_for_person(&self.place, &catalog, person),
            (Where::Person(_), None) => Box::pin(async { Ok(()) }), // a person was looked up above
        };
        self.graph(GraphCall::Install, install).await?;
        if let Some(person) = &person {
            self.remember(person).await?;
        }
        let LaneKey { bot, tenant } = self.place.lane;
        tracing::info!(bot.name = %bot, tenant.id = %tenant, "the app of bot {bot} was installed through Graph");
        let team = if let Where::Team(group) = into { Some(group) } else { None };
        Ok(InstallView { result: "installed", bot, tenant, team, person })
    }

    async fn graph<T>(&self, call: GraphCall, what: impl Future<Output = ChannelResult<T>>) -> Result<T, Problem> {
        self.app.engine.graph(self.lane, &self.place.lane, call, what).await.map_err(failed)
    }

    async fn object_id(&self, address: &Address) -> Result<ObjectId, Problem> {
        let email = match address {
            Address::Object(id) => return Ok(id.clone()),
            other => other.to_string(),
        };
        let known = self.app.store.find_email(&self.place.lane.bot, &email).await?;
        if let Some(id) = known.and_then(|reference| reference.person?.object_id) {
            return Ok(id);
        }
        let found = self.graph(GraphCall::User, self.app.channel.find_person(&self.place, &email)).await?;
        found.and_then(|person| person.object_id).ok_or_else(|| {
            Problem::new(StatusCode::NOT_FOUND, "person_not_found", "The tenant knows nobody by this address.")
                .remedy("Write the sign-in name or the Entra object id.")
        })
    }

    /// The next message to this person needs no install of its own.
    async fn remember(&self, person: &ObjectId) -> Result<(), Problem> {
        let capture = Capture {
            lane: self.lane,
            scope: Scope::Personal,
            conversation: None,
            service_url: None,
            person: Some(Person { object_id: Some(person.clone()), ..Person::default() }),
            name: None,
            team: None,
            group: None,
            change: CaptureChange::Installed,
        };
        self.app.store.capture(&capture, self.app.clock.now()).await?;
        Ok(())
    }
}

/// Graph's refusal as ours: what was asked for is wrong (4xx), or Microsoft is (502).
fn failed(failure: ChannelFailure) -> Problem {
    let ChannelFailure { error, detail } = failure;
    let problem = |status, code| Problem::new(status, code, format!("Microsoft Graph: {detail}."));
    match error {
        ChannelError::Throttled { retry_after } => {
            let problem = problem(StatusCode::TOO_MANY_REQUESTS, "throttled").remedy("Try again after Retry-After.");
            retry_after.map_or(problem.clone(), |wait| problem.retry_after(wait))
        }
        ChannelError::NotFound => problem(StatusCode::NOT_FOUND, "graph_not_found")
            .remedy("Look at the team or person, and that the app is in the tenant's catalogue."),
        ChannelError::Credentials => problem(StatusCode::BAD_GATEWAY, "credentials_refused")
            .remedy("Look at the bot's app id, secret and tenant."),
        ChannelError::NotSent | ChannelError::Unanswered | ChannelError::ServerError => {
            problem(StatusCode::BAD_GATEWAY, "graph_unavailable")
                .remedy("Try again: installing what is installed does no harm.")
        }
        _ => problem(StatusCode::BAD_GATEWAY, "graph_refused")
            .remedy("Look at the app's Graph permissions and at the tenant's app policies."),
    }
}
