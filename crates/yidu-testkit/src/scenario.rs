//! Scenarios: stories written once (`examples/scenarios`, whose README.md defines them) and played by every SDK.
//!
//! [`play`] boots the server, brings the people on stage, carries out the steps in order and compares what each gives
//! with what the file says. An SDK takes part by a [`Cast`] that makes its people, who carry out one step at a time.

mod sdk;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use yidu_proto::v1::{self, GroupType};

use crate::words::with;
use crate::{Link, TestServer, members};

pub use sdk::Sdk;

/// One test for each scenario, and one that none is forgotten.
#[macro_export]
macro_rules! scenarios {
    ($cast:expr; $($name:ident)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::scenario::play(stringify!($name), &$cast).await.unwrap();
            }
        )+

        #[test]
        fn every_scenario_is_played() {
            assert_eq!($crate::scenario::names().unwrap(), [$(stringify!($name)),+]);
        }
    };
}

/// Makes people who use one SDK.
pub trait Cast {
    /// One user on one device, logged in.
    type Person: Person;

    /// Logs somebody in at `url`, which leads to the server and may be cut.
    fn enter(
        &self,
        server: &TestServer,
        url: &str,
        user: &str,
        device: &str,
    ) -> impl Future<Output = Result<Self::Person>>;
}

/// One user on one device.
pub trait Person {
    /// Carries out a step and returns what it gives.
    fn perform(&mut self, step: &Step) -> impl Future<Output = Result<Value>>;
}

/// What somebody does.
#[derive(Debug)]
pub struct Step {
    /// The verb.
    pub does: String,
    /// Where; whom it concerns.
    pub place: Option<v1::ConversationRef>,
    arguments: Map<String, Value>,
}

impl Step {
    /// The conversation.
    ///
    /// # Errors
    /// The step names none.
    pub fn place(&self) -> Result<&v1::ConversationRef> {
        self.place.as_ref().with_context(|| format!("{} needs \"in\"", self.does))
    }

    /// A text that has to be there.
    ///
    /// # Errors
    /// It is not.
    pub fn text(&self, key: &str) -> Result<&str> {
        self.get(key).and_then(Value::as_str).with_context(|| format!("{} needs the text {key:?}", self.does))
    }

    /// A number that has to be there.
    ///
    /// # Errors
    /// It is not.
    pub fn number(&self, key: &str) -> Result<u32> {
        let number = self.get(key).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        number.with_context(|| format!("{} needs the number {key:?}", self.does))
    }

    /// Texts that have to be there.
    ///
    /// # Errors
    /// They are not.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>> {
        let texts = self.get(key).and_then(Value::as_array);
        let texts = texts.and_then(|texts| texts.iter().map(Value::as_str).collect());
        texts.with_context(|| format!("{} needs the texts {key:?}", self.does))
    }

    /// An argument.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.arguments.get(key)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// What it shows; for readers.
    #[serde(rename = "shows")]
    _shows: String,
    #[serde(default)]
    groups: Vec<Group>,
    steps: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    kind: String,
    members: Vec<String>,
    #[serde(default)]
    crowd: usize,
}

/// The names of all scenarios, sorted.
///
/// # Errors
/// The folder cannot be read.
pub fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in folder().read_dir().with_context(|| format!("{} is missing", folder().display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

/// Plays a scenario.
///
/// # Errors
/// The file cannot be read, a step failed or gave something else than the file says; the text names the step.
pub async fn play<C: Cast>(name: &str, cast: &C) -> Result<()> {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    play_text(name, &text, cast).await
}

/// Plays a scenario that is given as text.
///
/// # Errors
/// As [`play`].
pub async fn play_text<C: Cast>(name: &str, text: &str, cast: &C) -> Result<()> {
    let scenario: Scenario = serde_json::from_str(text).with_context(|| format!("{name} is no scenario"))?;
    let mut stage = Stage::set(cast, &scenario.groups).await?;
    for (number, step) in scenario.steps.iter().enumerate() {
        let place = || format!("{name}, step {}: {}", number + 1, Value::from(step.clone()));
        stage.carry_out(step).await.with_context(place)?;
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/scenarios")
}

struct Stage<'a, C: Cast> {
    cast: &'a C,
    server: TestServer,
    groups: HashMap<String, v1::ConversationRef>,
    people: HashMap<String, C::Person>,
    links: HashMap<String, Link>,
}

impl<'a, C: Cast> Stage<'a, C> {
    async fn set(cast: &'a C, groups: &[Group]) -> Result<Stage<'a, C>> {
        let server = TestServer::start().await?;
        let mut stage =
            Stage { cast, server, groups: HashMap::new(), people: HashMap::new(), links: HashMap::new() };
        for group in groups {
            let kind = match group.kind.as_str() {
                "Work" => GroupType::Work,
                "Public" => GroupType::Public,
                "Meeting" => GroupType::Meeting,
                other => bail!("{other:?} is no kind of group here"),
            };
            let mut everybody = group.members.clone();
            everybody.extend(crowd(group.crowd));
            let made = stage.server.group(kind, &everybody).await?;
            stage.groups.insert(group.name.clone(), made);
        }
        Ok(stage)
    }

    async fn carry_out(&mut self, step: &Map<String, Value>) -> Result<()> {
        let word = |key: &str| step.get(key).and_then(Value::as_str);
        if let Some(who) = word("as") {
            return self.somebody_does(who, step).await;
        }
        if let Some(who) = word("cut") {
            self.person(who).await?;
            self.links.get(who).context("nobody on stage")?.cut();
            return self.waits(who, "is_offline").await;
        }
        if let Some(who) = word("mend") {
            self.links.get(who).context("nobody on stage")?.mend();
            return self.waits(who, "is_online").await;
        }
        match (word("server"), step.get("crowd")) {
            (Some("restart"), _) => self.server.restart().await,
            (Some(other), _) => bail!("a server cannot {other}"),
            (None, Some(range)) => self.crowd_reads(range, step).await,
            (None, None) => bail!("no step: it needs \"as\", \"cut\", \"mend\", \"server\" or \"crowd\""),
        }
    }

    async fn somebody_does(&mut self, who: &str, step: &Map<String, Value>) -> Result<()> {
        let does = step.get("does").and_then(Value::as_str).context("no \"does\"")?.to_owned();
        if does == "leaves" {
            self.people.remove(who);
            return Ok(());
        }
        let place = step.get("in").and_then(Value::as_str).map(|name| self.place(name));
        let step_of = Step { does, place, arguments: step.clone() };
        let given = self.person(who).await?.perform(&step_of).await?;
        let expected = step.get("gives").cloned().unwrap_or_else(|| Value::Object(Map::new()));
        ensure!(holds(&given, &expected), "gave {given}");
        Ok(())
    }

    async fn waits(&mut self, who: &str, does: &str) -> Result<()> {
        let step = Step { does: does.to_owned(), place: None, arguments: Map::new() };
        self.person(who).await?.perform(&step).await.map(drop)
    }

    /// Who is not on stage comes on stage.
    async fn person(&mut self, who: &str) -> Result<&mut C::Person> {
        if !self.people.contains_key(who) {
            let (user, device) = who.split_once('@').unwrap_or((who, "first"));
            if !self.links.contains_key(who) {
                self.links.insert(who.to_owned(), Link::to(&self.server.url()).await?);
            }
            let url = self.links.get(who).map(Link::url).unwrap_or_default();
            let person = self.cast.enter(&self.server, &url, user, device).await?;
            self.people.insert(who.to_owned(), person);
        }
        self.people.get_mut(who).context("just came on stage")
    }

    fn place(&self, name: &str) -> v1::ConversationRef {
        self.groups.get(name).cloned().unwrap_or_else(|| with(name))
    }

    /// The crowd is there in number: its members come by hand, whatever SDK the people use.
    async fn crowd_reads(&mut self, range: &Value, step: &Map<String, Value>) -> Result<()> {
        let (from, to): (usize, usize) = serde_json::from_value(range.clone())?;
        let place =
            step.get("in").and_then(Value::as_str).map(|name| self.place(name)).context("no \"in\"")?;
        let texts: Vec<String> = serde_json::from_value(step.get("reads").cloned().unwrap_or_default())?;
        for mut user in self.server.users(crowd(to).get(from..).context("no such part of the crowd")?).await?
        {
            let page =
                user.ask(v1::GetHistory { conversation: Some(place.clone()), ..Default::default() }).await?;
            let messages = page.messages.into_iter().filter_map(|view| view.message);
            let seqs: Vec<u64> = messages
                .filter(|message| texts.contains(&crate::words::text_of(message)))
                .map(|message| message.seq)
                .collect();
            ensure!(seqs.len() == texts.len(), "the crowd sees {} of {} messages", seqs.len(), texts.len());
            user.reads(&place, &seqs).await?;
        }
        Ok(())
    }
}

/// User ids of the crowd, in order.
fn crowd(count: usize) -> Vec<String> {
    members("crowd", count)
}

/// A list of users as the steps give it: in order, nobody twice.
///
/// # Errors
/// Somebody is in it twice.
pub fn listed(mut users: Vec<String>, pages: usize) -> Result<Value> {
    users.sort();
    let count = users.len();
    users.dedup();
    ensure!(users.len() == count, "somebody is listed twice");
    Ok(json!({ "users": users, "count": count, "pages": pages }))
}

/// Whether a value is as expected; an object may hold more than that.
fn holds(given: &Value, expected: &Value) -> bool {
    match (given, expected) {
        (Value::Object(given), Value::Object(expected)) => {
            expected.iter().all(|(key, value)| given.get(key).is_some_and(|given| holds(given, value)))
        }
        _ => given == expected,
    }
}
