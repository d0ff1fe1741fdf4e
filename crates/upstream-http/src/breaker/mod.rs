//! When to stop calling a provider that fails, and when to try again. Pure but for the clock.

mod state;
mod window;

pub(crate) use state::{Breaker, Change};
