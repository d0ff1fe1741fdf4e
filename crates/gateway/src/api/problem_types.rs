//! `/problems/{code}`: what the `type` of a problem leads to.

use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::{HeaderMap, HeaderValue};

use crate::api::accept::prefers_html;
use crate::api::answer::{KeptAnswer, KeptHeaders};
use crate::api::problem_sets::GetProblemTypeProblems;
use crate::digest::Digest;
use crate::problem::{Code, Problem, ProblemType};

/// Get a problem type
///
/// What a problem code means and what to do about it: the `type` of a problem leads here. A page or data, as
/// `Accept` says.
#[utoipa::path(
    get,
    path = "/problems/{code}",
    operation_id = "get_problem_type",
    tag = "system",
    params(("code" = Code, Path, description = "The code."), KeptHeaders),
    responses(
        (
            status = 200,
            description = "What it means.",
            content(
                (ProblemType = "application/json"),
                (String = "text/html", example = json!("<!doctype html>\n<title>Nothing live here</title>\n")),
            ),
        ),
        GetProblemTypeProblems,
    ),
    security(()),
)]
pub(crate) async fn get_problem_type(
    code: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<KeptAnswer, Box<Problem>> {
    let code = code.ok().and_then(|Path(name)| Code::named(&name));
    let code = code.ok_or_else(|| Box::new(Problem::new(Code::RouteNotFound, "There is no problem of this code.")))?;
    let about = ProblemType::from(code);
    let (body, content_type) = if prefers_html(&headers) {
        (page(&about), "text/html; charset=utf-8")
    } else {
        (serde_json::to_string(&about).unwrap_or_default(), "application/json")
    };
    let etag = Digest::of(body.as_bytes()).to_etag();
    let content_type = HeaderValue::from_static(content_type);
    Ok(KeptAnswer::new(Bytes::from(body), content_type, etag, &headers).varies_by_accept())
}

/// A page without styles or scripts: it may load nothing.
fn page(about: &ProblemType) -> String {
    let ProblemType { code, title, status, retryable, meaning, advice, .. } = about;
    let code = code.as_str();
    let retry = if *retryable {
        "Repeating the same request may help, unless the problem itself says <code>retryable: false</code>."
    } else {
        "Repeating the same request does not help."
    };
    let (meaning, advice) = (with_code(meaning), with_code(advice));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} · Rollcall</title>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p><code>{code}</code>, status {status}</p>\n<p>{meaning}</p>\n<h2>What to do</h2>\n<p>{advice}</p>\n\
         <p>{retry}</p>\n<p><a href=\"/docs\">The API</a></p>\n</body>\n</html>\n"
    )
}

/// What stands in backticks, as code. The texts are ours; they hold no markup, which a test sees to.
fn with_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_well_formed() {
        for code in Code::ALL {
            let about = ProblemType::from(*code);
            for text in [about.title, about.meaning, about.advice] {
                assert!(!text.contains(['<', '>', '&']) && text.matches('`').count() % 2 == 0, "{text}");
            }
            let page = page(&about);
            assert_eq!(page.matches("<code>").count(), page.matches("</code>").count(), "{page}");
            assert!(page.contains(&format!("<code>{}</code>, status {}", code.as_str(), about.status)), "{page}");
        }
    }
}
