//! The schema that all steps make from nothing, as SQLite keeps it.

use super::rights::compare;
use kernel::Sql;
use testkit::Town;
use vanlang::modules::all;

static SCHEMA: Sql = Sql::new(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
    file!(),
);

#[test]
fn the_schema_is_the_one_a_person_has_read() {
    let town = Town::with(all());
    let rows = town.read("phutho", |cx| cx.rows::<(String,)>(&SCHEMA, &[]));
    let mut text = String::from("-- What the schema steps of all modules make from nothing, on SQLite.\n");
    for (sql,) in rows {
        text.push_str(&sql);
        text.push_str(";\n");
    }
    compare("schema.sqlite.txt", &text);
}
