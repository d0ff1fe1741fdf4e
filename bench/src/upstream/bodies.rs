//! Bodies of the true shape, with made-up rows: shared with the benchmarks of functions.

/// Huddle01's `GET /live-sessions`, of whose `n`th row `changes` says how often it has changed.
pub(crate) fn huddle01_list(sessions: usize, changes: impl Fn(usize) -> usize) -> String {
    let rows: Vec<String> = (0..sessions).map(|n| huddle01_row(n, changes(n))).collect();
    format!("{{\"liveSessions\":[{}]}}", rows.join(","))
}

fn huddle01_row(n: usize, changes: usize) -> String {
    let started = 1_773_482_400_147 + n as u64 * 1_013;
    let (livestreams, recordings) = (n % 3, n % 2 + changes);
    format!(
        "{{\"roomId\":\"hud-{n:05}-pfo\",\"startTime\":{started},\"livestreamCount\":{livestreams},\
         \"recordingCount\":{recordings}}}"
    )
}

/// One page of RealtimeKit's `GET /sessions`.
pub(crate) fn realtimekit_page(
    total: usize,
    page_no: usize,
    per_page: usize,
    changes: impl Fn(usize) -> usize,
) -> String {
    paged(total, page_no, per_page, "sessions", |n| realtimekit_session(n, &format!("rtk-{n:05}"), changes(n)))
}

/// One page of a list whose rows `row` makes.
pub(crate) fn paged(
    total: usize,
    page_no: usize,
    per_page: usize,
    name: &str,
    row: impl Fn(usize) -> String,
) -> String {
    let start = (page_no.max(1) - 1) * per_page;
    let end = (start + per_page).min(total);
    let rows: Vec<String> = (start..end).map(row).collect();
    format!(
        "{{\"success\":true,\"data\":{{\"{name}\":[{}]}},\
         \"paging\":{{\"total_count\":{total},\"start_offset\":{},\"end_offset\":{end}}}}}",
        rows.join(","),
        start + 1
    )
}

/// RealtimeKit's session, the `n`th of some.
pub(crate) fn realtimekit_session(n: usize, room: &str, changes: usize) -> String {
    let (minute, second) = (n / 60 % 60, n % 60);
    format!(
        "{{\"id\":\"813432c7-3c5a-45e2-9acf-{n:012}\",\"associated_id\":\"{room}\",\
         \"meeting_display_name\":\"Weekly sync {n}\",\"type\":\"meeting\",\"status\":\"LIVE\",\"live_participants\":{},\
         \"max_concurrent_participants\":5,\"minutes_consumed\":27.3434,\
         \"organization_id\":\"14a396e7-ca44-4937-bf1f-050a69118543\",\
         \"started_at\":\"2026-03-14T10:{minute:02}:{second:02}.388Z\",\
         \"created_at\":\"2026-03-14T10:{minute:02}:{second:02}.398Z\",\"updated_at\":\"2026-03-14T11:14:26.784Z\"}}",
        3 + changes
    )
}
