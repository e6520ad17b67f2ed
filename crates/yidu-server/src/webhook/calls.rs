//! From waiting hooks to calls: receipts of one conversation that lie next to each other become one call.

use std::collections::HashSet;

use crate::service::{Hook, HookCommand};
use yidu_store::webhook::News;

/// Messages that one call about receipts tells of.
const MESSAGES: usize = 100;

/// Readers that one call names at most, but for a single hook that has more.
const READERS: usize = 1_000;

/// One request, and the hooks that are told with it: one, or receipts of one topic in their order.
#[derive(Debug, PartialEq)]
pub(super) struct Call {
    pub(super) topic: u64,
    pub(super) hooks: Vec<Hook>,
}

impl Call {
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.hooks.iter().map(|hook| hook.number).collect()
    }

    /// It tells of receipts, of which more may come.
    pub(super) fn is_receipts(&self) -> bool {
        self.hooks.first().is_some_and(|hook| matches!(hook.news, News::Read { .. } | News::PeerRead { .. }))
    }

    pub(super) fn command(&self) -> Option<HookCommand> {
        self.hooks.first().map(|hook| hook.news.command())
    }
}

/// The next call of each topic, in the order of their first hooks. Hooks come by rising number.
pub(super) fn next_calls(hooks: Vec<Hook>) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // Topics whose next call takes nothing more.
    let mut full = HashSet::new();
    for hook in hooks {
        match calls.iter_mut().find(|call| call.topic == hook.topic) {
            None => calls.push(Call { topic: hook.topic, hooks: vec![hook] }),
            Some(_) if full.contains(&hook.topic) => {}
            Some(call) if belongs(&call.hooks, &hook) => call.hooks.push(hook),
            Some(call) => drop(full.insert(call.topic)),
        }
    }
    calls
}

fn belongs(call: &[Hook], hook: &Hook) -> bool {
    match (call.first().map(|first| &first.news), &hook.news) {
        (Some(News::Read { .. }), News::Read { readers, .. }) => {
            let named: usize = call.iter().map(named).sum();
            let messages: HashSet<u64> = call.iter().chain([hook]).filter_map(seq).collect();
            messages.len() <= MESSAGES && named + readers.len() <= READERS
        }
        (Some(News::PeerRead { reader, .. }), News::PeerRead { reader: other, .. }) => {
            reader == other && call.len() < MESSAGES
        }
        _ => false,
    }
}

fn named(hook: &Hook) -> usize {
    match &hook.news {
        News::Read { readers, .. } => readers.len(),
        _ => 0,
    }
}

fn seq(hook: &Hook) -> Option<u64> {
    match &hook.news {
        News::Read { seq, .. } => Some(*seq),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Tinyid;
    use yidu_store::webhook::GroupName;

    fn hook(number: u64, topic: u64, news: News) -> Hook {
        Hook { number, at: 0, since: 0, topic, news }
    }

    fn read(number: u64, topic: u64, seq: u64, readers: usize) -> Hook {
        let readers = (0..readers as u64).map(|n| (Tinyid(n), 0)).collect();
        let group = GroupName::default();
        hook(number, topic, News::Read { group, seq, read: 0, unread: 0, readers })
    }

    fn asked(number: u64, topic: u64) -> Hook {
        hook(number, topic, News::Asked { group: GroupName::default(), seq: 9, audience: 1 })
    }

    fn numbers(hooks: Vec<Hook>) -> Vec<Vec<u64>> {
        next_calls(hooks).iter().map(Call::numbers).collect()
    }

    #[test]
    fn receipts_next_to_each_other_are_one_call() {
        let hooks = vec![read(1, 7, 1, 1), read(2, 8, 1, 1), read(3, 7, 2, 1), read(4, 7, 1, 1)];
        assert_eq!(numbers(hooks), [vec![1, 3, 4], vec![2]]);
    }

    #[test]
    fn nothing_overtakes_within_a_topic() {
        let hooks = vec![read(1, 7, 1, 1), asked(2, 7), read(3, 7, 1, 1), asked(4, 8), asked(5, 8)];
        assert_eq!(numbers(hooks), [vec![1], vec![4]]);
    }

    #[test]
    fn a_call_is_bounded() {
        assert_eq!(numbers(vec![read(1, 7, 1, 600), read(2, 7, 1, 600)]), [[1]]);
        assert_eq!(numbers(vec![read(1, 7, 1, 5_000)]), [[1]], "one commit is told whole");
        let many = (1..=150).map(|seq| read(seq, 7, seq, 1)).collect();
        assert_eq!(numbers(many)[0].len(), MESSAGES);
    }
}
