//! Requests that come at once: their order, their answers, what others see of them.

use yidu_proto::v1;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::response::Result as Answer;

use crate::world::{World, message, ping, say};

#[tokio::test]
async fn messages_of_one_frame_get_their_seqs_in_order() {
    let world = World::new().await;
    let (mut ann, mut bob) = (world.user("ann").await, world.user("bob").await);
    let group = world.group(&mut ann, &["bob"]).await;
    // More than may be under way at once, mixed with what may overtake.
    let count = 300;
    let mut operations: Vec<Operation> = (0..count).map(|n| say(&group, n, &format!("{n}"))).collect();
    operations.insert(150, ping());
    let first = ann.requests(operations).await;
    let mut seqs = Vec::new();
    for offset in (0..=u64::from(count)).filter(|offset| *offset != 150) {
        match ann.answer(first + offset).await.unwrap() {
            Answer::SendMessage(sent) => seqs.push(sent.message.unwrap().seq),
            other => panic!("{other:?}"),
        }
    }
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
    // The other member sees them by seq (semantics.md rule 22).
    let mut texts = Vec::new();
    while texts.len() < count as usize {
        let message = bob.push(message).await.unwrap();
        texts.extend(message.elements[0].as_text().and_then(|text| text.parse::<usize>().ok()));
    }
    assert!(texts.into_iter().eq(0..count as usize));
}

#[tokio::test]
async fn answers_that_are_ready_together_travel_together() {
    let world = World::new().await;
    let mut ann = world.user("ann").await;
    let before = ann.frames;
    let first = ann.requests(vec![ping(); 60]).await;
    for offset in 0..60 {
        assert!(ann.answer(first + offset).await.is_ok());
    }
    assert_eq!(ann.frames - before, 1);
}

#[tokio::test]
async fn the_sender_hears_of_receipts_and_can_resume_from_the_position() {
    let world = World::new().await;
    let (mut ann, mut bob) = (world.user("ann").await, world.user("bob").await);
    let group = world.group(&mut ann, &["bob"]).await;
    let Ok(Answer::SendMessage(sent)) = ann.ask(say(&group, 1, "read me")).await else { panic!() };
    let seq = sent.message.unwrap().seq;
    let receipts = v1::SendReceipts { conversation: Some(group), seqs: vec![seq] };
    for expected in [v1::ReceiptVerdict::Recorded, v1::ReceiptVerdict::Already] {
        let Ok(Answer::SendReceipts(answer)) = bob.ask(Operation::SendReceipts(receipts.clone())).await
        else {
            panic!()
        };
        assert_eq!(answer.results[0].verdict(), expected);
    }
    let changes = |event: &Event| match event {
        Event::Changes(changes) => Some(changes.clone()),
        _ => None,
    };
    let pushed = ann
        .push(|event| {
            changes(event).filter(|changes| {
                changes
                    .changes
                    .iter()
                    .any(|change| matches!(change.thing, Some(v1::change::Thing::Receipt(_))))
            })
        })
        .await
        .unwrap();
    let Some(v1::change::Thing::Receipt(state)) = &pushed.changes.last().unwrap().thing else { panic!() };
    assert_eq!((state.seq, state.read_count, state.unread_count), (seq, 1, 0));
    assert_eq!(pushed.position, pushed.changes.last().unwrap().number);
    let Ok(Answer::GetChanges(page)) =
        ann.ask(Operation::GetChanges(v1::GetChanges { after: pushed.position, limit: 10 })).await
    else {
        panic!()
    };
    assert!(page.changes.is_empty() && page.finished, "{page:?}");
}
