//! When to stop calling a provider that fails, and when to try again. Pure but for the clock.

mod circuit;
mod window;

pub(crate) use circuit::{Breaker, Change};
