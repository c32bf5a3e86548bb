//! Which `meta` names say what, and how far each is to be believed.

/// What a value is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Title,
    Author,
    Published,
    Modified,
    Site,
    Language,
    Canonical,
    Description,
    Image,
    Tag,
    Licence,
    Paywalled,
    Platform,
}

/// How far a source is believed: the lowest number that gives a sound value wins.
pub type Rank = u8;

use Field::{
    Author, Canonical, Description, Image, Language, Licence, Modified, Platform, Published, Site, Tag, Title,
};

/// Lower-case `name`, `property`, `itemprop` or `http-equiv` of a `meta`, in order of name.
pub const METAS: &[(&str, Field, Rank)] = &[
    ("abstract", Description, 60),
    ("application-name", Site, 50),
    ("article.created", Published, 40),
    ("article.published", Published, 30),
    ("article.updated", Modified, 30),
    ("article:author", Author, 40),
    ("article:author_name", Author, 20),
    ("article:modified", Modified, 20),
    ("article:modified_time", Modified, 10),
    ("article:published", Published, 20),
    ("article:published_time", Published, 15),
    ("article:publisher", Site, 70),
    ("article:tag", Tag, 20),
    ("article_date_original", Published, 30),
    ("author", Author, 30),
    ("author_name", Author, 30),
    ("bepress_citation_author", Author, 10),
    ("bepress_citation_date", Published, 30),
    ("bepress_citation_title", Title, 20),
    ("book:author", Author, 30),
    ("bt:pubdate", Published, 30),
    ("byl", Author, 25),
    ("byline", Author, 25),
    ("cc:license", Licence, 20),
    ("citation_abstract", Description, 40),
    ("citation_author", Author, 10),
    ("citation_authors", Author, 12),
    ("citation_date", Published, 30),
    ("citation_journal_title", Site, 40),
    ("citation_keywords", Tag, 20),
    ("citation_language", Language, 40),
    ("citation_online_date", Published, 20),
    ("citation_publication_date", Published, 22),
    ("citation_title", Title, 20),
    ("content-language", Language, 30),
    ("created", Published, 45),
    ("creation_date", Published, 45),
    ("creator", Author, 50),
    ("cxenseparse:author", Author, 25),
    ("cxenseparse:recs:publishtime", Published, 30),
    ("date", Published, 35),
    ("date.created", Published, 40),
    ("date.issued", Published, 30),
    ("date_created", Published, 40),
    ("date_published", Published, 30),
    ("date_updated", Modified, 30),
    ("datecreated", Published, 40),
    ("datemodified", Modified, 30),
    ("datepublished", Published, 25),
    ("dc.creator", Author, 20),
    ("dc.date", Published, 35),
    ("dc.date.created", Published, 32),
    ("dc.date.issued", Published, 30),
    ("dc.date.modified", Modified, 30),
    ("dc.description", Description, 50),
    ("dc.language", Language, 40),
    ("dc.publisher", Site, 40),
    ("dc.rights", Licence, 80),
    ("dc.subject", Tag, 40),
    ("dc.title", Title, 40),
    ("dcterms.abstract", Description, 50),
    ("dcterms.created", Published, 32),
    ("dcterms.creator", Author, 20),
    ("dcterms.date", Published, 35),
    ("dcterms.description", Description, 50),
    ("dcterms.issued", Published, 30),
    ("dcterms.language", Language, 40),
    ("dcterms.license", Licence, 20),
    ("dcterms.modified", Modified, 30),
    ("dcterms.publisher", Site, 40),
    ("dcterms.rights", Licence, 80),
    ("dcterms.subject", Tag, 40),
    ("dcterms.title", Title, 40),
    ("description", Description, 20),
    ("displaydate", Published, 40),
    ("eprints.creators_name", Author, 20),
    ("eprints.date", Published, 35),
    ("eprints.title", Title, 40),
    ("generator", Platform, 10),
    ("headline", Title, 40),
    ("keywords", Tag, 30),
    ("language", Language, 40),
    ("last-modified", Modified, 40),
    ("last_updated", Modified, 40),
    ("lastmod", Modified, 40),
    ("license", Licence, 20),
    ("news_keywords", Tag, 25),
    ("og:article:author", Author, 30),
    ("og:article:modified_time", Modified, 12),
    ("og:article:published_time", Published, 17),
    ("og:author", Author, 35),
    ("og:description", Description, 10),
    ("og:image", Image, 10),
    ("og:image:secure_url", Image, 12),
    ("og:image:url", Image, 11),
    ("og:locale", Language, 35),
    ("og:pubdate", Published, 25),
    ("og:published_time", Published, 17),
    ("og:site_name", Site, 10),
    ("og:title", Title, 30),
    ("og:updated_time", Modified, 15),
    ("og:url", Canonical, 30),
    ("originalpublicationdate", Published, 20),
    ("parsely-author", Author, 22),
    ("parsely-image-url", Image, 30),
    ("parsely-pub-date", Published, 18),
    ("parsely-tags", Tag, 30),
    ("parsely-title", Title, 35),
    ("ptime", Published, 30),
    ("pubdate", Published, 25),
    ("publication_date", Published, 25),
    ("publish-date", Published, 25),
    ("publish_date", Published, 25),
    ("publish_time", Published, 25),
    ("publishdate", Published, 25),
    ("published", Published, 28),
    ("published-date", Published, 25),
    ("published_at", Published, 25),
    ("published_date", Published, 25),
    ("publisheddate", Published, 25),
    ("publisher", Site, 60),
    ("publishtime", Published, 25),
    ("release_date", Published, 35),
    ("revised", Modified, 40),
    ("rnews:datepublished", Published, 25),
    ("sailthru.author", Author, 22),
    ("sailthru.date", Published, 25),
    ("sailthru.description", Description, 50),
    ("sailthru.image.full", Image, 30),
    ("sailthru.tags", Tag, 30),
    ("sailthru.title", Title, 35),
    ("thumbnail", Image, 40),
    ("title", Title, 50),
    ("twitter:description", Description, 30),
    ("twitter:image", Image, 20),
    ("twitter:image:src", Image, 21),
    ("twitter:title", Title, 32),
    ("updated_time", Modified, 40),
    ("vr:author", Author, 25),
    ("weibo:article:create_at", Published, 30),
];

/// What a `meta` of that lower-case name is about.
pub fn meta(name: &str) -> Option<(Field, Rank)> {
    match METAS.binary_search_by_key(&name, |(known, ..)| known) {
        Ok(at) => Some((METAS[at].1, METAS[at].2)),
        Err(_) => likely(name),
    }
}

/// What a name nobody listed says by its words: `w-published-date`, `cms:modified_at`.
fn likely(name: &str) -> Option<(Field, Rank)> {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let dated = ["date", "time", "at", "on"].iter().any(|end| name.ends_with(end));
    let has = |stems: &[&str], word: &str| stems.iter().any(|stem| word.starts_with(stem));
    if name.contains("expir") || name.contains("unpublish") {
        return None;
    }
    if words.clone().any(|word| has(&["published", "publishdate", "publicationdate"], word)) {
        return (dated || name.ends_with("published")).then_some((Published, 34));
    }
    words.any(|word| has(&["modified", "updated", "lastmod"], word)).then_some((Modified, 45)).filter(|_| dated)
}

#[cfg(test)]
#[test]
fn names_stand_in_order() {
    assert!(METAS.is_sorted_by_key(|(name, ..)| name));
}
