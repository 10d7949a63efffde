//! `cargo xtask new-module archives box`: a small module that is green, to be turned into a real one.

use std::fs;
use std::path::Path;

use clap::Args;

use crate::{Result, process};

/// Where each file of the module goes, and its template.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("new_module/Cargo.toml.txt")),
    ("README.md", include_str!("new_module/README.md.txt")),
    ("src/lib.rs", include_str!("new_module/lib.rs.txt")),
    ("src/rights.rs", include_str!("new_module/rights.rs.txt")),
    ("src/model.rs", include_str!("new_module/model.rs.txt")),
    ("src/rules.rs", include_str!("new_module/rules.rs.txt")),
    ("src/store.rs", include_str!("new_module/store.rs.txt")),
    ("src/actions.rs", include_str!("new_module/actions.rs.txt")),
    ("src/web.rs", include_str!("new_module/web.rs.txt")),
    ("src/web/__noun__.rs", include_str!("new_module/web_noun.rs.txt")),
    ("migrations/0001___noun__.sql", include_str!("new_module/migration.sql.txt")),
    ("i18n/vi.toml", include_str!("new_module/vi.toml.txt")),
    ("i18n/en.toml", include_str!("new_module/en.toml.txt")),
    ("tests/it.rs", include_str!("new_module/it.rs.txt")),
];

/// Words that are no names: Rust's own, and those the templates use for something else.
const TAKEN: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "unsafe", "use", "virtual", "where", "while", "yield", "std", "core", "test", "line", "state", "list",
    "add", "close", "show", "store", "rules", "actions", "menu", "new", "title", "added", "opened", "closed",
    "reason", "done", "empty", "act", "table", "blank", "routes",
];

#[derive(Args)]
pub(crate) struct Options {
    /// Name of the module: the plural of what it is about, such as `archives`
    module: String,
    /// Its first noun, such as `folder`; the module's name without its last letter when left out
    noun: Option<String>,
}

/// Writes the folder, makes it a member of the workspace, and runs its tests.
pub(crate) fn make(options: &Options) -> Result<()> {
    let module = options.module.as_str();
    let noun = options.noun.as_deref().unwrap_or_else(|| module.strip_suffix('s').unwrap_or(module));
    check(module, noun)?;
    let folder = Path::new("modules").join(module);
    if folder.exists() || Path::new("crates").join(module).exists() {
        return Err(format!("there is a crate called {module} already").into());
    }
    let workspace = fs::read_to_string("Cargo.toml")?;
    let workspace =
        with_member(&workspace, module).ok_or("the list of modules in Cargo.toml was not found")?;
    for (path, text) in FILES {
        let path = folder.join(render(path, module, noun));
        fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
        fs::write(path, render(text, module, noun))?;
    }
    fs::write("Cargo.toml", workspace)?;
    process::run(&mut process::cargo(["fmt", "-p", module]))?;
    process::run(&mut process::cargo(["test", "-p", module]))?;
    println!("\n{} is green. Go on with docs/guides/add-a-module.md.", folder.display());
    Ok(())
}

fn check(module: &str, noun: &str) -> Result<()> {
    for name in [module, noun] {
        let letters = name.len() > 2 && name.chars().all(|c| c.is_ascii_lowercase());
        if !letters || TAKEN.contains(&name) {
            return Err(format!("{name} is no name for this: use one English word in small letters").into());
        }
    }
    if module == noun {
        return Err("the module and its noun need different names: archives, folder".into());
    }
    Ok(())
}

fn render(text: &str, module: &str, noun: &str) -> String {
    text.replace("__module__", module)
        .replace("__Module__", &capital(module))
        .replace("__noun__", noun)
        .replace("__Noun__", &capital(noun))
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + rest
}

/// The root Cargo.toml with one module more; `None` when it does not look as we know it.
fn with_member(text: &str, module: &str) -> Option<String> {
    let (before, rest) = text.split_once("members = [")?;
    let (members, after) = rest.split_once(']')?;
    let text = format!("{before}members = [{members}  \"modules/{module}\",\n]{after}");
    let last = text.rfind("{ path = \"modules/")?;
    let end = last + text.get(last..)?.find('\n')?;
    let (before, after) = text.split_at(end);
    Some(format!("{before}\n{module} = {{ path = \"modules/{module}\" }}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{FILES, check, render, with_member};

    #[test]
    fn every_template_is_filled() {
        for (path, text) in FILES {
            let whole = render(path, "archives", "folder") + &render(text, "archives", "folder");
            assert!(!whole.contains("__"), "{path} has a place that was not filled");
        }
        assert_eq!(
            render("migrations/0001___noun__.sql", "archives", "folder"),
            "migrations/0001_folder.sql"
        );
        assert_eq!(render("FROM __module_____noun__", "archives", "folder"), "FROM archives_folder");
        assert_eq!(render("__Noun__Read", "archives", "folder"), "FolderRead");
    }

    #[test]
    fn names_are_words_that_rust_and_the_templates_do_not_use() {
        assert!(check("archives", "folder").is_ok());
        for (module, noun) in
            [("archives", "box"), ("Archives", "folder"), ("archives", "archives"), ("a-b", "folder")]
        {
            assert!(check(module, noun).is_err(), "{module} {noun}");
        }
    }

    #[test]
    fn the_workspace_learns_of_the_module() {
        crate::process::enter_root().unwrap();
        let text = with_member(&std::fs::read_to_string("Cargo.toml").unwrap(), "archives").unwrap();
        assert!(text.contains("  \"modules/archives\",\n]\n"));
        let dependency = "\narchives = { path = \"modules/archives\" }\n";
        assert_eq!(text.matches(dependency).count(), 1);
        assert!(text.find(dependency) > text.find("[workspace.dependencies]"));
    }
}
