//! Random batches, against a model in memory.

use std::collections::HashMap;

use inventory_service::store::{Decision, Effect, Source, Wanted};
use ottla_tests::random::Random;

use crate::place::{NOW, Place, Trigger, order};

on_both! {
    random_batches_do_what_a_model_does
}

/// The same in the plainest words.
#[derive(Default)]
struct Model {
    left: HashMap<String, i64>,
    rows: HashMap<String, (Source, Decision)>,
}

impl Model {
    fn reserve(&mut self, wanted: &Wanted, now: i64, item: impl FnOnce() -> String) -> Effect {
        if wanted.order_id.contains("bad") {
            return Effect::Refused(String::new());
        }
        match self.rows.get(&wanted.order_id) {
            Some((source, decision)) if *source == wanted.source => Effect::Again(decision.clone()),
            Some(_) => Effect::Duplicate,
            None => {
                let item = item();
                let left = self.left.get_mut(&item).expect("an item");
                let decision = Decision { item, is_reserved: *left > 0, decided_at: now };
                *left -= i64::from(decision.is_reserved);
                self.rows.insert(wanted.order_id.clone(), (wanted.source, decision.clone()));
                Effect::Decided(decision)
            }
        }
    }
}

/// FNV-1a of 64 bits, written once more.
fn item(order_id: &str, items: u64) -> String {
    let mut hash: u64 = 14_695_981_039_346_656_037;
    for byte in order_id.bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(1_099_511_628_211);
    }
    format!("item-{}", hash % items)
}

async fn random_batches_do_what_a_model_does(place: Place) {
    let mut random = Random::from_environment("INVENTORY_STORE_SEED");
    let (items, stock) = (1 + random.below(12), random.below(80) as i64);
    let mut store = place.open(items as u32, stock).await;
    place.trigger(Trigger::Raise).await;
    let mut model = Model::default();
    model.left.extend((0..items).map(|number| (format!("item-{number}"), stock)));
    let mut handled: Vec<Wanted> = Vec::new();
    for round in 0..60 {
        let now = NOW + round;
        let bad = if random.percent(20) { 10 } else { 0 };
        let batch: Vec<_> = (0..random.below(60)).map(|_| any_order(&mut random, &handled, bad)).collect();
        let mut effects = store.reserve(&batch, now).await.expect("effects");
        for effect in &mut effects {
            if let Effect::Refused(reason) = effect {
                assert_eq!(std::mem::take(reason), "not this one");
            }
        }
        let expected: Vec<_> =
            batch.iter().map(|wanted| model.reserve(wanted, now, || item(&wanted.order_id, items))).collect();
        assert_eq!(effects, expected, "round {round}: {batch:?}");
        handled.extend(batch);
        if random.percent(10) {
            store.close().await;
            store = place.open(1, 1).await;
        }
    }
    let mut rows: Vec<_> = model.rows.iter().map(row).collect();
    rows.sort();
    assert_eq!(place.rows().await, rows);
    place.adds_up().await;
}

/// A record that was there before, an order that was, or something new.
fn any_order(random: &mut Random, handled: &[Wanted], bad: u64) -> Wanted {
    let source = (random.below(3) as i32, random.below(1_000) as i64);
    if !handled.is_empty() && random.percent(30) {
        return handled[random.index(handled.len())].clone();
    }
    let is_bad = if random.percent(bad) { "bad-" } else { "" };
    order(&format!("{is_bad}{}", 1_000 + random.below(2_000)), source.0, source.1)
}

fn row((order_id, (source, decision)): (&String, &(Source, Decision))) -> String {
    let status = if decision.is_reserved { "reserved" } else { "rejected" };
    let Source { partition, offset } = source;
    format!("{order_id} {} {status} {partition}/{offset} {}", decision.item, decision.decided_at)
}
