//! A small package in a temporary folder, through the whole of `codegen`.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use anyhow::Result;

use super::super::{check_files, write_files};
use super::files;

fn write(root: &Path) -> Result<()> {
    write_files(root, &files(root)?)
}

fn check(root: &Path) -> Result<()> {
    check_files(root, &files(root)?)
}

const MESSAGE: &str = r#"syntax = "proto3";
package yidu.v1;
import "yidu/v1/element.proto";
import "google/protobuf/empty.proto";
// What a person sends.
message Message {
  string msg_id = 1;
  // Untouched on the way.
  bytes cloud_custom_data = 2;
  repeated Element elements = 3;
  google.protobuf.Empty nothing = 4;
}
"#;
const ELEMENT: &str = "syntax = \"proto3\";\npackage yidu.v1;\nmessage Element { string text = 1; }\n";

const RUST: &str = "crates/yidu-proto/src/gen/yidu.v1.rs";
const DESCRIPTORS: &str = "crates/yidu-proto/src/gen/yidu.v1.bin";

fn sample() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "message.proto", MESSAGE);
    put(root.path(), "element.proto", ELEMENT);
    root
}

fn put(root: &Path, name: &str, text: &str) {
    let dir = root.join("proto/yidu/v1");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join(name), text).unwrap();
}

#[test]
fn types_keep_their_comments_bytes_are_shared_and_elements_are_ours() {
    let root = sample();
    write(root.path()).unwrap();
    let rust = fs::read_to_string(root.path().join(RUST)).unwrap();
    assert!(rust.contains("/// What a person sends."), "{rust}");
    assert!(rust.contains("pub cloud_custom_data: ::prost::bytes::Bytes"), "{rust}");
    assert!(rust.contains("pub elements: ::prost::alloc::vec::Vec<crate::Element>"), "{rust}");
    assert!(!rust.contains("pub struct Element"), "{rust}");
}

#[test]
fn descriptors_stand_alone_and_hold_no_source_positions() {
    let root = sample();
    write(root.path()).unwrap();
    let bytes = fs::read(root.path().join(DESCRIPTORS)).unwrap();
    let pool = protox::prost_reflect::DescriptorPool::decode(bytes.as_slice()).unwrap();
    assert!(pool.get_message_by_name("yidu.v1.Message").is_some());
    assert!(pool.get_message_by_name("yidu.v1.Element").is_some());
    assert!(pool.files().all(|file| file.file_descriptor_proto().source_code_info.is_none()));
}

#[test]
fn check_passes_after_write_and_names_what_is_stale() {
    let root = sample();
    assert!(check(root.path()).is_err(), "nothing is generated yet");
    write(root.path()).unwrap();
    check(root.path()).unwrap();
    put(root.path(), "message.proto", &MESSAGE.replace("What a person sends.", "What a bot sends."));
    let error = check(root.path()).unwrap_err().to_string();
    assert!(error.contains(RUST) && !error.contains(DESCRIPTORS), "{error}");
}

#[test]
fn a_file_of_another_package_is_refused() {
    let root = sample();
    put(root.path(), "stray.proto", "syntax = \"proto3\";\npackage other.v1;\nmessage Stray {}\n");
    assert!(write(root.path()).unwrap_err().to_string().contains("other than yidu.v1"));
}

#[test]
fn a_broken_proto_is_an_error_that_names_it() {
    let root = sample();
    put(root.path(), "broken.proto", "syntax = \"proto3\";\npackage yidu.v1;\nmessage {}\n");
    let error = write(root.path()).unwrap_err().to_string();
    assert!(error.contains("yidu/v1/broken.proto:3:"), "{error}");
}
