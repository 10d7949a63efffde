//! A mail server for the tests: it takes every letter and keeps it in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::service::{Service, shell};
use crate::{Result, process};

/// Arguments: Python, port, mailbox.
const KEEPER: &str = r#"
set -u
python=$1 port=$2 mailbox=$3
"$python" -m aiosmtpd -n -l "127.0.0.1:$port" -c aiosmtpd.handlers.Mailbox "$mailbox" > "$mailbox.log" 2>&1 &
server=$!
until "$python" -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$port" 2> /dev/null
do kill -0 $server 2> /dev/null || { cat "$mailbox.log"; exit 1; }; sleep 0.2
done
echo ready
cat > /dev/null
kill $server
wait $server 2> /dev/null
rm -rf "$mailbox" "$mailbox.log"
"#;

/// A running mail server; stopped and its mailbox removed when dropped.
pub(crate) struct Smtp {
    _service: Service,
    /// `smtp://127.0.0.1:PORT`, without encryption or sign-in.
    pub(crate) url: String,
    /// A folder in the Maildir format: each letter is a file under `new/`.
    pub(crate) mailbox: PathBuf,
}

impl Smtp {
    pub(crate) fn start(python: &Path) -> Result<Self> {
        let port = process::free_port()?;
        let target = process::target()?;
        fs::create_dir_all(&target)?;
        let mailbox = target.join(format!("mailbox-{}", std::process::id()));
        let mut keeper = shell(None, KEEPER);
        keeper.arg(python).arg(port.to_string()).arg(&mailbox);
        let service = Service::start(&mut keeper)
            .map_err(|error| format!("the mail server did not start:\n{error}"))?;
        Ok(Self { _service: service, url: format!("smtp://127.0.0.1:{port}"), mailbox })
    }
}
