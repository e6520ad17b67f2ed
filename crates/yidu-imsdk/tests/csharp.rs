//! The scenarios of `examples/scenarios`, played by people with the Unity package under Mono.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test asserts by panicking and says what it plays"
)]

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use yidu_client::v1::conversation_ref::Of;
use yidu_testkit::TestServer;
use yidu_testkit::scenario::{self, Cast, Person, Step};

/// What a step may say beside `does` and `in`.
const ARGUMENTS: [&str; 9] = ["text", "texts", "custom", "cloud", "asks", "list", "page", "name", "gives"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "`cargo xtask unity` compiles the C# program and says where it is"]
async fn scenarios_are_played_in_csharp() {
    let package = UnityPackage {
        program: std::env::var("YIDU_TEST_CSHARP").unwrap(),
        library: std::env::var("YIDU_TEST_LIBRARY").unwrap(),
    };
    for name in scenario::names().unwrap() {
        scenario::play(&name, &package).await.with_context(|| name.clone()).unwrap();
        println!("ok     scenario {name}");
    }
}

/// The Unity package.
struct UnityPackage {
    /// Plays one person.
    program: String,
    /// The folder of `libImSDK.so`.
    library: String,
}

impl Cast for UnityPackage {
    type Person = Somebody;

    /// Every process is a device of its own.
    async fn enter(&self, server: &TestServer, url: &str, user: &str, _device: &str) -> Result<Somebody> {
        let mut process = Command::new("mono")
            .args([&self.program, "actor"])
            // Cargo names folders of its own in it.
            .env("LD_LIBRARY_PATH", &self.library)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start mono")?;
        let steps = process.stdin.take().context("no input")?;
        let given = BufReader::new(process.stdout.take().context("no output")?).lines();
        let mut somebody = Somebody { steps, given, _process: process };
        somebody
            .tell(&json!({ "url": url, "app": server.app(), "user": user, "sig": server.sig(user) }))
            .await?;
        Ok(somebody)
    }
}

struct Somebody {
    steps: ChildStdin,
    given: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Person for Somebody {
    async fn perform(&mut self, step: &Step) -> Result<Value> {
        let mut line = json!({ "does": step.does });
        for key in ARGUMENTS {
            if let Some(value) = step.get(key) {
                line[key] = value.clone();
            }
        }
        match step.place.as_ref().and_then(|place| place.of.as_ref()) {
            Some(Of::User(user)) => line["in"] = json!({ "user": user }),
            Some(Of::Group(group)) => line["in"] = json!({ "group": group }),
            None => {}
        }
        self.tell(&line).await
    }
}

impl Somebody {
    /// Sends a line and waits for the one that answers it.
    async fn tell(&mut self, line: &Value) -> Result<Value> {
        self.steps.write_all(format!("{line}\n").as_bytes()).await?;
        let given = self.given.next_line().await?.context("the person has gone")?;
        let given: Value = serde_json::from_str(&given)?;
        ensure!(given["error"].is_null(), "{}", given["error"]);
        Ok(given)
    }
}
