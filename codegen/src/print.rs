//! Code as text without formatting it: a statement or field a line. It takes a tenth of the time that formatting does, and
//! nobody reads it but for the lines that the compiler points at.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Prints tokens.
pub(crate) fn print(tokens: &TokenStream) -> String {
    let mut printer = Printer { text: String::new(), depth: 0, joined: true };
    printer.tokens(tokens.clone(), true);
    printer.text.push('\n');
    printer.text
}

struct Printer {
    text: String,
    depth: usize,
    /// Nothing stands between the last token and the next.
    joined: bool,
}

impl Printer {
    /// `lines`: they are what stands between braces, or the outermost.
    fn tokens(&mut self, tokens: TokenStream, lines: bool) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let ends_line = lines
                && match &token {
                    TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        !tokens.peek().is_some_and(goes_on)
                    }
                    _ => false,
                };
            self.token(token);
            if ends_line && tokens.peek().is_some() {
                self.line();
            }
        }
    }

    fn token(&mut self, token: TokenTree) {
        match token {
            TokenTree::Group(group) => self.group(&group),
            TokenTree::Punct(punct) => {
                if !matches!(punct.as_char(), ';' | ',') {
                    self.space();
                }
                self.text.push(punct.as_char());
                self.joined = punct.spacing() == Spacing::Joint;
            }
            other => {
                self.space();
                self.text.push_str(&other.to_string());
                self.joined = false;
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => return self.tokens(group.stream(), false),
        };
        self.space();
        self.text.push_str(open);
        self.joined = true;
        if open == "{" && !group.stream().is_empty() {
            self.depth += 1;
            self.line();
            self.tokens(group.stream(), true);
            self.depth -= 1;
            self.line();
        } else {
            self.tokens(group.stream(), false);
        }
        self.text.push_str(close);
        self.joined = false;
    }

    fn space(&mut self) {
        if !std::mem::take(&mut self.joined) {
            self.text.push(' ');
        }
    }

    fn line(&mut self) {
        self.text.push('\n');
        // Deeper code is not easier to read for more blanks.
        self.text.extend(std::iter::repeat_n(' ', self.depth.min(12)));
        self.joined = true;
    }
}

/// Does a token after a block belong to it? `else`, `.method()`, `?`, `,`, `;`
fn goes_on(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '.' | '?' | ',' | ';'),
        TokenTree::Ident(ident) => ident == "else",
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Literal(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> TokenStream {
        text.parse().expect("tokens")
    }

    /// What is read again is the same.
    #[test]
    fn tokens_stay_as_they_are() {
        for text in [
            "pub struct R<'a> { pub a: &'a str, b: ::std::vec::Vec<u8> }",
            "fn f() -> i32 { let x = a::<T>::b(&&y, 'c', b\"\\xff\", \"\\n\\\"{};,\", -1.5e3, r#type)?; if x >>= 1 { } else { x => { } } .. }",
            "#[doc = \" a ; b\"] const X: &[u8] = &[1, 2,]; mod m {} macro_rules! m { ($($x:tt)*) => { $($x)* } }",
            "a+=b; c<<=d; e..=f; g=>h; |i, j| i&&j; &mut k; *l; !m; 'n: loop { break 'n; }",
        ] {
            let printed = print(&tokens(text));
            assert_eq!(tokens(&printed).to_string(), tokens(text).to_string(), "{printed}");
            assert_eq!(print(&tokens(&printed)), printed);
        }
    }

    #[test]
    fn lines_are_statements() {
        let text = "mod a { struct B { c: i32, d: (i32, i32) } fn e() { if f { g(); } else { h } } }";
        let expected = "mod a {\n struct B {\n  c : i32,\n  d : (i32, i32)\n }\n fn e () {\n  if f {\n   g ();\n  } else {\n   h\n  }\n }\n}\n";
        assert_eq!(print(&tokens(text)), expected);
    }
}
