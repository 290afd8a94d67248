use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pregon_domain::ports::ApiKey;
use pregon_domain::{KeyId, Timestamp};
use serde::Serialize;

use crate::api::body::JsonObject;
use crate::api::fields::Fields;
use crate::api::page::Page;
use crate::api::{Named, Problem};
use crate::app::App;
use crate::key::{self, BootstrapError};

/// Longest name of a key, characters.
const LONGEST_NAME: usize = 100;

/// An API key as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct KeyView {
    id: KeyId,
    name: String,
    created_at: Timestamp,
    /// Only in the answer that makes the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self { id: key.id, name: key.name, created_at: key.created_at, secret: None }
    }
}

/// `POST /api/v1/api_keys`: makes a key; its secret is told this once.
pub(crate) async fn create(State(app): State<App>, body: JsonObject) -> Result<(StatusCode, Json<KeyView>), Problem> {
    let mut fields = Fields::new(body.members, &["name"])?;
    let name: String = fields.need("name")?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Problem::field("invalid_value", "/name", "name is a text of 1 to 100 characters."));
    }
    match key::make(&*app.store, &*app.clock, &app.chance, name).await {
        Ok((key, secret)) => {
            tracing::info!(key.id = %key.id, "API key {} was made", key.id);
            let view = KeyView { secret: Some(secret.expose().to_owned()), ..key.into() };
            Ok((StatusCode::CREATED, Json(view)))
        }
        Err(BootstrapError::Store(error)) => Err(error.into()),
        Err(BootstrapError::NoRandomness(error)) => {
            tracing::error!(%error, "no API key could be made: {error}");
            Err(Problem::internal())
        }
    }
}

/// `GET /api/v1/api_keys`: every key, without its secret.
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Page<KeyView>>, Problem> {
    let data = app.store.keys().await?.into_iter().map(KeyView::from).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// `DELETE /api/v1/api_keys/{id}`: the key is not taken any more.
pub(crate) async fn remove(State(app): State<App>, Named(id): Named) -> Result<StatusCode, Problem> {
    let unknown = || Problem::unknown("API key", &id);
    let key = id.parse::<KeyId>().map_err(|_| unknown())?;
    if !app.store.remove_key(key).await? {
        return Err(unknown());
    }
    tracing::info!(key.id = %key, "API key {key} was removed");
    Ok(StatusCode::NO_CONTENT)
}
