//! `TIMInit`, `TIMUninit` and everything between, in one C program (rule 14).

use std::process::Command;

use tokio::net::TcpListener;
use yidu_testkit::TestServer;

use crate::person::compiled;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_and_begins_again_also_inside_callbacks_and_with_calls_in_flight() {
    let server = TestServer::start().await.unwrap();
    // Takes connections and says nothing, so that a login never ends.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let output = Command::new(compiled("lifecycle.c"))
        .args([&server.app().to_string(), "alice", &server.sig("alice"), &server.url()])
        .arg(format!("ws://{}", silent.local_addr().unwrap()))
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {complaint}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n");
}
