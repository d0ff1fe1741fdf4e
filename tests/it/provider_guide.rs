//! The code in `docs/add-a-provider.md` is in the files that it names, and the suite is told whole.

use crate::walls::root;

const GUIDE: &str = "docs/add-a-provider.md";
/// Between two pieces of one file.
const LEFT_OUT: &str = "// …";

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks that are called Rust: the file that each is said to be of, and its lines, as far in as the file has them.
fn shown(guide: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        let fence = line.trim_start();
        let indent = line.len() - fence.len();
        let Some(path) = fence.strip_prefix("```rust") else { continue };
        let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
        let block = block.map(|line| line.get(indent..).unwrap_or_default().to_owned()).collect();
        blocks.push((path.trim().to_owned(), block));
    }
    blocks
}

/// Whether the pieces of the block are in the text, each in one, one after the other.
fn is_in(block: &[String], text: &str) -> bool {
    let mut rest = text;
    block.split(|line| line == LEFT_OUT).all(|piece| {
        let piece = format!("{}\n", piece.join("\n"));
        let found = rest.find(&piece).filter(|at| *at == 0 || text[..text.len() - rest.len() + at].ends_with('\n'));
        found.map(|at| rest = &rest[at + piece.len()..]).is_some()
    })
}

#[test]
fn what_the_guide_shows_is_what_is_compiled() {
    let blocks = shown(&read(GUIDE));
    assert!(blocks.len() >= 12, "only {} blocks of code", blocks.len());
    for (path, block) in blocks {
        assert!(!path.is_empty(), "{GUIDE} does not say which file this is of:\n{}", block.join("\n"));
        assert!(is_in(&block, &read(&path)), "{GUIDE} shows what is not in {path}:\n{}", block.join("\n"));
    }
}

#[test]
fn the_guide_names_every_theme_of_the_suite() {
    let guide = read(GUIDE);
    let list = read("crates/provider-conformance/src/checks/mod.rs");
    let themes: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(themes.len() > 10, "{themes:?}");
    for theme in &themes {
        assert!(guide.contains(&format!("| `{theme}` |")), "{GUIDE} does not say what {theme} asks");
    }
    let rows = guide.split("| theme |").nth(1).expect("a table of the themes").lines().skip(2);
    assert_eq!(rows.take_while(|row| row.starts_with("| `")).count(), themes.len(), "{GUIDE} tells of others");
}

#[test]
fn the_guide_goes_through_every_file_of_the_example() {
    let guide = read(GUIDE);
    let mut files = Vec::new();
    crate::walls::rust_files(&root().join("examples/provider-whiteboard"), &mut files);
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(["lib.rs", "mod.rs"].contains(&name.as_str()) || guide.contains(&name), "{GUIDE} leaves {name} out");
    }
}

#[test]
fn another_text_is_seen() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let text = "fn a() {\n    b();\n}\nfn c() {}\n";
    assert!(is_in(&lines("    b();\n// …\nfn c() {}"), text));
    assert!(!is_in(&lines("b();"), text) && !is_in(&lines("    b()"), text));
    assert!(!is_in(&lines("fn c() {}\n// …\n    b();"), text));
    let blocks = shown("   ```rust a.rs\n       b();\n   ```\n```\nno\n```\n```rust\n```\n");
    assert_eq!(blocks, [("a.rs".to_owned(), vec!["    b();".to_owned()]), (String::new(), vec![])]);
}
