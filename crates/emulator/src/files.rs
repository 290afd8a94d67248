//! Files that bots uploaded, and pictures that people sent them.

use crate::{app::App, lock::lock, world::AppIx};

/// One file.
pub(crate) struct File {
    /// The bot that may read it.
    pub(crate) app: AppIx,
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) original: Vec<u8>,
    pub(crate) thumbnail: Option<Vec<u8>>,
}

impl File {
    /// The forms in which it can be read.
    pub(crate) fn views(&self) -> impl Iterator<Item = (&'static str, &Vec<u8>)> {
        std::iter::once(("original", &self.original)).chain(self.thumbnail.iter().map(|bytes| ("thumbnail", bytes)))
    }
}

impl App {
    /// Keeps a file; its id.
    pub(crate) fn keep_file(&self, file: File) -> String {
        let id = self.guid();
        lock(&self.files).insert(id.clone(), file);
        id
    }
}
