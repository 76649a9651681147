//! Go's `github.com/twmb/franz-go/pkg/sr` against the registry.

use ottla_clients::go;
use ottla_clients::outcome::{run, skip};
use ottla_clients::registry::Registry;

#[test]
fn franz_go_works() {
    let mut go = match go::command() {
        Ok(go) => go,
        Err(problem) => return skip(&problem),
    };
    let registry = Registry::start();
    go.args(["test", "-count=1", "-v", "-timeout=120s", "./..."]).env("REGISTRY_URL", registry.url());
    match run(&mut go) {
        Ok(printed) => println!("{printed}"),
        Err(printed) => panic!("{printed}\n{}", registry.log()),
    }
}
