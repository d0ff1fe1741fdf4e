//! Reads one table: each key once, with its type and bounds; what is left over is unknown.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytesize::ByteSize;
use secrecy::SecretString;

use crate::config::environment::variable_for;
use crate::config::error::Problems;
use crate::config::node::{Node, Scalar, Table, variable_of};
use crate::config::{secret, unreadable};

/// The longest duration that makes sense in any key; sums with it stay within what clocks can hold.
const MAX_DURATION: Duration = Duration::from_secs(365 * 24 * 3600);

/// A table under its path. A problem in one key is reported and the rest is read on.
pub(super) struct Section<'a> {
    path: String,
    table: Table,
    known: Vec<&'static str>,
    /// The keys that variables of the environment set, with those.
    variables: Vec<(&'static str, String)>,
    /// A variable that makes this table be there, if the file does not have it.
    made_by: Option<String>,
    folder: &'a Path,
    problems: &'a Problems,
    problems_before: usize,
}

impl<'a> Section<'a> {
    /// The table at `path`. `folder` is where relative paths in it start.
    pub(super) fn new(path: impl Into<String>, table: Table, folder: &'a Path, problems: &'a Problems) -> Self {
        let (problems_before, made_by) = (problems.count(), variable_of(&table).map(str::to_owned));
        let (path, known, variables) = (path.into(), Vec::new(), Vec::new());
        Self { path, table, known, variables, made_by, folder, problems, problems_before }
    }

    /// The path of a key of this table.
    pub(super) fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Reports a problem of a key of this table.
    pub(super) fn report(&self, key: &str, reason: impl Into<String>) {
        let variable = self.variables.iter().find(|(known, _)| *known == key).map(|(_, name)| name);
        let reason = match variable {
            Some(name) => format!("{} (set by {name})", reason.into()),
            None => reason.into(),
        };
        self.problems.report(self.key(key), reason);
    }

    /// Reports that a key must be there. What to write is said, and why the table is there if no file says it.
    fn report_missing(&self, key: &str, what_to_write: &str) {
        let why = self.made_by.as_ref().map(|name| format!(" (this table is there by {name} alone)"));
        self.report(key, format!("is missing; {what_to_write}{}", why.unwrap_or_default()));
    }

    /// Reports a problem of the key at this path.
    pub(super) fn report_at(&self, path: String, reason: impl Into<String>) {
        self.problems.report(path, reason);
    }

    /// Reports a problem of this table as a whole.
    pub(super) fn report_whole(&self, reason: impl Into<String>) {
        self.problems.report(self.path.clone(), reason);
    }

    /// Whether nothing was reported since this table was opened: only then are its values worth comparing.
    pub(super) fn is_sound(&self) -> bool {
        self.problems.count() == self.problems_before
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        for (key, node) in &self.table {
            self.problems.report_unknown(&self.path, self.key(key), key, node.variable(), &self.known);
        }
        self.problems.are_known(self.path, self.known);
    }

    fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        let node = self.table.remove(key)?;
        if let Some(name) = node.variable() {
            self.variables.push((key, name.to_owned()));
        }
        Some(node)
    }

    /// Says that there is such a key, though it is not given.
    pub(super) fn knows(&mut self, key: &'static str) {
        self.known.push(key);
    }

    /// Whether the key is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Takes a key that does not belong here, and says why.
    pub(super) fn refuse(&mut self, key: &str, reason: &str) {
        if self.table.remove(key).is_some() {
            self.report(key, reason);
        }
    }

    /// The value as `parse` reads it. `expected` says what the key must be, with an example.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        parse: impl FnOnce(Scalar<'_>) -> Option<T>,
    ) -> Option<T> {
        let node = self.take(key)?;
        let value = node.scalar().and_then(parse);
        if value.is_none() {
            self.report(key, format!("must be {expected}"));
        }
        value
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.parsed(key, "a text that is not empty", |value| {
            value.text().filter(|text| !text.trim().is_empty()).map(str::to_owned)
        })
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, key: &'static str, example: &str) -> Option<String> {
        if !self.has(key) {
            self.known.push(key);
            self.report_missing(key, &format!("write for example {key} = \"{example}\""));
            return None;
        }
        self.text(key)
    }

    /// A yes or no.
    pub(super) fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        self.parsed(key, "true or false", |value| value.boolean()).unwrap_or(default)
    }

    /// A duration of more than zero.
    pub(super) fn duration(&mut self, key: &'static str, default: Duration) -> Duration {
        self.positive_duration(key).unwrap_or(default)
    }

    fn positive_duration(&mut self, key: &'static str) -> Option<Duration> {
        self.parsed(
            key,
            "a duration with its unit, of more than zero and at most 365 days, for example \"2s\" or \"500ms\"",
            |value| parse_duration(value).filter(|duration| !duration.is_zero()),
        )
    }

    /// A duration that may be zero.
    pub(super) fn duration_or_zero(&mut self, key: &'static str, default: Duration) -> Duration {
        self.optional_duration_or_zero(key).unwrap_or(default)
    }

    /// A duration that may be zero, where the default depends on other keys.
    pub(super) fn optional_duration_or_zero(&mut self, key: &'static str) -> Option<Duration> {
        self.parsed(key, "a duration with its unit, of at most 365 days, for example \"5s\" or \"0s\"", parse_duration)
    }

    /// A whole number of at least 1.
    pub(super) fn count(&mut self, key: &'static str) -> Option<NonZeroU32> {
        self.parsed(key, "a whole number from 1 to 4294967295", |value| {
            value.integer().and_then(|number| u32::try_from(number).ok()).and_then(NonZeroU32::new)
        })
    }

    /// A size of more than zero.
    pub(super) fn size(&mut self, key: &'static str, default: ByteSize) -> ByteSize {
        self.parsed(key, "a size of more than zero, for example \"16MiB\"", |value| {
            let bytes = match value.integer() {
                Some(number) => u64::try_from(number).ok()?,
                None => value.text()?.parse::<ByteSize>().ok()?.as_u64(),
            };
            (bytes > 0).then_some(ByteSize::b(bytes))
        })
        .unwrap_or(default)
    }

    /// A list of texts; empty when it is not given.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(node) = self.take(key) else { return Vec::new() };
        node.into_texts().unwrap_or_else(|| {
            self.report(key, format!("must be a list of texts, for example {key} = [\"…\", \"…\"]"));
            Vec::new()
        })
    }

    /// A text, or a list of at least one.
    pub(super) fn one_or_several(&mut self, key: &'static str) -> Option<Vec<String>> {
        let node = self.take(key)?;
        let texts = match node.scalar() {
            Some(Scalar::Text(text)) => Some(vec![text.to_owned()]),
            _ => node.into_texts(),
        };
        let usable = texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty()));
        if usable.is_none() {
            self.report(key, "must be a text that is not empty, or a list of such texts");
        }
        usable
    }

    /// Every key of this table with its value, a text, a whole number or a yes or no, as JSON has it. Takes them all.
    pub(super) fn all_json_scalars(mut self) -> Vec<(String, serde_json::Value)> {
        let mut all = Vec::new();
        for (key, node) in std::mem::take(&mut self.table) {
            match node.scalar() {
                Some(Scalar::Text(text) | Scalar::Variable(text)) => all.push((key, text.into())),
                Some(Scalar::Integer(number)) => all.push((key, number.into())),
                Some(Scalar::Boolean(value)) => all.push((key, value.into())),
                None => self.report(&key, "must be a text, a whole number, true or false"),
            }
        }
        all
    }

    /// A table inside this one.
    pub(super) fn section(&mut self, key: &'static str, example: &str) -> Option<Section<'a>> {
        let node = self.take(key)?;
        let table = node.into_table();
        if table.is_none() {
            self.report(key, format!("must be a table, for example {example}"));
        }
        table.map(|table| Section::new(self.key(key), table, self.folder, self.problems))
    }

    /// `{ requests = …, per = … }`; both must be there.
    pub(super) fn rate(&mut self, key: &'static str) -> Option<(NonZeroU32, Duration)> {
        let example = format!("{key} = {{ requests = 5, per = \"1s\" }}");
        let mut rate = self.section(key, &example)?;
        for part in ["requests", "per"] {
            if !rate.has(part) {
                rate.report(part, format!("is missing; write both parts: {example}"));
            }
        }
        let both = rate.count("requests").zip(rate.positive_duration("per"));
        rate.finish();
        both
    }

    /// A list of tables, each under `key[index]`.
    pub(super) fn sections(&mut self, key: &'static str, example: &str) -> Option<Vec<Section<'a>>> {
        let node = self.take(key)?;
        let tables = node.into_tables();
        if tables.is_none() {
            self.report(key, format!("must be a list of tables, for example {example}"));
        }
        let path = self.key(key);
        let open = |(index, table)| Section::new(format!("{path}[{index}]"), table, self.folder, self.problems);
        Some(tables?.into_iter().enumerate().map(open).collect())
    }

    /// Every table inside this one, whatever its name. Takes them all.
    pub(super) fn all_sections(&mut self, example: &str) -> Vec<(String, Section<'a>)> {
        let mut all = Vec::new();
        for (key, node) in std::mem::take(&mut self.table) {
            match node.into_table() {
                Some(table) => {
                    let section = Section::new(self.key(&key), table, self.folder, self.problems);
                    all.push((key, section));
                }
                None => self.report(&key, format!("must be a table: {example}")),
            }
        }
        all
    }

    /// A path; a relative one starts at the configuration's folder.
    pub(super) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        self.text(key).map(|text| self.folder.join(text))
    }

    /// A path that must be there.
    pub(super) fn required_path(&mut self, key: &'static str, example: &str) -> Option<PathBuf> {
        self.required_text(key, example).map(|text| self.folder.join(text))
    }

    /// The content of the file that the key names.
    pub(super) fn file(&mut self, key: &'static str) -> Option<String> {
        let path = self.path(key)?;
        let read = std::fs::read_to_string(&path);
        read.map_err(|error| self.report(key, format!("{} cannot be read: {}", path.display(), unreadable(&error))))
            .ok()
    }

    /// A secret, given itself or as the path of a file that holds it, not both. What it may be is told in
    /// [`secret`](crate::config::secret).
    pub(super) fn secret(&mut self, key: &'static str, file_key: &'static str) -> Option<SecretString> {
        if self.has(key) && self.has(file_key) {
            let variable = self.table.get(key).and_then(Node::variable).map(|name| format!(" by {name}"));
            self.report(key, format!("is given{}, and {file_key} too; keep one of them", variable.unwrap_or_default()));
        }
        let from_file = self.file(file_key).map(|content| (file_key, secret::in_file(&content).to_owned()));
        let (given_as, text) = self.text(key).map(|text| (key, text)).or(from_file)?;
        if secret::is_a_reference(&text) {
            let variable = variable_for(&self.key(key));
            self.report(
                given_as,
                format!("is a ${{…}}, and nothing is put in its place here; leave it out and set {variable}"),
            );
            return None;
        }
        secret::visible(&text).map_err(|reason| self.report(given_as, reason)).ok()
    }

    /// A secret that must be there.
    pub(super) fn required_secret(&mut self, key: &'static str, file_key: &'static str) -> Option<SecretString> {
        if !self.has(key) && !self.has(file_key) {
            let variable = variable_for(&self.key(key));
            self.report_missing(key, &format!("set {variable}, or {file_key} to the path of a file that holds it"));
        }
        self.secret(key, file_key)
    }
}

fn parse_duration(value: Scalar<'_>) -> Option<Duration> {
    let duration = humantime::parse_duration(value.text()?.trim()).ok()?;
    (duration <= MAX_DURATION).then_some(duration)
}
