//! The scripts, each one step of the port. A script is known to the server by its SHA-1, so each has one text for ever; what
//! several share is put before it.

use std::sync::LazyLock;

/// A script as the server gets it.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) text: &'static str,
    /// The SHA-1 of the text.
    pub(crate) digest: String,
}

/// The last argument of every call is its number, and the first thing that it answers: a reply that is not that call's is
/// known as such, whatever a proxy did to the stream.
macro_rules! script {
    ($name:ident, $($part:literal),+) => {
        pub(crate) static $name: LazyLock<Script> = LazyLock::new(|| {
            let text = concat!(
                "local call = table.remove(ARGV)\nlocal function step()\n",
                $(include_str!(concat!("scripts/", $part)),)+
                "end\nlocal reply = step()\ntable.insert(reply, 1, call)\nreturn reply\n",
            );
            Script { text, digest: redis::Script::new(text).get_hash().to_owned() }
        });
    };
}

script!(NEWS, "lib/time.lua", "lib/scope.lua", "news.lua");
script!(TOUCH, "lib/time.lua", "lib/scope.lua", "touch.lua");
script!(FIND, "lib/time.lua", "lib/scope.lua", "lib/claim.lua", "find.lua");
script!(PUT, "lib/time.lua", "lib/scope.lua", "lib/claim.lua", "put.lua");
script!(RELEASE, "lib/time.lua", "lib/scope.lua", "lib/claim.lua", "release.lua");
script!(RENEW, "lib/time.lua", "lib/scope.lua", "lib/claim.lua", "renew.lua");
script!(ENTER_KEY, "enter_key.lua");
script!(SETTLE_KEY, "settle_key.lua");
script!(SWAP, "lib/time.lua", "swap.lua");
script!(TAKE_LOT, "lib/time.lua", "take_lot.lua");
script!(REMEMBER, "remember.lua");
script!(LEASE, "lib/time.lua", "lib/scope.lua", "lease.lua");
script!(END_LEASE, "lib/time.lua", "lib/scope.lua", "end_lease.lua");
script!(APPEND, "lib/time.lua", "lib/scope.lua", "append.lua");
script!(EVENTS, "lib/time.lua", "lib/scope.lua", "events.lua");
