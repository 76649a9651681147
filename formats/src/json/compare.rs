//! Are two values equal?

use std::collections::HashMap;

use super::{Member, Value};

type Pair<'v, 'a, 'b> = (&'v Value<'a>, &'v Value<'b>);

impl<'b> PartialEq<Value<'b>> for Value<'_> {
    fn eq(&self, other: &Value<'b>) -> bool {
        let mut open: Vec<Pair<'_, '_, 'b>> = vec![(self, other)];
        while let Some((a, b)) = open.pop() {
            let alike = match (a, b) {
                (Value::Null, Value::Null) => true,
                (Value::Bool(a), Value::Bool(b)) => a == b,
                (Value::Number(a), Value::Number(b)) => a == b,
                (Value::String(a), Value::String(b)) => a == b,
                (Value::Array(a), Value::Array(b)) => {
                    open.extend(a.iter().zip(b));
                    a.len() == b.len()
                }
                (Value::Object(a), Value::Object(b)) => a.len() == b.len() && pair_up(a, b, &mut open),
                _ => false,
            };
            if !alike {
                return false;
            }
        }
        true
    }
}

/// Adds the values of equal keys; `false` if a key has no equal. Mostly the keys have one order.
fn pair_up<'v, 'a, 'b>(a: &'v [Member<'a>], b: &'v [Member<'b>], open: &mut Vec<Pair<'v, 'a, 'b>>) -> bool {
    if a.iter().zip(b).all(|((a, _), (b, _))| a == b) {
        open.extend(a.iter().zip(b).map(|((_, a), (_, b))| (a, b)));
        return true;
    }
    let known: HashMap<&str, &Value<'b>> = b.iter().map(|(key, value)| (key.as_ref(), value)).collect();
    a.iter().all(|(key, a)| {
        let found = known.get(key.as_ref());
        open.extend(found.map(|b| (a, *b)));
        found.is_some()
    })
}
