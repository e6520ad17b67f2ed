//! `yidu receipts`: who has read a message.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::door::{Door, segment};
use crate::keys;
use crate::output::Output;
use crate::table::{table, time};

/// Shows and exports who has read a message of a group. Asks the server that runs on the folder, or reads the folder
/// when none does.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  yidu receipts show '@TGS#2J4SZEAEL' 12\n  \
    yidu receipts show team 12 --list not_read --limit 100\n  yidu receipts export team 12 --format csv > team-12.csv")]
pub(crate) struct ReceiptsArgs {
    /// The data folder
    #[arg(long, global = true, default_value = "./yidu-data", env = "YIDU_DATA_DIR")]
    data: PathBuf,
    /// The app (SDKAppID); may be left out where the folder has only one
    #[arg(long, global = true)]
    app: Option<u32>,
    #[command(subcommand)]
    command: ReceiptsCommand,
}

#[derive(Debug, Subcommand)]
enum ReceiptsCommand {
    /// Shows the counts of a message and the first of those behind them
    Show {
        /// The group id
        group: String,
        /// The seq of the message
        seq: u64,
        /// Only this list
        #[arg(long)]
        list: Option<List>,
        /// How many of each list
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        limit: u32,
    },
    /// Writes everybody who was asked, with the time of reading
    ///
    /// Everybody once: those who have read, then those who have not. Takes little memory whatever the size.
    Export {
        /// The group id
        group: String,
        /// The seq of the message
        seq: u64,
        /// The form: csv for spreadsheets, ndjson (one JSON object a line) for programs
        #[arg(long, default_value = "csv")]
        format: Format,
        /// The file to write; standard output when it is left out
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
}

/// Those who were asked, as they stand.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum List {
    Read,
    Unread,
    Left,
    NotRead,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Ndjson,
}

pub(crate) fn run(args: ReceiptsArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let door = Door::open(&args.data).await?;
        let done = carry_out(&door, &args, output).await;
        door.close().await?;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn carry_out(door: &Door, args: &ReceiptsArgs, output: Output) -> Result<()> {
    let app = match args.app {
        Some(app) => app,
        None => keys::only_app(&args.data)?,
    };
    let receipt =
        |group: &str, seq: u64| format!("/apps/{app}/groups/{}/messages/{seq}/receipt", segment(group));
    match &args.command {
        ReceiptsCommand::Show { group, seq, list, limit } => {
            let lists = list.map_or(vec![List::Read, List::NotRead], |list| vec![list]);
            show(door, &receipt(group, *seq), &lists, *limit, output).await
        }
        ReceiptsCommand::Export { group, seq, format, output: file } => {
            let path = format!("{}/export?format={}", receipt(group, *seq), name(format));
            let answer = door.send("GET", &path, &[], None).await?;
            match file {
                None => answer.copy_to(&mut std::io::stdout().lock()).await,
                Some(path) => {
                    let file =
                        File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
                    answer.copy_to(&mut BufWriter::new(file)).await
                }
            }
        }
    }
}

async fn show(door: &Door, receipt: &str, lists: &[List], limit: u32, output: Output) -> Result<()> {
    let state = door.get(receipt).await?;
    let mut pages = Vec::new();
    for list in lists {
        let path = format!("{receipt}/members?list={}&limit={limit}", name(list));
        pages.push((name(list), door.get(&path).await?));
    }
    output.result(
        || {
            let mut parts = vec![headline(&state)];
            parts.extend(pages.iter().filter_map(|(list, page)| people(list, page)));
            parts.join("\n\n")
        },
        || {
            let lists: serde_json::Map<_, _> = pages.iter().cloned().collect();
            json!({ "receipt": state, "lists": lists })
        },
    );
    Ok(())
}

fn headline(state: &Value) -> String {
    let count = |field: &str| state[field].as_u64().unwrap_or_default();
    let closed = if state["closed"] == true { " · recalled: these counts are final" } else { "" };
    format!(
        "message {} of {} ({}){closed}\n{} read · {} unread · {} left · of {} who were asked",
        state["seq"],
        state["conversation"]["id"].as_str().unwrap_or_default(),
        state["message_id"].as_str().unwrap_or_default(),
        count("read_count"),
        count("unread_count"),
        count("left_count"),
        count("audience_count"),
    )
}

/// A page of a list; `None` for nobody.
fn people(list: &str, page: &Value) -> Option<String> {
    let members = page["members"].as_array().filter(|members| !members.is_empty())?;
    let row = |member: &Value| {
        let text = |field: &str| member[field].as_str().unwrap_or_default().to_owned();
        [
            text("user_id"),
            text("nick"),
            text("name_card"),
            text("state"),
            time(member["read_time_ms"].as_u64()),
        ]
    };
    let rows: Vec<[String; 5]> = members.iter().map(row).collect();
    let mut lines = table(["user", "nick", "name card", "state", "read at (UTC)"], &rows);
    let more = page["total"].as_u64().unwrap_or_default().saturating_sub(rows.len() as u64);
    if more > 0 {
        lines.push_str(&format!(
            "\n… and {more} more: --list {list} --limit 1000 shows more, `yidu receipts export` writes all"
        ));
    }
    Some(lines)
}

fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
