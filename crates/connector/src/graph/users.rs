use pregon_model::ObjectId;
use serde::Deserialize;
use serde_json::json;

use super::page::PAGE_LIMIT;
use super::read::found;
use super::{Filter, List, Page, TenantGraph, User, UserKey};
use crate::transport::Call;
use crate::{BadArgument, Request};

/// Most ids [`TenantGraph::users_by_id`] takes. Source: Microsoft Learn, "directoryObject: getByIds".
const MOST_IDS: usize = 1_000;

/// People of the directory.
///
/// Permission, unless said otherwise: `User.ReadBasic.All` when only names and addresses are selected,
/// else `User.Read.All`. Limit: 3 500 to 8 000 resource units in 10 seconds for one app in one tenant.
impl<'a> TenantGraph<'a> {
    /// Everybody: members, guests, and the accounts of rooms and machines. 1 resource unit a page.
    ///
    /// Source: Microsoft Learn, "List users".
    pub fn users(&self) -> List<'a, User> {
        self.directory(&["users"]).select(&[User::SELECT])
    }

    /// A person; `None` when the tenant does not know them. 1 resource unit.
    ///
    /// Source: Microsoft Learn, "Get a user".
    pub fn user<'k>(&self, user: impl Into<UserKey<'k>>) -> Request<'a, Option<User>> {
        self.user_selecting(user, &[User::SELECT])
    }

    /// A person, with only these properties by their names on the wire; the id always comes.
    pub fn user_selecting<'k>(&self, user: impl Into<UserKey<'k>>, properties: &[&str]) -> Request<'a, Option<User>> {
        let request = self.get(&["users", user.into().as_str()], found);
        request.map(|call| Ok(call.query("$select", &properties.join(","))))
    }

    /// Who has this address: as primary address, as sign-in name, or as one of the others.
    ///
    /// Usually one person. It is an advanced query: somebody added seconds ago may be missing.
    ///
    /// Source: Microsoft Learn, "List users".
    pub fn users_by_email(&self, address: &str) -> List<'a, User> {
        let mut list = self.users();
        // Graph refuses `or` over a collection in basic queries.
        list.query.advanced = true;
        let other = Filter::any("proxyAddresses", Filter::is("a", &format!("smtp:{address}")));
        list.filter(Filter::is("mail", address).or(Filter::is("userPrincipalName", address)).or(other))
    }

    /// Up to 1 000 people in one call, in no order; unknown ids are left out. 3 resource units.
    ///
    /// Permission: `Directory.Read.All`; without it, `Filter::one_of("id", …)` of [`TenantGraph::users`]
    /// takes 15. Source: Microsoft Learn, "directoryObject: getByIds".
    pub fn users_by_id(&self, ids: &[ObjectId]) -> Request<'a, Vec<User>> {
        let body = json!({ "ids": ids, "types": ["user"] });
        let within = (1..=MOST_IDS).contains(&ids.len());
        self.post(&["directoryObjects", "getByIds"], &body, Page::read_items).map(|call| {
            if within {
                Ok(Call { limit: PAGE_LIMIT, ..call })
            } else {
                Err(BadArgument::new("ids", "must be 1 to 1000").into())
            }
        })
    }

    /// The time zone of a person's mailbox, by its Windows or its IANA name; `None` when they have no
    /// mailbox or none is set.
    ///
    /// Permission: `MailboxSettings.Read`. Limit: 10 000 calls in 10 minutes for one app and mailbox, 4
    /// at a time. Source: Microsoft Learn, "Get user mailbox settings".
    pub fn mailbox_time_zone<'k>(&self, user: impl Into<UserKey<'k>>) -> Request<'a, Option<String>> {
        #[derive(Deserialize)]
        struct Setting {
            value: Option<String>,
        }
        self.get(&["users", user.into().as_str(), "mailboxSettings", "timeZone"], |answer| {
            let setting: Option<Setting> = found(answer)?;
            Ok(setting.and_then(|setting| setting.value).filter(|zone| !zone.is_empty()))
        })
    }
}
