//! Trees of hashes as RFC 6962 makes them: leaf and node have different beginnings, and the left side is the largest
//! power of two.

use ring::digest::{Context, SHA256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf's bytes.
pub(crate) fn leaf(bytes: &[u8]) -> Hash {
    digest(&[&[0], bytes])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    digest(&[&[1], left, right])
}

fn digest(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// A tree whose leaves come one after the other; it keeps one hash for each level.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Roots of whole trees, the largest first, with the number of their leaves.
    whole: Vec<(u64, Hash)>,
}

impl Tree {
    /// Takes the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut one = (1, leaf);
        while let Some((leaves, left)) = self.whole.pop() {
            if leaves != one.0 {
                self.whole.push((leaves, left));
                break;
            }
            one = (leaves * 2, node(&left, &one.1));
        }
        self.whole.push(one);
    }

    /// The root over all leaves so far; that of no leaves is the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut from_right = self.whole.iter().rev().map(|(_, root)| *root);
        let Some(last) = from_right.next() else { return digest(&[]) };
        from_right.fold(last, |right, left| node(&left, &right))
    }
}

/// The path from a leaf to the root: the hashes beside it, the lowest first. `None` when there is no such leaf.
pub fn path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if leaves.len() == 1 && index == 0 {
        return Some(Vec::new());
    }
    let split = leaves.len().checked_next_power_of_two()? / 2;
    let (left, right) = leaves.split_at_checked(split).filter(|(left, _)| !left.is_empty())?;
    let (mut found, beside) =
        if index < split { (path(left, index)?, right) } else { (path(right, index - split)?, left) };
    let mut tree = Tree::default();
    for leaf in beside {
        tree.push(*leaf);
    }
    found.push(tree.root());
    Some(found)
}

/// The root a path leads to from the leaf at `index` of `leaves`. `None` when the path has another length.
pub fn root_of(leaf: Hash, (index, leaves): (u64, u64), path: &[Hash]) -> Option<Hash> {
    if index >= leaves {
        return None;
    }
    if leaves == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (beside, below) = path.split_last()?;
    let split = leaves.checked_next_power_of_two()? / 2;
    if index < split {
        Some(node(&root_of(leaf, (index, split), below)?, beside))
    } else {
        Some(node(beside, &root_of(leaf, (index - split, leaves - split), below)?))
    }
}
