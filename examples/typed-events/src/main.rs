//! Tells the story with a registry that runs: `cargo run -p typed-events -- http://127.0.0.1:8081`.

use std::error::Error;

use ottla::client::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8081".to_owned());
    typed_events::story::tell(&Client::new(&url)?, &mut std::io::stdout()).await
}
