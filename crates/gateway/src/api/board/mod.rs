//! The board: one page that shows what is live. Everything it loads is in the binary, as it stands in `page/`: it works
//! offline and takes no build.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::api::conditional::IfNoneMatch;
use crate::api::state::Api;
use crate::digest::Digest;
use crate::problem::{Code, Problem};

/// A file of the page.
struct File {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

macro_rules! file {
    ($name:literal, $content_type:literal) => {
        File { name: $name, content_type: $content_type, text: include_str!(concat!("page/", $name)) }
    };
}

const PAGE: File = file!("page.html", "text/html; charset=utf-8");

/// What the page loads.
const FILES: &[File] = &[
    file!("board.css", "text/css; charset=utf-8"),
    file!("dom.js", "text/javascript; charset=utf-8"),
    file!("follow.js", "text/javascript; charset=utf-8"),
    file!("live.js", "text/javascript; charset=utf-8"),
    file!("main.js", "text/javascript; charset=utf-8"),
    file!("people.js", "text/javascript; charset=utf-8"),
    file!("rooms.js", "text/javascript; charset=utf-8"),
    file!("sse.js", "text/javascript; charset=utf-8"),
    file!("token.js", "text/javascript; charset=utf-8"),
];

/// One tag for all files: modules of two versions do not fit each other.
static ETAG: LazyLock<HeaderValue> = LazyLock::new(|| {
    let texts: Vec<_> = std::iter::once(&PAGE).chain(FILES).map(|file| file.text).collect();
    Digest::of(texts.concat().as_bytes()).to_etag()
});

/// The routes of the board. They are for people: the document does not speak of them.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/", get(async |headers: HeaderMap| respond(&PAGE, &headers)))
        .route("/board/{file}", get(get_file))
}

async fn get_file(name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    match FILES.iter().find(|file| file.name == name) {
        Some(file) => respond(file, &headers),
        None => Problem::new(Code::RouteNotFound, "The board has no such file.").into_response(),
    }
}

fn respond(file: &File, asked: &HeaderMap) -> Response {
    let held = IfNoneMatch::read(asked).holds(&*ETAG);
    let mut response = Response::new(if held { Body::empty() } else { Body::from(file.text) });
    if held {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, ETAG.clone());
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served_and_every_one_that_is_loaded_is_there() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/board/page");
        let there: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != PAGE.name)
            .collect();
        let served: BTreeSet<_> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(there, served);
        for file in FILES.iter().chain([&PAGE]) {
            let loaded = file.text.split(['"', '\'']).filter_map(|text| {
                text.strip_prefix("./").or_else(|| text.strip_prefix("board/")).filter(|name| name.contains('.'))
            });
            for name in loaded {
                assert!(served.contains(name), "{} loads {name}", file.name);
            }
        }
    }

    #[test]
    fn nothing_of_the_page_is_inline_or_from_elsewhere() {
        for forbidden in ["<style", "style=", "onclick", "onload", "http://", "https://", "javascript:"] {
            assert!(!PAGE.text.contains(forbidden), "{forbidden}");
        }
        for file in FILES {
            for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "://"] {
                assert!(!file.text.contains(forbidden), "{}: {forbidden}", file.name);
            }
        }
    }
}
