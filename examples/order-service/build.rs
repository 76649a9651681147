//! Makes the type of the event from its schema: if the two part ways, the service does not build.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ottla_codegen::Builder::new().schemas(["../../schemas/order_created.avsc"]).generate()?;
    Ok(())
}
