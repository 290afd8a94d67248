use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    bot_framework,
    calls::LoggedCall,
    chance::Chance,
    clock::Clock,
    connector::{self, Batches},
    control, entra,
    faults::Faults,
    files::File,
    graph,
    http::{Call, json_answer, not_found},
    limits::Gate,
    lock::lock,
    log::Log,
    notifications::FeedNotification,
    operation::Operation,
    outgoing::Outgoing,
    tokens::Tokens,
    world::World,
};

/// Everything the services share. Locks are taken in the order of the fields and never held
/// across an await.
pub(crate) struct App {
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
    pub(crate) page_size_max: usize,
    pub(crate) message_bytes_max: usize,
    /// Whether messages and calls are kept, or only counted.
    pub(crate) keeps_bodies: bool,
    pub(crate) batch_members: RangeInclusive<usize>,
    pub(crate) serves_control: bool,
    pub(crate) tokens: Tokens,
    pub(crate) outgoing: Outgoing,
    pub(crate) faults: Faults,
    pub(crate) batches: Batches,
    pub(crate) files: Mutex<HashMap<String, File>>,
    pub(crate) notifications: Mutex<Vec<FeedNotification>>,
    pub(crate) world: Mutex<World>,
    pub(crate) gate: Mutex<Gate>,
    pub(crate) log: Mutex<Log>,
    pub(crate) calls: Mutex<Vec<LoggedCall>>,
    pub(crate) chance: Mutex<Chance>,
    pub(crate) counters: [AtomicU64; Operation::ALL.len()],
    /// Calls refused as over a limit.
    pub(crate) throttled: AtomicU64,
    /// Told after everything that is logged or delivered.
    pub(crate) changed: Notify,
}

impl App {
    /// Base address of the Connector, as activities name it.
    pub(crate) fn service_url(&self) -> String {
        format!("{}/emea/", self.base_url)
    }

    pub(crate) fn guid(&self) -> String {
        lock(&self.chance).guid()
    }

    pub(crate) fn count(&self, operation: Operation) {
        self.counters[operation as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn changed(&self) {
        self.changed.notify_waiters();
    }
}

/// Answers every request: the services share one address and are told apart by path.
pub(crate) async fn dispatch(State(app): State<Arc<App>>, request: Request) -> Response {
    let arrived = app.clock.micros();
    let call = match Call::read(request, arrived).await {
        Ok(call) => call,
        Err(answer) => return answer,
    };
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [] => index(&app),
        ["_emulator", rest @ ..] => control::serve(&app, &call, rest).await,
        ["v1", ".well-known", document] => bot_framework::serve(&app, &call, document),
        ["common", "discovery", "instance"] => entra::instance(&app, &call),
        ["metadata", "identity", "oauth2", "token"] => entra::managed_identity_token(&app, &call).await,
        [tenant, "oauth2", "v2.0", "token"] => entra::token(&app, &call, tenant).await,
        [tenant, "v2.0", ".well-known", "openid-configuration"] => entra::metadata(&app, &call, tenant),
        [_, "discovery", "v2.0", "keys"] => entra::keys(&app, &call),
        ["v1.0", rest @ ..] => graph::serve(&app, &call, rest).await,
        // Regional, global and tenant-qualified bases take the same paths.
        [v3, rest @ ..] | [_, v3, rest @ ..] | [_, _, v3, rest @ ..] if v3.eq_ignore_ascii_case("v3") => {
            connector::serve(&app, &call, rest).await
        }
        _ => not_found(&call),
    }
}

fn index(app: &App) -> Response {
    let base = &app.base_url;
    json_answer(
        StatusCode::OK,
        &json!({
            "what": "A local emulator of the Microsoft services a Teams bot talks to. Nothing here is Microsoft's.",
            "version": env!("CARGO_PKG_VERSION"),
            "login": base,
            "bot_framework_metadata": format!("{base}/v1/.well-known/openidconfiguration"),
            "service_url": app.service_url(),
            "graph": format!("{base}/v1.0"),
            "control": app.serves_control.then(|| format!("{base}/_emulator/stats")),
        }),
    )
}
