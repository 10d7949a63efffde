//! What the tests need on the machine, and how to get it there.

use std::io::IsTerminal;
use std::process::Command;

use crate::{Result, clamd, dovecot, postgres, process};

/// The browser's program, by the names distributions give it.
pub(crate) const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The oldest Node whose test runner and modules the browser stories use.
const NODE_MIN: u32 = 20;

struct Need {
    what: &'static str,
    /// Debian's packages.
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const NEEDS: [Need; 11] = [
    Need {
        what: "the PostgreSQL server",
        packages: &["postgresql"],
        present: || postgres::programs().is_some(),
    },
    Need { what: "Chromium", packages: &["chromium"], present: || process::find(&BROWSERS).is_some() },
    Need {
        what: "a font with Vietnamese letters",
        packages: &["fontconfig", "fonts-dejavu-core"],
        present: has_font,
    },
    Need {
        what: "a program that judges XML by its schema",
        packages: &["libxml2-utils"],
        present: || process::find(&["xmllint"]).is_some(),
    },
    Need {
        what: "a program that judges signed XML",
        packages: &["xmlsec1"],
        present: || process::find(&["xmlsec1"]).is_some(),
    },
    Need {
        what: "programs that judge a signed PDF",
        packages: &["openssl", "poppler-utils", "qpdf"],
        present: || ["openssl", "pdfsig", "qpdf"].iter().all(|name| process::find(&[name]).is_some()),
    },
    Need {
        what: "a reader of scans with Vietnamese",
        packages: &["tesseract-ocr", "tesseract-ocr-vie", "poppler-utils"],
        present: reads_vietnamese,
    },
    Need {
        what: "a token in software",
        packages: &["softhsm2"],
        present: || process::find(&["softhsm2-util"]).is_some(),
    },
    Need { what: "a scanner for harmful software", packages: &["clamav-daemon"], present: clamd::is_here },
    Need { what: "a server of mail boxes", packages: &["dovecot-imapd"], present: dovecot::is_here },
    Need { what: "Python 3 with venv", packages: &["python3", "python3-venv"], present: has_python },
];

/// Installs what is missing; where that is not possible, the error holds the exact line to run.
pub(crate) fn everything() -> Result<()> {
    if process::find(&["npm"]).is_none() || node_version().is_none_or(|version| version < NODE_MIN) {
        return Err(
            format!("Node.js {NODE_MIN} or newer with npm is missing. Install it and start again.").into()
        );
    }
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
    println!("Missing: {}.", what.join(", "));
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    install(&packages)?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still missing after the installation", need.what).into()),
    }
}

fn install(packages: &[&str]) -> Result<()> {
    let line = format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "));
    let by_hand = format!("Install it by hand and start again. On Debian, as root:\n    {line}");
    if process::find(&["apt-get"]).is_none() {
        return Err(by_hand.into());
    }
    let mut command = if process::is_root() {
        Command::new("sh")
    } else if process::find(&["sudo"]).is_some() {
        let mut sudo = Command::new("sudo");
        // Without a terminal nobody can type a password: fail at once rather than wait.
        if !std::io::stdin().is_terminal() {
            sudo.arg("-n");
        }
        sudo.arg("sh");
        sudo
    } else {
        return Err(by_hand.into());
    };
    let script = format!("export DEBIAN_FRONTEND=noninteractive\n{line}");
    process::run(command.args(["-ec", &script])).map_err(|error| format!("{error}\n{by_hand}").into())
}

/// The main version: 20 for `v20.20.2`.
fn node_version() -> Option<u32> {
    let printed = process::output(Command::new("node").arg("--version")).ok()?;
    printed.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn has_font() -> bool {
    process::output(Command::new("fc-list").arg(":lang=vi")).is_ok_and(|fonts| !fonts.trim().is_empty())
}

fn reads_vietnamese() -> bool {
    let draws = ["pdfinfo", "pdftotext", "pdftoppm"].iter().all(|name| process::find(&[name]).is_some());
    let known = process::output(Command::new("tesseract").arg("--list-langs"));
    draws && known.is_ok_and(|known| known.lines().any(|language| language == "vie"))
}

fn has_python() -> bool {
    process::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"]))
}

#[cfg(test)]
mod tests {
    use super::{BROWSERS, NEEDS};
    use crate::process;

    #[test]
    fn every_need_names_the_packages_that_meet_it() {
        assert!(NEEDS.iter().all(|need| !need.packages.is_empty() && !need.what.is_empty()));
    }

    #[test]
    fn a_program_is_found_by_the_first_name_that_exists() {
        assert!(process::find(&["no-such-program", "sh"]).is_some_and(|path| path.ends_with("sh")));
        assert!(process::find(&["no-such-program"]).is_none());
        assert!(BROWSERS.contains(&"chromium"));
    }
}
