//! Listens until it is told to stop; then answers what was begun. Whoever opens connections and says nothing, or takes
//! no answer, loses them.

pub(crate) mod patient;

use crate::config::Limits;
use crate::server::Server;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use base::{Result, WhileDoing};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use patient::Patient;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// After it was told to stop, the process waits so long for answers that were begun.
const LAST: Duration = Duration::from_secs(30);
/// The system has no more files to give: waiting is all that helps.
const BREATH: Duration = Duration::from_millis(100);

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
    /// None; the type is that of [`Server::serve`].
    pub async fn serve_on(
        self: &Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        self.serve_router(self.router(), listener, stop).await;
        Ok(())
    }

    /// Serves routes around the server's own: the demonstration has a door of its own.
    pub async fn serve_router(
        self: &Arc<Self>,
        router: Router,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) {
        let closing = self.closing.subscribe();
        let limits = self.config.limits.clone();
        let most = if self.config.behind_proxy { usize::MAX } else { limits.connections_an_address };
        let begin = |stream: TcpStream, peer: SocketAddr, held: Held| {
            let connection = Connection { router: router.clone(), peer, closing: closing.clone() };
            tokio::spawn(connection.answer((stream, limits.clone()), held));
        };
        let room = self.accept((listener, most), stop, begin).await;
        self.closing.send_replace(true);
        let all = u32::try_from(self.config.limits.connections).unwrap_or(u32::MAX);
        // Whoever has not ended by then is cut off with the process.
        let _ = tokio::time::timeout(LAST, room.acquire_many(all)).await;
    }

    /// Takes connections until `stop` is done; `most` of one network at a time. Answers the places, each held by a
    /// connection until it ends.
    pub(crate) async fn accept(
        &self,
        (listener, most): (TcpListener, usize),
        stop: impl Future<Output = ()> + Send,
        begin: impl Fn(TcpStream, SocketAddr, Held),
    ) -> Arc<Semaphore> {
        tracing::info!(address = ?listener.local_addr().ok(), "listening");
        let room = Arc::new(Semaphore::new(self.config.limits.connections));
        let crowd = Arc::new(Crowd::default());
        let mut stop = pin!(stop);
        loop {
            // A place first: whoever comes when there is none waits in the system's queue.
            let accepted = async {
                let place = Arc::clone(&room).acquire_owned().await.ok()?;
                Some((place, listener.accept().await))
            };
            let (place, accepted) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => match accepted {
                    Some(accepted) => accepted,
                    None => break,
                },
            };
            let Ok((stream, peer)) = accepted else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            let Some(guest) = Crowd::enter(&crowd, network(peer.ip()), most) else { continue };
            begin(stream, peer, (place, guest));
        }
        room
    }
}

/// What a connection holds while it is open: its place, and one of those its network may have.
pub(crate) type Held = (OwnedSemaphorePermit, Guest);

struct Connection {
    router: Router,
    peer: SocketAddr,
    closing: watch::Receiver<bool>,
}

impl Connection {
    async fn answer(self, (stream, limits): (TcpStream, Limits), _held: Held) {
        let Connection { router, peer, mut closing } = self;
        // A page is written in a few pieces; none of them is to wait for the last one's receipt.
        let _ = stream.set_nodelay(true);
        let stream = TokioIo::new(Patient::new(stream, Duration::from_secs(limits.write_seconds)));
        let service = TowerToHyperService::new(router.layer(Extension(ConnectInfo(peer))));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(limits.header_seconds))
            .serve_connection(stream, service);
        let mut connection = pin!(connection);
        let told = async { drop(closing.wait_for(|closing| *closing).await) };
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = told => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(cause) = ended {
            tracing::debug!(%peer, %cause, "a connection ended early");
        }
    }
}

/// How many connections each network has open.
#[derive(Default)]
struct Crowd(Mutex<HashMap<IpAddr, usize>>);

/// One connection of a network, until it is dropped.
pub(crate) struct Guest {
    crowd: Arc<Crowd>,
    from: IpAddr,
}

impl Crowd {
    /// `None` when the network has its fill.
    fn enter(crowd: &Arc<Crowd>, from: IpAddr, most: usize) -> Option<Guest> {
        let mut open = crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(from).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Guest { crowd: Arc::clone(crowd), from })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut open = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.from) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.from);
            }
        }
    }
}

/// Whom an address counts for: with IPv6 one customer has 2⁶⁴ of them at least, a /64; IPv4 inside IPv6 is itself.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((u128::from(six) & (u128::MAX << 64)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowd, network};
    use std::sync::Arc;

    #[test]
    fn the_addresses_of_one_ipv6_customer_count_as_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }

    #[test]
    fn a_network_that_has_its_fill_gets_no_more_until_one_leaves() {
        let (crowd, from) = (Arc::new(Crowd::default()), "192.0.2.7".parse().unwrap());
        let first = Crowd::enter(&crowd, from, 2);
        let second = Crowd::enter(&crowd, from, 2);
        assert!(first.is_some() && second.is_some() && Crowd::enter(&crowd, from, 2).is_none());
        assert!(Crowd::enter(&crowd, "192.0.2.8".parse().unwrap(), 2).is_some());
        drop(first);
        assert!(Crowd::enter(&crowd, from, 2).is_some());
        drop(second);
        assert!(crowd.0.lock().unwrap().is_empty());
    }
}
