//! Measuring with criterion, and a table of the fastest samples: what else the machine does slows the others down.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;

/// Measures one thing after the other.
pub struct Bench {
    criterion: Criterion,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    ours: Option<f64>,
    theirs: Option<f64>,
}

impl Bench {
    pub fn new() -> Self {
        let criterion = Criterion::default()
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_millis(1000))
            .sample_size(50)
            .configure_from_args();
        Self { criterion, rows: Vec::new() }
    }

    /// Measures an operation that `apache-avro` has not.
    pub fn measure<T>(&mut self, name: &str, ours: impl FnMut() -> T) {
        let ours = self.fastest(name, ours);
        self.rows.push(Row { name: name.to_owned(), ours, theirs: None });
    }

    /// Measures an operation, and the same of `apache-avro`.
    pub fn compare<A, B>(&mut self, name: &str, ours: impl FnMut() -> A, theirs: impl FnMut() -> B) {
        let ours = self.fastest(name, ours);
        let theirs = self.fastest(&format!("{name}/apache-avro"), theirs);
        self.rows.push(Row { name: name.to_owned(), ours, theirs });
    }

    /// The shortest time of all samples in nanoseconds; `None` if the command line leaves it out.
    fn fastest<T>(&mut self, name: &str, mut operation: impl FnMut() -> T) -> Option<f64> {
        let mut samples: Vec<f64> = Vec::new();
        self.criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let start = Instant::now();
                for _ in 0..times {
                    black_box(operation());
                }
                let elapsed = start.elapsed();
                samples.push(elapsed.as_nanos() as f64 / times as f64);
                elapsed
            });
        });
        samples.into_iter().min_by(f64::total_cmp)
    }

    /// Prints the table.
    pub fn finish(self) {
        self.criterion.final_summary();
        println!("\n{:<42}{:>14}{:>16}{:>9}", "fastest sample", "ours", "apache-avro", "ratio");
        for row in &self.rows {
            let Some(ours) = row.ours else { continue };
            let (theirs, ratio) = match row.theirs {
                Some(theirs) => (time(theirs), format!("{:.1}", theirs / ours)),
                None => ("-".to_owned(), "-".to_owned()),
            };
            println!("{:<42}{:>14}{theirs:>16}{ratio:>9}", row.name, time(ours));
        }
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.2} us", n / 1e3),
        n => format!("{:.2} ms", n / 1e6),
    }
}
