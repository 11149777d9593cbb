//! Spreading an amount over lines, so that no cent is lost and none is made.

/// `amount` over lines in proportion to their weights, by the largest remainders; of equal ones the first line's. The
/// shares add up to `amount`, and none is more than its weight as long as `amount` is not more than all of them.
pub(super) fn split(amount: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
    if all == 0 || amount <= 0 {
        return vec![0; weights.len()];
    }
    let product = |weight: i64| i128::from(amount) * i128::from(weight.max(0));
    let mut shares: Vec<i64> =
        weights.iter().map(|weight| i64::try_from(product(*weight) / all).unwrap_or(i64::MAX)).collect();
    let given: i128 = shares.iter().map(|share| i128::from(*share)).sum();
    let left = usize::try_from(i128::from(amount) - given).unwrap_or(0);
    let mut order: Vec<(i128, usize)> =
        weights.iter().enumerate().map(|(at, weight)| (product(*weight) % all, at)).collect();
    order.sort_by(|(one, at), (other, than)| other.cmp(one).then(at.cmp(than)));
    for (_, at) in order.into_iter().take(left) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

/// So many percent of an amount, to the nearest of its smallest units, half of one up.
pub(super) fn percent_of(amount: i64, percent: u32) -> i64 {
    let exact = i128::from(amount.max(0)) * i128::from(percent.min(100));
    i64::try_from((exact + 50) / 100).unwrap_or(i64::MAX)
}

/// What `pieces` more of a line come to, `before` having been counted, of what the whole line costs: the parts of a line
/// add up to all of it, however they are cut.
pub(in crate::db::shop::sales) fn part_of_line(whole: i64, quantity: u32, before: u32, pieces: u32) -> i64 {
    let until = |n: u32| match quantity {
        0 => 0,
        _ => i128::from(whole) * i128::from(n.min(quantity)) / i128::from(quantity),
    };
    i64::try_from(until(before.saturating_add(pieces)) - until(before)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_cents_over_three_equal_lines_are_four_three_and_three() {
        assert_eq!(split(10, &[5, 5, 5]), [4, 3, 3]);
        assert_eq!(split(1, &[0, 7, 7]), [0, 1, 0]);
        assert_eq!(split(5, &[]), Vec::<i64>::new());
    }

    #[test]
    fn a_percentage_is_rounded_half_up() {
        assert_eq!([percent_of(995, 10), percent_of(994, 10), percent_of(7, 100)], [100, 99, 7]);
        assert_eq!(percent_of(1_000, 1_000), 1_000);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_none_is_more_than_its_line(weights in proptest::collection::vec(0i64..1_000_000_000_000, 1..200), part in 0u32..=1_000) {
            let all: i64 = weights.iter().sum();
            let amount = i64::try_from(i128::from(all) * i128::from(part) / 1_000).unwrap();
            let shares = split(amount, &weights);
            prop_assert_eq!(shares.iter().sum::<i64>(), amount);
            prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| *share >= 0 && share <= weight));
        }

        #[test]
        fn the_parts_of_a_line_add_up_to_it(whole in 0i64..1_000_000_000, quantity in 1u32..50, cuts in proptest::collection::vec(1u32..5, 0..60)) {
            let (mut before, mut sum) = (0, 0);
            for cut in cuts.into_iter().chain([quantity]) {
                let pieces = cut.min(quantity - before);
                sum += part_of_line(whole, quantity, before, pieces);
                before += pieces;
            }
            prop_assert_eq!((before, sum), (quantity, whole));
        }
    }
}
