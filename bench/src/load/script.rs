//! What `wrk` asks for, when it is not the same each time: small programs in Lua.

use std::path::PathBuf;

use anyhow::Result;

use crate::bench::Bench;

#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// Below this path rooms that nobody asked for before.
    NewRooms(String),
    /// Below this path so many rooms, one after the other.
    Rooms(String, usize),
    /// One of these tokens after the other.
    Tokens(Vec<String>),
    /// So many requests in one write.
    Pipeline(usize),
}

impl Script {
    /// Writes it into a file.
    pub(crate) fn file(&self, bench: &Bench) -> Result<PathBuf> {
        let path = bench.path("requests.lua");
        std::fs::write(&path, self.text())?;
        Ok(path)
    }

    fn text(&self) -> String {
        match self {
            // A turn lasts a second or longer, so the time makes each turn's rooms its own.
            Self::NewRooms(below) => format!(
                "local turn, n = os.time(), 0\n\
                 request = function()\n  n = n + 1\n\
                 \x20 return wrk.format(\"GET\", \"{below}/room-\" .. turn .. \"-\" .. n)\nend\n"
            ),
            Self::Rooms(below, count) => format!(
                "local n = 0\n\
                 request = function()\n  n = n % {count} + 1\n\
                 \x20 return wrk.format(\"GET\", \"{below}/room-\" .. n)\nend\n"
            ),
            Self::Tokens(tokens) => format!(
                "local tokens, requests, n = {{ \"{}\" }}, {{}}, 0\n\
                 init = function(args)\n  for i, token in ipairs(tokens) do\n\
                 \x20   wrk.headers[\"Authorization\"] = \"Bearer \" .. token\n    requests[i] = wrk.format()\n  end\nend\n\
                 request = function()\n  n = n % #requests + 1\n  return requests[n]\nend\n",
                tokens.join("\", \"")
            ),
            Self::Pipeline(depth) => format!(
                "local all\n\
                 init = function(args)\n  all = string.rep(wrk.format(), {depth})\nend\n\
                 request = function() return all end\n"
            ),
        }
    }
}
