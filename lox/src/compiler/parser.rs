//! The tokens, with one to look ahead, and the errors found in them.

use super::error::CompileError;
use crate::scanner::Scanner;
use crate::token::{Token, TokenKind};

/// Reads tokens and keeps errors.
#[derive(Debug)]
pub(super) struct Parser<'src> {
    scanner: Scanner<'src>,
    pub(super) current: Token<'src>,
    pub(super) previous: Token<'src>,
    pub(super) errors: Vec<CompileError>,
    /// Whether errors are not told, since they follow from one that was.
    panicking: bool,
}

impl<'src> Parser<'src> {
    pub(super) fn new(source: &'src str) -> Self {
        let nothing = Token { kind: TokenKind::End, text: "", line: 1 };
        let scanner = Scanner::new(source);
        let mut parser =
            Parser { scanner, current: nothing, previous: nothing, errors: Vec::new(), panicking: false };
        parser.advance();
        parser
    }

    /// Goes on to the next token.
    pub(super) fn advance(&mut self) {
        self.previous = self.current;
        loop {
            self.current = self.scanner.next_token();
            let TokenKind::Error(message) = self.current.kind else { return };
            self.error_at_current(message);
        }
    }

    pub(super) fn check(&self, kind: TokenKind) -> bool {
        self.current.kind == kind
    }

    /// Goes on if the next token is of this kind; whether it was.
    pub(super) fn accept(&mut self, kind: TokenKind) -> bool {
        let accepted = self.check(kind);
        if accepted {
            self.advance();
        }
        accepted
    }

    /// Goes on if the next token is of this kind, as it must be.
    pub(super) fn expect(&mut self, kind: TokenKind, message: &'static str) {
        if !self.accept(kind) {
            self.error_at_current(message);
        }
    }

    /// Tells of an error at the token that was read last.
    pub(super) fn error(&mut self, message: &'static str) {
        self.error_at(self.previous, message);
    }

    pub(super) fn error_at_current(&mut self, message: &'static str) {
        self.error_at(self.current, message);
    }

    fn error_at(&mut self, token: Token<'src>, message: &'static str) {
        if !self.panicking {
            self.panicking = true;
            self.errors.push(CompileError::at(token, message));
        }
    }

    /// Tells that there is no going deeper, and reads nothing more.
    pub(super) fn too_deep(&mut self) {
        self.error("Too much nesting.");
        self.skip_to_end();
    }

    fn skip_to_end(&mut self) {
        while !self.check(TokenKind::End) {
            self.previous = self.current;
            self.current = self.scanner.next_token();
        }
    }

    /// After an error, goes on to where a statement may start.
    pub(super) fn synchronize(&mut self) {
        if !self.panicking {
            return;
        }
        self.panicking = false;
        while !self.check(TokenKind::End) && self.previous.kind != TokenKind::Semicolon {
            if self.current.kind.starts_statement() {
                return;
            }
            self.advance();
        }
    }
}
