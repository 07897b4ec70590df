//! Classes, `this` and `super`.

use super::function::FunctionKind;
use super::{ClassState, Compiler};
use crate::code::Instruction;
use crate::token::{Token, TokenKind};

impl<'src> Compiler<'src> {
    pub(super) fn class_declaration(&mut self) {
        self.parser.expect(TokenKind::Identifier, "Expect class name.");
        let name = self.parser.previous.text;
        self.count_constant();
        self.declare(name);
        self.emit(Instruction::Class(name));
        self.define_variable(name);

        self.classes.push(ClassState { has_superclass: false });
        if self.parser.accept(TokenKind::Less) {
            // The scope of the variable `super`.
            self.scoped(|compiler| {
                compiler.superclass(name);
                compiler.class_body(name);
            });
        } else {
            self.class_body(name);
        }
        self.classes.pop();
    }

    fn superclass(&mut self, class: &'src str) {
        self.parser.expect(TokenKind::Identifier, "Expect superclass name.");
        let superclass = self.parser.previous;
        self.named_variable(superclass, false);
        if superclass.text == class {
            self.parser.error("A class can't inherit from itself.");
        }
        self.add_local("super");
        self.function().initialize_local();
        self.get_variable(class);
        self.emit(Instruction::Inherit);
        self.classes.last_mut().expect("one is open").has_superclass = true;
    }

    fn class_body(&mut self, name: &'src str) {
        self.get_variable(name);
        self.parser.expect(TokenKind::LeftBrace, "Expect '{' before class body.");
        while !self.parser.check(TokenKind::RightBrace) && !self.parser.check(TokenKind::End) {
            self.method();
        }
        self.parser.expect(TokenKind::RightBrace, "Expect '}' after class body.");
        self.emit(Instruction::Pop);
    }

    fn method(&mut self) {
        self.parser.expect(TokenKind::Identifier, "Expect method name.");
        let name = self.parser.previous.text;
        self.count_constant();
        let kind = if name == "init" { FunctionKind::Initializer } else { FunctionKind::Method };
        self.function_body(kind);
        self.emit(Instruction::Method(name));
    }

    pub(super) fn this(&mut self, token: Token<'src>) {
        if self.classes.is_empty() {
            return self.parser.error("Can't use 'this' outside of a class.");
        }
        self.named_variable(token, false);
    }

    pub(super) fn super_(&mut self) {
        match self.classes.last() {
            None => self.parser.error("Can't use 'super' outside of a class."),
            Some(class) if !class.has_superclass => {
                self.parser.error("Can't use 'super' in a class with no superclass.");
            }
            Some(_) => {}
        }
        self.parser.expect(TokenKind::Dot, "Expect '.' after 'super'.");
        self.parser.expect(TokenKind::Identifier, "Expect superclass method name.");
        let name = self.parser.previous.text;
        self.count_constant();
        self.get_variable("this");
        if self.parser.accept(TokenKind::LeftParen) {
            let arguments = self.arguments();
            self.get_variable("super");
            self.emit(Instruction::SuperInvoke { name, arguments });
        } else {
            self.get_variable("super");
            self.emit(Instruction::GetSuper(name));
        }
    }
}
