//! Standard output as a terminal, if it is one.

use std::io::{self, IsTerminal, Write};

/// What a terminal that does not tell its size is taken for: columns and rows.
const USUAL: (usize, usize) = (80, 24);

/// A terminal that understands the escape sequences all of them have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal(());

impl Terminal {
    /// Standard output, if it is such a terminal.
    pub(super) fn stdout() -> Option<Self> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|name| name.is_empty() || name == "dumb");
        (io::stdout().is_terminal() && !is_dumb).then_some(Self(()))
    }

    /// Its columns and rows now.
    pub(super) fn size(self) -> (usize, usize) {
        match rustix::termios::tcgetwinsize(io::stdout()) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col.into(), size.ws_row.into()),
            _ => USUAL,
        }
    }
}

/// Lines that are drawn again over themselves. The cursor stays visible, below them: however the program ends, the terminal
/// is as it was.
#[derive(Debug)]
pub(super) struct Screen<W> {
    out: W,
    drawn: usize,
}

impl<W: Write> Screen<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, drawn: 0 }
    }

    /// Draws these lines in the place of those before. Each must be narrower than the terminal, and all of them lower.
    pub(super) fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let mut text = String::new();
        if self.drawn > 0 {
            text = format!("\x1b[{}F", self.drawn);
        }
        for line in lines {
            text.push_str(line);
            text.push_str("\x1b[K\n");
        }
        text.push_str("\x1b[J");
        self.drawn = lines.len();
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Clears everything, once the terminal has another size: where the lines are now only the terminal knows.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.drawn = 0;
        self.out.write_all(b"\x1b[2J\x1b[H")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_drawn_over_those_before() {
        let mut screen = Screen::new(Vec::new());
        let lines = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        screen.draw(&lines(&["a", "b"])).unwrap();
        screen.draw(&lines(&["c"])).unwrap();
        screen.clear().unwrap();
        screen.draw(&lines(&["d"])).unwrap();
        let expected = "a\x1b[K\nb\x1b[K\n\x1b[J\x1b[2Fc\x1b[K\n\x1b[J\x1b[2J\x1b[Hd\x1b[K\n\x1b[J";
        assert_eq!(String::from_utf8(screen.out).unwrap(), expected);
    }
}
