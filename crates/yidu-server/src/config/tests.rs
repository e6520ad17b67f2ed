//! Settings: the example is the code, bad values are named with their bounds.
use std::path::Path;

use super::*;

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yidu.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let (_folder, path) = file(text);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::read(Some(&path), variables)
}

/// The error without the path of the file.
fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    let error = read(text, variables).unwrap_err().to_string();
    error.split_once("yidu.toml").map_or(error.clone(), |(_, rest)| rest.to_owned())
}

#[test]
fn the_example_in_the_repository_is_the_one_that_is_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../yidu.example.toml");
    if std::env::var_os("YIDU_WRITE_EXAMPLE").is_some() {
        std::fs::write(&path, Config::example()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed,
        Config::example(),
        "rewrite it: YIDU_WRITE_EXAMPLE=1 cargo test -p yidu-server --lib example"
    );
}

#[test]
fn the_example_says_what_holds_without_it() {
    assert_eq!(read(&Config::example(), &[]).unwrap(), Config::default());
}

#[test]
fn the_environment_wins_over_the_file() {
    let text = "listen = \"0.0.0.0:1\"\n[gateway]\nrequests = 7\n[log]\nformat = \"json\"\n";
    let variables = [
        ("YIDU_LISTEN", "[::1]:2"),
        ("YIDU_GATEWAY_HEARTBEAT_SECONDS", "5"),
        ("YIDU_SERVER_URL", "ws://elsewhere"),
        ("YIDU_CONFIG", "yidu.toml"),
        ("PATH", "/bin"),
    ];
    let config = read(text, &variables).unwrap();
    assert_eq!(config.listen, "[::1]:2".parse().unwrap());
    assert_eq!((config.gateway.requests, config.gateway.heartbeat_seconds), (7, 5));
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.data_dir, Path::new("./yidu-data"));
}

#[test]
fn a_mistake_is_refused_with_its_place_and_its_cure() {
    let cases: &[(&str, &str)] = &[
        ("lisen = \"0.0.0.0:1\"", ": there is no setting lisen, did you mean listen?"),
        (
            "[gateway]\nheartbeat = 5",
            ": there is no setting gateway.heartbeat, did you mean gateway.heartbeat_seconds?",
        ),
        ("[gatway]\nrequests = 5", ": there is no setting gatway"),
        ("[gateway]\nrequests = 0", ": gateway.requests: 0 is out of bounds: 1 to 10000"),
        ("[gateway]\nrequests = -1", ": gateway.requests: -1 is not a whole number"),
        ("[gateway]\nrequests = \"many\"", ": gateway.requests: \"many\" is not a whole number"),
        ("gateway = 5", ": there is no setting gateway"),
        ("listen = \"7400\"", ": listen: \"7400\" is not an address with a port"),
        ("[log]\nformat = \"xml\"", ": log.format: \"xml\" is not \"text\" or \"json\""),
        ("listen = ", " is not TOML: "),
    ];
    for (text, expected) in cases {
        let refusal = refusal(text, &[]);
        assert!(refusal.starts_with(expected), "{text}: {refusal}");
    }
    let environment = refusal("", &[("YIDU_GATEWAY_REQUEST", "5")]);
    assert_eq!(
        environment,
        "the environment: there is no setting gateway.request, did you mean gateway.requests?"
    );
    let environment = refusal("", &[("YIDU_STORAGE_CACHE_MIB", "1")]);
    assert_eq!(environment, "the environment: storage.cache_mib: 1 is out of bounds: 8 to 1048576");
    assert!(Config::read(Some(Path::new("/nowhere/yidu.toml")), std::iter::empty()).is_err());
}

#[test]
fn what_code_sets_is_checked_too() {
    let mut config = Config::default();
    assert!(config.check().is_ok());
    config.gateway.requests = 0;
    assert!(config.check().unwrap_err().to_string().contains("gateway.requests"));
}
