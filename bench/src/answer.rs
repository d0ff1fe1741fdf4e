//! An answer of Rollcall's, recorded, so that a peer sends the same bytes.

use std::path::Path;

use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

/// Headers that every server adds by itself.
const OWN: [&str; 4] = ["content-length", "date", "connection", "transfer-encoding"];

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// Without what every server adds by itself.
    pub(crate) fn new(status: StatusCode, mut headers: HeaderMap, body: Bytes) -> Self {
        for name in OWN {
            headers.remove(name);
        }
        Self { status, headers, body }
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        let headers = self.headers.iter().map(|(name, value)| Ok((name.to_string(), value.to_str()?.to_owned())));
        let head = Head { status: self.status.as_u16(), headers: headers.collect::<Result<_>>()? };
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("head.json"), serde_json::to_vec(&head)?)?;
        std::fs::write(folder.join("body"), &self.body)?;
        Ok(())
    }

    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let head = std::fs::read(folder.join("head.json")).context("--answer: no recorded answer there")?;
        let head: Head = serde_json::from_slice(&head)?;
        let mut headers = HeaderMap::new();
        for (name, value) in head.headers {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let body = std::fs::read(folder.join("body"))?.into();
        Ok(Self { status: StatusCode::from_u16(head.status)?, headers, body })
    }
}
