//! Bot credentials and inbound token validation for Microsoft Teams bots.
