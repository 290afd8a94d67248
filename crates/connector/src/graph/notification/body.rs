use serde_json::{Value, json};

use super::{ActivityNotification, SYSTEM_DEFAULT, SYSTEM_DEFAULT_TEXT};
use crate::graph::TenantGraph;
use crate::{BadArgument, ConnectorError};

impl ActivityNotification {
    /// The body of a call, but for who gets it.
    pub(super) fn body(&self, graph: &TenantGraph<'_>) -> Result<Value, ConnectorError> {
        self.check()?;
        let parameter = |(name, value): &(String, String)| json!({"name": name, "value": value});
        let mut body = json!({
            "topic": self.topic.body(graph)?,
            "activityType": self.activity_type,
            "previewText": {"content": self.preview},
            "templateParameters": self.parameters.iter().map(parameter).collect::<Vec<_>>(),
        });
        let options = [("chainId", json!(self.chain)), ("teamsAppId", json!(self.app)), ("iconId", json!(self.icon))];
        for (name, value) in options.into_iter().filter(|(_, value)| !value.is_null()) {
            body[name] = value;
        }
        Ok(body)
    }

    fn check(&self) -> Result<(), BadArgument> {
        let named = |name: &str| self.parameters.iter().filter(|(own, _)| own == name).count();
        if self.activity_type.trim().is_empty() {
            return Err(BadArgument::new("activity_type", "must not be empty"));
        }
        if self.preview.trim().is_empty() {
            return Err(BadArgument::new("preview", "must not be empty"));
        }
        if self.parameters.iter().any(|(name, _)| name.is_empty() || named(name) > 1) {
            return Err(BadArgument::new("parameter", "must have a name, and each name one value"));
        }
        if self.activity_type == SYSTEM_DEFAULT && named(SYSTEM_DEFAULT_TEXT) == 0 {
            return Err(BadArgument::new("parameter", "systemDefaultText must come with systemDefault"));
        }
        Ok(())
    }
}
