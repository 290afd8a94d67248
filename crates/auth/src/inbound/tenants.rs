use pregon_model::TenantId;

/// Which tenants' activities a bot takes.
///
/// A token of Teams names the bot and says nothing of tenants: a person of any tenant the app can be
/// installed in reaches the bot. This is the list that says who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedTenants {
    /// Every tenant the app is installed in, as a bot that is sold to many wants it.
    Any,
    /// These, by id and without regard to case; an activity that names no tenant is refused.
    Only(Vec<TenantId>),
}

impl AllowedTenants {
    /// One tenant, as a single-tenant bot wants it.
    pub fn one(tenant: TenantId) -> Self {
        Self::Only(vec![tenant])
    }

    /// Whether activities of this tenant are taken.
    pub fn allows(&self, tenant: Option<&TenantId>) -> bool {
        match (self, tenant) {
            (Self::Any, _) => true,
            (Self::Only(_), None) => false,
            (Self::Only(listed), Some(tenant)) => {
                listed.iter().any(|listed| listed.as_str().eq_ignore_ascii_case(tenant.as_str()))
            }
        }
    }
}
