//! Where the spans of work done for a request hang.

/// The span of a request that is traced (W3C Trace Context): there is one only where spans are exported and the trace is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    /// Of the trace, as its bytes go over the wire.
    pub trace_id: [u8; 16],
    /// Of the request's own span.
    pub span_id: [u8; 8],
}
