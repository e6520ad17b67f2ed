//! `yidu operator`: who may sign in to the console.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::door::{Door, segment};
use crate::output::Output;
use crate::table::table;

/// Lists, makes and keeps the operators of the console. Asks the server that runs on the folder, or works on the folder
/// when none does: whoever has lost a password gets in this way.
#[derive(Debug, Args)]
#[command(after_help = "Without --password-file a password is made and shown this once.\n\nExamples:\n  \
    yidu operator add ann --role owner\n  yidu operator password ann\n  \
    pass show yidu/ben | yidu operator add ben --password-file -")]
pub(crate) struct OperatorArgs {
    /// The data folder
    #[arg(long, global = true, default_value = "./yidu-data", env = "YIDU_DATA_DIR")]
    data: PathBuf,
    #[command(subcommand)]
    command: OperatorCommand,
}

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Adds an operator; the first must be an owner
    Add {
        /// The name: 1 to 64 of A-Z a-z 0-9 . _ - @
        name: String,
        /// What the operator may do
        #[arg(long, default_value = "viewer")]
        role: Role,
        /// A file with the password in its first line; "-" for standard input
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// Lists the operators
    List,
    /// Removes an operator, whose sessions end
    Remove {
        /// The name
        name: String,
    },
    /// Gives an operator another password; its sessions end
    Password {
        /// The name
        name: String,
        /// A file with the password in its first line; "-" for standard input
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    /// Reads everything but the accounts of operators
    Viewer,
    /// Changes everything but apps, keys, UserSigs and accounts of operators
    Operator,
    /// Everything
    Owner,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Owner => "owner",
        }
    }
}

pub(crate) fn run(args: OperatorArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let door = Door::open(&args.data).await?;
        let done = carry_out(&door, &args.command, output).await;
        door.close().await?;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn carry_out(door: &Door, command: &OperatorCommand, output: Output) -> Result<()> {
    match command {
        OperatorCommand::Add { name, role, password_file } => {
            let password = Password::of(password_file.as_deref())?;
            let body = json!({ "name": name, "role": role.name(), "password": password.text });
            let made = door.send("POST", "/operators", &[], Some(&body)).await?.json().await?;
            show_changed(&made, &password, output);
        }
        OperatorCommand::List => {
            let listed = door.get("/operators").await?;
            let operators = listed["operators"].as_array().context("an answer without operators")?;
            let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
            output.result(
                || {
                    let rows: Vec<_> =
                        operators.iter().map(|one| [text(one, "name"), text(one, "role")]).collect();
                    table(["name", "role"], &rows)
                },
                || Value::Array(operators.clone()),
            );
        }
        OperatorCommand::Remove { name } => {
            door.send("DELETE", &format!("/operators/{}", segment(name)), &[], None).await?;
            output.result(|| format!("{name} is no operator any more"), || json!({ "removed": name }));
        }
        OperatorCommand::Password { name, password_file } => {
            let password = Password::of(password_file.as_deref())?;
            let path = format!("/operators/{}", segment(name));
            let body = json!({ "password": password.text });
            let changed = door.send("PUT", &path, &[], Some(&body)).await?.json().await?;
            show_changed(&changed, &password, output);
        }
    }
    Ok(())
}

struct Password {
    text: String,
    /// Nobody knows it yet.
    made: bool,
}

impl Password {
    fn of(file: Option<&Path>) -> Result<Password> {
        let Some(file) = file else {
            let bytes: [u8; 12] = rand::random();
            let text = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok(Password { text, made: true });
        };
        let text = if file == Path::new("-") {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("cannot read the password from standard input")?;
            text
        } else {
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
        };
        let text = text.lines().next().unwrap_or_default().to_owned();
        Ok(Password { text, made: false })
    }
}

fn show_changed(operator: &Value, password: &Password, output: Output) {
    let shown = Some(&password.text).filter(|_| password.made);
    output.result(
        || {
            let name = operator["name"].as_str().unwrap_or_default();
            let role = operator["role"].as_str().unwrap_or_default();
            let password = shown.map(|text| format!(" · password {text}")).unwrap_or_default();
            format!("{name}, {role}{password}")
        },
        || json!({ "name": operator["name"], "role": operator["role"], "password": shown }),
    );
}
