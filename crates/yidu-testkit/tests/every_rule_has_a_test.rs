//! `docs/semantics.md` names a test for every promise: each must be there, and every story must be named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const RULES: std::ops::RangeInclusive<u32> = 1..=23;

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// File stem to the names of its tests.
fn tests(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let stem =
            path.file_stem().and_then(|stem| stem.to_str()).context("a file without a name")?.to_owned();
        if path.is_dir() {
            found.extend(tests(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(stem, test_names(&std::fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}

/// Functions right below a test attribute.
fn test_names(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut attribute = false;
    for line in source.lines() {
        if let (true, Some((_, rest))) = (attribute, line.split_once("fn ")) {
            names.extend(rest.split(['(', '<']).next().map(str::to_owned));
        }
        attribute = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    }
    names
}

/// Rule to the tests that its row names.
fn rows(page: &str) -> Result<BTreeMap<u32, Vec<String>>> {
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [rule, _, named] = cells.as_slice() else { continue };
        let Ok(rule) = rule.parse::<u32>() else { continue };
        let tests = named.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(rows.insert(rule, tests).is_none(), "rule {rule} has two rows");
    }
    Ok(rows)
}

#[test]
fn and_every_story_a_rule() -> Result<()> {
    let page = std::fs::read_to_string(here().join("../../docs/semantics.md"))?;
    let (mut tests, rows) = (tests(&here().join("tests"))?, rows(&page)?);
    tests.extend(self::tests(&here().join("../yidu-imsdk/tests/stories"))?);
    let mut named = BTreeSet::new();
    for rule in RULES {
        let row = rows.get(&rule).with_context(|| format!("docs/semantics.md has no row for rule {rule}"))?;
        assert!(!row.is_empty(), "rule {rule} has no test");
        for test in row {
            let (file, name) = test.split_once("::").with_context(|| format!("{test}: not `file::test`"))?;
            let there =
                tests.get(file).with_context(|| format!("rule {rule}: there is no file {file}.rs"))?;
            assert!(there.contains(name), "rule {rule}: {file}.rs has no test {name}, but {there:?}");
            named.insert(file.to_owned());
        }
    }
    for test in page.split('`').skip(1).step_by(2).filter(|word| word.contains("::")) {
        named.extend(test.split_once("::").map(|(file, _)| file.to_owned()));
    }
    let stories = tests.iter().filter(|(file, names)| *file != "every_rule_has_a_test" && !names.is_empty());
    let unnamed: Vec<_> = stories.map(|(file, _)| file).filter(|file| !named.contains(*file)).collect();
    assert!(unnamed.is_empty(), "docs/semantics.md does not name {unnamed:?}");
    Ok(())
}

#[test]
fn a_name_that_is_not_there_is_found_out() {
    let source = "#[test]\nfn one() {}\nfn helper() {}\n#[tokio::test(flavor = \"x\")]\nasync fn two() {}\n";
    assert_eq!(test_names(source), ["one", "two"].map(str::to_owned).into());
}
