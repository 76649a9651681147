//! The codec that an engineer writes by hand for these types, in safe Rust: straight, without limits, paths or evolution
//! but for the one added field. It is the limit that generated code is held to.

use std::collections::HashMap;

use ottla::logical::{Decimal, TimestampMillis};

use crate::shapes::{Address, BankTransfer, Big, CardPayment, Customer, LineItem, Payment, Small, Status};

/// What is wrong with bytes.
#[derive(Debug)]
pub enum Wrong {
    End,
    Number,
    Text,
    Position,
    Field,
}

type Result<T> = std::result::Result<T, Wrong>;

#[inline]
fn put_long(out: &mut Vec<u8>, n: i64) {
    let mut rest = ((n << 1) ^ (n >> 63)) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

#[inline]
fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_long(out, bytes.len() as i64);
    out.extend_from_slice(bytes);
}

#[inline]
fn put_str(out: &mut Vec<u8>, text: &str) {
    put_bytes(out, text.as_bytes());
}

#[inline]
fn put_double(out: &mut Vec<u8>, n: f64) {
    out.extend_from_slice(&n.to_le_bytes());
}

struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    #[inline]
    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        if n > self.rest.len() {
            return Err(Wrong::End);
        }
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn long(&mut self) -> Result<i64> {
        let mut bits = 0_u64;
        for (at, &byte) in self.rest.iter().enumerate().take(10) {
            bits |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.rest = &self.rest[at + 1..];
                return Ok((bits >> 1) as i64 ^ -((bits & 1) as i64));
            }
        }
        Err(Wrong::Number)
    }

    #[inline]
    fn length(&mut self) -> Result<usize> {
        usize::try_from(self.long()?).map_err(|_| Wrong::Number)
    }

    #[inline]
    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    #[inline]
    fn str(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Wrong::Text)
    }

    #[inline]
    fn string(&mut self) -> Result<String> {
        self.str().map(str::to_owned)
    }

    #[inline]
    fn double(&mut self) -> Result<f64> {
        let bytes = self.take(8)?;
        Ok(f64::from_le_bytes(bytes.try_into().map_err(|_| Wrong::End)?))
    }

    #[inline]
    fn option<T>(&mut self, some: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        match self.long()? {
            0 => Ok(None),
            1 => some(self).map(Some),
            _ => Err(Wrong::Position),
        }
    }

    #[inline]
    fn array<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        loop {
            let mut count = self.long()?;
            if count == 0 {
                return Ok(items);
            }
            if count < 0 {
                self.long()?;
                count = -count;
            }
            items.reserve((count as usize).min(self.rest.len()));
            for _ in 0..count {
                items.push(item(self)?);
            }
        }
    }
}

pub fn encode_small_v1(of: &Small, out: &mut Vec<u8>) {
    put_str(out, &of.order_id);
    put_str(out, &of.customer_id);
    put_double(out, of.total_amount);
    put_long(out, of.created_at.0);
}

pub fn encode_small(of: &Small, out: &mut Vec<u8>) {
    encode_small_v1(of, out);
    put_str(out, &of.currency);
}

pub fn decode_small(bytes: &[u8]) -> Result<Small> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    Ok(Small {
        order_id: input.string()?,
        customer_id: input.string()?,
        total_amount: input.double()?,
        created_at: TimestampMillis(input.long()?),
        currency: input.string()?,
    })
}

/// The same with text that is part of the message.
#[expect(dead_code, reason = "it is only made")]
pub struct SmallRef<'a> {
    pub order_id: &'a str,
    pub customer_id: &'a str,
    pub total_amount: f64,
    pub created_at: TimestampMillis,
    pub currency: &'a str,
}

pub fn decode_small_ref(bytes: &[u8]) -> Result<SmallRef<'_>> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    Ok(SmallRef {
        order_id: input.str()?,
        customer_id: input.str()?,
        total_amount: input.double()?,
        created_at: TimestampMillis(input.long()?),
        currency: input.str()?,
    })
}

/// What to do with a field of the writer, or of the reader where the writer has none.
pub enum Step {
    Read(usize),
    Default(usize, &'static str),
}

pub fn small_plan() -> Vec<Step> {
    std::hint::black_box(vec![
        Step::Read(0),
        Step::Read(1),
        Step::Read(2),
        Step::Read(3),
        Step::Default(4, "EUR"),
    ])
}

pub fn decode_small_planned(bytes: &[u8], plan: &[Step]) -> Result<Small> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    let (mut order_id, mut customer_id, mut total_amount, mut created_at, mut currency) =
        (None, None, None, None, None);
    for step in plan {
        match step {
            Step::Read(0) => order_id = Some(input.string()?),
            Step::Read(1) => customer_id = Some(input.string()?),
            Step::Read(2) => total_amount = Some(input.double()?),
            Step::Read(3) => created_at = Some(input.long()?),
            Step::Read(4) => currency = Some(input.string()?),
            Step::Default(4, value) => currency = Some((*value).to_owned()),
            Step::Read(_) | Step::Default(..) => return Err(Wrong::Field),
        }
    }
    Ok(Small {
        order_id: order_id.ok_or(Wrong::Field)?,
        customer_id: customer_id.ok_or(Wrong::Field)?,
        total_amount: total_amount.ok_or(Wrong::Field)?,
        created_at: TimestampMillis(created_at.ok_or(Wrong::Field)?),
        currency: currency.ok_or(Wrong::Field)?,
    })
}

pub fn encode_big(of: &Big, out: &mut Vec<u8>) {
    encode_big_v1(of, out);
    put_str(out, &of.currency);
}

pub fn encode_big_v1(of: &Big, out: &mut Vec<u8>) {
    put_str(out, &of.order_id);
    encode_customer(&of.customer, out);
    put_long(out, of.items.len() as i64);
    for item in &of.items {
        encode_item(item, out);
    }
    if !of.items.is_empty() {
        out.push(0);
    }
    put_long(out, of.attributes.len() as i64);
    for (key, value) in &of.attributes {
        put_str(out, key);
        put_str(out, value);
    }
    if !of.attributes.is_empty() {
        out.push(0);
    }
    match &of.payment {
        Payment::CardPayment(card) => {
            out.push(0);
            put_str(out, &card.last4);
            put_str(out, &card.brand);
        }
        Payment::BankTransfer(transfer) => {
            out.push(2);
            put_str(out, &transfer.iban);
        }
    }
    put_long(out, of.status as i64);
    put_decimal(out, of.total.unscaled());
    put_option_str(out, of.note.as_deref());
    put_long(out, of.created_at.0);
}

fn put_option_str(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => out.push(0),
        Some(text) => {
            out.push(2);
            put_str(out, text);
        }
    }
}

fn put_decimal(out: &mut Vec<u8>, unscaled: i128) {
    let bytes = unscaled.to_be_bytes();
    let sign = if unscaled < 0 { 0xff } else { 0 };
    let mut from = 0;
    while from < 15 && bytes[from] == sign && (bytes[from + 1] & 0x80) == (sign & 0x80) {
        from += 1;
    }
    put_bytes(out, &bytes[from..]);
}

fn encode_customer(of: &Customer, out: &mut Vec<u8>) {
    put_str(out, &of.id);
    put_str(out, &of.name);
    put_option_str(out, of.email.as_deref());
    put_str(out, &of.address.street);
    put_str(out, &of.address.city);
    put_str(out, &of.address.zip);
    put_str(out, &of.address.country);
}

fn encode_item(of: &LineItem, out: &mut Vec<u8>) {
    put_str(out, &of.sku);
    put_str(out, &of.title);
    put_long(out, i64::from(of.quantity));
    put_double(out, of.unit_price);
    match of.discount {
        None => out.push(0),
        Some(discount) => {
            out.push(2);
            put_double(out, discount);
        }
    }
}

pub fn decode_big(bytes: &[u8]) -> Result<Big> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    Ok(Big {
        order_id: input.string()?,
        customer: customer(input)?,
        items: input.array(item)?,
        attributes: attributes(input)?,
        payment: payment(input)?,
        status: status(input)?,
        total: decimal(input)?,
        note: input.option(Input::string)?,
        created_at: TimestampMillis(input.long()?),
        currency: input.string()?,
    })
}

fn customer(input: &mut Input<'_>) -> Result<Customer> {
    Ok(Customer {
        id: input.string()?,
        name: input.string()?,
        email: input.option(Input::string)?,
        address: Address {
            street: input.string()?,
            city: input.string()?,
            zip: input.string()?,
            country: input.string()?,
        },
    })
}

fn item(input: &mut Input<'_>) -> Result<LineItem> {
    Ok(LineItem {
        sku: input.string()?,
        title: input.string()?,
        quantity: i32::try_from(input.long()?).map_err(|_| Wrong::Number)?,
        unit_price: input.double()?,
        discount: input.option(Input::double)?,
    })
}

fn attributes(input: &mut Input<'_>) -> Result<HashMap<String, String>> {
    let mut entries = HashMap::new();
    loop {
        let mut count = input.long()?;
        if count == 0 {
            return Ok(entries);
        }
        if count < 0 {
            input.long()?;
            count = -count;
        }
        entries.reserve((count as usize).min(input.rest.len()));
        for _ in 0..count {
            entries.insert(input.string()?, input.string()?);
        }
    }
}

fn payment(input: &mut Input<'_>) -> Result<Payment> {
    match input.long()? {
        0 => Ok(Payment::CardPayment(CardPayment { last4: input.string()?, brand: input.string()? })),
        1 => Ok(Payment::BankTransfer(BankTransfer { iban: input.string()? })),
        _ => Err(Wrong::Position),
    }
}

fn status(input: &mut Input<'_>) -> Result<Status> {
    Ok(match input.long()? {
        0 => Status::Created,
        1 => Status::Paid,
        2 => Status::Shipped,
        3 => Status::Cancelled,
        _ => return Err(Wrong::Position),
    })
}

fn decimal<const P: u32, const S: u32>(input: &mut Input<'_>) -> Result<Decimal<P, S>> {
    let bytes = input.bytes()?;
    if bytes.is_empty() || bytes.len() > 16 {
        return Err(Wrong::Number);
    }
    let mut unscaled = if bytes[0] & 0x80 == 0 { 0_i128 } else { -1 };
    for byte in bytes {
        unscaled = unscaled << 8 | i128::from(*byte);
    }
    Ok(Decimal::from_unscaled(unscaled))
}

/// The same with text that is part of the message.
#[expect(dead_code, reason = "it is only made")]
pub struct BigRef<'a> {
    pub order_id: &'a str,
    pub customer: CustomerRef<'a>,
    pub items: Vec<LineItemRef<'a>>,
    pub attributes: Vec<(&'a str, &'a str)>,
    pub payment: PaymentRef<'a>,
    pub status: Status,
    pub total: Decimal<12, 2>,
    pub note: Option<&'a str>,
    pub created_at: TimestampMillis,
    pub currency: &'a str,
}

#[expect(dead_code, reason = "it is only made")]
pub struct CustomerRef<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub street: &'a str,
    pub city: &'a str,
    pub zip: &'a str,
    pub country: &'a str,
}

#[expect(dead_code, reason = "it is only made")]
pub struct LineItemRef<'a> {
    pub sku: &'a str,
    pub title: &'a str,
    pub quantity: i32,
    pub unit_price: f64,
    pub discount: Option<f64>,
}

#[expect(dead_code, reason = "it is only made")]
pub enum PaymentRef<'a> {
    Card { last4: &'a str, brand: &'a str },
    Transfer { iban: &'a str },
}

pub fn decode_big_ref(bytes: &[u8]) -> Result<BigRef<'_>> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    Ok(BigRef {
        order_id: input.str()?,
        customer: customer_ref(input)?,
        items: input.array(item_ref)?,
        attributes: input.array(|input| Ok((input.str()?, input.str()?)))?,
        payment: match input.long()? {
            0 => PaymentRef::Card { last4: input.str()?, brand: input.str()? },
            1 => PaymentRef::Transfer { iban: input.str()? },
            _ => return Err(Wrong::Position),
        },
        status: status(input)?,
        total: decimal(input)?,
        note: input.option(Input::str)?,
        created_at: TimestampMillis(input.long()?),
        currency: input.str()?,
    })
}

fn customer_ref<'a>(input: &mut Input<'a>) -> Result<CustomerRef<'a>> {
    Ok(CustomerRef {
        id: input.str()?,
        name: input.str()?,
        email: input.option(Input::str)?,
        street: input.str()?,
        city: input.str()?,
        zip: input.str()?,
        country: input.str()?,
    })
}

fn item_ref<'a>(input: &mut Input<'a>) -> Result<LineItemRef<'a>> {
    Ok(LineItemRef {
        sku: input.str()?,
        title: input.str()?,
        quantity: i32::try_from(input.long()?).map_err(|_| Wrong::Number)?,
        unit_price: input.double()?,
        discount: input.option(Input::double)?,
    })
}

pub fn big_plan() -> Vec<Step> {
    std::hint::black_box((0..9).map(Step::Read).chain([Step::Default(9, "EUR")]).collect())
}

pub fn decode_big_planned(bytes: &[u8], plan: &[Step]) -> Result<Big> {
    let mut input = Input { rest: bytes };
    let input = &mut input;
    let (mut order_id, mut buyer, mut items, mut entries, mut paid) = (None, None, None, None, None);
    let (mut state, mut total, mut note, mut created_at, mut currency) = (None, None, None, None, None);
    for step in plan {
        match step {
            Step::Read(0) => order_id = Some(input.string()?),
            Step::Read(1) => buyer = Some(customer(input)?),
            Step::Read(2) => items = Some(input.array(item)?),
            Step::Read(3) => entries = Some(attributes(input)?),
            Step::Read(4) => paid = Some(payment(input)?),
            Step::Read(5) => state = Some(status(input)?),
            Step::Read(6) => total = Some(decimal(input)?),
            Step::Read(7) => note = Some(input.option(Input::string)?),
            Step::Read(8) => created_at = Some(input.long()?),
            Step::Read(9) => currency = Some(input.string()?),
            Step::Default(9, value) => currency = Some((*value).to_owned()),
            Step::Read(_) | Step::Default(..) => return Err(Wrong::Field),
        }
    }
    Ok(Big {
        order_id: order_id.ok_or(Wrong::Field)?,
        customer: buyer.ok_or(Wrong::Field)?,
        items: items.ok_or(Wrong::Field)?,
        attributes: entries.ok_or(Wrong::Field)?,
        payment: paid.ok_or(Wrong::Field)?,
        status: state.ok_or(Wrong::Field)?,
        total: total.ok_or(Wrong::Field)?,
        note: note.ok_or(Wrong::Field)?,
        created_at: TimestampMillis(created_at.ok_or(Wrong::Field)?),
        currency: currency.ok_or(Wrong::Field)?,
    })
}
