//! Listens until it is told to stop; then answers what was begun.

use crate::server::Server;
use base::{Error, Result, WhileDoing};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

impl Server {
    /// Serves HTTP on the configured address until `stop` is done.
    ///
    /// # Errors
    /// `Internal` when the address cannot be listened on.
    pub async fn serve(self: &Arc<Self>, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let address = &self.config.listen;
        let listener = TcpListener::bind(address).await.while_doing("listening on", address)?;
        self.serve_on(listener, stop).await
    }

    /// Serves HTTP on a socket that listens already.
    ///
    /// # Errors
    /// `Internal` when the socket breaks.
    pub async fn serve_on(
        self: &Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        tracing::info!(address = ?listener.local_addr().ok(), "listening");
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let server = Arc::clone(self);
        let stop = async move {
            stop.await;
            server.closing.send_replace(true);
        };
        axum::serve(listener, service)
            .with_graceful_shutdown(stop)
            .await
            .map_err(|e| Error::internal(format!("serving: {e}")))
    }
}
