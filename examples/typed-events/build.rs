//! The first way to typed events: a build script generates them.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ottla_codegen::Builder::new()
        .schemas(["schemas/v2"])
        .borrowed("com.example.events.OrderCreated")
        .generate()?;
    Ok(())
}
