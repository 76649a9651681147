//! The same with the Avro libraries that go through serde, and through values.

use std::collections::HashMap;
use std::hint::black_box;

use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::types::Value;
use apache_avro::writer::datum::GenericDatumWriter;
use apache_avro::{Schema, from_value};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::measure::Table;
use crate::shapes::{Big, Payment, Small};

const SMALL: &str = include_str!("schemas/order_created.avsc");
const SMALL_V1: &str = include_str!("schemas/order_created_v1.avsc");
const BIG: &str = include_str!("schemas/order_placed.avsc");
const BIG_V1: &str = include_str!("schemas/order_placed_v1.avsc");

#[derive(Serialize, Deserialize, Clone)]
#[serde(rename = "OrderCreated", rename_all = "camelCase")]
pub struct SmallSerde {
    order_id: String,
    customer_id: String,
    total_amount: f64,
    created_at: i64,
    currency: String,
}

impl From<&Small> for SmallSerde {
    fn from(of: &Small) -> Self {
        Self {
            order_id: of.order_id.clone(),
            customer_id: of.customer_id.clone(),
            total_amount: of.total_amount,
            created_at: of.created_at.0,
            currency: of.currency.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename = "OrderCreated", rename_all = "camelCase")]
#[expect(dead_code, reason = "it is only read")]
struct SmallSerdeRef<'a> {
    order_id: &'a str,
    customer_id: &'a str,
    total_amount: f64,
    created_at: i64,
    currency: &'a str,
}

/// `P` and `D`: each library wants the union and the decimal in its own way.
#[derive(Serialize, Deserialize)]
#[serde(rename = "OrderPlaced", rename_all = "camelCase")]
struct BigSerde<P, D> {
    order_id: String,
    customer: CustomerSerde,
    items: Vec<ItemSerde>,
    attributes: HashMap<String, String>,
    payment: P,
    status: StatusSerde,
    total: D,
    note: Option<String>,
    created_at: i64,
    currency: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Customer")]
struct CustomerSerde {
    id: String,
    name: String,
    email: Option<String>,
    address: AddressSerde,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Address")]
struct AddressSerde {
    street: String,
    city: String,
    zip: String,
    country: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "LineItem", rename_all = "camelCase")]
struct ItemSerde {
    sku: String,
    title: String,
    quantity: i32,
    unit_price: f64,
    discount: Option<f64>,
}

#[derive(Serialize, Deserialize)]
enum ShortPayment {
    CardPayment { last4: String, brand: String },
    BankTransfer { iban: String },
}

#[derive(Serialize, Deserialize)]
enum FullPayment {
    #[serde(rename = "com.acme.orders.CardPayment")]
    CardPayment { last4: String, brand: String },
    #[serde(rename = "com.acme.orders.BankTransfer")]
    BankTransfer { iban: String },
}

/// What values have to be read into: the branch is told by its fields.
#[derive(Deserialize)]
#[serde(untagged)]
enum UntaggedPayment {
    #[expect(dead_code, reason = "it is only read")]
    CardPayment { last4: String, brand: String },
    #[expect(dead_code, reason = "it is only read")]
    BankTransfer { iban: String },
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Status", rename_all = "UPPERCASE")]
enum StatusSerde {
    Created,
    Paid,
    Shipped,
    Cancelled,
}

fn big_serde<P, D>(of: &Big, payment: P, total: D) -> BigSerde<P, D> {
    BigSerde {
        order_id: of.order_id.clone(),
        customer: CustomerSerde {
            id: of.customer.id.clone(),
            name: of.customer.name.clone(),
            email: of.customer.email.clone(),
            address: AddressSerde {
                street: of.customer.address.street.clone(),
                city: of.customer.address.city.clone(),
                zip: of.customer.address.zip.clone(),
                country: of.customer.address.country.clone(),
            },
        },
        items: of
            .items
            .iter()
            .map(|item| ItemSerde {
                sku: item.sku.clone(),
                title: item.title.clone(),
                quantity: item.quantity,
                unit_price: item.unit_price,
                discount: item.discount,
            })
            .collect(),
        attributes: of.attributes.clone(),
        payment,
        status: StatusSerde::Paid,
        total,
        note: of.note.clone(),
        created_at: of.created_at.0,
        currency: of.currency.clone(),
    }
}

fn card(of: &Big) -> (String, String) {
    match &of.payment {
        Payment::CardPayment(card) => (card.last4.clone(), card.brand.clone()),
        Payment::BankTransfer(_) => unreachable!("the value has a card"),
    }
}

fn apache_big(of: &Big) -> BigSerde<ShortPayment, apache_avro::Decimal> {
    let (last4, brand) = card(of);
    let total = apache_avro::Decimal::from(of.total.to_be_bytes_minimal().to_vec());
    big_serde(of, ShortPayment::CardPayment { last4, brand }, total)
}

fn fast_big(of: &Big) -> BigSerde<FullPayment, rust_decimal::Decimal> {
    let (last4, brand) = card(of);
    let total = rust_decimal::Decimal::from_i128_with_scale(of.total.unscaled(), 2);
    big_serde(of, FullPayment::CardPayment { last4, brand }, total)
}

pub fn small_encode(table: &mut Table<'_>, value: &Small) {
    encode(table, SMALL, SmallSerde::from(value), SmallSerde::from(value));
}

pub fn big_encode(table: &mut Table<'_>, value: &Big) {
    encode(table, BIG, apache_big(value), fast_big(value));
}

fn encode<A, F>(table: &mut Table<'_>, schema: &'static str, for_apache: A, for_fast: F)
where
    A: Serialize + 'static,
    F: Serialize + 'static,
{
    let fast: serde_avro_fast::Schema = schema.parse().expect("a schema");
    let fast: &'static _ = Box::leak(Box::new(fast));
    let mut config = serde_avro_fast::ser::SerializerConfig::new(fast);
    let mut out = Vec::with_capacity(4096);
    table.add("serde_avro_fast", move || {
        out.clear();
        let wrote = serde_avro_fast::to_datum(black_box(&for_fast), &mut out, &mut config);
        wrote.map_or(0, |out| out.len())
    });

    let apache = leak(schema);
    let writer = GenericDatumWriter::builder(apache).build().expect("a writer");
    let mut out = Vec::with_capacity(4096);
    let mut bytes = Vec::new();
    writer.write_ser(&mut bytes, &for_apache).expect("it can be written");
    table.add("apache-avro, serde", move || {
        out.clear();
        writer.write_ser(&mut out, black_box(&for_apache)).unwrap_or(0)
    });

    let value = GenericDatumReader::builder(apache).build().expect("a reader");
    let value = value.read_value(&mut bytes.as_slice()).expect("it can be read");
    let writer = GenericDatumWriter::builder(apache).build().expect("a writer");
    let mut out = Vec::with_capacity(4096);
    table.add("apache-avro, value", move || {
        out.clear();
        writer.write_value_ref(&mut out, black_box(&value)).unwrap_or(0)
    });
}

pub fn small_decode(table: &mut Table<'_>, bytes: &[u8]) {
    let fast = leak_fast(SMALL);
    let message = bytes.to_vec();
    table.add("serde_avro_fast, borrowed", move || {
        let value = serde_avro_fast::from_datum_slice::<SmallSerdeRef<'_>>(black_box(&message), fast);
        black_box(value).is_ok().into()
    });
    decode::<SmallSerde, SmallSerde, SmallSerde>(table, SMALL, bytes);
}

pub fn big_decode(table: &mut Table<'_>, bytes: &[u8]) {
    decode::<
        BigSerde<ShortPayment, apache_avro::Decimal>,
        BigSerde<FullPayment, rust_decimal::Decimal>,
        BigSerde<UntaggedPayment, serde::de::IgnoredAny>,
    >(table, BIG, bytes);
}

fn decode<A, F, V>(table: &mut Table<'_>, schema: &'static str, bytes: &[u8])
where
    A: DeserializeOwned,
    F: DeserializeOwned,
    V: DeserializeOwned,
{
    let fast = leak_fast(schema);
    let message = bytes.to_vec();
    table.add("serde_avro_fast", move || {
        black_box(serde_avro_fast::from_datum_slice::<F>(black_box(&message), fast)).is_ok().into()
    });

    let apache = leak(schema);
    let reader = GenericDatumReader::builder(apache).build().expect("a reader");
    let message = bytes.to_vec();
    table.add("apache-avro, serde", move || {
        black_box(reader.read_deser::<A>(&mut black_box(message.as_slice()))).is_ok().into()
    });

    let reader = GenericDatumReader::builder(apache).build().expect("a reader");
    let message = bytes.to_vec();
    table.add("apache-avro, value", move || {
        let value = reader.read_value(&mut black_box(message.as_slice()));
        black_box(value.and_then(|value| from_value::<V>(&value))).is_ok().into()
    });
}

pub fn small_evolution(table: &mut Table<'_>, old: &[u8]) {
    evolution::<SmallSerde>(table, SMALL_V1, SMALL, old);
}

pub fn big_evolution(table: &mut Table<'_>, old: &[u8]) {
    evolution::<BigSerde<UntaggedPayment, serde::de::IgnoredAny>>(table, BIG_V1, BIG, old);
}

fn evolution<V: DeserializeOwned>(
    table: &mut Table<'_>,
    writer: &'static str,
    reader: &'static str,
    old: &[u8],
) {
    let (writer, schema) = (leak(writer), leak(reader));
    let reader = GenericDatumReader::builder(writer).reader_schema(schema).build().expect("a reader");
    let message = old.to_vec();
    let value: Value = reader.read_value(&mut message.as_slice()).expect("it can be read");
    from_value::<V>(&value).expect("it suits");
    table.add("apache-avro, reader schema", move || {
        let value = reader.read_value(&mut black_box(message.as_slice()));
        black_box(value.and_then(|value| from_value::<V>(&value))).is_ok().into()
    });
}

/// Readers and writers borrow their schema.
fn leak(schema: &str) -> &'static Schema {
    Box::leak(Box::new(Schema::parse_str(schema).expect("a schema")))
}

fn leak_fast(schema: &str) -> &'static serde_avro_fast::Schema {
    Box::leak(Box::new(schema.parse().expect("a schema")))
}
