//! Histories of a registry that takes requests one after the other, from clients that overlap.

use super::registry::{Answer, Op, State};
use super::workload::Workload;
use super::{Event, History};
use crate::random::Random;

/// A client's request under way: what was asked, and the answer once it has taken place.
struct UnderWay {
    number: usize,
    op: Op,
    answer: Option<Answer>,
}

/// Some clients, the registry, and what was written down.
pub(super) struct Simulation {
    pub(super) random: Random,
    pub(super) state: State,
    pub(super) history: History<Op, Answer>,
    workload: Workload,
    clients: Vec<Option<UnderWay>>,
    /// Requests whose answer is lost and which have not taken place yet.
    limbo: Vec<Op>,
    /// How many answers in a thousand are lost.
    losses: u64,
    asked: usize,
}

impl Simulation {
    pub(super) fn new(seed: u64, clients: usize, losses: u64) -> Self {
        Self {
            random: Random::new(seed),
            state: State::default(),
            history: Vec::new(),
            workload: Workload::new(2),
            clients: (0..clients).map(|_| None).collect(),
            limbo: Vec::new(),
            losses,
            asked: 0,
        }
    }

    /// Lets the clients ask until there were so many requests in all.
    pub(super) fn run(&mut self, requests: usize) {
        while self.asked < requests {
            let client = self.random.index(self.clients.len());
            self.advance(client);
            if self.random.percent(2) && !self.limbo.is_empty() {
                let at = self.random.index(self.limbo.len());
                let op = self.limbo.swap_remove(at);
                self.apply(&op);
            }
        }
    }

    /// Waits until all have their answers.
    pub(super) fn settle(&mut self) {
        for client in 0..self.clients.len() {
            while self.clients[client].is_some() {
                self.advance(client);
            }
        }
    }

    /// A request that nothing overlaps, with its answer.
    pub(super) fn tell(&mut self, op: Op, answer: Answer) {
        self.history.push(Event::Asked(self.asked, op));
        self.history.push(Event::Answered(self.asked, answer));
        self.asked += 1;
    }

    /// The same, answered rightly.
    pub(super) fn ask(&mut self, op: Op) -> Answer {
        let answer = self.apply(&op);
        self.tell(op, answer.clone());
        answer
    }

    fn apply(&mut self, op: &Op) -> Answer {
        let (next, answer) = self.state.after(op);
        if let Some(next) = next {
            self.state = next;
        }
        self.workload.learn(op, &answer);
        answer
    }

    fn advance(&mut self, client: usize) {
        match self.clients[client].take() {
            None => {
                let op = self.workload.choose(&mut self.random);
                let number = self.asked;
                self.asked += 1;
                self.history.push(Event::Asked(number, op.clone()));
                if self.random.below(1000) < self.losses {
                    match self.random.below(3) {
                        0 => drop(self.apply(&op)),
                        1 => self.limbo.push(op),
                        _ => {}
                    }
                } else {
                    self.clients[client] = Some(UnderWay { number, op, answer: None });
                }
            }
            Some(UnderWay { number, op, answer: None }) => {
                let answer = Some(self.apply(&op));
                self.clients[client] = Some(UnderWay { number, op, answer });
            }
            Some(UnderWay { number, answer: Some(answer), .. }) => {
                self.history.push(Event::Answered(number, answer));
            }
        }
    }
}
