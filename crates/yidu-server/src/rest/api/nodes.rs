//! The server itself: for the operator.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::access::Access;
use super::problem::{Problem, Refusals};

/// The nodes of the server.
#[derive(Serialize, ToSchema)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
}

/// A node.
#[derive(Serialize, ToSchema)]
pub(super) struct Node {
    name: String,
    /// The version of Yidu.
    version: String,
    /// Seconds since it was started.
    uptime_seconds: u64,
    storage: Storage,
}

/// Figures of the store. Counts begin with the process.
#[derive(Serialize, ToSchema)]
pub(super) struct Storage {
    /// Bytes of the data folder.
    disk_bytes: u64,
    /// Bytes of read sets and rosters in memory.
    cache_bytes: u64,
    commits: u64,
    /// Syncs of the disk.
    syncs: u64,
    /// Receipts recorded.
    receipts: u64,
    /// Receipts that are durable and not yet folded into their read sets.
    unfolded_receipts: u64,
}

/// The nodes of the server and their storage
///
/// Everything that changes by the second is at `/metrics`.
#[utoipa::path(get, path = "/nodes", tag = "server",
    responses((status = 200, description = "The nodes.", body = Nodes), Refusals))]
pub(super) async fn nodes(State(api): State<Arc<Api>>, access: Access) -> Result<Json<Nodes>, Problem> {
    access.operator()?;
    let stats = api.service.store_stats().await?;
    let storage = Storage {
        disk_bytes: stats.disk_bytes,
        cache_bytes: stats.cache_bytes,
        commits: stats.commits,
        syncs: stats.syncs,
        receipts: stats.receipts,
        unfolded_receipts: stats.unfolded_receipts,
    };
    let node = Node {
        name: "local".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        uptime_seconds: api.started.elapsed().as_secs(),
        storage,
    };
    Ok(Json(Nodes { nodes: vec![node] }))
}
