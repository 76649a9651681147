//! What an order has to be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

/// The longest id of a customer, in characters.
const LONGEST_ID: usize = 100;

/// The largest amount: far below where a `double` cannot tell cents apart any more.
const LARGEST_AMOUNT: f64 = 1_000_000_000.0;

/// An order that can be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOrder {
    /// Who orders.
    pub customer_id: String,
    /// For how much.
    pub total_amount: f64,
    /// In which currency (ISO 4217), if it was said.
    pub currency: Option<String>,
}

/// Why an order cannot be placed.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderError {
    /// It is no JSON object.
    Syntax(String),
    /// Fields are wrong.
    Fields(Vec<FieldError>),
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub message: &'static str,
}

/// Fields as they were sent. Of one that is there twice the last counts, as everywhere in JSON.
type Fields<'b> = BTreeMap<Cow<'b, str>, &'b RawValue>;

impl NewOrder {
    /// Reads an order, which may name a currency or not. All that is wrong is told at once.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(body: &[u8], has_currency: bool) -> Result<Self, OrderError> {
        let fields: Result<Fields<'_>, _> = serde_json::from_slice(body);
        let mut fields = fields.map_err(|error| OrderError::Syntax(error.to_string()))?;
        let customer_id = required(&mut fields, "customerId", customer_id);
        let total_amount = required(&mut fields, "totalAmount", total_amount);
        let currency = match has_currency {
            true => optional(&mut fields, "currency", currency),
            false => Ok(None),
        };
        // What the sender thinks it has said would get lost.
        let unknown = fields
            .into_keys()
            .map(|field| FieldError { field: field.into_owned(), message: "there is no such field" });
        let unknown: Vec<_> = unknown.collect();
        match (customer_id, total_amount, currency) {
            (Ok(customer_id), Ok(total_amount), Ok(currency)) if unknown.is_empty() => {
                Ok(Self { customer_id, total_amount, currency })
            }
            (customer_id, total_amount, currency) => {
                let wrong = [customer_id.err(), total_amount.err(), currency.err()].into_iter().flatten();
                Err(OrderError::Fields(wrong.chain(unknown).collect()))
            }
        }
    }
}

/// Reads the JSON of a field, or says what is wrong with it.
type Read<T> = fn(&str) -> Result<T, &'static str>;

fn required<T>(fields: &mut Fields<'_>, name: &str, read: Read<T>) -> Result<T, FieldError> {
    let value = optional(fields, name, read)?;
    value.ok_or_else(|| FieldError { field: name.to_owned(), message: "it is missing" })
}

fn optional<T>(fields: &mut Fields<'_>, name: &str, read: Read<T>) -> Result<Option<T>, FieldError> {
    let value = fields.remove(name).map(|value| read(value.get())).transpose();
    value.map_err(|message| FieldError { field: name.to_owned(), message })
}

fn customer_id(json: &str) -> Result<String, &'static str> {
    let id: String = serde_json::from_str(json).map_err(|_| "it has to be a text")?;
    if id.trim().is_empty() {
        return Err("it is empty");
    }
    if id.chars().count() > LONGEST_ID {
        return Err("it is longer than 100 characters");
    }
    if id.chars().any(char::is_control) {
        return Err("it holds control characters");
    }
    Ok(id)
}

fn currency(json: &str) -> Result<String, &'static str> {
    let code: String = serde_json::from_str(json).map_err(|_| "it has to be a text")?;
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err("it has to be three letters from A to Z, such as EUR");
    }
    Ok(code)
}

fn total_amount(json: &str) -> Result<f64, &'static str> {
    if !json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err("it has to be a number");
    }
    // The text is a number, so what cannot be read is too large for a `double`.
    let amount: f64 = serde_json::from_str(json).unwrap_or(f64::INFINITY);
    if json.starts_with('-') && amount != 0.0 {
        return Err("it is negative");
    }
    if amount > LARGEST_AMOUNT {
        return Err("it is more than 1000000000");
    }
    let in_cents = (amount * 100.0).round() / 100.0;
    if in_cents != amount {
        return Err("it has more than two decimals");
    }
    // There is no -0.
    Ok(amount.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(body: &str) -> Vec<(String, &'static str)> {
        match NewOrder::parse(body.as_bytes(), false) {
            Err(OrderError::Fields(fields)) => fields.into_iter().map(|f| (f.field, f.message)).collect(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn orders() {
        for (amount, expected) in
            [("250.75", 250.75), ("0", 0.0), ("-0.0", 0.0), ("0.1", 0.1), ("1e2", 100.0), ("1000000000", 1e9)]
        {
            let body = format!(r#"{{"customerId": "cust-123", "totalAmount": {amount}}}"#);
            let order = NewOrder::parse(body.as_bytes(), true).expect(amount);
            assert_eq!((order.customer_id.as_str(), order.total_amount), ("cust-123", expected));
            assert_eq!(order.currency, None);
        }
        // Every amount in cents is one.
        for cents in (0_u64..100_000).chain(99_999_999_000..=100_000_000_000) {
            let text = format!("{}.{:02}", cents / 100, cents % 100);
            assert!(total_amount(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn each_field_has_rules_of_its_own() {
        let long = "x".repeat(101);
        for (id, message) in [
            (r#""""#, "it is empty"),
            (r#""  ""#, "it is empty"),
            ("7", "it has to be a text"),
            ("null", "it has to be a text"),
            (r#""a\u0000b""#, "it holds control characters"),
            (&format!("\"{long}\""), "it is longer than 100 characters"),
        ] {
            let body = format!(r#"{{"customerId": {id}, "totalAmount": 1}}"#);
            assert_eq!(wrong(&body), [("customerId".to_owned(), message)]);
        }
        for (amount, message) in [
            ("-0.01", "it is negative"),
            ("-1e400", "it is negative"),
            ("1e400", "it is more than 1000000000"),
            ("1000000000.01", "it is more than 1000000000"),
            ("0.001", "it has more than two decimals"),
            ("1e-300", "it has more than two decimals"),
            (r#""NaN""#, "it has to be a number"),
            (r#""1""#, "it has to be a number"),
            ("null", "it has to be a number"),
            ("[1]", "it has to be a number"),
        ] {
            let body = format!(r#"{{"customerId": "c", "totalAmount": {amount}}}"#);
            assert_eq!(wrong(&body), [("totalAmount".to_owned(), message)]);
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let fields = |body| wrong(body).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields("{}"), ["customerId", "totalAmount"]);
        assert_eq!(
            fields(r#"{"customerId": "", "totalAmount": -1, "currency": "EUR"}"#),
            ["customerId", "totalAmount", "currency"]
        );
        for body in ["", "nonsense", "[]", "1", r#"{"customerId": NaN}"#, r#"{"customerId": "c""#, "{} {}"] {
            assert!(matches!(NewOrder::parse(body.as_bytes(), false), Err(OrderError::Syntax(_))), "{body}");
        }
        let deep = format!(r#"{{"customerId": {}1"#, "[".repeat(100_000));
        assert!(NewOrder::parse(deep.as_bytes(), false).is_err());
    }

    #[test]
    fn a_currency_may_be_named_where_there_is_a_place_for_it() {
        let parse = |currency: &str, has_currency| {
            let body = format!(r#"{{"customerId": "c", "totalAmount": 1, "currency": {currency}}}"#);
            NewOrder::parse(body.as_bytes(), has_currency)
        };
        let named = parse(r#""EUR""#, true).expect("an order").currency;
        assert_eq!(named.as_deref(), Some("EUR"));
        let wrong =
            |message| Err(OrderError::Fields(vec![FieldError { field: "currency".to_owned(), message }]));
        assert_eq!(parse(r#""EUR""#, false), wrong("there is no such field"));
        let letters = "it has to be three letters from A to Z, such as EUR";
        for code in ["", "EU", "EURO", "eur", "EU1", " EUR", "€"] {
            assert_eq!(parse(&format!("\"{code}\""), true), wrong(letters), "{code}");
        }
        for json in ["null", "978", "[]"] {
            assert_eq!(parse(json, true), wrong("it has to be a text"), "{json}");
        }
    }
}
