use proof::{Entry, Hash, Tree, path, root_of};
use proptest::prelude::*;

use crate::world::World;

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

fn leaves(n: i64) -> Vec<Hash> {
    let line = World::new().sent().entry;
    (0..n).map(|n| Entry { n, ..line.clone() }.hash().unwrap()).collect()
}

/// Hashes of RFC 6962's own example of inputs are not given there; these are of the definition, by hand.
#[test]
fn the_root_of_nothing_is_the_hash_of_nothing_and_of_one_leaf_the_leaf() {
    assert_eq!(
        trust::hex(&Tree::default().root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let one = leaves(1);
    assert_eq!(root(&one), one[0]);
}

#[test]
fn three_leaves_are_two_and_one() {
    let [one, two, three]: [Hash; 3] = leaves(3).try_into().unwrap();
    let node = |left: &Hash, right: &Hash| trust::fingerprint(&[&[1], &left[..], &right[..]].concat());
    assert_eq!(root(&[one, two, three]), node(&node(&one, &two), &three));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn each_leaf_has_a_path_and_no_other_leaf_takes_it(size in 1_i64..40, index in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let index = index.index(leaves.len());
        let found = path(&leaves, index).unwrap();
        let places = (u64::try_from(index).unwrap(), u64::try_from(leaves.len()).unwrap());
        prop_assert_eq!(root_of(leaves[index], places, &found), Some(root(&leaves)));
        for other in 0..leaves.len() {
            let place = (u64::try_from(other).unwrap(), places.1);
            if other != index {
                prop_assert_ne!(root_of(leaves[index], place, &found), Some(root(&leaves)));
                prop_assert_ne!(root_of(leaves[other], places, &found), Some(root(&leaves)));
            }
        }
        prop_assert_eq!(path(&leaves, leaves.len()), None);
    }
}
