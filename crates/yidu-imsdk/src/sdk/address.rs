//! Where to connect (`semantics.md` rule 17).

use yidu_client::DEFAULT_SERVER;

/// The environment variable that names a server.
const VARIABLE: &str = "YIDU_SERVER_URL";

/// The first that is set: what `internal_operation_set_custom_server_info` said, `sdk_config_server_url`, the
/// environment, the default.
pub(crate) fn server_url(custom: Option<&str>, init: Option<&str>) -> String {
    first(custom, init, std::env::var(VARIABLE).ok())
}

fn first(custom: Option<&str>, init: Option<&str>, environment: Option<String>) -> String {
    let given = custom.or(init).map(str::to_owned).or(environment);
    given.filter(|url| !url.is_empty()).unwrap_or_else(|| DEFAULT_SERVER.to_owned())
}

/// The URL of a host and a port. An IPv6 address gets its brackets; a host that is a URL already is taken as it is.
pub(crate) fn url_of(host: &str, port: u16) -> String {
    if host.starts_with("ws://") || host.starts_with("wss://") {
        return host.to_owned();
    }
    if host.contains(':') && !host.starts_with('[') {
        return format!("ws://[{host}]:{port}");
    }
    format!("ws://{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_set_wins() {
        let environment = || Some("ws://environment".to_owned());
        assert_eq!(first(Some("ws://custom"), Some("ws://init"), environment()), "ws://custom");
        assert_eq!(first(None, Some("ws://init"), environment()), "ws://init");
        assert_eq!(first(None, None, environment()), "ws://environment");
        assert_eq!(first(None, None, Some(String::new())), "ws://127.0.0.1:7400");
        assert_eq!(first(None, None, None), "ws://127.0.0.1:7400");
    }

    #[test]
    fn hosts_become_urls() {
        assert_eq!(url_of("10.0.0.1", 7400), "ws://10.0.0.1:7400");
        assert_eq!(url_of("::1", 7400), "ws://[::1]:7400");
        assert_eq!(url_of("wss://im.example.org", 443), "wss://im.example.org");
    }
}
