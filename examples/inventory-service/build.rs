//! Makes the types of the events from their schemas, of orders in both versions.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let schemas = ["order_created", "inventory_reserved", "inventory_rejected"];
    let schemas = schemas.map(|name| format!("../../schemas/{name}.avsc"));
    ottla_codegen::Builder::new().schemas(schemas).generate()?;
    let second = ottla_codegen::Builder::new().schemas(["../../schemas/evolution/order_created_v2.avsc"]);
    second.file_name("v2.rs").generate()?;
    Ok(())
}
