//! The desks of the people of the walk: something to do for each of them at once.

use crate::demo::data::{GOVERNMENT, GOVERNMENT_CODE, PROVINCE, PROVINCE_CODE, Picture};
use crate::demo::play::Play;
use crate::demo::play::letters::{Letter, letter};
use crate::demo::play::sessions::Session;
use base::form::Input;
use base::{Instant, Result};

/// A desk: an agency of the walk, and how many drafts wait in each state when the visitor comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Desk {
    tenant: &'static str,
    pub(crate) code: &'static str,
    /// The field its drafts are about, so that they lie with the people of the walk.
    field: &'static str,
    /// Drafting, returned, content, format, leader, to issue.
    waiting: [usize; 6],
}

const ABOVE: Desk =
    Desk { tenant: GOVERNMENT, code: GOVERNMENT_CODE, field: "van_phong", waiting: [2, 7, 4, 4, 9, 5] };
const PROVINCIAL: Desk =
    Desk { tenant: PROVINCE, code: PROVINCE_CODE, field: "giao_duc", waiting: [2, 3, 7, 4, 7, 4] };
const FOUR_LEVELS: [Desk; 4] = [
    ABOVE,
    PROVINCIAL,
    Desk { tenant: PROVINCE, code: "000.00.40.H44", field: "van_hoa", waiting: [1, 2, 3, 3, 8, 3] },
    Desk { tenant: PROVINCE, code: "000.29.40.H44", field: "van_phong", waiting: [1, 0, 0, 3, 7, 3] },
];
const TWO_LEVELS: [Desk; 3] = [
    ABOVE,
    PROVINCIAL,
    Desk { tenant: PROVINCE, code: "000.61.52.H44", field: "xa_hoi", waiting: [1, 5, 4, 3, 8, 3] },
];

/// The acts that bring a draft from one state to the next.
const WAY: [&str; 3] = ["approve-content", "approve-format", "approve"];

impl Play {
    /// The desks of the picture.
    pub(crate) fn desks(&self) -> &'static [Desk] {
        match self.tree.picture {
            Picture::FourLevels => &FOUR_LEVELS,
            Picture::TwoLevels => &TWO_LEVELS,
        }
    }

    /// Writes drafts for every desk and leaves them where they wait.
    pub(crate) async fn fill_desks(&mut self, session: &Session) -> Result<()> {
        for desk in self.desks() {
            let [drafting, returned, content, format, leader, issue] = desk.waiting;
            let stays = [drafting, returned, content, format, leader, issue];
            let mut ids = Vec::new();
            for (stage, count) in stays.into_iter().enumerate() {
                let letters = self.desk_letters(desk, (stage, count));
                let made = self.draft(letters, session.at(438)).await?;
                ids.extend(made.into_iter().flatten().map(|id| (stage, id)));
            }
            self.move_on(desk, &ids, session).await?;
        }
        Ok(())
    }

    fn desk_letters(&self, desk: &Desk, (stage, count): (usize, usize)) -> Vec<Letter> {
        let Some(place) = self.tree.place(desk.code) else { return Vec::new() };
        let above = place.parent.as_deref().and_then(|code| self.tree.place(code));
        let (subjects, to, called): (_, Vec<&str>, _) = match (desk.code, above) {
            (GOVERNMENT_CODE, _) => (&self.library.central, vec![PROVINCE_CODE], "UBND tỉnh Phú Thọ"),
            (PROVINCE_CODE, _) => (&self.library.province, Vec::new(), "UBND các địa phương"),
            (_, Some(above)) if above.code == PROVINCE_CODE => {
                (&self.library.district, vec![PROVINCE_CODE], "UBND tỉnh Phú Thọ")
            }
            (_, above) => {
                (&self.library.commune, above.map(|a| a.code.as_str()).into_iter().collect(), "UBND huyện")
            }
        };
        let groups: &'static [&'static str] = match (desk.code, self.tree.picture) {
            (PROVINCE_CODE, Picture::FourLevels) => &["districts"],
            (PROVINCE_CODE, Picture::TwoLevels) => &["communes"],
            _ => &[],
        };
        let taken = stage * 7;
        subjects
            .iter()
            .cycle()
            .skip(taken)
            .take(count)
            .map(|subject| {
                let mut subject = subject.clone();
                desk.field.clone_into(&mut subject.field);
                Letter { groups, submit: stage > 0, ..letter(desk.code, &subject, &to, called) }
            })
            .collect()
    }

    /// Brings each draft to the state it waits in.
    async fn move_on(&mut self, desk: &Desk, ids: &[(usize, String)], session: &Session) -> Result<()> {
        for (nth, word) in WAY.iter().enumerate() {
            let at = session.at(440 + i64::try_from(nth).unwrap_or(0) * 5);
            self.step_all(desk, ids, (nth + 2, word, at)).await?;
        }
        self.return_some(desk, ids, session.at(458)).await
    }

    /// Takes one step with all drafts that wait further on.
    async fn step_all(
        &mut self,
        desk: &Desk,
        ids: &[(usize, String)],
        (stage, word, at): (usize, &str, Instant),
    ) -> Result<()> {
        let status = match word {
            "approve-content" => "content_review",
            "approve-format" => "format_review",
            _ => "leader_review",
        };
        let mut acts = Vec::new();
        for row in self.outgoing(desk.tenant, status).await? {
            let id = row.id.to_string();
            if !ids.iter().any(|(stays, known)| *known == id && *stays > stage) {
                continue;
            }
            let Some(person) = self.hand(desk.tenant, &row, word) else { continue };
            let Some(seat) = self.seat_of(desk.tenant, row.agency) else { continue };
            acts.push(seat.act(person, at, format!("/documents/outgoing/{id}/{word}"), Input::default()));
        }
        self.all(acts).await.map(drop)
    }

    /// The head returns those that shall lie with the drafter again.
    async fn return_some(&mut self, desk: &Desk, ids: &[(usize, String)], at: Instant) -> Result<()> {
        let mut acts = Vec::new();
        for row in self.outgoing(desk.tenant, "content_review").await? {
            let id = row.id.to_string();
            if !ids.iter().any(|(stays, known)| *known == id && *stays == 1) {
                continue;
            }
            let reason = self.dice.pick(&self.library.phrases.revise).cloned().unwrap_or_default();
            let Some(person) = self.hand(desk.tenant, &row, "approve-content") else { continue };
            let Some(seat) = self.seat_of(desk.tenant, row.agency) else { continue };
            let input = Input::default().with("reason", reason);
            acts.push(seat.act(person, at, format!("/documents/outgoing/{id}/return-content"), input));
        }
        self.all(acts).await.map(drop)
    }
}
