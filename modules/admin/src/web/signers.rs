//! The digital signatures of an agency: its people's and its own.

use crate::rights::AdminSigners;
use crate::web::{agencies_in_reach, agency_filter, agency_in_reach, chosen_agency};
use base::form::{Field, Form, Kind, Upload};
use base::{AgencyId, Error, Id, Instant, PersonId, Result, T, WhileDoing};
use contracts::signing::{Enclosure, Key, Work};
use kernel::{Opened, Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::outside::Outside;
use platform::people::{self, Holder};
use platform::signers::{self, Signer};

/// Days before the end of a certificate from which on its end is warned of.
const WARN_DAYS: i64 = 30;

base::form! {
    /// A signer that is entered.
    pub(crate) struct SignerForm {
        agency: AgencyId = Field::hidden("admin.agency").required(),
        owner: String = Field::choice("admin.signers.owner").required(),
        place: String = Field::choice("admin.signers.place").required(),
        file: Option<Upload> = Field::file("admin.signers.file").hint("admin.hint.key_file"),
        key_password: Option<String> = Field::new(Kind::Password, "admin.signers.key_password").hint("admin.hint.key_password").max(200),
        token: String = Field::line("admin.signers.token").hint("admin.hint.token").max(100),
        label: String = Field::line("admin.signers.label").hint("admin.hint.label").max(100),
        pin: Option<String> = Field::new(Kind::Password, "admin.signers.pin").hint("admin.hint.pin").required().max(64),
        picture: Option<Upload> = Field::file("admin.signers.picture").hint("admin.hint.picture"),
    }
}

/// Where a key can be, in the order of the choice.
const PLACES: [(&str, &str); 3] = [
    ("file", "admin.signers.place.file"),
    ("token", "admin.signers.place.token"),
    ("remote", "admin.signers.place.remote"),
];

/// Entering a signer: its key is read, tried and sealed between two transactions.
pub(crate) const ENTER: Outside<AdminSigners> = Outside {
    plain: never,
    begin: |cx| {
        let (form, _) = asked(cx)?;
        let enclosure = Enclosure {
            key: key(&form)?,
            pin: form.pin.clone().unwrap_or_default(),
            picture: form.picture.as_ref().map(|file| file.sha256.clone()),
            organisation: form.owner == AGENCY,
        };
        serde_json::to_value(Work::Enclose(Box::new(enclosure))).while_doing("writing", "a signer").map(Some)
    },
    prepare: |_, _| Err(Error::NotFound),
    finish: |cx, _, made| {
        let (form, owner) = asked(cx)?;
        let enclosed = serde_json::from_value(made).while_doing("reading", "a signer")?;
        let picture = form.picture.as_ref().map(|file| file.sha256.as_str());
        let id = signers::enter(cx, (form.agency, owner), (&key(&form)?, picture), &enclosed)?;
        let values = [("subject", enclosed.certificate.subject)];
        cx.done_with("admin.signers.entered", list_of(form.agency), &values, id)
    },
};

/// The choice that means the agency itself.
const AGENCY: &str = "agency";

/// The form, and whose signer it is: somebody of this agency, or the agency.
fn asked(cx: &Raw<'_>) -> Result<(SignerForm, Option<PersonId>)> {
    let form: SignerForm = cx.form()?;
    agency_in_reach::<AdminSigners>(cx, form.agency)?;
    if form.owner == AGENCY {
        return Ok((form, None));
    }
    let person = form.owner.parse().ok();
    let holders = people::of_agency(cx, form.agency)?;
    match holders.iter().find(|holder| Some(holder.person) == person) {
        Some(holder) => Ok((form, Some(holder.person))),
        None => Err(Error::field("owner", "form.choose")),
    }
}

fn key(form: &SignerForm) -> Result<Key> {
    match form.place.as_str() {
        "file" => {
            let file = form.file.as_ref().ok_or_else(|| Error::field("file", "form.required"))?;
            let password = form.key_password.clone().unwrap_or_default();
            Ok(Key::File { sha256: file.sha256.clone(), password })
        }
        "token" => Ok(Key::Token { token: form.token.clone(), key: form.label.clone() }),
        "remote" if form.label.is_empty() => Err(Error::field("label", "form.required")),
        "remote" => Ok(Key::Remote { credential: form.label.clone() }),
        _ => Err(Error::field("place", "form.choose")),
    }
}

/// Nothing is entered without the work outside.
fn never(_: &mut Writer<'_, AdminSigners>) -> Reply {
    Err(Error::NotFound)
}

fn list_of(agency: AgencyId) -> String {
    format!("/admin/signers?agency={agency}")
}

/// The signers of an agency.
pub(crate) fn list(cx: &Reader<'_, AdminSigners>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminSigners>(cx)?;
    let all = signers::all(cx, agency.id)?;
    let holders = people::of_agency(cx, agency.id)?;
    let add = format!("/admin/signers/new?agency={}", agency.id);
    let act = ui::link_button_key(ui::ButtonKind::Primary, "plus", (t.text("admin.signers.add"), "n"), &add);
    let body = html! {
        (ui::head(t.text("admin.signers"), html! { (agency.name) }, act.clone()))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::filters(t, t.text("admin.signers"), "/admin/signers",
            agency_filter(t, &agencies_in_reach::<AdminSigners>(cx)?, (Some(agency.id), false))))
        @if all.is_empty() {
            (ui::empty(t.text("admin.signers.none"), t.text("admin.signers.none_text"), act))
        } @else {
            (ui::card_flush("signers", t.text("admin.signers"), html! {}, table(cx, &all, &holders)))
        }
    };
    cx.page(t.text("admin.signers"), body.into_string())
}

fn table(cx: &Raw<'_>, all: &[Signer], holders: &[Holder]) -> Markup {
    let t = cx.t();
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|signer| {
            let holder = holders.iter().find(|holder| Some(holder.person) == signer.person);
            vec![
                html! {
                    @match (signer.person, holder) {
                        (None, _) => (t.text("admin.signers.of_agency")),
                        (_, Some(holder)) => { (holder.name) ", " (holder.title) },
                        _ => (t.text("admin.signers.nobody")),
                    }
                },
                html! { (t.text(place_key(&signer.kind))) },
                html! { (signer.subject) div.under { (signer.issuer) } },
                until(t, signer, cx.now()),
                html! { (acts(cx, signer)) },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.signers.owner"), ui::Cell::Title),
        ui::Column::new(t.text("admin.signers.place"), ui::Cell::Text),
        ui::Column::new(t.text("admin.signers.certificate"), ui::Cell::Text),
        ui::Column::new(t.text("admin.signers.until"), ui::Cell::Text),
        ui::Column::new(t.text("admin.signers.acts"), ui::Cell::Text),
    ];
    ui::table(&ui::Table {
        caption: t.text("admin.signers"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

fn place_key(kind: &str) -> &'static str {
    match kind {
        "token" => "admin.signers.place.token",
        "remote" => "admin.signers.place.remote",
        _ => "admin.signers.place.file",
    }
}

fn until(t: T, signer: &Signer, now: Instant) -> Markup {
    let (tone, icon) = if signer.until < now {
        (ui::Tone::Late, "alert")
    } else if signer.until < now.plus_days(WARN_DAYS) {
        (ui::Tone::Soon, "clock")
    } else {
        (ui::Tone::Ok, "check")
    };
    html! {
        (ui::state(tone, icon, &signer.until.date().dmy()))
        @if signer.locked_at.is_some() { " " (ui::state(ui::Tone::Late, "lock", t.text("admin.signers.is_locked"))) }
    }
}

fn acts(cx: &Raw<'_>, signer: &Signer) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let path = format!("/admin/signers/{}", signer.id);
    ui::form(
        t,
        &state,
        &format!("{path}/remove"),
        ui::acts(html! {
            @if signer.wrong_pins > 0 {
                (ui::button_to(t, ui::ButtonKind::Plain, "admin.signers.unlock", &format!("{path}/unlock")))
            }
            (ui::button(t, ui::ButtonKind::Danger, "admin.signers.remove", ("", "")))
        }),
    )
}

/// The form of a new signer.
pub(crate) fn new(cx: &Reader<'_, AdminSigners>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let asked = state.input.and_then(|input| input.get("agency")).or_else(|| cx.query("agency"));
    let asked: Option<AgencyId> = asked.map(str::parse).transpose().map_err(|_| Error::NotFound)?;
    let id = asked.map_or_else(|| cx.agency(), Ok)?;
    let agency = agency_in_reach::<AdminSigners>(cx, id)?;
    let holders: Vec<(String, String)> = people::of_agency(cx, id)?
        .into_iter()
        .filter(|holder| holder.active && holder.role != "admin")
        .map(|holder| (holder.person.to_string(), format!("{}, {}", holder.name, holder.title)))
        .collect();
    let mut owners = vec![ui::Choice::new(AGENCY, t.text("admin.signers.of_agency"))];
    owners.extend(holders.iter().map(|(id, name)| ui::Choice::new(id, name)));
    let places: Vec<ui::Choice<'_>> =
        PLACES.iter().map(|(word, key)| ui::Choice::new(word, t.text(key))).collect();
    let id = id.to_string();
    let form = ui::form(
        t,
        &state,
        "/admin/signers/new",
        html! {
            (ui::error_summary(t, &state, SignerForm::FIELDS))
            @for field in SignerForm::FIELDS {
                @match field.name {
                    "agency" => (ui::field(t, field, &state, &id, &[])),
                    "owner" => (ui::field(t, field, &state, AGENCY, &owners)),
                    "place" => (ui::field(t, field, &state, "file", &places)),
                    _ => (ui::field(t, field, &state, "", &[])),
                }
            }
            (ui::acts(ui::submit(t, "admin.signers.add", "ctrl+enter")))
        },
    );
    let list = list_of(agency.id);
    let crumbs = [
        ui::Crumb { label: t.text("admin.signers"), href: "/admin/signers" },
        ui::Crumb { label: &agency.name, href: &list },
    ];
    let body = html! {
        (ui::crumbs(t, &crumbs, t.text("admin.signers.add")))
        (ui::head(t.text("admin.signers.add"), html! { (agency.name) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (form)
    };
    cx.page(t.text("admin.signers.add"), body.into_string())
}

fn opened(cx: &Writer<'_, AdminSigners>) -> Result<Opened<Signer>> {
    cx.open::<Signer>(cx.path_id::<Signer>()?)
}

/// Takes a signer away.
pub(crate) fn remove(cx: &mut Writer<'_, AdminSigners>) -> Reply {
    let signer = opened(cx)?;
    signers::remove(cx, &signer)?;
    done(cx, &signer, "admin.signers.removed")
}

/// Lets a locked signer be tried again.
pub(crate) fn unlock(cx: &mut Writer<'_, AdminSigners>) -> Reply {
    let signer = opened(cx)?;
    signers::unlock(cx, &signer)?;
    done(cx, &signer, "admin.signers.unlocked")
}

fn done(cx: &Writer<'_, AdminSigners>, signer: &Signer, key: &'static str) -> Reply {
    let id: Id<Signer> = signer.id;
    cx.done_with(key, list_of(signer.agency), &[("subject", signer.subject.clone())], id)
}
