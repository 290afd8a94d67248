use serde::{Deserialize, Serialize};

use super::{ChannelKind, names};
use crate::chance::Chance;

/// What a world consists of when the emulator starts.
///
/// Everything is plain data: generate it with [`WorldSpec::demo`] or [`WorldSpec::tenants`], or
/// write it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldSpec {
    /// Decides every id that is not written down here (`29:…`, `a:1…`).
    pub seed: u64,
    /// The organisations.
    pub tenants: Vec<TenantSpec>,
    /// The bots; each is in every tenant's app catalogue, and installed where people and teams name it.
    pub apps: Vec<AppSpec>,
}

/// One organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSpec {
    /// Tenant id, a GUID.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Domain of the e-mail addresses; also names the tenant at the token endpoint.
    pub domain: String,
    /// Everybody, guests included.
    pub people: Vec<PersonSpec>,
    /// The teams.
    #[serde(default)]
    pub teams: Vec<TeamSpec>,
    /// The groups that are no teams.
    #[serde(default)]
    pub groups: Vec<GroupSpec>,
    /// The group chats.
    #[serde(default)]
    pub group_chats: Vec<GroupChatSpec>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSpec {
    /// Entra object id, a GUID.
    pub id: String,
    /// Given name.
    pub given_name: String,
    /// Surname.
    pub surname: String,
    /// E-mail address.
    pub email: String,
    /// Sign-in name; a guest's differs from the e-mail address.
    pub user_principal_name: String,
    /// Language of the person's client (BCP 47).
    pub locale: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Whether the person is a guest of the tenant.
    #[serde(default)]
    pub guest: bool,
    /// App ids of the bots the person has from the start; nobody is told.
    #[serde(default)]
    pub bots: Vec<String>,
}

/// One team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamSpec {
    /// Thread id, `19:…@thread.tacv2`; also the id of the General channel.
    pub id: String,
    /// Microsoft 365 group id, a GUID: what Graph calls the team.
    pub group_id: String,
    /// Display name.
    pub name: String,
    /// Channels beside General.
    #[serde(default)]
    pub channels: Vec<ChannelSpec>,
    /// Object ids of the members; absent means everybody in the tenant.
    #[serde(default)]
    pub members: Option<Vec<String>>,
    /// App ids of the bots that are in the team from the start; nobody is told.
    #[serde(default)]
    pub bots: Vec<String>,
}

/// One group of the directory that is no team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// Object id, a GUID.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Object ids of the people in it.
    #[serde(default)]
    pub members: Vec<String>,
    /// Ids of the groups in it, those of teams among them.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// One chat of several people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupChatSpec {
    /// Conversation id, `19:…@thread.v2`.
    pub id: String,
    /// What the chat is called, when somebody gave it a name.
    #[serde(default)]
    pub topic: Option<String>,
    /// Object ids of the people in it.
    pub members: Vec<String>,
    /// App ids of the bots that are in the chat from the start; nobody is told.
    #[serde(default)]
    pub bots: Vec<String>,
}

/// One channel beside General.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpec {
    /// Thread id, `19:…@thread.tacv2`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Who sees it; everybody in the team, unless it says otherwise.
    #[serde(default)]
    pub kind: ChannelKind,
    /// Object ids of the members of a private or shared channel.
    #[serde(default)]
    pub members: Vec<String>,
}

impl ChannelSpec {
    /// A channel for the whole team.
    pub fn standard(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), kind: ChannelKind::Standard, members: Vec::new() }
    }
}

/// One bot: an app registration, a bot registration and a Teams app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSpec {
    /// Entra client id, a GUID.
    pub app_id: String,
    /// Client secret.
    pub secret: String,
    /// Id in the app manifest: Graph's `externalId`.
    pub manifest_id: String,
    /// Id in the app catalogue: what Graph installs.
    pub catalog_id: String,
    /// Display name of the bot.
    pub name: String,
}

impl std::fmt::Debug for AppSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppSpec").field("app_id", &self.app_id).field("name", &self.name).finish_non_exhaustive()
    }
}

const CHANNELS: [&str; 3] = ["Releases", "Berth planning", "Night shift"];

impl WorldSpec {
    /// One organisation with one team, `Harbor Ops`: General and three more channels, and `members`
    /// people in it, the last of them a guest when there are at least three. One bot.
    pub fn demo(seed: u64, members: usize) -> Self {
        let mut chance = Chance::new(seed);
        let apps = vec![AppSpec::generate(&mut chance, "Harbor Notify")];
        let tenant =
            TenantSpec::generate(&mut chance, "Harbor Logistics", "harbor-logistics.example", "Harbor Ops", members);
        Self { seed, tenants: vec![tenant], apps }
    }

    /// `tenants` organisations of one team of `members` people each, and one bot for all of them:
    /// a vendor's app. For measuring.
    pub fn tenants(seed: u64, tenants: usize, members: usize) -> Self {
        let mut chance = Chance::new(seed);
        let apps = vec![AppSpec::generate(&mut chance, "Harbor Notify")];
        let tenants = (1..=tenants)
            .map(|n| {
                let (name, domain) = (format!("Port {n}"), format!("port-{n}.example"));
                TenantSpec::generate(&mut chance, &name, &domain, &format!("Port {n} Ops"), members)
            })
            .collect();
        Self { seed, tenants, apps }
    }
}

impl TenantSpec {
    fn generate(chance: &mut Chance, name: &str, domain: &str, team: &str, members: usize) -> Self {
        let id = chance.guid();
        let team = TeamSpec::generate(chance, team);
        let people = names::people(chance, domain, members);
        Self { id, name: name.to_owned(), domain: domain.to_owned(), people, teams: vec![team], ..Self::default() }
    }
}

impl TeamSpec {
    fn generate(chance: &mut Chance, name: &str) -> Self {
        let channels = CHANNELS.iter().map(|name| ChannelSpec::standard(thread_id(chance), *name)).collect();
        Self {
            id: thread_id(chance),
            group_id: chance.guid(),
            name: name.to_owned(),
            channels,
            members: None,
            bots: Vec::new(),
        }
    }
}

impl AppSpec {
    fn generate(chance: &mut Chance, name: &str) -> Self {
        Self {
            app_id: chance.guid(),
            secret: format!("emulator~{:016x}{:016x}", chance.next(), chance.next()),
            manifest_id: chance.guid(),
            catalog_id: chance.guid(),
            name: name.to_owned(),
        }
    }
}

fn thread_id(chance: &mut Chance) -> String {
    format!("19:{:016x}{:016x}@thread.tacv2", chance.next(), chance.next())
}
