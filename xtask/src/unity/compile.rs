//! From the C# of the package to programs that Mono runs.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

pub(super) const NEWTONSOFT: &str = "/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll";
pub(super) const NUNIT: &str = "/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll";

const LIBRARY: &str = "Yidu.ImSdk.dll";
/// The program that runs the tests.
pub(super) const TESTS: &str = "Yidu.ImSdk.Tests.exe";
const SAMPLES: &str = "Tests/Mono~/Samples";
const SHARED_BY_SAMPLES: &str = "SampleApp.cs";

/// Compiles the package (as it is, and as Unity sees it together with its sample scene), the tests and the five sample
/// programs into `out`.
pub(super) fn all(root: &Path, out: &Path) -> Result<()> {
    let package = root.join("unity");
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let runtime = sources(&package, &["Runtime"])?;
    mcs(&out.join(LIBRARY), &["-target:library", "-unsafe"], &[Path::new(NEWTONSOFT)], &runtime)?;

    let mut in_unity = sources(&package, &["Runtime", "Samples~"])?;
    in_unity.push(package.join("Tests/Mono~/UnityEngineShims.cs"));
    let unity = ["-target:library", "-unsafe", "-define:UNITY_5_3_OR_NEWER"];
    mcs(&out.join("AsUnitySeesIt.dll"), &unity, &[Path::new(NEWTONSOFT)], &in_unity)?;

    let library = out.join(LIBRARY);
    let tests = sources(&package, &["Tests/Runtime", "Tests/Mono~/Harness", "Tests/Mono~/Stories"])?;
    let references = [library.as_path(), Path::new(NEWTONSOFT), Path::new(NUNIT)];
    mcs(&out.join(TESTS), &[], &references, &tests)?;

    let shared = package.join(SAMPLES).join(SHARED_BY_SAMPLES);
    for sample in sources(&package, &[SAMPLES])?.into_iter().filter(|path| *path != shared) {
        let name = sample.file_stem().context("a sample has no name")?;
        let program = out.join(name).with_extension("exe");
        mcs(&program, &[], &references[..2], &[sample.clone(), shared.clone()])?;
    }
    Ok(())
}

/// Runs Mono's C# compiler; warnings are errors. It knows C# 7 and no newer, which Unity 2019 understands.
fn mcs(out: &Path, options: &[&str], references: &[&Path], sources: &[PathBuf]) -> Result<()> {
    let with = |option: &str, path: &Path| {
        let mut argument = OsString::from(option);
        argument.push(path);
        argument
    };
    let output = Command::new("mcs")
        .args(["-nologo", "-langversion:7", "-warn:4", "-warnaserror", "-debug", "-r:System.Core"])
        .args(options)
        .arg(with("-out:", out))
        .args(references.iter().map(|path| with("-r:", path)))
        .args(sources)
        .output()
        .context("cannot start mcs")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} does not compile:\n{}", out.display(), complaint.trim());
    Ok(())
}

/// The C# files in these folders of the package, sorted.
fn sources(package: &Path, folders: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| package.join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "cs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
