//! Which texts were seen before.

use std::collections::HashMap;

/// So many texts are found faster by looking at each than by hashing.
const SCANNED: usize = 16;

/// Texts with their places. Few are searched, many are hashed, so that no list takes quadratic time.
#[derive(Default)]
pub(super) struct Seen<'a> {
    texts: Vec<&'a str>,
    /// Empty while there are few.
    places: HashMap<&'a str, usize>,
}

impl<'a> Seen<'a> {
    /// Adds a text; the answer is the place, from 0, at which it was added before.
    pub(super) fn add(&mut self, text: &'a str) -> Option<usize> {
        let at = self.texts.len();
        let known = self.find(text);
        self.texts.push(text);
        if at == SCANNED {
            // The first of equal texts stays.
            for (place, text) in self.texts.iter().enumerate() {
                self.places.entry(text).or_insert(place);
            }
        } else if at > SCANNED {
            self.places.entry(text).or_insert(at);
        }
        known
    }

    /// The place of a text.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        if self.texts.len() <= SCANNED {
            self.texts.iter().position(|t| *t == text)
        } else {
            self.places.get(text).copied()
        }
    }
}

impl<'a> FromIterator<&'a str> for Seen<'a> {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let mut seen = Self::default();
        for text in texts {
            seen.add(text);
        }
        seen
    }
}
