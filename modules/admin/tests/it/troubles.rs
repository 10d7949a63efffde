use super::commune_admin;
use base::Id;
use base::form::Upload;
use kernel::{Scope, Sql, jobs, q};
use platform::files::{self, FileOf};
use platform::scans::{self, State};
use platform::tasks::{self, NewTask, Owner};
use testkit::Town;

/// A job that nobody could finish.
fn dead_job(town: &Town) {
    let (now, agency) = (town.now(), town.agency("Phú Thọ").id);
    town.act("phutho", move |cx| {
        jobs::enqueue(cx, "mail", "a letter", &serde_json::json!({}))?;
        cx.record("admin.act.job_retried", ("agency", agency), agency);
        Ok(())
    });
    let kills = move |db: &dyn kernel::Database| {
        for job in jobs::claim(db, (now, now.plus_minutes(5)), ("", false), 10)? {
            jobs::failed(db, &job, (true, now), "the mail server does not answer")?;
        }
        Ok(())
    };
    town.wait(town.db("phutho").write(Scope::Everything, kills)).expect("a dead job");
}

/// Harmful files of one thing, the newest of them last, and the task that waits for them.
fn harmful(town: &Town, count: usize) -> Vec<Id<FileOf>> {
    let (agency, now) = (town.agency("Hùng Lô").id, town.now());
    let expected = move |db: &dyn kernel::Database| {
        (0..count).try_for_each(|n| scans::expect(db, &format!("{n:064x}"), (None, now)))
    };
    town.wait(town.db("phutho").write(Scope::Everything, expected)).expect("written");
    town.act("phutho", move |cx| {
        let subject = cx.new_id::<()>();
        for n in 0..count {
            let (sha256, name) = (format!("{n:064x}"), format!("tep-{n:03}.com"));
            let file = Upload { sha256, name, content_type: "text/plain".to_owned(), bytes: 68 };
            files::add(cx, (agency, subject), ("main", 0), &file)?;
            scans::settle(cx, &file.sha256, (State::Infected, "Vanlang.Eicar"))?;
        }
        let task = NewTask {
            kind: scans::TASK,
            subject: ("letter", subject.uuid()),
            title: "Thư có mã độc",
            detail: "",
            path: "/".to_owned(),
            act_path: None,
            owner: Owner::Pool("admin.health.see"),
            lead: true,
            urgency: 0,
            due: None,
        };
        tasks::give(cx, agency, &task)?;
        cx.record("admin.act.job_retried", ("agency", agency), agency);
        Ok(files::of(cx, subject)?.iter().map(|file| file.id).collect())
    })
}

fn open_tasks(town: &Town) -> i64 {
    static OPEN: Sql = q!("SELECT count(*) FROM platform_tasks WHERE {scope} AND done_at IS NULL");
    town.read("phutho", |cx| cx.number(&OPEN, &[]))
}

testkit::stories! {
    of [admin::module()];

    fn harmful_files_are_seen_on_several_pages_and_each_is_destroyed(town: Town) {
        let files = harmful(&town, 205);
        let admin = town.admin("Phú Thọ");
        let first = admin.get("/admin/troubles");
        let older = first.ok().links_to("/admin/troubles?harmful=");
        let second = admin.get(older[0].split('#').next().unwrap());
        let third = admin.get(second.ok().links_to("/admin/troubles?harmful=")[0].split('#').next().unwrap());
        for n in 0..205 {
            let name = format!("tep-{n:03}.com");
            assert_eq!(first.count(&name) + second.count(&name) + third.count(&name), 1, "{name}");
        }
        for (n, file) in files.iter().enumerate() {
            assert_eq!(open_tasks(&town), 1, "another harmful file is left");
            admin.get("/admin/troubles").ok();
            admin.post("/admin/files/destroy", &[("file", &file.to_string())]).ok().sees(&format!("tep-{n:03}.com"));
        }
        assert_eq!(open_tasks(&town), 0);
    }

    fn dead_work_is_seen_and_tried_again_with_one_press(town: Town) {
        dead_job(&town);
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/health").ok().sees("Cần xem");
        let page = admin.get("/admin/troubles");
        page.ok().sees("the mail server does not answer");
        let form = page.forms().into_iter().find(|form| form.action.ends_with("/retry")).expect("a button");
        admin.post(&form.action, &[]).ok().sees("Đã đưa vào hàng đợi").lacks("the mail server");
        admin.get("/admin/audit").sees("Thử lại việc nền loại mail");
        admin.post(&form.action, &[]).is(404);
    }

    fn a_commune_does_not_see_the_work_of_the_whole_tenant(town: Town) {
        dead_job(&town);
        let admin = commune_admin(&town, "Hùng Lô");
        admin.get("/admin/troubles").ok().lacks("the mail server");
        admin.post("/admin/jobs/1/retry", &[]).is(404);
    }

    fn a_healthy_system_says_so(town: Town) {
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/health").ok().sees("Bình thường").lacks("Cần xem");
        admin.get("/admin/troubles").ok().sees("Không có sự cố");
        let data = admin.api("/admin/health", None);
        assert_eq!(data.ok().json()["jobs_dead"], 0);
    }

    fn the_page_tells_sizes_room_and_the_last_backup(town: Town) {
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/health").ok().sees("Chưa có bản sao lưu nào").sees("Chưa đo");
        let now = town.now();
        town.wait(town.server().measure("phutho", now)).expect("figures");
        let backup = move |db: &dyn kernel::Database| {
            kernel::upkeep::note(db, kernel::upkeep::Figure::Backup, (0, now))
        };
        town.wait(town.db("phutho").write(Scope::Everything, backup)).expect("a note");
        town.pass_minutes(180);
        admin.get("/admin/health").ok().sees("3 giờ trước").lacks("Chưa đo").lacks("Chưa có bản sao lưu");
        let data = admin.api("/admin/health", None).ok().json();
        assert!(data["database_bytes"].as_i64() > Some(10_000), "{data}");
        assert!(data["disk_free_bytes"].as_i64() > Some(0) && data["files_bytes"].as_i64() > Some(0), "{data}");
        // A night without a backup is pointed out.
        town.pass_minutes(24 * 60);
        admin.get("/admin/health").ok().sees("27 giờ trước").sees("Cần lưu ý");
        // A commune administers no disk.
        let commune = commune_admin(&town, "Hùng Lô");
        commune.get("/admin/health").ok().lacks("Bản sao lưu");
        assert!(commune.api("/admin/health", None).ok().json()["database_bytes"].is_null());
    }
}
