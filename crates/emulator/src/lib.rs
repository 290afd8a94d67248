//! A local Microsoft Teams for bot developers: Entra ID, Bot Connector and Graph.
