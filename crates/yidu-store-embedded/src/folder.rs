//! The data folder: who may open it, and which layout it has.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The layout that this build reads and writes.
const FORMAT: u32 = 1;

/// Why a store could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process (or another store in this one) has the folder open.
    #[error("{} is in use by another server: stop that one, or choose another data folder", .0.display())]
    Locked(PathBuf),
    /// Written by a newer Yidu.
    #[error(
        "the data folder has format {found}, this build knows up to {known}: use the Yidu that wrote it or a newer one"
    )]
    NewerVersion {
        /// As the folder says.
        found: u32,
        /// The newest that this build knows.
        known: u32,
    },
    /// Bytes on disk are not what was written.
    #[error("corrupt {what}: {why}; restore the folder from a backup")]
    Corrupt {
        /// Which file, or which table and key.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no room left.
    #[error("the disk is full: free some space and start again; nothing that was acknowledged is lost")]
    DiskFull,
    /// The operating system refused.
    #[error("cannot open {}: {source}; check that the folder exists and belongs to the user of the server", path.display())]
    Io {
        /// What was to be opened.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// An open data folder; others are kept out as long as it lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is not there, takes the lock and looks at the format.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(path).map_err(|source| OpenError::io(path, source))?;
        let lock = take_lock(path)?;
        let folder = Self { path: path.to_owned(), _lock: lock };
        folder.check_format()?;
        Ok(folder)
    }

    /// Where the engine lives.
    pub(crate) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Bytes of all files; files that vanish meanwhile count nothing.
    pub(crate) fn bytes(&self) -> u64 {
        fn walk(path: &Path) -> u64 {
            let Ok(entries) = std::fs::read_dir(path) else { return 0 };
            let size = |entry: std::fs::DirEntry| match entry.metadata() {
                Ok(meta) if meta.is_dir() => walk(&entry.path()),
                Ok(meta) => allocated(&meta),
                Err(_) => 0,
            };
            entries.flatten().map(size).sum()
        }
        walk(&self.path)
    }

    fn check_format(&self) -> Result<(), OpenError> {
        let path = self.path.join("FORMAT");
        match std::fs::read_to_string(&path) {
            Ok(text) => match text.trim().parse() {
                Ok(FORMAT) => Ok(()),
                Ok(found) if found > FORMAT => Err(OpenError::NewerVersion { found, known: FORMAT }),
                Ok(_) | Err(_) => Err(OpenError::Corrupt {
                    what: path.display().to_string(),
                    why: format!("{:?} is no format number", text.chars().take(16).collect::<String>()),
                }),
            },
            Err(error) if error.kind() == ErrorKind::NotFound && !self.data().exists() => self.write_format(),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(OpenError::Corrupt {
                what: path.display().to_string(),
                why: "the folder has data but no format number".to_owned(),
            }),
            Err(source) => Err(OpenError::io(&path, source)),
        }
    }

    /// Whole or not at all: a folder with half a format number could never be opened again.
    fn write_format(&self) -> Result<(), OpenError> {
        let (new, path) = (self.path.join("FORMAT.new"), self.path.join("FORMAT"));
        let write = || {
            let mut file = File::create(&new)?;
            writeln!(file, "{FORMAT}")?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            File::open(&self.path)?.sync_all()
        };
        write().map_err(|source| OpenError::io(&path, source))
    }
}

impl OpenError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io { path: path.to_owned(), source },
        }
    }
}

fn take_lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|source| OpenError::io(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::io(&path, source)),
    }
}

/// What a file takes on disk: the engine's log is preallocated and mostly a hole.
#[cfg(unix)]
fn allocated(meta: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(meta) * 512
}

#[cfg(not(unix))]
fn allocated(meta: &std::fs::Metadata) -> u64 {
    meta.len()
}
