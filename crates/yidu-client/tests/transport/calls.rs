//! Calls: answered in any order, sent again after a lost connection, given up at their deadline.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use yidu_client::v1::{self, ReceiptFilter, ReceiptVerdict, request::Operation, response};
use yidu_client::{Code, ErrorKind, NewMessage, Status, group};

use crate::peer::{Connection, Peer};

fn verdicts(receipts: &v1::SendReceipts) -> response::Result {
    let result =
        |seq: &u64| v1::ReceiptResult { seq: *seq, verdict: ReceiptVerdict::Recorded.into(), code: 0 };
    let results = receipts.seqs.iter().map(result).collect();
    response::Result::SendReceipts(v1::SendReceiptsResult { results })
}

fn sent(send: &v1::SendMessage, seq: u64) -> response::Result {
    let message = v1::Message { to: send.to.clone(), random: send.random, seq, ..Default::default() };
    response::Result::SendMessage(v1::SendMessageResult { message: Some(message), repeated: false })
}

async fn next_send(connection: &mut Connection) -> (u64, v1::SendMessage) {
    let request = connection.next().await.unwrap();
    let Some(Operation::SendMessage(send)) = request.operation else { panic!("{request:?}") };
    (request.id, send)
}

#[tokio::test]
async fn what_was_under_way_when_the_connection_broke_is_sent_again() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let message = NewMessage::text(group("g"), "hi").need_receipt();
    let id = message.id(9);
    let team = group("g");
    let (first, second, ()) = tokio::join!(client.send(message), client.send_text(&team, "again"), async {
        let before = [next_send(&mut connection).await, next_send(&mut connection).await];
        drop(connection);
        let mut connection = peer.welcome().await;
        for (seq, (id, send)) in (1..).zip(before) {
            let (again_id, again) = next_send(&mut connection).await;
            assert_eq!((again_id, &again), (id, &send));
            connection.answer(id, sent(&again, seq)).await;
        }
    });
    let first = first.unwrap();
    assert_eq!((first.seq, second.unwrap().seq), (1, 2));
    assert!(id.ends_with(&format!("-{}", first.random)));
}

#[tokio::test]
async fn a_call_made_while_away_waits_for_the_connection() {
    let peer = Peer::new().await;
    let (client, _events, connection) = peer.online().await;
    drop(connection);
    // Nobody has welcomed the client yet.
    let mut connection = peer.accept().await;
    assert_eq!(client.status(), Status::Reconnecting);
    let team = group("g");
    let (result, ()) = tokio::join!(client.send_text(&team, "hi"), async {
        connection.welcome(60_000).await;
        let (id, send) = next_send(&mut connection).await;
        connection.answer(id, sent(&send, 1)).await;
    });
    assert_eq!(result.unwrap().seq, 1);
}

#[tokio::test]
async fn a_call_of_one_session_never_goes_out_in_the_next() {
    let peer = Peer::new().await;
    let (client, _events, connection) = peer.online().await;
    drop(connection);
    let hanging = peer.accept().await;
    let calls = join_all((0..20).map(|_| client.settings()));
    let ((results, logout, login), connection) = tokio::join!(
        // In this order: the calls stand in line when the session ends and the next one begins.
        async { tokio::join!(biased; calls, client.logout(), client.login("bob", "sig")) },
        peer.welcome(),
    );
    logout.unwrap();
    assert_eq!(login.unwrap().user_id, "bob");
    assert!(results.into_iter().all(|result| result.unwrap_err().kind() == ErrorKind::NotLoggedIn));
    drop((client, hanging));
    // Until the client hangs up, it asks for nothing.
    let mut connection = connection;
    assert_eq!(connection.next().await, None);
}

#[tokio::test]
async fn a_deadline_ends_one_call_and_nothing_else() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let late = client.call_within(Duration::from_millis(10), v1::GetSettings {}).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Timeout);
    let (result, ()) = tokio::join!(client.settings(), async {
        // The late answer is for nobody.
        for _ in 0..2 {
            let request = connection.next().await.unwrap();
            connection
                .answer(request.id, response::Result::GetSettings(v1::GetSettingsResult::default()))
                .await;
        }
    });
    result.unwrap();
}

#[tokio::test]
async fn a_refusal_carries_number_text_and_when_to_try_again() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let (result, ()) = tokio::join!(client.settings(), async {
        let request = connection.next().await.unwrap();
        connection.refuse(request.id, 9_506, 250).await;
    });
    let error = result.unwrap_err();
    assert!(error.is_refused(Code::Busy) && error.is_transient());
    assert_eq!((error.code(), error.to_string().as_str()), (9_506, "no"));
    assert_eq!(error.retry_after(), Some(Duration::from_millis(250)));
}

#[tokio::test]
async fn an_answer_to_another_question_is_an_error() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let (result, ()) = tokio::join!(client.settings(), async {
        let request = connection.next().await.unwrap();
        connection.answer(request.id, response::Result::QuitGroup(v1::QuitGroupResult {})).await;
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn what_is_too_large_for_a_frame_is_not_sent() {
    let peer = Peer::new().await;
    let (client, _events, _connection) = peer.online().await;
    let error = client.send_text(&group("g"), "x".repeat(2 << 20)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn many_calls_share_frames_and_all_are_answered() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let team = group("g");
    let calls = join_all((0..3_000).map(|_| client.send_text(&team, "hi")));
    let (results, ()) = tokio::join!(calls, async {
        for seq in 1..=3_000 {
            let (id, send) = next_send(&mut connection).await;
            connection.answer(id, sent(&send, seq)).await;
        }
    });
    // Calls made side by side have no order among them.
    let seqs: BTreeSet<u64> = results.into_iter().map(|result| result.unwrap().seq).collect();
    assert!(seqs.into_iter().eq(1..=3_000));
    assert!(connection.frames.len() < 1_500, "{} frames", connection.frames.len());
}

#[tokio::test]
async fn receipts_go_out_in_fifties_and_come_back_in_order() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let seqs: Vec<u64> = (1..=120).rev().collect();
    let team = group("g");
    let (results, ()) = tokio::join!(client.send_receipts(&team, &seqs), async {
        let mut asked = Vec::new();
        while asked.len() < 3 {
            asked.push(connection.next().await.unwrap());
        }
        for request in asked.into_iter().rev() {
            let Some(Operation::SendReceipts(receipts)) = request.operation else { panic!() };
            assert!(receipts.seqs.len() <= 50);
            connection.answer(request.id, verdicts(&receipts)).await;
        }
    });
    let order: Vec<u64> = results.unwrap().iter().map(|result| result.seq).collect();
    assert_eq!(order, seqs);
    assert!(client.send_receipts(&team, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn pages_of_readers_are_read_to_the_last() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let pages = client.receipt_member_pages(&group("g"), 4, ReceiptFilter::Unread).page_size(2);
    let (members, ()) = tokio::join!(pages.collect(), async {
        for (cursor, next_cursor, users) in [(0, 7, &["a", "b"][..]), (7, 0, &["c"])] {
            let request = connection.next().await.unwrap();
            let Some(Operation::ListReceiptMembers(list)) = request.operation else { panic!() };
            assert_eq!((list.cursor, list.limit, list.filter()), (cursor, 2, ReceiptFilter::Unread));
            let member = |user: &&str| {
                let profile = Some(v1::Profile { user_id: (*user).to_owned(), ..Default::default() });
                v1::ReceiptMember { profile, ..Default::default() }
            };
            let page = v1::ListReceiptMembersResult {
                members: users.iter().map(member).collect(),
                next_cursor,
                finished: next_cursor == 0,
                state: None,
            };
            connection.answer(request.id, response::Result::ListReceiptMembers(page)).await;
        }
    });
    let names: Vec<String> =
        members.unwrap().into_iter().map(|member| member.profile.unwrap().user_id).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
