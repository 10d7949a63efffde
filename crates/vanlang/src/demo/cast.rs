//! Who works where: people with invented names in every agency.

use crate::demo::data::{GOVERNMENT_CODE, PROVINCE_CODE, Picture, Place, Tree, flat};
use crate::demo::dice::Dice;
use base::{Error, Result};
use platform::organisations::Tier;
use serde::Deserialize;
use std::collections::BTreeSet;

/// A person with a post.
#[derive(Debug, Clone)]
pub struct Player {
    /// Name to sign in with.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Title of the post.
    pub title: String,
    /// `clerk`, `leader`, `head`, `officer` or `admin`.
    pub role: &'static str,
    /// `own` or `subtree`.
    pub reach: &'static str,
    /// Which of the agency's units.
    pub unit: Option<usize>,
}

/// The people of one agency.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Code of the agency.
    pub code: String,
    /// Its people, the leader first.
    pub players: Vec<Player>,
}

impl Staff {
    /// The first person of a role.
    pub(crate) fn first(&self, role: &str) -> Option<&Player> {
        self.players.iter().find(|player| player.role == role)
    }

    /// The first person of a role in a unit.
    pub(crate) fn of_unit(&self, role: &str, unit: usize) -> Option<&Player> {
        self.players.iter().find(|player| player.role == role && player.unit == Some(unit))
    }
}

// The people of the walk keep their names whatever the dice say.
const KNOWN: &[(&str, &str)] = &[
    ("vanthu.phutho", "Trần Thị Hồng Nhạn"),
    ("chutich.phutho", "Lương Đình Khải"),
    ("phochutich.phutho", "Phan Thị Mai Lộc"),
    ("truongphong.kgvx.phutho", "Kiều Minh Quân"),
    ("chuyenvien.kgvx.phutho", "Đinh Thu Quế"),
    ("quantri.phutho", "Khuất Duy Luân"),
    ("vanthu.vpcp", "Tạ Thị Bích Yến"),
    ("phochunhiem.vpcp", "Quách Trọng Vượng"),
    ("chuyenvien.kstt.vpcp", "Lưu Ngọc Diệp"),
    ("vanthu.lamthao", "Cù Thị Thanh Thoa"),
    ("chutich.lamthao", "Triệu Khắc Chiến"),
    ("vanthu.xa.caoxa", "Đinh Thị Mến"),
    ("luutru.phutho", "Vi Thị Sâm"),
    ("chutich.xa.caoxa", "Hà Văn Tiệp"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    family: Vec<String>,
    women: Half,
    men: Half,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Half {
    middle: Vec<String>,
    given: Vec<String>,
}

/// The people of every agency that works in the demonstration: the same every time.
///
/// # Errors
/// A message when the file of names is wrong.
pub fn cast(tree: &Tree) -> Result<Vec<Staff>> {
    let names: Names = toml::from_str(include_str!("../../data/names.toml"))
        .map_err(|cause| Error::internal(format!("names.toml: {cause}")))?;
    let mut dice = Dice::new(1944);
    let working = tree.agencies.iter().filter(|place| place.tenant.is_some());
    Ok(working.map(|place| staff(place, tree.picture, (&names, &mut dice))).collect())
}

fn staff(place: &Place, picture: Picture, (names, dice): (&Names, &mut Dice)) -> Staff {
    let mut players = posts(place, picture);
    let mut taken = BTreeSet::new();
    for player in &mut players {
        let known = KNOWN.iter().find(|(username, _)| *username == player.username);
        player.name = match known {
            Some((_, name)) => (*name).to_owned(),
            None => fresh_name(names, dice, (&mut taken, player.role == "clerk")),
        };
    }
    Staff { code: place.code.clone(), players }
}

/// A name nobody else in the agency has.
fn fresh_name(names: &Names, dice: &mut Dice, (taken, clerk): (&mut BTreeSet<String>, bool)) -> String {
    loop {
        let half = if dice.percent(if clerk { 80 } else { 45 }) { &names.women } else { &names.men };
        let parts = [dice.pick(&names.family), dice.pick(&half.middle), dice.pick(&half.given)];
        let name = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        if taken.insert(name.clone()) {
            return name;
        }
    }
}

/// The posts of an agency, still without names: leaders, the clerk, then unit by unit.
fn posts(place: &Place, picture: Picture) -> Vec<Player> {
    let mut all = Vec::new();
    for (word, title) in leaders(place, picture) {
        all.push(post(place, word, title, ("leader", None)));
    }
    all.push(post(place, "vanthu", "Văn thư", ("clerk", Some(0))));
    let small = place.tier == Tier::Commune && picture == Picture::FourLevels;
    for (at, (name, symbol)) in place.units.iter().enumerate() {
        if small {
            all.push(post(place, "congchuc", "Công chức Văn phòng – Thống kê", ("officer", Some(at))));
            continue;
        }
        let symbol = flat(symbol);
        let (word, title) = head_of(name);
        all.push(post(place, &format!("{word}.{symbol}"), title, ("head", Some(at))));
        all.push(post(place, &format!("chuyenvien.{symbol}"), "Chuyên viên", ("officer", Some(at))));
        if place.code == PROVINCE_CODE {
            all.push(post(place, &format!("chuyenvien2.{symbol}"), "Chuyên viên", ("officer", Some(at))));
        }
    }
    if place.code == PROVINCE_CODE || place.code == GOVERNMENT_CODE {
        let mut admin = post(place, "quantri", "Quản trị hệ thống", ("admin", Some(0)));
        admin.reach = "subtree";
        all.push(admin);
    }
    if place.code == PROVINCE_CODE {
        all.push(post(place, "luutru", "Lưu trữ cơ quan", ("archivist", Some(0))));
    }
    all
}

fn post(place: &Place, word: &str, title: &str, (role, unit): (&'static str, Option<usize>)) -> Player {
    Player {
        username: format!("{word}.{}", place.slug),
        name: String::new(),
        title: title.to_owned(),
        role,
        reach: "own",
        unit,
    }
}

fn leaders(place: &Place, picture: Picture) -> &'static [(&'static str, &'static str)] {
    match (place.kind, place.tier) {
        ("office", _) => &[("chunhiem", "Bộ trưởng, Chủ nhiệm"), ("phochunhiem", "Phó Chủ nhiệm")],
        ("ministry", _) => &[("botruong", "Bộ trưởng"), ("thutruong", "Thứ trưởng")],
        ("department", _) if place.name.starts_with("Sở") => {
            &[("giamdoc", "Giám đốc"), ("phogiamdoc", "Phó Giám đốc")]
        }
        ("department", _) if place.name.starts_with("Thanh tra") => {
            &[("chanhthanhtra", "Chánh Thanh tra"), ("phochanhthanhtra", "Phó Chánh Thanh tra")]
        }
        ("department", _) => &[("truongban", "Trưởng ban"), ("photruongban", "Phó Trưởng ban")],
        (_, Tier::Province) => {
            &[("chutich", "Chủ tịch"), ("phochutich", "Phó Chủ tịch"), ("phochutich2", "Phó Chủ tịch")]
        }
        (_, Tier::Commune) if picture == Picture::FourLevels => &[("chutich", "Chủ tịch")],
        _ => &[("chutich", "Chủ tịch"), ("phochutich", "Phó Chủ tịch")],
    }
}

fn head_of(unit: &str) -> (&'static str, &'static str) {
    match unit.split(' ').next() {
        Some("Văn") => ("chanhvanphong", "Chánh Văn phòng"),
        Some("Vụ") => ("vutruong", "Vụ trưởng"),
        Some("Cục") => ("cuctruong", "Cục trưởng"),
        _ => ("truongphong", "Trưởng phòng"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::data::data;

    #[test]
    fn every_agency_has_a_clerk_a_leader_and_somebody_to_do_the_work() {
        for picture in [Picture::FourLevels, Picture::TwoLevels] {
            for staff in cast(&data(picture).unwrap()).unwrap() {
                for role in ["clerk", "leader", "officer"] {
                    assert!(staff.first(role).is_some(), "{} has no {role}", staff.code);
                }
            }
        }
    }

    #[test]
    fn user_names_are_unique_plain_letters() {
        for picture in [Picture::FourLevels, Picture::TwoLevels] {
            let mut seen = BTreeSet::new();
            for player in cast(&data(picture).unwrap()).unwrap().into_iter().flat_map(|staff| staff.players) {
                let plain = player
                    .username
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.');
                assert!(plain && !player.name.is_empty(), "{}", player.username);
                assert!(seen.insert(player.username.clone()), "{}", player.username);
            }
        }
    }

    #[test]
    fn the_people_of_the_walk_are_there() {
        let all = cast(&data(Picture::FourLevels).unwrap()).unwrap();
        for (username, name) in KNOWN {
            let found = all.iter().flat_map(|staff| &staff.players).find(|p| p.username == *username);
            assert_eq!(found.map(|p| p.name.as_str()), Some(*name), "{username}");
        }
    }
}
