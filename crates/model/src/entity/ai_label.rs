use serde_json::Value;

use crate::wire::wire;

wire! {
    /// Says that a machine wrote the message, from which sources, and how it may be used. Outbound.
    ///
    /// Source: Microsoft Learn, "Enhance AI-generated bot messages".
    #[derive(Default)]
    pub struct AiLabel {
        /// `Message`.
        pub schema_type: Option<String> => "@type",
        /// `https://schema.org`.
        pub schema_context: Option<String> => "@context",
        /// Empty.
        pub schema_id: Option<String> => "@id",
        /// `AIGeneratedContent` shows the label.
        pub additional_type: Vec<String> => "additionalType",
        /// The sources, as schema.org `Claim`s; `[1]` in the text names the first.
        pub citation: Vec<Value> => "citation",
        /// How sensitive the content is, as a schema.org `CreativeWork`.
        pub usage_info: Option<Value> => "usageInfo",
    }
}

impl AiLabel {
    /// The label "AI generated".
    pub fn generated() -> Self {
        Self {
            schema_type: Some("Message".to_owned()),
            schema_context: Some("https://schema.org".to_owned()),
            additional_type: vec!["AIGeneratedContent".to_owned()],
            ..Self::default()
        }
    }
}
