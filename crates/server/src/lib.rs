//! REST API, inbound endpoint, configuration and wiring of Pregón.
