use super::CardAction;
use crate::wire::wire;

wire! {
    /// Content of a card with a link to sign in.
    #[derive(Default)]
    pub struct SigninCard {
        /// What it says.
        pub text: Option<String> => "text",
        /// One button, [`CardAction::sign_in`].
        pub buttons: Vec<CardAction> => "buttons",
    }

    /// Content of a card that signs in through the bot's OAuth connection.
    #[derive(Default)]
    pub struct OAuthCard {
        /// What it says.
        pub text: Option<String> => "text",
        /// The bot's connection.
        pub connection_name: Option<String> => "connectionName",
        /// One button, [`CardAction::sign_in`].
        pub buttons: Vec<CardAction> => "buttons",
        /// For single sign-on: what the client asks a token for.
        pub token_exchange_resource: Option<TokenExchangeResource> => "tokenExchangeResource",
        /// Where a client may post a token.
        pub token_post_resource: Option<TokenPostResource> => "tokenPostResource",
    }

    /// What a client asks a token of single sign-on for.
    #[derive(Default)]
    pub struct TokenExchangeResource {
        /// Tells one card from another.
        pub id: Option<String> => "id",
        /// The resource: `api://…`.
        pub uri: Option<String> => "uri",
        /// Which identity provider.
        pub provider_id: Option<String> => "providerId",
    }

    /// Where a client may post a token.
    #[derive(Default)]
    pub struct TokenPostResource {
        /// The address; whoever has it may post.
        pub sas_url: Option<String> => "sasUrl",
    }
}
