//! Checking: reads every row and looks whether it all fits together.
//!
//! Rows of what is being changed meanwhile may look torn; a check is for a store at rest.

use yidu_readset::{Audience, ReadSet, counts};
use yidu_store::account::Account;
use yidu_store::app::App;
use yidu_store::audit::Note;
use yidu_store::upkeep::CheckReport;
use yidu_store::webhook::{DeadHook, Hook};
use yidu_store::{ConversationId, Result, Seq, StoreError};

use crate::cache;
use crate::feed;
use crate::receipt;
use crate::record::journal::Journal;
use crate::record::{Entry, EntryThing, Member, Record, Reminder, Standing};
use crate::rows::{View, corrupt, parse};
use crate::state::{Conversation, key_member};
use crate::store::Shared;
use crate::tables::Table;

/// Lines of a report.
const PROBLEMS: usize = 1_000;

struct Check<'a, 'n> {
    shared: &'a Shared,
    view: &'a View<'a>,
    report: CheckReport,
    progress: &'a (dyn Fn(&'n str, u64) + Send + Sync),
}

pub(crate) fn check<'n>(
    shared: &Shared,
    view: &View<'_>,
    progress: &(dyn Fn(&'n str, u64) + Send + Sync),
) -> Result<CheckReport> {
    let mut check = Check { shared, view, report: CheckReport::default(), progress };
    check.parses::<App>(Table::Apps)?;
    check.parses::<Account>(Table::Accounts)?;
    check.parses::<Member>(Table::Members)?;
    check.parses::<Standing>(Table::UserConversations)?;
    check.parses::<Journal>(Table::Journal)?;
    check.parses::<Hook>(Table::Hooks)?;
    check.parses::<DeadHook>(Table::DeadHooks)?;
    check.parses::<Note>(Table::Audit)?;
    check.parses::<Reminder>(Table::Reminders)?;
    check.feeds()?;
    check.conversations()?;
    check.report.problems.truncate(PROBLEMS);
    Ok(check.report)
}

impl Check<'_, '_> {
    fn problem(&mut self, line: String) {
        if self.report.problems.len() < PROBLEMS {
            self.report.problems.push(line);
        }
    }

    /// A row that cannot be read is a problem of its own, and the check goes on.
    fn note(&mut self, result: Result<()>) -> Result<()> {
        match result {
            Err(error @ StoreError::Corrupt { .. }) => {
                self.problem(error.to_string());
                Ok(())
            }
            other => other,
        }
    }

    fn walk(
        &mut self,
        table: Table,
        mut visit: impl FnMut(&mut Self, &[u8], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut rows = 0;
        let (view, progress) = (self.view, self.progress);
        let walked = view.each(table, |key, value| {
            rows += 1;
            if rows % 1_000 == 0 {
                progress(table.name(), rows);
            }
            let result = visit(self, key, value);
            self.note(result)
        });
        progress(table.name(), rows);
        self.report.looked_at.push((table.name(), rows));
        self.note(walked)
    }

    fn parses<R: Record>(&mut self, table: Table) -> Result<()> {
        self.walk(table, |_, key, value| parse::<R>(table, key, value).map(|_| ()))
    }

    /// Each thing has one entry, and `feed_things` names it.
    fn feeds(&mut self) -> Result<()> {
        self.walk(Table::Feed, |check, key, value| {
            let entry: Entry = parse(Table::Feed, key, value)?;
            let number = feed::number(key)?;
            if matches!(entry.thing, EntryThing::Receipt(..)) {
                return Ok(());
            }
            let name = [&key[..8], &entry.thing.key()].concat();
            if check.view.number(Table::FeedThings, &name)? != Some(number) {
                return Err(corrupt(Table::Feed, key, "the thing has another entry"));
            }
            Ok(())
        })
    }

    fn conversations(&mut self) -> Result<()> {
        let mut messages = 0;
        self.walk(Table::Conversations, |check, key, _| {
            let id = <[u8; 8]>::try_from(key);
            let id = id.map_err(|_| corrupt(Table::Conversations, key, "the key is not one"))?;
            let id = ConversationId(u64::from_be_bytes(id));
            let slot = check.shared.cache.slot(id);
            let mut conversation = cache::lock(&slot, check.view, id)?;
            check.roster(&conversation)?;
            messages += conversation.head.last_seq;
            for seq in 1..=conversation.head.last_seq {
                let result = check.message(&mut conversation, seq);
                check.note(result)?;
            }
            conversation.shrink(u64::MAX);
            Ok(())
        })?;
        self.report.looked_at.push(("conversations' messages", messages));
        Ok(())
    }

    fn roster(&mut self, conversation: &Conversation) -> Result<()> {
        let (roster, head) = (&conversation.roster, &conversation.head);
        if roster.members() != head.members || roster.ordinals() != head.ordinals {
            self.problem(format!("conversation {}: its head and its roster differ", conversation.id.0));
        }
        for ordinal in 0..roster.ordinals() {
            let member: Member = self.view.expect(Table::Members, &key_member(conversation.id, ordinal))?;
            let standing = crate::conversation::standing(self.view, member.user, conversation.id)?;
            if standing.member != roster.is_member(ordinal) {
                self.problem(format!(
                    "conversation {}: roster and standing of ordinal {ordinal} differ",
                    conversation.id.0
                ));
            }
        }
        Ok(())
    }

    fn message(&mut self, conversation: &mut Conversation, seq: Seq) -> Result<()> {
        let (id, view) = (conversation.id, self.view);
        let Some(message) = conversation.message(view, seq)? else { return Ok(()) };
        let wire = message
            .message()
            .map_err(|error| corrupt(Table::Messages, &crate::state::key_seq(id, seq), &error.to_string()))?;
        if wire.seq != seq {
            self.problem(format!("conversation {}: message {seq} says that it is {}", id.0, wire.seq));
        }
        if message.expired || !message.needs_receipt {
            return Ok(());
        }
        receipt::load(self.shared, view, conversation, seq)?;
        let Some(hot) = conversation.hot.get(&seq) else { return Ok(()) };
        let audience = Audience::new(&conversation.roster, &hot.spec);
        if audience.len() != message.audience_count {
            self.problem(format!(
                "conversation {}: message {seq} has an audience of {}, its roster says {}",
                id.0,
                message.audience_count,
                audience.len()
            ));
        }
        if strangers(&audience, &hot.set) > 0 {
            self.problem(format!("conversation {}: message {seq} was read by people not asked", id.0));
        }
        let now = counts(&conversation.roster, &hot.spec, hot.audience_count, &hot.set);
        if now.read + now.unread + now.left != now.audience {
            self.problem(format!("conversation {}: counts of message {seq} do not add up", id.0));
        }
        Ok(())
    }
}

fn strangers(audience: &Audience<'_>, set: &ReadSet) -> usize {
    set.iter().filter(|(ordinal, _)| !audience.contains(*ordinal)).count()
}
