// A schema that breaks what was released, one that was never released, and a lock that is none.
mod breaking {
    ottla_macros::include_schema!("schemas/shipment.avsc", compatible_with = "schemas/ottla.lock");
}

mod unknown {
    ottla_macros::include_schema!("schemas/node.avsc", compatible_with = "schemas/ottla.lock");
}

mod missing {
    ottla_macros::include_schema!("schemas/shipment.avsc", compatible_with = "schemas/none.lock");
}

mod no_lock {
    ottla_macros::include_schema!("schemas/shipment.avsc", compatible_with = "schemas/order.avsc");
}

mod no_text {
    ottla_macros::include_schema!("schemas/shipment.avsc", compatible_with = schemas);
}

fn main() {}
