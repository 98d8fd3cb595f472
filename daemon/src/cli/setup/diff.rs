//! What would change in a file, for people to read.

/// The lines of both texts: those that go behind `-`, those that come behind
/// `+`, and those that stay behind two blanks, as far as they are near to
/// others.
pub(super) fn lines(before: &str, after: &str) -> Vec<String> {
    const NEAR: usize = 2;
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let marked = compare(&old, &new);
    let changed: Vec<usize> = (0..marked.len()).filter(|&at| marked[at].0 != ' ').collect();
    let mut shown: Vec<String> = Vec::new();
    let mut last = None;
    for (at, (mark, line)) in marked.iter().enumerate() {
        if !changed.iter().any(|&change| change.abs_diff(at) <= NEAR) {
            continue;
        }
        if at > 0 && last != Some(at - 1) {
            shown.push("…".to_owned());
        }
        last = Some(at);
        shown.push(format!("{mark} {line}").trim_end().to_owned());
    }
    shown
}

/// Every line with whether it goes, comes or stays, by the longest sequence
/// that both have in common.
fn compare<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    // How many lines are common from here to the end.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            common[i][j] =
                if a == b { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                all.push((' ', *a));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                all.push(('-', *a));
                i += 1;
            }
            (_, Some(b)) => {
                all.push(('+', *b));
                j += 1;
            }
            _ => return all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_what_stands_around_it() {
        let cases = [
            ("a\nb\nc\n", "a\nb\nc\n", ""),
            ("", "a\n", "+ a"),
            ("a\n", "", "- a"),
            ("a\nb\nc\n", "a\nx\nc\n", "  a|- b|+ x|  c"),
            ("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\n5\n6\nx\n8\n", "…|  5|  6|- 7|+ x|  8"),
            ("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n", "- a|+ A|  1|  2|…|  5|  6|- b|+ B"),
        ];
        for (before, after, expected) in cases {
            assert_eq!(lines(before, after).join("|"), expected, "{before:?} {after:?}");
        }
    }
}
