//! Rust types and the descriptor set of `yidu-proto`, from the `.proto` files; the TypeScript of the web SDK in [`web`].
//!
//! Both are committed, so that a build needs neither protoc nor a build script, and `check` compares what is committed
//! with what the protos give now.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use prost_build::Module;
use protox::prost_reflect::prost_types::FileDescriptorSet;

pub(crate) mod web;

const PROTO_ROOT: &str = "proto";
const PACKAGE: &str = "yidu.v1";
const GEN_DIR: &str = "crates/yidu-proto/src/gen";

/// Types that `yidu-proto` writes by hand: (protobuf name, Rust path).
///
/// An element stays raw bytes on its way through the server, which has no reason to look inside.
const EXTERN_TYPES: &[(&str, &str)] = &[(".yidu.v1.Element", "crate::Element")];

/// Messages that hold a secret: `yidu-proto` writes a `Debug` for them that does not show it.
const SECRET_TYPES: &[&str] = &[".yidu.v1.Login"];

/// What the protos of one package give.
struct Generated {
    rust: String,
    /// An encoded `FileDescriptorSet` with imports and without source positions: what reflection needs, no more.
    descriptors: Vec<u8>,
}

/// Writes the generated files; a file that is already right is left untouched, so that nothing rebuilds for nothing.
pub(crate) fn write(root: &Path) -> Result<()> {
    let generated = generate(&root.join(PROTO_ROOT))?;
    for (path, bytes) in generated.files(root) {
        let shown = shown(root, &path);
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            println!("{shown} is up to date");
            continue;
        }
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot create the folder of {shown}"))?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {shown}"))?;
        println!("{shown} written");
    }
    web::write(root, &descriptors(&root.join(PROTO_ROOT))?)
}

/// Fails, naming the files, when what is committed is not what the protos give.
pub(crate) fn check(root: &Path) -> Result<()> {
    let generated = generate(&root.join(PROTO_ROOT))?;
    let files = generated.files(root);
    let stale = files.iter().filter(|(path, bytes)| !fs::read(path).is_ok_and(|old| old == *bytes));
    let stale: Vec<String> = stale.map(|(path, _)| shown(root, path)).collect();
    ensure!(stale.is_empty(), "{} not what the protos give; run `cargo xtask codegen`", stale.join(", "));
    Ok(())
}

impl Generated {
    fn files(&self, root: &Path) -> [(PathBuf, &[u8]); 2] {
        let dir = root.join(GEN_DIR);
        let rust = dir.join(format!("{PACKAGE}.rs"));
        let descriptors = dir.join(format!("{PACKAGE}.bin"));
        [(rust, self.rust.as_bytes()), (descriptors, &self.descriptors)]
    }
}

fn generate(proto_root: &Path) -> Result<Generated> {
    let files = proto_files(proto_root)?;
    let mut compiler = protox::Compiler::new([proto_root])?;
    compiler.include_source_info(true).open_files(&files).map_err(with_place)?;
    let rust = rust_types(compiler.file_descriptor_set())?;
    let descriptors = compiler.include_source_info(false).include_imports(true).encode_file_descriptor_set();
    Ok(Generated { rust, descriptors })
}

/// What the protos declare, without source positions.
fn descriptors(proto_root: &Path) -> Result<FileDescriptorSet> {
    let mut compiler = protox::Compiler::new([proto_root])?;
    compiler.open_files(proto_files(proto_root)?).map_err(with_place)?;
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

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests;
