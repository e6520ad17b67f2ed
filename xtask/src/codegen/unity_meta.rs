//! The `.meta` files of the Unity package: Unity ignores every file of a package from git that has none.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::GenFile;

const PACKAGE: &str = "unity";

/// One for each file and folder that Unity imports, in order.
pub(super) fn files(root: &Path) -> Result<Vec<GenFile>> {
    let mut assets = Vec::new();
    gather(&root.join(PACKAGE), PACKAGE, &mut assets)?;
    assets.sort();
    for meta in assets.iter().filter(|path| path.ends_with(".meta")) {
        let asset = meta.trim_end_matches(".meta");
        ensure!(root.join(asset).exists(), "{meta} belongs to {asset}, which is gone; delete it");
    }
    assets.retain(|path| !path.ends_with(".meta"));
    let text = |path: &str| meta(path, root.join(path).is_dir());
    Ok(assets
        .iter()
        .map(|path| GenFile { path: format!("{path}.meta"), bytes: text(path).into_bytes() })
        .collect())
}

/// Everything under `folder` except what Unity never looks at: names that begin with a dot or end in `~`.
fn gather(folder: &Path, path: &str, assets: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {path}"))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().with_context(|| format!("a name in {path} is not UTF-8"))?;
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let path = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &path, assets)?;
        }
        assets.push(path);
    }
    Ok(())
}

fn meta(path: &str, is_folder: bool) -> String {
    let importer = match path.rsplit_once('.').map(|(_, extension)| extension) {
        _ if is_folder => "folderAsset: yes\nDefaultImporter",
        Some("cs") => "MonoImporter",
        Some("asmdef") => "AssemblyDefinitionImporter",
        _ if path.ends_with("/package.json") => "PackageManifestImporter",
        _ => "TextScriptImporter",
    };
    format!(
        "fileFormatVersion: 2\nguid: {:032x}\n{importer}:\n  externalObjects: {{}}\n  userData:\n  assetBundleName:\n  \
         assetBundleVariant:\n",
        guid(path)
    )
}

/// FNV-1a of the path: the same on every machine, so that references from scenes stay good from release to release.
fn guid(path: &str) -> u128 {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    path.bytes().fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::{files, guid};

    #[test]
    fn every_asset_has_one_and_what_unity_never_sees_has_none() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = root.path().join("unity").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        };
        for path in ["Runtime/A.cs", "Samples~/B.cs", ".hidden/C.cs", "package.json"] {
            write(path);
        }
        let paths: Vec<String> = files(root.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["unity/Runtime.meta", "unity/Runtime/A.cs.meta", "unity/package.json.meta"]);

        write("Runtime/Gone.cs.meta");
        let error = files(root.path()).err().unwrap().to_string();
        assert!(error.contains("unity/Runtime/Gone.cs, which is gone"), "{error}");
    }

    #[test]
    fn guids_are_those_of_the_paths() {
        assert_eq!(guid(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_ne!(guid("unity/Runtime"), guid("unity/Runtim"));
    }
}
