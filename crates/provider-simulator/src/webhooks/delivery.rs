//! One webhook, ready to be sent.

/// Its headers and its body, signed.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}
