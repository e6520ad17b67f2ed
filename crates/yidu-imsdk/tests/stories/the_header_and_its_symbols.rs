//! The library exports every symbol of the table, and its header is C99 and C++17.

use std::collections::BTreeSet;
use std::process::Command;

use crate::person::{crate_folder, library};

/// The functions of the table.
fn table() -> BTreeSet<String> {
    let table = std::fs::read_to_string(crate_folder().join("abi/symbols.tsv")).unwrap();
    let names = table.lines().skip(1).filter_map(|line| line.split('\t').next());
    names.filter(|name| !name.starts_with("callback ") && !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn nm_lists_every_symbol_of_the_table() {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library()).output();
    let output = output.expect("this test needs `nm` (binutils, which comes with a C compiler)");
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).unwrap();
    let exported: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.split_once(" T ")).map(|(_, name)| name).collect();
    let missing: Vec<_> = table().into_iter().filter(|name| !exported.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not exported: {missing:?}");
}

#[test]
fn the_header_is_c99_and_cpp17_and_names_every_function() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("#include \"ImSDK.h\"\n#include <stddef.h>\ntypedef void (*any)(void);\n");
    text.push_str("extern const any every[];\nconst any every[] = {\n");
    for name in table() {
        text.push_str(&format!("    (any){name},\n"));
    }
    text.push_str("};\n");
    for (compiler, standard, file) in [("cc", "-std=c99", "every.c"), ("c++", "-std=c++17", "every.cpp")] {
        let source = folder.path().join(file);
        std::fs::write(&source, &text).unwrap();
        let output = Command::new(compiler)
            .args([
                standard,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-Wno-cast-function-type",
                "-c",
                "-I",
            ])
            .arg(crate_folder().join("include"))
            .arg(&source)
            .arg("-o")
            .arg(folder.path().join("every.o"))
            .output()
            .unwrap_or_else(|_| panic!("this test needs a compiler called `{compiler}`"));
        assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
