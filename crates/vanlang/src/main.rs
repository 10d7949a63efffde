//! Văn Lang: the software a province runs its electronic government on.

use base::time::SystemClock;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use vanlang::demo::{command as demo, data::Picture};
use vanlang::upkeep::Place;
use vanlang::{app, commands, evidence, found, nodes, pdf, signatures, upkeep};

#[derive(Parser)]
#[command(name = "vanlang", version, about = "Văn Lang: phần mềm chính quyền điện tử của một tỉnh")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills an empty folder with two tenants and several months of work, says who can sign in, and serves.
    Demo {
        /// Where its data is kept.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Which map of agencies: four levels with districts, or two levels without.
        #[arg(long, default_value = "2017")]
        picture: Picture,
        /// Forget the data of an earlier one.
        #[arg(long)]
        fresh: bool,
    },
    /// What `demo` does first, in a process of its own.
    #[command(hide = true)]
    FillDemo {
        /// Where the data is kept.
        #[arg(long)]
        data: PathBuf,
        /// Which map of agencies.
        #[arg(long)]
        picture: Picture,
    },
    /// Serves the tenants of a configuration file.
    Serve {
        /// The file.
        #[arg(long, default_value = "vanlang.toml")]
        config: PathBuf,
    },
    /// Enters the first agency of a tenant and its administrator, and prints the path at which the
    /// administrator sets a password.
    Found {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        founding: found::Founding,
    },
    /// Checks the audit log and the exchange journals; exit 1 and the first bad row's name when one was
    /// edited, removed or slipped in.
    Verify {
        #[command(flatten)]
        place: Place,
    },
    /// Copies all tenants into a new folder.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The new folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Brings a backup into a new data folder, or to where a configuration says, and verifies it.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Makes a new master key and wraps the tenants' keys under it; stored files stay as they are.
    RotateKey {
        #[command(flatten)]
        place: Place,
        /// Where to write the new key, when it is kept outside the data folder.
        #[arg(long)]
        new_key: Option<PathBuf>,
    },
    /// Makes an access token for the API, with all the rights of a person, and prints it once.
    Token {
        #[command(flatten)]
        place: Place,
        /// The tenant.
        #[arg(long)]
        tenant: String,
        /// The person's name to sign in with.
        #[arg(long)]
        username: String,
        /// For so many days.
        #[arg(long, default_value_t = 30)]
        days: i64,
    },
    /// Joins this installation to others on other machines: founds an authority, invites, joins, revokes, tells.
    Node {
        #[command(subcommand)]
        command: nodes::Command,
    },
    /// Reads edXML packets and says what they are: one JSON object a line; exit 3 when one is quarantined.
    Edxml {
        #[command(subcommand)]
        command: Edxml,
    },
    /// Prints official documents, copies, registers and forms as PDF; signs them, and says what signatures are worth.
    Pdf {
        #[command(subcommand)]
        command: Pdf,
    },
    /// Gives a delivery's evidence as one file, and says what such a file is worth.
    Evidence {
        #[command(subcommand)]
        command: Evidence,
    },
    /// Counts working days from a moment of receipt.
    Deadline {
        /// When it was received, Vietnam time: `2026-02-12T09:00`.
        #[arg(long)]
        received: String,
        /// How many working days are allowed.
        #[arg(long)]
        working_days: u32,
        /// Whole days, or working hours.
        #[arg(long, value_enum, default_value = "civil")]
        clock: commands::ClockKind,
    },
}

#[derive(Subcommand)]
enum Edxml {
    /// Says what each file is.
    Inspect {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Evidence {
    /// Writes the evidence of a delivery: packet, receipt, line of the journal and its sealed root.
    Export {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        which: evidence::Which,
        /// The file; `ENVELOPE.asice` when it is left out.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Checks an evidence file with nothing but the authority's certificate: one line of JSON; ends with 0 only when it is
    /// whole.
    Verify {
        /// The file.
        file: PathBuf,
        /// The authority's certificate, PEM.
        #[arg(long)]
        root: PathBuf,
        /// Certificates of authorities of time, PEM, for the stamp in the file.
        #[arg(long)]
        timestamp_root: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Pdf {
    /// Prints data as PDF, and says where signatures belong: one line of JSON, in hundredths of a millimetre.
    Render {
        /// `cong-van` or another of the 29 types, `sao-y`, `register-incoming`, `arrival-stamp`, …
        #[arg(long = "type", value_parser = clap::builder::PossibleValuesParser::new(pdf::slugs()))]
        slug: String,
        /// The data, JSON.
        data: PathBuf,
        /// The PDF.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Reads a PDF or a scan with the programs that are installed: one line of JSON a page; exit 3 when it cannot be read.
    Read {
        /// The PDF.
        file: PathBuf,
    },
    /// Signs a PDF with a key from a file; what was signed before stays signed.
    Sign {
        /// The PDF.
        file: PathBuf,
        /// How it is signed.
        #[command(flatten)]
        with: signatures::With,
        /// The signed PDF.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Says of each signature of a file whether it is valid; ends with 0 only when all are and cover the file.
    Verify {
        /// The file.
        file: PathBuf,
        /// The certificates that are trusted, PEM.
        #[arg(long, required = true)]
        trust: Vec<PathBuf>,
        /// Revocation lists, PEM or DER.
        #[arg(long)]
        crl: Vec<PathBuf>,
        /// Do not call a signature valid when nothing fresh is known about revocation.
        #[arg(long)]
        require_revocation: bool,
        /// The moment of checking; now, when it is left out.
        #[arg(long)]
        at: Option<String>,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args.command) {
        Ok(code) => code,
        Err(error) => {
            // The reader may have closed its end; there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "vanlang: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> base::Result<ExitCode> {
    match command {
        Command::Demo { data, listen, picture, fresh } => block_on(async {
            demo::run(demo::Options { data, listen, picture, fresh }).await?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::FillDemo { data, picture } => block_on(async {
            demo::fill_folder(&data, picture).await?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::Serve { config } => block_on(serve(config)),
        Command::Found { place, founding } => block_on(async {
            let path = found::found(&place.settings()?, &founding).await?;
            let _ = writeln!(std::io::stdout(), "{path}");
            Ok(ExitCode::SUCCESS)
        }),
        Command::Verify { place } => block_on(async {
            let sound = upkeep::verify(&place.settings()?, &mut std::io::stdout()).await?;
            Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }),
        Command::Backup { place, to } => block_on(async {
            upkeep::backup(&place.settings()?, &to).await?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::Restore { from, place } => block_on(async {
            let place = (place.config.as_deref(), place.data.as_deref());
            upkeep::restore(&from, place, &mut std::io::stdout()).await?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::RotateKey { place, new_key } => {
            upkeep::rotate_key(&place.settings()?, new_key.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Token { place, tenant, username, days } => block_on(async {
            let token = upkeep::token(&place.settings()?, &tenant, (&username, days)).await?;
            let _ = writeln!(std::io::stdout(), "{token}");
            Ok(ExitCode::SUCCESS)
        }),
        Command::Node { command } => block_on(async {
            nodes::run(&command, &SystemClock, &mut std::io::stdout()).await?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::Edxml { command: Edxml::Inspect { files } } => {
            let clean = commands::inspect_edxml(&files, &mut std::io::stdout().lock())?;
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
        Command::Pdf { command } => paper(command),
        Command::Evidence { command } => proof_of(command),
        Command::Deadline { received, working_days, clock } => {
            let line = commands::deadline(&received, working_days, clock)?;
            let _ = writeln!(std::io::stdout(), "{line}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn proof_of(command: Evidence) -> base::Result<ExitCode> {
    match command {
        Evidence::Export { place, which, output } => block_on(async {
            let file = evidence::export(&place.settings()?, &which, output).await?;
            let _ = writeln!(std::io::stdout(), "{}", file.display());
            Ok(ExitCode::SUCCESS)
        }),
        Evidence::Verify { file, root, timestamp_root } => {
            let roots = (root.as_path(), timestamp_root.as_deref());
            let whole = evidence::verify(&file, roots, &mut std::io::stdout().lock())?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
    }
}

fn paper(command: Pdf) -> base::Result<ExitCode> {
    match command {
        Pdf::Render { slug, data, output } => {
            pdf::render(&slug, (&data, &output), &mut std::io::stdout())?;
            Ok(ExitCode::SUCCESS)
        }
        Pdf::Read { file } => {
            let whole = pdf::read(&file, &mut std::io::stdout().lock())?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
        Pdf::Sign { file, with, output } => {
            signatures::sign(&file, &with, &SystemClock, &output)?;
            Ok(ExitCode::SUCCESS)
        }
        Pdf::Verify { file, trust, crl, require_revocation, at } => {
            let question = signatures::Question { trust, crls: crl, require_revocation, at };
            let accepted = signatures::verify(&file, &question, &SystemClock, &mut std::io::stdout().lock())?;
            Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
    }
}

fn block_on(work: impl Future<Output = base::Result<ExitCode>>) -> base::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| base::Error::Internal(e.into()))?;
    runtime.block_on(work)
}

async fn serve(config: PathBuf) -> base::Result<ExitCode> {
    tracing_subscriber::fmt().json().init();
    let server = app::open(app::Settings::read(&config)?, Arc::new(SystemClock)).await?;
    let loops = server.spawn_all().await?;
    server.serve(app::told_to_stop()).await?;
    for one in loops {
        one.abort();
    }
    Ok(ExitCode::SUCCESS)
}
