//! The tree of agencies, read from the files in `data/`.

use base::text::slug_ascii;
use base::{Error, Result};
use platform::organisations::Tier;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the tenant of the Government Office.
pub const GOVERNMENT: &str = "chinhphu";
/// Name of the tenant of the province.
pub const PROVINCE: &str = "phutho";
/// Code of the Government Office.
pub const GOVERNMENT_CODE: &str = "000.00.00.G22";
/// Code of the provincial committee.
pub const PROVINCE_CODE: &str = "000.00.00.H44";

/// Which map of agencies is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Picture {
    /// Province, district, commune, as on 2017-10-15.
    #[default]
    #[value(name = "2017")]
    FourLevels,
    /// Province and commune, since 2025-07-01.
    #[value(name = "2025")]
    TwoLevels,
}

/// All agencies of the demonstration, each after the one above it.
#[derive(Debug)]
pub struct Tree {
    /// Which map.
    pub picture: Picture,
    /// The agencies.
    pub agencies: Vec<Place>,
    /// Who handles which field.
    pub(crate) fields: BTreeMap<String, Handlers>,
}

/// One agency.
#[derive(Debug, Clone)]
pub struct Place {
    /// Code, QCVN 102 form.
    pub code: String,
    /// Code, QĐ 20/2020 form: the mirror.
    pub qd20: String,
    /// Name: "UBND xã Cao Xá".
    pub name: String,
    /// Abbreviation in document symbols.
    pub symbol: String,
    /// Place written before dates.
    pub place: String,
    /// Tier.
    pub tier: Tier,
    /// `committee`, `department`, `ministry` or `office`.
    pub kind: &'static str,
    /// "xã", "huyện"…; empty for what is no committee.
    pub area: String,
    /// Code of the agency above.
    pub parent: Option<String>,
    /// The tenant it works in; the others are entries of the directory.
    pub tenant: Option<&'static str>,
    /// The end of its people's user names: `xa.caoxa`.
    pub slug: String,
    /// Units: name and symbol. The clerk works in the first.
    pub units: Vec<(String, String)>,
}

/// Symbols of those who handle a field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handlers {
    pub(crate) province: String,
    pub(crate) district: String,
    pub(crate) commune: String,
    pub(crate) department2017: String,
    pub(crate) department2025: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    central: Vec<Central>,
    department2017: Vec<Department>,
    department2025: Vec<Department>,
    units: Units,
    field: BTreeMap<String, Handlers>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Central {
    code: String,
    name: String,
    symbol: String,
    #[serde(default)]
    tenant: bool,
    #[serde(default)]
    units: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Department {
    code: String,
    name: String,
    symbol: String,
    unit: (String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    province: Vec<(String, String)>,
    department: Vec<(String, String)>,
    district: Vec<(String, String)>,
    commune2017: Vec<(String, String)>,
    commune2025: Vec<(String, String)>,
}

/// The tree of a picture.
///
/// # Errors
/// A message naming the line when a data file is wrong.
pub fn data(picture: Picture) -> Result<Tree> {
    let file: File = toml::from_str(include_str!("../../data/departments.toml"))
        .map_err(|cause| Error::internal(format!("departments.toml: {cause}")))?;
    let (units, departments) = match picture {
        Picture::FourLevels => (include_str!("../../data/units2017.csv"), &file.department2017),
        Picture::TwoLevels => (include_str!("../../data/units2025.csv"), &file.department2025),
    };
    let mut agencies: Vec<Place> = file.central.iter().map(central).collect();
    let mut areas = units.lines().skip(1).map(|line| area(line, picture, &file.units));
    agencies.extend(areas.next().transpose()?);
    for one in departments {
        agencies.push(department(one, &file.units));
    }
    for one in areas {
        agencies.push(one?);
    }
    name_apart(&mut agencies);
    Ok(Tree { picture, agencies, fields: file.field })
}

impl Tree {
    /// An agency by its code.
    pub fn place(&self, code: &str) -> Option<&Place> {
        self.agencies.iter().find(|place| place.code == code)
    }

    /// The committees right below an agency.
    pub(crate) fn committees_below<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Place> {
        self.agencies.iter().filter(move |p| p.kind == "committee" && p.parent.as_deref() == Some(code))
    }

    /// Symbol of the unit of `place` that handles a field.
    pub(crate) fn unit_for<'a>(&'a self, place: &'a Place, field: &str) -> &'a str {
        let first = place.units.first().map_or("", |(_, symbol)| symbol.as_str());
        let Some(handlers) = self.fields.get(field) else { return first };
        let wanted = match (place.kind, place.tier) {
            ("committee", Tier::Province) => handlers.province.as_str(),
            ("committee", Tier::District) => handlers.district.as_str(),
            ("committee", Tier::Commune) => handlers.commune.as_str(),
            // The last unit of every other agency is the one that knows the trade.
            _ => return place.units.last().map_or(first, |(_, symbol)| symbol),
        };
        let found = place.units.iter().find(|(_, symbol)| symbol == wanted);
        found.map_or(first, |(_, symbol)| symbol)
    }

    /// The department of the province that handles a field.
    pub(crate) fn department_for(&self, field: &str) -> Option<&Place> {
        let handlers = self.fields.get(field)?;
        let symbol = match self.picture {
            Picture::FourLevels => &handlers.department2017,
            Picture::TwoLevels => &handlers.department2025,
        };
        self.agencies.iter().find(|place| place.kind == "department" && place.symbol == *symbol)
    }
}

fn central(one: &Central) -> Place {
    let office = one.code == GOVERNMENT_CODE;
    Place {
        code: one.code.clone(),
        qd20: mirror(&one.code),
        name: one.name.clone(),
        symbol: one.symbol.clone(),
        place: "Hà Nội".to_owned(),
        tier: Tier::Central,
        kind: if office { "office" } else { "ministry" },
        area: String::new(),
        parent: None,
        tenant: one.tenant.then_some(GOVERNMENT),
        slug: flat(&one.symbol),
        units: one.units.clone(),
    }
}

fn department(one: &Department, units: &Units) -> Place {
    let mut all = units.department.clone();
    all.push(one.unit.clone());
    Place {
        code: one.code.clone(),
        qd20: mirror(&one.code),
        name: one.name.clone(),
        symbol: one.symbol.clone(),
        place: "Phú Thọ".to_owned(),
        tier: Tier::Province,
        kind: "department",
        area: String::new(),
        parent: Some(PROVINCE_CODE.to_owned()),
        tenant: Some(PROVINCE),
        slug: flat(&one.symbol),
        units: all,
    }
}

/// Reads `code,gso,tier,kind,place,parent`.
fn area(line: &str, picture: Picture, units: &Units) -> Result<Place> {
    let parts: Vec<&str> = line.split(',').collect();
    let [code, _, tier, kind, place, parent] = parts[..] else {
        return Err(Error::internal(format!("a line of the units file has not six columns: {line}")));
    };
    let tier = Tier::parse(tier).ok_or_else(|| Error::internal(format!("unknown tier: {line}")))?;
    let units = match (tier, picture) {
        (Tier::Province, _) => &units.province,
        (Tier::District, _) => &units.district,
        (_, Picture::FourLevels) => &units.commune2017,
        (_, Picture::TwoLevels) => &units.commune2025,
    };
    let short = match kind {
        "xã" => "xa.",
        "phường" => "phuong.",
        "thị trấn" => "tt.",
        "thị xã" => "tx.",
        _ => "",
    };
    Ok(Place {
        code: code.to_owned(),
        qd20: mirror(code),
        name: format!("UBND {kind} {place}"),
        symbol: "UBND".to_owned(),
        place: place.to_owned(),
        tier,
        kind: "committee",
        area: kind.to_owned(),
        parent: (!parent.is_empty()).then(|| parent.to_owned()),
        tenant: Some(PROVINCE),
        slug: format!("{short}{}", flat(place)),
        units: units.clone(),
    })
}

/// `000.20.31.H44` is `H44.31.20`: the other way round, without the empty groups.
fn mirror(code: &str) -> String {
    let groups: Vec<&str> = code.split('.').rev().filter(|g| g.bytes().any(|b| b != b'0')).collect();
    groups.join(".")
}

/// Plain letters without spaces: "Cao Xá" is "caoxa".
pub(crate) fn flat(text: &str) -> String {
    slug_ascii(text).replace('-', "")
}

/// Văn Lương and Văn Luông are one word without accents: then the district is added.
fn name_apart(agencies: &mut [Place]) {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<String> =
        agencies.iter().filter(|p| !seen.insert(p.slug.clone())).map(|p| p.slug.clone()).collect();
    let above: BTreeMap<String, String> = agencies.iter().map(|p| (p.code.clone(), p.slug.clone())).collect();
    for place in agencies.iter_mut().filter(|place| twice.contains(&place.slug)) {
        if let Some(parent) = place.parent.as_ref().and_then(|code| above.get(code)) {
            place.slug = format!("{}.{parent}", place.slug);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(tree: &Tree, tier: Tier) -> usize {
        tree.agencies.iter().filter(|p| p.tier == tier && p.kind == "committee").count()
    }

    #[test]
    fn the_province_of_2017_has_13_districts_and_277_communes() {
        let tree = data(Picture::FourLevels).unwrap();
        assert_eq!((count(&tree, Tier::District), count(&tree, Tier::Commune)), (13, 277));
        assert_eq!(tree.place("000.00.40.H44").unwrap().name, "UBND huyện Lâm Thao");
    }

    #[test]
    fn the_province_of_2025_has_148_communes_and_no_district() {
        let tree = data(Picture::TwoLevels).unwrap();
        assert_eq!((count(&tree, Tier::District), count(&tree, Tier::Commune)), (0, 148));
    }

    #[test]
    fn codes_are_unique_and_fit_and_names_are_unique_below_a_parent() {
        for picture in [Picture::FourLevels, Picture::TwoLevels] {
            let tree = data(picture).unwrap();
            let (mut codes, mut names, mut slugs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            for place in &tree.agencies {
                assert!(place.code.len() <= 13, "{}", place.code);
                assert!(codes.insert(&place.code), "{}", place.code);
                assert!(names.insert((&place.parent, &place.name)), "{}", place.name);
                assert!(slugs.insert(&place.slug), "{}", place.slug);
                assert!(place.parent.as_ref().is_none_or(|above| codes.contains(above)), "{}", place.name);
            }
        }
    }

    #[test]
    fn the_other_code_is_the_mirror() {
        assert_eq!(mirror("000.20.31.H44"), "H44.31.20");
        assert_eq!(mirror("000.00.00.G22"), "G22");
    }

    #[test]
    fn every_field_has_a_unit_in_every_committee_and_a_department() {
        for picture in [Picture::FourLevels, Picture::TwoLevels] {
            let tree = data(picture).unwrap();
            for field in tree.fields.keys() {
                assert!(tree.department_for(field).is_some(), "{field}");
                for place in tree.agencies.iter().filter(|place| place.tenant.is_some()) {
                    assert!(!tree.unit_for(place, field).is_empty(), "{field} {}", place.name);
                }
            }
        }
    }
}
