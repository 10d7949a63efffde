//! The web bundle: scripts and styles that `ui` carries inside the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

const WEB: &str = "crates/ui/web";

/// Builds crates/ui/dist. Without Node it only says so: every page works without JavaScript.
pub(crate) fn build() -> Result<()> {
    if process::find(&["npm"]).is_none() {
        println!("Node is not installed: the pages go without their scripts.");
        return Ok(());
    }
    install_packages(Path::new(WEB))?;
    process::run(Command::new("npm").args(["run", "build"]).current_dir(WEB))
}

/// Brings `node_modules` to the state of the lock file, when it is behind.
pub(crate) fn install_packages(folder: &Path) -> Result<()> {
    if is_behind(folder) {
        process::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    }
    Ok(())
}

fn is_behind(folder: &Path) -> bool {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified()).ok();
    // npm writes this file last, so an interrupted installation does not count as one.
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed < locked,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::is_behind;

    #[test]
    fn packages_are_installed_again_when_the_lock_file_is_newer() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, seconds| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            fs::File::create(path).unwrap().set_modified(time).unwrap();
        };
        file("package-lock.json", 1_000);
        assert!(is_behind(folder.path()));
        file("node_modules/.package-lock.json", 2_000);
        assert!(!is_behind(folder.path()));
        file("package-lock.json", 3_000);
        assert!(is_behind(folder.path()));
    }
}
