//! What a person sees of a score.

use super::*;
use crate::simulate::score::tests::score;

#[test]
fn the_score_fits_the_narrow_terminal_and_says_what_is_missed() {
    let text = draw(&score(), Terminal::new(80, false));
    println!("{text}");
    assert!(text.lines().all(|line| crate::terminal::width(line) <= 80));
    let line = |start: &str| text.lines().find(|line| line.contains(start)).unwrap().to_owned();
    assert!(line("seed").ends_with("seed 7"));
    assert!(line("accounts kept from harm").contains("✗"));
    assert!(line("│ travel").contains("100 %"));
    assert!(!text.contains("Good staff"), "there are none");
}

#[test]
fn areas_leave_out_what_is_always_zero() {
    let check = |value, low, high, text: &str| assert_eq!(area(Area { value, low, high }), text);
    check(0.976, 0.936, 0.992, "0.976 (.936–.992)");
    check(1.0, 0.9, 1.0, "1.000 (.900–1)");
}
