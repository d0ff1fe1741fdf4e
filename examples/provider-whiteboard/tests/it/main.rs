//! The provider, bare and as the gateway asks it, through the whole suite.
#![expect(clippy::unwrap_used, reason = "a harness that cannot do what it is asked panics")]

mod harness;
mod routes;
mod service;
mod state;

mod bare {
    provider_conformance::conformance_tests!(crate::harness::Whiteboards { guarded: false });
}

mod guarded {
    provider_conformance::conformance_tests!(crate::harness::Whiteboards { guarded: true });
}
