use super::schema::object;

object! {
    /// Signs the person in when an action of the card needs it (single sign-on).
    ///
    /// Source: Microsoft Learn, "Enable SSO for your Adaptive Cards Universal Actions".
    Authentication as "Authentication", V1_4 {
        /// What is asked.
        text: String = "text", V1_4;
        /// The OAuth connection of the bot's registration.
        connection_name: String = "connectionName", V1_4;
        /// The token to be exchanged.
        token_exchange_resource: TokenExchangeResource = "tokenExchangeResource", V1_4;
        /// How to sign in by hand.
        buttons / button: [AuthButton] = "buttons", V1_4;
    }
}

object! {
    /// A token to be exchanged for one of the bot's.
    TokenExchangeResource as "TokenExchangeResource", V1_4 {
        /// Names this resource.
        id: String = "id", V1_4;
        /// The application id URI.
        uri: String = "uri", V1_4;
        /// The identity provider.
        provider_id: String = "providerId", V1_4;
    }
}

impl TokenExchangeResource {
    /// The resource `id` behind the application id URI `uri` at this provider.
    pub fn new(id: impl Into<String>, uri: impl Into<String>, provider_id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), uri: Some(uri.into()), provider_id: Some(provider_id.into()), ..Self::default() }
    }
}

object! {
    /// A button by which a person signs in.
    AuthButton as "AuthCardButton", V1_4 {
        /// What the button says.
        title: String = "title", V1_4;
        /// A picture on it.
        image: String = "image", V1_4;
        /// Where it leads.
        value: String = "value", V1_4 [shown];
    }
}

impl AuthButton {
    /// A button that opens the sign-in page at `url`.
    pub fn sign_in(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { title: Some(title.into()), value: Some(url.into()), ..Self::default() }.with("type", "signin")
    }
}

impl Authentication {
    /// Signs in over this OAuth connection of the bot's registration.
    pub fn new(connection_name: impl Into<String>) -> Self {
        Self { connection_name: Some(connection_name.into()), ..Self::default() }
    }
}
