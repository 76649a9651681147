//! `Dockerfile`, and the health check of the images.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output};

use crate::sources::{path, read};

fn all<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split_whitespace().next()).collect()
}

#[test]
fn what_is_built_is_there() {
    let (image, workspace) = (read("Dockerfile"), read("Cargo.toml"));
    let (packages, programs) = (all(&image, " -p "), all(&image, " --bin "));
    assert_eq!(packages.len(), 3, "{packages:?}");
    for (package, program) in packages.iter().zip(&programs) {
        let folder = package.strip_prefix("ottla-").map_or(format!("examples/{package}"), str::to_owned);
        let manifest = read(&format!("{folder}/Cargo.toml"));
        assert!(manifest.contains(&format!("name = \"{package}\"")), "{package}");
        assert!(manifest.contains(&format!("[[bin]]\nname = \"{program}\"")), "{program}");
        assert!(
            image.contains(&format!("COPY --from=build /out/{program} /usr/local/bin/{program}\n")),
            "{program}"
        );
        assert!(image.contains(&format!("ENTRYPOINT [\"{program}\"]")), "{program}");
        assert!(read("deploy/compose.yaml").contains(&format!("target: {program} }}")), "{program}");
    }
    for feature in all(&image, "FEATURES=\"")[0].trim_matches('"').split(',') {
        let (package, feature) = feature.split_once('/').expect("package/feature");
        let manifest = read(&format!("examples/{package}/Cargo.toml"));
        assert!(manifest.contains(&format!("\n{feature} = [")), "{package} has no feature {feature}");
    }
    let number = |text: &str| text.split('.').filter_map(|part| part.parse().ok()).collect::<Vec<u32>>();
    let needed = workspace.split("rust-version = \"").nth(1).and_then(|rest| rest.split('"').next());
    let used = all(&image, "ARG RUST=");
    assert!(number(used[0]) >= number(needed.expect("a version")), "{used:?}, but {needed:?} is needed");
}

/// What is left out of the context cannot be built, and a member of the workspace that is missing breaks every build.
#[test]
fn the_whole_workspace_is_in_the_context() {
    let (ignored, workspace) = (read(".dockerignore"), read("Cargo.toml"));
    let members = workspace.split("members = [").nth(1).and_then(|rest| rest.split(']').next());
    let members = members.expect("members").split('"').filter(|text| !text.contains(','));
    let folders: Vec<_> =
        members.filter_map(|member| member.split('/').next()).filter(|f| !f.is_empty()).collect();
    assert!(folders.len() > 10, "{folders:?}");
    for folder in folders.into_iter().chain(["Cargo.lock", "Cargo.toml", "schemas", "deploy/docker"]) {
        assert!(
            ignored.lines().any(|line| line.strip_prefix('!') == Some(folder)),
            "{folder} is not in the context"
        );
    }
}

#[test]
fn no_image_runs_as_root() {
    let image = read("Dockerfile");
    let stages: Vec<_> = image.split("\nFROM ").skip(1).collect();
    assert_eq!(stages.len(), 6, "{stages:?}");
    for stage in stages.iter().filter(|stage| stage.contains("ENTRYPOINT")) {
        let base = stage.split_whitespace().next().expect("a base");
        let base = stages
            .iter()
            .find(|stage| stage.lines().next().is_some_and(|l| l.ends_with(&format!(" AS {base}"))));
        let users = [base.expect("a stage"), stage].map(|stage| all(stage, "\nUSER ")).concat();
        assert_eq!(users.last(), Some(&"10001:10001"), "{stage}");
    }
}

/// Answers one request.
fn serve(answer: &'static str) -> (SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let lines = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
        let request: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(answer.as_bytes()).expect("an answer");
        request.join("\n")
    });
    (address, serving)
}

fn ready(listen: &str) -> Output {
    let mut ready = Command::new(path("deploy/docker/ready"));
    ready.arg("LISTEN").env("LISTEN", listen).output().expect("bash, and the right to run the file")
}

#[test]
fn the_health_check_is_that_of_the_service() {
    for (answer, is_ready) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"status\":\"ready\"}", true),
        ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 18\r\n\r\n{\"kafka\":\"is 200 \"}", false),
        ("", false),
    ] {
        let (address, serving) = serve(answer);
        let output = ready(&format!("0.0.0.0:{}", address.port()));
        assert_eq!(output.status.success(), is_ready, "{answer}");
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), body);
        let request = serving.join().expect("a request");
        assert!(request.starts_with("GET /health/ready HTTP/1.1\n"), "{request}");
    }
    // Nobody listens there any more; nobody says where.
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    assert!(!ready(&gone.to_string()).status.success());
    assert!(!ready("").status.success());
}
