//! What a page may do in a browser: nothing but run its own files and talk to the server that it came from.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy up to the sources of connections. Styles of elements are set through the object model, which it allows.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; \
    font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; connect-src 'self'";

/// Characters of a host that is written into the policy; a longer one is left out.
const HOST: usize = 255;

/// Sets the headers of a page.
pub(super) fn protect(headers: &mut HeaderMap, asked: &HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(asked));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Older Safari does not count WebSockets of the page's own host among `'self'`: they are named.
fn policy(asked: &HeaderMap) -> HeaderValue {
    let host = asked.get(header::HOST).and_then(|host| host.to_str().ok());
    let clean = |host: &&str| {
        (1..=HOST).contains(&host.len())
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    host.filter(clean)
        .and_then(|host| HeaderValue::from_str(&format!("{POLICY} ws://{host} wss://{host}")).ok())
        .unwrap_or(HeaderValue::from_static(POLICY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_would_change_the_policy_is_left_out() {
        for (host, named) in [
            ("chat.example:7400", true),
            ("[::1]:7400", true),
            ("x; script-src *", false),
            ("x 'unsafe-inline'", false),
            ("*", false),
            ("", false),
        ] {
            let asked = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            let policy = policy(&asked);
            assert_eq!(policy.to_str().unwrap().contains("wss://"), named, "{host}");
            assert!(policy.to_str().unwrap().starts_with(POLICY));
        }
    }
}
