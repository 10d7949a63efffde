//! Who lives in the country of the tests, and how a tenant is founded.

use base::{AgencyId, Date, Id, PersonId, Result, UnitId};
use kernel::{System, Writer};
use platform::identity;
use platform::organisations::{self, NewAgency, Tier};
use platform::people::{self, NewPerson, NewPost};
use std::collections::BTreeMap;

/// An agency of the tests.
#[derive(Debug, Clone, Copy)]
pub struct AgencyData {
    /// The tenant it works in.
    pub tenant: &'static str,
    /// Code, QCVN 102 form.
    pub code: &'static str,
    /// What stories call it.
    pub place: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The abbreviation in document symbols.
    pub symbol: &'static str,
    /// Its tier.
    pub tier: Tier,
    /// `committee` or `office`.
    pub kind: &'static str,
    /// Code of the agency above.
    pub parent: Option<&'static str>,
}

/// The tenants: name and title.
pub const TENANTS: &[(&str, &str)] = &[("phutho", "Tỉnh Phú Thọ"), ("chinhphu", "Văn phòng Chính phủ")];

const PROVINCE: &str = "000.00.00.H44";
const VIET_TRI: &str = "000.00.31.H44";
const THANH_THUY: &str = "000.00.42.H44";

/// The agencies, those above before those below.
pub const AGENCIES: &[AgencyData] = &[
    AgencyData {
        tenant: "phutho",
        code: PROVINCE,
        place: "Phú Thọ",
        name: "Ủy ban nhân dân tỉnh Phú Thọ",
        symbol: "UBND",
        tier: Tier::Province,
        kind: "committee",
        parent: None,
    },
    district(VIET_TRI, "Việt Trì", "Ủy ban nhân dân thành phố Việt Trì"),
    district(THANH_THUY, "Thanh Thủy", "Ủy ban nhân dân huyện Thanh Thủy"),
    commune("000.20.31.H44", "Dữu Lâu", "Ủy ban nhân dân phường Dữu Lâu", VIET_TRI),
    commune("000.38.31.H44", "Hùng Lô", "Ủy ban nhân dân xã Hùng Lô", VIET_TRI),
    commune("000.37.31.H44", "Kim Đức", "Ủy ban nhân dân xã Kim Đức", VIET_TRI),
    commune("000.20.42.H44", "Đào Xá", "Ủy ban nhân dân xã Đào Xá", THANH_THUY),
    commune("000.26.42.H44", "Bảo Yên", "Ủy ban nhân dân xã Bảo Yên", THANH_THUY),
    commune("000.34.42.H44", "Tu Vũ", "Ủy ban nhân dân xã Tu Vũ", THANH_THUY),
    AgencyData {
        tenant: "chinhphu",
        code: "000.00.00.G22",
        place: "Hà Nội",
        name: "Văn phòng Chính phủ",
        symbol: "VPCP",
        tier: Tier::Central,
        kind: "office",
        parent: None,
    },
];

const fn district(code: &'static str, place: &'static str, name: &'static str) -> AgencyData {
    let (tenant, tier) = ("phutho", Tier::District);
    AgencyData { tenant, code, place, name, symbol: "UBND", tier, kind: "committee", parent: Some(PROVINCE) }
}

const fn commune(
    code: &'static str,
    place: &'static str,
    name: &'static str,
    parent: &'static str,
) -> AgencyData {
    let (tenant, tier) = ("phutho", Tier::Commune);
    AgencyData { tenant, code, place, name, symbol: "UBND", tier, kind: "committee", parent: Some(parent) }
}

/// Units of every agency: symbol and name.
pub(crate) const UNITS: &[(&str, &str)] = &[("VX", "Phòng Văn hóa – Xã hội"), ("KT", "Phòng Kinh tế")];

/// People of every agency: role, unit, title, given name. The family name tells the agencies apart.
const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("clerk", "", "Văn thư", "Thị Mến"),
    ("leader", "", "Chủ tịch", "Đình Khải"),
    ("head", "VX", "Trưởng phòng", "Thị Thu Yến"),
    ("officer", "VX", "Chuyên viên", "Văn Tiệp"),
    ("head", "KT", "Trưởng phòng", "Hữu Toại"),
    ("officer", "KT", "Chuyên viên", "Thị Bích Ngân"),
    ("archivist", "", "Lưu trữ", "Thị Sâm"),
];

const FAMILIES: &[&str] = &["Phùng", "Kiều", "Khuất", "Triệu", "Quách", "Cù", "Lỗ", "Tạ", "Thân", "Bạch"];

/// What a founded tenant holds: ids by what stories call things.
#[derive(Debug, Clone, Default)]
pub(crate) struct Founded {
    /// Every agency of the directory by its code.
    pub(crate) agencies: BTreeMap<&'static str, AgencyId>,
    /// Units by code of the agency and symbol.
    pub(crate) units: BTreeMap<(&'static str, &'static str), UnitId>,
    /// People by code of the agency, role and symbol of the unit.
    pub(crate) people: BTreeMap<(&'static str, &'static str, &'static str), Settler>,
}

/// Somebody who lives there.
#[derive(Debug, Clone)]
pub(crate) struct Settler {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) username: String,
}

/// Enters the directory, and units and people of the agencies that work in this tenant.
pub(crate) fn found(cx: &mut Writer<'_, System>, tenant: &str, password_hash: &str) -> Result<Founded> {
    let mut founded = Founded::default();
    let from = Date::parse("2010-01-01").expect("a date");
    for (number, data) in AGENCIES.iter().enumerate() {
        let parent = data.parent.and_then(|code| founded.agencies.get(code).copied());
        let new = NewAgency {
            code_102: data.code.to_owned(),
            code_qd20: short_code(data.code),
            name: data.name.to_owned(),
            symbol: data.symbol.to_owned(),
            place: data.place.to_owned(),
            tier: data.tier,
            kind: data.kind.to_owned(),
            parent,
            local: data.tenant == tenant,
            valid_from: from,
        };
        let agency = organisations::add_agency(cx, &new)?;
        founded.agencies.insert(data.code, agency);
        if data.tenant == tenant {
            staff(cx, (&mut founded, agency), (data, number), (from, password_hash))?;
        }
    }
    cx.record_plain("testkit.founded", ("tenant", Id::<()>::of(founded.agencies[AGENCIES[0].code].uuid())));
    Ok(founded)
}

fn staff(
    cx: &mut Writer<'_, System>,
    (founded, agency): (&mut Founded, AgencyId),
    (data, number): (&AgencyData, usize),
    (from, password_hash): (Date, &str),
) -> Result<()> {
    for (sort, (symbol, name)) in (1..).zip(UNITS) {
        let unit = organisations::add_unit(cx, agency, (name, symbol), (sort, from))?;
        founded.units.insert((data.code, symbol), unit);
    }
    let admin = data.parent.is_none().then_some(("admin", "", "Quản trị hệ thống", "Minh Quân"));
    for (role, symbol, title, given) in PEOPLE.iter().copied().chain(admin) {
        let name = format!("{} {given}", FAMILIES[number]);
        let username = format!("{role}{}.{}", symbol.to_lowercase(), data.code.to_lowercase());
        let email = format!("{username}@example.vn");
        let new = NewPerson { agency, username: &username, name: &name, email: &email, password_hash };
        let person = people::add(cx, &new)?;
        let unit = founded.units.get(&(data.code, symbol)).copied();
        let reach = if role == "admin" { "subtree" } else { "own" };
        people::give_post(cx, person, &NewPost { agency, unit, title, role, reach, from })?;
        founded.people.insert((data.code, role, symbol), Settler { id: person, name, username });
    }
    Ok(())
}

/// Gives each role the rights the modules found it with.
pub(crate) fn found_rights(
    cx: &mut Writer<'_, System>,
    rights: &[(&'static str, &'static [&'static str])],
) -> Result<()> {
    let is_held = |right: &str| !matches!(right, "public" | "signed-in" | "system");
    let held: Vec<_> = rights.iter().copied().filter(|(right, _)| is_held(right)).collect();
    identity::found_rights(cx, &held)
}

/// `000.00.31.H44` is `H44.31` in the form of QĐ 20/2020: the parts from the right, zeros left out.
fn short_code(code: &str) -> String {
    code.split('.').rev().filter(|part| !part.trim_matches('0').is_empty()).collect::<Vec<_>>().join(".")
}
