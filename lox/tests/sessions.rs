//! Several programs in one machine, one after the other: what is left of those that failed.

use gc_core::Config;
use lox::Vm;
use std::io;

/// A machine with little memory.
fn small() -> Vm {
    let mut config = Config { max_old_bytes: 1 << 20, ..Config::default() };
    config.new_space.initial_bytes = 256 << 10;
    config.new_space.max_bytes = 256 << 10;
    Vm::new(config).expect("a heap can have these settings")
}

/// What a program prints, with its error behind that.
fn run(vm: &mut Vm, source: &str) -> String {
    let mut printed = Vec::new();
    let result = vm.interpret(source, &mut printed);
    let mut text = String::from_utf8(printed).expect("it is text");
    if let Err(failure) = result {
        text += &failure.to_string();
    }
    text
}

const OUT_OF_MEMORY: &str = "Out of memory.\n";

/// Fills the heap with what a local refers to, in a function that others have called.
const FILL: &str = "
    class Node {}
    fun fill() { var list; while (true) { var node = Node(); node.next = list; list = node; } }
    fun outer() { fill(); }
    outer();";

#[test]
fn closures_keep_their_variables_when_the_function_around_them_fails() {
    let mut vm = Vm::new(Config::default()).expect("a heap");
    let source =
        "var get; fun f() { var x = \"kept\"; fun g() { return x; } get = g; nil(); } { var y = 1; f(); }";
    assert!(run(&mut vm, source).starts_with("Can only call functions and classes.\n"));
    assert_eq!(run(&mut vm, "{ var a = 1; var b = 2; var c = 3; print get(); }"), "kept\n");
}

#[test]
fn closures_keep_their_variables_when_there_is_no_printing() {
    struct Broken;
    impl io::Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut vm = Vm::new(Config::default()).expect("a heap");
    let source = "var get; { var x = \"kept\"; fun g() { return x; } get = g; print x; }";
    assert!(vm.interpret(source, &mut Broken).is_err());
    assert_eq!(run(&mut vm, "{ var a = 1; var b = 2; print get(); }"), "kept\n");
}

#[test]
fn what_a_failed_program_held_is_garbage() {
    let mut vm = small();
    for _ in 0..3 {
        assert!(run(&mut vm, FILL).starts_with(OUT_OF_MEMORY));
        // Larger than what may be left, so that room must be made before it can be loaded.
        let large = "print \"".to_owned() + &"x".repeat(400_000) + "\";";
        assert_eq!(run(&mut vm, &large).len(), 400_001);
    }
}

#[test]
fn a_program_gets_the_memory_that_one_before_it_ran_out_of() {
    let mut vm = small();
    for _ in 0..3 {
        assert!(run(&mut vm, FILL).starts_with(OUT_OF_MEMORY));
        // Nothing in it ends a turn but refused memory.
        let source =
            "class A {} var s = \"x\"; ".to_owned() + &"s = s + s; ".repeat(16) + "print s == s + \"y\";";
        assert_eq!(run(&mut vm, &source), "false\n");
    }
}

#[test]
fn a_program_that_has_ended_leaves_no_garbage_behind_that_is_kept() {
    let mut vm = Vm::new(Config::default()).expect("a heap");
    let mut used = |source: &str| {
        run(&mut vm, source);
        run(&mut vm, "gc();");
        vm.memory_usage().heap_used
    };
    let before = used("print 1;");
    // Closures that hold a string of 4 KiB each, and run when everything is collected.
    let deep = "fun f(n) {
        var s = \"x\";
        for (var i = 0; i < 12; i = i + 1) s = s + s;
        fun g() { if (n > 0) { f(n - 1); } else { gc(); } return s; }
        g();
    }";
    let between = used(deep);
    let after = used("f(20);");
    assert!(before <= between && after <= between + 2_000, "{before} {between} {after}");
}

#[test]
fn a_class_whose_declaration_ran_out_of_memory_still_knows_its_superclass() {
    let fill = |nodes: usize, each: &str| {
        format!(
            "class Node {{}} class A {{ m() {{ return 1; }} }} var list; var count = 0; while (count < {nodes}) {{
                var node = Node(); node.next = list; list = node; count = count + 1; {each} }}"
        )
    };
    let methods: String = (0..100).map(|number| format!("m{number}() {{ return super.m(); }}")).collect();
    let counted = run(&mut small(), &fill(usize::MAX, "print count;"));
    let last = counted.lines().rfind(|line| line.parse::<usize>().is_ok());
    let most: usize = last.expect("there is room for some").parse().expect("a number");
    let mut incomplete = 0;
    for less in (0..4_000).step_by(40) {
        let mut vm = small();
        let program = format!("{} class B < A {{ {methods} }}", fill(most.saturating_sub(less), ""));
        run(&mut vm, &program);
        let answer = run(&mut vm, "list = nil; { var a = 1; var b = 2; print B().m0(); }");
        let complete = run(&mut vm, "B().m99;").is_empty();
        incomplete += usize::from(answer == "1\n" && !complete);
    }
    assert!(incomplete > 0, "no declaration ran out of memory in its middle");
}

#[test]
fn a_program_that_needs_too_large_a_stack_is_an_error() {
    let mut vm = Vm::new(Config::default()).expect("a heap");
    let call = |inner: &str| "f(".to_owned() + &"nil, ".repeat(254) + inner + ")";
    let source = "fun f() {} ".to_owned() + &(0..70).fold("gc()".to_owned(), |inner, _| call(&inner)) + ";";
    assert_eq!(run(&mut vm, &source), "Stack overflow.\n[line 1] in script");
    assert_eq!(run(&mut vm, "print 1;"), "1\n");
}
