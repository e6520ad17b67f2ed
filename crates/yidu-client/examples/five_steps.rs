//! The five steps of a receipt, by two users of a running server: ask, receive, say that it was read, see the counts,
//! see who.
//!
//! ```text
//! YIDU_SERVER_URL=ws://127.0.0.1:7400 YIDU_APP_ID=1400000001 \
//! ALICE_SIG=… BOB_SIG=… cargo run -p yidu-client --example five_steps
//! ```

use std::env;

use yidu_client::v1::ReceiptFilter;
use yidu_client::{Client, DEFAULT_SERVER, ErrorKind, Event, NewMessage, user};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (alice, bob) = (client()?, client()?);
    let (mut alice_hears, mut bob_hears) = (alice.events(), bob.events());
    log_in(&alice, "alice", "ALICE_SIG").await?;
    log_in(&bob, "bob", "BOB_SIG").await?;

    // 1. Alice asks for a receipt.
    let sent = alice.send(NewMessage::text(user("bob"), "lunch at noon?").need_receipt()).await?;
    say(&format!("alice sent message {} and asks {} to read it", sent.seq, sent.audience_count));

    // 2. Bob receives it.
    let received = loop {
        match bob_hears.next().await.ok_or("bob's client was closed")? {
            Event::Message(message) if message.id == sent.id => break message,
            _ => {}
        }
    };

    // 3. Bob has seen it on the screen: the outbox does the rest, with or without a connection.
    if received.need_receipt {
        bob.queue_receipts(&user("alice"), &[received.seq])?;
    }

    // 4. Alice learns the new counts.
    let state = loop {
        match alice_hears.next().await.ok_or("alice's client was closed")? {
            Event::Receipt(state) if state.message_id == sent.id => break state,
            _ => {}
        }
    };
    say(&format!("{} read, {} unread", state.read_count, state.unread_count));

    // 5. Alice looks who it was.
    for member in alice.receipt_member_pages(&user("bob"), sent.seq, ReceiptFilter::Read).collect().await? {
        say(&format!("{} at {}", member.profile.unwrap_or_default().user_id, member.read_time_ms));
    }
    alice.logout().await?;
    bob.logout().await?;
    Ok(())
}

fn client() -> Result<Client, Box<dyn std::error::Error>> {
    let server = env::var("YIDU_SERVER_URL").unwrap_or_else(|_| DEFAULT_SERVER.to_owned());
    let app = env::var("YIDU_APP_ID").map_err(|_| "set YIDU_APP_ID to the SDKAppID")?.parse()?;
    Ok(Client::builder().server(server).app(app).build()?)
}

async fn log_in(client: &Client, user_id: &str, sig: &str) -> Result<(), Box<dyn std::error::Error>> {
    let user_sig = env::var(sig).map_err(|_| format!("set {sig} to a UserSig of {user_id}"))?;
    match client.login(user_id, &user_sig).await {
        // Told once after this device was pushed out; the next login works.
        Err(error) if error.kind() == ErrorKind::Refused(6_208) => client.login(user_id, user_sig).await?,
        done => done?,
    };
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn say(line: &str) {
    println!("{line}");
}
