//! The layers of the stack, one file each. Their order, and why, is in `stack.rs`.

pub(crate) mod breaker;
pub(crate) mod budget;
pub(crate) mod limit;
pub(crate) mod observe;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod timeout;
