//! Writes the gallery, a desk and a sign-in page as files, to look at them without a server:
//! `cargo run -p ui --example render -- OUTDIR`, then serve OUTDIR and open `gallery-light.html`.

mod desk;
mod incoming;
mod register;
mod tracking;

use base::{Instant, Lang, T, Texts};
use maud::{Markup, html};
use std::path::Path;
use std::{env, fs, io};
use ui::{Public, RailItem, RailSection, Shell, Theme};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/ui".to_owned());
    let folder = Path::new(&folder);
    write_assets(folder)?;
    let mut texts = Texts::default();
    texts.add(ui::VI, ui::EN).map_err(io::Error::other)?;
    // The texts live as long as the program, as in the server.
    let texts: &'static Texts = Box::leak(Box::new(texts));
    let now = Instant::local(2017, 3, 14, 9, 42).ok_or(io::ErrorKind::InvalidInput)?;
    for lang in [Lang::Vi, Lang::En] {
        let t = T::new(texts, lang);
        for theme in Theme::ALL {
            let end = format!("{}-{}.html", theme.code(), lang.code());
            let gallery = page(t, theme, t.text("ui.gallery.title"), ui::gallery(t, now));
            fs::write(folder.join(format!("gallery-{end}")), gallery.into_string())?;
            fs::write(folder.join(format!("public-{end}")), visitor(t, theme).into_string())?;
            for (name, body) in [
                ("desk", desk::desk(t, now)),
                ("incoming", incoming::incoming(t, now)),
                ("register", register::register(t)),
                ("tracking", tracking::tracking(t)),
            ] {
                fs::write(folder.join(format!("{name}-{end}")), page(t, theme, name, body).into_string())?;
            }
        }
    }
    Ok(())
}

/// Every asset the pages name, under the address they name it by.
fn write_assets(folder: &Path) -> io::Result<()> {
    const FONTS: [&str; 2] = ["latin", "vietnamese"];
    const WEIGHTS: [&str; 4] = ["400", "500", "600", "700"];
    let fonts = FONTS.iter().flat_map(|subset| {
        WEIGHTS.iter().map(move |weight| format!("fonts/be-vietnam-pro-{subset}-{weight}-normal.woff2"))
    });
    for name in ["app.css", "app.js", "icons.svg"].map(str::to_owned).into_iter().chain(fonts) {
        let Some((bytes, _)) = ui::asset(&name) else { continue };
        let path = folder.join(ui::asset_path(&name).trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn page(t: T, theme: Theme, title: &str, body: Markup) -> Markup {
    let item = |label, icon, count: Option<i64>, late| RailItem {
        label,
        href: "#main",
        icon,
        count,
        late,
        quiet: false,
        current: late > 0,
    };
    let sections = [
        RailSection { label: "", items: vec![item(t.text("ui.notices"), "inbox", Some(23), 3)] },
        RailSection {
            label: t.text("ui.gallery.viewer"),
            items: vec![
                item(t.text("ui.gallery.registered"), "book", Some(14), 0),
                item(t.text("ui.gallery.tables"), "folder", None, 0),
            ],
        },
    ];
    let flash = ui::Flash { kind: ui::Tone::Ok, text: t.text("ui.gallery.accepted").to_owned(), undo: None };
    let shell = Shell {
        t,
        title,
        tenant_name: "Tỉnh Phú Thọ",
        agency_name: "UBND tỉnh",
        person_name: "Trần Thị Hồng Nhạn",
        post_title: "Văn thư",
        theme,
        sections: &sections,
        notices: 3,
        search_value: "",
        flash: Some(&flash),
        csrf: "csrf",
        path: "/_ui",
        foot: "09:42, 14/03/2017",
        print_mark: "",
        demo: true,
    };
    ui::page(&shell, body)
}

fn visitor(t: T, theme: Theme) -> Markup {
    let errors = base::FieldErrors::default();
    let state = base::form::FormState { input: None, errors: &errors, csrf: "csrf", once: "once" };
    let name = base::form::Field::line("ui.gallery.person_one").named("name");
    let password =
        base::form::Field::new(base::form::Kind::Password, "ui.gallery.password").named("password");
    let body = html! {
        h1 { (t.text("ui.gallery.title")) }
        div class="narrow" {
            (ui::form(t, &state, "/sign-in", html! {
                (ui::field(t, &name, &state, "", &[]))
                (ui::field(t, &password, &state, "", &[]))
                (ui::acts(ui::submit(t, "ui.gallery.accept", "")))
            }))
        }
    };
    let public = Public {
        t,
        title: t.text("ui.gallery.title"),
        tenant_name: "Tỉnh Phú Thọ",
        theme,
        csrf: "csrf",
        path: "/sign-in",
        demo: true,
    };
    ui::public_page(&public, body)
}
