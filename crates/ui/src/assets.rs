//! What the browser loads besides pages: styles, icons, and the script and fonts when they were built.

/// One embedded file.
struct Asset {
    /// Its plain name: `app.css`.
    name: &'static str,
    /// Its address with the hash of its bytes: `/assets/app.<hash>.css`.
    address: &'static str,
    bytes: &'static [u8],
    kind: &'static str,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// All styles of the product in one sheet.
pub const CSS: &str = include_str!(concat!(env!("OUT_DIR"), "/app.css"));

/// A script that only some pages need; nothing when it was not built.
pub fn script(name: &str) -> maud::Markup {
    let address = asset_path(name);
    maud::html! { @if !address.is_empty() { script src=(address) defer {} } }
}

const ROOT: &str = "/assets/";

/// The bytes and the content type of a file by its name, with or without the hash: what
/// `GET /assets/{name}` answers.
pub fn asset(name: &str) -> Option<(&'static [u8], &'static str)> {
    find(name).map(|asset| (asset.bytes, asset.kind))
}

/// The address of a file, `/assets/app.<hash>.css`; empty when the file was not built.
pub fn asset_path(name: &str) -> &'static str {
    find(name).map_or("", |asset| asset.address)
}

/// True when the name carries the hash, so that a browser may keep the file for good.
pub fn asset_is_hashed(name: &str) -> bool {
    find(name).is_some_and(|asset| asset.name != name)
}

/// The service worker (`/sw.js`): the files it keeps, then its script. `None` when it was not built. It keeps only files
/// of the program that every page needs, and the page that says that nobody answers.
pub fn worker() -> Option<String> {
    let script = std::str::from_utf8(find("sw.js")?.bytes).ok()?;
    let seldom = |asset: &&Asset| ["sw.js", "compose.js"].contains(&asset.name);
    let kept = ASSETS.iter().filter(|asset| !seldom(asset) && !asset.kind.starts_with("text/plain"));
    let kept: Vec<String> = kept.map(|asset| format!("{:?}", asset.address)).collect();
    Some(format!("self.kept = [{}];\n{script}", kept.join(", ")))
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name || asset.address.strip_prefix(ROOT) == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_plain_and_by_its_hashed_name() {
        let address = asset_path("app.css").strip_prefix(ROOT).unwrap();
        assert_eq!(asset("app.css"), asset(address));
        assert!(asset_is_hashed(address) && !asset_is_hashed("app.css"));
        assert!(asset("app.php").is_none() && asset_path("app.php").is_empty());
    }

    #[test]
    fn the_dark_tokens_are_the_same_for_the_system_and_for_the_person() {
        let block = |start: &str| {
            let from = CSS.split_once(start).unwrap().1;
            from.split_once('}').unwrap().0.split_whitespace().collect::<Vec<_>>()
        };
        assert_eq!(block(":root:not([data-theme]) {"), block(":root[data-theme=\"dark\"] {"));
    }

    #[test]
    fn no_colour_is_written_outside_the_tokens() {
        let rules = CSS.split_once("/* Base */").unwrap().1;
        let stray: Vec<_> = rules.lines().filter(|line| line.contains("rgb(") || hex_colour(line)).collect();
        assert!(stray.is_empty(), "{stray:?}");
    }

    fn hex_colour(line: &str) -> bool {
        line.split('#').skip(1).any(|after| {
            let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
            matches!(digits, 3 | 6 | 8)
                && line.contains(": ")
                && !after.chars().nth(digits).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
        })
    }
}
