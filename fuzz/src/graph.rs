use std::fmt::Debug;
use std::pin::pin;

use futures_util::StreamExt as _;
use pregon_connector::graph::{
    ActivityNotification, BatchAnswer, Delta, DeltaError, Filter, InDirectory, List, TenantGraph, Throttling, Topic,
    UserKey,
};
use pregon_connector::{ConnectorError, Method};
use pregon_model::{CatalogAppId, ConversationId, GroupId, ObjectId, TenantId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::activity::same_again;
use crate::service::{Service, said, told};

/// A call of the Graph client, whatever Graph answers.
pub fn graph(data: &[u8]) {
    Service::answering(data, async |service, letter| {
        let graph = service.graph.tenant(&TenantId::new("7b1a"));
        Caller { service, graph }.call(letter).await;
    });
}

struct Caller<'a> {
    service: &'a Service,
    graph: TenantGraph<'a>,
}

impl Caller<'_> {
    async fn call(&self, letter: u8) {
        let (graph, group, ada) = (&self.graph, &GroupId::new("e8be"), &ObjectId::new("ada"));
        match letter {
            b'u' => self.list(graph.users().filter(Filter::is("userType", "Guest")).count()).await,
            b'U' => entity(graph.user(UserKey::Upn("ada@contoso.example")).await),
            b'i' => each(graph.users_by_id(std::slice::from_ref(ada)).await),
            b'n' => drop(said(graph.users().total().await)),
            b'z' => drop(said(graph.mailbox_time_zone(ada).await)),
            b'g' => self.list(graph.groups_with_team()).await,
            b'G' => entity(graph.group(group).metered().await.map(|group| group.value)),
            b'm' => self.list(graph.transitive_members(group)).await,
            b'M' => self.list(graph.transitive_member_users(group).page_size(999)).await,
            b'd' => self.changes(graph.user_changes()).await,
            b'D' => self.changes(graph.group_changes().with_members()).await,
            b't' => self.list(graph.teams()).await,
            b'T' => entity(graph.team(group).await),
            b'c' => self.list(graph.all_channels(group)).await,
            b'C' => entity(graph.primary_channel(group).await),
            b'p' => self.list(graph.team_members(group)).await,
            b'h' => self.list(graph.chats_with_app(ada, &CatalogAppId::new("7e2b"))).await,
            b'a' => self.list(graph.catalog_apps().with_definitions()).await,
            b'A' => self.first_contact().await,
            b'l' => self.list(graph.apps_of_chat(&ConversationId::new("19:c")).list().with_definitions()).await,
            b'b' => self.batch().await,
            b's' => drop(said(graph.notify_user(ada, &notification()).await)),
            b'r' => self.raw().await,
            _ => self.list(graph.raw_list::<Value>(&["groups", "e8be", "owners"])).await,
        }
    }

    /// Every page of a list. The next one is at this service, or not asked for.
    async fn list<T>(&self, list: List<'_, T>)
    where
        T: Serialize + DeserializeOwned + PartialEq + Debug + Clone,
    {
        let mut pages = pin!(list.pages());
        let mut away = false;
        while let Some(page) = pages.next().await {
            assert_eq!(matches!(page, Err(ConnectorError::Untrusted(_))), away, "{page:?}");
            let Some(page) = said(page) else { break };
            page.items.iter().for_each(same_again);
            plausible(&page.throttling);
            away = page.next.is_some_and(|link| !self.service.is_own(link.as_str()));
        }
        assert!(pages.next().await.is_none(), "a list ends with its error");
    }

    /// Every page of changes, with the same promise.
    async fn changes<T: InDirectory + PartialEq + Debug>(&self, changes: Delta<'_, T>) {
        let mut pages = pin!(changes.pages());
        let (mut away, mut complete) = (false, false);
        while let Some(page) = pages.next().await {
            assert_eq!(matches!(page, Err(DeltaError::Call(ConnectorError::Untrusted(_)))), away, "{page:?}");
            let page = match page {
                Ok(page) => page,
                Err(DeltaError::Call(error) | DeltaError::StartOver { source: error, .. }) => {
                    told(&error);
                    complete = true;
                    break;
                }
                Err(other) => unreachable!("{other:?} is no known error"),
            };
            page.changes.iter().for_each(same_again);
            plausible(&page.throttling);
            assert!(!page.link.as_str().is_empty(), "there is nothing to go on with");
            complete = page.complete;
            away = !complete && !self.service.is_own(page.link.as_str());
        }
        assert!(complete, "a round ends with its last page or an error");
        assert!(pages.next().await.is_none(), "a delta ends with its error");
    }

    /// An app found, installed, found there, its chat asked for, and removed: Graph's ids go into paths.
    async fn first_contact(&self) {
        let Some(Some(app)) = said(self.graph.catalog_app("7e2b").await) else { return };
        let apps = self.graph.apps_of_user(&ObjectId::new("ada"));
        said(apps.add(&app.id).await);
        let Some(Some(installation)) = said(apps.find(&app.id).await) else { return };
        same_again(&installation);
        said(apps.chat(&installation.id).await);
        said(apps.remove(&installation.id).await);
    }

    async fn batch(&self) {
        let (graph, app) = (&self.graph, CatalogAppId::new("7e2b"));
        let mut batch = graph.batch();
        let user = batch.add(graph.user(&ObjectId::new("ada")));
        let apps = graph.apps_of_user(&ObjectId::new("eve"));
        let install = batch.add(apps.add(&app));
        let found = batch.add_after(&install, apps.find(&app));
        let page = batch.add(graph.groups());
        // So many that there is a second part.
        let others: Vec<_> = (0..20).map(|_| batch.add(graph.raw(Method::GET, &["me"]))).collect();
        let mut answers = batch.await;
        of_batch(answers.take(user)).flatten().iter().for_each(same_again);
        of_batch(answers.take(install));
        of_batch(answers.take(found));
        if let Some(page) = of_batch(answers.take(page)) {
            page.items.iter().for_each(same_again);
        }
        for other in others {
            of_batch(answers.take(other)).map(|answer| answer.json::<Value>().map_err(|error| told(&error)));
        }
    }

    async fn raw(&self) {
        let Some(answer) = said(self.graph.raw(Method::PATCH, &["teams", "e8be"]).json(&"new").await) else { return };
        assert!((200..300).contains(&answer.status()));
        let _ = (answer.header("content-type"), answer.body().map(<[u8]>::len));
        said(answer.json::<Value>());
    }
}

fn entity<T>(result: Result<Option<T>, ConnectorError>)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    said(result).flatten().iter().for_each(same_again);
}

fn each<T>(result: Result<Vec<T>, ConnectorError>)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    said(result).iter().flatten().for_each(same_again);
}

fn of_batch<T>(answer: BatchAnswer<T>) -> Option<T> {
    plausible(&answer.throttling);
    let _ = (answer.status(), answer.header("content-type"));
    said(answer.result)
}

/// Numbers can be reckoned with.
fn plausible(throttling: &Throttling) {
    assert!(throttling.limit_used.is_none_or(|share| share.is_finite() && share >= 0.0), "{throttling:?}");
}

fn notification() -> ActivityNotification {
    let topic = Topic::text("Builds", "https://teams.microsoft.com/l/entity/app/page");
    ActivityNotification::system_default("Build 412 is red", topic, "red")
}
