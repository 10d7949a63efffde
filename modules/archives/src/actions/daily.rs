//! What is done once a day: keepers are told thirty days before a dossier is to be handed over (annex VI, I.5b).

use crate::actions::dossiers::{KIND, path};
use crate::rules::handover;
use crate::store::archive as store;
use base::Result;
use kernel::{System, Writer};
use platform::notify::{Say, note};
use platform::tasks::{NewTask, Owner};
use platform::{notify, tasks};

/// Gives each keeper a notice and a task for every dossier that is due within thirty days, once.
pub(crate) fn run(cx: &mut Writer<'_, System>, _payload: &serde_json::Value) -> Result<()> {
    let today = cx.now().date();
    let by = today.plus_days(handover::on(today).notice_days());
    for dossier in store::due_soon(cx, by)? {
        store::noticed(cx, dossier.id)?;
        let path = path(dossier.id);
        let values = [("notation", dossier.notation.clone()), ("date", dossier.due_on.dmy())];
        let say = Say { key: "archives.notice.due", values: &values, path: &path };
        notify::tell(cx, dossier.agency, dossier.keeper, &say)?;
        tasks::close(cx, dossier.id, "archives.task.hand_over", "told again")?;
        let task = NewTask {
            kind: "archives.task.hand_over",
            subject: (KIND, dossier.id.uuid()),
            title: &dossier.title,
            detail: &dossier.notation,
            path,
            act_path: None,
            owner: Owner::Person(dossier.keeper, None),
            lead: true,
            urgency: 0,
            due: Some(dossier.due_on.at(17, 0)),
        };
        tasks::give(cx, dossier.agency, &task)?;
        cx.record_noted("archives.act.noticed", (KIND, dossier.id), dossier.agency, note(&values));
    }
    Ok(())
}
