//! A small server with everything that makes resuming hard: pages, pushes that race answers, lost connections, dropped
//! pushes, messages one may not see, answers that fail. Whatever the order, every message is told once and in order,
//! every recall once, every receipt's last state, and nothing goes back.

mod server;
mod stories;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;
use yidu_proto::v1;

use self::server::{CONVERSATIONS, Out, Server};
use super::{Ask, Resume, Step};
use crate::Event;
use crate::error::Error;

#[derive(Clone, Debug)]
enum Act {
    /// A message of somebody else's; one in four is not for this user's eyes.
    Post {
        conversation: usize,
        hidden: bool,
    },
    /// A message of one's own from this device.
    Send {
        conversation: usize,
    },
    Recall {
        conversation: usize,
        back: u64,
    },
    /// A receipt of one of one's own messages.
    Receipt {
        seq: u64,
    },
    /// The server takes one of the requests it has.
    Serve {
        nth: usize,
        fail: bool,
    },
    /// The client gets the next thing in the socket.
    Receive,
    /// A slow device: what is not yet sent is dropped.
    Resync,
    /// The connection breaks; the server goes on for a while.
    Break,
    Reconnect,
}

fn act() -> impl Strategy<Value = Act> {
    let conversation = 0..CONVERSATIONS;
    prop_oneof![
        8 => (conversation.clone(), prop::bool::weighted(0.25))
            .prop_map(|(conversation, hidden)| Act::Post { conversation, hidden }),
        2 => conversation.clone().prop_map(|conversation| Act::Send { conversation }),
        2 => (conversation, 0..5_u64).prop_map(|(conversation, back)| Act::Recall { conversation, back }),
        4 => (1..4_u64).prop_map(|seq| Act::Receipt { seq }),
        12 => (any::<usize>(), prop::bool::weighted(0.05)).prop_map(|(nth, fail)| Act::Serve { nth, fail }),
        16 => Just(Act::Receive),
        1 => Just(Act::Resync),
        2 => Just(Act::Break),
        3 => Just(Act::Reconnect),
    ]
}

/// A client and what it has told.
struct World {
    server: Server,
    resume: Resume,
    /// Requests on their way to the server.
    asked: Vec<(Ask, v1::request::Operation)>,
    /// Own sends without an answer: (conversation, random).
    sending: BTreeMap<u32, usize>,
    retry: bool,
    told: BTreeMap<usize, Vec<u64>>,
    skipped: BTreeMap<usize, BTreeSet<u64>>,
    recalled: Vec<(usize, u64)>,
    receipts: HashMap<u64, u32>,
    own: BTreeSet<(usize, u64)>,
    caught_up: usize,
}

impl World {
    fn new(limit: usize, before: u64) -> World {
        let mut server = Server::default();
        for n in 0..before {
            server.post(usize::try_from(n).unwrap() % CONVERSATIONS, false, "bob", 0);
        }
        server.recall(0, 1);
        server.begins();
        let mut world = World {
            server,
            resume: Resume::new(limit),
            asked: Vec::new(),
            sending: BTreeMap::new(),
            retry: false,
            told: BTreeMap::new(),
            skipped: BTreeMap::new(),
            recalled: Vec::new(),
            receipts: HashMap::new(),
            own: BTreeSet::new(),
            caught_up: 0,
        };
        world.log_in();
        world
    }

    fn log_in(&mut self) {
        self.server.online = true;
        self.retry = false;
        let login = self.server.login();
        let steps = self.resume.logged_in(server::ME, &login);
        self.take(steps);
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Post { conversation, hidden } => self.server.post(conversation, hidden, "bob", 0),
            Act::Send { conversation } if self.server.online => {
                let random = u32::try_from(self.server.now).unwrap();
                self.resume.sending(&self.server.send_request(conversation, random));
                self.sending.insert(random, conversation);
            }
            Act::Send { .. } => {}
            Act::Recall { conversation, back } => self.server.recall(conversation, back),
            Act::Receipt { seq } => self.server.receipt(seq),
            Act::Serve { nth, fail } => self.serve(nth, fail),
            Act::Receive => self.receive(),
            // See the module's documentation for what is not promised while the first list is read.
            Act::Resync if self.resume.conversations.is_running() && !self.resume.catching_up => {}
            Act::Resync => self.server.drop_pushes(),
            Act::Break => self.lose(),
            Act::Reconnect => {
                self.lose();
                self.log_in();
            }
        }
    }

    fn lose(&mut self) {
        self.server.online = false;
        self.server.socket.clear();
        self.asked.clear();
    }

    fn serve(&mut self, nth: usize, fail: bool) {
        if !self.server.online {
            return;
        }
        let waiting = self.asked.len() + self.sending.len();
        let Some(nth) = nth.checked_rem(waiting) else { return };
        if nth < self.asked.len() {
            let (ask, operation) = self.asked.remove(nth);
            let answer = if fail { Err(busy()) } else { Ok(self.server.answer(operation)) };
            self.server.socket.push_back(Out::Answer(ask, answer));
        } else if let Some((&random, &conversation)) = self.sending.iter().nth(nth - self.asked.len()) {
            let message = self.server.send(conversation, random);
            self.server.socket.push_back(Out::Sent(conversation, message));
        }
    }

    fn receive(&mut self) {
        let steps = match self.server.socket.pop_front() {
            Some(Out::Answer(ask, answer)) => self.resume.answered(ask, answer),
            Some(Out::Push(event)) => self.resume.pushed(event),
            Some(Out::Sent(conversation, message)) => {
                if self.sending.remove(&message.random).is_some() {
                    self.own.insert((conversation, message.seq));
                    let request = self.server.send_request(conversation, message.random);
                    self.resume.sent(&request, Some(&message));
                }
                Vec::new()
            }
            None if std::mem::take(&mut self.retry) => self.resume.again(),
            None => Vec::new(),
        };
        self.take(steps);
    }

    fn take(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Ask(ask, operation) => self.asked.push((ask, operation)),
                Step::Retry(_) => self.retry = true,
                Step::Tell(event) => self.tell(event),
            }
        }
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::Message(message) => {
                let of = server::index(message.to.as_ref().unwrap());
                self.told.entry(of).or_default().push(message.seq);
            }
            Event::MessagesSkipped { conversation, from, to } => {
                self.skipped.entry(server::index(&conversation)).or_default().extend(from..=to);
            }
            Event::Recalled { conversation, message } => {
                self.recalled.push((server::index(&conversation), message.seq));
            }
            Event::Receipt(state) => {
                let last = self.receipts.insert(state.seq, state.read_count);
                assert!(last.is_none_or(|last| last < state.read_count), "{last:?} then {state:?}");
            }
            Event::CaughtUp => self.caught_up += 1,
            other => panic!("not something this server says: {other:?}"),
        }
    }

    /// Comes back, and receives until nothing is left to say.
    fn settle(&mut self) {
        if !self.server.online {
            self.log_in();
        }
        self.server.push_paced();
        for _ in 0..100_000 {
            let quiet = self.asked.is_empty() && self.sending.is_empty();
            if quiet && self.server.socket.is_empty() && !self.retry {
                return;
            }
            self.serve(0, false);
            self.receive();
        }
        panic!("it never comes to rest");
    }

    fn check(&self) {
        for of in 0..CONVERSATIONS {
            let told = self.told.get(&of).cloned().unwrap_or_default();
            assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "{of}: told {told:?}");
            let skipped = self.skipped.get(&of).cloned().unwrap_or_default();
            let own: BTreeSet<u64> =
                self.own.iter().filter(|(at, _)| *at == of).map(|(_, seq)| *seq).collect();
            for seq in self.server.news(of) {
                let given = told.contains(&seq) || own.contains(&seq) || skipped.contains(&seq);
                assert!(given, "{of}: {seq} is missing; told {told:?}, own {own:?}, skipped {skipped:?}");
            }
            for seq in &told {
                assert!(self.server.news(of).contains(seq), "{of}: {seq} is not news");
                assert!(!own.contains(seq), "{of}: one's own {seq} was told");
            }
        }
        let mut recalled = self.recalled.clone();
        recalled.sort_unstable();
        assert!(recalled.windows(2).all(|pair| pair[0] < pair[1]), "recalls told twice: {recalled:?}");
        for recall in self.server.recalls() {
            assert!(recalled.contains(&recall), "recall {recall:?} is missing in {recalled:?}");
        }
        assert_eq!(self.receipts, self.server.receipts());
    }
}

fn busy() -> Error {
    Error::refused(v1::Error { code: 9506, text: "busy".into(), retry_after_ms: 10 })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_missed_or_told_twice(
        before in 3..12_u64, limit in prop_oneof![Just(1_000_usize), 1..6_usize],
        acts in prop::collection::vec(act(), 0..300),
    ) {
        let mut world = World::new(limit, before);
        for act in acts {
            world.act(act);
        }
        world.settle();
        world.check();
    }
}
