use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde::Serialize;

use crate::{app::App, limits::LaneStats, lock::lock, operation::Operation, outgoing::OutgoingStats};

/// What the emulator counted since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Calls by operation, refused ones included; operations nobody called are 0.
    pub calls: BTreeMap<&'static str, u64>,
    /// Messages accepted from bots.
    pub messages: u64,
    /// Calls refused as over a limit, Graph included; faults that answer 429 are not among them.
    pub throttled: u64,
    /// Connector calls that arrived when a window was full, refused or not.
    pub violations: u64,
    /// Most Connector calls of one bot in one tenant that arrived within any one second.
    pub peak_per_second: usize,
    /// The same per bot and tenant.
    pub lanes: Vec<LaneStats>,
    /// Activities sent to bots.
    pub outgoing: OutgoingStats,
}

impl Stats {
    /// Calls of one operation.
    pub fn calls(&self, operation: Operation) -> u64 {
        self.calls.get(operation.as_str()).copied().unwrap_or_default()
    }
}

impl App {
    pub(crate) fn stats(&self) -> Stats {
        let calls = Operation::ALL
            .iter()
            .map(|operation| (operation.as_str(), self.counters[*operation as usize].load(Ordering::Relaxed)))
            .collect();
        let mut lanes: Vec<LaneStats> = {
            let world = lock(&self.world);
            let name = |(app, tenant, mut stats): (crate::world::AppIx, crate::world::TenantIx, LaneStats)| {
                stats.app_id = world.apps.get(app.0).map(|app| app.app_id.clone()).unwrap_or_default();
                stats.tenant_id = world.tenants.get(tenant.0).map(|tenant| tenant.id.clone()).unwrap_or_default();
                stats
            };
            lock(&self.gate).lanes().map(name).collect()
        };
        lanes.sort_by(|a, b| (&a.app_id, &a.tenant_id).cmp(&(&b.app_id, &b.tenant_id)));
        Stats {
            calls,
            messages: lock(&self.log).accepted(),
            throttled: self.throttled.load(Ordering::Relaxed),
            violations: lanes.iter().map(|lane| lane.violations).sum(),
            peak_per_second: lanes.iter().map(|lane| lane.peak_per_second).max().unwrap_or_default(),
            lanes,
            outgoing: self.outgoing.stats(),
        }
    }
}
