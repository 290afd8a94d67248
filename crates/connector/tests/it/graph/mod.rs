//! The Graph client: each call's method, address, headers and body, and what is made of the answers.

mod apps;
mod batch;
mod delta;
mod entities;
mod groups;
mod installations;
mod links;
mod lists;
mod notifications;
mod teams;
mod throttling;
mod users;

use pregon_connector::Graph;
use pregon_connector::graph::TenantGraph;
use pregon_model::TenantId;
use serde_json::{Value, json};

use crate::service::{Asked, Reply, Service};

/// A Graph client and the service it calls.
pub(crate) struct Desk {
    pub(crate) service: Service,
    graph: Graph,
}

impl Desk {
    /// The answers to the calls to come, in order.
    pub(crate) async fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let service = Service::start().await;
        service.answers(replies);
        let graph = service.graph();
        Self { service, graph }
    }

    pub(crate) fn graph(&self) -> TenantGraph<'_> {
        self.graph_of(&TenantId::new("customer"))
    }

    pub(crate) fn graph_of(&self, tenant: &TenantId) -> TenantGraph<'_> {
        self.graph.tenant(tenant)
    }

    /// Method and target of each call so far, the target without `/v1.0` and decoded.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.service.asked().iter().map(described).collect()
    }

    /// A link to this Graph, as answers have them.
    pub(crate) fn link(&self, path_and_query: &str) -> String {
        format!("{}v1.0/{path_and_query}", self.service.base)
    }
}

fn described(asked: &Asked) -> String {
    let target = asked.target.strip_prefix("/v1.0").unwrap_or(&asked.target);
    let target = percent_encoding::percent_decode_str(target).decode_utf8().unwrap();
    format!("{} {target}", asked.method)
}

/// A page of these items with the members of a collection's answer.
pub(crate) fn page(items: &Value) -> Reply {
    ok(&json!({"@odata.context": "…/$metadata#things", "value": items}))
}

pub(crate) fn ok(body: &Value) -> Reply {
    Reply::new(200, body.to_string())
}
