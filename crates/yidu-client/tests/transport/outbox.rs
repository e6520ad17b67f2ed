//! The outbox of receipts: nothing is lost on the way.

use yidu_client::v1::{self, ReceiptVerdict, request::Operation, response};
use yidu_client::{ErrorKind, Event, EventStream, group};

use crate::peer::{Connection, Peer, event};

async fn next_receipts(connection: &mut Connection) -> (u64, Vec<u64>) {
    let request = connection.next().await.unwrap();
    let Some(Operation::SendReceipts(receipts)) = request.operation else { panic!("{request:?}") };
    (request.id, receipts.seqs)
}

async fn judge(connection: &mut Connection, id: u64, seqs: &[u64]) {
    // A verdict is a verdict: also one that says no.
    let result = |seq: &u64| v1::ReceiptResult {
        seq: *seq,
        verdict: ReceiptVerdict::NotRequested.into(),
        code: 10_062,
    };
    let results = seqs.iter().map(result).collect();
    connection.answer(id, response::Result::SendReceipts(v1::SendReceiptsResult { results })).await;
}

async fn emptied(events: &mut EventStream) {
    event(events, |event| matches!(event, Event::OutboxChanged { pending: 0 }).then_some(())).await;
}

#[tokio::test]
async fn receipts_that_were_under_way_go_out_again_until_they_are_judged() {
    let peer = Peer::new().await;
    let (client, mut events, mut connection) = peer.online().await;
    client.queue_receipts(&group("g"), &[1, 2]).unwrap();
    assert_eq!(next_receipts(&mut connection).await.1, [1, 2]);
    client.queue_receipts(&group("g"), &[2, 3]).unwrap();
    drop(connection);

    let mut connection = peer.welcome().await;
    let (id, seqs) = next_receipts(&mut connection).await;
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(client.pending_receipts(), 3);
    judge(&mut connection, id, &seqs).await;
    emptied(&mut events).await;
    assert_eq!(client.pending_receipts(), 0);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_a_refusal_is_told() {
    let peer = Peer::new().await;
    let (client, mut events, mut connection) = peer.online().await;
    client.queue_receipts(&group("g"), &[1]).unwrap();
    let (id, _) = next_receipts(&mut connection).await;
    connection.refuse(id, 9_506, 1).await;
    let (id, seqs) = next_receipts(&mut connection).await;
    assert_eq!(seqs, [1]);
    connection.refuse(id, 10_007, 0).await;
    let (seqs, error) = event(&mut events, |event| match event {
        Event::ReceiptsDropped { seqs, error, .. } => Some((seqs.clone(), error.clone())),
        _ => None,
    })
    .await;
    assert_eq!((seqs, error.unwrap().kind()), (vec![1], ErrorKind::Refused(10_007)));
    emptied(&mut events).await;
}

#[tokio::test]
async fn many_receipts_go_out_in_full_batches() {
    let peer = Peer::new().await;
    let (client, mut events, mut connection) = peer.online().await;
    let seqs: Vec<u64> = (1..=1_010).collect();
    client.queue_receipts(&group("g"), &seqs).unwrap();
    let mut judged = Vec::new();
    while judged.len() < seqs.len() {
        let (id, batch) = next_receipts(&mut connection).await;
        assert!(batch.len() == 50 || batch.len() == 10);
        judge(&mut connection, id, &batch).await;
        judged.extend(batch);
    }
    assert_eq!(judged, seqs);
    emptied(&mut events).await;
}

#[tokio::test]
async fn receipts_are_somebodys_and_end_with_the_logout() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    client.queue_receipts(&group("g"), &[1]).unwrap();
    let (logout, ()) = tokio::join!(client.logout(), async {
        loop {
            let request = connection.next().await.unwrap();
            if matches!(request.operation, Some(Operation::Logout(_))) {
                connection.answer(request.id, response::Result::Logout(v1::LogoutResult {})).await;
                break;
            }
        }
    });
    logout.unwrap();
    assert_eq!(client.pending_receipts(), 0);
    assert_eq!(client.queue_receipts(&group("g"), &[1]).unwrap_err().kind(), ErrorKind::NotLoggedIn);
}
