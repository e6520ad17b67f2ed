//! From waiting hooks to calls: receipts of one conversation that lie next to each other become one call.

use std::collections::{HashMap, HashSet};

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
    /// Other hooks of the topic wait for it.
    pub(super) followed: bool,
}

impl Call {
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.hooks.iter().map(|hook| hook.number).collect()
    }

    /// It tells of receipts, of which more may come.
    pub(super) fn is_receipts(&self) -> bool {
        self.hooks.iter().any(|hook| matches!(hook.news, News::Read { .. } | News::PeerRead { .. }))
    }

    pub(super) fn command(&self) -> Option<HookCommand> {
        self.hooks.first().map(|hook| hook.news.command())
    }
}

/// A call that is being put together.
struct Draft {
    call: Call,
    /// Messages of which something waits that may not be overtaken.
    waiting: HashSet<u64>,
    /// Nothing more is taken.
    full: bool,
}

/// The next call of each topic, in the order of their first hooks. Hooks come by rising number. Of one message nothing
/// overtakes anything; receipts may overtake the sending of other messages, so that those of a busy group stay together.
/// `earlier`: topics of which an earlier page has hooks, which go first whatever keeps them; it gains those of this page.
pub(super) fn next_calls(hooks: Vec<Hook>, earlier: &mut HashSet<u64>) -> Vec<Call> {
    let mut places = HashMap::new();
    let mut drafts: Vec<Draft> = Vec::new();
    for hook in hooks {
        let place = *places.entry(hook.topic).or_insert(drafts.len());
        match drafts.get_mut(place) {
            None => drafts.push(Draft::new(hook)),
            Some(draft) => draft.offer(hook),
        }
    }
    drafts.into_iter().map(|draft| draft.call).filter(|call| earlier.insert(call.topic)).collect()
}

impl Draft {
    fn new(hook: Hook) -> Draft {
        let call = Call { topic: hook.topic, hooks: vec![hook], followed: false };
        Draft { call, waiting: HashSet::new(), full: false }
    }

    fn offer(&mut self, hook: Hook) {
        let overtakes = seq(&hook).is_some_and(|seq| self.waiting.contains(&seq));
        if !self.full && !overtakes && belongs(&self.call.hooks, &hook) {
            self.call.hooks.push(hook);
            return;
        }
        self.call.followed = true;
        match &hook.news {
            News::Sent { message, .. } if !self.full => drop(self.waiting.insert(message.seq)),
            News::Asked { seq, .. } if overtakes => drop(self.waiting.insert(*seq)),
            News::Read { seq, .. } if overtakes => drop(self.waiting.insert(*seq)),
            _ => self.full = true,
        }
    }
}

fn belongs(call: &[Hook], hook: &Hook) -> bool {
    match (call.first().map(|first| &first.news), &hook.news) {
        (Some(News::Asked { .. } | News::Read { .. }), News::Asked { .. } | News::Read { .. }) => {
            let readers: usize = call.iter().chain([hook]).map(named).sum();
            let messages: HashSet<u64> = call.iter().chain([hook]).filter_map(seq).collect();
            messages.len() <= MESSAGES && readers <= READERS
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
        News::Asked { seq, .. } | News::Read { seq, .. } => Some(*seq),
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

    fn asked(number: u64, topic: u64, seq: u64) -> Hook {
        hook(number, topic, News::Asked { group: GroupName::default(), seq, audience: 1 })
    }

    fn sent(number: u64, topic: u64, seq: u64) -> Hook {
        let message = Box::new(yidu_proto::v1::Message { seq, ..Default::default() });
        let place = yidu_store::webhook::Place::Group(GroupName::default());
        hook(number, topic, News::Sent { place, sender: Tinyid(1), message })
    }

    fn moved(number: u64, topic: u64) -> Hook {
        let (group, by) = (GroupName::default(), Tinyid(1));
        hook(number, topic, News::Moved { group, join: true, cause: 0, by, users: vec![] })
    }

    fn numbers(hooks: Vec<Hook>) -> Vec<Vec<u64>> {
        calls(hooks).iter().map(Call::numbers).collect()
    }

    fn calls(hooks: Vec<Hook>) -> Vec<Call> {
        next_calls(hooks, &mut HashSet::new())
    }

    #[test]
    fn receipts_next_to_each_other_are_one_call() {
        let hooks = vec![read(1, 7, 1, 1), read(2, 8, 1, 1), read(3, 7, 2, 1), read(4, 7, 1, 1)];
        assert_eq!(numbers(hooks), [vec![1, 3, 4], vec![2]]);
    }

    #[test]
    fn nothing_overtakes_what_is_of_the_same_message() {
        let busy = vec![read(1, 7, 1, 1), sent(2, 7, 2), asked(3, 7, 2), read(4, 7, 1, 1), read(5, 7, 2, 1)];
        assert_eq!(numbers(busy), [[1, 4]]);
        let later = vec![sent(2, 7, 2), asked(3, 7, 2), read(5, 7, 2, 1)];
        assert_eq!(numbers(later), [[2]]);
        assert_eq!(numbers(vec![asked(3, 7, 2), read(5, 7, 2, 1)]), [[3, 5]]);
        assert_eq!(numbers(vec![read(1, 7, 1, 1), moved(2, 7), read(3, 7, 1, 1)]), [[1]]);
        assert!(calls(vec![read(1, 7, 1, 1), moved(2, 7)])[0].followed);
        assert!(!calls(vec![read(1, 7, 1, 1), read(2, 7, 1, 1), moved(3, 8)])[0].followed);
    }

    #[test]
    fn a_topic_that_an_earlier_page_has_is_told_from_there() {
        let mut earlier = HashSet::new();
        let mut page =
            |hooks| -> Vec<Vec<u64>> { next_calls(hooks, &mut earlier).iter().map(Call::numbers).collect() };
        assert_eq!(page(vec![read(1, 7, 1, 1), moved(2, 8)]), [[1], [2]]);
        assert_eq!(page(vec![sent(3, 7, 2), moved(4, 9)]), [[4]]);
        assert_eq!(page(vec![moved(5, 8), moved(6, 9), moved(7, 10)]), [[7]]);
    }

    #[test]
    fn a_call_is_bounded() {
        assert_eq!(numbers(vec![read(1, 7, 1, 600), read(2, 7, 1, 600)]), [[1]]);
        assert_eq!(numbers(vec![read(1, 7, 1, 5_000)]), [[1]], "one commit is told whole");
        let many = (1..=150).map(|seq| read(seq, 7, seq, 1)).collect();
        assert_eq!(numbers(many)[0].len(), MESSAGES);
    }
}
