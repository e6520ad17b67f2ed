//! Rule 4: "The three add up to `audience_count`. `read_count` never falls. Whoever comes back moves from left to unread.
//! Joining later changes nothing: a joiner is in no older audience." Random histories of joins, leaves, returns, deleted
//! accounts and receipts, compared with a plain model after every step.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use yidu_proto::v1::{self, AddOption, GroupType, ReceiptFilter, ReceiptVerdict};
use yidu_testkit::words::{counts, group, group_id};
use yidu_testkit::{TestServer, User};

const PEOPLE: usize = 8;

#[derive(Clone, Debug)]
enum Step {
    Send,
    Join(usize),
    Leave(usize),
    /// The account goes, and somebody new takes its name.
    Delete(usize),
    Read(usize),
    /// All who are in read everything at the same time as one of them leaves and another joins.
    Storm {
        leaves: usize,
        joins: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..PEOPLE;
    let step = prop_oneof![
        2 => Just(Step::Send),
        3 => who.clone().prop_map(Step::Join),
        2 => who.clone().prop_map(Step::Leave),
        1 => who.clone().prop_map(Step::Delete),
        4 => who.clone().prop_map(Step::Read),
        1 => (who.clone(), who).prop_map(|(leaves, joins)| Step::Storm { leaves, joins }),
    ];
    prop::collection::vec(step, 10..30)
}

/// A person: the account that bears the name now.
type Person = (usize, u32);

#[derive(Default)]
struct Model {
    members: BTreeSet<Person>,
    lives: [u32; PEOPLE],
    messages: Vec<Told>,
}

struct Told {
    seq: u64,
    audience: BTreeSet<Person>,
    read: BTreeSet<Person>,
}

impl Model {
    fn now(&self, who: usize) -> Person {
        (who, self.lives[who])
    }

    fn is_in(&self, who: usize) -> bool {
        self.members.contains(&self.now(who))
    }

    fn reads_all(&mut self, who: usize) {
        let person = self.now(who);
        for told in self.messages.iter_mut().filter(|told| told.audience.contains(&person)) {
            told.read.insert(person);
        }
    }

    fn counts(&self, told: &Told) -> [usize; 4] {
        let open: Vec<_> = told.audience.difference(&told.read).collect();
        let unread = open.iter().filter(|person| self.members.contains(person)).count();
        [told.audience.len(), told.read.len(), unread, open.len() - unread]
    }
}

/// The group and the people around it, and what they should amount to.
struct Story<'a> {
    server: &'a TestServer,
    to: v1::ConversationRef,
    sender: User,
    people: Vec<User>,
    model: Model,
}

impl<'a> Story<'a> {
    async fn begin(server: &'a TestServer) -> Result<Story<'a>> {
        let mut sender = server.user("sender").await?;
        let request = v1::CreateGroup {
            r#type: GroupType::Public.into(),
            name: "churn".into(),
            add_option: Some(AddOption::Any.into()),
            ..Default::default()
        };
        let to = group(&sender.ask(request).await?.group_id);
        let mut people = Vec::new();
        for who in 0..PEOPLE {
            people.push(server.user(&format!("p{who}")).await?);
        }
        Ok(Story { server, to, sender, people, model: Model::default() })
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        match *step {
            Step::Send => self.send().await,
            Step::Join(who) if !self.model.is_in(who) => {
                self.people[who].ask(join(&self.to)).await?;
                self.model.members.insert(self.model.now(who));
                Ok(())
            }
            Step::Leave(who) if self.model.is_in(who) => {
                self.people[who].ask(v1::QuitGroup { group_id: group_id(&self.to) }).await?;
                self.model.members.remove(&self.model.now(who));
                Ok(())
            }
            Step::Delete(who) => self.delete(who).await,
            Step::Read(who) => self.read(who).await,
            Step::Storm { leaves, joins } if self.model.is_in(leaves) && !self.model.is_in(joins) => {
                self.storm(leaves, joins).await
            }
            Step::Join(_) | Step::Leave(_) | Step::Storm { .. } => Ok(()),
        }
    }

    async fn send(&mut self) -> Result<()> {
        let message = self.sender.says(&self.to, "read me").await?;
        let audience = self.model.members.clone();
        ensure!(message.audience_count as usize == audience.len(), "audience of {}", message.audience_count);
        self.model.messages.push(Told { seq: message.seq, audience, read: BTreeSet::new() });
        Ok(())
    }

    async fn delete(&mut self, who: usize) -> Result<()> {
        let name = self.people[who].name.clone();
        let delete = v1::DeleteAccounts { user_ids: vec![name.clone()] };
        self.server.administrator().await?.ask(delete).await?;
        self.model.members.remove(&self.model.now(who));
        self.model.lives[who] += 1;
        self.people[who] = self.server.user(&name).await?;
        Ok(())
    }

    async fn read(&mut self, who: usize) -> Result<()> {
        let seqs: Vec<u64> = self.model.messages.iter().map(|told| told.seq).collect();
        let receipts = v1::SendReceipts { conversation: Some(self.to.clone()), seqs: seqs.clone() };
        if seqs.is_empty() {
            return Ok(());
        }
        if !self.model.is_in(who) {
            ensure!(self.people[who].refused(receipts).await? == 10007, "who is not in is refused");
            return Ok(());
        }
        let person = self.model.now(who);
        let expected: Vec<_> = self
            .model
            .messages
            .iter()
            .map(|told| match (told.audience.contains(&person), told.read.contains(&person)) {
                (false, _) => ReceiptVerdict::NotInAudience,
                (true, true) => ReceiptVerdict::Already,
                (true, false) => ReceiptVerdict::Recorded,
            })
            .collect();
        let told = self.people[who].reads(&self.to, &seqs).await?;
        ensure!(told == expected, "{told:?}, expected {expected:?}");
        self.model.reads_all(who);
        Ok(())
    }

    async fn storm(&mut self, leaves: usize, joins: usize) -> Result<()> {
        let seqs: Vec<u64> = self.model.messages.iter().map(|told| told.seq).collect();
        let id = group_id(&self.to);
        let (to, model) = (&self.to, &self.model);
        let (mut readers, mut leaver, mut joiner) = (Vec::new(), None, None);
        for (who, user) in self.people.iter_mut().enumerate() {
            match who {
                _ if who == leaves => leaver = Some(user),
                _ if who == joins => joiner = Some(user),
                _ if model.is_in(who) && !seqs.is_empty() => readers.push((who, user)),
                _ => {}
            }
        }
        let (leaver, joiner) = (leaver.context("one leaves")?, joiner.context("one joins")?);
        let who_read: Vec<usize> = readers.iter().map(|(who, _)| *who).collect();
        let all_read = try_join_all(readers.into_iter().map(|(_, user)| user.reads(to, &seqs)));
        let (read, left, joined) =
            tokio::join!(all_read, leaver.ask(v1::QuitGroup { group_id: id }), joiner.ask(join(to)));
        read?;
        left?;
        joined?;
        self.model.members.remove(&self.model.now(leaves));
        self.model.members.insert(self.model.now(joins));
        for who in who_read {
            self.model.reads_all(who);
        }
        Ok(())
    }

    async fn compare(&mut self) -> Result<()> {
        let seqs: Vec<u64> = self.model.messages.iter().map(|told| told.seq).collect();
        if seqs.is_empty() {
            return Ok(());
        }
        let states = self.sender.receipts(&self.to, &seqs).await?;
        ensure!(states.len() == seqs.len(), "{} states of {} messages", states.len(), seqs.len());
        for (state, told) in states.iter().zip(&self.model.messages) {
            let counts = counts(state);
            let expected = self.model.counts(told);
            ensure!(counts.map(|count| count as usize) == expected, "{counts:?}, expected {expected:?}");
            ensure!(counts[1] + counts[2] + counts[3] == counts[0], "{counts:?} do not add up");
        }
        Ok(())
    }

    async fn compare_lists(&mut self) -> Result<()> {
        for told in &self.model.messages {
            let (unread, left): (BTreeSet<_>, BTreeSet<_>) =
                told.audience.difference(&told.read).partition(|person| self.model.members.contains(person));
            for (filter, expected) in [
                (ReceiptFilter::Read, &told.read),
                (ReceiptFilter::Unread, &unread),
                (ReceiptFilter::Left, &left),
            ] {
                let names = self.sender.names(&self.to, told.seq, filter).await?;
                let mut expected: Vec<_> = expected.iter().map(|(who, _)| format!("p{who}")).collect();
                expected.sort_unstable();
                ensure!(names == expected, "{filter:?} of {}: {names:?}, expected {expected:?}", told.seq);
            }
        }
        Ok(())
    }
}

fn join(to: &v1::ConversationRef) -> v1::JoinGroup {
    v1::JoinGroup { group_id: group_id(to), ..Default::default() }
}

async fn play(server: &TestServer, steps: &[Step]) -> Result<()> {
    let mut story = Story::begin(server).await?;
    for (at, step) in steps.iter().enumerate() {
        let done = async {
            story.step(step).await?;
            story.compare().await
        };
        done.await.with_context(|| format!("step {at}: {step:?}"))?;
    }
    story.compare_lists().await
}

#[test]
fn the_counts_are_those_of_a_plain_model() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(TestServer::start())?;
    let config = Config { cases: 24, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng).run(&steps(), |steps| {
        let played = runtime.block_on(play(&server, &steps));
        played.map_err(|error| TestCaseError::fail(format!("{error:#}")))
    })?;
    Ok(())
}

#[tokio::test]
async fn who_comes_back_moves_from_left_to_unread() -> Result<()> {
    let server = TestServer::start().await?;
    let mut story = Story::begin(&server).await?;
    for (step, expected) in [
        (Step::Join(0), None),
        (Step::Join(1), None),
        (Step::Send, Some([2, 0, 2, 0])),
        (Step::Leave(0), Some([2, 0, 1, 1])),
        (Step::Join(0), Some([2, 0, 2, 0])),
        (Step::Join(2), Some([2, 0, 2, 0])),
        (Step::Read(0), Some([2, 1, 1, 0])),
        (Step::Leave(0), Some([2, 1, 1, 0])),
        (Step::Delete(1), Some([2, 1, 0, 1])),
    ] {
        story.step(&step).await?;
        story.compare().await?;
        if let Some(expected) = expected {
            let seq = story.model.messages[0].seq;
            assert_eq!(story.sender.counts(&story.to, seq).await?, expected, "after {step:?}");
        }
    }
    Ok(())
}
