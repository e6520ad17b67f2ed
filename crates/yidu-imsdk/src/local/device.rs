//! The name of this installation among the user's devices.

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use parking_lot::Mutex;

/// Kept open, and with it locked, for the life of the process: a second process on the same folder is another device.
static HELD: Mutex<Option<fs::File>> = Mutex::new(None);

/// The same at every start when there is a folder that can be written and no other process holds it; else a random
/// one for the life of the process.
pub(crate) fn device_id(folder: Option<&str>) -> String {
    folder.and_then(|folder| kept(Path::new(folder)).ok()).unwrap_or_else(random)
}

fn kept(folder: &Path) -> std::io::Result<String> {
    fs::create_dir_all(folder)?;
    let path = folder.join("yidu-device");
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    // Taken by an earlier TIMInit of this process, or by another process.
    let mut held = HELD.lock();
    *held = None;
    file.try_lock().map_err(|error| match error {
        TryLockError::Error(error) => error,
        TryLockError::WouldBlock => std::io::ErrorKind::WouldBlock.into(),
    })?;
    let mut id = String::new();
    file.read_to_string(&mut id)?;
    if !is_id(&id) {
        id = random();
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(id.as_bytes())?;
    }
    *held = Some(file);
    Ok(id)
}

fn random() -> String {
    format!("imsdk-{:016x}", rand::random::<u64>())
}

fn is_id(id: &str) -> bool {
    id.starts_with("imsdk-") && id.len() == 22 && id.bytes().all(|byte| byte.is_ascii_graphic())
}
