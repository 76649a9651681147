//! Rounds in which all contenders take turns, and what comes of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 41;
const TURN: Duration = Duration::from_millis(8);

/// One table.
pub struct Table<'a> {
    name: String,
    smoke: bool,
    contenders: Vec<Contender<'a>>,
}

struct Contender<'a> {
    name: String,
    run: Box<dyn FnMut() -> usize + 'a>,
    /// Nanoseconds for one call, in each round.
    times: Vec<f64>,
}

impl<'a> Table<'a> {
    /// `smoke`: everything once, and the figures mean nothing.
    pub fn new(name: &str, smoke: bool) -> Self {
        Self { name: name.to_owned(), smoke, contenders: Vec::new() }
    }

    /// Adds a contender. The first is the one that all others are compared with.
    pub fn add(&mut self, name: &str, run: impl FnMut() -> usize + 'a) {
        self.contenders.push(Contender { name: name.to_owned(), run: Box::new(run), times: Vec::new() });
    }

    /// Measures and prints.
    pub fn print(mut self) {
        for contender in &mut self.contenders {
            assert!((contender.run)() > 0, "{}: {} fails", self.name, contender.name);
        }
        let counts: Vec<u32> = self.contenders.iter_mut().map(|c| c.calls(self.smoke)).collect();
        for _ in 0..if self.smoke { 1 } else { ROUNDS } {
            for (contender, count) in self.contenders.iter_mut().zip(&counts) {
                let time = contender.time(*count).as_secs_f64() * 1e9 / f64::from(*count);
                contender.times.push(time);
            }
        }
        println!("\n{:<44} {:>9} {:>9} {:>9}", self.name, "min ns", "median ns", "ratio");
        let first = self.contenders[0].times.clone();
        for contender in &self.contenders {
            let ratios: Vec<f64> = contender.times.iter().zip(&first).map(|(a, b)| a / b).collect();
            let least = contender.times.iter().copied().fold(f64::INFINITY, f64::min);
            let name = &contender.name;
            println!("{name:<44} {least:>9.1} {:>9.1} {:>9.2}", median(&contender.times), median(&ratios));
        }
    }
}

impl Contender<'_> {
    /// How many calls take a turn.
    fn calls(&mut self, smoke: bool) -> u32 {
        let mut count = 1;
        while !smoke && self.time(count) < TURN {
            count *= 2;
        }
        count
    }

    fn time(&mut self, count: u32) -> Duration {
        let begin = Instant::now();
        for _ in 0..count {
            black_box((self.run)());
        }
        begin.elapsed()
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
