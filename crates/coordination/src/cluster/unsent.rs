//! What this replica has to say and could not yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::touch::Touch;

/// More than these are said as one: that everything may have changed.
const MOST: usize = 1024;

/// Touches on their way to the store, in order.
#[derive(Debug, Default)]
pub(super) struct Unsent(Mutex<VecDeque<Touch>>);

impl Unsent {
    pub(super) fn push(&self, touch: Touch) {
        let mut queue = self.lock();
        if queue.len() >= MOST {
            queue.clear();
            queue.push_back(Touch::everything());
        } else {
            queue.push_back(touch);
        }
    }

    /// That everything may have changed, which says all the rest.
    pub(super) fn push_everything(&self) {
        let mut queue = self.lock();
        queue.clear();
        queue.push_back(Touch::everything());
    }

    pub(super) fn first(&self) -> Option<Touch> {
        self.lock().front().cloned()
    }

    /// The first one was said, unless it has been replaced meanwhile.
    pub(super) fn sent(&self, touch: &Touch) {
        let mut queue = self.lock();
        if queue.front() == Some(touch) {
            queue.pop_front();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Touch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
