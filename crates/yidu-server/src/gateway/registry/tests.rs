//! Who hears what: the registry and deliveries through it.

use super::*;
use crate::bus::{Body, Deliver, Event, Topic};
use crate::gateway::outbox::Filled;
use bytes::BytesMut;
use std::task::{Context, Poll, Waker};

const BOUNDS: Bounds = Bounds { pushes: 100, bytes: 1 << 20, receipts: 100 };
const ALL: v1::MultiDevice = v1::MultiDevice::All;

fn newcomer(session: u64, user: u64, device: &str, policy: v1::MultiDevice) -> Newcomer {
    let device = Device { id: device.to_owned(), platform: 1 };
    Newcomer { session: SessionId(session), user: Tinyid(user), device, policy, since: Instant::now() }
}

fn online(registry: &Arc<Registry>, session: u64, user: u64, inside: &[u64]) -> Registration {
    let registration = registry.register(newcomer(session, user, "", ALL), BOUNDS).unwrap();
    registration.subscribe(inside.iter().copied().map(ConversationId).collect());
    registration.link().outbox.open(0);
    registration
}

fn event(topic: Topic, body: Body) -> Event {
    Event { topic, except: None, only: None, body }
}

fn message(topic: Topic) -> Event {
    event(topic, Body::Message(Arc::default()))
}

/// What the session writes now.
fn written(registration: &Registration) -> (Filled, usize) {
    let mut out = BytesMut::new();
    let mut cx = Context::from_waker(Waker::noop());
    match registration.link().outbox.poll_fill(&mut cx, &mut out, usize::MAX) {
        Poll::Ready(filled) => {
            let frame: v1::ServerFrame = prost::Message::decode(out.freeze()).unwrap();
            (filled, frame.items.len())
        }
        Poll::Pending => (Filled::Nothing, 0),
    }
}

fn heard(registration: &Registration) -> bool {
    written(registration).1 > 0
}

#[tokio::test]
async fn a_message_reaches_who_is_in_the_conversation() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let (a, b) = (online(&registry, 1, 1, &[7]), online(&registry, 2, 2, &[8]));
    let conversation = Topic::Conversation(ConversationId(7));
    registry.deliver(&message(conversation));
    assert!(heard(&a) && !heard(&b));

    registry.deliver(&event(Topic::User(Tinyid(2)), Body::Entered(ConversationId(7))));
    registry.deliver(&event(Topic::User(Tinyid(1)), Body::Departed(ConversationId(7))));
    registry.deliver(&message(conversation));
    assert!(!heard(&a) && heard(&b));

    registry.deliver(&Event { except: Some(SessionId(2)), ..message(conversation) });
    assert!(!heard(&b));
    let only = |user| Event { only: Some(Arc::new([Tinyid(user)])), ..message(conversation) };
    registry.deliver(&only(1));
    assert!(!heard(&a), "targeted, but no longer inside");
    registry.deliver(&only(2));
    assert!(heard(&b));
}

#[tokio::test]
async fn what_happens_before_the_sample_wins_over_it() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let session = registry.register(newcomer(1, 1, "", ALL), BOUNDS).unwrap();
    registry.deliver(&event(Topic::User(Tinyid(1)), Body::Departed(ConversationId(7))));
    registry.deliver(&event(Topic::User(Tinyid(1)), Body::Entered(ConversationId(8))));
    session.subscribe(vec![ConversationId(7), ConversationId(9)]);
    session.link().outbox.open(0);
    for (conversation, hears) in [(7, false), (8, true), (9, true)] {
        registry.deliver(&message(Topic::Conversation(ConversationId(conversation))));
        assert_eq!(heard(&session), hears, "{conversation}");
    }
}

#[tokio::test]
async fn a_session_that_ends_leaves_nothing_behind() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let (a, b) = (online(&registry, 1, 1, &[7, 8]), online(&registry, 2, 1, &[7]));
    drop(a);
    assert_eq!((registry.users.len(), registry.conversations.len()), (1, 1));
    registry.deliver(&event(Topic::User(Tinyid(1)), Body::Entered(ConversationId(9))));
    let link = Arc::clone(b.link());
    drop(b);
    registry.enter(&link, ConversationId(10));
    assert_eq!((registry.users.len(), registry.conversations.len()), (0, 0));
}

#[tokio::test]
async fn a_dismissed_group_is_heard_of_once_more_and_forgotten() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let session = online(&registry, 1, 1, &[7]);
    let thing = v1::conversation_change::Thing::Dismissed(v1::Dismissed::default());
    let change = v1::ConversationChange { number: 1, thing: Some(thing), ..Default::default() };
    registry.deliver(&event(Topic::Conversation(ConversationId(7)), Body::ConversationChange(change)));
    assert!(heard(&session));
    assert!(!session.link().hears(ConversationId(7)));
    assert_eq!(registry.conversations.len(), 0);
}

#[tokio::test]
async fn ones_own_change_leaves_no_gap() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let session = online(&registry, 1, 1, &[]);
    let cleared = |number| {
        let thing = v1::change::Thing::UnreadCleared(v1::UnreadCleared::default());
        Body::Changes(vec![v1::Change { number, thing: Some(thing) }])
    };
    let user = Topic::User(Tinyid(1));
    registry.deliver(&Event { except: Some(SessionId(1)), ..event(user, cleared(1)) });
    assert!(!heard(&session));
    registry.deliver(&event(user, cleared(2)));
    assert!(heard(&session), "1 is not missing");
}

#[tokio::test]
async fn who_is_pushed_out_is_told_now_and_once_at_the_next_login() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let one = v1::MultiDevice::One;
    let register = |session, device: &str| registry.register(newcomer(session, 1, device, one), BOUNDS);
    let phone = register(1, "phone").unwrap();
    let laptop = register(2, "laptop").unwrap();
    assert_eq!(written(&phone), (Filled::Last, 1));
    assert_eq!(written(&laptop), (Filled::Nothing, 0));
    assert_eq!(register(3, "phone").unwrap_err().code, Code::KickedOffline);
    assert_eq!(written(&laptop), (Filled::Nothing, 0), "a refused login pushes nobody out");
    let _phone = register(4, "phone").unwrap();
    assert_eq!(written(&laptop), (Filled::Last, 1));
    // Taking over one's own session is no refusal.
    let _again = register(5, "phone").unwrap();
    assert!(register(6, "phone").is_ok());
}

#[tokio::test]
async fn a_kick_counts_for_a_login_that_was_checked_before_it() {
    let registry = Arc::new(Registry::new(Arc::new(crate::clock::SystemClock)));
    let checked_before = newcomer(1, 1, "", ALL);
    let kicked = farewell(Reason::Administrator);
    registry.deliver(&event(Topic::User(Tinyid(1)), Body::Kicked(kicked)));
    assert_eq!(registry.register(checked_before, BOUNDS).unwrap_err().code, Code::UserSigRevoked);
    assert_eq!(registry.users.len(), 0);
    tokio::task::yield_now().await;
    let mut checked_after = newcomer(2, 1, "", ALL);
    checked_after.since += std::time::Duration::from_nanos(1);
    assert!(registry.register(checked_after, BOUNDS).is_ok());
}
