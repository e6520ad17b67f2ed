//! Which part of the server may know which, read from its sources.

use super::tree::Tree;

const SERVER: &str = "crates/yidu-server/src/";
const COMPOSE: &str = "crates/yidu-server/src/compose.rs";

/// A part of the server (`<part>.rs` and `<part>/`) and the crates it must not name.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("service", &["axum", "hyper", "hyper_util", "tokio::net", "fjall"]),
    ("gateway", &["yidu_store"]),
    ("rest", &["yidu_store"]),
];

/// The engine, which only `compose.rs` may name.
const ENGINE: &str = "yidu_store_embedded";

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let sources = tree.files().filter(|(path, _)| path.starts_with(SERVER) && path.ends_with(".rs"));
    sources.flat_map(|(path, text)| problems(path, &code_of(text))).collect()
}

fn problems(path: &str, code: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if path != COMPOSE && names(code, ENGINE) {
        problems.push(format!("{path}: names {ENGINE}; only compose.rs knows an engine"));
    }
    for (part, forbidden) in FORBIDDEN {
        let rest = path.strip_prefix(SERVER).and_then(|path| path.strip_prefix(part));
        if !rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/')) {
            continue;
        }
        let named = forbidden.iter().filter(|name| names(code, name));
        problems.extend(named.map(|name| format!("{path}: names {name}, which {part} must not know")));
    }
    problems
}

/// The source without its line comments, which may speak of anything.
fn code_of(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether the code names a crate, or a module of one, in a path or in the braces of an import.
fn names(code: &str, name: &str) -> bool {
    match name.split_once("::") {
        None => has_word(code, name),
        Some((krate, module)) => {
            has_word(code, name) || braces_of(code, krate).any(|braces| has_word(braces, module))
        }
    }
}

/// What follows each `krate::{`, up to the end of the statement.
fn braces_of<'a>(code: &'a str, krate: &str) -> impl Iterator<Item = &'a str> {
    let opening = format!("{krate}::{{");
    let starts: Vec<usize> = code.match_indices(&opening).map(|(at, _)| at + opening.len()).collect();
    starts.into_iter().map(|start| {
        let rest = &code[start..];
        rest.split_once(';').map_or(rest, |(braces, _)| braces)
    })
}

/// Whether `word` stands in the code, not as a part of a longer name.
fn has_word(code: &str, word: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(in_name) && !code[at + word.len()..].starts_with(in_name))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn problems_of(path: &str, text: &str) -> usize {
        check(&Tree::from([(path, text)])).len()
    }

    #[test]
    fn service_knows_no_sockets() {
        let service = "crates/yidu-server/src/service/receipt.rs";
        assert_eq!(problems_of(service, "use axum::Router;"), 1);
        assert_eq!(problems_of(service, "fn f(s: &tokio::net::TcpStream) {}"), 1);
        assert_eq!(problems_of(service, "use tokio::{sync::watch, net::TcpStream};"), 1);
        assert_eq!(problems_of(service, "use tokio::{sync::watch};\nlet net = 1;"), 0);
        assert_eq!(problems_of(service, "//! Unlike axum, this is pure.\nuse yidu_store::Receipts;"), 0);
        assert_eq!(problems_of("crates/yidu-server/src/service.rs", "use hyper::Request;"), 1);
        assert_eq!(problems_of("crates/yidu-server/src/services.rs", "use hyper::Request;"), 0);
    }

    #[test]
    fn gateway_never_reads_the_store() {
        let gateway = "crates/yidu-server/src/gateway/session.rs";
        assert_eq!(problems_of(gateway, "use yidu_store::Receipts;"), 1);
        assert_eq!(problems_of(gateway, "use axum::Router;"), 0);
    }

    #[test]
    fn only_compose_names_the_engine() {
        let text = "use yidu_store_embedded::Store;";
        assert_eq!(problems_of("crates/yidu-server/src/compose.rs", text), 0);
        assert_eq!(problems_of("crates/yidu-server/src/config.rs", text), 1);
        assert_eq!(problems_of("crates/yidu-server/src/gateway.rs", text), 1, "once is enough");
        assert_eq!(problems_of("crates/yidu/src/main.rs", text), 0, "the rule is the server's");
    }
}
