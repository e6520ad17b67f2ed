//! The memory reference runs the suite.

use std::sync::Arc;

use yidu_store::memory::MemoryStore;
use yidu_store::suite::{Harness, Operations};
use yidu_store::{Store, conformance_suite};

#[derive(Default)]
struct Memory(Arc<MemoryStore>);

#[async_trait::async_trait]
impl Harness for Memory {
    async fn open(&self) -> Arc<dyn Store> {
        self.0.reopen();
        self.0.clone()
    }

    /// Each write fails in two ways: before and after it has changed anything.
    fn fail_write(&self, nth: u64) -> bool {
        self.0.fail_write(nth / 2, nth % 2 == 1);
        true
    }

    fn operations(&self) -> Option<Operations> {
        Some(Operations { commits: self.0.commits(), reads: 0 })
    }
}

conformance_suite!(Memory::default);
