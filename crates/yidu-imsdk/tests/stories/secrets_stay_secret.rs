//! No UserSig gets out: not to standard error, not to the log callback, not into the folder.

use std::path::Path;

use serde_json::json;
use yidu_testkit::TestServer;

use crate::person::Person;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sig_that_the_app_logs_itself_is_taken_out() {
    let server = TestServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let errors = folder.path().join("stderr");
    let mut person = Person::start_with_errors_in(&errors, &[]);
    let config = json!({
        "sdk_config_server_url": server.url(),
        "sdk_config_config_file_path": folder.path().join("state"),
        "sdk_config_log_file_path": folder.path().join("log"),
    });
    assert_eq!(person.init(&server, &config.to_string()), 0);
    person.listen("log", "log");
    let all = json!({ "set_config_log_level": 1, "set_config_callback_log_level": 1 });
    person.call("TIMSetConfig", "s", &[&all.to_string()]).good();

    // As the C# package does with every call, before the login and after it; cb is NULL there.
    let sig = server.sig("alice");
    let other = server.sig("bob");
    let log = |person: &mut Person, content: &str| {
        let line = json!({
            "request_internal_operation": "internal_operation_write_log",
            "request_write_log_log_level_param": 4,
            "request_write_log_func_name_param": "tencent-chat-unity-sdk: Login_1",
            "request_write_log_log_content_param": content,
        });
        person.call("callExperimentalAPI", "s", &[&line.to_string()]).good();
    };
    log(&mut person, &format!("first user_id: alice user_sig: {sig}"));
    person.call("TIMLogin", "ss", &["alice", &sig]).good();
    log(&mut person, &format!("second {{\"user_sig\":\"{sig}\"}}"));
    log(&mut person, &format!("third, of somebody else: {other}!"));
    log(&mut person, "last");
    let mut lines = Vec::new();
    person.told("log", |line| {
        lines.push(line[3].clone());
        line[3].contains("last")
    });
    assert!(lines.iter().filter(|line| line.contains("[redacted]")).count() >= 3, "{lines:?}");
    person.leave();

    lines.push(std::fs::read_to_string(&errors).unwrap());
    assert!(lines.last().unwrap().contains("[redacted]"), "the console was asked for everything");
    let everything = lines.concat();
    for sig in [&sig, &other] {
        assert!(!everything.contains(&sig[8..24]), "a part of a sig got out");
    }
    assert!(!holds(folder.path(), &sig), "a file holds the sig");
}

/// Whether a file below a folder has a text in it.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        std::fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}
