//! The page that shows what is live, as a browser loads it.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::api::tests::support::{Gateway, anonymous, undocumented_answer};

#[tokio::test]
async fn the_page_and_its_files_need_no_token_and_may_load_nothing_from_elsewhere() {
    let gateway = Gateway::new();
    let page = undocumented_answer(&gateway.router, anonymous("GET", "/")).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    for (file, content_type) in
        [("main.js", "text/javascript"), ("sse.js", "text/javascript"), ("board.css", "text/css")]
    {
        let answer = undocumented_answer(&gateway.router, anonymous("GET", &format!("/board/{file}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        assert!(answer.header("content-type").starts_with(content_type), "{file}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for missing in ["/board/", "/board/page.html", "/board/..%2Fmod.rs", "/board/%FF"] {
        assert_eq!(gateway.send(anonymous("GET", missing)).await.code(), "route_not_found", "{missing}");
    }
    assert_eq!(gateway.send(anonymous("POST", "/")).await.code(), "method_not_allowed");
}

#[tokio::test]
async fn who_has_the_page_is_told_that_it_is_still_good() {
    let gateway = Gateway::new();
    let page = undocumented_answer(&gateway.router, anonymous("GET", "/")).await;
    assert_eq!(page.header("cache-control"), "no-cache");
    let etag = page.header("etag").to_owned();
    let again = Request::get("/").header("if-none-match", &etag).body(Body::empty()).unwrap();
    assert_eq!(undocumented_answer(&gateway.router, again).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn without_the_board_there_is_no_such_route() {
    let gateway = Gateway::changed(|app| app.board = false);
    for path in ["/", "/board/main.js"] {
        assert_eq!(gateway.send(anonymous("GET", path)).await.code(), "route_not_found", "{path}");
    }
}
