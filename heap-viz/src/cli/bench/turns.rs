//! Contestants take turns.
//!
//! A shared machine slows down and speeds up from one second to the next. Run one after the other, two programs would
//! meet different machines; run in turn (A B C A B C ...) they meet the same one.

/// Gives `contestants` their turns: one round that does not count, then `repetitions` that do. One that fails has no
/// more turns.
///
/// Gives the results of those rounds, or the first failure.
pub(super) fn in_turn<T>(
    contestants: usize,
    repetitions: usize,
    mut turn: impl FnMut(usize) -> Result<T, String>,
) -> Vec<Result<Vec<T>, String>> {
    let mut results: Vec<_> = (0..contestants).map(|_| Ok(Vec::with_capacity(repetitions))).collect();
    for round in 0..=repetitions {
        for (contestant, result) in results.iter_mut().enumerate() {
            let Ok(counted) = result else { continue };
            match turn(contestant) {
                Ok(outcome) if round > 0 => counted.push(outcome),
                Ok(_) => (),
                Err(failure) => *result = Err(failure),
            }
        }
    }
    results
}

#[cfg(test)]
mod tests {
    use super::in_turn;

    #[test]
    fn turns_alternate_and_the_first_round_does_not_count() {
        let mut order = String::new();
        let results = in_turn(3, 2, |contestant| {
            order.push(char::from(b'A' + contestant as u8));
            Ok(order.len())
        });
        assert_eq!(order, "ABCABCABC");
        assert_eq!(results, [Ok(vec![4, 7]), Ok(vec![5, 8]), Ok(vec![6, 9])]);
    }

    #[test]
    fn one_that_fails_has_no_more_turns_and_does_not_stop_the_others() {
        let mut order = String::new();
        let results = in_turn(2, 3, |contestant| {
            order.push(char::from(b'A' + contestant as u8));
            if order.len() == 3 { Err("broken".into()) } else { Ok(()) }
        });
        assert_eq!(order, "ABABBB");
        assert_eq!(results, [Err("broken".into()), Ok(vec![(); 3])]);
    }
}
