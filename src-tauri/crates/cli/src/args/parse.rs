//! Reading single words of the command line.

use watchkeeper_core::{checklist::Item, escalation::Step, part::Part, time::Span};

/// 1 to 5000.
pub(super) fn speed(text: &str) -> Result<f64, String> {
    text.trim_end_matches(['x', '×'])
        .parse::<f64>()
        .ok()
        .filter(|speed| (1.0..=5_000.0).contains(speed))
        .ok_or_else(|| "a speed is a number from 1 to 5000".into())
}

/// `10m`, `1h30m`.
pub(super) fn span(text: &str) -> Result<Span, String> {
    text.parse().map_err(|e: watchkeeper_core::time::SpanError| e.to_string())
}

/// `SHA256:…`, as `ssh-keygen -l` shows it.
pub(super) fn fingerprint(text: &str) -> Result<String, String> {
    let good = text.strip_prefix("SHA256:").is_some_and(|hash| {
        hash.len() == 43 && hash.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'))
    });
    if good {
        Ok(text.into())
    } else {
        Err("a fingerprint is SHA256: and 43 characters, as `watchkeeper doctor` shows it".into())
    }
}

/// `1` or `#1`.
pub(super) fn incident(text: &str) -> Result<u32, String> {
    text.trim_start_matches('#')
        .parse()
        .ok()
        .filter(|n| *n > 0)
        .ok_or_else(|| "an incident has a number, such as 1; `watchkeeper status` lists them".into())
}

/// `roll_back` or `roll-back`.
pub(super) fn step(text: &str) -> Result<Step, String> {
    let wanted = text.to_lowercase().replace('-', "_");
    Step::ALL.into_iter().find(|s| s.id() == wanted).ok_or_else(|| {
        let ids: Vec<&str> = Step::ALL.iter().map(|s| s.id()).collect();
        format!("the steps are {}", ids.join(", "))
    })
}

/// `front_end` or `front-end`.
pub(super) fn part(text: &str) -> Result<Part, String> {
    let wanted = text.to_lowercase().replace('-', "_");
    Part::ALL.into_iter().find(|part| part.id() == wanted).ok_or_else(|| {
        let ids: Vec<&str> = Part::ALL.iter().map(|part| part.id()).collect();
        format!("the parts are {}", ids.join(", "))
    })
}

/// `git_tag` or `git-tag`.
pub(super) fn item(text: &str) -> Result<Item, String> {
    let wanted = text.to_lowercase().replace('-', "_");
    Item::by_id(&wanted).ok_or_else(|| {
        let nearest = Item::ALL.iter().min_by_key(|item| distance(item.id(), &wanted));
        let nearest = nearest.map(|item| format!("did you mean {}? ", item.id())).unwrap_or_default();
        format!("{nearest}`watchkeeper status` lists the lines that wait for a person")
    })
}

/// How many letters two words differ in (Levenshtein's distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let up = *cell;
            left = (diagonal + usize::from(x != *y)).min(up + 1).min(left + 1);
            diagonal = up;
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (a, b, n) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("git_tag", "git_tagg", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), n, "{a} {b}");
        }
    }

    #[test]
    fn words_are_read_in_either_spelling() {
        assert_eq!(item("Git-Tag"), Ok(Item::GitTag));
        assert_eq!(step("post-mortem"), Ok(Step::PostMortem));
        assert_eq!(speed("720x"), Ok(720.0));
        assert_eq!(speed("NaN").ok(), None);
        assert_eq!(incident("#3"), Ok(3));
    }
}
