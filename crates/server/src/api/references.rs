use axum::Json;
use axum::extract::State;
use pregon_domain::directory::{Person, Reach, Reference, Scope};
use pregon_domain::{BotName, ReferenceId, Timestamp};
use pregon_model::{ConversationId, GroupId, ServiceUrl, TenantId};
use serde::{Deserialize, Serialize};

use crate::api::page::{Limit, Page, Parameters, cursor, parameter};
use crate::api::{Named, Problem};
use crate::app::App;

/// A stored conversation reference as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct ReferenceView {
    id: ReferenceId,
    bot: BotName,
    tenant: TenantId,
    scope: Scope,
    /// `null` for a person whose chat has not been created yet.
    conversation: Option<ConversationId>,
    service_url: Option<ServiceUrl>,
    person: Option<Person>,
    name: Option<String>,
    /// The team of a channel.
    team: Option<ReferenceId>,
    group: Option<GroupId>,
    reach: Reach,
    installed: bool,
    generation: u32,
    seen_at: Timestamp,
}

impl From<Reference> for ReferenceView {
    fn from(it: Reference) -> Self {
        Self {
            id: it.id,
            bot: it.bot,
            tenant: it.tenant,
            scope: it.scope,
            conversation: it.conversation,
            service_url: it.service_url,
            person: it.person,
            name: it.name,
            team: it.team,
            group: it.group,
            reach: it.reach,
            installed: it.installed,
            generation: it.generation,
            seen_at: it.seen_at,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    scope: Option<String>,
    bot: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// `GET /api/v1/references`: whom and what the bots can reach, oldest first.
pub(crate) async fn list(
    State(app): State<App>,
    Parameters(query): Parameters<Filter>,
) -> Result<Json<Page<ReferenceView>>, Problem> {
    let limit = Limit::read(query.limit.as_deref())?;
    let scopes = "personal, team, channel or group_chat";
    let scope = parameter("scope", query.scope.as_deref(), Scope::parse, scopes)?;
    let bot = query.bot.map(BotName::new);
    let after = cursor(query.cursor.as_deref())?;
    let rows = app.store.references(bot.as_ref(), scope, after, limit.and_one()).await?;
    Ok(Json(Page::new(rows, limit, |row| row.id.to_string(), ReferenceView::from)))
}

/// `GET /api/v1/references/{id}`.
pub(crate) async fn get(State(app): State<App>, Named(id): Named) -> Result<Json<ReferenceView>, Problem> {
    let unknown = || Problem::unknown("reference", &id);
    let reference = id.parse::<ReferenceId>().map_err(|_| unknown())?;
    Ok(Json(app.store.reference(reference).await?.ok_or_else(unknown)?.into()))
}
