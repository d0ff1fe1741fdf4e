//! From the service's answers to the domain. Pure: a response and the present go in, a domain value or an error comes out.

pub(crate) mod breakout;
pub(crate) mod media;
pub(crate) mod moderation;
pub(crate) mod page;
pub(crate) mod participant;
pub(crate) mod row;
pub(crate) mod session;
