//! The commands by which an installation joins others. They work while the program serves and while it does not: what
//! they write, the serving process takes up within seconds.

use crate::app::{self, Settings};
use crate::upkeep::Place;
use base::time::Clock;
use base::{Error, Refusal, Result, WhileDoing};
use clap::Subcommand;
use engine::files::Master;
use engine::node::{Invitation, Keeper, Node, join};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

const DAY: i64 = 86_400;

/// What can be done with nodes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes this installation the authority, and its first node.
    Found {
        #[command(flatten)]
        place: Place,
        /// Its name among nodes: small letters, digits and hyphens.
        #[arg(long)]
        name: String,
        /// What people call it.
        #[arg(long)]
        title: String,
        /// Where other nodes find it, `host:port`.
        #[arg(long)]
        address: String,
    },
    /// Prints a token by which another installation joins: once, within seven days.
    Invite {
        #[command(flatten)]
        place: Place,
        /// The name of the new node.
        #[arg(long)]
        name: String,
        /// What people call it.
        #[arg(long)]
        title: Option<String>,
        /// The node above.
        #[arg(long)]
        above: String,
        /// Others reach it through the node above only.
        #[arg(long)]
        relayed: bool,
    },
    /// Joins with a token of the authority.
    Join {
        #[command(flatten)]
        place: Place,
        /// The token.
        #[arg(long)]
        token: String,
        /// Where other nodes find this one, `host:port`; left out, `server.node.address`.
        #[arg(long)]
        address: Option<String>,
    },
    /// Tells of each node of the directory, one JSON object a line, and of codes that two claim.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Revokes the certificates of a node. Its connections are closed as the others hear of it.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// The node.
        name: String,
    },
    /// Publishes the directory anew if something has changed, and prints its version.
    Publish {
        #[command(flatten)]
        place: Place,
    },
    /// Says how this installation stands among the others, as JSON.
    Status {
        #[command(flatten)]
        place: Place,
    },
}

impl Command {
    fn place(&self) -> &Place {
        match self {
            Command::Found { place, .. }
            | Command::Invite { place, .. }
            | Command::Join { place, .. }
            | Command::List { place }
            | Command::Revoke { place, .. }
            | Command::Publish { place }
            | Command::Status { place } => place,
        }
    }
}

/// Runs a command.
///
/// # Errors
/// `Refused` with what stands against it; `Internal` when a file or the authority cannot be reached.
pub async fn run(command: &Command, clock: &dyn Clock, out: &mut dyn Write) -> Result<()> {
    let here = Here::of(command.place(), clock)?;
    match command {
        Command::Found { name, title, address, .. } => here.found((name, title, address), out),
        Command::Invite { name, title, above, relayed, .. } => {
            let title = title.clone().unwrap_or_else(|| name.clone());
            let whom = Invitation { name: name.clone(), title, above: above.clone(), relayed: *relayed };
            let token = here.keeper()?.invite(&whom, here.now)?;
            // Both operators compare it: the new one is shown the same when it has joined.
            tell(&mut std::io::stderr(), format_args!("authority {}", trust::hex(&token.authority)))?;
            tell(out, format_args!("{}", token.text()))
        }
        Command::Join { token, address, .. } => here.join(token, address.as_deref(), out).await,
        Command::List { .. } => here.list(out),
        Command::Revoke { name, .. } => {
            let revoked = here.keeper()?.revoke(name, here.now)?;
            tell(out, format_args!("{name}: {revoked} certificates revoked"))
        }
        Command::Publish { .. } => {
            let version = here.keeper()?.freshen(here.now)?;
            tell(out, format_args!("{version}"))
        }
        Command::Status { .. } => {
            let status = here.status()?;
            tell(out, format_args!("{status}"))
        }
    }
}

/// The installation a command is about.
struct Here {
    settings: Settings,
    master: Master,
    now: i64,
}

impl Here {
    fn of(place: &Place, clock: &dyn Clock) -> Result<Here> {
        let settings = place.bare_settings()?;
        let data = &settings.server.data;
        std::fs::create_dir_all(data).while_doing("making", data.display())?;
        let master = app::master(&settings)?;
        Ok(Here { master, now: clock.now().micros().div_euclid(1_000_000), settings })
    }

    fn terms(&self) -> engine::node::Terms {
        self.settings.server.node.clone().unwrap_or_default().terms()
    }

    fn keeper(&self) -> Result<Keeper> {
        let keeper = Keeper::of(&self.settings.server.data, &self.master, self.terms());
        keeper.ok_or_else(|| Refusal::new("this installation is not the authority").into())
    }

    fn node(&self) -> Result<Node> {
        let clock = Arc::new(base::time::SystemClock);
        let node = Node::open(&self.settings.server.data, &self.master, clock)?;
        node.ok_or_else(|| Refusal::new("this installation is no node").into())
    }

    fn found(&self, names: (&str, &str, &str), out: &mut dyn Write) -> Result<()> {
        Keeper::found((&self.settings.server.data, &self.master, self.terms()), names, self.now)?;
        let node = self.node()?;
        tell(out, format_args!("{}: authority {}", node.name(), trust::hex(&node.authority().fingerprint())))
    }

    async fn join(&self, token: &str, address: Option<&str>, out: &mut dyn Write) -> Result<()> {
        let configured = self.settings.server.node.as_ref().and_then(|node| node.address.clone());
        let address = address.map(str::to_owned).or(configured);
        let address = address.ok_or_else(|| {
            Error::from(Refusal::new("say where others find this node: --address host:port"))
        })?;
        let joined = join((&self.settings.server.data, &self.master), token, &address).await?;
        let line = json!({
            "name": joined.name,
            "authority": trust::hex(&joined.authority),
            "directory_version": joined.directory,
        });
        tell(out, format_args!("{line}"))
    }

    fn list(&self, out: &mut dyn Write) -> Result<()> {
        for peer in self.peers(&self.node()?) {
            tell(out, format_args!("{peer}"))?;
        }
        if let Ok(keeper) = self.keeper() {
            for one in keeper.contested()? {
                let line = json!({ "contested": one.code, "by": one.by, "held_by": one.held_by });
                tell(out, format_args!("{line}"))?;
            }
        }
        Ok(())
    }

    fn status(&self) -> Result<Value> {
        let node = self.node()?;
        let (crl, directory) = (node.crl(), node.directory());
        Ok(json!({
            "name": node.name(),
            "authority": trust::hex(&node.authority().fingerprint()),
            "is_authority": self.keeper().is_ok(),
            "certificate_days": (node.certificate().until - self.now).div_euclid(DAY),
            "certificate_until": node.certificate().until,
            "crl_number": crl.number,
            "crl_age_seconds": self.now - crl.made,
            "crl_is_fresh": crl.is_fresh(self.now),
            "directory_version": directory.map_or(0, |known| known.version()),
            "peers": self.peers(&node),
        }))
    }

    fn peers(&self, node: &Node) -> Vec<Value> {
        let Some(directory) = node.directory() else { return Vec::new() };
        let peer = |one: &trust::NodeEntry| {
            let until = one.certificates.iter().map(|one| one.until).max();
            let homes = directory.snapshot().agencies.iter().filter(|agency| agency.home == one.name);
            json!({
                "name": one.name,
                "title": one.title,
                "address": one.address,
                "above": one.above,
                "relayed": one.relayed,
                "certificate_days": until.map(|until| (until - self.now).div_euclid(DAY)),
                "agencies": homes.count(),
            })
        };
        directory.snapshot().nodes.iter().map(peer).collect()
    }
}

fn tell(out: &mut dyn Write, line: std::fmt::Arguments<'_>) -> Result<()> {
    writeln!(out, "{line}").while_doing("writing", "the answer")
}
