//! Rule 19: "The first login with a valid UserSig makes the account, unless the app forbids it. Inviting, or writing to, a
//! user who has no account is refused for that user with the vendor's number. Deleting an account ends its sessions and
//! makes it a leaver of every group."

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, kicked::Reason, member_result::Outcome};
use yidu_testkit::words::{group_id, text, with};
use yidu_testkit::{Peer, Refused, TestServer};

#[tokio::test]
async fn the_first_login_makes_the_account_unless_the_app_forbids_it() -> Result<()> {
    let server = TestServer::start().await?;
    let mut alice = server.user("alice").await?;
    assert_eq!(alice.refused(text(&with("bob"), "nobody there")).await?, 20003);
    server.user("bob").await?;
    alice.says(&with("bob"), "now there is").await?;

    server.settings(|settings| settings.account_auto_create = false).await?;
    let mut peer = Peer::connect(&server.url()).await?;
    assert_eq!(peer.refused(server.login("carol", "phone")).await?, 70107);
    let import =
        v1::ImportAccounts { accounts: vec![v1::Profile { user_id: "carol".into(), ..Default::default() }] };
    server.administrator().await?.ask(import).await?;
    server.user("carol").await?;
    server.user("bob").await?;
    Ok(())
}

#[tokio::test]
async fn inviting_somebody_without_an_account_fails_for_that_user_alone() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice"]).await?;
    let (mut alice, _bob) = (server.user("alice").await?, server.user("bob").await?);
    let add =
        v1::AddMembers { group_id: group_id(&to), users: vec!["bob".into(), "nobody".into()], silent: false };
    let results = alice.ask(add).await?.results;
    let told: Vec<_> = results.iter().map(|one| (one.user_id.as_str(), one.outcome(), one.code)).collect();
    assert_eq!(told, [("bob", Outcome::Done, 0), ("nobody", Outcome::Failed, 10019)]);
    let create = v1::CreateGroup {
        r#type: GroupType::Work.into(),
        name: "new".into(),
        members: vec!["nobody".into()],
        ..Default::default()
    };
    assert_eq!(alice.refused(create).await?, 10019);
    Ok(())
}

#[tokio::test]
async fn deleting_an_account_ends_its_sessions_and_makes_it_a_leaver() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut alice = server.user("alice").await?;
    let (phone, desk) = (server.device("bob", "phone").await?, server.device("bob", "desk").await?);
    let in_group = alice.says(&to, "read me").await?.seq;
    let direct = alice.says(&with("bob"), "for bob").await?.seq;

    let mut administrator = server.administrator().await?;
    let delete = v1::DeleteAccounts { user_ids: vec!["bob".into(), "nobody".into()] };
    let results = administrator.ask(delete).await?.results;
    assert_eq!(results.iter().map(|one| one.code).collect::<Vec<_>>(), [0, 70107]);
    for device in [phone, desk] {
        let last = device.into_peer().until_closed().await?.pop();
        let Some(Event::Kicked(kicked)) = last else { panic!("{last:?}") };
        assert_eq!((kicked.reason(), kicked.code), (Reason::AccountDeleted, 70107));
    }
    assert_eq!(alice.counts(&to, in_group).await?, [2, 0, 1, 1]);
    assert_eq!(alice.names(&to, in_group, ReceiptFilter::Left).await?, ["bob"]);
    assert_eq!(alice.refused(text(&with("bob"), "still there?")).await?, 20003);

    // A new account of the same name is somebody else: in no older audience, in no conversation of before.
    let mut namesake = server.user("bob").await?;
    assert!(namesake.ask(v1::ListConversations::default()).await?.conversations.is_empty());
    administrator.adds(&to, &["bob".into()]).await?;
    assert_eq!(namesake.reads(&to, &[in_group]).await?, [v1::ReceiptVerdict::NotInAudience]);
    assert_eq!(alice.counts(&to, in_group).await?, [2, 0, 1, 1]);
    let receipts = v1::SendReceipts { conversation: Some(with("alice")), seqs: vec![direct] };
    assert_eq!(namesake.refused(receipts).await?, 10007);
    Ok(())
}

#[tokio::test]
async fn a_kick_ends_sessions_and_the_usersigs_of_before() -> Result<()> {
    let clock = yidu_testkit::Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let bob = server.user("bob").await?;
    let before = server.login("bob", "phone");
    let mut administrator = server.administrator().await?;
    clock.advance(2_000);
    administrator.ask(v1::KickAccount { user_id: "bob".into() }).await?;
    let last = bob.into_peer().until_closed().await?.pop();
    let Some(Event::Kicked(kicked)) = last else { panic!("{last:?}") };
    assert_eq!((kicked.reason(), kicked.code), (Reason::Administrator, 70052));

    let mut peer = Peer::connect(&server.url()).await?;
    assert_eq!(peer.refused(before).await?, 70052);
    clock.advance(2_000);
    server.user("bob").await?;
    Ok(())
}

#[tokio::test]
async fn only_administrators_manage_accounts() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, _bob) = (server.user("alice").await?, server.user("bob").await?);
    let import =
        v1::ImportAccounts { accounts: vec![v1::Profile { user_id: "x".into(), ..Default::default() }] };
    assert_eq!(alice.refused(import).await?, 70403);
    assert_eq!(alice.refused(v1::DeleteAccounts { user_ids: vec!["bob".into()] }).await?, 70403);
    assert_eq!(alice.refused(v1::KickAccount { user_id: "bob".into() }).await?, 70403);
    assert_eq!(alice.refused(v1::GetSettings {}).await?, 70403);
    let settings = server.administrator().await?.ask(v1::GetSettings {}).await?.settings;
    assert_eq!(alice.refused(v1::ModifySettings { settings, dry_run: false }).await?, 70403);
    Ok(())
}

#[tokio::test]
async fn profiles_are_everybodys_to_see_and_ones_own_to_change() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let new = v1::ModifyProfile { nick: Some("Alice".into()), avatar_url: None };
    assert_eq!(alice.ask(new).await?.profile.unwrap().nick, "Alice");
    let seen = bob.ask(v1::GetProfiles { user_ids: vec!["alice".into(), "nobody".into()] }).await?.profiles;
    assert_eq!(
        seen.iter().map(|one| (one.user_id.as_str(), one.nick.as_str())).collect::<Vec<_>>(),
        [("alice", "Alice")]
    );
    assert_eq!(alice.says(&with("bob"), "hello").await?.from_nick, "Alice");

    let bad = "x".repeat(33);
    let import =
        v1::ImportAccounts { accounts: vec![v1::Profile { user_id: bad.clone(), ..Default::default() }] };
    assert_eq!(server.administrator().await?.ask(import).await?.failed, [bad]);
    Ok(())
}

#[tokio::test]
async fn a_usersig_that_is_not_good_is_refused_by_its_number() -> Result<()> {
    let server = TestServer::start().await?;
    server.user("alice").await?;
    let good = server.login("alice", "phone");
    let other_user = server.login("bob", "phone").user_sig;
    let mut broken = good.user_sig.clone();
    broken.truncate(40);
    for (login, code) in [
        (v1::Login { user_sig: String::new(), ..good.clone() }, 70002),
        (v1::Login { user_sig: broken, ..good.clone() }, 70003),
        (v1::Login { user_sig: server.sig_with("another key", "alice")?, ..good.clone() }, 70009),
        (v1::Login { user_sig: other_user, ..good.clone() }, 70013),
        (v1::Login { user_sig: server.sig_for(server.app() + 1, "alice"), ..good.clone() }, 70014),
        (v1::Login { user_sig: server.expired_sig("alice"), ..good.clone() }, 70001),
        (v1::Login { app_id: 1, ..good.clone() }, 70020),
        (v1::Login { user_id: "x".repeat(33), ..good.clone() }, 7003),
    ] {
        let mut peer = Peer::connect(&server.url()).await?;
        let error = peer.ask(login).await.unwrap_err().downcast::<Refused>()?;
        assert_eq!(error.code, code, "{}", error.text);
        assert!(!error.text.contains(&good.user_sig), "the refusal repeats the UserSig");
    }
    Ok(())
}
