//! Server-sent events out of bytes.

/// The longest event that is read. A piece of a snapshot has 256 KiB, or one session of any size.
const MAX_EVENT: usize = 16 << 20;

/// One event as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Message {
    pub(super) event: String,
    pub(super) data: String,
    pub(super) id: Option<String>,
    pub(super) retry_ms: Option<u64>,
}

/// An event, or a line, that is longer than any that is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Takes a stream in pieces of any size and gives its events.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    /// What came and is not a whole line yet; everything before `read` has been taken.
    bytes: Vec<u8>,
    read: usize,
    /// Behind a CR: a LF that follows belongs to it.
    after_cr: bool,
    begun: bool,
    message: Message,
    has_data: bool,
}

impl EventReader {
    /// Takes what came.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// The next whole event of what came. One that only says `retry` is one, too, with no name and no data.
    pub(super) fn next_event(&mut self) -> Result<Option<Message>, TooLong> {
        while let Some(line) = self.next_line() {
            if line.is_empty() {
                let message = std::mem::take(&mut self.message);
                let has_data = std::mem::take(&mut self.has_data);
                if has_data || message.retry_ms.is_some() {
                    return Ok(Some(message));
                }
            } else {
                self.field(&line);
            }
            if self.message.data.len() > MAX_EVENT {
                return Err(TooLong);
            }
        }
        if self.bytes.len() - self.read > MAX_EVENT { Err(TooLong) } else { Ok(None) }
    }

    fn next_line(&mut self) -> Option<String> {
        if self.after_cr && self.read < self.bytes.len() {
            self.after_cr = false;
            if self.bytes[self.read] == b'\n' {
                self.read += 1;
            }
        }
        let rest = &self.bytes[self.read..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
        self.after_cr = rest[length] == b'\r';
        let mut line = &rest[..length];
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        let line = String::from_utf8_lossy(line).into_owned();
        self.read += length + 1;
        Some(line)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.message.event),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.message.data.push('\n');
                }
                self.message.data.push_str(value);
            }
            "id" if !value.contains('\0') => self.message.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => self.message.retry_ms = value.parse().ok(),
            // A comment, or a field that nobody knows.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reader: &mut EventReader, text: &[u8]) -> Vec<Message> {
        reader.push(text);
        std::iter::from_fn(|| reader.next_event().unwrap()).collect()
    }

    fn message(event: &str, data: &str, id: Option<&str>) -> Message {
        Message { event: event.to_owned(), data: data.to_owned(), id: id.map(str::to_owned), retry_ms: None }
    }

    const STREAM: &str = "\u{feff}: hello\n\nevent: a\ndata: {\"n\":1}\nid: 7\n\nevent:b\r\ndata: x\r\ndata:  y\r\n\r\n\
                          retry: 250\n\ndata\r\rnonsense\nid: n\0o\ndata: ü\n\nevent: half\ndata: z\n";

    #[test]
    fn events_are_read_whatever_the_pieces() {
        let mut retry = message("", "", None);
        retry.retry_ms = Some(250);
        let expected = vec![
            message("a", "{\"n\":1}", Some("7")),
            message("b", "x\n y", None),
            retry,
            message("", "", None),
            message("", "ü", None),
        ];
        for size in 1..STREAM.len() {
            let mut reader = EventReader::default();
            let found: Vec<_> = STREAM.as_bytes().chunks(size).flat_map(|piece| read(&mut reader, piece)).collect();
            assert_eq!(found, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn a_retry_that_is_no_number_is_none() {
        let found = read(&mut EventReader::default(), b"retry: -1\ndata: x\n\n");
        assert_eq!(found[0].retry_ms, None);
    }

    #[test]
    fn what_has_no_end_is_not_kept_for_ever() {
        let mut reader = EventReader::default();
        reader.push(&vec![b'x'; MAX_EVENT + 1]);
        assert_eq!(reader.next_event(), Err(TooLong));
        let mut reader = EventReader::default();
        let line = [b"data: ".as_slice(), &[b'x'; 1 << 20], b"\n"].concat();
        let mut found = Ok(None);
        for _ in 0..20 {
            reader.push(&line);
            found = reader.next_event();
            if found.is_err() {
                break;
            }
        }
        assert_eq!(found, Err(TooLong));
    }
}
