//! The rules of the house that no compiler knows.
//!
//! Each check is a function from what is in the tree to a list of problems; a problem names the place and the cure.
//! The test at the end runs all of them on this repository, so that `cargo test` holds the rules as well.

mod imports;
mod links;
mod manifests;
mod sources;
mod text;
mod tree;

use std::path::Path;

use anyhow::{Result, ensure};

use tree::Tree;

/// Prints every problem, and fails when there is one.
pub(crate) fn run(root: &Path) -> Result<()> {
    let problems = problems(root)?;
    for problem in &problems {
        println!("tidy: {problem}");
    }
    ensure!(problems.is_empty(), "tidy: {} found", counted(problems.len()));
    Ok(())
}

fn problems(root: &Path) -> Result<Vec<String>> {
    let tree = Tree::read(root)?;
    let mut problems = Vec::new();
    problems.extend(sources::check(&tree));
    problems.extend(manifests::check(&tree));
    problems.extend(imports::check(&tree));
    problems.extend(links::check(&tree));
    problems.extend(text::check(&tree));
    Ok(problems)
}

fn counted(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_repository_is_tidy() {
        let problems = super::problems(&crate::repo_root().unwrap()).unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
