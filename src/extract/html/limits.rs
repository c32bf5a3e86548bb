//! What a page may cost, and the notes of what was cut.

use super::parser::Cuts;

/// A page longer than this is cut: 64 MiB.
pub const SOURCE_BYTES_MAX: usize = 64 << 20;
/// Nodes of a page; reading ends there.
pub const NODES_MAX: usize = 3 << 20;
/// Elements open at a time; deeper ones stand beside what they would hold. Browsers do so at 512.
pub const OPEN_ELEMENTS_MAX: usize = 512;
/// Levels of the finished tree, which misnested formatting can make deeper than the elements open.
pub const DEPTH_MAX: u16 = 1024;
/// Attributes of an element.
pub const ATTRIBUTES_MAX: u16 = 512;
/// Formatting elements to be opened again in each block.
pub const FORMATTING_MAX: usize = 64;
/// Looks at open elements; reading ends there. A page of a megabyte takes a few thousand.
pub const STEPS_MAX: u64 = 1 << 27;

/// What a page may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the page.
    pub source_bytes: usize,
    /// Nodes of the tree.
    pub nodes: usize,
    /// Elements open at a time.
    pub open_elements: usize,
    /// Levels of the tree.
    pub depth: u16,
    /// Attributes of an element.
    pub attributes: u16,
    /// Formatting elements to be opened again.
    pub formatting: usize,
    /// Looks at open elements.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: SOURCE_BYTES_MAX,
            nodes: NODES_MAX,
            open_elements: OPEN_ELEMENTS_MAX,
            depth: DEPTH_MAX,
            attributes: ATTRIBUTES_MAX,
            formatting: FORMATTING_MAX,
            steps: STEPS_MAX,
        }
    }
}

impl Limits {
    /// Limits the parser can keep: room for a page's root, head and body, and for 30-bit offsets.
    pub(super) fn sound(mut self) -> Self {
        self.source_bytes = self.source_bytes.min(SOURCE_BYTES_MAX * 4);
        self.open_elements = self.open_elements.clamp(8, 1 << 15);
        self.depth = self.depth.max(8);
        self.attributes = self.attributes.clamp(16, 1 << 14);
        self.formatting = self.formatting.max(1);
        self
    }
}

impl Cuts {
    /// A note for each limit that was met.
    pub(super) fn notes(&self, limits: &Limits) -> Vec<String> {
        let mut notes = Vec::new();
        if self.nodes {
            notes.push(format!("the page has more than {} nodes, the rest is cut", limits.nodes));
        }
        if self.steps {
            notes.push(format!("the page nests so oddly that reading it ended after {} steps", limits.steps));
        }
        if self.depth {
            notes.push(format!("elements nest deeper than {}, deeper ones are kept flat", limits.open_elements));
        }
        if self.attributes {
            notes.push(format!("an element has more than {} attributes, the rest is cut", limits.attributes));
        }
        if self.formatting {
            notes.push(format!(
                "more than {} formatting elements are unclosed, the first are closed",
                limits.formatting
            ));
        }
        notes
    }
}
