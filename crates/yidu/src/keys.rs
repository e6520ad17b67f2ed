//! Key files of a data folder, as commands use them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use yidu_server::files::Files;
use yidu_usersig::SecretKey;

/// Where the key of an app is kept.
pub(crate) fn path(data: &Path, app: u32) -> PathBuf {
    Files::in_folder(data).app_key(app)
}

/// Writes the newest key of an app.
pub(crate) fn write(data: &Path, app: u32, secret: &str) -> Result<PathBuf> {
    let path = path(data, app);
    Files::in_folder(data)
        .write_app_key(app, secret)
        .with_context(|| format!("cannot write {}", path.display()))
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
