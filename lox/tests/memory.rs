//! Programs that need more memory than there is.

use gc_core::Config;
use gc_core::policy::NewSpaceSizing;
use lox::{Failure, Vm};

fn small_machine() -> Vm {
    let new_space = NewSpaceSizing { max_bytes: 1 << 20, ..NewSpaceSizing::default() };
    Vm::new(Config { new_space, max_old_bytes: 4 << 20, ..Config::default() })
        .expect("a heap can have these settings")
}

#[track_caller]
fn runs_out_of_memory(vm: &mut Vm, source: &str) {
    match vm.interpret(source, &mut Vec::new()) {
        Err(Failure::Runtime(error)) => assert_eq!(&*error.message, "Out of memory."),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_program_held_on_its_stack_is_gone_when_the_next_is_loaded() {
    let mut vm = small_machine();
    runs_out_of_memory(
        &mut vm,
        "class Node { init(next) { this.next = next; } } { var list = nil; while (true) list = Node(list); }",
    );
    let mut printed = Vec::new();
    vm.interpret("class A { init() { this.x = \"as good as before\"; } } print A().x;", &mut printed)
        .expect("there is memory again");
    assert_eq!(printed, b"as good as before\n");
    vm.verify().expect("the heap is whole");
}

#[test]
fn what_globals_hold_stays() {
    let mut vm = small_machine();
    runs_out_of_memory(&mut vm, "var text = \"0123456789\"; while (true) text = text + text;");
    let mut printed = Vec::new();
    vm.interpret("text = nil; print text;", &mut printed).expect("strings are large, and leave a rest");
    assert_eq!(printed, b"nil\n");
}
