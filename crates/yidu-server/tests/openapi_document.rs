//! `docs/openapi.json` is what the handlers say. To rewrite it: `UPDATE=1 cargo test -p yidu-server --test openapi_document`.

use std::path::Path;

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = yidu_server::rest::api::document();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == served,
        "docs/openapi.json is not what is served: rewrite it as the head of this test says"
    );
}
