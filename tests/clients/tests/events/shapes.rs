//! Recursion, references to other subjects, keys, and types that are no records.

use ottla::subject::Topic;
use serde_json::json;

use crate::billing::Invoice;
use crate::money::{Currency, Money};
use crate::parcels::ParcelKey;
use crate::shop::Category;
use crate::world::{World, map, texts};
use crate::{Barcode, Depot};

#[tokio::test]
async fn recursive_types() {
    let Some(world) = World::start() else { return };
    let leaf = |name: &str| Category::new(name, vec![], map([]));
    let mut books = Category::new("books", vec![leaf("atlases"), leaf("")], map([("none", None)]));
    books.children[1].children.push(leaf("maps").with_successor(Box::new(leaf("globes"))));
    books.related.insert("paper".to_owned(), Some(leaf("stationery")));
    let leaf = |name| json!({ "name": name, "children": [], "related": {}, "successor": null });
    let within = |value| json!({ "$branch": ["com.example.shop.Category", value] });
    let mut maps = leaf("maps");
    maps["successor"] = within(leaf("globes"));
    let mut unnamed = leaf("");
    unnamed["children"] = json!([maps]);
    let value = json!({
        "name": "books",
        "children": [leaf("atlases"), unnamed],
        "related": { "none": null, "paper": within(leaf("stationery")) },
        "successor": null,
    });
    world.fastavro_agrees(&books, &value);
    world.both_ways(&Topic::value("categories"), &books, &value).await;
}

#[tokio::test]
async fn schemas_that_refer_to_others() {
    let Some(world) = World::start() else { return };
    let money = |amount: &str, currency| {
        Money::new(amount.parse::<ottla::logical::Decimal<12, 2>>().unwrap(), currency)
    };
    let parts = map([("goods", money("100.00", Currency::Eur)), ("tax", money("-1", Currency::Chf))]);
    let invoice = Invoice::new("R-1", money("129.95", Currency::Chf), parts).with_paid_in(Currency::Eur);
    let money = |amount, currency| json!({ "amount": { "$decimal": amount }, "currency": currency });
    let value = json!({
        "number": "R-1",
        "total": money("129.95", "CHF"),
        "parts": { "goods": money("100.00", "EUR"), "tax": money("-1.00", "CHF") },
        "paidIn": { "$branch": ["com.example.money.Currency", "EUR"] },
    });
    world.fastavro_agrees(&invoice, &value);
    world.both_ways(&Topic::value("invoices"), &invoice, &value).await;

    // What was registered first is what the others refer to.
    let registered = world.latest(&Topic::value("invoices")).await;
    let references: Vec<_> =
        registered.references.iter().map(|r| (&*r.name, &*r.subject, r.version)).collect();
    let names = ["com.example.money.Money", "com.example.money.Currency"];
    assert_eq!(references, names.map(|name| (name, name, 1)));
    assert_eq!(texts(<Invoice as ottla::Event>::descriptor()).len(), 3);
}

#[tokio::test]
async fn keys() {
    let Some(world) = World::start() else { return };
    let key = Topic::key("parcels");
    let value = json!({ "depot": 7, "number": -1 });
    world.both_ways(&key, &ParcelKey::new(7, -1), &value).await;
    // Keys and values of a topic have schemas of their own.
    world.both_ways(&Topic::value("parcels"), &Depot("Zürich".to_owned()), &json!("Zürich")).await;
    let subjects = world.client.subjects().await.unwrap();
    assert_eq!(
        subjects,
        ["parcels-key", "parcels-of-python-key", "parcels-of-python-value", "parcels-value"]
    );
}

/// These have no length before them, alone among all types: the message has one.
#[tokio::test]
async fn bytes_alone() {
    let Some(world) = World::start() else { return };
    let topic = Topic::key("barcodes");
    for code in [b"\0\x01\xff".as_slice(), b"\x02a"] {
        let barcode = Barcode(code.to_owned());
        let value = json!({ "$bytes": crate::python::hex(code) });
        world.both_ways(&topic, &barcode, &value).await;
        let message = world.write(&topic, &barcode).await;
        assert_eq!(message.payload[5..], *code);
    }
}
