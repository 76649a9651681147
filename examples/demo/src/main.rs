//! The worked example in one command, with nothing to install: a registry, a Kafka, both services, orders, and what happens
//! when things go wrong.
//!
//! ```text
//! options.rs   flags                                      role.rs    what else this program can be
//! cast.rs      who plays: processes;  cast/player.rs      kafka.rs   a cluster of its own, or a real one
//! shop.rs      a client that places orders                outcomes.rs   what came of them, as others read it
//! ledger.rs    what the database says                     tale.rs    how it is told
//! story.rs     what happens;  story/  its chapters        tally.rs   what is counted on the way
//! ```
//!
//! Everything that is told is checked, too: where something else happens the demo ends with exit code 1, the reason, and the
//! folder with the logs.
//!
//! # The processes
//!
//! Services are processes of their own, or they could not be killed. They are this same program, started again under another
//! name (`argv[0]`), so that there is one thing to build. They have the command lines that they have elsewhere.
//!
//! They end with the demo: it kills those that are left when it ends by itself, by an error or by a signal, and where the demo
//! is killed so that it can do nothing any more, Linux kills them (`PR_SET_PDEATHSIG`). Elsewhere they would be left then.
//!
//! # What the mock cluster cannot show
//!
//! Without `--kafka`, Kafka is the mock cluster that librdkafka brings for tests. It takes records and gives them back, has
//! consumer groups, and keeps their offsets, but it only nods at transactions:
//!
//! * Records of a transaction that was aborted stay visible, for readers of what is committed, too.
//! * Nobody is fenced: a producer goes on though another one has taken its `transactional.id`.
//! * Offsets that are committed in a transaction are ignored, and read again after the next start.
//! * Names of members (`group.instance.id`) say nothing: after a kill the group waits until the session is over.
//!
//! So the inventory service runs with `--exactly-once false` on it: offsets are committed after the outcomes were sent, and an
//! outcome may be sent twice where the process is killed in between. Each order has one effect all the same, as the database
//! sees to that. With `--kafka` it runs as it should, and that each order has exactly one outcome is checked.

mod cast;
mod kafka;
mod ledger;
mod options;
mod outcomes;
mod role;
mod shop;
mod story;
mod tale;
mod tally;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use chassis::signals::Signals;
use tempfile::TempDir;

use crate::options::Options;
use crate::role::Role;
use crate::story::Story;

/// Why it does not go on.
type Problem = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    if let Some(role) = Role::of_this_process() {
        return role.play();
    }
    let options: Options = chassis::cli::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nobody may read it.
            let _ = writeln!(std::io::stderr(), "demo: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Problem> {
    let folder = tempfile::Builder::new().prefix("ottla-demo-").tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    // On this thread, which is the one that processes are started from: Linux ties their lives to it.
    let told = runtime.block_on(tell(options, &folder));
    runtime.shutdown_background();
    match told {
        Ok(Ended::WithTheStory) => Ok(()),
        Ok(Ended::Interrupted) => Err("interrupted".into()),
        Err(problem) => {
            let folder = folder.keep();
            Err(format!("{problem}\ndemo: logs and databases are in {}", folder.display()).into())
        }
    }
}

enum Ended {
    WithTheStory,
    Interrupted,
}

async fn tell(options: &Options, folder: &TempDir) -> Result<Ended, Problem> {
    let mut signals = Signals::listen()?;
    let chapters = async {
        let mut story = Story::begin(options, folder.path()).await?;
        story.go_on().await?;
        Ok::<_, Problem>(story)
    };
    let mut story = tokio::select! {
        story = chapters => story?,
        () = signals.asked_to_end() => return Ok(Ended::Interrupted),
    };
    if options.keep {
        story.invite()?;
        signals.asked_to_end().await;
    }
    tokio::select! {
        ended = story.end() => ended.map(|()| Ended::WithTheStory),
        () = signals.asked_to_end() => Ok(Ended::Interrupted),
    }
}
