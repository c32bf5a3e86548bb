//! Signatures that no element marks: what stands after a line of underscores at the end of a post, as old boards set it,
//! or after the `-- ` of a mail.

use super::{Cut, render};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::is_drawn_rule;

/// A signature is short; what is longer goes on with the post.
const WORDS_MAX: usize = 60;
/// Most texts and lines at the end of a mail that are looked at.
const LINES_MAX: usize = 40;
/// Where the archive of a mailing list tells of parts that it left out.
const NEXT_PART: &str = "-------------- next part";

/// The text nodes from the last such line on (or from the "-- " of RFC 3676 section 4.3), and what they say.
pub fn ruled_off(tree: &Tree<'_>, bodies: &[NodeId], dropped: &[NodeId]) -> Option<(Vec<NodeId>, String)> {
    let texts = render::outside(tree, bodies, dropped).filter(|&id| tree.kind(id) == NodeKind::Text);
    // A line inside a quote ends what is quoted, not the post.
    let quoted =
        |id: NodeId| tree.ancestors(id).take_while(|above| !bodies.contains(above)).any(|above| is_quote(tree, above));
    let texts: Vec<NodeId> = texts.filter(|&id| !tree.is_blank(id)).collect();
    let rules_off = |&id: &NodeId| is_rule(tree.text(id).trim()) && !quoted(id);
    let at = texts.iter().rposition(rules_off).filter(|&at| at > 0)?;
    let mut out: Vec<NodeId> = texts[..=at].iter().chain(dropped).copied().collect();
    out.sort_unstable();
    let signature = render::text(tree, bodies, &out);
    (signature.split_whitespace().count() <= WORDS_MAX).then(|| (texts[at..].to_vec(), signature))
}

/// As [`ruled_off`] for a mail that stands in preformatted lines: where the lines after its text begin, the nodes after
/// that place, and what the signature says. With it go the lines that a list puts below each mail.
pub fn below_mail(tree: &Tree<'_>, bodies: &[NodeId]) -> Option<(Cut, Vec<NodeId>, String)> {
    let texts = bodies.iter().flat_map(|&body| tree.subtree(body)).filter(|&id| tree.kind(id) == NodeKind::Text);
    let texts: Vec<NodeId> = texts.collect();
    let words = |from: &Cut| -> usize {
        let after = texts.iter().skip_while(|&&id| id <= from.node).map(|&id| tree.text(id));
        let all = std::iter::once(&tree.text(from.node)[from.at..]).chain(after);
        all.map(|text| until_next_part(text).split_whitespace().count()).sum()
    };
    // A long mail has many lines; of those at its end only the last few nodes' can begin a signature.
    let near = texts.iter().rev().take(LINES_MAX).copied().filter(|&id| in_lines(tree, id));
    let mut cuts: Vec<Cut> = near.flat_map(|node| rules(tree.text(node)).map(move |at| Cut { node, at })).collect();
    cuts.sort_unstable_by_key(|cut| (cut.node, cut.at));
    let first = *texts.first()?;
    let cut = cuts[cuts.len().saturating_sub(LINES_MAX)..].iter().copied().find(|cut| words(cut) <= WORDS_MAX)?;
    let after: Vec<NodeId> = texts.iter().copied().filter(|&id| id > cut.node).collect();
    let said: String = std::iter::once(&tree.text(cut.node)[cut.at..])
        .chain(after.iter().map(|&id| tree.text(id)))
        .map(until_next_part)
        .collect();
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && !is_rule(line));
    let has_text = (first..cut.node).any(|id| !tree.is_blank(id)) || !tree.text(cut.node)[..cut.at].trim().is_empty();
    has_text.then(|| (cut, after, lines.collect::<Vec<_>>().join("\n")))
}

fn until_next_part(text: &str) -> &str {
    text.split(NEXT_PART).next().unwrap_or_default()
}

fn in_lines(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.ancestors(id).take(4).any(|above| tree.tag(above) == Tag::Pre)
}

fn is_rule(line: &str) -> bool {
    line == "--" || line.starts_with('_') && is_drawn_rule(line)
}

/// Where lines begin that rule off what follows; a first line that begins amid another is none.
fn rules(text: &str) -> impl Iterator<Item = usize> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter(move |&at| {
        let line = text[at..].lines().next().unwrap_or_default();
        (at > 0 || text.starts_with("--")) && !line.starts_with([' ', '\t']) && is_rule(line.trim_end())
    })
}

/// A signature below the body, ruled off by a line of underscores: what the element around that line says.
pub fn below(tree: &Tree<'_>, end: NodeId, own: impl Fn(NodeId) -> bool, limit: NodeId) -> Option<String> {
    let mut texts = (end..limit).filter(|&id| tree.kind(id) == NodeKind::Text && own(id));
    let rule = texts.find(|&id| {
        let text = tree.text(id).trim();
        text.starts_with('_') && is_drawn_rule(text)
    })?;
    let around = tree.parent(rule)?;
    let before: Vec<NodeId> = (around + 1..=rule).filter(|&id| tree.kind(id) == NodeKind::Text).collect();
    let said = render::text(tree, &[around], &before);
    (!said.is_empty() && said.split_whitespace().count() <= WORDS_MAX).then_some(said)
}

/// What a signature's element says, without the line that rules it off.
pub fn bare(said: &str) -> String {
    said.lines().skip_while(|line| is_rule(line.trim())).collect::<Vec<_>>().join("\n")
}

fn is_quote(tree: &Tree<'_>, id: NodeId) -> bool {
    let named = || tree.attribute(id, Key::Class).unwrap_or_default().to_ascii_lowercase().contains("quote");
    tree.tag(id) == Tag::Blockquote || named()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::html::parse;

    fn said(page: &str) -> Option<String> {
        let tree = parse(page);
        let body = tree.elements(0, Tag::Body).next().expect("every page has one");
        ruled_off(&tree, &[body], &[]).map(|(_, text)| text)
    }

    #[test]
    fn what_stands_below_a_line_of_underscores_is_a_signature() {
        assert_eq!(
            said("The hum is gone.<br>__________<br>If it glows, stand back."),
            Some("If it glows, stand back.".into())
        );
        assert_eq!(said("The hum is gone.<br>----------<br>More of the same."), None);
        let long = format!("The hum is gone.<br>__________<br>{}", "word ".repeat(70));
        assert_eq!(said(&long), None);
    }

    #[test]
    fn a_mail_ends_where_its_signature_begins() {
        let of = |mail: &str| {
            let page = format!("<pre>{mail}</pre>");
            let tree = parse(&page);
            let body = tree.elements(0, Tag::Pre).next().expect("it is there");
            let (cut, after, said) = below_mail(&tree, &[body])?;
            Some((render::text_until(&tree, &[body], &after, Some(cut)), said))
        };
        let said = |text: &str, said: &str| Some((text.to_owned(), said.to_owned()));
        assert_eq!(of("It hums.\n\n-- \nAnn\nHull\n"), said("It hums.", "Ann\nHull"));
        assert_eq!(of("It hums.\n-- \nAnn <a href=x>ann at x</a>\nHull"), said("It hums.", "Ann ann at x\nHull"));
        let list = "It hums.\n-- \nAnn\n____________________\nBoats mailing list\n-------------- next part ------\nURL";
        assert_eq!(of(list), said("It hums.", "Ann\nBoats mailing list"));
        assert_eq!(of("It hums.\n&gt; -- \n&gt; Ann\nSo it does."), None);
        assert_eq!(of("-- \nAnn"), None);
        assert_eq!(of(&format!("It hums.\n-- \n{}", "word ".repeat(70))), None);
    }

    #[test]
    fn the_end_of_a_quote_is_not_the_end_of_the_post() {
        assert_eq!(said("So be it.<blockquote>It hums.<br>-- <br>Bob</blockquote>Scrape the rivet."), None);
    }
}
