//! Whether the algorithm of a token costs a caller who was seen before.

use anyhow::Result;

use crate::bench::Bench;
use crate::cases::hit::{ONE_SESSION, one_session, warm};
use crate::contest::{Contestant, contest};
use crate::http::Request;
use crate::load::Wrk;
use crate::rollcall::Setup;
use crate::rsa::RsaKey;
use crate::table::{self, Line};

/// One session, with a token of HS256 and with one of RS256.
pub(super) async fn algorithms(bench: &Bench) -> Result<Vec<Line>> {
    let key = RsaKey::generate()?;
    let file = bench.path("public.pem");
    std::fs::write(&file, key.public())?;
    let setup = Setup::with_sessions(1, 1);
    let of_rsa = Setup { keys: RsaKey::keys(&file), ..setup.clone() };
    let mut lines = Vec::new();
    for (name, binary) in &bench.binaries {
        let (hs256, rs256) = (bench.rollcall(binary, &setup).await?, bench.rollcall(binary, &of_rsa).await?);
        let signed_by_rsa = Request::get(ONE_SESSION).bearer(&key.token()?);
        warm(&hs256, &one_session()?).await?;
        warm(&rs256, &signed_by_rsa).await?;
        let contestants = [
            Contestant::new(format!("{name}, HS256"), &hs256, Wrk::new(one_session()?)),
            Contestant::new(format!("{name}, RS256"), &rs256, Wrk::new(signed_by_rsa)),
        ];
        lines.extend(table::lines("one session, hit", &contest(bench, &contestants).await?));
    }
    Ok(lines)
}
