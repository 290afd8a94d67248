use crate::wire::wire;

wire! {
    /// A file for the Connector to store: body of `POST /v3/conversations/{conversation}/attachments`.
    /// Of limited use on Teams, which takes links and data URIs.
    #[derive(Default)]
    pub struct AttachmentData {
        /// `image/png` …
        pub content_type: String => "type",
        /// Name of the file.
        pub name: Option<String> => "name",
        /// The file, base64.
        pub original_base64: String => "originalBase64",
        /// A small picture of it, base64.
        pub thumbnail_base64: Option<String> => "thumbnailBase64",
    }

    /// A stored file and its forms: answer of `GET /v3/attachments/{attachment}`.
    #[derive(Default)]
    pub struct AttachmentInfo {
        /// Name of the file.
        pub name: Option<String> => "name",
        /// `image/png` …
        pub content_type: Option<String> => "type",
        /// The forms in which it can be read.
        pub views: Vec<AttachmentView> => "views",
    }

    /// One form of a stored file.
    #[derive(Default)]
    pub struct AttachmentView {
        /// `original`, `thumbnail` …
        pub view_id: String => "viewId",
        /// Length, bytes.
        pub size: Option<u64> => "size",
    }
}
