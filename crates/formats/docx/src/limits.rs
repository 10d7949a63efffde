/// What one document may cost us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Entries of the ZIP.
    pub entries: usize,
    /// Bytes of one part once it is inflated.
    pub part_bytes: u64,
    /// Elements within each other.
    pub depth: usize,
    /// Paragraphs and tables; cells of a table.
    pub blocks: usize,
    /// Letters of the whole text.
    pub letters: usize,
}

impl Default for Limits {
    /// A decision with annexes of some hundred pages fits.
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            entries: 4_000,
            part_bytes: 32 << 20,
            depth: 200,
            blocks: 20_000,
            letters: 1_000_000,
        }
    }
}
