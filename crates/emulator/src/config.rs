use std::{
    net::{Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
};

use crate::{
    limits::Limits,
    world::{BadWorld, WorldSpec},
};

/// How an emulator is to run.
#[derive(Clone, Debug)]
pub struct EmulatorConfig {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Base URL clients use, when it differs from `http://` and the address listened on (behind a
    /// container's port mapping, for example). Without trailing slash.
    pub public_url: Option<String>,
    /// Who and what exists at the start.
    pub world: WorldSpec,
    /// Whether calls over Teams' limits are refused. They are counted in any case.
    pub limits: Limits,
    /// Most members on one page of a roster. Teams' own is 500; less makes small teams take
    /// several pages.
    pub page_size_max: usize,
    /// Longest message, bytes of its JSON in UTF-16. Source: Microsoft Learn, "Format your bot
    /// messages" (100 KB, 2025).
    pub message_bytes_max: usize,
    /// Least and most members a batch operation names. Nobody documents them: 1 to 100 are a guess, and
    /// some people report that Teams wants five at least.
    pub batch_members: RangeInclusive<usize>,
    /// Whether messages are kept, or only counted. Without bodies nobody can press a button.
    pub keep_bodies: bool,
    /// Serve the control API even when listening on an address other machines can reach.
    pub allow_remote_control: bool,
}

impl EmulatorConfig {
    /// Everything as in Teams, on a free port of the loopback address.
    pub fn new(world: WorldSpec) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            world,
            limits: Limits::Teams,
            page_size_max: 500,
            message_bytes_max: 102_400,
            batch_members: 1..=100,
            keep_bodies: true,
            allow_remote_control: false,
        }
    }
}

/// The emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody listens there already.
    #[error("{0} is in use by another program: stop it, or choose another port (0 takes a free one)")]
    PortInUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The world contradicts itself.
    #[error(transparent)]
    World(#[from] BadWorld),
    /// No signing keys could be made.
    #[error("the signing keys could not be made")]
    Keys,
    /// No HTTP client could be made.
    #[error("the HTTP client that calls the bots could not be made: {0}")]
    Client(#[from] reqwest::Error),
}
