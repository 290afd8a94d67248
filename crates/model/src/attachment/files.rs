use serde_json::Value;

use crate::wire::wire;

wire! {
    /// Content of the question whether the bot may send a file. Only in personal chats of apps that have
    /// `supportsFiles`.
    ///
    /// Source: Microsoft Learn, "Send and receive files through a Teams bot".
    #[derive(Default)]
    pub struct FileConsentCard {
        /// What the file is.
        pub description: Option<String> => "description",
        /// Its length, bytes.
        pub size_in_bytes: Option<u64> => "sizeInBytes",
        /// Comes back with a yes.
        pub accept_context: Option<Value> => "acceptContext",
        /// Comes back with a no.
        pub decline_context: Option<Value> => "declineContext",
    }

    /// Content of a file the bot has sent.
    #[derive(Default)]
    pub struct FileInfo {
        /// Its id, as the consent's answer gave it.
        pub unique_id: Option<String> => "uniqueId",
        /// Its type: `txt`, `pdf` …
        pub file_type: Option<String> => "fileType",
        /// Version of its content.
        pub etag: Option<Value> => "etag",
    }

    /// Content of a file somebody sent to the bot.
    #[derive(Default)]
    pub struct FileDownloadInfo {
        /// Where it is read, without a token and for a few minutes; whoever has the address may read it.
        pub download_url: Option<String> => "downloadUrl",
        /// Its id in the person's store.
        pub unique_id: Option<String> => "uniqueId",
        /// Its type: `txt`, `pdf` …
        pub file_type: Option<String> => "fileType",
        /// Version of its content.
        pub etag: Option<Value> => "etag",
    }
}
