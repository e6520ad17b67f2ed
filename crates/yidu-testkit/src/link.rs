//! The network between one client and the server, to be cut and mended.

use anyhow::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A way to the server that passes everything on while it is whole. When it is cut, connections break and new ones are
/// hung up on.
pub struct Link {
    url: String,
    whole: watch::Sender<bool>,
    passing: JoinHandle<()>,
}

impl Link {
    /// A whole link to a server's URL.
    pub async fn to(url: &str) -> Result<Link> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = url.trim_start_matches("ws://").to_owned();
        let whole = watch::Sender::new(true);
        let address = listener.local_addr()?;
        let passing = tokio::spawn(pass(listener, server, whole.subscribe()));
        Ok(Link { url: format!("ws://{address}"), whole, passing })
    }

    /// Where the client connects.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Breaks every connection.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.passing.abort();
    }
}

async fn pass(listener: TcpListener, server: String, whole: watch::Receiver<bool>) {
    while let Ok((client, _)) = listener.accept().await {
        if *whole.borrow() {
            tokio::spawn(connection(client, server.clone(), whole.clone()));
        }
    }
}

async fn connection(mut client: TcpStream, server: String, mut whole: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ended = copy_bidirectional(&mut client, &mut server) => {}
        _cut = whole.wait_for(|whole| !whole) => {}
    }
}
