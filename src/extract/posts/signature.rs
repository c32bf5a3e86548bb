//! Signatures that no element marks: what stands after a line of underscores at the end of a post, as old boards set it.

use super::render;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::is_drawn_rule;

/// A signature is short; what is longer goes on with the post.
const WORDS_MAX: usize = 60;

/// The text nodes from the last such line on (or from the "-- " of RFC 3676 section 4.3), and what they say.
pub fn ruled_off(tree: &Tree<'_>, bodies: &[NodeId]) -> Option<(Vec<NodeId>, String)> {
    let texts = bodies.iter().flat_map(|&body| tree.subtree(body)).filter(|&id| tree.kind(id) == NodeKind::Text);
    // A line inside a quote ends what is quoted, not the post.
    let quoted =
        |id: NodeId| tree.ancestors(id).take_while(|above| !bodies.contains(above)).any(|above| is_quote(tree, above));
    let texts: Vec<NodeId> = texts.filter(|&id| !tree.is_blank(id)).collect();
    let is_rule = |&id: &NodeId| {
        let text = tree.text(id).trim();
        (text == "--" || text.starts_with('_') && is_drawn_rule(text)) && !quoted(id)
    };
    let at = texts.iter().rposition(is_rule).filter(|&at| at > 0)?;
    let signature = render::text(tree, bodies, &texts[..=at]);
    (signature.split_whitespace().count() <= WORDS_MAX).then(|| (texts[at..].to_vec(), signature))
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
        ruled_off(&tree, &[body]).map(|(_, text)| text)
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
    fn the_end_of_a_quote_is_not_the_end_of_the_post() {
        assert_eq!(said("So be it.<blockquote>It hums.<br>-- <br>Bob</blockquote>Scrape the rivet."), None);
    }
}
