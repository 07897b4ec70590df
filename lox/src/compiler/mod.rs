//! From tokens to code in one pass (*Crafting Interpreters*, chapters 17 and 21 to 29).
//!
//! The grammar, its errors and its limits are those of the book's C implementation: the same texts, in the same order, and
//! the compiler goes on behind an error as that does.

mod classes;
mod error;
mod expressions;
mod function;
mod parser;
mod statements;
mod variables;

use crate::code::Prototype;
pub use error::{CompileError, Place};
use function::{FunctionKind, FunctionState};
use parser::Parser;

/// Compiles a program.
///
/// # Errors
/// All errors that there are in it.
pub(crate) fn compile(source: &str) -> Result<Prototype<'_>, Vec<CompileError>> {
    let mut compiler = Compiler::new(source);
    compiler.program();
    compiler.finish()
}

/// Compiles a program without running it.
///
/// ```
/// assert!(lox::check("print 1;").is_ok());
/// let errors = lox::check("print;\n1 +;").unwrap_err();
/// assert_eq!(errors[1].to_string(), "[line 2] Error at ';': Expect expression.");
/// ```
///
/// # Errors
/// All errors that there are in it.
pub fn check(source: &str) -> Result<(), Vec<CompileError>> {
    compile(source).map(drop)
}

/// Reads a program, and writes the code of the functions that are open at the place where it reads.
#[derive(Debug)]
struct Compiler<'src> {
    parser: Parser<'src>,
    /// The function that is being compiled, and those around it, the program first.
    functions: Vec<FunctionState<'src>>,
    /// The classes around the place, the outermost first.
    classes: Vec<ClassState>,
    /// How deep statements and expressions are nested here.
    nesting: usize,
}

/// A class that is being compiled.
#[derive(Debug)]
struct ClassState {
    has_superclass: bool,
}

/// How deep statements and expressions may be nested: each level is a level of the compiler's own stack.
const MAX_NESTING: usize = 1_000;

impl<'src> Compiler<'src> {
    fn new(source: &'src str) -> Self {
        let program = FunctionState::new(FunctionKind::Program, None);
        Compiler { parser: Parser::new(source), functions: vec![program], classes: Vec::new(), nesting: 0 }
    }

    fn finish(mut self) -> Result<Prototype<'src>, Vec<CompileError>> {
        let program = self.end_function();
        if self.parser.errors.is_empty() { Ok(program) } else { Err(self.parser.errors) }
    }

    /// Runs `parse` one level deeper, if that is not too deep.
    fn nested(&mut self, parse: impl FnOnce(&mut Self)) {
        if self.nesting == MAX_NESTING {
            return self.parser.too_deep();
        }
        self.nesting += 1;
        parse(self);
        self.nesting -= 1;
    }
}

#[cfg(test)]
mod tests;
