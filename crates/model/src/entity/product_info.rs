use crate::wire::wire;

wire! {
    /// The program the person used.
    #[derive(Default)]
    pub struct ProductInfo {
        /// Which one: `COPILOT` …
        pub id: Option<String> => "id",
    }
}
