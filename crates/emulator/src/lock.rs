use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a holder that panicked does not take the emulator down with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
