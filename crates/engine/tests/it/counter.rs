//! Teams' limits, counted exactly and on arrival. It shares nothing with the engine.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use pregon_domain::ports::Place;

/// At most so many in any span of so many seconds.
type Window = (usize, u64);

const LANE: &[Window] = &[(50, 1)];
const WRITES: &[Window] = &[(7, 1), (8, 2), (60, 30), (1_800, 3_600)];
const READS: &[Window] = &[(14, 1), (16, 2), (120, 30), (3_600, 3_600)];
const GRAPH: &[Window] = &[(30, 1)];
const DIRECTORY: &[Window] = &[(3_500, 10)];

/// What was admitted, by scope.
#[derive(Default)]
pub(crate) struct Counter {
    admitted: HashMap<(String, &'static str, String), VecDeque<Duration>>,
    refused: usize,
}

impl Counter {
    /// Admits a call, or says when to come again. A refused call takes no place in a window.
    pub(crate) fn admit(
        &mut self,
        place: &Place,
        what: &'static str,
        whom: &str,
        at: Duration,
    ) -> Result<(), Duration> {
        let tenant = place.lane.tenant.to_string();
        let own = |kind, windows| vec![((tenant.clone(), kind, String::new()), windows)];
        let both = |windows| {
            vec![((tenant.clone(), "lane", String::new()), LANE), ((tenant.clone(), what, whom.to_owned()), windows)]
        };
        let scopes = match what {
            "catalog_app" => own("read", GRAPH),
            "install" => own("write", GRAPH),
            "find_person" => own("directory", DIRECTORY),
            "members" | "channels" => both(READS),
            _ => both(WRITES),
        };
        let full = scopes.iter().filter_map(|(scope, windows)| {
            let admitted = self.admitted.get(scope)?;
            let full = windows.iter().filter_map(|&(max, per_s)| {
                let nth_last = admitted.len().checked_sub(max)?;
                Some(admitted[nth_last] + Duration::from_secs(per_s)).filter(|&free| free > at)
            });
            full.max()
        });
        if let Some(free) = full.max() {
            self.refused += 1;
            // Whole seconds, as `Retry-After` says them.
            return Err(Duration::from_secs(free.saturating_sub(at).as_secs() + 1));
        }
        for (scope, _) in scopes {
            self.admitted.entry(scope).or_default().push_back(at);
        }
        Ok(())
    }

    pub(crate) fn refused(&self) -> usize {
        self.refused
    }
}
