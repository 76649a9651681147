//! Keys that were used lately.
//!
//! Within a window of time, and of number, a key stands for one order: another order with the same key is refused, and the same
//! one, once it is in the topic, is answered from here. Beyond it, and in other instances, the same key still gives the same id,
//! and consumers keep the first order with an id.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use uuid::Uuid;

use crate::order::NewOrder;

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
}

/// What is known about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It may be sent, perhaps not for the first time.
    Send {
        /// When it was created, in milliseconds since 1970: when it was claimed first.
        created_at: i64,
    },
    /// It is in the topic.
    Placed(Place),
    /// The key stands for another order.
    Other,
}

/// The keys.
#[derive(Debug)]
pub struct Window {
    lasts: Duration,
    most: usize,
    hasher: RandomState,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    orders: HashMap<Uuid, Entry>,
    /// The oldest first. It may name entries that were given up, or came anew.
    ages: VecDeque<(Instant, Uuid)>,
}

#[derive(Debug)]
struct Entry {
    since: Instant,
    content: u64,
    created_at: i64,
    /// Could a record of it be on its way?
    is_sent: bool,
    place: Option<Place>,
}

impl Window {
    /// An empty window.
    pub fn new(lasts: Duration, most: usize) -> Self {
        Self { lasts, most, hasher: RandomState::new(), kept: Mutex::default() }
    }

    /// Claims a key for an order, now.
    pub fn claim(&self, order_id: Uuid, order: &NewOrder, created_at: i64, now: Instant) -> Claim {
        let content =
            self.hasher.hash_one((&order.customer_id, order.total_amount.to_bits(), &order.currency));
        let mut kept = self.lock();
        kept.forget(now, self.lasts, self.most);
        match kept.orders.get(&order_id) {
            Some(entry) if entry.content != content => Claim::Other,
            Some(Entry { place: Some(place), .. }) => Claim::Placed(*place),
            Some(entry) => Claim::Send { created_at: entry.created_at },
            None => {
                let entry = Entry { since: now, content, created_at, is_sent: false, place: None };
                kept.orders.insert(order_id, entry);
                kept.ages.push_back((now, order_id));
                Claim::Send { created_at }
            }
        }
    }

    /// A record of it is on its way.
    pub fn sent(&self, order_id: Uuid) {
        if let Some(entry) = self.lock().orders.get_mut(&order_id) {
            entry.is_sent = true;
        }
    }

    /// Nothing has come of the claim: the key stands for nothing, unless another request sent a record.
    pub fn give_up(&self, order_id: Uuid) {
        let mut kept = self.lock();
        if kept.orders.get(&order_id).is_some_and(|entry| !entry.is_sent) {
            kept.orders.remove(&order_id);
        }
    }

    /// It is in the topic. If it is so several times, the first place is told.
    pub fn placed(&self, order_id: Uuid, place: Place) {
        if let Some(entry) = self.lock().orders.get_mut(&order_id) {
            entry.place.get_or_insert(place);
        }
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.lock().orders.len()
    }

    /// Is none remembered?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Makes room for one more.
    fn forget(&mut self, now: Instant, lasts: Duration, most: usize) {
        while let Some((since, order_id)) = self.ages.front().copied() {
            if self.ages.len() < most && now.saturating_duration_since(since) < lasts {
                break;
            }
            self.ages.pop_front();
            if self.orders.get(&order_id).is_some_and(|entry| entry.since == since) {
                self.orders.remove(&order_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { partition: 1, offset: 7 };
    const ID: Uuid = Uuid::from_u128(1);

    fn order(total_amount: f64) -> NewOrder {
        NewOrder { customer_id: "c".to_owned(), total_amount, currency: None }
    }

    #[test]
    fn an_order_in_another_currency_is_another_order() {
        let window = Window::new(Duration::from_secs(60), 10);
        let now = Instant::now();
        let claim = |currency: Option<&str>| {
            let order = NewOrder { currency: currency.map(str::to_owned), ..order(1.0) };
            window.claim(ID, &order, 5, now)
        };
        assert_eq!(claim(Some("EUR")), Claim::Send { created_at: 5 });
        assert_eq!(claim(Some("EUR")), Claim::Send { created_at: 5 });
        assert_eq!((claim(Some("USD")), claim(None)), (Claim::Other, Claim::Other));
    }

    #[test]
    fn a_key_stands_for_one_order_while_the_window_lasts() {
        let window = Window::new(Duration::from_secs(60), 10);
        let now = Instant::now();
        assert_eq!(window.claim(ID, &order(1.0), 5, now), Claim::Send { created_at: 5 });
        window.sent(ID);
        // Again, before or after its time was up without an answer: the same record once more.
        assert_eq!(window.claim(ID, &order(1.0), 6, now), Claim::Send { created_at: 5 });
        assert_eq!(window.claim(ID, &order(2.0), 6, now), Claim::Other);
        window.placed(ID, PLACE);
        window.placed(ID, Place { partition: 1, offset: 8 });
        assert_eq!(window.claim(ID, &order(1.0), 7, now), Claim::Placed(PLACE));
        let later = now + Duration::from_secs(60);
        assert_eq!(window.claim(ID, &order(2.0), 8, later), Claim::Send { created_at: 8 });
    }

    #[test]
    fn what_was_not_sent_is_forgotten() {
        let window = Window::new(Duration::from_secs(60), 10);
        let now = Instant::now();
        window.claim(ID, &order(1.0), 5, now);
        window.give_up(ID);
        assert_eq!(window.claim(ID, &order(2.0), 6, now), Claim::Send { created_at: 6 });
        window.sent(ID);
        window.give_up(ID);
        assert_eq!(window.claim(ID, &order(1.0), 6, now), Claim::Other);
    }

    #[test]
    fn it_is_bounded() {
        let window = Window::new(Duration::from_secs(60), 3);
        let now = Instant::now();
        for id in 0..1_000 {
            window.claim(Uuid::from_u128(id), &order(1.0), 0, now);
            if id % 2 == 0 {
                window.give_up(Uuid::from_u128(id));
            }
            assert!(window.len() <= 3 && window.lock().ages.len() <= 3);
        }
        assert!(!window.is_empty());
    }
}
