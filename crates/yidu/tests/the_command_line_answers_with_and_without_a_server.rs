//! The same command answers the same, whether a server runs on the folder or not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests report as tests do")]

#[path = "support/process.rs"]
#[expect(dead_code, reason = "crash stories use the rest")]
mod process;

use std::path::Path;
use std::process::{Command, Output};

use process::Process;
use yidu_proto::v1;
use yidu_testkit::words::{group, group_id};
use yidu_testkit::{Console, User};

fn yidu(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yidu"));
    command.args(arguments).arg("--data").arg(folder.join("yidu-data"));
    command.env_remove("YIDU_CONFIG").output().unwrap()
}

fn says(folder: &Path, arguments: &[&str]) -> String {
    let output = yidu(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// A group with a message that one of two has read.
async fn ask(server: &Process) -> (String, u64) {
    let log_in = async |user: &str| User::login(&server.url(), server.login(user)).await.unwrap();
    let (mut alice, mut bob, _carol) = (log_in("alice").await, log_in("bob").await, log_in("carol").await);
    let create = v1::CreateGroup {
        r#type: v1::GroupType::Public.into(),
        name: "team".into(),
        members: vec!["bob".into(), "carol".into()],
        ..Default::default()
    };
    let to = group(&alice.ask(create).await.unwrap().group_id);
    let sent = alice.says(&to, "please read").await.unwrap();
    bob.reads(&to, &[sent.seq]).await.unwrap();
    (group_id(&to), sent.seq)
}

#[test]
fn receipts_and_settings_are_the_same_either_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Process::start(folder);
    let (group, seq) = tokio::runtime::Runtime::new().unwrap().block_on(ask(&server));
    let seq = seq.to_string();
    let all = || {
        let shown = says(folder, &["receipts", "show", &group, &seq]);
        assert!(shown.contains("1 read · 1 unread · 0 left · of 2 who were asked"), "{shown}");
        assert!(shown.lines().any(|line| line.starts_with("bob") && line.contains("read")), "{shown}");
        let csv = says(folder, &["receipts", "export", &group, &seq, "--format", "csv"]);
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "user_id,nick,name_card,state,read_time_ms"));
        assert!(lines[1].starts_with("bob,,,read,1") && lines[2] == "carol,,,unread,", "{csv}");
        [shown, csv, says(folder, &["app", "settings", "get"]), says(folder, &["--json", "app", "list"])]
    };
    let changed = says(folder, &["app", "settings", "set", "receipt_group_types", "Work,Public"]);
    assert!(
        changed.contains("Work, Public, Meeting") && changed.contains("receipt_group_types"),
        "{changed}"
    );
    let with_server = all();
    drop(server);
    assert_eq!(all(), with_server);

    let tried = says(folder, &["app", "settings", "set", "group_limits.Work", "500", "--dry-run"]);
    assert!(tried.contains("a dry run"), "{tried}");
    assert_eq!(says(folder, &["app", "settings", "get", "group_limits.Work"]).trim(), "200");
    for (arguments, text) in [
        (["app", "settings", "get", "no_such"], "there is no setting no_such; there are"),
        (["receipts", "show", "nowhere", "1"], "(10010)"),
    ] {
        let refused = yidu(folder, &arguments);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && error.contains(text), "{error}");
    }
}

#[test]
fn a_lost_password_is_replaced_either_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Process::start(folder);
    let address = server.url().trim_start_matches("ws://").parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sign_in = |password: &str| runtime.block_on(Console::sign_in(address, "ann", password));
    let made = says(folder, &["--json", "operator", "add", "ann", "--role", "owner"]);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let password = made["password"].as_str().unwrap();
    sign_in(password).unwrap();

    std::fs::write(folder.join("password"), "a second password\n").unwrap();
    let file = folder.join("password");
    says(folder, &["operator", "password", "ann", "--password-file", file.to_str().unwrap()]);
    assert!(sign_in(password).is_err(), "the old one is worth nothing");
    sign_in("a second password").unwrap();
    drop(server);

    let changed = says(folder, &["--json", "operator", "password", "ann"]);
    let listed = says(folder, &["operator", "list"]);
    assert!(listed.lines().any(|line| line.starts_with("ann") && line.contains("owner")), "{listed}");
    let refused = yidu(folder, &["operator", "remove", "ann"]);
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && error.contains("make another operator an owner first"), "{error}");

    let server = Process::start(folder);
    let address = server.url().trim_start_matches("ws://").parse().unwrap();
    let changed: serde_json::Value = serde_json::from_str(&changed).unwrap();
    let password = changed["password"].as_str().unwrap();
    let session = runtime.block_on(Console::sign_in(address, "ann", password)).unwrap();
    assert_eq!(session.session["role"], "owner");
}

#[test]
fn a_key_is_deleted_either_way_and_its_file_holds_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut server = Some(Process::start(folder));
    for running in [true, false] {
        let app = || -> serde_json::Value {
            let apps: serde_json::Value =
                serde_json::from_str(&says(folder, &["--json", "app", "list"])).unwrap();
            apps[0].clone()
        };
        let id = app()["sdk_app_id"].to_string();
        let held = || std::fs::read_to_string(app()["key_file"].as_str().unwrap()).unwrap();
        let old = app()["fingerprints"][0].as_str().unwrap().to_owned();
        let refused = yidu(folder, &["app", "delete-key", &id, &old]);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && error.contains("give it a new one first"), "{error}");
        says(folder, &["app", "rotate-key", &id]);
        let newest = held();
        let left = says(folder, &["app", "delete-key", &id, &old]);
        assert!(!left.contains(&old), "{left}");
        assert_eq!((app()["keys"].as_u64(), held()), (Some(1), newest), "server running: {running}");
        drop(server.take());
    }
}
