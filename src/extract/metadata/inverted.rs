//! Names as libraries write them, the last first: `Roe, Jane`, `Roe, H.-J.`, `Roe J, Lee AB`.

use super::authors::is_degree;

/// Most words of a part of a name, and letters of initials without full stops.
const PART_WORDS_MAX: usize = 3;
const INITIALS_MAX: usize = 3;

/// The names of a line that has several with initials behind each, or the one whose parts a comma divides.
pub fn listed(line: &str) -> Option<Vec<String>> {
    let parts = || line.split(',').map(str::trim).filter(|part| !part.is_empty());
    let several = parts().count() >= 2 && parts().all(ends_in_initials);
    if several { Some(parts().map(str::to_owned).collect()) } else { name(line).map(|name| vec![name]) }
}

/// `Roe, Jane` as `Jane Roe`.
pub fn name(line: &str) -> Option<String> {
    let (last, first) = line.split_once(',')?;
    let (last, first) = (last.trim(), first.trim());
    let short = |part: &str| (1..=PART_WORDS_MAX).contains(&part.split_whitespace().count());
    // Behind one word `A. B.` is what somebody is called, not what he has learnt.
    let may_be_initials = !last.contains(' ') || last.starts_with(char::is_lowercase) || first.contains('-');
    let one = !first.contains([',', ';', '&'])
        && !first.contains(" and ")
        && short(last)
        && short(first)
        && (!is_degree(first) || may_be_initials && is_initials(first));
    one.then(|| format!("{first} {last}"))
}

/// `Roe J`, `van der Roe JB`
fn ends_in_initials(part: &str) -> bool {
    let Some((last, initials)) = part.rsplit_once(' ') else { return false };
    let letters = || initials.chars().filter(|c| !matches!(c, '.' | '-'));
    (1..=INITIALS_MAX).contains(&letters().count())
        && letters().all(char::is_uppercase)
        && last.contains(char::is_lowercase)
        // `Jane Roe MD` has learnt something.
        && !(last.contains(' ') && is_degree(initials))
}

/// `H.-J.`, `J. B.`
fn is_initials(text: &str) -> bool {
    let mut letters = text.split(['.', '-', ' ']).filter(|part| !part.is_empty());
    text.contains('.') && letters.all(|part| part.chars().count() == 1 && part.starts_with(char::is_uppercase))
}
