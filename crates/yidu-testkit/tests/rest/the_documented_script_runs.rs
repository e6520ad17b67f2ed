//! `docs/rest-receipts.sh`, the story of receipts in curl lines, and the table of commands in `docs/rest.md`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use tokio::process::Command;
use yidu_proto::v1::ReceiptFilter;
use yidu_server::rest::v4::COMMANDS;
use yidu_testkit::TestServer;
use yidu_testkit::words::with;

fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_it_stands() -> Result<()> {
    let server = TestServer::start().await?;
    let output = Command::new("sh")
        .arg(docs().join("rest-receipts.sh"))
        .env("YIDU_URL", format!("http://{}", server.address()))
        .env("YIDU_APP_ID", server.app().to_string())
        .env("YIDU_ADMIN_SIG", server.sig("administrator"))
        .output()
        .await
        .context("sh is missing")?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}\n(Debian: apt-get install curl)");
    assert!(out.ends_with("everybody has read it\n"), "{out}");

    // What the script did is what the boss sees.
    let mut boss = server.user("boss").await?;
    let groups = boss.ask(yidu_proto::v1::ListJoinedGroups::default()).await?.groups;
    let group = yidu_testkit::words::group(&groups[0].id);
    let seq = boss.history(&group).await?[0].message.as_ref().unwrap().seq;
    assert_eq!(boss.counts(&group, seq).await?, [3, 3, 0, 0]);
    assert_eq!(boss.names(&group, seq, ReceiptFilter::Read).await?, ["ann", "ben", "cleo"]);
    assert_eq!(boss.counts(&with("cleo"), 1).await?, [1, 1, 0, 0]);
    Ok(())
}

#[test]
fn the_table_of_commands_is_that_of_the_code() -> Result<()> {
    let page = std::fs::read_to_string(docs().join("rest.md"))?;
    let (_, rest) = page.split_once("| command | does |\n|---|---|\n").context("no table of commands")?;
    let documented: Vec<&str> = rest.lines().take_while(|line| line.starts_with('|')).collect();
    let path = |label: &str| label.trim_start_matches("v4/").to_owned();
    let rows = COMMANDS.iter().map(|command| format!("| `{}` | {} |", path(command.label), command.what));
    assert_eq!(documented, rows.collect::<Vec<_>>(), "docs/rest.md: put the rows of command.rs there");
    Ok(())
}
