//! The people of the ten-minute walk, and the walk.

use crate::demo::cast::{Player, Staff};
use crate::demo::data::{Picture, Tree};
use platform::organisations::Tier;

/// Somebody a visitor can be.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Tenant they work in.
    pub tenant: &'static str,
    /// Name to sign in with.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Name of the agency.
    pub agency: String,
    /// Tier of the agency.
    pub tier: Tier,
    /// Text key of what they have to do.
    pub what: &'static str,
}

const FOUR_LEVELS: &[(&str, &str)] = &[
    ("vanthu.vpcp", "demo.what.clerk_above"),
    ("chuyenvien.kstt.vpcp", "demo.what.officer_above"),
    ("phochunhiem.vpcp", "demo.what.leader_above"),
    ("vanthu.phutho", "demo.what.clerk"),
    ("chutich.phutho", "demo.what.leader"),
    ("phochutich.phutho", "demo.what.deputy"),
    ("truongphong.kgvx.phutho", "demo.what.head"),
    ("chuyenvien.kgvx.phutho", "demo.what.officer"),
    ("luutru.phutho", "demo.what.archivist"),
    ("quantri.phutho", "demo.what.admin"),
    ("vanthu.lamthao", "demo.what.clerk_district"),
    ("chutich.lamthao", "demo.what.leader_district"),
    ("vanthu.xa.caoxa", "demo.what.clerk_commune"),
    ("chutich.xa.caoxa", "demo.what.leader_commune"),
];
const TWO_LEVELS: &[(&str, &str)] = &[
    ("vanthu.vpcp", "demo.what.clerk_above"),
    ("chuyenvien.kstt.vpcp", "demo.what.officer_above"),
    ("phochunhiem.vpcp", "demo.what.leader_above"),
    ("vanthu.phutho", "demo.what.clerk"),
    ("chutich.phutho", "demo.what.leader"),
    ("phochutich.phutho", "demo.what.deputy"),
    ("truongphong.kgvx.phutho", "demo.what.head"),
    ("chuyenvien.kgvx.phutho", "demo.what.officer"),
    ("luutru.phutho", "demo.what.archivist"),
    ("quantri.phutho", "demo.what.admin"),
    ("vanthu.xa.lamthao", "demo.what.clerk_commune"),
    ("chutich.xa.lamthao", "demo.what.leader_commune"),
    ("chuyenvien.vhxh.xa.lamthao", "demo.what.officer_commune"),
];

/// The steps of the walk: who, and the text key of what they do.
pub const WALK: &[(&str, &str)] = &[
    ("vanthu.phutho", "demo.walk.accept"),
    ("chutich.phutho", "demo.walk.direct"),
    ("truongphong.kgvx.phutho", "demo.walk.assign"),
    ("chuyenvien.kgvx.phutho", "demo.walk.draft"),
    ("truongphong.kgvx.phutho", "demo.walk.content"),
    ("vanthu.phutho", "demo.walk.format"),
    ("phochutich.phutho", "demo.walk.approve"),
    ("vanthu.phutho", "demo.walk.issue"),
    ("", "demo.walk.below"),
    ("vanthu.phutho", "demo.walk.track"),
    ("vanthu.vpcp", "demo.walk.above"),
    ("quantri.phutho", "demo.walk.admin"),
];

/// Who signs in where the walk says "the clerk of the commune".
pub const fn commune_clerk(picture: Picture) -> &'static str {
    match picture {
        Picture::FourLevels => "vanthu.xa.caoxa",
        Picture::TwoLevels => "vanthu.xa.lamthao",
    }
}

/// The people of the walk, the Government first.
pub fn roster(tree: &Tree, cast: &[Staff]) -> Vec<SignIn> {
    let list = match tree.picture {
        Picture::FourLevels => FOUR_LEVELS,
        Picture::TwoLevels => TWO_LEVELS,
    };
    list.iter().filter_map(|(username, what)| sign_in(tree, cast, (username, what))).collect()
}

fn sign_in(tree: &Tree, cast: &[Staff], (username, what): (&str, &'static str)) -> Option<SignIn> {
    let (staff, player) = player(cast, username)?;
    let place = tree.place(&staff.code)?;
    Some(SignIn {
        tenant: place.tenant?,
        username: player.username.clone(),
        name: player.name.clone(),
        title: player.title.clone(),
        agency: place.name.clone(),
        tier: place.tier,
        what,
    })
}

fn player<'a>(cast: &'a [Staff], username: &str) -> Option<(&'a Staff, &'a Player)> {
    cast.iter().find_map(|staff| {
        staff.players.iter().find(|player| player.username == username).map(|player| (staff, player))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cast::cast;
    use crate::demo::data::data;

    #[test]
    fn everybody_of_the_walk_can_sign_in() {
        for (picture, expected) in [(Picture::FourLevels, FOUR_LEVELS), (Picture::TwoLevels, TWO_LEVELS)] {
            let tree = data(picture).unwrap();
            let cast = cast(&tree).unwrap();
            assert_eq!(roster(&tree, &cast).len(), expected.len());
            for (username, _) in WALK.iter().filter(|(username, _)| !username.is_empty()) {
                assert!(player(&cast, username).is_some(), "{username}");
            }
            assert!(player(&cast, commune_clerk(picture)).is_some());
        }
    }
}
