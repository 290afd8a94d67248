use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{lock::lock, world::AppIx};

/// One conversation of a batch, as it was named or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A person, by `29:` id or Entra object id.
    Person(String),
    Channel(String),
}

impl Entry {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Person(id) | Self::Channel(id) => id,
        }
    }
}

/// How far a batch is. No source names what a cancelled one is called; the others were observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Provisioning,
    Ongoing,
    Completed,
    Canceled,
}

impl Stage {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "Provisioning",
            Self::Ongoing => "Ongoing",
            Self::Completed => "Completed",
            Self::Canceled => "Canceled",
        }
    }

    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Canceled)
    }
}

/// What became of the entries so far.
pub(super) struct Progress {
    pub(super) stage: Stage,
    /// Entries by the HTTP status their message had.
    pub(super) statuses: BTreeMap<u16, u64>,
    /// Entries that failed, with what went wrong.
    pub(super) failures: Vec<(String, String)>,
}

/// One batch operation.
pub(crate) struct Batch {
    pub(super) app: AppIx,
    pub(super) activity: Value,
    pub(super) entries: Vec<Entry>,
    pub(super) cancel: CancellationToken,
    progress: Mutex<Progress>,
}

impl Batch {
    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        lock(&self.progress)
    }
}

/// All batch operations, and what ends them with the emulator.
pub(crate) struct Batches {
    stop: CancellationToken,
    batches: Mutex<HashMap<String, Arc<Batch>>>,
}

impl Batches {
    pub(crate) fn new(stop: CancellationToken) -> Self {
        Self { stop, batches: Mutex::default() }
    }

    pub(super) fn add(&self, id: String, app: AppIx, activity: Value, entries: Vec<Entry>) -> (String, Arc<Batch>) {
        let progress = Progress { stage: Stage::Provisioning, statuses: BTreeMap::new(), failures: Vec::new() };
        let cancel = self.stop.child_token();
        let batch = Arc::new(Batch { app, activity, entries, cancel, progress: Mutex::new(progress) });
        lock(&self.batches).insert(id.clone(), Arc::clone(&batch));
        (id, batch)
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Batch>> {
        lock(&self.batches).get(id).cloned()
    }
}
