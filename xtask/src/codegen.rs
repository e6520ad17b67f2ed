//! What is generated, and committed so that a build needs neither protoc nor a build script.

mod c_library;
mod protos;
mod unity_meta;
pub(crate) mod web;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A file as its sources give it.
struct GenFile {
    /// From the root, with forward slashes.
    path: String,
    bytes: Vec<u8>,
}

/// Writes the generated files; a file that is already right is left untouched, so that nothing rebuilds for nothing.
pub(crate) fn write(root: &Path) -> Result<()> {
    write_files(root, &all(root)?)?;
    web::write(root)
}

/// Fails, naming the files, when what is committed is not what the sources give.
pub(crate) fn check(root: &Path) -> Result<()> {
    check_files(root, &all(root)?)
}

fn all(root: &Path) -> Result<Vec<GenFile>> {
    let mut files = protos::files(root)?;
    files.extend(c_library::files(root)?);
    files.extend(unity_meta::files(root)?);
    Ok(files)
}

fn write_files(root: &Path, files: &[GenFile]) -> Result<()> {
    for GenFile { path, bytes } in files {
        let target = root.join(path);
        if fs::read(&target).is_ok_and(|old| old == *bytes) {
            println!("{path} is up to date");
            continue;
        }
        if let Some(dir) = target.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot create the folder of {path}"))?;
        }
        fs::write(&target, bytes).with_context(|| format!("cannot write {path}"))?;
        println!("{path} written");
    }
    Ok(())
}

fn check_files(root: &Path, files: &[GenFile]) -> Result<()> {
    let stale =
        files.iter().filter(|file| !fs::read(root.join(&file.path)).is_ok_and(|old| old == file.bytes));
    let stale: Vec<&str> = stale.map(|file| file.path.as_str()).collect();
    ensure!(stale.is_empty(), "{} not what the sources give; run `cargo xtask codegen`", stale.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_committed_is_what_the_sources_give() {
        super::check(&crate::repo_root().unwrap()).unwrap();
    }
}
