//! Several instructions in one (M. A. Ertl and D. Gregg, "The structure and performance of efficient interpreters", 2003,
//! who call them superinstructions).

use crate::object::Op;

/// How many instructions become one, at most.
const LONGEST: usize = 4;

/// Puts instructions that often follow one another into one, which takes the place of the first. The others stay, for
/// jumps to them, and for the one to leave the rest to them if it comes upon what is rare. All of them stand in one line, so
/// that an error is told in the right one.
pub(super) fn fuse(code: &mut [Op<'_>], lines: &[u32]) {
    let single = code.to_vec();
    for at in 0..single.len() {
        let in_line = lines[at..].iter().take(LONGEST).take_while(|line| **line == lines[at]).count();
        if let Some(fused) = fused(&single, &single[at..at + in_line]) {
            code[at] = fused;
        }
    }
}

/// One instruction for the first few of `next`, if there is one.
fn fused<'gc>(code: &[Op<'gc>], next: &[Op<'gc>]) -> Option<Op<'gc>> {
    // Where a condition is dropped on both ways: the place behind the drop.
    let behind_pop = |target: u32| matches!(code[target as usize], Op::Pop).then_some(target + 1);
    Some(match *next {
        [Op::GetLocal(first), Op::GetLocal(second), ..] => Op::GetTwoLocals(first, second),
        [Op::GetLocal(local), Op::GetProperty(site), ..] => Op::GetLocalProperty(local, site),
        [Op::SetLocal(local), Op::Pop, ..] => Op::PopToLocal(local),
        [Op::SetProperty(site), Op::Pop, ..] => Op::PopToProperty(site),
        [Op::Constant(number), Op::Add, ..] => Op::AddConstant(number),
        [Op::Constant(number), Op::Subtract, ..] => Op::SubtractConstant(number),
        [Op::JumpIfFalse(target), Op::Pop, ..] => Op::PopJumpIfFalse(behind_pop(target)?),
        [Op::Less, Op::JumpIfFalse(target), Op::Pop, ..] => Op::JumpUnlessLess(behind_pop(target)?),
        [Op::Greater, Op::JumpIfFalse(target), Op::Pop, ..] => Op::JumpUnlessGreater(behind_pop(target)?),
        [Op::Equal, Op::JumpIfFalse(target), Op::Pop, ..] => Op::JumpUnlessEqual(behind_pop(target)?),
        [Op::Less, Op::Not, Op::JumpIfFalse(target), Op::Pop, ..] => Op::JumpIfLess(behind_pop(target)?),
        [Op::Greater, Op::Not, Op::JumpIfFalse(target), Op::Pop, ..] => {
            Op::JumpIfGreater(behind_pop(target)?)
        }
        [Op::Equal, Op::Not, Op::JumpIfFalse(target), Op::Pop, ..] => Op::JumpIfEqual(behind_pop(target)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::fuse;
    use crate::object::Op;

    #[track_caller]
    fn check(code: &[Op<'_>], lines: &[u32], expected: &str) {
        let mut fused = code.to_vec();
        fuse(&mut fused, lines);
        assert_eq!(format!("{fused:?}"), expected);
    }

    #[test]
    fn the_first_instruction_becomes_all_of_them_and_the_others_stay() {
        let code =
            [Op::GetLocal(1), Op::GetLocal(2), Op::Less, Op::JumpIfFalse(6), Op::Pop, Op::Print, Op::Pop];
        let fused =
            "[GetTwoLocals(1, 2), GetLocal(2), JumpUnlessLess(7), PopJumpIfFalse(7), Pop, Print, Pop]";
        check(&code, &[1; 7], fused);
    }

    #[test]
    fn a_condition_that_is_used_where_the_jump_goes_is_kept() {
        let code = [Op::Less, Op::JumpIfFalse(4), Op::Pop, Op::True, Op::Print];
        check(&code, &[1; 5], "[Less, JumpIfFalse(4), Pop, True, Print]");
    }

    #[test]
    fn four_instructions_become_one() {
        let code = [Op::Equal, Op::Not, Op::JumpIfFalse(4), Op::Pop, Op::Pop, Op::Nil];
        check(&code, &[1; 6], "[JumpIfEqual(5), Not, PopJumpIfFalse(5), Pop, Pop, Nil]");
    }

    #[test]
    fn instructions_of_different_lines_stay_apart() {
        check(&[Op::GetLocal(1), Op::GetLocal(2)], &[1, 2], "[GetLocal(1), GetLocal(2)]");
    }
}
