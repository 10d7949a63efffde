//! Finds the route of a path. One table serves browsers, programs and calls inside the process.

use crate::db::Pace;
use kernel::{Method, Module, Route};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A route and the values of its path's parameters.
#[derive(Clone)]
pub(crate) struct Match {
    pub(crate) route: Route,
    pub(crate) params: Vec<(String, String)>,
    /// How quick its readings are.
    pub(crate) pace: Arc<Pace>,
}

/// All routes, as a tree of path segments.
#[derive(Default)]
pub(crate) struct RouteTable {
    root: Node,
}

#[derive(Default)]
struct Node {
    fixed: BTreeMap<&'static str, Node>,
    /// Any other segment.
    param: Option<Box<Node>>,
    /// What ends here.
    ends: Vec<End>,
}

/// A route with the names of the parameters on the way to it.
struct End {
    route: Route,
    names: Vec<&'static str>,
    pace: Arc<Pace>,
}

impl RouteTable {
    /// Collects the routes of all modules.
    ///
    /// # Errors
    /// A message naming the path when two routes claim the same method and path.
    pub(crate) fn new(modules: &[Module]) -> base::Result<RouteTable> {
        let mut table = RouteTable::default();
        for route in modules.iter().flat_map(|module| &module.routes) {
            table.insert(route)?;
        }
        Ok(table)
    }

    fn insert(&mut self, route: &Route) -> base::Result<()> {
        let (mut node, mut names) = (&mut self.root, Vec::new());
        for segment in segments(route.path) {
            node = match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) => {
                    names.push(name);
                    node.param.get_or_insert_with(Box::default)
                }
                None => node.fixed.entry(segment).or_default(),
            };
        }
        let same = |other: &Route| other.method == route.method && other.data == route.data;
        if node.ends.iter().any(|end| same(&end.route)) {
            return Err(base::Error::internal(format!("two routes are {}", route.path)));
        }
        node.ends.push(End { route: route.clone(), names, pace: Arc::default() });
        Ok(())
    }

    /// The page or act at a path.
    pub(crate) fn find(&self, method: Method, path: &str) -> Option<Match> {
        self.pick(path, |route| route.method == method && !route.data)
    }

    /// The data at a path below `/api/v1`.
    pub(crate) fn find_data(&self, path: &str) -> Option<Match> {
        self.pick(path, |route| route.data)
    }

    /// True when something else than asked for lives at the path.
    pub(crate) fn exists(&self, path: &str) -> bool {
        self.pick(path, |_| true).is_some()
    }

    fn pick(&self, path: &str, wanted: impl Fn(&Route) -> bool) -> Option<Match> {
        let mut values = Vec::new();
        let parts: Vec<&str> = segments(path).collect();
        let end = descend(&self.root, &parts, &mut values, &wanted)?;
        let params = end.names.iter().map(|name| (*name).to_owned()).zip(values).collect();
        Some(Match { route: end.route.clone(), params, pace: Arc::clone(&end.pace) })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// A fixed segment wins over a parameter; when it leads nowhere the parameter is tried.
fn descend<'n>(
    node: &'n Node,
    parts: &[&str],
    values: &mut Vec<String>,
    wanted: &impl Fn(&Route) -> bool,
) -> Option<&'n End> {
    let Some((first, rest)) = parts.split_first() else {
        return node.ends.iter().find(|end| wanted(&end.route));
    };
    let fixed = node.fixed.get(*first).and_then(|next| descend(next, rest, values, wanted));
    if fixed.is_some() {
        return fixed;
    }
    let next = node.param.as_ref().filter(|_| !first.is_empty())?;
    values.push(crate::http::decode(first, false));
    let found = descend(next, rest, values, wanted);
    if found.is_none() {
        values.pop();
    }
    found
}
