//! Storage behind the ports of pregon-domain.
