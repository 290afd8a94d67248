//! Clients for the Bot Connector and for the parts of Microsoft Graph a bot needs.
