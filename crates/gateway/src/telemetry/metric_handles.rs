//! Metrics by their labels, each looked up in the recorder once.

use std::hash::Hash;

use ahash::HashMap;
use arc_swap::ArcSwap;

/// The handles of one metric: for what is counted so often that finding its counter would cost more than counting. The
/// labels are of a closed set, so the table stays small.
#[derive(Debug)]
pub struct MetricHandles<L, H>(ArcSwap<HashMap<L, H>>);

impl<L, H> Default for MetricHandles<L, H> {
    fn default() -> Self {
        Self(ArcSwap::default())
    }
}

impl<L: Clone + Eq + Hash, H: Clone> MetricHandles<L, H> {
    /// Uses the handle of these labels; `look_up` finds it in the recorder the first time.
    pub fn with(&self, labels: &L, look_up: impl FnOnce() -> H, count: impl FnOnce(&H)) {
        if let Some(handle) = self.0.load().get(labels) {
            return count(handle);
        }
        let handle = look_up();
        count(&handle);
        self.0.rcu(|known| {
            let mut known = HashMap::clone(known);
            known.insert(labels.clone(), handle.clone());
            known
        });
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_handle_is_looked_up_once_and_used_every_time() {
        let (handles, looked_up, used) = (MetricHandles::default(), Cell::new(0), Cell::new(0));
        for labels in [("a", 1), ("a", 2), ("a", 1), ("a", 1)] {
            handles.with(&labels, || looked_up.replace(looked_up.get() + 1), |_| used.set(used.get() + 1));
        }
        assert_eq!((looked_up.get(), used.get()), (2, 4));
    }
}
