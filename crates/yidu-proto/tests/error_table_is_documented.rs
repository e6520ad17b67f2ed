//! `docs/errors.md` is the table of `code.rs`. To rewrite it: `UPDATE=1 cargo test -p yidu-proto --test error_table_is_documented`.

use std::fmt::Write;
use std::path::Path;

use yidu_proto::Code;

const HEAD: &str = "# Error numbers\n\n\
    Every error that reaches a client has one of these numbers and a text that names cause and cure. Numbers are the \
    vendor's wherever there is one, and keep their meaning for ever. Generated from `crates/yidu-proto/src/code.rs`.\n\n\
    | number | name | meaning |\n|---|---|---|\n";

#[test]
fn the_document_is_the_table() {
    let mut expected = HEAD.to_owned();
    for code in Code::ALL {
        writeln!(expected, "| {} | {code:?} | {} |", code.number(), code.meaning()).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/errors.md is not the table of code.rs: rewrite it as the head of this test says"
    );
}
