//! Devices that come and give way (semantics.md rule 20), and UserSigs that run out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use yidu_proto::v1;
use yidu_proto::v1::kicked::Reason;
use yidu_proto::v1::request::Operation;
use yidu_server::clock::{Clock, SystemClock};

use crate::world::{World, kicked, ping};

#[tokio::test]
async fn with_one_device_the_newest_pushes_the_others_out() {
    let world = World::new().await;
    world.multi_device(v1::MultiDevice::One).await;
    let mut phone = world.connect().await;
    phone.ask(Operation::Login(world.login("ann", "phone"))).await.unwrap();
    let mut laptop = world.connect().await;
    laptop.ask(Operation::Login(world.login("ann", "laptop"))).await.unwrap();
    let told = phone.push(kicked).await.unwrap();
    assert_eq!((told.reason(), told.code), (Reason::OtherDevice, 6208));
    phone.read_to_end().await;
    assert_eq!(phone.closed.unwrap().0, 1008);

    let mut phone = world.connect().await;
    let login = Operation::Login(world.login("ann", "phone"));
    assert_eq!(phone.ask(login.clone()).await, Err(6208), "once");
    assert!(phone.ask(login).await.is_ok());
    assert_eq!(laptop.push(kicked).await.unwrap().reason(), Reason::OtherDevice);
}

#[tokio::test]
async fn the_same_device_takes_its_session_over() {
    let world = World::new().await;
    let (mut before, mut other) = (world.user("ann").await, world.connect().await);
    other.ask(Operation::Login(world.login("ann", "another"))).await.unwrap();
    let mut after = world.user("ann").await;
    assert_eq!(before.push(kicked).await.unwrap().reason(), Reason::Replaced);
    assert!(after.ask(ping()).await.is_ok() && other.ask(ping()).await.is_ok());
}

#[tokio::test]
async fn an_administrator_ends_sessions() {
    let world = World::new().await;
    let (mut ann, mut administrator) = (world.user("ann").await, world.user("administrator").await);
    let kick = v1::KickAccount { user_id: "ann".into() };
    administrator.ask(Operation::KickAccount(kick)).await.unwrap();
    let told = ann.push(kicked).await.unwrap();
    assert_eq!((told.reason(), told.code), (Reason::Administrator, 70052));
}

#[tokio::test]
async fn a_usersig_that_runs_out_ends_the_session() {
    let world = World::new().await;
    let mut ann = world.connect().await;
    let now = SystemClock.now() / 1_000;
    ann.ask(Operation::Login(world.login_until("ann", "", now, 2))).await.unwrap();
    let told = ann.push(kicked).await.unwrap();
    assert_eq!((told.reason(), told.code), (Reason::UserSigExpired, 6206));
    assert!(SystemClock.now() >= (now + 2) * 1_000);
}

/// A clock that a story moves.
#[derive(Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> yidu_store::Millis {
        self.0.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_clock_that_jumps_is_noticed_at_the_next_frame() {
    let clock = Arc::new(Hand::default());
    clock.0.store(1_800_000_000_000, Ordering::Relaxed);
    let world = World::at(|_| (), Arc::clone(&clock) as _).await;
    let mut ann = world.connect().await;
    ann.ask(Operation::Login(world.login_until("ann", "", 1_800_000_000, 1_000_000))).await.unwrap();
    assert!(ann.ask(ping()).await.is_ok());
    clock.0.store(1_801_000_001_000, Ordering::Relaxed);
    ann.requests(vec![ping()]).await;
    assert_eq!(ann.push(kicked).await.unwrap().code, 6206);
}
