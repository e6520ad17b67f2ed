//! `yidu usersig`: a token for one user.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use clap::Args;
use yidu_usersig::{Claims, sign};

use crate::keys;
use crate::output::Output;

/// Makes a UserSig: the token that logs one user in. Reads the app's key file, so it also works while a server runs on
/// the folder.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  yidu usersig alice\n  yidu usersig alice --expires 3600 --json\n  \
                        yidu usersig bob --app 1400000001 --key-file /run/secrets/yidu.key")]
pub(crate) struct UsersigArgs {
    /// The user id
    user: String,
    /// The app (SDKAppID); may be left out where the folder has only one
    #[arg(long)]
    app: Option<u32>,
    /// The data folder
    #[arg(long, default_value = "./yidu-data", env = "YIDU_DATA_DIR")]
    data: PathBuf,
    /// A key file instead of the data folder's (then --app is needed)
    #[arg(long, requires = "app")]
    key_file: Option<PathBuf>,
    /// Seconds until it expires
    #[arg(long, default_value_t = 180 * 86_400)]
    expires: u64,
}

pub(crate) fn run(args: UsersigArgs, output: Output) -> Result<()> {
    yidu_proto::name::check_user_id(&args.user).with_context(|| format!("{:?} is no user id", args.user))?;
    ensure!(args.expires > 0, "--expires 0: the token would be invalid at once");
    let app = match args.app {
        Some(app) => app,
        None => keys::only_app(&args.data)?,
    };
    let key = keys::read(&args.key_file.unwrap_or_else(|| keys::path(&args.data, app)))?;
    let issued_at =
        SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?.as_secs();
    let claims = Claims {
        app_id: app,
        user_id: args.user.clone(),
        issued_at,
        expires_in: args.expires,
        userbuf: None,
    };
    let sig = sign(&key, &claims);
    output.result(
        || sig.clone(),
        || {
            serde_json::json!({ "sdk_app_id": app, "user_id": args.user, "user_sig": sig,
                                "expires_at": issued_at.saturating_add(args.expires) })
        },
    );
    Ok(())
}
