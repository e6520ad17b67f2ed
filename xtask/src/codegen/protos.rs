//! Rust types and the descriptor set of `yidu-proto`, from the `.proto` files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use prost_build::Module;
use protox::prost_reflect::prost_types::FileDescriptorSet;

use super::GenFile;

const PROTO_ROOT: &str = "proto";
pub(super) const PACKAGE: &str = "yidu.v1";
const GEN_DIR: &str = "crates/yidu-proto/src/gen";

/// Types that `yidu-proto` writes by hand: (protobuf name, Rust path).
///
/// An element stays raw bytes on its way through the server, which has no reason to look inside.
const EXTERN_TYPES: &[(&str, &str)] = &[(".yidu.v1.Element", "crate::Element")];

/// Messages that hold a secret: `yidu-proto` writes a `Debug` for them that does not show it.
const SECRET_TYPES: &[&str] = &[".yidu.v1.Login", ".yidu.v1.Webhook"];

/// The types, and an encoded `FileDescriptorSet` with imports and without source positions: what reflection needs, no
/// more.
pub(super) fn files(root: &Path) -> Result<Vec<GenFile>> {
    let proto_root = root.join(PROTO_ROOT);
    let files = proto_files(&proto_root)?;
    let mut compiler = protox::Compiler::new([proto_root])?;
    compiler.include_source_info(true).open_files(&files).map_err(with_place)?;
    let rust = rust_types(compiler.file_descriptor_set())?;
    let descriptors = compiler.include_source_info(false).include_imports(true).encode_file_descriptor_set();
    Ok(vec![
        GenFile { path: format!("{GEN_DIR}/{PACKAGE}.rs"), bytes: rust.into_bytes() },
        GenFile { path: format!("{GEN_DIR}/{PACKAGE}.bin"), bytes: descriptors },
    ])
}

/// What the protos declare, without source positions.
pub(super) fn descriptors(root: &Path) -> Result<FileDescriptorSet> {
    let proto_root = root.join(PROTO_ROOT);
    let mut compiler = protox::Compiler::new([&proto_root])?;
    compiler.open_files(proto_files(&proto_root)?).map_err(with_place)?;
    Ok(compiler.file_descriptor_set())
}

/// Every `.proto` of the package, sorted: the output must not hang on the order of a folder listing.
fn proto_files(proto_root: &Path) -> Result<Vec<PathBuf>> {
    let dir = proto_root.join(PACKAGE.replace('.', "/"));
    let entries = fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ext| ext == "proto") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "{} holds no .proto file", dir.display());
    files.sort();
    Ok(files)
}

fn rust_types(descriptors: FileDescriptorSet) -> Result<String> {
    let mut config = prost_build::Config::new();
    config.bytes(["."]);
    config.skip_debug(SECRET_TYPES);
    for (proto_name, rust_path) in EXTERN_TYPES {
        config.extern_path(*proto_name, *rust_path);
    }
    let requests = descriptors.file.into_iter();
    let requests = requests.map(|file| (Module::from_protobuf_package_name(file.package()), file)).collect();
    let mut modules = config.generate(requests)?;
    let rust = modules.remove(&Module::from_protobuf_package_name(PACKAGE));
    if !modules.is_empty() {
        bail!("proto/{} declares a package other than {PACKAGE}", PACKAGE.replace('.', "/"));
    }
    rust.with_context(|| format!("no message or enum is declared in package {PACKAGE}"))
}

/// protox tells file, line and column in the debug form of its errors only.
fn with_place(error: protox::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

#[cfg(test)]
mod tests;
