//! Any text for every function of the C library that takes text, logged in to a real server: no crash, and each call that
//! was accepted is answered once. The first two bytes choose the function and the numbers, the rest is the text.

#![no_main]

#[path = "../../crates/yidu-imsdk/tests/every_text/given.rs"]
mod given;

use std::ffi::CString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use given::{ANSWERS, FUNCTIONS, Given, log_in, wait_for_answers};
use libfuzzer_sys::fuzz_target;
use yidu_testkit::TestServer;

/// Callbacks that have to come.
static ACCEPTED: AtomicU64 = AtomicU64::new(0);

fuzz_target!(|input: &[u8]| {
    logged_in();
    let [function, number, text @ ..] = input else { return };
    let (name, call) = FUNCTIONS[usize::from(*function) % FUNCTIONS.len()];
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
    let Ok(text) = CString::new(text) else { return };
    let result = call(&Given::new(&text, u64::from(*number)));
    assert!((-6..=0).contains(&result), "{name} returned {result}");
    if result == 0 && given::answers(name) {
        ACCEPTED.fetch_add(1, Ordering::SeqCst);
    }
    wait_for_answers(ACCEPTED.load(Ordering::SeqCst));
    assert_eq!(ANSWERS.load(Ordering::SeqCst), ACCEPTED.load(Ordering::SeqCst), "answered twice");
});

/// A server and a login for the life of the process.
fn logged_in() {
    static SERVER: OnceLock<(tokio::runtime::Runtime, TestServer)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let server = runtime.block_on(TestServer::start()).expect("a server");
        let config = format!(r#"{{"sdk_config_server_url":"{}"}}"#, server.url());
        let text = |text: String| CString::new(text).expect("no NUL");
        log_in(server.app(), &text(config), c"alice", &text(server.sig("alice")));
        ACCEPTED.store(ANSWERS.load(Ordering::SeqCst), Ordering::SeqCst);
        (runtime, server)
    });
}
