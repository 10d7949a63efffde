//! The archive: a catalogue of the year, a few dossiers opened by it, and one whose hand-over is near.

use crate::demo::data::{PROVINCE, Place};
use crate::demo::play::{Act, Play, Seat, made};
use base::form::Input;
use base::{Instant, PersonId, Result};
use kernel::{Sql, q, values};
use uuid::Uuid;

static HEADINGS: Sql = q!("SELECT id, symbol
     FROM archives_headings
     WHERE {scope} AND catalogue_id = $1
     ORDER BY sort");
static LINES: Sql = q!("SELECT id, title, years, person_id
     FROM archives_lines
     WHERE {scope} AND catalogue_id = $1
     ORDER BY notation");

/// A line of the catalogue: id, title, years, person.
type Line = (Uuid, String, Option<i64>, Option<PersonId>);

/// How many units of an agency have a heading of their own.
const HEADINGS_MAX: usize = 4;
/// How many documents lie in a dossier.
const DOCUMENTS: usize = 5;
/// Days since the work of the dossier ended whose hand-over is near.
const ENDED_BEFORE: i64 = 75;

impl Play {
    /// Draws up catalogues and opens dossiers at the province and at the agency of the walk below it.
    pub(crate) async fn dossiers(&mut self, now: Instant) -> Result<()> {
        let codes: Vec<&'static str> = self.desks().iter().skip(1).take(2).map(|desk| desk.code).collect();
        for code in codes {
            let Some(place) = self.tree.place(code).cloned() else { continue };
            if let Some(catalogue) = self.catalogue(&place, now.plus_minutes(-60)).await? {
                self.fill(&place, &catalogue, now.plus_minutes(-40)).await?;
            }
        }
        Ok(())
    }

    /// One act of somebody at a place; the id of what it made.
    async fn one(
        &mut self,
        place: &Place,
        act: impl FnOnce(&Seat<'_>) -> Option<Act>,
    ) -> Result<Option<String>> {
        let Some(act) = self.seat(place).and_then(|seat| act(&seat)) else { return Ok(None) };
        let replies = self.all(vec![act]).await?;
        Ok(replies.first().and_then(|reply| made(reply.as_ref())))
    }

    /// The clerk draws the catalogue of the year up, a heading for each unit; the leader approves it.
    async fn catalogue(&mut self, place: &Place, at: Instant) -> Result<Option<String>> {
        let year = at.year();
        let begin = Input::default().with("year", year).with("numbering", "heading");
        let begun = |seat: &Seat<'_>| {
            Some(seat.act(seat.person("clerk")?, at, "/archives/catalogues".to_owned(), begin))
        };
        let Some(id) = self.one(place, begun).await? else { return Ok(None) };
        let page = format!("/archives/catalogues/{id}");
        for (name, symbol) in place.units.iter().take(HEADINGS_MAX) {
            let input = Input::default().with("heading_name", name).with("symbol", symbol);
            let address = format!("{page}/headings");
            self.one(place, |seat| Some(seat.act(seat.person("clerk")?, at, address, input))).await?;
        }
        for (heading, symbol) in self.headings(&id).await? {
            let Some((name, _)) = place.units.iter().find(|(_, known)| *known == symbol) else { continue };
            let titles = [
                (format!("Hồ sơ chỉ đạo, điều hành của {name} năm {year}"), "20"),
                (format!("Hồ sơ báo cáo định kỳ của {name} năm {year}"), "10"),
                (format!("Hồ sơ thi đua, khen thưởng của {name} năm {year}"), ""),
            ];
            for (title, years) in titles {
                let address = format!("{page}/lines");
                let act = |seat: &Seat<'_>| {
                    let person =
                        seat.person_in("officer", &symbol).or_else(|| seat.person_in("head", &symbol));
                    let input = Input::default()
                        .with("heading", heading)
                        .with("title", title)
                        .with("years", years)
                        .with("person", person.map(|id| id.to_string()).unwrap_or_default());
                    Some(seat.act(seat.person("clerk")?, at, address, input))
                };
                self.one(place, act).await?;
            }
        }
        let input =
            Input::default().with("decision", "15/QĐ-UBND").with("decided_on", at.date().plus_days(-1).iso());
        let address = format!("{page}/approve");
        self.one(place, |seat| Some(seat.act(seat.person("leader")?, at, address, input))).await?;
        Ok(Some(id))
    }

    async fn headings(&self, catalogue: &str) -> Result<Vec<(Uuid, String)>> {
        self.read_of(&HEADINGS, catalogue).await
    }

    /// People open their dossiers and file documents that are done; one of them is closed.
    async fn fill(&mut self, place: &Place, catalogue: &str, at: Instant) -> Result<()> {
        let Some(agency) = self.seat(place).map(|seat| seat.agency) else { return Ok(()) };
        let mut done = self.incoming(PROVINCE, "done").await?;
        done.retain(|document| document.agency == agency);
        let lines: Vec<Line> = self.read_of(&LINES, catalogue).await?;
        for (nth, (line, title, years, person)) in
            lines.into_iter().enumerate().filter(|(nth, _)| nth % 3 < 2)
        {
            let Some(person) = person else { continue };
            let input = Input::default()
                .with("line", line)
                .with("title", &title)
                .with("years", years.map(|years| years.to_string()).unwrap_or_default())
                .with("access", "agency")
                .with("language", "Tiếng Việt")
                .with("started_on", at.date().plus_days(-120).iso());
            let address = "/archives/dossiers".to_owned();
            let open = |seat: &Seat<'_>| Some(seat.act(person, at, address, input));
            let Some(dossier) = self.one(place, open).await? else { continue };
            // Neighbours overlap: a document lies in more than one dossier.
            let documents = done.iter().skip(nth * (DOCUMENTS - 1)).take(DOCUMENTS);
            let ids: Vec<Uuid> = documents.map(|document| document.id).collect();
            let is_empty = ids.is_empty();
            for id in ids {
                let input = Input::default().with("dossiers", &dossier);
                let address = format!("/archives/file?incoming={id}");
                self.one(place, |seat| Some(seat.act(person, at, address, input))).await?;
            }
            // An empty dossier cannot be closed.
            if nth == 0 && !is_empty {
                self.near_its_end(place, (&dossier, &title, person), at).await?;
            }
            if nth == 1 && !is_empty {
                self.handed_over(place, (&dossier, &title, person), at).await?;
            }
        }
        Ok(())
    }

    /// A dossier whose work is done waits for the archive.
    async fn handed_over(
        &mut self,
        place: &Place,
        (dossier, title, person): (&str, &str, PersonId),
        at: Instant,
    ) -> Result<()> {
        let end = Input::default().with("ended_on", at.date().plus_days(-10).iso()).with("confirm_gaps", "1");
        let offer = Input::default().with("dossiers", dossier).with("block", title).with("condition", "Tốt");
        let acts =
            [(format!("/archives/dossiers/{dossier}/close"), end), ("/archives/handovers".to_owned(), offer)];
        for (address, input) in acts {
            self.one(place, |seat| Some(seat.act(person, at, address, input))).await?;
        }
        Ok(())
    }

    /// A construction whose accounts were settled weeks ago: its dossier is due before long.
    async fn near_its_end(
        &mut self,
        place: &Place,
        (dossier, title, person): (&str, &str, PersonId),
        at: Instant,
    ) -> Result<()> {
        let says = Input::default()
            .with("title", title)
            .with("years", "20")
            .with("construction", "1")
            .with("access", "agency")
            .with("language", "Tiếng Việt")
            .with("started_on", at.date().plus_days(-120).iso());
        let end = Input::default()
            .with("ended_on", at.date().plus_days(-ENDED_BEFORE).iso())
            .with("confirm_gaps", "1");
        for (word, input) in [("edit", says), ("close", end)] {
            let address = format!("/archives/dossiers/{dossier}/{word}");
            self.one(place, |seat| Some(seat.act(person, at, address, input))).await?;
        }
        Ok(())
    }

    async fn read_of<R>(&self, sql: &'static Sql, catalogue: &str) -> Result<Vec<R>>
    where
        R: kernel::FromRow + Send + 'static,
    {
        let Ok(id) = catalogue.parse::<Uuid>() else { return Ok(Vec::new()) };
        self.read(PROVINCE, move |cx| cx.rows(sql, values![id])).await
    }
}
