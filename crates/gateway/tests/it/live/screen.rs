//! A terminal of the tests: as much of one as `rollcall live` may use.

/// The lines on it, and where the cursor is.
#[derive(Debug, Default)]
pub(super) struct Screen {
    pub(super) lines: Vec<String>,
    row: usize,
    /// An escape sequence of which the rest has not come.
    rest: String,
}

impl Screen {
    /// Takes what the program wrote.
    pub(super) fn take(&mut self, text: &str) {
        let text = std::mem::take(&mut self.rest) + text;
        let mut characters = text.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '\u{1b}' => {
                    let Some(end) = text[at + 1..].find(|c: char| c.is_ascii_alphabetic()) else {
                        text[at..].clone_into(&mut self.rest);
                        return;
                    };
                    self.obey(&text[at + 1..=at + 1 + end]);
                    characters = text.char_indices();
                    characters.by_ref().take_while(|(index, _)| *index < at + 1 + end).for_each(drop);
                }
                '\n' => self.row += 1,
                '\r' => {}
                c => {
                    assert!(!c.is_control(), "{c:?} reached the terminal");
                    self.line().push(c);
                }
            }
        }
    }

    fn line(&mut self) -> &mut String {
        self.lines.resize(self.lines.len().max(self.row + 1), String::new());
        // What is written begins a line here: nothing else moves the cursor along one.
        &mut self.lines[self.row]
    }

    fn obey(&mut self, sequence: &str) {
        match sequence {
            "[K" => {}
            "[J" => self.lines.truncate(self.row),
            "[2J" => self.lines.clear(),
            "[H" => self.row = 0,
            up if up.ends_with('F') => {
                let rows: usize = up[1..up.len() - 1].parse().expect("a number of rows");
                self.row = self.row.checked_sub(rows).expect("the cursor stays on the screen");
                // They are all written again.
                self.lines[self.row..].iter_mut().for_each(String::clear);
            }
            other => panic!("{other:?} reached the terminal"),
        }
    }
}

#[test]
fn it_shows_what_a_terminal_would_show() {
    let mut screen = Screen::default();
    for piece in ["a\u{1b}[K\r\nb\u{1b}[K\r\n\u{1b}[J", "\u{1b}[2", "Fc\u{1b}[K\r\n\u{1b}[J"] {
        screen.take(piece);
    }
    assert_eq!(screen.lines, ["c"]);
    screen.take("\u{1b}[2J\u{1b}[Hd\u{1b}[K\r\n\u{1b}[J");
    assert_eq!(screen.lines, ["d"]);
}
