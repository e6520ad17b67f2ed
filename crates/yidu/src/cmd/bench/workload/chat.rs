//! Other people who chat while something large goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::cmd::bench::load::{Latencies, latencies, note};
use crate::cmd::bench::target::Target;
use crate::cmd::bench::wire::Wire;

/// Conversations.
const GROUPS: u32 = 10;
/// Members of each.
const MEMBERS: u32 = 10;
/// Between two messages of one conversation.
const EVERY: Duration = Duration::from_millis(50);

/// Ten groups in each of which somebody posts 20 messages a second and somebody acknowledges each.
pub(super) struct Chats {
    measured: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
    tasks: JoinSet<Result<Latencies>>,
}

impl Chats {
    pub(super) async fn begin(target: &Target, members: u32) -> Result<Chats> {
        let (measured, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let mut pairs = Vec::new();
        for n in 0..GROUPS {
            let (group, sender) = (target.group(&format!("chat{n}")), format!("{}-chat{n}", target.sender()));
            let size = MEMBERS.min(members);
            target.found(&group, std::slice::from_ref(&sender), size, |_| ()).await?;
            // Different people: one who has too many devices loses some.
            let reader = target.reader(1 + n % (size - 1));
            let (poster, reader) = (target.connect(&sender).await?, target.connect(&reader).await?);
            pairs.push((group, poster, reader));
        }
        let mut tasks = JoinSet::new();
        for (group, poster, reader) in pairs {
            let (measured, ended) = (Arc::clone(&measured), Arc::clone(&ended));
            let talk = target.talker();
            tasks.spawn(async move { chat(talk, &group, (poster, reader), &measured, &ended).await });
        }
        Ok(Chats { measured, ended, tasks })
    }

    /// From now on latencies count.
    pub(super) fn measure(&self) {
        self.measured.store(true, Ordering::Relaxed);
    }

    /// Ends the chats; their latencies in milliseconds, messages and receipts alike.
    pub(super) async fn end(mut self) -> Result<Vec<(&'static str, f64)>> {
        self.ended.store(true, Ordering::Relaxed);
        let mut all = latencies();
        while let Some(one) = self.tasks.join_next().await {
            all.add(&one.context("a chat broke")??)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
        let ms = |q: f64| all.value_at_quantile(q) as f64 / 1e3;
        Ok(vec![("others_ms_p50", ms(0.5)), ("others_ms_p99", ms(0.99)), ("others_ms_max", ms(1.0))])
    }
}

async fn chat(
    talk: crate::cmd::bench::target::Talker,
    group: &str,
    (mut poster, mut reader): (Wire, Wire),
    measured: &AtomicBool,
    ended: &AtomicBool,
) -> Result<Latencies> {
    let mut all = latencies();
    let mut due = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        due += EVERY;
        tokio::time::sleep_until(due.into()).await;
        let counts = measured.load(Ordering::Relaxed);
        let seq = talk.post_one(&mut poster, group).await?;
        // From when it should have begun: a slow answer delays the next one, and counts there too.
        let posted = due.elapsed();
        let begun = Instant::now();
        reader.receipts(group, &[seq]).await?;
        if counts {
            note(&mut all, posted);
            note(&mut all, begun.elapsed());
        }
    }
    Ok(all)
}
