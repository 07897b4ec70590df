//! From text to tokens (*Crafting Interpreters*, chapter 16).

use crate::token::{Token, TokenKind};

/// A string that goes on to the end of the program.
pub(crate) const UNTERMINATED_STRING: TokenKind = TokenKind::Error("Unterminated string.");

/// Gives the tokens of a program one by one.
#[derive(Debug)]
pub(crate) struct Scanner<'src> {
    source: &'src str,
    /// Where the token that is being read starts.
    start: usize,
    /// Where the next character is.
    at: usize,
    line: u32,
}

impl<'src> Scanner<'src> {
    pub(crate) fn new(source: &'src str) -> Self {
        Scanner { source, start: 0, at: 0, line: 1 }
    }

    /// The next token; the end again and again once that is reached.
    pub(crate) fn next_token(&mut self) -> Token<'src> {
        self.skip_blanks();
        self.start = self.at;
        match self.advance() {
            None => self.token(TokenKind::End),
            Some(first) => self.token_of(first),
        }
    }

    fn token_of(&mut self, first: char) -> Token<'src> {
        match first {
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            '0'..='9' => self.number(),
            '"' => self.string(),
            '(' => self.token(TokenKind::LeftParen),
            ')' => self.token(TokenKind::RightParen),
            '{' => self.token(TokenKind::LeftBrace),
            '}' => self.token(TokenKind::RightBrace),
            ';' => self.token(TokenKind::Semicolon),
            ',' => self.token(TokenKind::Comma),
            '.' => self.token(TokenKind::Dot),
            '-' => self.token(TokenKind::Minus),
            '+' => self.token(TokenKind::Plus),
            '/' => self.token(TokenKind::Slash),
            '*' => self.token(TokenKind::Star),
            '!' => self.with_equal(TokenKind::BangEqual, TokenKind::Bang),
            '=' => self.with_equal(TokenKind::EqualEqual, TokenKind::Equal),
            '<' => self.with_equal(TokenKind::LessEqual, TokenKind::Less),
            '>' => self.with_equal(TokenKind::GreaterEqual, TokenKind::Greater),
            _ => self.error("Unexpected character."),
        }
    }

    fn with_equal(&mut self, with: TokenKind, without: TokenKind) -> Token<'src> {
        let kind = if self.peek() == Some('=') { with } else { without };
        if kind == with {
            self.advance();
        }
        self.token(kind)
    }

    fn word(&mut self) -> Token<'src> {
        self.skip_while(|next| next.is_ascii_alphanumeric() || next == '_');
        self.token(TokenKind::of_word(self.text()))
    }

    fn number(&mut self) -> Token<'src> {
        self.skip_while(|next| next.is_ascii_digit());
        if self.peek() == Some('.') && self.peek_second().is_some_and(|second| second.is_ascii_digit()) {
            self.advance();
            self.skip_while(|next| next.is_ascii_digit());
        }
        self.token(TokenKind::Number)
    }

    fn string(&mut self) -> Token<'src> {
        self.skip_while(|next| next != '"');
        match self.advance() {
            Some(_) => self.token(TokenKind::String),
            None => self.token(UNTERMINATED_STRING),
        }
    }

    /// Skips white space and comments.
    fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|next| matches!(next, ' ' | '\r' | '\t' | '\n'));
            if self.peek() != Some('/') || self.peek_second() != Some('/') {
                return;
            }
            self.skip_while(|next| next != '\n');
        }
    }

    fn skip_while(&mut self, skip: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&skip) {
            self.advance();
        }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.source[self.at..].chars().nth(1)
    }

    fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        self.line += u32::from(next == '\n');
        Some(next)
    }

    fn text(&self) -> &'src str {
        &self.source[self.start..self.at]
    }

    fn token(&self, kind: TokenKind) -> Token<'src> {
        Token { kind, text: self.text(), line: self.line }
    }

    fn error(&self, message: &'static str) -> Token<'src> {
        self.token(TokenKind::Error(message))
    }
}

#[cfg(test)]
mod tests {
    use super::Scanner;
    use crate::token::TokenKind::{self, *};

    #[track_caller]
    fn check(source: &str, expected: &[(TokenKind, &str, u32)]) {
        let mut scanner = Scanner::new(source);
        for &(kind, text, line) in expected {
            let token = scanner.next_token();
            assert_eq!((token.kind, token.text, token.line), (kind, text, line), "in {source:?}");
        }
        assert_eq!(scanner.next_token().kind, End, "after {source:?}");
        assert_eq!(scanner.next_token().kind, End, "there is no token behind the end");
    }

    #[test]
    fn operators_of_two_characters_are_one_token() {
        check(
            "!= ! == = <= < >= >",
            &[
                (BangEqual, "!=", 1),
                (Bang, "!", 1),
                (EqualEqual, "==", 1),
                (Equal, "=", 1),
                (LessEqual, "<=", 1),
                (Less, "<", 1),
                (GreaterEqual, ">=", 1),
                (Greater, ">", 1),
            ],
        );
    }

    #[test]
    fn a_word_is_a_keyword_only_as_a_whole() {
        check(
            "for form _or or",
            &[(For, "for", 1), (Identifier, "form", 1), (Identifier, "_or", 1), (Or, "or", 1)],
        );
    }

    #[test]
    fn a_dot_belongs_to_a_number_only_before_a_digit() {
        check(
            "1.5 1.x .5",
            &[
                (Number, "1.5", 1),
                (Number, "1", 1),
                (Dot, ".", 1),
                (Identifier, "x", 1),
                (Dot, ".", 1),
                (Number, "5", 1),
            ],
        );
    }

    #[test]
    fn a_string_may_go_over_lines_and_counts_for_its_last() {
        check("\"a\nb\" x", &[(String, "\"a\nb\"", 2), (Identifier, "x", 2)]);
        check("\"a\n", &[(Error("Unterminated string."), "\"a\n", 2)]);
    }

    #[test]
    fn comments_end_with_their_line_or_the_file() {
        check("// a\n1 // b", &[(Number, "1", 2)]);
        check("/ 1", &[(Slash, "/", 1), (Number, "1", 1)]);
    }

    #[test]
    fn a_character_of_several_bytes_is_one_error() {
        let error = Error("Unexpected character.");
        check("\u{e4}\u{1f600}1", &[(error, "\u{e4}", 1), (error, "\u{1f600}", 1), (Number, "1", 1)]);
    }
}
