//! Makes the type of the event from its schema, in both versions: if the two part ways, the service does not build.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ottla_codegen::Builder::new().schemas(["../../schemas/order_created.avsc"]).generate()?;
    let second = ottla_codegen::Builder::new().schemas(["../../schemas/evolution/order_created_v2.avsc"]);
    second.file_name("v2.rs").generate()?;
    Ok(())
}
