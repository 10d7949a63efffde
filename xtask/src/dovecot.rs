//! A mail server that keeps letters for the tests: the real Dovecot, without privileges, on loopback. Everybody signs in
//! with one password; a letter is delivered by writing it into `mail/ACCOUNT/new`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::service::{Service, shell};
use crate::{Result, process};

/// Arguments: folder, port without and with TLS.
const KEEPER: &str = r#"
set -eu
folder=$1 port=$2 secure=$3
cd "$folder"
user=$(id -un) group=$(id -gn)
mkdir -p run mail
chmod 777 mail
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=Test CA" \
    -keyout ca.key -out ca.pem > openssl.log 2>&1
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
    -keyout key.pem -out request.pem >> openssl.log 2>&1
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' > leaf.ext
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.ext \
    -out cert.pem >> openssl.log 2>&1
cat > dovecot.conf << CONFIG
base_dir = $folder/run
state_dir = $folder/run
log_path = $folder/log
protocols = imap
listen = 127.0.0.1, ::1
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 0
ssl = yes
ssl_cert = <$folder/cert.pem
ssl_key = <$folder/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:$folder/mail/%u
passdb {
  driver = static
  args = password=mat-khau-thu
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$folder/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = $secure
    ssl = yes
  }
}
CONFIG
dovecot -F -c "$folder/dovecot.conf" > start.log 2>&1 &
server=$!
tries=0
until grep -q 'starting up' log 2> /dev/null
do kill -0 $server 2> /dev/null || { cat start.log log 2> /dev/null; exit 1; }; sleep 0.2
   tries=$((tries + 1)); [ $tries -lt 100 ] || { cat start.log log; exit 1; }
done
echo ready
cat > /dev/null
kill $server
wait $server 2> /dev/null || true
rm -rf "$folder"/* 2> /dev/null || true
"#;

/// A running server; stopped when dropped.
pub(crate) struct Dovecot {
    _service: Service,
    /// Its folder: `mail/`, and `ca.pem` of whoever vouches for it.
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) secure: u16,
}

impl Dovecot {
    pub(crate) fn start() -> Result<Self> {
        // The server runs as somebody else when we are root, and must reach its files.
        let folder = std::env::temp_dir().join(format!("vanlang-dovecot-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777))?;
        let (port, secure) = (process::free_port()?, process::free_port()?);
        let user = process::is_root().then_some("nobody");
        let mut keeper = shell(user, KEEPER);
        keeper.arg(&folder).arg(port.to_string()).arg(secure.to_string());
        let service =
            Service::start(&mut keeper).map_err(|error| format!("the mail boxes did not start:\n{error}"))?;
        Ok(Self { _service: service, folder, port, secure })
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // What the server leaves behind may not be ours to remove.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// True when Dovecot is on this machine.
pub(crate) fn is_here() -> bool {
    process::find(&["dovecot"]).is_some()
}
