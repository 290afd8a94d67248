use axum::response::Response;

use super::{Caller, error::throttled};
use crate::{
    app::App,
    http::{Call, with_header},
    limits::GraphLimit,
    lock::lock,
    operation::Operation,
};

/// What a call cost, to be told in its answer.
pub(super) struct Charged {
    limit: GraphLimit,
    units: usize,
    /// Share of the limit that is used, this call included.
    used: f64,
}

/// Graph tells how much of a limit is used from this share on, and at most that much.
const TOLD_FROM: f64 = 0.8;
const TOLD_AT_MOST: f64 = 1.8;

/// Charges a call, or refuses it; the error is the answer.
///
/// Source: Microsoft Learn, "Microsoft Graph service-specific throttling limits".
pub(super) fn charge(app: &App, call: &Call, caller: Caller, operation: Operation) -> Result<Charged, Response> {
    let people = lock(&app.world).tenants[caller.tenant.0].people.len();
    let limit = GraphLimit::of(operation, people);
    let units = if limit.is_directory() { resource_units(call, operation) } else { 1 };
    let admitted = lock(&app.gate).admit_graph(caller.app, caller.tenant, limit, units, call.arrived);
    match admitted {
        Ok(used) => Ok(Charged { limit, units, used }),
        Err(seconds) if limit.is_directory() => {
            let app_id = lock(&app.world).apps[caller.app.0].app_id.clone();
            let tenant = lock(&app.world).tenants[caller.tenant.0].id.clone();
            let scope = format!("Tenant_Application/ReadWrite/{app_id}/{tenant}");
            let answer = with_header(throttled(app, seconds), "x-ms-throttle-scope", &scope);
            Err(with_header(answer, "x-ms-throttle-information", "ResourceUnitLimitExceeded"))
        }
        Err(seconds) => Err(throttled(app, seconds)),
    }
}

impl Charged {
    /// Says in the answer what the call cost, as the directory does.
    pub(super) fn mark(&self, answer: Response) -> Response {
        if !self.limit.is_directory() {
            return answer;
        }
        let answer = with_header(answer, "x-ms-resource-unit", &self.units.to_string());
        if self.used < TOLD_FROM {
            return answer;
        }
        with_header(answer, "x-ms-throttle-limit-percentage", &format!("{:.1}", self.used.min(TOLD_AT_MOST)))
    }
}

fn resource_units(call: &Call, operation: Operation) -> usize {
    let base: usize = match operation {
        Operation::TransitiveMembers => 5,
        Operation::GroupMembers | Operation::DirectoryObjects => 3,
        Operation::Users | Operation::Groups => 2,
        _ => 1,
    };
    let small = call.query("$top").and_then(|top| top.parse::<usize>().ok()).is_some_and(|top| top < 20);
    let less = usize::from(call.query("$select").is_some()) + usize::from(small);
    (base + usize::from(call.query("$expand").is_some())).saturating_sub(less).max(1)
}
