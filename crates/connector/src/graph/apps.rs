use super::{CatalogApp, Filter, List, Page, TenantGraph};
use crate::Request;

/// The tenant's catalogue of apps.
///
/// Permission: `AppCatalog.Read.All`. Limit: 30 calls a second for one app in one tenant.
///
/// Source: Microsoft Learn, "List teamsApp".
impl<'a> TenantGraph<'a> {
    /// The app by the id of its manifest; `None` when it is not in the catalogue. Look it up once and
    /// keep the result.
    pub fn catalog_app(&self, manifest_id: &str) -> Request<'a, Option<CatalogApp>> {
        self.catalog_apps().filter(Filter::is("externalId", manifest_id)).request(Page::read_first)
    }

    /// All apps: those of the organisation and those of the store, which are thousands. A filter on
    /// `distributionMethod` (`organization`, `store`, `sideloaded`) keeps it short.
    pub fn catalog_apps(&self) -> List<'a, CatalogApp> {
        self.raw_list(&["appCatalogs", "teamsApps"])
    }
}

impl List<'_, CatalogApp> {
    /// Tells each app's versions, too, with what the administrator said of them.
    pub fn with_definitions(mut self) -> Self {
        self.query.expand = Some("appDefinitions");
        self
    }
}
