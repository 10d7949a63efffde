//! What an operator does on the machine: found, back up, restore, change the master key.

#[cfg(test)]
mod upkeep {
    use engine::files::Store;
    use std::path::{Path, PathBuf};
    use testkit::Engine;
    use vanlang::app::{self, Settings};
    use vanlang::{found, upkeep};

    const CONTENT: &[u8] = "Công văn mật của tỉnh".as_bytes();

    fn founding(tenant: &str) -> found::Founding {
        found::Founding {
            tenant: tenant.to_owned(),
            agency: "UBND tỉnh Phú Thọ".to_owned(),
            code: "000.00.00.H44".to_owned(),
            code_qd20: String::new(),
            symbol: "UBND".to_owned(),
            place: "Phú Thọ".to_owned(),
            tier: "province".to_owned(),
            username: "quantri".to_owned(),
            name: "Bùi Minh Quân".to_owned(),
        }
    }

    /// A configuration file with one tenant.
    fn configured(folder: &Path, (tenant, database): (&str, Option<&str>), more: &str) -> PathBuf {
        let database = database.map(|url| format!("database = \"{url}\"")).unwrap_or_default();
        let file = folder.join("vanlang.toml");
        let data = folder.join("data");
        let text = format!(
            "[server]\ndata = \"{}\"\n{more}\n[[tenants]]\nname = \"{tenant}\"\ntitle = \"Phú Thọ\"\n{database}\n",
            data.display()
        );
        std::fs::write(&file, text).unwrap();
        file
    }

    /// Founds the tenant and stores a file; answers the file's name.
    async fn begun(settings: &Settings) -> String {
        let tenant = &settings.tenants[0].name;
        found::found(settings, &founding(tenant)).await.unwrap();
        let master = app::master(settings).unwrap();
        let store = Store::open(&app::files_folder(&settings.server.data, tenant), &master).await.unwrap();
        store.put(CONTENT).await.unwrap().sha256
    }

    async fn reads(settings: &Settings, sha256: &str) -> Vec<u8> {
        let master = app::master(settings).unwrap();
        let folder = app::files_folder(&settings.server.data, &settings.tenants[0].name);
        let store = Store::open(&folder, &master).await.unwrap();
        store.get(sha256).await.unwrap().0.read_all().await.unwrap()
    }

    #[tokio::test]
    async fn a_backup_holds_what_a_new_machine_needs() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::read(&configured(folder.path(), ("phutho", None), "")).unwrap();
        let file = begun(&settings).await;
        let (saved, data) = (folder.path().join("saved"), folder.path().join("new"));
        upkeep::backup(&settings, &saved).await.unwrap();
        let mut said = Vec::new();
        upkeep::restore(&saved, (None, Some(&data)), &mut said).await.unwrap();
        let said = String::from_utf8(said).unwrap();
        assert!(said.starts_with("phutho: whole, 3 audit entries"), "{said}");
        let restored = upkeep::settings(None, Some(&data)).unwrap();
        assert_eq!(reads(&restored, &file).await, CONTENT);
        assert!(upkeep::restore(&saved, (None, Some(&data)), &mut Vec::new()).await.is_err());
        // A backup that lost its key says so; nobody makes up another.
        std::fs::remove_file(saved.join("master.key")).unwrap();
        let (other, out) = (folder.path().join("other"), &mut Vec::new());
        let told = upkeep::restore(&saved, (None, Some(&other)), out).await.unwrap_err().to_string();
        assert!(told.contains("master key") && told.contains("is missing"), "{told}");
    }

    #[tokio::test]
    async fn a_tenant_moves_to_postgresql_and_back_with_its_files() {
        let Some(Engine::Postgres(url)) = Engine::postgres() else { return };
        let name = format!("u{}", std::process::id());
        let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
        let place = |n: usize, database| configured(folders[n].path(), (&name, database), "");
        let first = Settings::read(&place(0, None)).unwrap();
        let file = begun(&first).await;
        let (saved, again) = (folders[0].path().join("saved"), folders[1].path().join("saved"));
        upkeep::backup(&first, &saved).await.unwrap();
        let config = place(1, Some(&url));
        upkeep::restore(&saved, (Some(&config), None), &mut Vec::new()).await.unwrap();
        let second = Settings::read(&config).unwrap();
        assert_eq!(reads(&second, &file).await, CONTENT);
        upkeep::backup(&second, &again).await.unwrap();
        let config = place(2, None);
        let mut said = Vec::new();
        upkeep::restore(&again, (Some(&config), None), &mut said).await.unwrap();
        assert!(String::from_utf8(said).unwrap().contains(": whole, 3 audit entries"));
        assert_eq!(reads(&Settings::read(&config).unwrap(), &file).await, CONTENT);
    }

    #[tokio::test]
    async fn a_tenant_whose_name_is_misspelt_is_not_made_and_does_not_verify() {
        let mut urls = vec![None];
        if let Some(Engine::Postgres(url)) = Engine::postgres() {
            urls.push(Some(url));
        }
        for url in urls {
            let folder = tempfile::tempdir().unwrap();
            let name = format!("phutoh{}", std::process::id());
            let settings = Settings::read(&configured(folder.path(), (&name, url.as_deref()), "")).unwrap();
            // The second time too: the first has made nothing.
            for _ in 0..2 {
                let told = upkeep::verify(&settings, &mut Vec::new()).await.unwrap_err().to_string();
                assert!(told.contains("has no database"), "{told}");
            }
        }
    }

    #[tokio::test]
    async fn the_master_key_is_changed_and_the_old_one_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let config = configured(folder.path(), ("phutho", None), "");
        let settings = Settings::read(&config).unwrap();
        let file = begun(&settings).await;
        let key = settings.server.master_key();
        let old = std::fs::read(&key).unwrap();
        upkeep::rotate_key(&settings, None).unwrap();
        assert_ne!(std::fs::read(&key).unwrap(), old);
        assert_eq!(reads(&settings, &file).await, CONTENT);
        // To a key kept elsewhere, which the configuration then names.
        let outside = folder.path().join("safe.key");
        upkeep::rotate_key(&settings, Some(&outside)).unwrap();
        let more = format!("master_key = \"{}\"", outside.display());
        let moved = Settings::read(&configured(folder.path(), ("phutho", None), &more)).unwrap();
        assert_eq!(reads(&moved, &file).await, CONTENT);
        // A backup then carries no key, and is restored where the key is.
        let saved = folder.path().join("saved");
        upkeep::backup(&moved, &saved).await.unwrap();
        assert!(!saved.join("master.key").exists());
        // A run that was stopped after the tenants were wrapped, before the key was put in its place.
        std::fs::write(&key, &old).unwrap();
        let told = upkeep::rotate_key(&settings, None).unwrap_err().to_string();
        assert!(told.contains("wrapped under master key"), "{told}");
    }
}
