use super::page::page_size;
use super::{Filter, Search};
use crate::ConnectorError;
use crate::transport::Call;

/// The `OData` parameters of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pub(super) select: Option<String>,
    pub(super) expand: Option<&'static str>,
    pub(super) filter: Option<Filter>,
    pub(super) search: Option<Search>,
    pub(super) order: Option<String>,
    pub(super) top: Option<u16>,
    /// Whether the caller, or the list itself, wants an advanced query.
    pub(super) advanced: bool,
    /// Whether the list is one of directory objects; others know no advanced queries.
    pub(super) directory: bool,
}

impl Query {
    /// The call with all parameters, in the order of the documentation.
    pub(super) fn apply(&self, call: Call) -> Result<Call, ConnectorError> {
        let mut call = self.condition(self.consistency(call))?;
        let top = self.top.map(page_size).transpose()?;
        let parameters =
            [("$select", self.select.as_deref()), ("$orderby", self.order.as_deref()), ("$top", top.as_deref())];
        for (name, value) in parameters {
            if let Some(value) = value {
                call = call.query(name, value);
            }
        }
        if self.is_advanced() { Ok(call.query("$count", "true")) } else { Ok(call) }
    }

    /// The call with what decides which objects are meant, and no more: for counting them.
    pub(super) fn condition(&self, mut call: Call) -> Result<Call, ConnectorError> {
        if let Some(expand) = self.expand {
            call = call.query("$expand", expand);
        }
        if let Some(filter) = &self.filter {
            if let Some(fault) = &filter.fault {
                return Err(fault.clone().into());
            }
            call = call.query("$filter", filter.as_str());
        }
        if let Some(search) = &self.search {
            call = call.query("$search", search.as_str());
        }
        Ok(call)
    }

    /// The header advanced queries need; links of an answer do not carry it on.
    pub(super) fn consistency(&self, call: Call) -> Call {
        if self.is_advanced() { call.header("ConsistencyLevel", "eventual") } else { call }
    }

    fn is_advanced(&self) -> bool {
        let filter = self.filter.as_ref().is_some_and(|filter| filter.advanced);
        self.directory && (self.advanced || filter || self.search.is_some() || self.order.is_some())
    }
}
