//! Resuming: what was missed is told once, what comes is told once, nothing goes back. Pure: it is given answers and
//! pushes, and returns what to ask and what to tell.
//!
//! Two things are followed. The user's own **change feed** ([`feed`]) has a position. Each **conversation**
//! ([`conversations`]) has a seq up to which every message was given, and a number up to which its changes (recalls)
//! were. After the first login the conversations are listed once to learn where they stand. After every later one, and
//! when the server says `Resync`, a *catch-up* runs: the feed is read from its position, the conversations are listed,
//! and those that have moved are read from where they were left. Pushes go on meanwhile; a message pushed to a
//! conversation that is being read is held until the older ones were told.
//!
//! A catch-up that is cut off leaves the positions where the last complete answer put them; the next one begins there.
//!
//! One recall may go untold: of a device so slow that the server drops the push of it between the first login and the
//! list that follows. The history shows it.

mod conversations;
mod feed;

use std::time::Duration;

use yidu_proto::v1::{self, push, request::Operation, response};

use self::conversations::Conversations;
use self::feed::Feed;
use crate::Event;
use crate::error::{Error, ErrorKind, Result};

/// Before a catch-up that failed for a passing reason is begun again, unless the server says when.
const RETRY: Duration = Duration::from_secs(2);

/// Something that was asked for, to find its place when the answer comes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ask {
    /// Answers that an earlier run asked for are not looked at.
    run: u64,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Feed,
    List,
    History(v1::ConversationRef),
    Changes(v1::ConversationRef),
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Step {
    Ask(Ask, Operation),
    Tell(Event),
    /// Call [`Resume::again`] after this time.
    Retry(Duration),
}

/// What has been given to the app so far.
pub(crate) struct Resume {
    /// Whose; empty before the first login and after a logout.
    user_id: String,
    feed: Feed,
    conversations: Conversations,
    run: u64,
    /// The run is a catch-up, whose end is told.
    catching_up: bool,
    /// The run has failed; the next one is on its way.
    failed: bool,
    catch_up_limit: usize,
}

impl Resume {
    pub(crate) fn new(catch_up_limit: usize) -> Resume {
        Resume {
            user_id: String::new(),
            feed: Feed::new(0),
            conversations: Conversations::new("", 0, catch_up_limit),
            run: 0,
            catching_up: false,
            failed: false,
            catch_up_limit,
        }
    }

    /// A login has succeeded: the first one of a user begins afresh, the others catch up.
    pub(crate) fn logged_in(&mut self, user_id: &str, login: &v1::LoginResult) -> Vec<Step> {
        if self.user_id == user_id {
            return self.again();
        }
        self.user_id = user_id.to_owned();
        self.feed = Feed::new(login.position);
        self.conversations = Conversations::new(user_id, login.server_time_ms, self.catch_up_limit);
        self.begin(false)
    }

    /// Begins a catch-up, in place of the run that may be under way.
    pub(crate) fn again(&mut self) -> Vec<Step> {
        let mut steps = self.begin(true);
        steps.push(Step::Ask(self.ask(What::Feed), self.feed.pull()));
        steps
    }

    /// The session is over for good: the next login begins afresh.
    pub(crate) fn forget(&mut self) {
        *self = Resume { run: self.run, ..Resume::new(self.catch_up_limit) };
    }

    /// A message of one's own is about to be sent: should it come back in a catch-up before the answer, it is not news.
    pub(crate) fn sending(&mut self, request: &v1::SendMessage) {
        self.conversations.sending(request);
    }

    /// The answer to a send has come, or nobody waits for it any more.
    pub(crate) fn sent(&mut self, request: &v1::SendMessage, message: Option<&v1::Message>) {
        self.conversations.sent(request, message);
    }

    /// Takes the answer to something that was asked.
    pub(crate) fn answered(&mut self, ask: Ask, answer: Result<response::Result>) -> Vec<Step> {
        if ask.run != self.run || self.failed {
            return Vec::new();
        }
        let mut steps = match (ask.what, answer) {
            (_, Err(error)) if error.is_transient() => {
                self.failed = true;
                return vec![Step::Retry(error.retry_after().unwrap_or(RETRY))];
            }
            (What::Feed, Ok(response::Result::GetChanges(page))) => self.feed_page(page),
            (What::List, Ok(response::Result::ListConversations(page))) => {
                let (events, more) = self.conversations.list_page(page);
                let mut steps = tell(events);
                steps.extend(more.map(|operation| Step::Ask(self.ask(What::List), operation)));
                steps
            }
            (What::History(of), Ok(response::Result::GetHistory(page))) => {
                tell(self.conversations.history_page(&of, page))
            }
            (What::Changes(of), Ok(response::Result::GetConversationChanges(page))) => {
                tell(self.conversations.changes_page(&of, page))
            }
            (what, refused) => self.given_up(&what, refused.err()),
        };
        steps.extend(self.go_on());
        steps
    }

    /// Takes a push that is about messages or changes.
    pub(crate) fn pushed(&mut self, event: push::Event) -> Vec<Step> {
        match event {
            push::Event::Message(message) => tell(self.conversations.pushed(message)),
            push::Event::ConversationChange(change) => tell(self.conversations.changed(change)),
            push::Event::Changes(changes) => tell(self.feed.pushed(changes)),
            push::Event::ReceiptsSent(sent) => vec![Step::Tell(Event::ReceiptsSent(sent))],
            // Also while a run is under way: what was dropped may be of a conversation that it is done with.
            push::Event::Resync(_) => self.again(),
            // Matters of the connection, seen to where it is kept.
            push::Event::Kicked(_) | push::Event::Draining(_) => Vec::new(),
        }
    }

    fn begin(&mut self, catching_up: bool) -> Vec<Step> {
        self.run += 1;
        (self.catching_up, self.failed) = (catching_up, false);
        self.feed.stop();
        let list = self.conversations.begin(catching_up);
        vec![Step::Ask(self.ask(What::List), list)]
    }

    fn feed_page(&mut self, page: v1::GetChangesResult) -> Vec<Step> {
        let (events, more) = self.feed.page(page);
        let mut steps = tell(events);
        steps.extend(more.map(|operation| Step::Ask(self.ask(What::Feed), operation)));
        steps
    }

    /// An answer that no repetition will better: what it was for is left as it is.
    fn given_up(&mut self, what: &What, error: Option<Error>) -> Vec<Step> {
        let error =
            error.unwrap_or_else(|| Error::new(ErrorKind::Protocol, "the answer belongs to another request"));
        tracing::warn!(code = error.code(), "a part of the catch-up was refused: {error}");
        match what {
            What::Feed => self.feed.stop(),
            What::List => return tell(self.conversations.list_ended()),
            What::History(of) | What::Changes(of) => {
                return tell(self.conversations.refused(of, &error));
            }
        }
        Vec::new()
    }

    /// The next questions about conversations, or the end of the run.
    fn go_on(&mut self) -> Vec<Step> {
        let asks = self.conversations.asks();
        let mut steps: Vec<Step> = asks
            .into_iter()
            .map(|(of, operation)| {
                let history = matches!(operation, Operation::GetHistory(_));
                Step::Ask(self.ask(if history { What::History(of) } else { What::Changes(of) }), operation)
            })
            .collect();
        if !self.running() && self.catching_up {
            self.catching_up = false;
            steps.push(Step::Tell(Event::CaughtUp));
        }
        steps
    }

    fn running(&self) -> bool {
        self.failed || self.feed.is_pulling() || self.conversations.is_running()
    }

    fn ask(&self, what: What) -> Ask {
        Ask { run: self.run, what }
    }
}

fn tell(events: Vec<Event>) -> Vec<Step> {
    events.into_iter().map(Step::Tell).collect()
}

#[cfg(test)]
mod tests;
