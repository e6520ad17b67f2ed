//! Baseline A: PostgreSQL, a row per receipt, durable when answered.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use parking_lot::Mutex;
use tokio_postgres::{Client, NoTls, Statement};
use yidu_baselines::{Receipts, argument, serve};

/// Connections to the database: requests on them share its group commit.
const CONNECTIONS: usize = 16;

struct Postgres {
    clients: Vec<(Client, Statement, Statement)>,
    next: AtomicUsize,
    /// How many have read, by message: this process is the only one that writes, so the database need not count.
    read: Mutex<HashMap<(String, u64), u32>>,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS receipts (
    room text NOT NULL, seq bigint NOT NULL, reader text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room, seq, reader))";
const INSERT: &str = "INSERT INTO receipts (room, seq, reader) SELECT $1, seq, $3 FROM unnest($2::bigint[]) AS seq
    ON CONFLICT DO NOTHING RETURNING seq";
const COUNT: &str =
    "SELECT seq, count(*) FROM receipts WHERE room = $1 AND seq = ANY($2::bigint[]) GROUP BY seq";

#[tokio::main]
async fn main() -> Result<()> {
    let database = argument(1, "the database, as host=… port=… user=… dbname=…")?;
    let port = argument(2, "the port to listen on, 0 for a free one")?.parse()?;
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let (client, connection) = tokio_postgres::connect(&database, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(TABLE).await?;
        let (insert, count) = (client.prepare(INSERT).await?, client.prepare(COUNT).await?);
        clients.push((client, insert, count));
    }
    let mut read = HashMap::new();
    for row in clients[0].0.query("SELECT room, seq, count(*) FROM receipts GROUP BY room, seq", &[]).await? {
        read.insert((row.get(0), row.get::<_, i64>(1).try_into()?), row.get::<_, i64>(2).try_into()?);
    }
    serve(Postgres { clients, next: AtomicUsize::new(0), read: Mutex::new(read) }, port).await
}

impl Receipts for Postgres {
    async fn record(&self, group: &str, reader: &str, seqs: &[u64]) -> Result<Vec<(u64, u32)>> {
        let (client, insert, _) =
            &self.clients[self.next.fetch_add(1, Ordering::Relaxed) % self.clients.len()];
        let seqs: Vec<i64> = seqs.iter().map(|seq| seq.cast_signed()).collect();
        let rows = client.query(insert, &[&group, &seqs, &reader]).await.context("cannot insert")?;
        let mut read = self.read.lock();
        let count = |row: &tokio_postgres::Row| {
            let seq = row.get::<_, i64>(0).cast_unsigned();
            let count = read.entry((group.to_owned(), seq)).or_default();
            *count += 1;
            (seq, *count)
        };
        Ok(rows.iter().map(count).collect())
    }

    async fn counts(&self, group: &str, seqs: &[u64]) -> Result<Vec<(u64, u32)>> {
        let (client, _, count) = &self.clients[0];
        let asked: Vec<i64> = seqs.iter().map(|seq| seq.cast_signed()).collect();
        let rows = client.query(count, &[&group, &asked]).await.context("cannot count")?;
        let found: HashMap<i64, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let count = |seq: &u64| Ok((*seq, u32::try_from(*found.get(&seq.cast_signed()).unwrap_or(&0))?));
        seqs.iter().map(count).collect()
    }
}
