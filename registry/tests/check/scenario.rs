//! Scenarios as text.
//!
//! ```text
//! == what is so
//! record FILE NAME FIELD:TYPE[=DEFAULT]...   a record, each field on a line of its own
//! file FILE                                  the lines that follow, up to one with a dot alone
//! remove FILE          link FILE TARGET      move FILE FILE
//! crlf FILE            bom FILE              byte FILE (one that is no UTF-8 at its end)
//! many FOLDER COUNT                          so many records
//! commit MESSAGE       git ARGUMENTS         clone ARGUMENTS (and go on there)
//! outside                                    no repository
//! cd FOLDER            env NAME=VALUE        ottla ARGUMENTS (it has to succeed)
//! run ARGUMENTS                              `ottla check`, and what it says:
//!   exit CODE
//!   FILE SUBJECT OUTCOME BASELINE (LEVEL) <- VERSIONS | WHY
//!   RULE FILE:LINE:COLUMN POINTER SUBJECT BASELINE VERSION DIRECTION | MESSAGE
//! ```

/// Something that is to be so.
pub struct Scenario {
    pub name: String,
    pub steps: Vec<Line>,
}

/// A step as it is written.
pub struct Line {
    /// The line, and those of a file.
    pub text: String,
}

/// A step.
pub enum Step {
    Record { file: String, name: String, fields: Vec<String> },
    File { file: String, text: String },
    Do { what: String, arguments: Vec<String> },
    Run(Vec<String>),
}

/// The comment at the beginning, and the scenarios.
pub fn read(text: &str) -> (String, Vec<Scenario>) {
    let mut head = String::new();
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("== ") {
            scenarios.push(Scenario { name: name.to_owned(), steps: Vec::new() });
            continue;
        }
        let Some(scenario) = scenarios.last_mut() else {
            head.push_str(line);
            head.push('\n');
            continue;
        };
        // What was said is said again.
        if line.is_empty() || line.starts_with("  ") {
            continue;
        }
        let mut text = format!("{line}\n");
        if line.starts_with("file ") {
            for line in lines.by_ref() {
                text.push_str(line);
                text.push('\n');
                if line == "." {
                    break;
                }
            }
        }
        scenario.steps.push(Line { text });
    }
    (head, scenarios)
}

impl Line {
    pub fn parse(&self) -> Step {
        let (line, rest) = self.text.split_once('\n').expect("a line");
        let mut words = words(line).into_iter();
        let what = words.next().expect("a word");
        let mut word = || words.next().unwrap_or_else(|| panic!("{line}: something is missing"));
        match what.as_str() {
            "record" => Step::Record { file: word(), name: word(), fields: words.collect() },
            "file" => {
                let text = rest.strip_suffix(".\n").expect("a dot at the end");
                Step::File { file: word(), text: text.to_owned() }
            }
            "run" => Step::Run(words.collect()),
            _ => Step::Do { what, arguments: words.collect() },
        }
    }
}

/// Words between blanks; what is in single quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
