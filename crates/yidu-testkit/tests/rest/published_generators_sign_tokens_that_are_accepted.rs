//! Tokens of the vendor's published generators, npm and PyPI `tls-sig-api-v2`, are accepted as they come from their
//! registries. Needs node with npm, and python3 with pip; `cargo xtask ci` installs them where it may.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use yidu_testkit::TestServer;

const NPM: &str = "tls-sig-api-v2@1.0.2";
const PYPI: &str = "tls-sig-api-v2==1.1";

const NODE_SCRIPT: &str = "const { Api } = require('tls-sig-api-v2'); const [app, key, user] = process.argv.slice(1); \
                           process.stdout.write(new Api(Number(app), key).genUserSig(user, 600));";
const PYTHON_SCRIPT: &str = "import sys, TLSSigAPIv2; app, key, user = sys.argv[1:]; \
                             sys.stdout.write(TLSSigAPIv2.TLSSigAPIv2(int(app), key).gen_sig(user, 600))";

/// Runs a tool in a folder; what it prints. A failure says what to install.
fn run(folder: &Path, tool: &str, arguments: &[&str], cure: &str) -> Result<String> {
    let output: Output = Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .env("PYTHONPATH", folder)
        .output()
        .with_context(|| format!("{tool} is missing: {cure}"))?;
    let shown = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{tool} {} failed ({cure}):\n{shown}", arguments[0]);
    Ok(String::from_utf8(output.stdout)?)
}

async fn accepts(server: &TestServer, token: &str) -> Result<()> {
    let mut rest = server.rest_as("administrator", token).await?;
    rest.ok("im_open_login_svc/account_import", json!({"UserID": "alice"})).await?;
    let login =
        yidu_proto::v1::Login { user_sig: token.to_owned(), ..server.login("administrator", "device") };
    server.service().login(&login).await?;
    Ok(())
}

#[tokio::test]
async fn npm() -> Result<()> {
    let cure =
        "install Node.js with npm (Debian: apt-get install nodejs npm), and let npm reach its registry";
    let (server, folder) = (TestServer::start().await?, TempDir::new()?);
    run(folder.path(), "npm", &["install", "--no-audit", "--no-fund", "--ignore-scripts", NPM], cure)?;
    let (app, key) = (server.app().to_string(), server.secret().as_str());
    let token = run(folder.path(), "node", &["-e", NODE_SCRIPT, &app, key, "administrator"], cure)?;
    accepts(&server, &token).await
}

#[tokio::test]
async fn pypi() -> Result<()> {
    let cure =
        "install Python with pip (Debian: apt-get install python3 python3-pip), and let pip reach its index";
    let (server, folder) = (TestServer::start().await?, TempDir::new()?);
    run(folder.path(), "python3", &["-m", "pip", "install", "--quiet", "--target", ".", PYPI], cure)?;
    let (app, key) = (server.app().to_string(), server.secret().as_str());
    let token = run(folder.path(), "python3", &["-c", PYTHON_SCRIPT, &app, key, "administrator"], cure)?;
    accepts(&server, &token).await
}
