//! The merged tree of the file and the environment, before anything is known about its meaning.

use std::collections::BTreeMap;

/// A table: keys and what they hold.
pub(super) type Table = BTreeMap<String, Node>;

/// What a key holds. Not `Debug`: it may be a secret.
#[derive(Clone)]
pub(super) enum Node {
    Table(Table),
    /// A value of the file that is not a table.
    Value(toml::Value),
    /// A text of the environment, whose type depends on who reads it.
    Variable {
        name: String,
        text: String,
    },
}

/// A single value as its reader sees it. The environment has only texts, so those may stand for any type.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'a> {
    Text(&'a str),
    Variable(&'a str),
    Integer(i64),
    Boolean(bool),
}

impl<'a> Scalar<'a> {
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) | Self::Variable(text) => Some(text),
            Self::Integer(_) | Self::Boolean(_) => None,
        }
    }

    pub(super) fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Boolean(_) => None,
        }
    }

    pub(super) fn boolean(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Integer(_) => None,
        }
    }
}

impl Node {
    /// The single value, if it is one.
    pub(super) fn scalar(&self) -> Option<Scalar<'_>> {
        match self {
            Self::Value(toml::Value::String(text)) => Some(Scalar::Text(text)),
            Self::Value(toml::Value::Integer(number)) => Some(Scalar::Integer(*number)),
            Self::Value(toml::Value::Boolean(value)) => Some(Scalar::Boolean(*value)),
            Self::Variable { text, .. } => Some(Scalar::Variable(text)),
            Self::Table(_) | Self::Value(_) => None,
        }
    }

    /// The table, if it is one; a text of the environment may be an inline table: `{ requests = 5, per = "1s" }`.
    pub(super) fn into_table(self) -> Option<Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Variable { text, .. } => match parse_value(&text)? {
                toml::Value::Table(table) => Some(from_toml(table)),
                _ => None,
            },
            Self::Value(_) => None,
        }
    }

    /// The texts of a list; in the environment a TOML array or texts between commas.
    pub(super) fn into_texts(self) -> Option<Vec<String>> {
        let array = match self {
            Self::Value(toml::Value::Array(array)) => array,
            Self::Variable { text, .. } if text.trim_start().starts_with('[') => match parse_value(&text)? {
                toml::Value::Array(array) => array,
                _ => return None,
            },
            Self::Variable { text, .. } => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                return Some(parts.map(str::to_owned).collect());
            }
            Self::Table(_) | Self::Value(_) => return None,
        };
        array.into_iter().map(|value| if let toml::Value::String(text) = value { Some(text) } else { None }).collect()
    }

    /// The tables of a list of tables.
    pub(super) fn into_tables(self) -> Option<Vec<Table>> {
        let array = match self {
            Self::Value(toml::Value::Array(array)) => array,
            Self::Variable { text, .. } => match parse_value(&text)? {
                toml::Value::Array(array) => array,
                _ => return None,
            },
            Self::Table(_) | Self::Value(_) => return None,
        };
        let table = |value| if let toml::Value::Table(table) = value { Some(from_toml(table)) } else { None };
        array.into_iter().map(table).collect()
    }

    /// The name of the environment variable it comes from; of a table that comes from variables alone, the first of them.
    pub(super) fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable { name, .. } => Some(name),
            Self::Table(table) => variable_of(table),
            Self::Value(_) => None,
        }
    }
}

/// A variable that a table comes from, if it comes from variables alone.
pub(super) fn variable_of(table: &Table) -> Option<&str> {
    let mut names = table.values().map(Node::variable);
    let first = names.next()??;
    names.all(|name| name.is_some()).then_some(first)
}

/// A TOML value that stands alone.
fn parse_value(text: &str) -> Option<toml::Value> {
    let mut document: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
    let value = document.remove("value")?;
    document.is_empty().then_some(value)
}

/// The tree of a TOML document.
pub(super) fn from_toml(table: toml::Table) -> Table {
    let node = |value| match value {
        toml::Value::Table(table) => Node::Table(from_toml(table)),
        value => Node::Value(value),
    };
    table.into_iter().map(|(key, value)| (key, node(value))).collect()
}
