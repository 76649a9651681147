//! The command line of a service.

use clap::{Command, Parser};

/// Reads the command line. Each flag is also a variable: `--max-in-flight` of `order-service` is `ORDER_SERVICE_MAX_IN_FLIGHT`.
/// If something is wrong with it, or help is asked for, the process ends here.
pub fn parse<O: Parser>() -> O {
    let matches = command::<O>().get_matches();
    O::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The command line with its variables, as `--help` tells it.
pub fn command<O: Parser>() -> Command {
    let command = O::command();
    let prefix = variable(command.get_name());
    with_variables(command, &prefix)
}

/// The services share flags, so the variables cannot be named where the flags are.
fn with_variables(command: Command, prefix: &str) -> Command {
    let command = command.mut_args(|argument| match argument.get_long() {
        Some("help" | "version") | None => argument,
        Some(flag) => {
            // Once in the life of the process, for each flag.
            let name: &'static str = Box::leak(format!("{prefix}_{}", variable(flag)).into_boxed_str());
            argument.env(name)
        }
    });
    command.mut_subcommands(|subcommand| with_variables(subcommand, prefix))
}

fn variable(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    #[derive(Debug, Parser)]
    #[command(name = "some-service")]
    struct Options {
        #[arg(long, default_value_t = 1)]
        max_in_flight: usize,
    }

    #[test]
    fn flags_are_variables() {
        let command = super::command::<Options>();
        let flag = command.get_arguments().find(|a| a.get_id() == "max_in_flight").expect("the flag");
        assert_eq!(flag.get_env(), Some("SOME_SERVICE_MAX_IN_FLIGHT".as_ref()));
        let options = <Options as clap::FromArgMatches>::from_arg_matches(&command.get_matches_from([
            "some-service",
            "--max-in-flight",
            "7",
        ]));
        assert_eq!(options.expect("options").max_in_flight, 7);
    }
}
