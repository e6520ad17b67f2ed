//! Random scripts, run on an engine and on the reference in memory: every answer must be the same, errors too.
//!
//! Both sides have numbers of their own for users and conversations, so answers are compared as text in which these
//! numbers are replaced by what the script calls them. After each step the figures of the engine are held to what may
//! never happen to them.

mod fixed;
mod invariants;
mod step;
mod told;
mod world;

use proptest::test_runner::{Config, TestRunner};

pub(super) use self::fixed::script;
use self::invariants::Invariants;
pub(super) use self::step::Step;
use self::step::scripts;
pub(super) use self::world::World;
use super::{Harness, block_on};
use crate::memory::MemoryStore;

/// Runs random scripts (48, or as many as `PROPTEST_CASES` says), each on a new harness. [`conformance_suite!`] does
/// this as the test `every_answer_equals_the_reference`.
///
/// [`conformance_suite!`]: crate::conformance_suite
///
/// # Panics
/// With the shortest script found that makes the engine differ.
pub fn equals_the_reference<H: Harness>(factory: impl Fn() -> H) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 48;
    }
    let outcome = TestRunner::new(config).run(&scripts(), |script| {
        block_on(run(&factory(), &script));
        Ok(())
    });
    if let Err(difference) = outcome {
        panic!("{difference}");
    }
}

async fn run(harness: &dyn Harness, script: &[Step]) {
    let mut engine = World::open(harness.open().await).await;
    let mut reference = World::open(std::sync::Arc::new(MemoryStore::new())).await;
    let mut invariants = Invariants::default();
    for (position, step) in script.iter().enumerate() {
        if *step == Step::Reopen {
            engine.store = None;
            engine.store = Some(harness.open().await);
        }
        let (is, should) = (engine.take(step).await, reference.take(step).await);
        assert_eq!(is, should, "step {position}, {step:?}: the engine (left) answers unlike the reference");
        invariants.hold(&engine).await;
        if *step == Step::Reopen || position + 1 == script.len() {
            same(&engine.observe().await, &reference.observe().await, &format!("after step {position}"));
        }
    }
}

/// Holds everything observed of an engine to everything observed of the reference; shows the first line that differs.
pub(super) fn same(is: &[String], should: &[String], when: &str) {
    for (is, should) in is.iter().zip(should) {
        for (is, should) in is.lines().zip(should.lines()) {
            assert_eq!(is, should, "{when} the engine (left) is unlike the reference");
        }
    }
    assert_eq!(is, should, "{when} the engine (left) is unlike the reference");
}
