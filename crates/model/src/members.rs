use crate::wire::wire;

use crate::{ChannelInfo, GroupId, MemberId, ObjectId, TeamId, TenantId};

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
        /// E-mail address; a guest's may differ from the user principal name.
        pub email: Option<String> => "email",
        /// Sign-in name.
        pub user_principal_name: Option<String> => "userPrincipalName",
        /// Tenant of the person.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// `user`, `guest` or `anonymous`.
        pub user_role: Option<String> => "userRole",
    }
}

impl TeamsChannelAccount {
    /// Whether the person is a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.user_role.as_deref().is_some_and(|role| role.eq_ignore_ascii_case("guest"))
    }
}

wire! {
    /// One page of `GET /v3/conversations/{id}/pagedmembers`.
    #[derive(Default)]
    pub struct PagedMembers {
        /// The people of this page.
        pub members: Vec<TeamsChannelAccount> => "members",
        /// Asks for the next page; absent or empty on the last.
        pub continuation_token: Option<String> => "continuationToken",
    }
}

wire! {
    /// Answer of `GET /v3/teams/{id}/conversations`.
    #[derive(Default)]
    pub struct ChannelList {
        /// The team's channels; General has no name and the team's own id.
        pub conversations: Vec<ChannelInfo> => "conversations",
    }
}

wire! {
    /// Answer of `GET /v3/teams/{id}`.
    pub struct TeamDetails {
        /// Thread id of the team.
        pub id: TeamId => "id",
        /// Name of the team.
        pub name: Option<String> => "name",
        /// The team's Microsoft 365 group.
        pub aad_group_id: Option<GroupId> => "aadGroupId",
    }
}
