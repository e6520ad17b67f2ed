//! Key files: `<data folder>/apps/<SDKAppID>.key`, one secret key each, readable by the owner of the folder only.
//!
//! The store holds the keys that count; the file is where an operator finds the newest one, and what lets `yidu usersig`
//! work while a server runs on the folder.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use yidu_usersig::SecretKey;

/// Where the key of an app is kept.
pub(crate) fn path(data: &Path, app: u32) -> PathBuf {
    data.join("apps").join(format!("{app}.key"))
}

/// Writes the newest key of an app. The file is replaced as a whole, so that a crash leaves the old or the new one.
pub(crate) fn write(data: &Path, app: u32, secret: &str) -> Result<PathBuf> {
    let path = path(data, app);
    let folder = data.join("apps");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let new = path.with_extension("key.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .with_context(|| format!("cannot write {}", new.display()))?;
    file.write_all(secret.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&new, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Reads a key file.
pub(crate) fn read(path: &Path) -> Result<SecretKey> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read the key file {}; `yidu app list` names the apps of a data folder",
            path.display()
        )
    })?;
    text.trim().parse::<SecretKey>().with_context(|| format!("{} holds no key", path.display()))
}

/// The only app of a folder, when there is just one.
pub(crate) fn only_app(data: &Path) -> Result<u32> {
    let folder = data.join("apps");
    let entries = fs::read_dir(&folder).with_context(|| {
        format!(
            "no app in {}: start `yidu serve --data {}` once, it makes one",
            folder.display(),
            data.display()
        )
    })?;
    let mut apps = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if let Some(id) =
            name.to_str().and_then(|n| n.strip_suffix(".key")).and_then(|n| n.parse::<u32>().ok())
        {
            apps.push(id);
        }
    }
    apps.sort_unstable();
    match apps.as_slice() {
        [app] => Ok(*app),
        [] => bail!("no app in {}: `yidu app create` makes one", folder.display()),
        several => bail!("{} apps in this folder ({several:?}): say which with --app", several.len()),
    }
}
