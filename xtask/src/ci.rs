//! Every check that a change must pass, cheapest first.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::debian::{self, Tool};
use crate::{c_example, codegen, schemathesis, tidy, unity, web};

/// What the tests need besides Rust and a C compiler: a C++ compiler for the header of the C library, curl for the story of
/// `docs/rest-receipts.sh`, node and python3 for the vendor's published generators of UserSigs.
const TOOLS: [Tool; 7] = [
    ("g++", &["c++", "--version"]),
    ("valgrind", &["valgrind", "--version"]),
    ("curl", &["curl", "--version"]),
    ("nodejs", &["node", "--version"]),
    ("npm", &["npm", "--version"]),
    ("python3", &["python3", "--version"]),
    ("python3-pip", &["python3", "-m", "pip", "--version"]),
];

/// Runs the steps in order and stops at the first that fails.
///
/// Each step ends with a line `ci: <step>: ok|failed|skipped…`, the whole run with `ci: passed …` or, on standard
/// error, `ci: failed at <step>: …`.
pub(crate) fn run(root: &Path, fast: bool) -> Result<()> {
    let began = Instant::now();
    let mut skipped = 0;
    let steps = steps(fast);
    for step in &steps {
        println!("ci: {}: running", step.name);
        let step_began = Instant::now();
        let outcome = step.action.run(root);
        let seconds = step_began.elapsed().as_secs_f32();
        match outcome {
            Ok(Outcome::Done) => println!("ci: {}: ok in {seconds:.1} s", step.name),
            Ok(Outcome::Skipped(tool)) => {
                skipped += 1;
                println!("ci: {}: skipped: {tool} is not installed", step.name);
            }
            Err(error) => {
                println!("ci: {}: failed in {seconds:.1} s", step.name);
                return Err(error.context(format!("ci: failed at {}", step.name)));
            }
        }
    }
    let (steps, seconds) = (steps.len() - skipped, began.elapsed().as_secs_f32());
    println!("ci: passed steps={steps} skipped={skipped} seconds={seconds:.0}");
    Ok(())
}

struct Step {
    name: &'static str,
    action: Action,
}

enum Action {
    /// A chore of this crate.
    Chore(fn(&Path) -> Result<()>),
    Cargo(Vec<&'static str>),
    /// A command that runs only where its tool is installed.
    Optional {
        tool: &'static str,
        command: Vec<&'static str>,
    },
}

enum Outcome {
    Done,
    /// The tool that is missing.
    Skipped(&'static str),
}

fn steps(fast: bool) -> Vec<Step> {
    let cargo = |name, arguments: &[&'static str]| Step { name, action: Action::Cargo(arguments.to_vec()) };
    let chore = |name, chore| Step { name, action: Action::Chore(chore) };
    vec![
        cargo("fmt", &["fmt", "--all", "--check"]),
        chore("codegen", codegen::check),
        chore("tidy", tidy::run),
        chore("tools", install_tools),
        cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Step { name: "test", action: Action::Cargo(test_arguments(fast, has_nextest())) },
        cargo("doctest", &["test", "--doc", "--workspace"]),
        chore("schemathesis", schemathesis::run),
        chore("c-example", c_example::run),
        chore("unity", unity::step),
        chore("web", web::run),
        Step {
            name: "deny",
            action: Action::Optional { tool: "cargo-deny", command: vec!["cargo-deny", "check"] },
        },
        Step { name: "typos", action: Action::Optional { tool: "typos", command: vec!["typos"] } },
    ]
}

/// Crash stories are the tests of the `yidu` crate named `crash_…`; only nextest can tell their crate as well.
fn test_arguments(fast: bool, nextest: bool) -> Vec<&'static str> {
    match (nextest, fast) {
        (true, false) => vec!["nextest", "run", "--workspace"],
        (true, true) => {
            let others = "not (package(yidu) & (binary(/^crash_/) | test(/(^|::)crash_/)))";
            vec!["nextest", "run", "--workspace", "--filterset", others]
        }
        (false, false) => vec!["test", "--workspace"],
        (false, true) => vec!["test", "--workspace", "--", "--skip", "crash_"],
    }
}

impl Action {
    fn run(&self, root: &Path) -> Result<Outcome> {
        match self {
            Self::Chore(chore) => chore(root)?,
            Self::Cargo(arguments) => execute(root, &cargo(), arguments)?,
            Self::Optional { tool, .. } if !is_installed(tool, &["--version"]) => {
                return Ok(Outcome::Skipped(tool));
            }
            Self::Optional { command, .. } => match command.split_first() {
                Some((program, arguments)) => execute(root, program, arguments)?,
                None => bail!("a step has no command"),
            },
        }
        Ok(Outcome::Done)
    }
}

fn install_tools(_: &Path) -> Result<()> {
    debian::ensure_installed(&TOOLS)
}

pub(crate) fn execute(root: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program).args(arguments).current_dir(root).status();
    let status = status.with_context(|| format!("cannot start {program}"))?;
    ensure!(status.success(), "`{program} {}` ended with {status}", arguments.join(" "));
    Ok(())
}

fn has_nextest() -> bool {
    is_installed(&cargo(), &["nextest", "--version"])
}

fn is_installed(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// The cargo that started this program, so that a chosen toolchain stays chosen.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Action, Outcome, steps, test_arguments};

    #[test]
    fn cheap_steps_come_before_dear_ones() {
        let names: Vec<&str> = steps(false).iter().map(|step| step.name).collect();
        assert_eq!(
            names,
            [
                "fmt",
                "codegen",
                "tidy",
                "tools",
                "clippy",
                "test",
                "doctest",
                "schemathesis",
                "c-example",
                "unity",
                "web",
                "deny",
                "typos"
            ]
        );
    }

    #[test]
    fn only_fast_leaves_tests_out() {
        for nextest in [true, false] {
            assert!(!test_arguments(false, nextest).join(" ").contains("crash_"));
            assert!(test_arguments(true, nextest).join(" ").contains("crash_"));
        }
    }

    #[test]
    fn a_missing_tool_is_skipped_by_name_and_a_failing_command_is_not() {
        let missing = Action::Optional { tool: "no-such-tool-here", command: vec!["no-such-tool-here"] };
        assert!(matches!(missing.run(Path::new(".")), Ok(Outcome::Skipped("no-such-tool-here"))));
        let failing = Action::Cargo(vec!["no-such-subcommand"]);
        assert!(failing.run(Path::new(".")).is_err());
    }
}
