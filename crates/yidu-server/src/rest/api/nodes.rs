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

/// The settings of this node and the disk that it is on. Read-only: they are changed in its file or environment.
#[derive(Serialize, ToSchema)]
pub(super) struct NodeConfig {
    /// In the order of `yidu.example.toml`.
    settings: Vec<Setting>,
    /// Bytes that are free on the disk of the data folder; missing where there is none or the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    disk_free_bytes: Option<u64>,
    /// Bytes of that disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    disk_total_bytes: Option<u64>,
}

/// A setting. None is a secret: tokens and keys are files beside the store, of which the settings hold the paths.
#[derive(Serialize, ToSchema)]
pub(super) struct Setting {
    /// Such as `gateway.heartbeat_seconds`.
    key: String,
    /// As it stands in a TOML file.
    value: String,
}

/// The settings of this node
///
/// For operators.
#[utoipa::path(get, path = "/nodes/config", tag = "server",
    responses((status = 200, description = "The settings.", body = NodeConfig), Refusals))]
pub(super) async fn node_config(
    State(api): State<Arc<Api>>,
    access: Access,
) -> Result<Json<NodeConfig>, Problem> {
    access.operator()?;
    let folder = api.files.as_ref().map(|_| api.config.data_dir.clone());
    let disk = tokio::task::spawn_blocking(move || {
        let folder = folder?;
        Some((fs4::available_space(&folder).ok()?, fs4::total_space(&folder).ok()?))
    });
    let disk = disk.await.ok().flatten();
    let settings = api.config.shown().into_iter().map(|(key, value)| Setting { key, value });
    Ok(Json(NodeConfig {
        settings: settings.collect(),
        disk_free_bytes: disk.map(|(free, _)| free),
        disk_total_bytes: disk.map(|(_, total)| total),
    }))
}
