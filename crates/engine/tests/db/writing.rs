//! An act is kept whole or not at all, and harms no neighbour.

use crate::town::{Town, agency, letter, numbers, only, register};
use base::{Error, Id};
use kernel::{Database, Scope, Sql};

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_given_without_gaps_to_everybody_at_once() {
    for town in Town::both("counters").await {
        let clerks = (0..200).map(|n| {
            let db = town.db.clone();
            let act = move |db: &dyn Database| {
                let number = register(db, agency(1), "Thư")?;
                // Every tenth clerk changes their mind after the number was taken.
                if n % 10 == 3 { Err(Error::Forbidden) } else { Ok(number) }
            };
            tokio::spawn(async move { db.write(only(agency(1)), act).await })
        });
        let mut given = Vec::new();
        for clerk in clerks.collect::<Vec<_>>() {
            given.extend(clerk.await.unwrap().ok());
        }
        given.sort_unstable();
        assert_eq!(given, (1..=180).collect::<Vec<i64>>());
        assert_eq!(town.count().await, 180);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_harms_only_its_own_act() {
    for town in Town::both("panics").await {
        let clerks = (0..60).map(|n| {
            let db = town.db.clone();
            let act = move |db: &dyn Database| {
                register(db, agency(1), "Thư")?;
                assert!(n % 6 != 2, "boom");
                Ok(())
            };
            tokio::spawn(async move { db.write(only(agency(1)), act).await })
        });
        let mut kept = 0;
        for clerk in clerks.collect::<Vec<_>>() {
            match clerk.await.unwrap() {
                Ok(()) => kept += 1,
                Err(cause) => assert!(cause.to_string().contains("boom"), "{cause}"),
            }
        }
        assert_eq!((kept, town.count().await), (50, 50));
        for _ in 0..30 {
            let broken = town.db.read(Scope::Everything, |_| -> base::Result<()> { panic!("boom") }).await;
            assert!(matches!(broken, Err(Error::Internal(_))));
        }
        assert_eq!(town.count().await, 50);
    }
}

#[tokio::test]
async fn a_refused_act_leaves_nothing() {
    for town in Town::both("refused").await {
        let refused = |db: &dyn Database| {
            register(db, agency(1), "Thư")?;
            Err::<(), _>(Error::NotFound)
        };
        let answer = town.db.write(only(agency(1)), refused).await;
        assert!(matches!(answer, Err(Error::NotFound)));
        assert_eq!(town.count().await, 0);
        assert_eq!(town.register(agency(1), "Thư").await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_same_number_twice_is_refused_in_words() {
    for town in Town::both("duplicates").await {
        let twice = |db: &dyn Database| {
            letter(db, Id::of(uuid::Uuid::now_v7()), (agency(1), 1), "Một")?;
            letter(db, Id::of(uuid::Uuid::now_v7()), (agency(1), 1), "Hai")
        };
        match town.db.write(only(agency(1)), twice).await {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.key, "kernel.duplicate"),
            other => panic!("{other:?}"),
        }
        assert_eq!(town.count().await, 0);
    }
}

#[tokio::test]
async fn who_goes_on_after_a_failed_statement_keeps_nothing() {
    for town in Town::both("goes_on").await {
        let careless = |db: &dyn Database| {
            letter(db, Id::of(uuid::Uuid::now_v7()), (agency(1), 1), "Một")?;
            let _ = letter(db, Id::of(uuid::Uuid::now_v7()), (agency(1), 1), "Hai");
            Ok(())
        };
        let answer = town.db.write(only(agency(1)), careless).await;
        assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
        assert_eq!(town.count().await, 0);
        town.register(agency(1), "Thư").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_writer_has_read_still_holds_when_it_writes() {
    static EMPTY: Sql = Sql::new("SELECT count(*) FROM town_letters WHERE {scope}", "rule.rs");
    for town in Town::both("rules").await {
        // The rule "only one letter" is checked by reading; two clerks try at the same time.
        let clerks = (0..40).map(|number| {
            let db = town.db.clone();
            let act = move |db: &dyn Database| match numbers(db, &EMPTY)?.first() {
                Some(0) => letter(db, Id::of(uuid::Uuid::now_v7()), (agency(1), number), "Thư"),
                _ => Err(Error::Forbidden),
            };
            tokio::spawn(async move { db.write(only(agency(1)), act).await.is_ok() })
        });
        let mut kept = 0;
        for clerk in clerks.collect::<Vec<_>>() {
            kept += i32::from(clerk.await.unwrap());
        }
        assert_eq!((kept, town.count().await), (1, 1));
    }
}

#[tokio::test]
async fn a_reader_cannot_write_and_keeps_its_snapshot() {
    static COUNT: Sql = Sql::new("SELECT count(*) FROM town_letters WHERE {scope}", "snapshot.rs");
    for town in Town::both("snapshot").await {
        let write = |db: &dyn Database| register(db, agency(1), "Thư");
        assert!(town.db.read(only(agency(1)), write).await.is_err());
        let (begun, go_on) = (tokio::sync::oneshot::channel(), std::sync::mpsc::channel());
        let db = town.db.clone();
        let reader = tokio::spawn(async move {
            db.read(only(agency(1)), move |db| {
                let before = numbers(db, &COUNT)?;
                begun.0.send(()).unwrap();
                go_on.1.recv().unwrap();
                Ok((before, numbers(db, &COUNT)?))
            })
            .await
        });
        begun.1.await.unwrap();
        town.register(agency(1), "Thư").await.unwrap();
        go_on.0.send(()).unwrap();
        assert_eq!(reader.await.unwrap().unwrap(), (vec![0], vec![0]));
        assert_eq!(town.count().await, 1);
    }
}

#[tokio::test]
async fn a_wrong_number_of_values_is_an_incident() {
    static TITLE: Sql = Sql::new("SELECT number FROM town_letters WHERE {scope} AND title = $1", "values.rs");
    for town in Town::both("values").await {
        for values in [vec![], vec!["a".into(), "b".into()]] {
            let read = move |db: &dyn Database| db.query(&TITLE, &values, &mut |_| Ok(()));
            let told = town.db.read(Scope::Everything, read).await.unwrap_err();
            assert!(matches!(told, Error::Internal(_)), "{told}");
        }
    }
}
