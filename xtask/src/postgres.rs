//! A private PostgreSQL for the tests.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::service::{Service, shell};
use crate::{Result, process};

/// Arguments: folder of the server's programs, our folder, port. Durability is off: the data lives for one run.
const KEEPER: &str = r#"
set -eu
bin=$1 folder=$2 port=$3
cd "$folder"
"$bin/initdb" --pgdata "$folder/data" --username postgres --pwfile "$folder/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C --no-sync > "$folder/initdb.log" 2>&1 \
    || { cat "$folder/initdb.log"; exit 1; }
options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait --timeout 60 \
    -o "$options" start > "$folder/start.log" 2>&1 \
    || { cat "$folder/start.log" "$folder/server.log"; exit 1; }
echo ready
cat > /dev/null
"$bin/pg_ctl" --pgdata "$folder/data" --mode immediate --wait stop > /dev/null 2>&1
rm -rf "$folder"/*
"#;

/// A running server; stopped and removed when dropped.
pub(crate) struct Postgres {
    // Dropped in this order: the server must be gone when its files go.
    _service: Service,
    _folder: Folder,
    url: String,
}

impl Postgres {
    /// Starts a server as an unprivileged user on a free loopback port.
    pub(crate) fn start() -> Result<Self> {
        let bin = programs().ok_or("the PostgreSQL server is missing")?;
        let user = if process::is_root() { Some(unprivileged_user()) } else { None };
        let folder = Folder::create(user)?;
        let password = random_hex()?;
        let port = process::free_port()?;
        folder.give("password", &password, user)?;
        let mut keeper = shell(user, KEEPER);
        keeper.arg(bin).arg(&folder.0).arg(port.to_string());
        let service =
            Service::start(&mut keeper).map_err(|error| format!("PostgreSQL did not start:\n{error}"))?;
        let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
        Ok(Self { _service: service, _folder: folder, url })
    }

    /// The address of the server, for its superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The folder with `initdb` and `pg_ctl`: the newest that Debian has installed, or the one on the PATH.
pub(crate) fn programs() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = installed.map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| version(folder));
    let newest =
        folders.into_iter().rev().map(|folder| folder.join("bin")).find(|bin| bin.join("initdb").is_file());
    newest.or_else(|| process::find(&["initdb"])?.parent().map(Path::to_owned))
}

fn version(folder: &Path) -> u32 {
    folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// PostgreSQL refuses to run as root: Debian's package brings a user for it.
fn unprivileged_user() -> &'static str {
    if process::succeeds(Command::new("id").arg("postgres")) { "postgres" } else { "nobody" }
}

/// A password for this run: other users of the machine reach the loopback port too.
fn random_hex() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// The folder of the server, private to its user, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    /// Inside target/, or among the temporary files when the user may not enter there.
    fn create(user: Option<&str>) -> Result<Self> {
        let name = format!("postgres-{}", std::process::id());
        let here = Self::create_at(&process::target()?.join(&name), user)?;
        if here.is_open_to(user) {
            return Ok(here);
        }
        Self::create_at(&std::env::temp_dir().join(format!("vanlang-{name}")), user)
    }

    fn create_at(path: &Path, user: Option<&str>) -> Result<Self> {
        fs::create_dir_all(path)?;
        let folder = Self(path.to_owned());
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        folder.own("", user)?;
        Ok(folder)
    }

    fn is_open_to(&self, user: Option<&str>) -> bool {
        process::succeeds(shell(user, r#"cd "$1""#).arg(&self.0))
    }

    fn give(&self, name: &str, text: &str, user: Option<&str>) -> Result<()> {
        fs::write(self.0.join(name), text)?;
        self.own(name, user)
    }

    fn own(&self, name: &str, user: Option<&str>) -> Result<()> {
        match user {
            Some(user) => process::run(Command::new("chown").arg(user).arg(self.0.join(name))),
            None => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays behind: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::{Postgres, programs};
    use crate::process;

    #[test]
    fn a_private_server_answers_and_leaves_nothing_behind() {
        if programs().is_none() {
            println!("skipped: the PostgreSQL server is missing");
            return;
        }
        let server = Postgres::start().unwrap();
        let (_, place) = server.url().split_once('@').unwrap();
        let place = place.trim_end_matches("/postgres").to_owned();
        TcpStream::connect(&place).unwrap();
        drop(server);
        assert!(TcpStream::connect(&place).is_err());
        let name = format!("postgres-{}", std::process::id());
        assert!(!process::target().unwrap().join(&name).exists());
        assert!(!std::env::temp_dir().join(format!("vanlang-{name}")).exists());
    }
}
