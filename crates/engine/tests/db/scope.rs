//! Nobody sees or touches the rows of another agency, not even by a slip of the pen.

use crate::town::{Town, agency, letter, numbers, only, titles};
use base::{Error, Id};
use kernel::{Scope, Sql, values};

#[tokio::test]
async fn a_clerk_sees_the_letters_of_their_own_agency_only() {
    for town in Town::both("scope_list").await {
        let (hung_lo, kim_duc) = (agency(1), agency(2));
        town.register(hung_lo, "Hùng Lô").await.unwrap();
        town.register(kim_duc, "Kim Đức").await.unwrap();
        assert_eq!(town.titles(only(hung_lo)).await, ["Hùng Lô"]);
        assert_eq!(town.titles(only(kim_duc)).await, ["Kim Đức"]);
        assert_eq!(town.titles(Scope::Agencies(vec![hung_lo, kim_duc])).await, ["Hùng Lô", "Kim Đức"]);
        assert_eq!(town.titles(Scope::Everything).await, ["Hùng Lô", "Kim Đức"]);
        assert!(town.titles(Scope::Agencies(vec![])).await.is_empty());
    }
}

#[tokio::test]
async fn a_statement_that_names_its_agency_sees_it_only_where_the_scope_reaches() {
    static OF_ONE: Sql =
        Sql::new("SELECT number FROM town_letters WHERE {scope} AND agency_id = $1", "of.rs");
    static OF_ONE_ORDERED: Sql = Sql::new(
        "SELECT number FROM town_letters t WHERE {scope:t} AND t.agency_id = $1 ORDER BY number",
        "ordered.rs",
    );
    // The comparison goes on after the value: the scope must not be read off the value alone.
    static OF_MORE: Sql = Sql::new(
        "SELECT number FROM town_letters WHERE {scope} AND agency_id = $1 OR {scope} AND agency_id <> $1",
        "more.rs",
    );
    let (hung_lo, kim_duc) = (agency(1), agency(2));
    for town in Town::both("scope_named").await {
        town.register(hung_lo, "Hùng Lô").await.unwrap();
        town.register(kim_duc, "Kim Đức").await.unwrap();
        let both = || Scope::Agencies(vec![kim_duc, hung_lo]);
        let seen = async |scope: Scope, sql: &'static Sql, of| {
            let read = move |db: &dyn kernel::Database| {
                let mut found = Vec::new();
                db.query(sql, values![of], &mut |row| {
                    found.push(row.take::<i64>()?);
                    Ok(())
                })?;
                Ok(found)
            };
            town.db.read(scope, read).await.unwrap()
        };
        for sql in [&OF_ONE, &OF_ONE_ORDERED] {
            assert_eq!(seen(only(hung_lo), sql, hung_lo).await, [1]);
            assert!(seen(only(kim_duc), sql, hung_lo).await.is_empty());
            assert!(seen(Scope::Agencies(vec![]), sql, hung_lo).await.is_empty());
            assert_eq!(seen(both(), sql, hung_lo).await, [1]);
            assert_eq!(seen(Scope::Everything, sql, kim_duc).await, [2]);
        }
        assert_eq!(seen(only(kim_duc), &OF_MORE, hung_lo).await, [2]);
        assert_eq!(seen(both(), &OF_MORE, hung_lo).await.len(), 2);
    }
}

#[tokio::test]
async fn a_letter_of_another_agency_cannot_be_changed() {
    for town in Town::both("scope_write").await {
        let id = Id::of(uuid::Uuid::from_u128(7));
        let write = move |db: &dyn kernel::Database| letter(db, id, (agency(1), 1), "Thư");
        town.db.write(only(agency(1)), write).await.unwrap();
        assert_eq!(town.rename(only(agency(2)), id, "Sửa trộm").await.unwrap(), 0);
        assert_eq!(town.titles(only(agency(1))).await, ["Thư"]);
        assert_eq!(town.rename(only(agency(1)), id, "Sửa").await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_letter_may_be_handed_to_another_agency() {
    for town in Town::both("scope_hand_over").await {
        let hand_over = |db: &dyn kernel::Database| crate::town::register(db, agency(2), "Gửi Kim Đức");
        town.db.write(only(agency(1)), hand_over).await.unwrap();
        assert!(town.titles(only(agency(1))).await.is_empty());
        assert_eq!(town.titles(only(agency(2))).await, ["Gửi Kim Đức"]);
    }
}

#[tokio::test]
async fn a_scope_changed_for_a_while_is_the_old_one_afterwards_whatever_happened() {
    for town in Town::both("scope_within").await {
        town.register(agency(1), "Hùng Lô").await.unwrap();
        town.register(agency(2), "Kim Đức").await.unwrap();
        let look = |db: &dyn kernel::Database| {
            let mut seen = vec![titles(db)?];
            db.within(&only(agency(2)), &mut || {
                seen.push(titles(db)?);
                db.within(&Scope::Everything, &mut || Err(Error::NotFound)).unwrap_err();
                seen.push(titles(db)?);
                Ok(())
            })?;
            seen.push(titles(db)?);
            Ok(seen)
        };
        let expected = [vec!["Hùng Lô"], vec!["Kim Đức"], vec!["Kim Đức"], vec!["Hùng Lô"]];
        assert_eq!(town.db.read(only(agency(1)), look).await.unwrap(), expected);
        assert_eq!(town.db.write(only(agency(1)), look).await.unwrap(), expected);
        assert_eq!(town.titles(only(agency(2))).await, ["Kim Đức"]);
    }
}

#[tokio::test]
async fn an_answer_that_panics_inside_another_scope_leaves_no_trace_of_either() {
    for town in Town::both("scope_panic").await {
        town.register(agency(1), "Hùng Lô").await.unwrap();
        town.register(agency(2), "Kim Đức").await.unwrap();
        let falls = |db: &dyn kernel::Database| {
            db.within(&only(agency(2)), &mut || panic!("an answer of another module falls over"))
        };
        // Reads share a few connections; each of them must come out of it.
        for _ in 0..8 {
            town.db.read(Scope::Everything, falls).await.unwrap_err();
        }
        for _ in 0..8 {
            assert_eq!(town.titles(only(agency(2))).await, ["Kim Đức"]);
        }
        town.db.write(Scope::Everything, falls).await.unwrap_err();
        let seen = town.db.write(only(agency(2)), titles).await.unwrap();
        assert_eq!(seen, ["Kim Đức"]);
    }
}

#[tokio::test]
async fn a_statement_that_forgets_scope_finds_nothing() {
    static FORGETFUL: Sql = Sql::new("SELECT number FROM town_letters", "forgetful.rs");
    for town in Town::both("scope_forgotten").await {
        town.register(agency(1), "Thư").await.unwrap();
        let found = town.db.read(only(agency(2)), |db| numbers(db, &FORGETFUL)).await;
        match town.db.dialect() {
            kernel::Dialect::Postgres => assert_eq!(found.unwrap(), Vec::<i64>::new()),
            kernel::Dialect::Sqlite => {
                let told = found.unwrap_err().to_string();
                assert!(told.contains("forgetful.rs") && told.contains("{scope} is missing"), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn on_sqlite_no_forgetful_statement_gets_through() {
    static FORGETFUL: [Sql; 6] = [
        Sql::new("UPDATE town_letters SET title = 'x'", "a.rs"),
        Sql::new("DELETE FROM town_letters", "b.rs"),
        Sql::new("INSERT INTO town_counters (book, n) SELECT title, number FROM town_letters", "c.rs"),
        Sql::new(
            "INSERT INTO town_counters (book, n) VALUES ('x', (SELECT count(*) FROM town_letters))",
            "d.rs",
        ),
        Sql::new(
            "INSERT INTO temp.scope (agency_id) SELECT agency_id FROM town_letters WHERE {scope}",
            "e.rs",
        ),
        Sql::new("DROP TABLE town_letters", "f.rs"),
    ];
    let town = Town::on_sqlite().await;
    town.register(agency(1), "Thư").await.unwrap();
    for sql in &FORGETFUL {
        let result = town.db.write(only(agency(1)), |db| db.execute(sql, &[])).await;
        assert!(matches!(result, Err(Error::Internal(_))), "{}: {result:?}", sql.text);
    }
    assert_eq!(town.titles(only(agency(1))).await, ["Thư"]);
}

#[tokio::test]
async fn an_insert_may_meet_its_own_table() {
    static UPSERT: Sql = Sql::new(
        "INSERT INTO town_letters (id, agency_id, number, title)
         VALUES ($1, $2, 1, $3)
         ON CONFLICT (agency_id, number) DO UPDATE SET title = excluded.title
         RETURNING number",
        "upsert.rs",
    );
    for town in Town::both("scope_upsert").await {
        for title in ["Một", "Hai"] {
            let upsert = move |db: &dyn kernel::Database| {
                let values = values![uuid::Uuid::now_v7(), agency(1), title];
                db.query(&UPSERT, values, &mut |_| Ok(()))
            };
            town.db.write(only(agency(1)), upsert).await.unwrap();
        }
        assert_eq!(town.titles(only(agency(1))).await, ["Hai"]);
    }
}

#[tokio::test]
async fn scopes_do_not_leak_from_one_reader_to_the_next() {
    for town in Town::both("scope_leak").await {
        for number in 1..=12 {
            town.register(agency(number), "Thư").await.unwrap();
        }
        let readers = (0..200).map(|n| {
            let db = town.db.clone();
            let scope = only(agency(n % 14));
            tokio::spawn(async move { (n, db.read(scope, titles).await.unwrap().len()) })
        });
        for reader in readers.collect::<Vec<_>>() {
            let (n, seen) = reader.await.unwrap();
            assert_eq!(seen, usize::from((1..=12).contains(&(n % 14))));
        }
    }
}
