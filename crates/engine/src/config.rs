//! What an operator decides. Read from a file by the binary; every value has a default that is safe to run.

use serde::Deserialize;
use std::path::PathBuf;

/// The configuration of one server process.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on. TLS ends in front of this process (a reverse proxy on the same machine
    /// or network): browsers must reach it through HTTPS, or through `localhost`, for its cookies to be kept.
    pub listen: String,
    /// Where databases and files are kept.
    pub data: PathBuf,
    /// The file of the master key under which stored files are sealed; left out, `master.key` in the data folder,
    /// made at the first start.
    pub master_key: Option<PathBuf>,
    /// The program that prints; left out, what `VANLANG_PRINT` names, else `vanlang-print` beside this program.
    pub printer: Option<PathBuf>,
    /// The programs that read scans.
    pub reading: Reading,
    /// Origins under which browsers reach the server, such as `https://phutho.example`. A write whose `Origin`
    /// is neither one of these nor the host it asked for is refused.
    pub origins: Vec<String>,
    /// True when a proxy in front sets `X-Forwarded-For`; its last entry is then the address of the browser.
    pub behind_proxy: bool,
    /// The tenant shown to hosts whose first label names none.
    pub default_tenant: String,
    /// True on a developer's machine: the gallery of components is served.
    pub development: bool,
    /// Who may read `/metrics`: only this machine, unless true.
    pub metrics_open: bool,
    /// Sessions.
    pub sessions: Sessions,
    /// Sizes and times.
    pub limits: Limits,
    /// Mail; without it mails are only logged.
    pub smtp: Option<Smtp>,
    /// Digital signatures.
    pub signing: Signing,
    /// Notices on people's devices; without services nobody can switch them on.
    pub push: Push,
    /// Who looks for harmful software in files.
    pub antivirus: Antivirus,
    /// Servers of others that agencies name: their mail boxes, the national axis.
    pub outside: Outside,
    /// The exchange with other machines; left out, envelopes stay in this installation.
    pub node: Option<NodeSettings>,
    /// Folders for agencies with old software.
    pub folders: Vec<Folder>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:8080".to_owned(),
            data: PathBuf::from("data"),
            master_key: None,
            printer: None,
            reading: Reading::default(),
            origins: Vec::new(),
            behind_proxy: false,
            default_tenant: String::new(),
            development: false,
            metrics_open: false,
            sessions: Sessions::default(),
            limits: Limits::default(),
            smtp: None,
            signing: Signing::default(),
            push: Push::default(),
            antivirus: Antivirus::Unsaid,
            outside: Outside::default(),
            node: None,
            folders: Vec::new(),
        }
    }
}

impl Config {
    /// Where the master key is.
    pub fn master_key(&self) -> PathBuf {
        self.master_key.clone().unwrap_or_else(|| self.data.join("master.key"))
    }
}

/// How this installation speaks with others. What it is called and whom it trusts lies in the data folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeSettings {
    /// Address and port for other nodes; TLS ends in this process.
    pub listen: String,
    /// Where other nodes find it, `host:port`, when that is no longer what was said when it joined.
    pub address: Option<String>,
    /// Seconds between two rounds in which nodes ask each other what is new.
    pub round_seconds: u64,
    /// Hours for which sealing may fail before nothing more is taken or sent.
    pub unsealed_hours: i64,
    /// Of the authority: days a list of revoked certificates counts. Without a fresh one nodes take nothing.
    pub crl_days: i64,
    /// Of the authority: days a node's certificate counts. It is renewed when two thirds are over.
    pub certificate_days: i64,
}

impl Default for NodeSettings {
    fn default() -> NodeSettings {
        NodeSettings {
            listen: "0.0.0.0:8443".to_owned(),
            address: None,
            round_seconds: 60,
            unsealed_hours: 4,
            crl_days: 4,
            certificate_days: 180,
        }
    }
}

/// How long people stay signed in, and when a name is locked.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// A session nobody used for so many minutes ends.
    pub idle_minutes: i64,
    /// A session ends after so many hours whatever happens.
    pub hours: i64,
    /// So many wrong sign-ins in a row lock the name.
    pub lock_after: i64,
    /// For so many minutes.
    pub lock_minutes: i64,
}

impl Default for Sessions {
    fn default() -> Sessions {
        Sessions { idle_minutes: 30, hours: 12, lock_after: 5, lock_minutes: 15 }
    }
}

/// Sizes and times a request must keep.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest form without files, and largest JSON body, in bytes.
    pub form_bytes: usize,
    /// Largest single file, in bytes.
    pub file_bytes: u64,
    /// Most files in one form.
    pub files: usize,
    /// Seconds for reading a form and for answering.
    pub seconds: u64,
    /// Seconds for receiving files.
    pub upload_seconds: u64,
    /// Seconds for receiving the head of a request; also how long an idle connection is kept.
    pub header_seconds: u64,
    /// Seconds for which the other end may take nothing of an answer.
    pub write_seconds: u64,
    /// Connections open at a time; further ones wait.
    pub connections: usize,
    /// Connections one address may have open (one /64 with IPv6); further ones are closed. Not counted behind a
    /// proxy, which is one address.
    pub connections_an_address: usize,
    /// Requests a minute from one address.
    pub requests_a_minute: u32,
    /// Writes a minute by one person, or by one address that has not signed in.
    pub writes_a_minute: u32,
    /// Posted questions of one person in a minute, such as previews while they write.
    pub asks_a_minute: u32,
    /// Sign-ins a minute from one address.
    pub sign_ins_a_minute: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            form_bytes: 2 * 1024 * 1024,
            file_bytes: 200 * 1024 * 1024,
            files: 50,
            seconds: 30,
            upload_seconds: 1800,
            header_seconds: 15,
            write_seconds: 60,
            connections: 4096,
            connections_an_address: 256,
            requests_a_minute: 1200,
            writes_a_minute: 120,
            asks_a_minute: 240,
            sign_ins_a_minute: 20,
        }
    }
}

/// The programs that read scans, and what a reading may cost.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Tells how many pages a PDF has: `pdfinfo` of Poppler, by its name on the path or with its folder.
    pub pdfinfo: String,
    /// Takes the text out of a PDF that has some: `pdftotext` of Poppler.
    pub pdftotext: String,
    /// Draws a page: `pdftoppm` of Poppler.
    pub pdftoppm: String,
    /// Reads a picture of a page: `tesseract`.
    pub tesseract: String,
    /// The languages it knows: `vie`, or `vie+eng`.
    pub languages: String,
    /// Pages that are read of one document; further ones are kept unread.
    pub pages: u32,
    /// Seconds for one page; it is given up after that.
    pub page_seconds: u64,
    /// Seconds for one document; what is read by then counts. Below 180: a job of 300 is thought lost, and the last page may take
    /// twice its own time.
    pub seconds: u64,
    /// Address space of each program, in megabytes.
    pub memory_mb: u32,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading {
            pdfinfo: "pdfinfo".to_owned(),
            pdftotext: "pdftotext".to_owned(),
            pdftoppm: "pdftoppm".to_owned(),
            tesseract: "tesseract".to_owned(),
            languages: "vie".to_owned(),
            pages: 40,
            page_seconds: 60,
            seconds: 150,
            memory_mb: 1_024,
        }
    }
}

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The relay, `host:port`. Without TLS: it belongs on this machine or this network.
    pub server: String,
    /// The sender's address.
    pub from: String,
}

/// Whom signatures are trusted of, and what signing may use. A path is a file or a folder of files, PEM or DER.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signing {
    /// Certificates of the authorities that are trusted, those of authorities of time too.
    pub roots: Vec<PathBuf>,
    /// Certificates that may stand between them and a signer.
    pub intermediates: Vec<PathBuf>,
    /// Revocation lists; read again every ten minutes.
    pub crls: Vec<PathBuf>,
    /// True when a signature only counts once fresh revocation data clears it.
    pub require_revocation: bool,
    /// Address of the authority of time, `https://host/path`; left out, signatures bear no timestamp. Its TLS is judged by
    /// the roots of the machine and of `outside.roots`; `http://` only on this machine.
    pub timestamp: Option<String>,
    /// The module of the tokens (PKCS #11), such as `/usr/lib/softhsm/libsofthsm2.so`.
    pub pkcs11: Option<PathBuf>,
    /// Address of a signing service (Cloud Signature Consortium, version 2), `https://host/csc/v2`.
    pub csc: Option<String>,
    /// File with the token of access to that service.
    pub csc_token: Option<PathBuf>,
    /// Seconds an answer from outside may take: a token, a service, an authority of time.
    pub seconds: u64,
}

impl Default for Signing {
    fn default() -> Signing {
        Signing {
            roots: Vec::new(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            require_revocation: false,
            timestamp: None,
            pkcs11: None,
            csc: None,
            csc_token: None,
            seconds: 10,
        }
    }
}

/// How notices reach devices: through the push services of the makers of browsers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// The only hosts notices are sent to: `fcm.googleapis.com`, or `*.push.apple.com` for all below a name. They are
    /// spoken to over HTTPS on port 443. One on this machine, `127.0.0.1`, may be spoken to without it.
    pub services: Vec<String>,
    /// Whom a push service may write to about this server: `mailto:quantri@phutho.example` (RFC 8292, 2.1). Left out,
    /// the first of `origins`.
    pub contact: String,
}

/// Who looks for harmful software in files. `antivirus = "none"`, or a table `[server.antivirus]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Said")]
pub enum Antivirus {
    /// Nothing was said: a file is opened by nobody but who brought it in.
    #[default]
    Unsaid,
    /// Nobody looks, and the operator answers for files that are opened unscanned.
    None,
    /// clamd looks.
    Clamd(Clamd),
}

/// How clamd is reached, and how far it is waited for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clamd {
    /// `host:port`, or the path of its socket file. Not encrypted: it belongs on this machine or this network.
    pub address: String,
    /// Seconds one file may take.
    #[serde(default = "Clamd::seconds")]
    pub seconds: u64,
    /// What an archive may unpack to, in bytes. No more than clamd reads itself (its `MaxScanSize`): beyond that it
    /// says OK without having looked.
    #[serde(default = "Clamd::unpacked_bytes")]
    pub unpacked_bytes: u64,
}

impl Clamd {
    /// With the usual limits.
    pub fn at(address: impl Into<String>) -> Clamd {
        Clamd { address: address.into(), seconds: Clamd::seconds(), unpacked_bytes: Clamd::unpacked_bytes() }
    }

    const fn seconds() -> u64 {
        120
    }

    const fn unpacked_bytes() -> u64 {
        400 * 1024 * 1024
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Word(String),
    Clamd(Clamd),
}

impl TryFrom<Said> for Antivirus {
    type Error = String;
    fn try_from(said: Said) -> Result<Antivirus, String> {
        match said {
            Said::Clamd(clamd) => Ok(Antivirus::Clamd(clamd)),
            Said::Word(word) if word == "none" => Ok(Antivirus::None),
            Said::Word(word) => Err(format!("antivirus is \"none\" or a table, not {word:?}")),
        }
    }
}

/// What may be reached of what an agency's administrator enters: else an address in a form would be a door into the
/// operator's own network.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outside {
    /// Networks that are not public and may be reached all the same: `10.1.0.0/16`, `127.0.0.1/32`.
    pub private: Vec<String>,
    /// Certificates of authorities beside those of the machine, PEM.
    pub roots: Option<PathBuf>,
    /// Largest letter that is taken from a mail box, in bytes. It is in memory while it is read.
    pub letter_bytes: u64,
    /// Minutes between two looks into a mail box.
    pub mailbox_minutes: i64,
    /// Minutes between two looks at what waits at the national axis; what leaves waits for none.
    pub axis_minutes: i64,
    /// Largest edXML packet that is taken from the axis or a folder, in bytes.
    pub packet_bytes: u64,
}

impl Default for Outside {
    fn default() -> Outside {
        Outside {
            private: Vec::new(),
            roots: None,
            letter_bytes: 50 * 1024 * 1024,
            mailbox_minutes: 2,
            axis_minutes: 1,
            packet_bytes: 512 * 1024 * 1024,
        }
    }
}

/// Two folders by which agencies with old software send and receive edXML files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// The tenant with whose agencies they exchange.
    pub tenant: String,
    /// Codes of the agencies behind it: what is for them is written out, and only they speak through it.
    pub agencies: Vec<String>,
    /// Where their files are dropped.
    #[serde(rename = "in")]
    pub incoming: PathBuf,
    /// Where files for them are written.
    pub out: PathBuf,
}
