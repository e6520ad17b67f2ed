//! Which crate may know which, read from the manifests.

use toml::Table;

use super::tree::Tree;

/// Every crate, and those of ours that it may depend on outside its tests.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("yidu-usersig", &[]),
    ("yidu-proto", &[]),
    ("yidu-readset", &[]),
    ("yidu-store", &["yidu-proto", "yidu-readset"]),
    ("yidu-store-embedded", &["yidu-proto", "yidu-readset", "yidu-store"]),
    ("yidu-server", &["yidu-proto", "yidu-readset", "yidu-store", "yidu-store-embedded", "yidu-usersig"]),
    ("yidu-client", &["yidu-proto"]),
    ("yidu-imsdk", &["yidu-client"]),
    (
        "yidu-testkit",
        &["yidu-client", "yidu-proto", "yidu-server", "yidu-store", "yidu-store-embedded", "yidu-usersig"],
    ),
    (
        "yidu",
        &[
            "yidu-client",
            "yidu-proto",
            "yidu-readset",
            "yidu-server",
            "yidu-store",
            "yidu-store-embedded",
            "yidu-usersig",
        ],
    ),
];

/// The one crate with lints of its own: they are the workspace's, but for `unsafe_code`, which is denied instead of
/// forbidden, so that a room of the crate can allow it and say why.
const OWN_LINTS: &str = "yidu-imsdk";

/// Crates without I/O and async, and what would bring either in.
const PURE: [&str; 3] = ["yidu-usersig", "yidu-proto", "yidu-readset"];
const NOT_PURE: [&str; 4] = ["tokio", "axum", "hyper", "fjall"];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let root = tree.files().find(|(path, _)| *path == "Cargo.toml");
    let root = root.and_then(|(_, text)| text.parse::<Table>().ok()).unwrap_or_default();
    // Workspaces of their own.
    let apart = |path: &str| path.starts_with("fuzz/") || path.starts_with("bench/");
    let manifests = tree.files().filter(|(path, _)| path.ends_with("/Cargo.toml") && !apart(path));
    manifests.flat_map(|(path, text)| problems(path, text, &root)).collect()
}

fn problems(path: &str, text: &str, root: &Table) -> Vec<String> {
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut problems = Vec::new();
    let inherits =
        manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
    if name_of(&manifest) == Some(OWN_LINTS) {
        problems.extend(own_lints(path, &manifest, root));
    } else if inherits != Some(true) {
        problems
            .push(format!("{path}: add `[lints]` with `workspace = true`, so that one set of lints holds"));
    }
    if path.starts_with("crates/") {
        problems.extend(direction(path, &manifest));
    }
    problems
}

fn name_of(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

/// The lints of the workspace with `unsafe_code` denied.
fn own_lints(path: &str, manifest: &Table, root: &Table) -> Option<String> {
    let mut expected = root.get("workspace")?.get("lints")?.clone();
    expected.get_mut("rust")?.as_table_mut()?.insert("unsafe_code".to_owned(), "deny".into());
    let equal = manifest.get("lints") == Some(&expected);
    (!equal).then(|| {
        format!("{path}: its lints have to be the workspace's with `unsafe_code = \"deny\"`, nothing else")
    })
}

fn direction(path: &str, manifest: &Table) -> Vec<String> {
    let name = name_of(manifest);
    let row = DIRECTIONS.iter().find(|(listed, _)| Some(*listed) == name);
    let Some((name, allowed)) = row else {
        return vec![format!(
            "{path}: the crate has no row in DIRECTIONS of xtask/src/tidy/manifests.rs; add one"
        )];
    };
    let mut problems = Vec::new();
    for dependency in dependencies(manifest) {
        let ours = DIRECTIONS.iter().any(|(listed, _)| *listed == dependency);
        if ours && !allowed.contains(&dependency.as_str()) {
            problems.push(format!("{path}: {name} must not know {dependency}; turn the dependency round"));
        }
        if PURE.contains(name) && NOT_PURE.contains(&dependency.as_str()) {
            problems.push(format!("{path}: {name} is pure and must not depend on {dependency}"));
        }
    }
    problems
}

/// The real names of what a crate needs outside its tests, for all targets.
fn dependencies(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values).filter_map(toml::Value::as_table);
    let mut names = Vec::new();
    for table in std::iter::once(manifest).chain(targets) {
        for kind in ["dependencies", "build-dependencies"] {
            for (key, value) in table.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
                let renamed = value.get("package").and_then(toml::Value::as_str);
                names.push(renamed.unwrap_or(key).to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn problems_of(name: &str, rest: &str) -> Vec<String> {
        let manifest = format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}");
        check(&Tree::from([("crates/x/Cargo.toml", manifest.as_str())]))
    }

    #[test]
    fn a_dependency_down_the_table_passes_and_one_up_is_named() {
        assert!(problems_of("yidu-store", "[dependencies]\nyidu-proto.workspace = true").is_empty());
        let problems = problems_of("yidu-store", "[dependencies]\nyidu-server.workspace = true");
        assert!(problems[0].contains("yidu-store must not know yidu-server"), "{problems:?}");
    }

    #[test]
    fn tests_may_know_more() {
        assert!(problems_of("yidu-server", "[dev-dependencies]\nyidu-testkit.workspace = true").is_empty());
    }

    #[test]
    fn no_way_around_by_another_name_or_target() {
        let renamed = "[dependencies]\ns = { path = \"../s\", package = \"yidu-server\" }";
        assert_eq!(problems_of("yidu-client", renamed).len(), 1);
        let target = "[target.'cfg(unix)'.dependencies]\nyidu-server.workspace = true";
        assert_eq!(problems_of("yidu-client", target).len(), 1);
        assert_eq!(problems_of("yidu-client", "[build-dependencies]\nyidu-server.workspace = true").len(), 1);
    }

    #[test]
    fn a_pure_crate_brings_in_no_runtime() {
        assert_eq!(problems_of("yidu-readset", "[dependencies]\ntokio = \"1\"").len(), 1);
        assert!(problems_of("yidu-client", "[dependencies]\ntokio = \"1\"").is_empty());
    }

    #[test]
    fn the_c_library_has_the_lints_of_the_workspace_but_for_one() {
        let root = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n";
        let problems_with = |lints: &str| {
            let manifest = format!("[package]\nname = \"yidu-imsdk\"\n[lints.rust]\n{lints}");
            check(&Tree::from([("Cargo.toml", root), ("crates/x/Cargo.toml", manifest.as_str())])).len()
        };
        assert_eq!(problems_with("unsafe_code = \"deny\"\nmissing_docs = \"warn\""), 0);
        assert_eq!(problems_with("unsafe_code = \"allow\"\nmissing_docs = \"warn\""), 1);
        assert_eq!(problems_with("unsafe_code = \"deny\""), 1);
    }

    #[test]
    fn a_crate_outside_the_table_or_without_the_lints_is_named() {
        assert!(problems_of("yidu-new", "")[0].contains("has no row"));
        let bare = check(&Tree::from([("xtask/Cargo.toml", "[package]\nname = \"xtask\"")]));
        assert!(bare[0].contains("`workspace = true`"), "{bare:?}");
    }
}
