use super::commune_admin;
use kernel::{Scope, jobs};
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
        for job in jobs::claim(db, now, now.plus_minutes(5), 10)? {
            jobs::failed(db, &job, (true, now), "the mail server does not answer")?;
        }
        Ok(())
    };
    town.wait(town.db("phutho").write(Scope::Everything, kills)).expect("a dead job");
}

testkit::stories! {
    of [admin::module()];

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
}
