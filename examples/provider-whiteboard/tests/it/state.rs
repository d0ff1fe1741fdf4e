//! What a Whiteboard service knows: boards, and who works on them.

use std::collections::BTreeMap;

use session_provider::Clock;

/// All boards of an account, by their ids; what is live by the order in which it was opened.
#[derive(Debug, Default)]
pub(crate) struct State {
    numbers: u64,
    pub(crate) boards: Vec<String>,
    pub(crate) live: BTreeMap<u64, Live>,
    /// The editors, by the customer's own ids.
    people: BTreeMap<String, String>,
}

/// A board that somebody opened.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) board: String,
    pub(crate) session: String,
    pub(crate) opened_at: i64,
    /// Who is present, by the order in which they came.
    pub(crate) editors: BTreeMap<u64, Editor>,
}

#[derive(Debug, Clone)]
pub(crate) struct Editor {
    pub(crate) editor: String,
    pub(crate) connection: String,
    pub(crate) name: String,
    pub(crate) custom_id: String,
    pub(crate) joined_at: i64,
}

fn seconds() -> i64 {
    Clock::system().now().unix_seconds()
}

impl State {
    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(crate) fn add_board(&mut self) -> String {
        let board = format!("board-{}", self.number());
        self.boards.push(board.clone());
        board
    }

    pub(crate) fn live_of(&mut self, board: &str) -> Option<&mut Live> {
        self.live.values_mut().find(|live| live.board == board)
    }

    /// Somebody opens the board, or joins those who did. Answers the session, too.
    pub(crate) fn join(&mut self, board: &str, name: &str, custom_id: &str) -> (String, Editor) {
        let number = self.number();
        let editor = self.people.entry(custom_id.to_owned()).or_insert_with(|| format!("editor-{number}")).clone();
        let connection = format!("connection-{number}");
        let (name, custom_id) = (name.to_owned(), custom_id.to_owned());
        let joined = Editor { editor, connection, name, custom_id, joined_at: seconds() };
        if self.live_of(board).is_none() {
            let session = format!("session-{number}");
            let live = Live { board: board.to_owned(), session, opened_at: seconds(), editors: BTreeMap::new() };
            self.live.insert(number, live);
        }
        let live = self.live_of(board).unwrap();
        live.editors.insert(number, joined.clone());
        (live.session.clone(), joined)
    }

    pub(crate) fn leave(&mut self, board: &str, connection: &str) {
        self.live_of(board).unwrap().editors.retain(|_, editor| editor.connection != connection);
    }

    /// How many were removed; `None` if nobody had opened it.
    pub(crate) fn close(&mut self, board: &str) -> Option<usize> {
        let removed = self.live_of(board)?.editors.len();
        self.live.retain(|_, live| live.board != board);
        Some(removed)
    }
}
