//! The same values as Protocol Buffers, with prost.

use std::collections::HashMap;
use std::hint::black_box;

use prost::Message;

use crate::measure::Table;
use crate::shapes::{Big, Payment, Small};

#[derive(Clone, PartialEq, Message)]
struct SmallProto {
    #[prost(string, tag = "1")]
    order_id: String,
    #[prost(string, tag = "2")]
    customer_id: String,
    #[prost(double, tag = "3")]
    total_amount: f64,
    #[prost(int64, tag = "4")]
    created_at: i64,
    #[prost(string, tag = "5")]
    currency: String,
}

#[derive(Clone, PartialEq, Message)]
struct BigProto {
    #[prost(string, tag = "1")]
    order_id: String,
    #[prost(message, optional, tag = "2")]
    customer: Option<CustomerProto>,
    #[prost(message, repeated, tag = "3")]
    items: Vec<ItemProto>,
    #[prost(map = "string, string", tag = "4")]
    attributes: HashMap<String, String>,
    #[prost(oneof = "PaymentProto", tags = "5, 6")]
    payment: Option<PaymentProto>,
    #[prost(int32, tag = "7")]
    status: i32,
    #[prost(bytes = "vec", tag = "8")]
    total: Vec<u8>,
    #[prost(string, optional, tag = "9")]
    note: Option<String>,
    #[prost(int64, tag = "10")]
    created_at: i64,
    #[prost(string, tag = "11")]
    currency: String,
}

#[derive(Clone, PartialEq, Message)]
struct CustomerProto {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, optional, tag = "3")]
    email: Option<String>,
    #[prost(message, optional, tag = "4")]
    address: Option<AddressProto>,
}

#[derive(Clone, PartialEq, Message)]
struct AddressProto {
    #[prost(string, tag = "1")]
    street: String,
    #[prost(string, tag = "2")]
    city: String,
    #[prost(string, tag = "3")]
    zip: String,
    #[prost(string, tag = "4")]
    country: String,
}

#[derive(Clone, PartialEq, Message)]
struct ItemProto {
    #[prost(string, tag = "1")]
    sku: String,
    #[prost(string, tag = "2")]
    title: String,
    #[prost(int32, tag = "3")]
    quantity: i32,
    #[prost(double, tag = "4")]
    unit_price: f64,
    #[prost(double, optional, tag = "5")]
    discount: Option<f64>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum PaymentProto {
    #[prost(message, tag = "5")]
    Card(CardProto),
    #[prost(message, tag = "6")]
    Transfer(TransferProto),
}

#[derive(Clone, PartialEq, Message)]
struct CardProto {
    #[prost(string, tag = "1")]
    last4: String,
    #[prost(string, tag = "2")]
    brand: String,
}

#[derive(Clone, PartialEq, Message)]
struct TransferProto {
    #[prost(string, tag = "1")]
    iban: String,
}

fn small(of: &Small) -> SmallProto {
    SmallProto {
        order_id: of.order_id.clone(),
        customer_id: of.customer_id.clone(),
        total_amount: of.total_amount,
        created_at: of.created_at.0,
        currency: of.currency.clone(),
    }
}

fn big(of: &Big) -> BigProto {
    BigProto {
        order_id: of.order_id.clone(),
        customer: Some(CustomerProto {
            id: of.customer.id.clone(),
            name: of.customer.name.clone(),
            email: of.customer.email.clone(),
            address: Some(AddressProto {
                street: of.customer.address.street.clone(),
                city: of.customer.address.city.clone(),
                zip: of.customer.address.zip.clone(),
                country: of.customer.address.country.clone(),
            }),
        }),
        items: of
            .items
            .iter()
            .map(|item| ItemProto {
                sku: item.sku.clone(),
                title: item.title.clone(),
                quantity: item.quantity,
                unit_price: item.unit_price,
                discount: item.discount,
            })
            .collect(),
        attributes: of.attributes.clone(),
        payment: Some(match &of.payment {
            Payment::CardPayment(card) => {
                PaymentProto::Card(CardProto { last4: card.last4.clone(), brand: card.brand.clone() })
            }
            Payment::BankTransfer(transfer) => {
                PaymentProto::Transfer(TransferProto { iban: transfer.iban.clone() })
            }
        }),
        status: 1,
        total: of.total.to_be_bytes_minimal().to_vec(),
        note: of.note.clone(),
        created_at: of.created_at.0,
        currency: of.currency.clone(),
    }
}

pub fn small_encode(table: &mut Table<'_>, value: &Small) {
    encode(table, small(value));
}

pub fn big_encode(table: &mut Table<'_>, value: &Big) {
    encode(table, big(value));
}

pub fn small_decode(table: &mut Table<'_>, value: &Small) {
    decode(table, &small(value));
}

pub fn big_decode(table: &mut Table<'_>, value: &Big) {
    decode(table, &big(value));
}

fn encode(table: &mut Table<'_>, value: impl Message + 'static) {
    let mut out = Vec::with_capacity(4096);
    table.add("prost", move || {
        out.clear();
        let _ = black_box(&value).encode(&mut out);
        out.len()
    });
}

fn decode<M: Message + Default>(table: &mut Table<'_>, value: &M) {
    let message = value.encode_to_vec();
    table.add("prost", move || black_box(M::decode(black_box(message.as_slice()))).is_ok().into());
}
