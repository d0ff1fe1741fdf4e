//! What the `type` of a problem leads to.

use axum::body::Body;
use http::{Method, Request, StatusCode};

use crate::api::tests::support::{Answer, Gateway, anonymous};
use crate::problem::Code;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn ask(gateway: &Gateway, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    gateway.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_type_of_every_problem_leads_to_what_it_means() {
    let gateway = Gateway::new();
    for code in Code::ALL {
        let data = gateway.send(anonymous("GET", code.type_uri())).await;
        assert_eq!((data.status, data.header("content-type")), (StatusCode::OK, "application/json"), "{code:?}");
        let about = data.json();
        assert_eq!((about["code"].as_str(), &about["status"]), (Some(code.as_str()), &code.status().as_u16().into()));
        assert_eq!((&about["retryable"], about["advice"].as_str()), (&code.is_retryable().into(), Some(code.advice())));
        let page = ask(&gateway, Method::GET, code.type_uri(), &[("accept", BROWSER)]).await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
        assert!(String::from_utf8(page.bytes).unwrap().contains(code.title()));
    }
    // The way from a problem.
    let problem = gateway.send(anonymous("GET", "/v1/providers")).await.json();
    let about = gateway.send(anonymous("GET", problem["type"].as_str().unwrap())).await;
    assert_eq!(about.json()["code"], "unauthenticated");
}

#[tokio::test]
async fn it_can_be_kept_each_form_by_itself() {
    let gateway = Gateway::new();
    let path = Code::Draining.type_uri();
    let data = ask(&gateway, Method::GET, path, &[]).await;
    let page = ask(&gateway, Method::GET, path, &[("accept", BROWSER)]).await;
    assert_ne!(data.header("etag"), page.header("etag"));
    for (held, accept, status) in [
        (&data, "application/json", StatusCode::NOT_MODIFIED),
        (&page, BROWSER, StatusCode::NOT_MODIFIED),
        (&data, BROWSER, StatusCode::OK),
    ] {
        let asked = [("accept", accept), ("if-none-match", held.header("etag"))];
        let again = ask(&gateway, Method::GET, path, &asked).await;
        assert_eq!(again.status, status, "{accept}");
        assert_eq!(again.header("vary"), "accept, accept-encoding");
        assert_eq!(again.header("cache-control"), "public, max-age=300");
    }
    let head = ask(&gateway, Method::HEAD, path, &[]).await;
    assert_eq!((head.status, head.header("etag"), head.bytes.len()), (StatusCode::OK, data.header("etag"), 0));
}

#[tokio::test]
async fn it_is_there_while_the_gateway_goes_down_and_no_other_code_is() {
    let gateway = Gateway::new();
    gateway.app.draining.begin();
    assert_eq!(gateway.send(anonymous("GET", "/problems/draining")).await.status, StatusCode::OK);
    for path in ["/problems/", "/problems/nothing", "/problems/Draining", "/problems/%ff", "/problems/a/b", "/problems"]
    {
        assert_eq!(gateway.send(anonymous("GET", path)).await.code(), "route_not_found", "{path}");
    }
    assert_eq!(gateway.send(anonymous("POST", "/problems/draining")).await.code(), "method_not_allowed");
}
