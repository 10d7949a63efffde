//! What another program measures on our pages.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Lengths are millimetres from the upper left corner, sizes are points.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) lines: Vec<Line>,
    pub(crate) drawn: Vec<Drawn>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) font: String,
    pub(crate) size: f64,
    pub(crate) base: f64,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) black: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Drawn {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Line {
    pub(crate) fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn is(&self, face: &str, sizes: std::ops::RangeInclusive<f64>) -> bool {
        self.font == format!("LiberationSerif{face}") && sizes.contains(&self.size)
    }
}

impl Page {
    /// The first line with these words.
    pub(crate) fn line(&self, words: &str) -> &Line {
        self.lines
            .iter()
            .find(|line| line.text.contains(words))
            .unwrap_or_else(|| panic!("no line with {words}"))
    }

    /// The rule right below a line, about its middle: its width.
    pub(crate) fn rule_below(&self, line: &Line) -> f64 {
        let below = self.drawn.iter().find(|rule| {
            let centre = f64::midpoint(rule.left, rule.right);
            let flat = rule.bottom - rule.top < 0.5;
            flat && (0.5..4.0).contains(&(rule.top - line.base)) && (centre - line.centre()).abs() < 1.0
        });
        below.map_or_else(|| panic!("no rule below {}", line.text), |rule| rule.right - rule.left)
    }

    /// A drawn box of this size.
    pub(crate) fn has_box(&self, width: f64, height: f64) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 0.2;
        self.drawn.iter().any(|one| near(one.right - one.left, width) && near(one.bottom - one.top, height))
    }
}

/// Measures files; nothing where the measuring program was not named.
#[expect(clippy::disallowed_methods, reason = "the measuring program is another process")]
pub(crate) fn measure(folder: &Path, names: &[String]) -> Option<BTreeMap<String, Vec<Page>>> {
    let python = std::env::var("VANLANG_TEST_PDFPLUMBER").ok().filter(|path| !path.is_empty());
    let Some(python) = python else {
        println!("skipped: VANLANG_TEST_PDFPLUMBER names no Python with pdfplumber");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/geometry/measure.py");
    let output =
        std::process::Command::new(python).arg(script).args(names).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
