//! The rules of SVG and MathML.

use super::key::Key;
use super::known::Table;
use super::parser::{End, Parser, Start, Step};
use super::stack::{Open, is};
use super::tag::Tag;
use super::tree::{Namespace, NodeId, NodeKind};

/// SVG's element names that are not lower case.
#[rustfmt::skip]
const SVG_NAMES: &[&str] = &[
    "altGlyph", "altGlyphDef", "altGlyphItem", "animateColor", "animateMotion", "animateTransform", "clipPath",
    "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting",
    "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR",
    "feGaussianBlur", "feImage", "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight",
    "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence", "glyphRef", "linearGradient", "radialGradient",
    "textPath",
];

/// SVG's attribute names that are not lower case.
#[rustfmt::skip]
const SVG_ATTRIBUTES: &[&str] = &[
    "attributeName", "attributeType", "baseFrequency", "baseProfile", "calcMode", "clipPathUnits", "diffuseConstant",
    "edgeMode", "filterUnits", "glyphRef", "gradientTransform", "gradientUnits", "kernelMatrix", "kernelUnitLength",
    "keyPoints", "keySplines", "keyTimes", "lengthAdjust", "limitingConeAngle", "markerHeight", "markerUnits",
    "markerWidth", "maskContentUnits", "maskUnits", "numOctaves", "pathLength", "patternContentUnits",
    "patternTransform", "patternUnits", "pointsAtX", "pointsAtY", "pointsAtZ", "preserveAlpha",
    "preserveAspectRatio", "primitiveUnits", "refX", "refY", "repeatCount", "repeatDur", "requiredExtensions",
    "requiredFeatures", "specularConstant", "specularExponent", "spreadMethod", "startOffset", "stdDeviation",
    "stitchTiles", "surfaceScale", "systemLanguage", "tableValues", "targetX", "targetY", "textLength", "viewBox",
    "viewTarget", "xChannelSelector", "yChannelSelector", "zoomAndPan",
];

/// Attributes of another namespace, which keep their local name alone.
const PREFIXED: &[(&str, &str)] = &[
    ("xlink:", "actuate"),
    ("xlink:", "arcrole"),
    ("xlink:", "href"),
    ("xlink:", "role"),
    ("xlink:", "show"),
    ("xlink:", "title"),
    ("xlink:", "type"),
    ("xml:", "lang"),
    ("xml:", "space"),
    ("xmlns:", "xlink"),
];

impl Parser<'_> {
    /// Whether a start tag in the foreign current node is foreign too.
    pub(super) fn is_foreign_to_start(&self, tag: Tag) -> bool {
        let top = self.stack.top();
        if top.is(is::MATHML_TEXT) {
            return matches!(tag, Tag::Mglyph | Tag::Malignmark);
        }
        if top.is(is::ANNOTATION) {
            return tag != Tag::Svg && !top.is(is::HTML_ANNOTATION);
        }
        !top.is(is::HTML_INTEGRATION)
    }

    pub(super) fn foreign_start(&mut self, start: &Start) -> Step {
        if breaks_out(start.tag) || start.tag == Tag::Font && self.is_font_of_html(start) {
            return self.break_out_for_start(start);
        }
        let top = self.stack.top();
        let namespace = self.arena.nodes[top.node as usize].namespace;
        let mut start = *start;
        if namespace == Namespace::Svg && start.tag == Tag::Other {
            self.adjust_name(&mut start);
        }
        self.open_foreign(&start, namespace);
        Step::Done
    }

    fn is_font_of_html(&self, start: &Start) -> bool {
        ["color", "face", "size"].iter().any(|name| self.attribute_of(start, name).is_some())
    }

    /// Closes foreign elements up to one that may hold HTML.
    fn break_out(&mut self) {
        while self.stack.len() > 1 && self.stack.top().is(is::FOREIGN) && !self.stack.top().is(is::HOLDS_HTML) {
            self.pop();
        }
    }

    fn break_out_for_start(&mut self, start: &Start) -> Step {
        self.break_out();
        self.start_in(self.mode, start)
    }

    pub(super) fn foreign_end(&mut self, end: &End) -> Step {
        if matches!(end.tag, Tag::Br | Tag::P) {
            self.break_out();
            return self.end_in(self.mode, end);
        }
        for at in (1..self.stack.len()).rev() {
            self.stack.steps += 1;
            let open = self.stack.list[at];
            if !open.is(is::FOREIGN) {
                return self.end_in(self.mode, end);
            }
            if self.is_named_foreign(open.node, end) {
                self.truncate(at);
                return Step::Done;
            }
        }
        Step::Done
    }

    fn is_named_foreign(&self, node: NodeId, end: &End) -> bool {
        let tag = self.arena.nodes[node as usize].tag;
        tag == end.tag && (tag != Tag::Other || self.arena.name(node).eq_ignore_ascii_case(self.arena.string(end.name)))
    }

    /// `svg` or `math` in HTML.
    pub(super) fn enter_foreign(&mut self, start: &Start) {
        let namespace = if start.tag == Tag::Svg { Namespace::Svg } else { Namespace::MathMl };
        self.open_foreign(start, namespace);
    }

    fn open_foreign(&mut self, start: &Start, namespace: Namespace) {
        self.adjust_attributes(start, namespace);
        let id = self.arena.add(NodeKind::Element, start.tag, namespace, start.name, start.attributes);
        self.insert(self.stack.top(), id);
        if !start.self_closing {
            let sets = self.foreign_sets(start, namespace);
            self.push(Open { node: id, tag: Tag::None, sets });
        }
    }

    fn foreign_sets(&self, start: &Start, namespace: Namespace) -> u32 {
        let own = match (namespace, start.tag) {
            (Namespace::MathMl, Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext) => {
                is::MATHML_TEXT | is::HOLDS_HTML | is::TEXT_IS_HTML
            }
            (Namespace::MathMl, Tag::AnnotationXml) if self.is_annotation_of_html(start) => {
                is::ANNOTATION | is::HTML_ANNOTATION | is::TEXT_IS_HTML
            }
            (Namespace::MathMl, Tag::AnnotationXml) => is::ANNOTATION,
            (Namespace::Svg, Tag::Foreignobject | Tag::Desc | Tag::Title) => {
                is::HTML_INTEGRATION | is::HOLDS_HTML | is::TEXT_IS_HTML
            }
            _ => 0,
        };
        let bounds = match own {
            0 => 0,
            #[cfg(test)]
            _ if self.rules == super::parser::Rules::Html5ever => {
                if own & is::HOLDS_HTML != 0 {
                    is::SCOPE
                } else {
                    0
                }
            }
            _ => is::SPECIAL | is::SCOPE,
        };
        own | bounds | is::FOREIGN
    }

    fn is_annotation_of_html(&self, start: &Start) -> bool {
        self.attribute_of(start, "encoding").is_some_and(|encoding| {
            encoding.eq_ignore_ascii_case("text/html") || encoding.eq_ignore_ascii_case("application/xhtml+xml")
        })
    }

    fn adjust_name(&mut self, start: &mut Start) {
        let name = self.arena.string(start.name);
        if let Some(cased) = SVG_NAMES.iter().find(|cased| cased.eq_ignore_ascii_case(name)) {
            start.name = self.arena.keep(cased);
        }
    }

    fn adjust_attributes(&mut self, start: &Start, namespace: Namespace) {
        for at in start.attributes.range() {
            if self.arena.attributes[at].key != Key::Other {
                continue;
            }
            let name = self.arena.string(self.arena.attributes[at].name);
            if let Some(adjusted) = adjusted(name, namespace) {
                self.arena.attributes[at].name = self.arena.keep(adjusted);
                self.arena.attributes[at].key = Key::of(adjusted);
            }
        }
    }
}

/// The name a foreign attribute has in the tree, where it is another than in the source.
fn adjusted(name: &str, namespace: Namespace) -> Option<&'static str> {
    if name.starts_with('x')
        && let Some((_, local)) = PREFIXED.iter().find(|(prefix, local)| name.strip_prefix(prefix) == Some(local))
    {
        return Some(local);
    }
    match namespace {
        Namespace::Svg => {
            static CASED: Table = Table::of_names(SVG_ATTRIBUTES);
            let cased = SVG_ATTRIBUTES[CASED.place(name.as_bytes(), name.len())?];
            cased.eq_ignore_ascii_case(name).then_some(cased)
        }
        _ => (name == "definitionurl").then_some("definitionURL"),
    }
}

/// HTML that SVG and MathML cannot hold, so that it ends them.
#[rustfmt::skip]
fn breaks_out(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        B | Big | Blockquote | Body | Br | Center | Code | Dd | Div | Dl | Dt | Em | Embed | H1 | H2 | H3 | H4 | H5
            | H6 | Head | Hr | I | Img | Li | Listing | Menu | Meta | Nobr | Ol | P | Pre | Ruby | S | Small | Span
            | Strong | Strike | Sub | Sup | Table | Tt | U | Ul | Var
    )
}
