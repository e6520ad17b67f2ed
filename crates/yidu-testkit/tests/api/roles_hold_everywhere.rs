//! What a role may do holds for every route of the document, whatever is added to it.

use serde_json::{Value, json};
use yidu_testkit::{Console, TestServer};

const PASSWORD: &str = "a long enough one";

/// Routes that are for whoever is not signed in yet, or is.
fn is_about_the_session(path: &str) -> bool {
    path.starts_with("/api/v1/session")
}

/// Only owners write here.
fn is_owners(path: &str) -> bool {
    let app = "/api/v1/apps/{app}";
    path == "/api/v1/apps" || path == app || path.starts_with("/api/v1/operators") || {
        let rest = path.strip_prefix(app).unwrap_or_default();
        rest.starts_with("/keys") || rest.starts_with("/usersigs")
    }
}

/// (method, path as documented, path to ask) of every route.
fn routes(document: &Value, app: u32) -> Vec<(String, String, String)> {
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let asked = path.replace("{app}", &app.to_string()).replace("{seq}", "1").replace("{number}", "1");
        let mut filled = String::new();
        for (n, part) in asked.split(['{', '}']).enumerate() {
            filled.push_str(if n % 2 == 0 { part } else { "nobody" });
        }
        for method in methods.as_object().unwrap().keys() {
            routes.push((method.to_uppercase(), path.clone(), filled.clone()));
        }
    }
    assert!(routes.len() > 25, "{routes:?}");
    routes
}

/// The status alone: a stream never ends.
async fn status(server: &TestServer, console: Option<&Console>, method: &str, path: &str) -> u16 {
    let mut headers = vec![("origin", "http://localhost")];
    if let Some(console) = console {
        headers.extend([("cookie", &*console.cookie), ("yidu-csrf", &*console.csrf)]);
    }
    let body = (method != "GET").then(|| b"{}".to_vec());
    server.api_of_nobody().open(method, path, &headers, body).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn nothing_is_for_nobody_and_each_role_has_its_bounds() {
    let server = TestServer::start().await.unwrap();
    let document = server.api_of_nobody().read("/api/openapi.json").await.unwrap();
    let operator = server.api_of_operator().unwrap();
    let mut consoles = Vec::new();
    for role in ["owner", "operator", "viewer"] {
        let body = json!({ "name": role.to_uppercase(), "role": role, "password": PASSWORD });
        assert_eq!(operator.json("POST", "/api/v1/operators", &body).await.unwrap().status, 201);
        let console = Console::sign_in(server.address(), &role.to_uppercase(), PASSWORD).await.unwrap();
        consoles.push((role, console));
    }
    for (method, path, asked) in routes(&document, server.app()) {
        if is_about_the_session(&path) {
            continue;
        }
        assert_eq!(status(&server, None, &method, &asked).await, 401, "nobody: {method} {path}");
        for (role, console) in &consoles {
            let allowed = match *role {
                "viewer" => method == "GET" && !path.starts_with("/api/v1/operators"),
                "operator" if method == "GET" => !path.starts_with("/api/v1/operators"),
                "operator" => !is_owners(&path),
                _ => true,
            };
            let status = status(&server, Some(console), &method, &asked).await;
            assert_ne!(status, 401, "{role}: {method} {path}");
            assert_eq!(status == 403, !allowed, "{role}: {method} {path}: {status}");
        }
    }
}
