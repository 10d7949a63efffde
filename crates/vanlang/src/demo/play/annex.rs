//! The one annex of the demonstration: an empty table to be filled in and sent back.

use crate::demo::play::Play;
use base::form::Upload;
use base::{Error, Result};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// How many of a hundred letters that want an answer carry it.
const OFTEN: u64 = 45;

impl Play {
    /// Puts the annex into the store of every tenant: once, however many letters carry it.
    pub(crate) async fn print_annex(&mut self) -> Result<()> {
        let annex = &self.library.annex;
        let bytes = table(&annex.columns, &annex.rows)
            .map_err(|cause| Error::internal(format!("the annex of the demonstration: {cause}")))?;
        for name in Play::tenants() {
            let tenant = self.server.tenant(name).ok_or(Error::NotFound)?;
            let stored = tenant.files.put(&bytes).await?;
            let upload = Upload {
                sha256: stored.sha256,
                bytes: i64::try_from(stored.bytes).unwrap_or(0),
                content_type: stored.content_type.to_owned(),
                name: self.library.annex.name.clone(),
            };
            self.annexes.insert(name, upload.encode());
        }
        Ok(())
    }

    /// The annex, for some of the letters that want an answer.
    pub(crate) fn annex_of(&mut self, tenant: &str, wants_answer: bool) -> Option<String> {
        let carries = wants_answer && self.dice.percent(OFTEN);
        self.annexes.get(tenant).filter(|_| carries).cloned()
    }
}

fn table(columns: &[String], rows: &[String]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (at, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, at, column, &bold)?;
    }
    for (at, row) in (1..).zip(rows) {
        sheet.write_number(at, 0, at)?;
        sheet.write_string(at, 1, row)?;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::subjects::library;

    #[test]
    fn the_annex_is_a_workbook() {
        let annex = library().unwrap().annex;
        let bytes = table(&annex.columns, &annex.rows).unwrap();
        let ending = std::path::Path::new(&annex.name).extension();
        assert!(bytes.starts_with(b"PK") && ending.is_some_and(|ending| ending == "xlsx"));
    }
}
