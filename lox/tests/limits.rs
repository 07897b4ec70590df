//! Machines with as little memory as they can have.

use gc_core::{Config, ConfigError};
use lox::{MIN_HEAP_BYTES, Vm};

/// The settings of a heap that is as small as can be, under a limit.
fn smallest(max_old_bytes: u64) -> Config {
    let mut config = Config { max_old_bytes, ..Config::default() };
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (256 << 10, 256 << 10);
    config
}

/// What a machine prints of a program that makes many objects and keeps none.
fn run(config: Config) -> String {
    let program = "
        class Point { init(x) { this.x = x; } }
        var sum = 0;
        for (var i = 0; i < 100000; i = i + 1) sum = sum + Point(i).x;
        print sum;";
    let mut printed = Vec::new();
    let mut vm = Vm::new(config).expect("the heap is large enough");
    vm.interpret(program, &mut printed).expect("there is room");
    String::from_utf8(printed).expect("it is text")
}

#[test]
fn the_least_heap_is_enough_for_programs() {
    assert_eq!(run(smallest(MIN_HEAP_BYTES)), "4.99995e+09\n");
}

/// Where nearly everything is a large object, on pages of its own, the machine itself takes the most.
#[test]
fn the_least_heap_has_room_for_every_machine() {
    Vm::new(Config { large_object_bytes: 256, ..smallest(MIN_HEAP_BYTES) }).expect("there is room");
}

#[test]
fn a_heap_without_room_for_the_machine_is_refused() {
    let error = Vm::new(smallest(MIN_HEAP_BYTES - 1)).expect_err("it is too small");
    assert!(matches!(error, ConfigError::OutOfRange { min: MIN_HEAP_BYTES, .. }), "{error}");
}
