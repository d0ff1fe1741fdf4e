//! A reader of an event stream.

use serde_json::Value;

use crate::Stack;

/// An event as it came.
#[derive(Debug, Clone)]
pub struct StreamEvent {
    /// The value of `event`.
    pub event: String,
    /// The JSON of `data`.
    pub data: Value,
    /// The value of `id`.
    pub id: Option<String>,
    /// The value of `retry`, in milliseconds.
    pub retry: Option<u64>,
}

/// A stream that is being read.
#[derive(Debug)]
pub struct EventReader {
    response: reqwest::Response,
    text: String,
}

impl EventReader {
    /// Opens a stream.
    ///
    /// # Panics
    /// When it is not answered with one.
    pub async fn open(stack: &Stack, path: &str, token: &str, last_event_id: Option<&str>) -> Self {
        Self::open_by(&stack.http1_client(), stack, path, token, last_event_id).await
    }

    /// The same by another client.
    ///
    /// # Panics
    /// When it is not answered with one.
    pub async fn open_by(
        client: &reqwest::Client,
        stack: &Stack,
        path: &str,
        token: &str,
        last_event_id: Option<&str>,
    ) -> Self {
        Self::open_at(client, &format!("{}{path}", stack.base_url()), token, last_event_id).await
    }

    /// The same at any address.
    ///
    /// # Panics
    /// When it is not answered with one.
    pub async fn open_at(client: &reqwest::Client, url: &str, token: &str, last_event_id: Option<&str>) -> Self {
        let mut request = client.get(url).bearer_auth(token);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    ///
    /// # Panics
    /// When what comes is no event, or the connection breaks.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
                };
                let Some(event) = field("event") else { continue };
                let data = serde_json::from_str(&field("data").expect("data")).expect("JSON");
                let retry = field("retry").map(|retry| retry.parse().expect("a number"));
                return Some(StreamEvent { event, data, id: field("id"), retry });
            }
            let chunk = self.response.chunk().await.expect("the stream goes on or ends")?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }

    /// The next event of that name.
    ///
    /// # Panics
    /// When the stream ends before.
    pub async fn until(&mut self, name: &str) -> StreamEvent {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended without {name}"));
            if event.event == name {
                return event;
            }
        }
    }
}
