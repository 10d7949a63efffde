//! A scanner for the tests: the real clamd, with a signature database of one line that knows the harmless test file
//! every scanner knows (EICAR).

use std::fs;
use std::path::PathBuf;

use crate::service::{Service, shell};
use crate::{Result, process};

/// MD5, length and name: the file itself is nowhere in the repository.
const SIGNATURES: &str = "44d88612fea8a8f36de82e1278abb02f:68:Vanlang.Eicar\n";

/// Arguments: folder. The socket file lies in it.
const KEEPER: &str = r#"
set -u
folder=$1
clamd --foreground --config-file="$folder/clamd.conf" > "$folder/log" 2>&1 &
server=$!
until [ -S "$folder/socket" ]
do kill -0 $server 2> /dev/null || { cat "$folder/log"; exit 1; }; sleep 0.2
done
echo ready
cat > /dev/null
kill $server
wait $server 2> /dev/null
rm -rf "$folder"
"#;

/// A running scanner; stopped and removed when dropped.
pub(crate) struct Clamd {
    _service: Service,
    /// Its socket file.
    pub(crate) socket: PathBuf,
}

impl Clamd {
    pub(crate) fn start() -> Result<Self> {
        // Paths of sockets are short: not below the target folder.
        let folder = std::env::temp_dir().join(format!("vanlang-clamd-{}", std::process::id()));
        let signatures = folder.join("signatures");
        fs::create_dir_all(&signatures)?;
        fs::write(signatures.join("test.hdb"), SIGNATURES)?;
        let socket = folder.join("socket");
        let config = format!(
            "DatabaseDirectory {}\nLocalSocket {}\nForeground yes\nStreamMaxLength 32M\nMaxThreads 4\n",
            signatures.display(),
            socket.display()
        );
        fs::write(folder.join("clamd.conf"), config)?;
        let mut keeper = shell(None, KEEPER);
        keeper.arg(&folder);
        let service =
            Service::start(&mut keeper).map_err(|error| format!("the scanner did not start:\n{error}"))?;
        Ok(Self { _service: service, socket })
    }
}

/// True when clamd is on this machine.
pub(crate) fn is_here() -> bool {
    process::find(&["clamd"]).is_some()
}
