//! Pages as they might also have been: without classes, in other scripts.

/// A way to change a page so that its blocks and their labels stay.
pub enum Variant {
    /// No `class` and `id`: markup of old pages and of generated class names.
    Bare,
}

impl Variant {
    /// Whether this page is changed this way.
    pub fn takes(&self, id: &str) -> bool {
        let _ = id;
        true
    }

    /// The changed source.
    pub fn apply(&self, source: &str, id: &str) -> String {
        let _ = id;
        source.to_owned()
    }
}

/// The variants to write.
pub fn variants(wanted: bool) -> Vec<Variant> {
    if wanted { vec![Variant::Bare] } else { Vec::new() }
}
