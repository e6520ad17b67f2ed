//! No file names a path of the machine it was written on.

use super::tree::Tree;

/// Top folders of a machine in which people work. Written without slashes, so that this file passes too.
const MACHINE_FOLDERS: [&str; 3] = ["work", "root", "home"];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    tree.files().flat_map(|(path, text)| machine_paths(path, text)).collect()
}

fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in MACHINE_FOLDERS {
            let prefix = format!("/{folder}/");
            let absolute =
                |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}>)*/".contains(c));
            if line.match_indices(&prefix).any(|(at, _)| absolute(at)) {
                problems.push(format!("{path}:{}: names {prefix}…; use a relative path", number + 1));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn an_absolute_path_is_named_with_its_line() {
        let text = format!("fine\ncp \"{}\" .", ["", "home", "someone"].join("/"));
        assert_eq!(check(&Tree::from([("a.md", text.as_str())])).len(), 1);
    }

    #[test]
    fn the_middle_of_a_path_or_an_address_is_not_one() {
        let middle = ["", "home", "x"].join("/");
        let text = format!("docs{middle} https://example.com{middle} ${{dir}}{middle}");
        assert!(check(&Tree::from([("a.md", text.as_str())])).is_empty());
    }
}
