//! What becomes of orders.

use inventory_service::store::{Decision, Effect};

use crate::place::{NOW, Place, order, shown};

on_both! {
    an_order_is_decided_once
    in_one_batch_the_first_counts
    first_come_first_served
    the_item_follows_from_the_id
    a_rejection_is_for_ever
    nothing_wanted_is_nothing_done
    what_was_decided_is_found_after_a_restart
    ids_of_any_text_come_back
}

async fn an_order_is_decided_once(place: Place) {
    let store = place.open(1, 10).await;
    let batch = [order("a", 0, 0), order("b", 3, 7)];
    let decided = Decision { item: "item-0".to_owned(), is_reserved: true, decided_at: NOW };
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(effects, [Effect::Decided(decided.clone()), Effect::Decided(decided.clone())]);
    let rows = ["a item-0 reserved 0/0 1700000000000", "b item-0 reserved 3/7 1700000000000"];
    assert_eq!(place.rows().await, rows);
    assert_eq!(place.stock().await, ["item-0 8"]);

    // The same records; the same order in others; and one that is new.
    let effects = store.reserve(&batch, NOW + 1).await.expect("effects");
    assert_eq!(effects, [Effect::Again(decided.clone()), Effect::Again(decided.clone())]);
    let mixed = [order("b", 3, 8), order("c", 0, 1), order("a", 0, 0), order("a", 1, 0)];
    let effects = store.reserve(&mixed, NOW + 2).await.expect("effects");
    let new = Decision { decided_at: NOW + 2, ..decided.clone() };
    assert_eq!(effects, [Effect::Duplicate, Effect::Decided(new), Effect::Again(decided), Effect::Duplicate]);
    assert_eq!(place.stock().await, ["item-0 7"]);
    assert_eq!(place.rows().await[..2], rows);
}

async fn in_one_batch_the_first_counts(place: Place) {
    let store = place.open(1, 10).await;
    let batch = [order("a", 0, 5), order("a", 0, 6), order("b", 0, 7), order("a", 0, 5), order("a", 1, 5)];
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["reserved", "duplicate", "reserved", "again reserved", "duplicate"]);
    assert_eq!(place.rows().await[0], format!("a item-0 reserved 0/5 {NOW}"));
    assert_eq!(place.stock().await, ["item-0 8"]);
}

/// The order is that of the batch, not that of the ids.
async fn first_come_first_served(place: Place) {
    let store = place.open(1, 3).await;
    let batch = [
        order("e", 0, 0),
        order("d", 0, 1),
        order("d", 0, 2),
        order("c", 0, 3),
        order("b", 0, 4),
        order("a", 0, 5),
    ];
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["reserved", "reserved", "duplicate", "reserved", "rejected", "rejected"]);
    let rows = place.rows().await;
    assert_eq!(rows[0], format!("a item-0 rejected 0/5 {NOW}"));
    assert_eq!(rows[4], format!("e item-0 reserved 0/0 {NOW}"));
    assert_eq!(place.stock().await, ["item-0 0"]);
    place.adds_up().await;
}

/// Whatever becomes of this test: another item for the same order is a defect.
async fn the_item_follows_from_the_id(place: Place) {
    let store = place.open(11, 1).await;
    let ids = ["order-1", "order-2", "b6e1c7a4-6a0f-4c7e-9a43-2f6d3f0f6c11", "", "größer", "order-1 "];
    let batch: Vec<_> = ids.iter().zip(0..).map(|(id, offset)| order(id, 0, offset)).collect();
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    let items: Vec<_> = effects
        .iter()
        .map(|effect| match effect {
            Effect::Decided(decision) => decision.item.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(items, ["item-6", "item-7", "item-6", "item-10", "item-1", "item-3"]);
}

async fn a_rejection_is_for_ever(place: Place) {
    let store = place.open(1, 0).await;
    let batch = [order("a", 0, 0)];
    assert_eq!(shown(&store.reserve(&batch, NOW).await.expect("effects")), ["rejected"]);
    place.run("UPDATE stock SET initial = 5, available = 5").await;
    let batch = [order("a", 0, 0), order("b", 0, 1)];
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["again rejected", "reserved"]);
    place.adds_up().await;
}

async fn nothing_wanted_is_nothing_done(place: Place) {
    let store = place.open(1, 1).await;
    assert_eq!(store.reserve(&[], NOW).await, Ok(Vec::new()));
    assert_eq!(store.ping().await, Ok(()));
    assert_eq!(place.rows().await, [""; 0]);
}

async fn what_was_decided_is_found_after_a_restart(place: Place) {
    let store = place.open(2, 100).await;
    let batch: Vec<_> = (0..150).map(|number| order(&format!("o-{number}"), 1, number)).collect();
    let before = store.reserve(&batch, NOW).await.expect("effects");
    store.close().await;
    let (rows, stock) = (place.rows().await, place.stock().await);

    // A new database would begin with other items.
    let store = place.open(7, 1_000).await;
    let after = store.reserve(&batch, NOW + 1).await.expect("effects");
    for (before, after) in before.into_iter().zip(after) {
        let Effect::Decided(decision) = before else { panic!("{before:?}") };
        assert_eq!(after, Effect::Again(decision));
    }
    assert_eq!((place.rows().await, place.stock().await), (rows, stock));
}

async fn ids_of_any_text_come_back(place: Place) {
    let store = place.open(3, 100).await;
    let ids = [
        "",
        " ",
        "'",
        "\"",
        "\\",
        "\\u0041",
        "{}",
        "a\tb\nc",
        "\u{1}\u{7f}",
        "🦊",
        "e\u{301}",
        "é",
        "A",
        "a",
        "\u{feff}a",
    ];
    let batch: Vec<_> = ids.iter().zip(0..).map(|(id, offset)| order(id, 0, offset)).collect();
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["reserved"; 15]);
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert_eq!(shown(&effects), ["again reserved"; 15]);
    let mut stored = place.run("SELECT order_id FROM reservations").await;
    stored.sort();
    let mut ids = ids.map(str::to_owned);
    ids.sort();
    assert_eq!(stored, ids);
}
