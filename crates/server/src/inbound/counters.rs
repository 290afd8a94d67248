use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// What came in since the server started.
#[derive(Debug, Default)]
pub struct InboundCounters {
    accepted: AtomicU64,
    duplicates: AtomicU64,
    /// By code; there are a few dozen codes, and refusals are rare.
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InboundSnapshot {
    /// Authenticated activities of served tenants, duplicates included.
    pub accepted: u64,
    /// Those that had come before.
    pub duplicates: u64,
    /// Refused requests by code.
    pub refused: BTreeMap<&'static str, u64>,
}

impl InboundCounters {
    pub(super) fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn duplicate(&self) {
        self.duplicates.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused(&self, code: &'static str) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    /// The counters now.
    pub fn snapshot(&self) -> InboundSnapshot {
        InboundSnapshot {
            accepted: self.accepted.load(Ordering::Relaxed),
            duplicates: self.duplicates.load(Ordering::Relaxed),
            refused: self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
