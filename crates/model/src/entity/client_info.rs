use crate::wire::{open_set, wire};

wire! {
    /// The client of the person who acted.
    #[derive(Default)]
    pub struct ClientInfo {
        /// Language (BCP 47).
        pub locale: Option<String> => "locale",
        /// Country, two letters.
        pub country: Option<String> => "country",
        /// What it runs on.
        pub platform: Option<Platform> => "platform",
        /// IANA time zone.
        pub timezone: Option<String> => "timezone",
    }
}

open_set! {
    /// What a client runs on.
    Platform {
        /// An Android phone or tablet.
        Android = "Android",
        /// An iPhone or iPad.
        Ios = "iOS",
        /// A Mac.
        Mac = "Mac",
        /// A browser.
        Web = "Web",
        /// Windows.
        Windows = "Windows",
    }
}
