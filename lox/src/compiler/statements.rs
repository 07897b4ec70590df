//! Declarations and statements.

use super::Compiler;
use super::function::{FunctionKind, FunctionState, Jump, Label};
use crate::code::{Instruction, Prototype};
use crate::token::TokenKind;

impl<'src> Compiler<'src> {
    pub(super) fn program(&mut self) {
        while !self.parser.accept(TokenKind::End) {
            self.declaration();
        }
    }

    pub(super) fn declaration(&mut self) {
        if self.parser.accept(TokenKind::Class) {
            self.class_declaration();
        } else if self.parser.accept(TokenKind::Fun) {
            self.function_declaration();
        } else if self.parser.accept(TokenKind::Var) {
            self.variable_declaration();
        } else {
            self.statement();
        }
        self.parser.synchronize();
    }

    fn function_declaration(&mut self) {
        let name = self.declare_variable("Expect function name.");
        // A function may call itself.
        if self.function().scope_depth > 0 {
            self.function().initialize_local();
        }
        self.function_body(FunctionKind::Function);
        self.define_variable(name);
    }

    fn variable_declaration(&mut self) {
        let name = self.declare_variable("Expect variable name.");
        if self.parser.accept(TokenKind::Equal) {
            self.expression();
        } else {
            self.emit(Instruction::Nil);
        }
        self.parser.expect(TokenKind::Semicolon, "Expect ';' after variable declaration.");
        self.define_variable(name);
    }

    fn statement(&mut self) {
        self.nested(|compiler| {
            if compiler.parser.accept(TokenKind::Print) {
                compiler.print_statement();
            } else if compiler.parser.accept(TokenKind::For) {
                compiler.for_statement();
            } else if compiler.parser.accept(TokenKind::If) {
                compiler.if_statement();
            } else if compiler.parser.accept(TokenKind::Return) {
                compiler.return_statement();
            } else if compiler.parser.accept(TokenKind::While) {
                compiler.while_statement();
            } else if compiler.parser.accept(TokenKind::LeftBrace) {
                compiler.scoped(Self::block);
            } else {
                compiler.expression_statement();
            }
        });
    }

    /// Runs `parse` in a block of its own.
    pub(super) fn scoped(&mut self, parse: impl FnOnce(&mut Self)) {
        self.function().scope_depth += 1;
        parse(self);
        let line = self.parser.previous.line;
        self.function().end_scope(line);
    }

    fn block(&mut self) {
        while !self.parser.check(TokenKind::RightBrace) && !self.parser.check(TokenKind::End) {
            self.declaration();
        }
        self.parser.expect(TokenKind::RightBrace, "Expect '}' after block.");
    }

    fn print_statement(&mut self) {
        self.expression();
        self.parser.expect(TokenKind::Semicolon, "Expect ';' after value.");
        self.emit(Instruction::Print);
    }

    fn expression_statement(&mut self) {
        self.expression();
        self.parser.expect(TokenKind::Semicolon, "Expect ';' after expression.");
        self.emit(Instruction::Pop);
    }

    fn if_statement(&mut self) {
        self.parser.expect(TokenKind::LeftParen, "Expect '(' after 'if'.");
        self.expression();
        self.parser.expect(TokenKind::RightParen, "Expect ')' after condition.");
        let otherwise = self.emit_jump(Instruction::JumpIfFalse(0));
        self.emit(Instruction::Pop);
        self.statement();
        let end = self.emit_jump(Instruction::Jump(0));
        self.land(otherwise);
        self.emit(Instruction::Pop);
        if self.parser.accept(TokenKind::Else) {
            self.statement();
        }
        self.land(end);
    }

    fn while_statement(&mut self) {
        let start = self.function().label();
        self.parser.expect(TokenKind::LeftParen, "Expect '(' after 'while'.");
        self.expression();
        self.parser.expect(TokenKind::RightParen, "Expect ')' after condition.");
        let exit = self.emit_jump(Instruction::JumpIfFalse(0));
        self.emit(Instruction::Pop);
        self.statement();
        self.emit_loop(start);
        self.land(exit);
        self.emit(Instruction::Pop);
    }

    fn for_statement(&mut self) {
        self.scoped(|compiler| {
            compiler.parser.expect(TokenKind::LeftParen, "Expect '(' after 'for'.");
            compiler.for_initializer();
            let mut start = compiler.function().label();
            let exit = compiler.for_condition();
            if !compiler.parser.accept(TokenKind::RightParen) {
                start = compiler.for_increment(start);
            }
            compiler.statement();
            compiler.emit_loop(start);
            if let Some(exit) = exit {
                compiler.land(exit);
                compiler.emit(Instruction::Pop);
            }
        });
    }

    fn for_initializer(&mut self) {
        if self.parser.accept(TokenKind::Semicolon) {
            // There is none.
        } else if self.parser.accept(TokenKind::Var) {
            self.variable_declaration();
        } else {
            self.expression_statement();
        }
    }

    /// The condition of a loop, and the jump out of it.
    fn for_condition(&mut self) -> Option<Jump> {
        if self.parser.accept(TokenKind::Semicolon) {
            return None;
        }
        self.expression();
        self.parser.expect(TokenKind::Semicolon, "Expect ';' after loop condition.");
        let exit = self.emit_jump(Instruction::JumpIfFalse(0));
        self.emit(Instruction::Pop);
        Some(exit)
    }

    /// The increment stands before the body and runs behind it; where the body is to jump.
    fn for_increment(&mut self, start: Label) -> Label {
        let body = self.emit_jump(Instruction::Jump(0));
        let increment = self.function().label();
        self.expression();
        self.emit(Instruction::Pop);
        self.parser.expect(TokenKind::RightParen, "Expect ')' after for clauses.");
        self.emit_loop(start);
        self.land(body);
        increment
    }

    fn return_statement(&mut self) {
        if self.function().kind == FunctionKind::Program {
            self.parser.error("Can't return from top-level code.");
        }
        if self.parser.accept(TokenKind::Semicolon) {
            return self.emit_return();
        }
        if self.function().kind == FunctionKind::Initializer {
            self.parser.error("Can't return a value from an initializer.");
        }
        self.expression();
        self.parser.expect(TokenKind::Semicolon, "Expect ';' after return value.");
        self.emit(Instruction::Return);
    }

    /// Returns nil, or the instance from its initializer.
    fn emit_return(&mut self) {
        let initializes = self.function().kind == FunctionKind::Initializer;
        self.emit(if initializes { Instruction::GetLocal(0) } else { Instruction::Nil });
        self.emit(Instruction::Return);
    }

    /// Reads parameters and body of the function whose name was read last, and emits its closure.
    pub(super) fn function_body(&mut self, kind: FunctionKind) {
        self.nested(|compiler| compiler.parameters_and_block(kind));
    }

    fn parameters_and_block(&mut self, kind: FunctionKind) {
        self.functions.push(FunctionState::new(kind, Some(self.parser.previous.text)));
        // There is no leaving this scope: a return drops the frame as a whole.
        self.function().scope_depth += 1;
        self.parser.expect(TokenKind::LeftParen, "Expect '(' after function name.");
        if !self.parser.check(TokenKind::RightParen) {
            self.parameters();
        }
        self.parser.expect(TokenKind::RightParen, "Expect ')' after parameters.");
        self.parser.expect(TokenKind::LeftBrace, "Expect '{' before function body.");
        self.block();
        let prototype = self.end_function();
        self.emit_closure(prototype);
    }

    fn parameters(&mut self) {
        loop {
            if let Err(limit) = self.function().add_parameter() {
                self.parser.error_at_current(limit);
            }
            let name = self.declare_variable("Expect parameter name.");
            self.define_variable(name);
            if !self.parser.accept(TokenKind::Comma) {
                return;
            }
        }
    }

    /// Ends the innermost function with a return.
    pub(super) fn end_function(&mut self) -> Prototype<'src> {
        self.emit_return();
        self.functions.pop().expect("one is open").into_prototype()
    }

    fn emit_closure(&mut self, prototype: Prototype<'src>) {
        let captures = prototype.captures.len();
        let added = self.function().add_function(prototype);
        let number = self.within(added);
        self.emit(Instruction::Closure(number));
        self.function().count_captures(captures);
    }

    pub(super) fn emit_jump(&mut self, jump: Instruction<'src>) -> Jump {
        let line = self.parser.previous.line;
        self.function().emit_jump(jump, line)
    }

    pub(super) fn land(&mut self, jump: Jump) {
        let landed = self.function().land(jump);
        self.within(landed);
    }

    fn emit_loop(&mut self, start: Label) {
        let line = self.parser.previous.line;
        let emitted = self.function().emit_loop(start, line);
        self.within(emitted);
    }
}
