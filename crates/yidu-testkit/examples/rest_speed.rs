//! How fast REST v4 answers about receipts: `cargo run --release -p yidu-testkit --example rest_speed`.
//!
//! The server is a process of its own, so that its processor time is known apart from that of whoever asks (Linux). It
//! holds a group of 100,000 members, half of whom have read one message, and a group with 20 messages that asked.

#![allow(clippy::print_stdout, reason = "a measurement talks to the person who started it")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use futures_util::{TryStreamExt, stream};
use serde_json::{Value, json};
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::group_id;
use yidu_testkit::{Rest, TestServer, members};

const MEMBERS: usize = 100_000;
const CONNECTIONS: usize = 4;
const COUNTS: usize = 20_000;
const PAGES: usize = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return std::thread::spawn(|| tokio::runtime::Runtime::new()?.block_on(serve()))
            .join()
            .map_err(|_| anyhow::anyhow!("the server panicked"))?;
    }
    let mut server = Command::new(std::env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let said = server.stdout.take().context("no output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let told: Value = serde_json::from_str(&line).context("the server did not come up")?;
    let measured = measure(&server, &told).await;
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure(server: &Child, told: &Value) -> Result<()> {
    let address = told["address"].as_str().context("no address")?.parse()?;
    let query = told["query"].as_str().context("no query")?;
    let seqs: Vec<Value> =
        (1..=20).map(|n| json!({"MsgSeq": told["first"].as_u64().unwrap_or(0) + n - 1})).collect();
    let body = json!({"GroupId": told["small"], "MsgSeqList": seqs}).to_string();
    let (cpu, began) = (processor_time(server)?, Instant::now());
    let asking = (0..CONNECTIONS).map(|_| async {
        let mut rest = Rest::connect(address, query).await?;
        for _ in 0..COUNTS / CONNECTIONS {
            let answer = rest.call("group_open_http_svc/get_group_msg_receipt", body.clone()).await?;
            ensure!(answer["GroupMsgReceiptList"][19]["Code"] == 0, "{answer}");
        }
        Ok(())
    });
    try_join_all(asking).await?;
    let (cpu, took) = (processor_time(server)? - cpu, began.elapsed());
    println!(
        "get_group_msg_receipt, 20 seqs: {:.0} calls per processor-second of the server ({COUNTS} calls, {:.2} s, {:.0}/s over {CONNECTIONS} connections)",
        COUNTS as f64 / cpu.as_secs_f64(),
        took.as_secs_f64(),
        COUNTS as f64 / took.as_secs_f64(),
    );
    pages(server, told, &mut Rest::connect(address, query).await?).await
}

/// Walks both lists of the large message, page after page, so that the pages differ.
async fn pages(server: &Child, told: &Value, rest: &mut Rest) -> Result<()> {
    let mut times = Vec::with_capacity(PAGES);
    let (mut filter, mut cursor) = (0, json!(""));
    let cpu = processor_time(server)?;
    for _ in 0..PAGES {
        let body = json!({"GroupId": told["large"], "MsgSeq": told["seq"], "Filter": filter, "Cursor": cursor, "Count": 200});
        let began = Instant::now();
        let answer = rest.call("group_open_http_svc/get_group_msg_receipt_detail", body.to_string()).await?;
        times.push(began.elapsed());
        cursor = answer["Cursor"].clone();
        if answer["IsFinish"] == 1 {
            (filter, cursor) = (1 - filter, json!(""));
        }
    }
    let cpu = processor_time(server)? - cpu;
    times.sort_unstable();
    println!(
        "get_group_msg_receipt_detail, 200 of {MEMBERS}: median {:.2} ms, 99 % {:.2} ms, {:.0} calls per processor-second of the server",
        times[PAGES / 2].as_secs_f64() * 1e3,
        times[PAGES * 99 / 100].as_secs_f64() * 1e3,
        PAGES as f64 / cpu.as_secs_f64(),
    );
    Ok(())
}

/// User and system time of a process so far; the kernel counts in hundredths of a second.
fn processor_time(process: &Child) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id()))?;
    let (_, fields) = stat.rsplit_once(')').context("an unknown format of /proc")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

/// The server: fills itself, says where it is, and runs until it is killed.
async fn serve() -> Result<()> {
    let server = TestServer::start().await?;
    let crowd = members("m", MEMBERS);
    server
        .settings(|settings| {
            settings.receipt_group_types.push(GroupType::Community.into());
            settings.group_limits =
                vec![v1::GroupLimit { r#type: GroupType::Community.into(), members: 1_000_000 }];
        })
        .await?;
    let large = server.group(GroupType::Community, &crowd).await?;
    let small = server.group(GroupType::Public, &crowd[..200]).await?;
    let mut sender = server.user(&crowd[0]).await?;
    let seq = sender.says(&large, "read me").await?.seq;
    let mut first = 0;
    for n in 0..20 {
        let seq = sender.says(&small, "one of twenty").await?.seq;
        first = if n == 0 { seq } else { first };
    }
    let service = server.service();
    let administrator = Arc::new(server.caller("administrator").await?);
    stream::iter(crowd.iter().step_by(2).skip(1).map(Ok::<_, anyhow::Error>))
        .try_for_each_concurrent(512, |reader| {
            let (service, administrator, large) =
                (Arc::clone(&service), Arc::clone(&administrator), large.clone());
            async move {
                let reader = service.on_behalf_of(&administrator, reader).await?;
                let receipts = v1::SendReceipts { conversation: Some(large), seqs: vec![seq] };
                service.send_receipts(&reader, receipts).await?;
                Ok(())
            }
        })
        .await?;
    // What the sender is told is of no interest here.
    drop(sender);
    let rest = server.rest().await?;
    println!(
        "{}",
        json!({"address": server.address(), "query": rest.query(), "large": group_id(&large), "seq": seq,
               "small": group_id(&small), "first": first})
    );
    std::future::pending().await
}
