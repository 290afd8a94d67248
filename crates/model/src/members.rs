use crate::wire::{Wire as _, open_set, wire};
use crate::{ChannelInfo, GroupId, MemberId, ObjectId, TeamId, TeamKind, TenantId};

wire! {
    /// One person of a roster: more than an activity tells of them.
    pub struct TeamsChannelAccount {
        /// `29:…`, unique to bot and user.
        pub id: MemberId => "id",
        /// Display name.
        pub name: Option<String> => "name",
        /// Entra object id. Teams writes it under either of two names; it is read from both and written
        /// under both.
        pub aad_object_id: Option<ObjectId> => "aadObjectId" also "objectId",
        /// First name.
        pub given_name: Option<String> => "givenName",
        /// Last name.
        pub surname: Option<String> => "surname",
        /// E-mail address; a guest's may differ from the user principal name.
        pub email: Option<String> => "email",
        /// Sign-in name.
        pub user_principal_name: Option<String> => "userPrincipalName",
        /// Tenant of the person.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// User, guest or anonymous.
        pub user_role: Option<UserRole> => "userRole",
    }
}

impl TeamsChannelAccount {
    /// A person of whom only the id is known.
    pub fn new(id: MemberId) -> Self {
        Self { id, ..Self::absent() }
    }

    /// Whether the person is a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.user_role == Some(UserRole::Guest)
    }
}

open_set! {
    /// What somebody of a roster is to the tenant.
    UserRole {
        /// In a meeting without an account.
        Anonymous = "anonymous",
        /// From another organisation.
        Guest = "guest",
        /// One of the organisation's own.
        User = "user",
    }
}

wire! {
    /// One page of a roster: answer of `GET /v3/conversations/{id}/pagedmembers`.
    #[derive(Default)]
    pub struct PagedMembers {
        /// The people of this page.
        pub members: Vec<TeamsChannelAccount> => "members",
        /// Asks for the next page; absent or empty on the last.
        pub continuation_token: Option<String> => "continuationToken",
    }

    /// A team's channels: answer of `GET /v3/teams/{id}/conversations`.
    #[derive(Default)]
    pub struct ChannelList {
        /// The team's channels; General has no name and the team's own id.
        pub conversations: Vec<ChannelInfo> => "conversations",
    }

    /// A team as the Connector tells it: answer of `GET /v3/teams/{id}`.
    pub struct TeamDetails {
        /// Thread id of the team.
        pub id: TeamId => required "id",
        /// Name of the team.
        pub name: Option<String> => "name",
        /// The team's Microsoft 365 group.
        pub aad_group_id: Option<GroupId> => "aadGroupId",
        /// The team's tenant.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// What sort of team it is.
        pub kind: Option<TeamKind> => "type",
        /// How many channels it has.
        pub channel_count: Option<u64> => "channelCount",
        /// How many people are in it.
        pub member_count: Option<u64> => "memberCount",
    }
}

impl TeamDetails {
    /// A team of which only the id is known.
    pub fn new(id: TeamId) -> Self {
        Self { id, ..Self::absent() }
    }
}
