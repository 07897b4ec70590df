//! The compiler's own tests: what it writes. Programs are tested by scripts.

use super::{MAX_NESTING, compile};
use crate::code::Instruction::*;
use crate::code::{Instruction, Prototype};

fn compiled(source: &str) -> Prototype<'_> {
    compile(source).unwrap_or_else(|errors| panic!("{source:?}: {errors:?}"))
}

#[track_caller]
fn check(source: &str, expected: &[Instruction<'_>], stack_slots: u32) {
    let program = compiled(source);
    let (end, code) = program.code.split_at(program.code.len() - 2);
    assert_eq!(end, expected, "{source:?}");
    assert_eq!(code, [Nil, Return]);
    assert_eq!(program.stack_slots, stack_slots, "{source:?}");
    assert_eq!(program.code.len(), program.lines.len());
}

#[test]
fn an_expression_leaves_its_value_on_the_stack() {
    check("1 + 2 * 3;", &[Number(1.0), Number(2.0), Number(3.0), Multiply, Add, Pop], 4);
}

#[test]
fn both_sides_of_a_branch_start_with_the_condition_on_the_stack() {
    let code = [True, JumpIfFalse(6), Pop, Number(1.0), Print, Jump(9), Pop, Number(2.0), Print];
    check("if (true) print 1; else print 2;", &code, 2);
}

#[test]
fn many_branches_do_not_let_the_stack_drift() {
    let source = "if (true) print 1;".repeat(100) + "print 1 + (2 + 3);";
    assert_eq!(compiled(&source).stack_slots, 4);
}

#[test]
fn a_function_needs_places_for_its_arguments_and_itself() {
    let program = compiled("fun f(a, b) { return a; }");
    let f = &program.functions[0];
    assert_eq!((f.arity, f.stack_slots), (2, 4));
}

#[test]
fn what_is_nested_too_deep_is_an_error_that_leaves_the_stack_alone() {
    let deep = |levels: usize| "(".repeat(levels) + "1" + &")".repeat(levels) + ";";
    assert!(compile(&deep(MAX_NESTING - 3)).is_ok());
    for source in [deep(100_000), "{".repeat(100_000), "-".repeat(100_000), "fun f() {".repeat(100_000)] {
        let errors = compile(&source).expect_err("it is too deep");
        assert_eq!(errors[0].message, "Too much nesting.");
    }
}
