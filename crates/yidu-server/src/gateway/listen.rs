//! Accepting connections: how many, how long before they show who they are, and HTTP on them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep_until;
use tower_service::Service as _;

use super::Gateway;
use super::wire::{Admission, Wire};

/// Bytes of HTTP headers.
const HEADERS: usize = 16 * 1024;

/// How long accepting rests after the operating system has refused: it is out of descriptors or memory, and asking again
/// at once would keep a processor busy with being refused.
const REST: Duration = Duration::from_millis(100);

/// Accepts until the gateway drains.
///
/// Two limits hold: all connections, and those that have not logged in. When one is reached, accepting waits for a place
/// and the operating system's queue holds who comes; a stranger's place is free after the time for login at the latest.
/// Waiting smooths a crowd that reconnects after a restart, where turning away would bring it back again and again.
pub(super) async fn accept(gateway: Arc<Gateway>, listener: TcpListener, router: Router) {
    let connections = Arc::new(Semaphore::new(gateway.limits.connections));
    let strangers = Arc::new(Semaphore::new(gateway.limits.strangers));
    loop {
        let next = next(&listener, &connections, &strangers);
        let Some(Some((stream, admission))) = gateway.draining.run_until_cancelled(next).await else { break };
        let connection = serve(Arc::clone(&gateway), stream, admission, router.clone());
        gateway.spawn(connection);
    }
}

/// The next connection; `None` when the semaphores are closed, which nobody does.
async fn next(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
    strangers: &Arc<Semaphore>,
) -> Option<(TcpStream, Arc<Admission>)> {
    let connection: OwnedSemaphorePermit = Arc::clone(connections).acquire_owned().await.ok()?;
    let stranger = Arc::clone(strangers).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                return Some((stream, Arc::new(Admission::new(connection, stranger, peer.ip()))));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Serves HTTP on a connection until it is upgraded or over. One that is not admitted in time is dropped.
async fn serve(gateway: Arc<Gateway>, stream: TcpStream, admission: Arc<Admission>, router: Router) {
    // A receipt is worth a packet of its own; without this it would wait for the acknowledgement of the last one.
    let _slower = stream.set_nodelay(true);
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&admission)));
    let extension = Arc::clone(&admission);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&extension));
        router.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(gateway.limits.login)
        .max_buf_size(HEADERS)
        .serve_connection(wire, service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut told = false;
    loop {
        tokio::select! {
            _ended = connection.as_mut() => break,
            () = sleep_until(admission.since + gateway.limits.login), if !admission.is_admitted() => {
                if !admission.is_admitted() {
                    crate::metrics::metrics().not_logged_in.increment(1);
                    break;
                }
            }
            () = gateway.draining.cancelled(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
