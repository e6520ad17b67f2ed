//! The C library's header, its table in the docs, and the functions that nobody wrote by hand.
//!
//! Sources: `abi/symbols.tsv` (every symbol of the interface with its exact signature), `abi/areas.tsv` (what is not
//! there, by name), and the Rust of `src/abi` and `src/ffi`, whose comments are the documentation. A function or
//! callback type that is written by hand must have the signature of the table; the others are generated.

mod header;
mod page;
mod rust;
mod source;
mod table;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use self::source::Source;
use self::table::Table;
use super::GenFile;

const CRATE: &str = "crates/yidu-imsdk";

pub(super) fn files(root: &Path) -> Result<Vec<GenFile>> {
    let read = |name: &str| {
        let path = root.join(CRATE).join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {CRATE}/{name}"))
    };
    let table = Table::parse(&read("abi/symbols.tsv")?, &read("abi/areas.tsv")?)?;
    let source = Source::read(&root.join(CRATE).join("src"))?;
    source.check_against(&table)?;
    let file = |path: &str, text: String| GenFile { path: path.to_owned(), bytes: text.into_bytes() };
    let in_crate = |path: &str, text: String| file(&format!("{CRATE}/{path}"), text);
    Ok(vec![
        in_crate("src/ffi/gen/callbacks.rs", rust::callbacks(&table, &source)?),
        in_crate("src/abi/gen/out_of_scope.rs", rust::functions(&table, &source)?),
        in_crate("tests/every_text/gen/functions.rs", rust::every_text(&table, &source)?),
        in_crate("include/ImSDK.h", header::header(&table, &source)?),
        file("docs/c-library.md", page::page(&table, &source)?),
    ])
}

#[cfg(test)]
mod tests;
