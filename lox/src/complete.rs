//! Whether somebody who types a program is done.

use crate::scanner::{Scanner, UNTERMINATED_STRING};
use crate::token::TokenKind;

/// Whether a text can be a program as it is: all its parentheses, braces and strings are closed. If they are not, more text
/// may make it one; a text that no more text can mend is complete.
///
/// ```
/// assert!(lox::is_complete("print 1;"));
/// assert!(!lox::is_complete("fun f() {"));
/// assert!(!lox::is_complete("print \"one line"));
/// ```
#[must_use]
pub fn is_complete(source: &str) -> bool {
    let mut scanner = Scanner::new(source);
    let mut closers = Vec::new();
    loop {
        match scanner.next_token().kind {
            TokenKind::LeftParen => closers.push(TokenKind::RightParen),
            TokenKind::LeftBrace => closers.push(TokenKind::RightBrace),
            closer @ (TokenKind::RightParen | TokenKind::RightBrace) if closers.pop() != Some(closer) => {
                return true;
            }
            UNTERMINATED_STRING => return false,
            TokenKind::End => return closers.is_empty(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_complete;

    #[track_caller]
    fn check(complete: bool, sources: &[&str]) {
        sources.iter().for_each(|source| assert_eq!(is_complete(source), complete, "{source:?}"));
    }

    #[test]
    fn what_is_open_goes_on() {
        check(false, &["{", "f(", "class A { init() {", "\"text", "{ \"}", "{ // }", "print \"a\nb"]);
    }

    #[test]
    fn what_is_closed_is_complete() {
        check(true, &["", "// {", "print 1", "fun f() {\n}", "print \"(\";", "\"a\nb\"", "1 +"]);
    }

    #[test]
    fn what_cannot_be_mended_is_complete() {
        check(true, &["}", "f(}", "{ ) {", "@"]);
    }
}
