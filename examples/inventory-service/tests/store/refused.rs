//! Orders that the database does not take, among others.

use inventory_service::store::{Effect, Wanted};
use ottla_tests::random::Random;

use crate::place::{NOW, Place, Trigger, order, shown};

on_both! {
    those_that_a_trigger_refuses
    those_that_a_trigger_passes_over
    those_that_a_constraint_refuses
    all_of_them
    a_character_that_no_database_keeps
    a_limit_of_the_stock_s_own
}

/// A batch of which some are bad.
fn batch(count: i64, is_bad: impl Fn(i64) -> bool) -> Vec<Wanted> {
    let id = |number| if is_bad(number) { format!("bad-{number}") } else { format!("good-{number}") };
    (0..count).map(|number| order(&id(number), 0, number)).collect()
}

/// Those that are bad are refused for this reason, and of the others what would have become of them alone.
async fn check(place: &Place, batch: &[Wanted], reason: &str, stock: i64) {
    let store = place.open(1, stock).await;
    let effects = store.reserve(batch, NOW).await.expect("effects");
    assert_eq!(effects.len(), batch.len());
    let mut left = stock;
    for (wanted, effect) in batch.iter().zip(&effects) {
        match effect {
            Effect::Refused(why) => {
                assert!(wanted.order_id.contains("bad"), "{wanted:?}");
                assert!(why.contains(reason), "{why}");
            }
            Effect::Decided(decision) => {
                assert!(wanted.order_id.contains("good"), "{wanted:?}");
                assert_eq!(decision.is_reserved, left > 0, "{wanted:?}");
                left -= i64::from(left > 0);
            }
            other => panic!("{wanted:?}: {other:?}"),
        }
    }
    assert_eq!(place.stock().await, [format!("item-0 {left}")]);
    place.adds_up().await;
    let good = batch.iter().filter(|wanted| wanted.order_id.contains("good")).count();
    assert_eq!(place.rows().await.len(), good);

    // And it is the same again, also where all else was there before.
    let again = store.reserve(batch, NOW + 1).await.expect("effects");
    for (before, after) in effects.into_iter().zip(again) {
        match before {
            Effect::Decided(decision) => assert_eq!(after, Effect::Again(decision)),
            before => assert_eq!(after, before),
        }
    }
    assert_eq!(place.rows().await.len(), good);
    place.adds_up().await;
}

async fn those_that_a_trigger_refuses(place: Place) {
    place.open(1, 60).await.close().await;
    place.trigger(Trigger::Raise).await;
    check(&place, &batch(100, |number| [0, 1, 50, 77, 99].contains(&number)), "not this one", 60).await;
}

async fn those_that_a_trigger_passes_over(place: Place) {
    place.open(1, 60).await.close().await;
    place.trigger(Trigger::PassOver).await;
    check(&place, &batch(100, |number| number % 30 == 7), "neither written nor found", 60).await;
}

async fn those_that_a_constraint_refuses(place: Place) {
    place.open(1, 60).await.close().await;
    let unique = "CREATE UNIQUE INDEX one_a_record ON reservations (source_partition, source_offset)";
    place.run(unique).await;
    let store = place.open(1, 60).await;
    let batch = [order("a", 0, 0), order("b", 0, 0), order("c", 0, 1)];
    let effects = shown(&store.reserve(&batch, NOW).await.expect("effects"));
    assert_eq!((effects[0].as_str(), effects[2].as_str()), ("reserved", "reserved"));
    assert!(
        effects[1].starts_with("refused: ") && effects[1].contains("source_offset")
            || effects[1].contains("one_a_record"),
        "{effects:?}"
    );
    assert_eq!(place.stock().await, ["item-0 58"]);
}

async fn all_of_them(place: Place) {
    place.open(1, 60).await.close().await;
    place.trigger(Trigger::Raise).await;
    check(&place, &batch(17, |_| true), "not this one", 60).await;
}

async fn a_character_that_no_database_keeps(place: Place) {
    let mut batch = batch(20, |_| false);
    batch[0].order_id = "bad\0".to_owned();
    batch[7].order_id = "bad\0bad".to_owned();
    batch[19].order_id = "\0bad".to_owned();
    check(&place, &batch, "a character of code 0", 10).await;
    let store = place.open(1, 60).await;
    let effects = store.reserve(&[order("bad", 1, 0)], NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["rejected"]);
}

/// A constraint on the stock is met by the orders that would go beyond it.
async fn a_limit_of_the_stock_s_own(place: Place) {
    place.open(1, 60).await.close().await;
    match place.is_sqlite() {
        true => {
            place
                .run(
                    "CREATE TRIGGER reserve BEFORE UPDATE ON stock WHEN NEW.available < 55
                    BEGIN SELECT RAISE(ABORT, 'the last 55 are not for sale'); END",
                )
                .await
        }
        false => place.run("ALTER TABLE stock ADD CONSTRAINT last_55 CHECK (available >= 55)").await,
    };
    let store = place.open(1, 60).await;
    let batch: Vec<_> = (0..8).map(|number| order(&format!("o-{number}"), 0, number)).collect();
    let effects = shown(&store.reserve(&batch, NOW).await.expect("effects"));
    assert_eq!(effects[..5], ["reserved"; 5]);
    assert!(
        effects[5..].iter().all(|effect| effect.starts_with("refused: ") && effect.contains("55")),
        "{effects:?}"
    );
    place.adds_up().await;
}

#[tokio::test]
async fn what_postgres_cannot_index_or_finds_out_late() {
    let Some(place) = Place::postgres() else { return };
    let mut long = batch(10, |_| false);
    // Random enough that compression does not make it fit.
    let digits = (0_u64..400).map(|number| format!("{:x}", Random::new(number).any()));
    long[4].order_id = format!("bad-{}", digits.collect::<String>());
    check(&place, &long, "index row", 60).await;

    let place = Place::postgres().expect("as before");
    place.open(1, 20).await.close().await;
    let late = "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = 'OT001'; END $$;
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON reservations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.order_id LIKE '%bad%') EXECUTE FUNCTION late()";
    place.run(late).await;
    check(&place, &batch(40, |number| number % 15 == 3), "not this one", 20).await;
}
