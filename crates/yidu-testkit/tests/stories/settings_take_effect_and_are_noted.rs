//! A change of the settings counts at once for sessions that are there already, and stands in the audit log: who, when, what,
//! before and after. A dry run changes nothing; a version that is not theirs any more is refused.

use anyhow::{Context, Result};
use yidu_proto::v1::{self, GroupType, ReceiptSwitch};
use yidu_testkit::words::{group_id, text, with};
use yidu_testkit::{Refused, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_live_sessions() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let mut alice = server.user("alice").await?;
    let mut bob = server.user("bob").await?;
    let seq = alice.says(&to, "one").await?.seq;
    let other =
        |settings: &mut v1::AppSettings| settings.receipt_group_types = vec![GroupType::Public.into()];
    server.settings(other).await?;
    let error = alice.sends(text(&to, "two")).await.unwrap_err();
    assert_eq!(error.downcast_ref::<Refused>().context("a refusal")?.code, 7_013);
    assert!(bob.receipts(&to, &[seq]).await?.is_empty());
    server.settings(|settings| settings.receipt_viewers = v1::ReceiptViewers::Members.into()).await?;
    assert_eq!(bob.receipts(&to, &[seq]).await?.len(), 1, "counts at the next request");
    server.settings(|settings| settings.administrators.push("alice".into())).await?;
    alice.ask(v1::GetSettings {}).await?;
    server.settings(|settings| drop(settings.administrators.pop())).await?;
    assert!(alice.ask(v1::GetSettings {}).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_audit_log() -> Result<()> {
    let mut server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let hush = |settings: &mut v1::AppSettings| {
        settings.recall_seconds = 77;
        settings.webhook = Some(v1::Webhook {
            url: "http://127.0.0.1:9/x".into(),
            token: "hush".into(),
            ..Default::default()
        });
    };
    server.settings(hush).await?;
    server.settings(hush).await?;
    let switch = v1::ModifyGroup {
        group_id: group_id(&to),
        receipts: Some(ReceiptSwitch::Off.into()),
        ..Default::default()
    };
    server.user("alice").await?.ask(switch).await?;
    let administrator = server.caller("administrator").await?;
    let mut bob = server.user("bob").await?;
    let seq = bob.says(&with("alice"), "hi").await?.seq;
    let alice = server.service().on_behalf_of(&administrator, "alice").await?;
    let receipts = v1::SendReceipts { conversation: Some(with("bob")), seqs: vec![seq] };
    server.service().send_receipts(&alice, receipts.clone()).await?;
    server.service().send_receipts(&alice, receipts).await?;
    server.restart().await?;

    let log = server.service().audit(&administrator, 0, 0).await?;
    let seen: Vec<_> =
        log.iter().map(|entry| (&*entry.note.what, &*entry.note.by, &*entry.note.whom)).collect();
    let group = group_id(&to);
    assert_eq!(
        seen,
        [
            ("receipts.sent_for", "administrator", "alice"),
            ("group.receipts", "alice", &*group),
            ("settings.changed", "administrator", ""),
            ("app.created", "operator", "stories"),
        ],
        "what changed nothing is not noted"
    );
    let changed = &log[2].note;
    let (before, after): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&changed.before)?, serde_json::from_str(&changed.after)?);
    assert_eq!((before["recall_seconds"].as_u64(), after["recall_seconds"].as_u64()), (Some(120), Some(77)));
    assert_eq!(before.as_object().unwrap().len(), 2, "only what differs: {before}");
    assert!(!changed.after.contains("hush"), "a token is not for a log");
    assert!(log[1].note.after.contains("OFF"));
    let page = server.service().audit(&administrator, log[1].number, 1).await?;
    assert_eq!(page.iter().map(|entry| entry.number).collect::<Vec<_>>(), [log[2].number]);
    let nobody = server.caller("bob").await?;
    assert_eq!(server.service().audit(&nobody, 0, 0).await.unwrap_err().code.number(), 70_403);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_if_nobody_else_has_changed_them() -> Result<()> {
    let server = TestServer::start().await?;
    let mut administrator = server.administrator().await?;
    let read = administrator.ask(v1::GetSettings {}).await?.settings.context("none")?;
    let wanted = v1::AppSettings { history_days: 7, ..read.clone() };
    let dry = v1::ModifySettings { settings: Some(wanted.clone()), dry_run: true };
    let would = administrator.ask(dry).await?;
    let difference =
        v1::SettingsDifference { field: "history_days".into(), before: "0".into(), after: "7".into() };
    assert_eq!(would.differences, [difference]);
    assert_eq!(administrator.ask(v1::GetSettings {}).await?.settings, Some(read.clone()), "nothing changed");

    let change = v1::ModifySettings { settings: Some(wanted), dry_run: false };
    let changed = administrator.ask(change.clone()).await?.settings.context("none")?;
    assert_eq!(changed.version, read.version + 1);
    let error = administrator.ask(change).await.unwrap_err();
    let refused = error.downcast_ref::<Refused>().context("a refusal")?;
    assert!(refused.code == 10_004 && refused.text.contains("version"), "{refused:?}");
    for url in ["ftp://x", "http://", "http:// x", "/hook"] {
        let webhook = v1::Webhook { url: url.into(), ..Default::default() };
        let bad = v1::AppSettings { webhook: Some(webhook), version: 0, ..changed.clone() };
        let error =
            administrator.ask(v1::ModifySettings { settings: Some(bad), dry_run: true }).await.unwrap_err();
        assert!(error.to_string().contains("webhook"), "{error}");
    }
    Ok(())
}
