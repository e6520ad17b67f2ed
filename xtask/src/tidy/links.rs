//! Links in the prose lead somewhere.

use super::tree::Tree;

/// Checks the relative links of every Markdown file at the root and under `docs/`; addresses on the web and headings
/// of the same page are not looked up.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let pages = tree
        .files()
        .filter(|(path, _)| path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/')));
    pages.flat_map(|(path, text)| dead_links(tree, path, text)).collect()
}

fn dead_links(tree: &Tree, path: &str, text: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for target in targets(line).into_iter().filter(|target| is_relative(target)) {
            let file = target.split('#').next().unwrap_or_default();
            if !resolve(folder, file).is_some_and(|resolved| tree.holds(&resolved)) {
                problems.push(format!("{path}:{}: the link to {target} leads nowhere", number + 1));
            }
        }
    }
    problems
}

/// Targets of `[text](target "title")` and `[name]: target`.
fn targets(line: &str) -> Vec<&str> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let reference = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    let reference = reference.and_then(|(_, target)| target.split_whitespace().next());
    inline.chain(reference).collect()
}

fn is_relative(target: &str) -> bool {
    !target.is_empty()
        && !target.starts_with('#')
        && !target.contains("://")
        && !target.starts_with("mailto:")
}

/// The path from the root that `target` means in `folder`; `None` when it leaves the repository.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn problems_of(path: &str, text: &str) -> Vec<String> {
        check(&Tree::from([
            (path, text),
            ("docs/rest.md", ""),
            ("LICENSE", ""),
            ("proto/yidu/v1/a.proto", ""),
        ]))
    }

    #[test]
    fn links_to_files_and_folders_resolve_from_their_page() {
        assert!(
            problems_of("README.md", "[a](docs/rest.md#top), [b](LICENSE \"t\"), [c](proto/yidu/)")
                .is_empty()
        );
        assert!(
            problems_of("docs/a.md", "[a](rest.md) [b](../LICENSE) [c](./rest.md)\n[r]: ../proto").is_empty()
        );
    }

    #[test]
    fn a_dead_link_is_named_with_its_line() {
        let problems = problems_of("docs/a.md", "fine\n[a](LICENSE)");
        assert_eq!(problems, ["docs/a.md:2: the link to LICENSE leads nowhere"]);
        assert_eq!(problems_of("README.md", "[r]: gone.md").len(), 1);
        assert_eq!(problems_of("README.md", "[out](../LICENSE)").len(), 1, "it leaves the repository");
    }

    #[test]
    fn the_web_headings_and_code_are_not_looked_up() {
        assert!(problems_of("README.md", "[a](https://example.com/x) [b](#top) [c](mailto:a@b)").is_empty());
        assert!(problems_of("README.md", "```\n[a](gone.md)\n```").is_empty());
        assert!(problems_of("crates/x/notes.md", "[a](gone.md)").is_empty());
    }
}
