//! A source file says what it is for, and fits into a head.

use super::tree::Tree;

/// More is a sign of two files in one.
const MOST_LINES: usize = 600;

/// Languages written by hand here; lock files, fixtures and prose may be long.
const WRITTEN_BY_HAND: [&str; 12] =
    ["rs", "proto", "ts", "tsx", "js", "mjs", "css", "html", "cs", "c", "h", "sh"];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let files = tree.files().filter(|(path, _)| !is_generated(path));
    files.flat_map(|(path, text)| head(path, text).into_iter().chain(length(path, text))).collect()
}

fn head(path: &str, text: &str) -> Option<String> {
    let missing = path.ends_with(".rs") && !text.starts_with("//!");
    missing.then(|| format!("{path}: the first line is not `//! …`; say in a sentence what the file is for"))
}

fn length(path: &str, text: &str) -> Option<String> {
    let (_, extension) = path.rsplit_once('.')?;
    let lines = text.lines().count();
    let long = WRITTEN_BY_HAND.contains(&extension) && lines > MOST_LINES;
    long.then(|| format!("{path}: {lines} lines, {MOST_LINES} are the most; split it by role"))
}

fn is_generated(path: &str) -> bool {
    path.split('/').any(|folder| folder == "gen")
}

#[cfg(test)]
mod tests {
    use super::{MOST_LINES, check};
    use crate::tidy::tree::Tree;

    #[test]
    fn a_file_without_a_head_is_named() {
        let tree = Tree::from([
            ("a.rs", "//! Says it.\n"),
            ("tests/b.rs", "use std::fs;\n"),
            ("src/gen/c.rs", "// generated\n"),
            ("d.md", "prose\n"),
        ]);
        let problems = check(&tree);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("tests/b.rs: the first line"), "{problems:?}");
    }

    #[test]
    fn a_long_file_is_named_unless_it_is_generated_or_not_written_by_hand() {
        let most = format!("//! x\n{}", "\n".repeat(MOST_LINES - 1));
        let over = format!("{most}\n");
        let tree = Tree::from([
            ("most.rs", most.as_str()),
            ("over.rs", over.as_str()),
            ("over.ts", over.as_str()),
            ("src/gen/over.rs", over.as_str()),
            ("Cargo.lock", over.as_str()),
        ]);
        let problems = check(&tree);
        let named: Vec<&str> = problems.iter().filter_map(|problem| problem.split(':').next()).collect();
        assert_eq!(named, ["over.rs", "over.ts"]);
    }
}
