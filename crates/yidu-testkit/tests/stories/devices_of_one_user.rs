//! Rule 20: "A user may be online on several devices at once (`multi_device`: all (default, at most 10) / one per platform /
//! one); who is pushed out gets the kicked-offline event and 6208 on the next login, once." Rule 7: "All of the sender's
//! online devices get the newest absolute counts."

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType, MultiDevice, Platform, kicked::Reason};
use yidu_testkit::words::with;
use yidu_testkit::{Peer, TestServer, User};

async fn on(server: &TestServer, platform: Platform, device: &str) -> Result<User> {
    let login = v1::Login { platform: platform.into(), ..server.login("alice", device) };
    User::login(&server.url(), login).await
}

/// The device was pushed out, and hears it at its next login, once.
async fn pushed_out(server: &TestServer, user: User, login: v1::Login) -> Result<()> {
    let last = user.into_peer().until_closed().await?.pop();
    let Some(Event::Kicked(kicked)) = last else { panic!("{last:?}") };
    assert_eq!((kicked.reason(), kicked.code), (Reason::OtherDevice, 6208));
    let mut peer = Peer::connect(&server.url()).await?;
    assert_eq!(peer.refused(login.clone()).await?, 6208);
    let mut peer = Peer::connect(&server.url()).await?;
    peer.ask(login).await?;
    Ok(())
}

#[tokio::test]
async fn all_of_the_senders_devices_hear_of_receipts() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let (mut phone, mut desk) =
        (server.device("alice", "phone").await?, server.device("alice", "desk").await?);
    let mut readers = server.users(&["bob", "carol"]).await?;
    let seq = phone.says(&to, "read me").await?.seq;
    assert_eq!(desk.hears("read me").await?.seq, seq, "one's own message on the other device");
    for reader in &mut readers {
        reader.reads(&to, &[seq]).await?;
    }
    for device in [&mut phone, &mut desk] {
        let state = device.hears_read(seq, 2).await?;
        assert_eq!(yidu_testkit::words::counts(&state), [2, 2, 0, 0]);
    }
    Ok(())
}

#[tokio::test]
async fn a_cleared_count_reaches_the_other_device() -> Result<()> {
    let server = TestServer::start().await?;
    let mut bob = server.user("bob").await?;
    let (mut phone, mut desk) =
        (server.device("alice", "phone").await?, server.device("alice", "desk").await?);
    let seq = bob.says(&with("alice"), "read me").await?.seq;
    phone.ask(v1::ClearUnread { conversation: Some(with("bob")), ..Default::default() }).await?;
    let cleared = desk
        .hears_change("the cleared count", |thing| match thing {
            v1::change::Thing::UnreadCleared(cleared) => Some(cleared.clone()),
            _ => None,
        })
        .await?;
    let expected = v1::UnreadCleared { conversation: Some(with("bob")), read_seq: seq, unread_count: 0 };
    assert_eq!(cleared, expected);
    Ok(())
}

#[tokio::test]
async fn ten_at_most_and_the_oldest_gives_way() -> Result<()> {
    let server = TestServer::start().await?;
    let mut devices = Vec::new();
    for n in 0..10 {
        devices.push(server.device("alice", &format!("device-{n}")).await?);
    }
    let _eleventh = server.device("alice", "device-10").await?;
    let oldest = devices.remove(0);
    let last = oldest.into_peer().until_closed().await?.pop();
    assert!(matches!(last, Some(Event::Kicked(_))), "{last:?}");
    for device in &mut devices {
        device.ask(v1::Ping {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_per_platform() -> Result<()> {
    let server = TestServer::start().await?;
    server.settings(|settings| settings.multi_device = MultiDevice::OnePerPlatform.into()).await?;
    let android = on(&server, Platform::Android, "old phone").await?;
    let mut windows = on(&server, Platform::Windows, "desk").await?;
    let _new = on(&server, Platform::Android, "new phone").await?;
    windows.ask(v1::Ping {}).await?;
    let again = v1::Login { platform: Platform::Android.into(), ..server.login("alice", "old phone") };
    pushed_out(&server, android, again).await
}

#[tokio::test]
async fn one_alone() -> Result<()> {
    let server = TestServer::start().await?;
    server.settings(|settings| settings.multi_device = MultiDevice::One.into()).await?;
    let first = on(&server, Platform::Android, "phone").await?;
    let mut second = on(&server, Platform::Windows, "desk").await?;
    second.ask(v1::Ping {}).await?;
    let again = v1::Login { platform: Platform::Android.into(), ..server.login("alice", "phone") };
    pushed_out(&server, first, again).await
}

#[tokio::test]
async fn the_same_device_takes_its_session_over() -> Result<()> {
    let server = TestServer::start().await?;
    let first = server.device("alice", "phone").await?;
    let mut second = server.device("alice", "phone").await?;
    let last = first.into_peer().until_closed().await?.pop();
    let Some(Event::Kicked(kicked)) = last else { panic!("{last:?}") };
    assert_eq!(kicked.reason(), Reason::Replaced);
    second.ask(v1::Ping {}).await?;
    Ok(())
}
