//! Baseline B: Redis, a set per message. Redis answers before its log is on the disk (`appendfsync everysec`).

use anyhow::{Context, Result};
use redis::aio::MultiplexedConnection;
use yidu_baselines::{Receipts, argument, serve};

struct Redis {
    connection: MultiplexedConnection,
}

#[tokio::main]
async fn main() -> Result<()> {
    let url = argument(1, "Redis, as redis://host:port/")?;
    let port = argument(2, "the port to listen on, 0 for a free one")?.parse()?;
    let connection = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
    serve(Redis { connection }, port).await
}

impl Receipts for Redis {
    async fn record(&self, group: &str, reader: &str, seqs: &[u64]) -> Result<Vec<(u64, u32)>> {
        let mut pipe = redis::pipe();
        // A transaction, so that a count belongs to its receipt.
        pipe.atomic();
        for seq in seqs {
            let key = format!("{group}:{seq}");
            pipe.sadd(&key, reader).scard(&key);
        }
        let mut connection = self.connection.clone();
        let said: Vec<u32> = pipe.query_async(&mut connection).await.context("cannot add")?;
        let new = seqs.iter().zip(said.chunks(2)).filter(|(_, said)| said[0] == 1);
        Ok(new.map(|(seq, said)| (*seq, said[1])).collect())
    }

    async fn counts(&self, group: &str, seqs: &[u64]) -> Result<Vec<(u64, u32)>> {
        let mut pipe = redis::pipe();
        for seq in seqs {
            pipe.scard(format!("{group}:{seq}"));
        }
        let mut connection = self.connection.clone();
        let counts: Vec<u32> = pipe.query_async(&mut connection).await.context("cannot count")?;
        Ok(seqs.iter().copied().zip(counts).collect())
    }
}
