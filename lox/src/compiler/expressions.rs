//! Expressions: a Pratt parser.

use super::Compiler;
use crate::code::Instruction;
use crate::token::{Token, TokenKind};

/// How strongly an operator binds, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    None,
    Assignment,
    Or,
    And,
    Equality,
    Comparison,
    Term,
    Factor,
    Unary,
    Call,
}

impl Precedence {
    /// Of a token that stands behind an operand.
    fn of_infix(kind: TokenKind) -> Precedence {
        use TokenKind::*;
        match kind {
            Or => Precedence::Or,
            And => Precedence::And,
            BangEqual | EqualEqual => Precedence::Equality,
            Greater | GreaterEqual | Less | LessEqual => Precedence::Comparison,
            Minus | Plus => Precedence::Term,
            Slash | Star => Precedence::Factor,
            LeftParen | Dot => Precedence::Call,
            _ => Precedence::None,
        }
    }

    /// Of the right operand, for operators of this precedence that group to the left.
    fn next(self) -> Precedence {
        match self {
            Precedence::None => Precedence::Assignment,
            Precedence::Assignment => Precedence::Or,
            Precedence::Or => Precedence::And,
            Precedence::And => Precedence::Equality,
            Precedence::Equality => Precedence::Comparison,
            Precedence::Comparison => Precedence::Term,
            Precedence::Term => Precedence::Factor,
            Precedence::Factor => Precedence::Unary,
            Precedence::Unary | Precedence::Call => Precedence::Call,
        }
    }
}

impl<'src> Compiler<'src> {
    pub(super) fn expression(&mut self) {
        self.parse(Precedence::Assignment);
    }

    /// Reads an expression of operators that bind as strongly as `least`, or more.
    fn parse(&mut self, least: Precedence) {
        self.nested(|compiler| compiler.parse_operands(least));
    }

    fn parse_operands(&mut self, least: Precedence) {
        let can_assign = least <= Precedence::Assignment;
        self.parser.advance();
        if !self.prefix(can_assign) {
            return self.parser.error("Expect expression.");
        }
        while least <= Precedence::of_infix(self.parser.current.kind) {
            self.parser.advance();
            self.infix(can_assign);
        }
        if can_assign && self.parser.accept(TokenKind::Equal) {
            self.parser.error("Invalid assignment target.");
        }
    }

    /// The expression that the previous token starts; false if it starts none.
    fn prefix(&mut self, can_assign: bool) -> bool {
        let token = self.parser.previous;
        match token.kind {
            TokenKind::LeftParen => self.grouping(),
            TokenKind::Minus | TokenKind::Bang => self.unary(token.kind),
            TokenKind::Identifier => self.named_variable(token, can_assign),
            TokenKind::String => {
                self.emit_constant(Instruction::String(&token.text[1..token.text.len() - 1]));
            }
            TokenKind::Number => self.number(token),
            TokenKind::False => self.emit(Instruction::False),
            TokenKind::Nil => self.emit(Instruction::Nil),
            TokenKind::True => self.emit(Instruction::True),
            TokenKind::Super => self.super_(),
            TokenKind::This => self.this(token),
            _ => return false,
        }
        true
    }

    /// What follows an operand, with the previous token.
    fn infix(&mut self, can_assign: bool) {
        let operator = self.parser.previous.kind;
        match operator {
            TokenKind::LeftParen => self.call(),
            TokenKind::Dot => self.dot(can_assign),
            TokenKind::And => self.and(),
            TokenKind::Or => self.or(),
            _ => self.binary(operator),
        }
    }

    fn grouping(&mut self) {
        self.expression();
        self.parser.expect(TokenKind::RightParen, "Expect ')' after expression.");
    }

    fn number(&mut self, token: Token<'src>) {
        let number = token.text.parse().expect("the scanner reads numbers only");
        self.emit_constant(Instruction::Number(number));
    }

    fn unary(&mut self, operator: TokenKind) {
        self.parse(Precedence::Unary);
        self.emit(if operator == TokenKind::Minus { Instruction::Negate } else { Instruction::Not });
    }

    fn binary(&mut self, operator: TokenKind) {
        self.parse(Precedence::of_infix(operator).next());
        let (instruction, negated) = match operator {
            TokenKind::BangEqual => (Instruction::Equal, true),
            TokenKind::EqualEqual => (Instruction::Equal, false),
            TokenKind::Greater => (Instruction::Greater, false),
            TokenKind::GreaterEqual => (Instruction::Less, true),
            TokenKind::Less => (Instruction::Less, false),
            TokenKind::LessEqual => (Instruction::Greater, true),
            TokenKind::Plus => (Instruction::Add, false),
            TokenKind::Minus => (Instruction::Subtract, false),
            TokenKind::Star => (Instruction::Multiply, false),
            TokenKind::Slash => (Instruction::Divide, false),
            other => unreachable!("{other:?} is no binary operator"),
        };
        self.emit(instruction);
        if negated {
            self.emit(Instruction::Not);
        }
    }

    fn and(&mut self) {
        let end = self.emit_jump(Instruction::JumpIfFalse(0));
        self.emit(Instruction::Pop);
        self.parse(Precedence::And);
        self.land(end);
    }

    fn or(&mut self) {
        let other = self.emit_jump(Instruction::JumpIfFalse(0));
        let end = self.emit_jump(Instruction::Jump(0));
        self.land(other);
        self.emit(Instruction::Pop);
        self.parse(Precedence::Or);
        self.land(end);
    }

    fn call(&mut self) {
        let arguments = self.arguments();
        self.emit(Instruction::Call(arguments));
    }

    /// Reads arguments up to the closing parenthesis; how many there are.
    pub(super) fn arguments(&mut self) -> u8 {
        let mut arguments = 0_u8;
        if !self.parser.check(TokenKind::RightParen) {
            loop {
                self.expression();
                match arguments.checked_add(1) {
                    Some(more) => arguments = more,
                    None => self.parser.error("Can't have more than 255 arguments."),
                }
                if !self.parser.accept(TokenKind::Comma) {
                    break;
                }
            }
        }
        self.parser.expect(TokenKind::RightParen, "Expect ')' after arguments.");
        arguments
    }

    fn dot(&mut self, can_assign: bool) {
        self.parser.expect(TokenKind::Identifier, "Expect property name after '.'.");
        let name = self.parser.previous.text;
        self.count_constant();
        if can_assign && self.parser.accept(TokenKind::Equal) {
            self.expression();
            self.emit(Instruction::SetProperty(name));
        } else if self.parser.accept(TokenKind::LeftParen) {
            let arguments = self.arguments();
            self.emit(Instruction::Invoke { name, arguments });
        } else {
            self.emit(Instruction::GetProperty(name));
        }
    }
}
