//! A small library in a temporary folder, through the whole of it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::files;

const SYMBOLS: &str = "symbol\treturns\targuments\n\
    TIMDone\tint\tconst char*; enum TIMKind; TIMCommCallback; const void*\n\
    TIMMissing\tint\tconst char *; char*; TIMCommCallback; const void*\n\
    TIMQuiet\tint\tconst char*\n\
    TIMSetFarCallback\tvoid\tTIMFarCallback; const void*\n\
    callback TIMCommCallback\tvoid\tint32_t; const char*; const char*; const void*\n\
    callback TIMFarCallback\tvoid\tconst char*; bool; const void*\n";
const AREAS: &str = "part\tarea\nMissing\tmissing things\nQuiet\tquiet things\nFar\tfar things\n";
const FUNCTION: &str = r#"//! The noun.
/// Does it, `json` in hand.
#[unsafe(no_mangle)]
pub extern "C" fn TIMDone(json: Text, kind: Enum<TIMKind>, cb: TIMCommCallback, user_data: UserData) -> c_int { 0 }
"#;
const TYPES: &str = r#"//! Types.
/// The answer.
pub type TIMCommCallback = Option<unsafe extern "C" fn(code: i32, desc: Out, json: Out, user_data: UserData)>;
"#;
const ENUMS: &str = "//! Numbers.\nc_enums! { /// Kinds.\n TIMKind { /// The first.\n One = 0x01, Least = i32::MIN, Minus = -1, } }\n";

fn library(symbols: &str, function: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = root.path().join("crates/yidu-imsdk").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("abi/symbols.tsv", symbols);
    put("abi/areas.tsv", AREAS);
    put("src/abi/noun.rs", function);
    put("src/ffi/types.rs", TYPES);
    put("src/ffi/enums.rs", ENUMS);
    root
}

fn file(root: &Path, end: &str) -> String {
    let file = files(root).unwrap().into_iter().find(|file| file.path.ends_with(end)).unwrap();
    String::from_utf8(file.bytes).unwrap()
}

#[test]
fn the_header_has_comments_names_and_numbers() {
    let root = library(SYMBOLS, FUNCTION);
    let header = file(root.path(), "ImSDK.h");
    for line in [
        " * Does it, `json` in hand.",
        "TIM_API int TIMDone(const char* json, enum TIMKind kind, TIMCommCallback cb, const void* user_data);",
        "typedef void (*TIMCommCallback)(int32_t code, const char* desc, const char* json, const void* user_data);",
        "    One = 1,",
        "    Least = -2147483647 - 1,",
        "    Minus = -1",
        "TIM_API int TIMMissing(const char*, char*, TIMCommCallback, const void*);",
        "typedef void (*TIMFarCallback)(const char*, bool, const void*);",
    ] {
        assert!(header.lines().any(|there| there == line), "{line} is not in\n{header}");
    }
}

#[test]
fn what_nobody_wrote_answers_or_stays_silent_and_the_page_says_so() {
    let root = library(SYMBOLS, FUNCTION);
    let rust = file(root.path(), "out_of_scope.rs");
    assert!(!rust.contains("TIMDone"), "{rust}");
    assert!(rust.contains("buffer.write(\"\");\n    unsupported(Callback::Comm(cb, user_data), \"TIMMissing\", \"missing things\")"));
    assert!(rust.contains("fn TIMQuiet(_: Text) -> c_int {\n    neutral()\n}"), "{rust}");
    assert!(rust.contains("fn TIMSetFarCallback(_: TIMFarCallback, _: UserData) {\n}"), "{rust}");
    let page = file(root.path(), "c-library.md");
    assert!(page.contains("## What works: 1 of 4"), "{page}");
    assert!(page.contains("| `TIMDone` | Does it, `json` in hand. |"), "{page}");
    assert!(page.contains("| `TIMMissing` | answers 7013 | missing things |"), "{page}");
}

#[test]
fn another_signature_than_the_tables_is_refused() {
    let error = |symbols: &str, function: &str| {
        let root = library(symbols, function);
        files(root.path()).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(error(SYMBOLS, FUNCTION), "");
    let other = error(SYMBOLS, &FUNCTION.replace("json: Text", "json: u64"));
    assert!(other.starts_with("TIMDone is"), "{other}");
    let unlisted = error(SYMBOLS, &FUNCTION.replace("fn TIMDone", "fn TIMDoneToo"));
    assert!(unlisted.contains("TIMDoneToo is not in abi/symbols.tsv"), "{unlisted}");
    let bare = error(SYMBOLS, &FUNCTION.replace("/// Does it, `json` in hand.\n", ""));
    assert!(bare.contains("TIMDone has no comment"), "{bare}");
    let area = error(&SYMBOLS.replace("TIMQuiet", "TIMStrange"), FUNCTION);
    assert!(area.contains("no line for TIMStrange"), "{area}");
}
