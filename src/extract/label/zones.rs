//! What elements say about themselves: tags, roles, class and id tokens, as a set of zones.

use std::sync::LazyLock;

use super::{disclosures, misnomers};
use crate::extract::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::{Known, Memo};

/// What a part of a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Zone {
    Navigation,
    Breadcrumb,
    SkipLink,
    Pagination,
    Search,
    Share,
    Reaction,
    SignIn,
    Captcha,
    CommentForm,
    Comment,
    Consent,
    Related,
    Promotion,
    Legal,
    Footer,
    Header,
    Sidebar,
    Byline,
    Signature,
    PostChrome,
    Widget,
    Dialog,
    Form,
    /// Kept from sight by a class.
    Veiled,
    /// Tabs, accordions and carousels: what is hidden there is content for whoever asks.
    Panel,
    Card,
    Product,
    Review,
    Faq,
    Tags,
    Contents,
    Media,
    Main,
    Article,
    Body,
    Post,
    Quote,
    Title,
    Code,
}

/// How many zones there are.
pub const ZONES: usize = Zone::Code as usize + 1;

/// A set of zones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zones(pub u64);

impl Zones {
    pub fn with(self, zone: Zone) -> Self {
        Self(self.0 | 1 << zone as u64)
    }

    pub fn without(self, zone: Zone) -> Self {
        Self(self.0 & !(1 << zone as u64))
    }

    pub fn has(self, zone: Zone) -> bool {
        self.0 >> zone as u64 & 1 == 1
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn any(self, zones: &[Zone]) -> bool {
        zones.iter().any(|&zone| self.has(zone))
    }
}

/// Words of class names and ids, and what they stand for. Single words only: names are split at every sign and
/// at capitals, so `commentForm`, `comment-form` and `comment_form` are the same two words.
const WORDS: &[(Zone, &str)] = &[
    (
        Zone::Navigation,
        "nav navbar navigation navigacion navi menu submenu megamenu topnav subnav sitenav menubar offcanvas hamburger \
         burger navigator sitemap menuitem flyout navegacao menue nawigacja drawer mega",
    ),
    (Zone::Breadcrumb, "breadcrumb breadcrumbs crumb crumbs breadcrumbwidget breadcrump rootline pathway brotkrumen"),
    (Zone::SkipLink, "skip skiplink skiplinks skipnav"),
    (Zone::Pagination, "pagination pager paging paginator pagenav pagenavi paginate previous prev prevnext pagelinks"),
    (Zone::Search, "search searchform searchbox searchbar suche recherche buscar busca ricerca typeahead autocomplete"),
    (
        Zone::Share,
        "share sharing shares sharebar sharethis addthis addtoany sharedaddy social socials socialmedia socialshare follow \
         followus facebook twitter whatsapp pinterest teilen partager compartir sociallinks shariff heateor",
    ),
    (
        Zone::Reaction,
        "react reaction reactions like likes vote votes voting upvote downvote kudos claps applause karma",
    ),
    (
        Zone::SignIn,
        "login signin signup logon register registration auth authentication paywall subscribewall regwall anmelden \
         connexion guest account teaserguest",
    ),
    (Zone::Captcha, "captcha recaptcha hcaptcha turnstile cptch"),
    (Zone::CommentForm, "respond commentform replyform quickreply commentrespond"),
    (
        Zone::Comment,
        "comment comments commentlist commentary commenting disqus livefyre kommentar kommentare comentarios \
         commentaires discussion responses fyre webmention pingback pingbacks trackback trackbacks opmerkingen",
    ),
    (
        Zone::Consent,
        "cookie cookies consent gdpr ccpa onetrust cookiebar cookiebanner cookieconsent cookiebot didomi \
         usercentrics borlabs cookielaw privacybanner osano truste",
    ),
    (
        Zone::Related,
        "related recommended recommendation recommendations recommend recirc recirculation popular trending mostread \
         outbrain taboola readmore alsolike similar upnext morefrom latest recent suggested suggestions yarpp \
         mostpopular crosslinks relacionados relatedposts \
         relatedarticles relatedcontent relatedproducts recentposts popularposts latestposts readnext seealso",
    ),
    (
        Zone::Promotion,
        "ad ads advert adverts advertisement advertising advertorial adsense adslot dfp sponsor sponsored sponsors \
         promo promos promotion promotional newsletter newsletters subscribe subscription subscriptions optin mailchimp \
         banner cta werbung anzeige publicidad publicite mailinglist donate donation announcement signupform \
         affiliate convertkit hubspot leadbox",
    ),
    (Zone::Legal, "legal copyright copyrights disclaimer disclosure terms privacy imprint impressum credits colophon"),
    (Zone::Footer, "footer foot siteinfo footnav bottombar subfooter prefooter fuss footers"),
    (Zone::Header, "header head masthead topbar siteheader branding logo toolbar hdr kopf headerbar utility"),
    (
        Zone::Sidebar,
        "sidebar side aside rail sidecol secondary tertiary rightcol leftcol rightcolumn leftcolumn siderail \
         seitenleiste complementary rightrail",
    ),
    (
        Zone::Byline,
        "byline author authors bio date dateline datetime time timestamp published meta metadata postmeta entrymeta \
         updated reporter autor auteur autore infoline kicker eyebrow readtime",
    ),
    (Zone::Signature, "signature signatures sig membersignature"),
    (
        Zone::PostChrome,
        "avatar userinfo username usertitle userpic user profile postprofile posterinfo postauthor authorpane poster \
         posthead postfoot postcontrols postbit controls actions permalink report quote edited lastedited members member \
         rank reputation attribution usercard",
    ),
    (
        Zone::Widget,
        "widget widgets tool tools tooltip toggle toggler button buttons btn btns dropdown select picker slider \
         player weather calendar filter filters facet facets sort sorting compare refine switcher language lang \
         locale currency cart basket minicart wishlist chat feedback print loader loading placeholder spinner badge \
         counter ticker poll quiz rss status notification notifications alert",
    ),
    (Zone::Dialog, "modal dialog popup popover overlay lightbox interstitial toast snackbar lightboxes fancybox"),
    (Zone::Form, "form forms field fields input checkbox submit"),
    (
        Zone::Veiled,
        "hidden hide sronly visuallyhidden visually invisible screenreader reader noscript nojs offscreen noprint \
         displaynone dnone accessibility ipshide assistive",
    ),
    (
        Zone::Panel,
        "tab tabs tabpanel tabpane tabcontent accordion accordions collapse collapsible expandable expander carousel \
         swiper slick slide slides panel toggleable spoiler readmorecontent",
    ),
    (
        Zone::Card,
        "card cards grid tile tiles teaser teasers item items result results listing listings thumb excerpt excerpts \
         loop archive collection gallery",
    ),
    (
        Zone::Product,
        "product products price prices pricing sku spec specs specification specifications shipping stock variant \
         variants buybox pdp itemdetails",
    ),
    (Zone::Review, "review reviews rating ratings testimonial testimonials stars star bewertung bewertungen"),
    (Zone::Faq, "faq faqs question answer questions answers qa"),
    (
        Zone::Tags,
        "tag tags tagcloud taglist taxonomy keywords topics categories category cats hashtags labels schlagworte",
    ),
    (Zone::Contents, "toc tableofcontents contents outline inhaltsverzeichnis jumplinks onthispage"),
    (Zone::Media, "caption captions figcaption credit video videos audio photo photocredit gallerycaption"),
    (Zone::Main, "main maincontent primary contentmain pagecontent mainbody"),
    (Zone::Article, "article articles story blogpost newsarticle hentry"),
    (
        Zone::Body,
        "content contenido inhalt contenu body articlebody storybody entrycontent postcontent text richtext prose \
         copy bodytext bodycopy wysiwyg rte markdown textblock paragraph paragraphs description",
    ),
    (Zone::Post, "post posts entry message messages thread topic reply replies cpost postbody messagebody topicbody"),
    (Zone::Quote, "blockquote pullquote bbquote citation ipsquote"),
    (Zone::Title, "title headline heading titel titre subtitle hed"),
    (Zone::Code, "code highlight codehilite sourcecode syntax prism hljs"),
];

static BY_WORD: LazyLock<Known<Zones>> = LazyLock::new(|| {
    let words = WORDS
        .iter()
        .flat_map(|(zone, words)| words.split_ascii_whitespace().map(move |word| (word, Zones::default().with(*zone))));
    Known::new(words, Zones::and)
});

/// Longer class lists are read only so far.
pub const NAMES_MAX: usize = 48;
const NAME_BYTES_MAX: usize = 128;
const WORD_BYTES_MAX: usize = 24;

/// What else than the element a class may hide: `overflow-hidden` clips what is too large, and `scrollbar-hide` a bar.
const HIDES_LESS: &[&[u8]] = &[b"overflow", b"backface", b"scrollbar"];

/// The zones of one element by its tag, role, classes and id.
fn own_zones(tree: &Tree<'_>, id: NodeId, names: &mut Memo<Zones>) -> Zones {
    const TOLD: Keys = Keys::of(&[Key::Role, Key::Itemprop, Key::AriaModal]);
    let tag = tree.tag(id);
    let mut zones = by_tag(tag);
    // `body` and `html` carry classes about the page ("has-sidebar", "logged-out"), not about their place in it.
    let page_wide = matches!(tag, Tag::Body | Tag::Html);
    let is_part = |key: Key, name: &str| NAMES.has(key) && !(key == Key::Id && misnomers::is_of_member(tag, name));
    let named = tree.names(id).filter(|(key, _, name)| !page_wide && is_part(*key, name));
    let read = |key, name| by_name(if key == Key::Id { misnomers::without_owner(name) } else { name });
    zones = named.fold(zones, |zones, (key, number, name)| zones.and(names.of(number, || read(key, name))));
    for (key, value) in tree.keyed(id, TOLD) {
        match key {
            Key::Role => zones = zones.and(by_role(value)),
            Key::Itemprop => zones = zones.and(by_property(value)),
            Key::AriaModal => zones = zones.with(Zone::Dialog),
            _ => {}
        }
    }
    zones
}

fn by_tag(tag: Tag) -> Zones {
    let zone = match tag {
        Tag::Nav => Zone::Navigation,
        Tag::Header => Zone::Header,
        Tag::Footer => Zone::Footer,
        Tag::Aside => Zone::Sidebar,
        Tag::Search => Zone::Search,
        Tag::Form | Tag::Fieldset => Zone::Form,
        Tag::Dialog => Zone::Dialog,
        Tag::Button | Tag::Select | Tag::Option | Tag::Optgroup | Tag::Textarea | Tag::Label | Tag::Legend => {
            Zone::Widget
        }
        Tag::Main => Zone::Main,
        Tag::Article => Zone::Article,
        Tag::Blockquote => Zone::Quote,
        Tag::Details => Zone::Panel,
        Tag::Figcaption => Zone::Media,
        Tag::Pre | Tag::Code => Zone::Code,
        Tag::Time => Zone::Byline,
        _ => return Zones::default(),
    };
    Zones::default().with(zone)
}

pub(super) fn by_role(role: &str) -> Zones {
    let zone = match role.trim() {
        "navigation" | "menu" | "menubar" | "menuitem" | "directory" => Zone::Navigation,
        "banner" => Zone::Header,
        "contentinfo" => Zone::Footer,
        "complementary" => Zone::Sidebar,
        "search" | "searchbox" => Zone::Search,
        "dialog" | "alertdialog" => Zone::Dialog,
        "button" | "listbox" | "option" | "tooltip" | "toolbar" | "switch" | "alert" | "status" | "img" => Zone::Widget,
        "tabpanel" | "tab" | "tablist" => Zone::Panel,
        "main" => Zone::Main,
        "article" => Zone::Article,
        "form" => Zone::Form,
        _ => return Zones::default(),
    };
    Zones::default().with(zone)
}

fn by_property(property: &str) -> Zones {
    let zone = match property.trim() {
        "articleBody" | "text" | "description" | "reviewBody" => Zone::Body,
        "headline" | "name" => Zone::Title,
        "author" | "datePublished" | "dateModified" => Zone::Byline,
        "breadcrumb" | "itemListElement" => Zone::Breadcrumb,
        "comment" => Zone::Comment,
        "offers" | "price" | "sku" => Zone::Product,
        "review" | "aggregateRating" => Zone::Review,
        _ => return Zones::default(),
    };
    Zones::default().with(zone)
}

/// The zones of a class list or id.
pub fn by_name(names: &str) -> Zones {
    let mut zones = Zones::default();
    for name in names.split_ascii_whitespace().take(NAMES_MAX) {
        let (mut own, mut hides_less) = (Zones::default(), false);
        each_word(name, |word| {
            own = own.and(BY_WORD.get(word).unwrap_or_default());
            hides_less |= HIDES_LESS.contains(&word);
        });
        if hides_less {
            own = own.without(Zone::Veiled);
        }
        if own.has(Zone::Comment) && own.any(&[Zone::Form, Zone::CommentForm]) {
            own = own.with(Zone::CommentForm);
        }
        zones = zones.and(own);
    }
    zones
}

/// Whether an element is in a zone by some words of its names alone.
pub fn is_by_words(tree: &Tree<'_>, id: NodeId, zone: Zone, words: &[&str]) -> bool {
    let names_zone = |word: &[u8]| BY_WORD.get(word).is_some_and(|zones| zones.has(zone));
    let role = tree.attribute(id, Key::Role).map_or(Zones::default(), by_role);
    let (mut others, mut these) = (by_tag(tree.tag(id)).and(role).has(zone), false);
    for (_, names) in tree.keyed(id, NAMES) {
        for name in names.split_ascii_whitespace().take(NAMES_MAX) {
            each_word(name, |word| {
                let is_one = words.iter().any(|one| one.as_bytes() == word);
                these |= is_one;
                others |= names_zone(word) && !is_one;
            });
        }
    }
    these && !others
}

/// What names an element's part in the page.
pub(super) const NAMES: Keys = Keys::of(&[Key::Class, Key::Id, Key::DataRole, Key::DataTestid, Key::DataComponent]);

/// Calls with each lower-case word of a name, split at signs, digits and where a capital begins a word.
pub fn each_word(name: &str, mut call: impl FnMut(&[u8])) {
    let (mut word, mut length) = ([0; WORD_BYTES_MAX], 0);
    let mut lower = false;
    for &byte in &name.as_bytes()[..name.len().min(NAME_BYTES_MAX)] {
        let letter = byte.is_ascii_alphabetic();
        if length > 0 && (!letter || lower && byte.is_ascii_uppercase()) {
            call(&word[..length]);
            length = 0;
        }
        lower = byte.is_ascii_lowercase();
        if letter && length < WORD_BYTES_MAX {
            word[length] = byte | 0x20;
            length += 1;
        }
    }
    if length > 0 {
        call(&word[..length]);
    }
}

/// Own zones of every element; other nodes have none.
pub fn all_zones(tree: &Tree<'_>) -> Vec<Zones> {
    let mut names = Memo::new(tree);
    let mut own = |id| match tree.kind(id) {
        NodeKind::Element => own_zones(tree, id, &mut names),
        _ => Zones::default(),
    };
    let mut all: Vec<Zones> = (0..tree.len()).map(&mut own).collect();
    forget_what_headings_and_panels_are(tree, &mut all);
    for code in tree.elements(0, Tag::Pre).chain(tree.elements(0, Tag::Code)) {
        forget_names_of_code(tree, code, &mut all);
    }
    forget_signatures_outside_posts(tree, &mut all);
    misnomers::forget(tree, &mut all);
    disclosures::mark(tree, &mut all);
    forget_paywalls_around_prose(tree, &mut all);
    all
}

/// A heading or header cell of class `header` is one, and stands in no page's head for it; a `details` of class `toggle`
/// opens and closes as all do, and is no button.
fn forget_what_headings_and_panels_are(tree: &Tree<'_>, all: &mut [Zones]) {
    for id in 0..tree.len() {
        let mistaken = match tree.tag(id) {
            tag if tag == Tag::Th || tag.is_heading() => Zone::Header,
            Tag::Details => Zone::Widget,
            _ => continue,
        };
        all[id as usize] = all[id as usize].without(mistaken);
    }
}

/// Around code no more is looked at: elements above it, nodes beside it on one level, letters that they say ("Copy").
const CODE_LEVELS: usize = 6;
const BESIDE_CODE_NODES_MAX: usize = 200;
const BESIDE_CODE_LETTERS_MAX: usize = 24;

/// The classes of code, of what stands in it and of the boxes around it alone speak of its language and colours
/// (`language-rust`, `code-toolbar`, `hljs-comment`), not of a part of the page.
fn forget_names_of_code(tree: &Tree<'_>, code: NodeId, all: &mut [Zones]) {
    for id in tree.subtree(code) {
        all[id as usize] = by_tag(tree.tag(id));
    }
    let mut inner = code;
    for outer in tree.ancestors(code).take(CODE_LEVELS) {
        let boxes = [Tag::Div, Tag::Figure, Tag::Span, Tag::Pre, Tag::Table, Tag::Tbody, Tag::Tr, Tag::Td, Tag::Other];
        if !boxes.contains(&tree.tag(outer)) || !is_alone(tree, outer, inner) {
            return;
        }
        all[outer as usize] = by_tag(tree.tag(outer));
        inner = outer;
    }
}

/// Whether hardly a letter stands in an element beside one of its children.
fn is_alone(tree: &Tree<'_>, outer: NodeId, inner: NodeId) -> bool {
    let beside = tree.subtree(outer).take((inner - outer) as usize).chain(tree.end(inner)..tree.end(outer));
    let mut beside = beside.filter(|&id| tree.kind(id) == NodeKind::Text || tree.kind(id) == NodeKind::Element);
    let mut letters = 0;
    for id in beside.by_ref().take(BESIDE_CODE_NODES_MAX) {
        let text = if tree.kind(id) == NodeKind::Text { tree.text(id) } else { "" };
        letters += text.chars().filter(|c| c.is_alphabetic()).take(BESIDE_CODE_LETTERS_MAX + 1).count();
        if letters > BESIDE_CODE_LETTERS_MAX {
            return false;
        }
    }
    beside.next().is_none()
}

/// A writer's signature stands in what they wrote; elsewhere the word names what a function looks like.
fn forget_signatures_outside_posts(tree: &Tree<'_>, all: &mut [Zones]) {
    let is_name = |tag: Tag| matches!(tag, Tag::Dl | Tag::Dt | Tag::Dd) || tag.is_heading();
    let is_named = |at: NodeId| is_name(tree.tag(at));
    for id in (0..tree.len()).filter(|&id| all[id as usize].has(Zone::Signature)).collect::<Vec<_>>() {
        let is_post = |at: NodeId| all[at as usize].any(&[Zone::Post, Zone::Comment]);
        let around: Vec<NodeId> = std::iter::once(id).chain(tree.ancestors(id)).collect();
        if !around.iter().any(|&at| is_post(at)) || around.iter().any(|&at| is_named(at)) {
            // Their members are those of a class.
            all[id as usize] = all[id as usize].without(Zone::Signature).without(Zone::PostChrome);
        }
    }
}

/// So many paragraphs of so many letters are prose, and for each thing to be clicked beside them so many more.
const PAID_PARAGRAPHS_MIN: usize = 2;
const PAID_LETTERS_MIN: usize = 24;
/// Larger parts are no request to pay, and so many of a page's are looked at. Of a paragraph no more is read.
const PAID_NODES_MAX: NodeId = 20_000;
const PAYWALLS_MAX: usize = 20;
const PARAGRAPH_NODES_MAX: NodeId = 40;
const PARAGRAPH_CHARS_MAX: usize = 200;

/// `paywall` is what publishers are told to call the part of a text that readers pay for, so that search engines know it. Where
/// paragraphs stand there, and hardly anything to click, it is that part and no request.
fn forget_paywalls_around_prose(tree: &Tree<'_>, all: &mut [Zones]) {
    let is_named = |id: &NodeId| {
        all[*id as usize].has(Zone::SignIn)
            && tree.end(*id) - id <= PAID_NODES_MAX
            && is_named_for_payment_alone(tree, *id)
    };
    let paid: Vec<NodeId> = (0..tree.len()).filter(is_named).take(PAYWALLS_MAX).collect();
    for id in paid.into_iter().filter(|&id| is_prose(tree, id)) {
        all[id as usize] = all[id as usize].without(Zone::SignIn);
    }
}

fn is_named_for_payment_alone(tree: &Tree<'_>, id: NodeId) -> bool {
    let names = tree.attribute(id, Key::Class).unwrap_or_default().split_ascii_whitespace();
    let (paid, others): (Vec<&str>, Vec<&str>) = names.partition(|name| name.eq_ignore_ascii_case("paywall"));
    !paid.is_empty() && !by_name(&others.join(" ")).has(Zone::SignIn)
}

/// Whether an element holds paragraphs and for each thing to be clicked outside them as many more. What
/// stands in a paragraph is of it.
fn is_prose(tree: &Tree<'_>, id: NodeId) -> bool {
    let (mut paragraphs, mut asks) = (0, 0);
    let mut next = id + 1;
    while next < tree.end(id) {
        let tag = tree.tag(next);
        let is_paragraph = tag == Tag::P && is_long(tree, next);
        paragraphs += usize::from(is_paragraph);
        asks += usize::from(matches!(tag, Tag::A | Tag::Button | Tag::Input | Tag::Form));
        next = if is_paragraph { tree.end(next) } else { next + 1 };
    }
    paragraphs >= PAID_PARAGRAPHS_MIN * (1 + asks)
}

/// Whether so many letters stand in an element outside links, as far as it is looked through.
fn is_long(tree: &Tree<'_>, id: NodeId) -> bool {
    let (mut letters, mut next) = (0, id + 1);
    let end = tree.end(id).min(id + PARAGRAPH_NODES_MAX);
    while next < end && letters < PAID_LETTERS_MIN {
        let text = tree.text(next).chars().take(PARAGRAPH_CHARS_MAX);
        letters += if tree.kind(next) == NodeKind::Text { text.filter(|c| c.is_alphabetic()).count() } else { 0 };
        next = if tree.tag(next) == Tag::A { tree.end(next) } else { next + 1 };
    }
    letters >= PAID_LETTERS_MIN
}
