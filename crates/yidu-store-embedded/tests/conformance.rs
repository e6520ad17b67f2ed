//! This store runs the suite.

#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use std::sync::Arc;

use tempfile::TempDir;
use yidu_store::suite::{Harness, Operations};
use yidu_store::{Store, conformance_suite};
use yidu_store_embedded::{Durability, EmbeddedStore, Faults, Injected, Options};

struct Folder {
    folder: TempDir,
    faults: Faults,
}

impl Default for Folder {
    fn default() -> Folder {
        Folder { folder: tempfile::tempdir().unwrap(), faults: Faults::default() }
    }
}

#[async_trait::async_trait]
impl Harness for Folder {
    async fn open(&self) -> Arc<dyn Store> {
        self.faults.clear();
        let options =
            Options { durability: Durability::NoSync, faults: self.faults.clone(), ..Options::default() };
        EmbeddedStore::open(self.folder.path(), options).unwrap()
    }

    /// Each commit fails in two ways: before and after it has reached the disk.
    fn fail_write(&self, nth: u64) -> bool {
        let how = if nth.is_multiple_of(2) { Injected::BeforeWrite } else { Injected::AfterWrite };
        self.faults.fail_commit(nth / 2, how);
        true
    }

    fn operations(&self) -> Option<Operations> {
        let done = self.faults.operations();
        Some(Operations { commits: done.commits, reads: done.reads })
    }
}

conformance_suite!(Folder::default);
