//! Tables to take away as CSV (RFC 4180), for people who open them in a spreadsheet.

/// Lines of cells. Begins with the mark that tells spreadsheets that the accents are UTF-8.
#[derive(Debug, Clone)]
pub struct Csv(String);

impl Csv {
    /// The type of such a file.
    pub const TYPE: &'static str = "text/csv; charset=utf-8";

    /// A file without a line.
    #[expect(clippy::new_without_default, reason = "a file that begins with a mark is no empty value")]
    pub fn new() -> Csv {
        Csv("\u{feff}".to_owned())
    }

    /// Adds a line. Each cell is quoted; what a spreadsheet would take for a formula is marked as text.
    pub fn line<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (n, cell) in cells.into_iter().enumerate() {
            if n > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, cell: &str) {
        self.0.push('"');
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            self.0.push('\'');
        }
        self.0.push_str(&cell.replace('"', "\"\""));
        self.0.push('"');
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Csv;

    #[test]
    fn a_cell_that_looks_like_a_formula_stays_text_and_quotes_are_doubled() {
        let mut csv = Csv::new();
        csv.line(["=1+1", "+84", "-2", "@x"]);
        csv.line(["xã \"A\"", "a,b", ""]);
        let text = String::from_utf8(csv.into_bytes()).unwrap();
        assert_eq!(text, "\u{feff}\"'=1+1\",\"'+84\",\"'-2\",\"'@x\"\r\n\"xã \"\"A\"\"\",\"a,b\",\"\"\r\n");
    }
}
