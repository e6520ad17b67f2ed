//! Two people: one asks, the other reads.

use std::time::Instant;

use anyhow::{Context, Result};
use yidu_client::{Event, NewMessage, user};

use super::ms;
use super::people::{People, SENDER};
use crate::output::Output;

/// Tells the story of one message.
pub(crate) async fn tell(people: &People, output: Output) -> Result<()> {
    people.import(&[SENDER.to_owned(), "bob".to_owned()], |_| {}).await?;
    let (alice, bob) = (people.login(SENDER).await?, people.login("bob").await?);
    let (mut heard_by_alice, mut heard_by_bob) = (alice.events(), bob.events());

    let question = NewMessage::text(user("bob"), "今晚八点? Dinner at eight?");
    let sent = alice.send(question.need_receipt()).await?;
    output.say("\nOne-to-one  alice → bob: \"今晚八点? Dinner at eight?\", asking for a receipt");
    output.say(format!("            alice sees   0 / {} read", sent.audience_count));

    let seq = loop {
        match heard_by_bob.next().await.context("bob's client ended")? {
            Event::Message(message) if message.need_receipt => break message.seq,
            _ => {}
        }
    };
    let read = Instant::now();
    bob.send_receipts(&user(SENDER), &[seq]).await?;
    let state = loop {
        match heard_by_alice.next().await.context("alice's client ended")? {
            Event::Receipt(state) if state.seq == seq => break state,
            _ => {}
        }
    };
    output.say(format!(
        "            alice sees   {} / {} read, {} after bob's eyes",
        state.read_count,
        state.audience_count,
        ms(read.elapsed())
    ));
    alice.close().await;
    bob.close().await;
    Ok(())
}
