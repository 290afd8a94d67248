use std::io;
use std::sync::{LazyLock, Mutex};

use tracing::Dispatch;

use crate::script::lock;

/// Runs `act`, and gives what the credentials' crate logged meanwhile on this thread.
pub(crate) fn logged(act: impl FnOnce()) -> String {
    static DISPATCH: LazyLock<Dispatch> = LazyLock::new(|| {
        let lines = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(|| Lines);
        Dispatch::new(lines.with_env_filter("pregon_auth=debug").finish())
    });
    lock(&WRITTEN).clear();
    tracing::dispatcher::with_default(&DISPATCH, act);
    String::from_utf8_lossy(&lock(&WRITTEN)).into_owned()
}

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&WRITTEN).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
