//! Random scripts on this store and on the reference in memory, answer by answer: with folds, evictions, reopenings and
//! kills at any place, nobody can tell the two apart.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

mod support;

use std::sync::Arc;

use proptest::prelude::*;
use support::{APP, NOON, attentive, hasty, lazy, message, open};
use yidu_proto::v1;
use yidu_store::account::NewAccount;
use yidu_store::conversation::ClearUpTo;
use yidu_store::group::{GroupChange, MemberChange, MembersChange, NewGroup};
use yidu_store::memory::MemoryStore;
use yidu_store::message::{HistoryQuery, NewMessage};
use yidu_store::receipt::{Filter, NewReminder, ReceiptBatch};
use yidu_store::{ConversationId, Millis, Seq, Store, Tinyid};
use yidu_store_embedded::{EmbeddedStore, Options};

const PEOPLE: u64 = 6;
const CONVERSATIONS: u64 = 6;

/// A person by number; some numbers are nobody's.
type Who = u64;
/// A conversation by number; some numbers are none.
type Which = u64;

#[derive(Clone, Debug)]
enum Step {
    Account {
        name: u64,
        nick: Option<u8>,
    },
    DeleteAccount(Who),
    C2c(Who, Who),
    Group {
        id: u64,
        owner: Who,
        members: Vec<Who>,
    },
    ChangeGroup {
        which: Which,
        owner: Option<Who>,
        rename: bool,
        tip: bool,
    },
    Members {
        which: Which,
        users: Vec<Who>,
        join: bool,
        tip: bool,
        max: u32,
    },
    Member {
        which: Which,
        who: Who,
        role: Option<i32>,
        card: Option<u8>,
    },
    Dismiss(Which),
    Send {
        which: Which,
        who: Who,
        random: u32,
        needs: bool,
        counts: bool,
        targets: Option<Vec<Who>>,
        last: bool,
    },
    Read {
        which: Which,
        who: Who,
        seqs: Vec<Seq>,
    },
    Recall {
        which: Which,
        seq: Seq,
    },
    Remind {
        which: Which,
        seq: Seq,
        named: Option<Vec<Who>>,
        minutes: u64,
    },
    DeleteMessages {
        which: Which,
        who: Who,
        seqs: Vec<Seq>,
    },
    Clear {
        which: Which,
        who: Who,
        up_to: ClearUpTo,
    },
    DeleteConversation {
        which: Which,
        who: Who,
    },
    Expire {
        age: u64,
    },
    Kill {
        hasty: bool,
    },
    Close {
        hasty: bool,
    },
    Look,
}

fn who() -> impl Strategy<Value = Who> {
    0..PEOPLE
}

fn which() -> impl Strategy<Value = Which> {
    1..CONVERSATIONS
}

fn seqs() -> impl Strategy<Value = Vec<Seq>> {
    proptest::collection::vec(0..12_u64, 1..6)
}

fn several() -> impl Strategy<Value = Vec<Who>> {
    proptest::sample::subsequence((0..PEOPLE).collect::<Vec<_>>(), 1..4)
}

fn up_to() -> impl Strategy<Value = ClearUpTo> {
    prop_oneof![
        Just(ClearUpTo::Newest),
        (0..14_u64).prop_map(ClearUpTo::Seq),
        (0..200_u64).prop_map(|after| ClearUpTo::Time(NOON + after * 10)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let flag = any::<bool>;
    let send = (
        which(),
        who(),
        0..8_u32,
        prop::bool::weighted(0.8),
        flag(),
        prop::option::weighted(0.2, several()),
        flag(),
    );
    let members = (which(), several(), flag(), flag(), prop_oneof![Just(3), Just(100)]);
    prop_oneof![
        1 => (0..PEOPLE, prop::option::of(0..3_u8)).prop_map(|(name, nick)| Step::Account { name, nick }),
        1 => prop::bool::weighted(0.3).prop_flat_map(|_| who()).prop_map(Step::DeleteAccount),
        2 => (who(), who()).prop_map(|(a, b)| Step::C2c(a, b)),
        2 => (0..3_u64, who(), several()).prop_map(|(id, owner, members)| Step::Group { id, owner, members }),
        1 => (which(), prop::option::of(who()), flag(), flag())
            .prop_map(|(which, owner, rename, tip)| Step::ChangeGroup { which, owner, rename, tip }),
        6 => members.prop_map(|(which, users, join, tip, max)| Step::Members { which, users, join, tip, max }),
        1 => (which(), who(), prop::option::of(prop_oneof![Just(200), Just(300), Just(7)]), prop::option::of(0..3_u8))
            .prop_map(|(which, who, role, card)| Step::Member { which, who, role, card }),
        1 => prop::bool::weighted(0.2).prop_flat_map(|_| which()).prop_map(Step::Dismiss),
        14 => send.prop_map(|(which, who, random, needs, counts, targets, last)| {
            Step::Send { which, who, random, needs, counts, targets, last }
        }),
        16 => (which(), who(), seqs()).prop_map(|(which, who, seqs)| Step::Read { which, who, seqs }),
        2 => (which(), 0..12_u64).prop_map(|(which, seq)| Step::Recall { which, seq }),
        4 => (which(), 0..12_u64, proptest::option::of(several()), 0..3_u64)
            .prop_map(|(which, seq, named, minutes)| Step::Remind { which, seq, named, minutes }),
        1 => (which(), who(), seqs()).prop_map(|(which, who, seqs)| Step::DeleteMessages { which, who, seqs }),
        3 => (which(), who(), up_to()).prop_map(|(which, who, up_to)| Step::Clear { which, who, up_to }),
        1 => (which(), who()).prop_map(|(which, who)| Step::DeleteConversation { which, who }),
        1 => (0..60_u64).prop_map(|age| Step::Expire { age }),
        2 => flag().prop_map(|hasty| Step::Kill { hasty }),
        1 => flag().prop_map(|hasty| Step::Close { hasty }),
        2 => Just(Step::Look),
    ]
}

/// A person by number: the first so many have accounts from the start.
fn user(who: Who) -> Tinyid {
    Tinyid(Tinyid::FIRST.0 + who)
}

struct World {
    dir: tempfile::TempDir,
    store: Option<Arc<EmbeddedStore>>,
    reference: MemoryStore,
    now: Millis,
}

/// Asks both the same, and compares; gives the answer.
macro_rules! both {
    ($world:expr, |$store:ident| $ask:expr) => {{
        let ask = async |$store: &dyn Store| $ask.await;
        let (engine, reference) =
            (ask(&**$world.store.as_ref().unwrap()).await, ask(&$world.reference).await);
        assert_eq!(engine, reference, "left: the engine, right: the reference: {}", stringify!($ask));
        engine
    }};
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Some(open(dir.path(), hasty()));
        let world = Self { dir, store, reference: MemoryStore::new(), now: NOON };
        both!(world, |store| store.create_app(attentive())).unwrap();
        let names = |n: u64| NewAccount { user: format!("user{n}"), ..Default::default() };
        let first: Vec<_> = (0..PEOPLE - 1).map(names).collect();
        both!(world, |store| store.open_accounts(APP, first.clone(), NOON)).unwrap();
        both!(world, |store| store.open_c2c(APP, user(0), user(1))).unwrap();
        let group = new_group(0, 0, &[1, 2, 3]);
        both!(world, |store| store.create_group(group.clone())).unwrap();
        world
    }

    fn reopen(&mut self, options: Options) {
        self.store = None;
        self.store = Some(open(self.dir.path(), options));
    }

    async fn run(&mut self, step: Step) {
        self.now += 10;
        let now = self.now;
        match step {
            Step::Account { name, nick } => {
                let nick = nick.map(|nick| format!("nick{nick}"));
                let new = vec![NewAccount { user: format!("user{name}"), nick, avatar_url: None }];
                let _ = both!(self, |store| store.open_accounts(APP, new.clone(), now));
            }
            Step::DeleteAccount(who) => _ = both!(self, |store| store.delete_account(user(who))),
            Step::C2c(one, other) => _ = both!(self, |store| store.open_c2c(APP, user(one), user(other))),
            Step::Group { id, owner, members } => {
                let group = new_group(id, owner, &members);
                let _ = both!(self, |store| store.create_group(group.clone()));
            }
            Step::ChangeGroup { which, owner, rename, tip } => {
                let change = GroupChange {
                    info: rename.then(|| v1::Group { name: "renamed".to_owned(), ..Default::default() }),
                    owner: owner.map(user),
                    tip: tip.then(|| self.tip(which, owner.unwrap_or(0))),
                    note: None,
                };
                let _ = both!(self, |store| store.change_group(ConversationId(which), change.clone()));
            }
            Step::Members { which, users, join, tip, max } => {
                let change = MembersChange {
                    conversation: ConversationId(which),
                    by: user(users[0]),
                    tip: tip.then(|| self.tip(which, users[0])),
                    users: users.into_iter().map(user).collect(),
                    join,
                    cause: if join { 3 } else { 5 },
                    at: now,
                    max_members: max,
                };
                let _ = both!(self, |store| store.change_members(change.clone()));
            }
            Step::Member { which, who, role, card } => {
                let name_card = card.map(|card| format!("card{card}"));
                let change = MemberChange { role, name_card, muted_until: Some(now) };
                let ask = (ConversationId(which), user(who));
                let _ = both!(self, |store| store.change_member(ask.0, ask.1, change.clone(), None));
            }
            Step::Dismiss(which) => _ = both!(self, |store| store.dismiss_group(ConversationId(which), now)),
            Step::Send { which, who, random, needs, counts, targets, last } => {
                let mut new = message(ConversationId(which), user(who), random, now);
                new.message.need_receipt = needs;
                new.message.exclude_from_last_message = !last;
                new.counts_unread = counts;
                new.as_administrator = random == 7;
                new.targets = targets.map(|targets| targets.into_iter().map(user).collect());
                let _ = both!(self, |store| store.append_message(new.clone()));
            }
            Step::Read { which, who, seqs } => {
                let batch =
                    ReceiptBatch { conversation: ConversationId(which), reader: user(who), seqs, at: now };
                let _ = both!(self, |store| store.record_receipts(batch.clone()));
            }
            Step::Recall { which, seq } => {
                let recall = v1::Recall { by: "user0".to_owned(), time_ms: now, ..Default::default() };
                let not_before = now - 300;
                let which = ConversationId(which);
                let _ = both!(self, |store| store.recall_message(which, seq, recall.clone(), not_before));
            }
            Step::Remind { which, seq, named, minutes } => {
                let users = named.map(|named| named.into_iter().map(user).collect());
                let (conversation, by, at) = (ConversationId(which), user(0), now + minutes * 60_000);
                let reminder = NewReminder { conversation, seq, by, at, users };
                let _ = both!(self, |store| store.remind_unread(reminder.clone()));
            }
            Step::DeleteMessages { which, who, seqs } => {
                let which = ConversationId(which);
                let _ = both!(self, |store| store.delete_messages(which, user(who), &seqs));
            }
            Step::Clear { which, who, up_to } => {
                let which = ConversationId(which);
                let _ = both!(self, |store| store.clear_unread(user(who), which, up_to, now));
            }
            Step::DeleteConversation { which, who } => {
                let which = ConversationId(which);
                let _ = both!(self, |store| store.delete_conversation(user(who), which));
            }
            Step::Expire { age } => {
                // In as many calls as it takes: which messages go first is the engine's choice.
                let before = now.saturating_sub(age * 10);
                let _ = both!(self, |store| store.expire_history(APP, before, 1_000));
            }
            Step::Kill { hasty: fold } => self.reopen(if fold { hasty() } else { lazy() }),
            Step::Close { hasty: fold } => {
                both!(self, |store| store.close()).unwrap();
                self.reference.reopen();
                self.reopen(if fold { hasty() } else { lazy() });
            }
            Step::Look => self.look().await,
        }
    }

    fn tip(&self, which: Which, who: Who) -> NewMessage {
        let tip = v1::GroupTipElement { r#type: 1, ..Default::default() };
        let mut new = message(ConversationId(which), user(who), 0, self.now);
        new.message.elements = vec![yidu_proto::ElementKind::GroupTip(tip).into()];
        new.message.need_receipt = false;
        new.counts_unread = false;
        new
    }

    /// Everything that can be asked.
    async fn look(&self) {
        let people: Vec<Tinyid> = (0..PEOPLE + 3).map(user).collect();
        let names: Vec<String> = (0..PEOPLE).map(|n| format!("user{n}")).collect();
        let ids: Vec<String> = (0..3).map(|id| format!("group{id}")).collect();
        let _ = both!(self, |store| store.accounts(APP, &names));
        let _ = both!(self, |store| store.accounts_by_tinyid(&people));
        let _ = both!(self, |store| store.groups(APP, &ids));
        let _ = both!(self, |store| store.hooks(APP, 0, usize::MAX));
        let _ = both!(self, |store| store.hook_queues());
        for &person in &people {
            let _ = both!(self, |store| store.position(person));
            let _ = both!(self, |store| store.conversation_ids(person));
            self.look_at_list(person).await;
            self.look_at_feed(person).await;
        }
        for which in (1..CONVERSATIONS).map(ConversationId) {
            let _ = both!(self, |store| store.conversation_kind(which));
            let _ = both!(self, |store| store.group_of(which));
            let _ = both!(self, |store| store.members(which, 0, 2));
            let _ = both!(self, |store| store.members(which, 2, 100));
            let _ = both!(self, |store| store.members_by_user(which, &people));
            let all: Vec<Seq> = (0..14).collect();
            let _ = both!(self, |store| store.receipt_states(which, &all));
            for seq in all {
                let _ = both!(self, |store| store.message(which, seq));
                self.look_at_lists(which, seq).await;
                let _ = both!(self, |store| store.audience_members(which, seq, &people));
            }
            for &person in &people {
                self.look_at_history(which, person).await;
            }
        }
    }

    async fn look_at_list(&self, person: Tinyid) {
        let page = both!(self, |store| store.conversations(person, None, 2)).unwrap();
        if let Some(last) = page.0.last() {
            let after = Some((last.active, last.id));
            let _ = both!(self, |store| store.conversations(person, after, 10));
        }
    }

    async fn look_at_feed(&self, person: Tinyid) {
        let mut after = 0;
        loop {
            let page = both!(self, |store| store.changes(person, after, 2)).unwrap();
            if page.finished {
                break;
            }
            after = page.position;
        }
    }

    async fn look_at_lists(&self, which: ConversationId, seq: Seq) {
        for filter in [Filter::Read, Filter::Unread, Filter::Left] {
            let page = both!(self, |store| store.audience_page(which, seq, filter, 0, 1));
            if let Ok(page) = page
                && !page.finished
            {
                let _ = both!(self, |store| store.audience_page(which, seq, filter, page.next, 10));
            }
        }
    }

    async fn look_at_history(&self, which: ConversationId, viewer: Tinyid) {
        let _ = both!(self, |store| store.conversation(viewer, which));
        for before_joining in [false, true] {
            for (newer, from, limit) in [(false, None, 3), (true, Some(2), 2), (false, Some(5), 100)] {
                let query = HistoryQuery {
                    conversation: which,
                    viewer,
                    before_joining,
                    from,
                    newer,
                    limit,
                    min_time: NOON + 100,
                    max_time: Millis::MAX,
                };
                let _ = both!(self, |store| store.history(query.clone()));
            }
            let _ = both!(self, |store| store.conversation_changes(which, viewer, before_joining, 0, 1));
            let _ = both!(self, |store| store.conversation_changes(which, viewer, before_joining, 1, 100));
            let seqs: Vec<Seq> = (0..14).collect();
            let _ = both!(self, |store| store.messages(which, viewer, before_joining, &seqs));
        }
    }
}

fn new_group(id: u64, owner: Who, members: &[Who]) -> NewGroup {
    let info = v1::Group { id: format!("group{id}"), created_ms: NOON, ..Default::default() };
    let members = members.iter().filter(|&&who| who != owner).map(|&who| user(who)).collect();
    NewGroup { app: APP, info, owner: Some(user(owner)), by: None, members }
}

/// A quarter of the usual number of scripts: each opens a store several times.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases / 4, failure_persistence: None, max_shrink_iters: 400, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_answer_is_that_of_the_reference(steps in proptest::collection::vec(step(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for step in steps {
                world.run(step).await;
            }
            world.look().await;
            world.reopen(lazy());
            world.look().await;
            let report = world.store.as_ref().unwrap().check_now().await;
            assert_eq!(report, Vec::<String>::new());
        });
    }
}

trait CheckNow {
    async fn check_now(&self) -> Vec<String>;
}

impl CheckNow for Arc<EmbeddedStore> {
    async fn check_now(&self) -> Vec<String> {
        yidu_store::Upkeep::check(&**self, &|_, _| ()).await.unwrap().problems
    }
}
