//! What goes wrong on purpose, and what was asked.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No connection comes about: the request does not take place.
    Connection,
    /// The request takes place, and its answer is lost.
    Lost,
    /// It is answered with a status, and does not take place.
    Status(u16),
    /// It is never answered, and does not take place.
    Hang,
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    /// The route that they are for, how often, and what.
    planned: VecDeque<(Option<&'static str>, usize, Fault)>,
    pub(super) delay: Duration,
    /// Requests by route.
    pub(super) counts: BTreeMap<&'static str, usize>,
}

impl Faults {
    pub(super) fn add(&mut self, route: Option<&'static str>, times: usize, fault: Fault) {
        self.planned.push_back((route, times, fault));
    }

    /// Counts a request, and says what becomes of it.
    pub(super) fn next(&mut self, route: &'static str) -> (Duration, Option<Fault>) {
        *self.counts.entry(route).or_default() += 1;
        self.planned.retain(|(_, times, _)| *times > 0);
        let planned = self.planned.iter_mut().find(|(of, ..)| of.is_none_or(|of| of == route));
        let fault = planned.map(|(_, times, fault)| {
            *times -= 1;
            *fault
        });
        (self.delay, fault)
    }
}
