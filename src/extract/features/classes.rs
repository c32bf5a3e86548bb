//! What the tokens of `class`, `id` and test ids tell about an element.
//!
//! Tokens are markup, not text, yet people name classes in their own language: the lists hold the words
//! seen in the templates of several.

use std::sync::OnceLock;

/// How many categories there are.
pub const CATEGORIES: usize = LISTS.len();

/// A category's name and the tokens that put an element into it.
pub const LISTS: [(&str, &str); 63] = [
    (
        "nav",
        "nav navbar navigation menu menubar submenu topnav subnav mainnav navi navlist megamenu menue navegacion navigazione menus dropdown hamburger offcanvas drawer topmenu mainmenu sitemap",
    ),
    (
        "foot",
        "foot footer bottom colophon pagefooter sitefooter fuss fusszeile stopka pie rodape piede bottombar copyright pied",
    ),
    (
        "head",
        "head header masthead topbar banner kopf kopfzeile naglowek cabecera testata entete pageheader siteheader top",
    ),
    (
        "side",
        "side sidebar aside rail rightrail leftrail sidenav secondary seitenleiste marginal randspalte spalte lateral colonne rightcol leftcol rightcolumn leftcolumn complementary",
    ),
    (
        "comment",
        "comment comments commentlist commenting disqus respond reply replies kommentar kommentare komentarz komentarze commentaire commentaires comentario comentarios commento commenti reacties discussion",
    ),
    (
        "share",
        "share sharing shares sharer addtoany addthis sharethis teilen partager compartir condividi udostepnij delen sharebar sharedaddy jetpack",
    ),
    (
        "social",
        "social facebook twitter whatsapp instagram linkedin pinterest youtube telegram follow socials sns weibo vk",
    ),
    (
        "related",
        "related recommended recommendation recommendations recommend similar more morefrom alsoread mehr verwandt weitere podobne relacionados relacionadas correlati associes lire outbrain taboola readmore suggested upnext trending popular beliebt meistgelesen",
    ),
    ("cookie", "cookie cookies consent gdpr cmp onetrust didomi ccpa privacy datenschutz"),
    (
        "ad",
        "ad ads advert advertisement adsense advertising adslot adunit adbox sponsor sponsored dfp gpt werbung anzeige anzeigen reklama publicidad publicite pubblicita reklame annonce",
    ),
    (
        "promo",
        "promo promotion promos promotional cta callout upsell marketing aktion angebot oferta offer offers deal deals campaign",
    ),
    (
        "newsletter",
        "newsletter subscribe subscription signup mailchimp optin abo abonnieren abonner suscribir iscriviti mailing email",
    ),
    ("crumb", "crumb crumbs breadcrumb breadcrumbs brotkrumen pathway youarehere"),
    (
        "author",
        "author authors byline bio writer autor autoren auteur autore vcard contributor profile redakteur avatar",
    ),
    ("date", "date time datetime published timestamp posted datum data fecha updated pubdate day"),
    (
        "tags",
        "tag tags keywords keyword topics topic taxonomy categories category cat schlagworte etiquetas label labels hashtag rubrik",
    ),
    ("page", "pagination pager paging paginate pages paginator pagenav pagenavi prevnext next prev previous blaettern"),
    ("modal", "modal dialog popup overlay lightbox tooltip popover toast snackbar interstitial flyout"),
    ("review", "review reviews testimonial testimonials feedback bewertung bewertungen opinie avis resenas recensioni"),
    ("rating", "rating ratings stars star score bewertungssterne"),
    ("price", "price prices pricing amount cost currency preis prix precio prezzo cena msrp sale buy buybox"),
    ("product", "product products produkt produkte producto produit prodotto sku item pdp"),
    ("card", "card cards tile tiles teaser teasers box kachel panel"),
    (
        "grid",
        "grid list listing listings collection gallery results result items masonry archive loop liste lista feed stream catalog",
    ),
    ("post", "post posts hentry blogpost postbody postcontent beitrag wpis"),
    (
        "thread",
        "thread threads forum message messages msg topicbody bbcode bbwrapper postmessage lia ipscomment conversation qa question answer answers",
    ),
    ("entry", "entry entries entrycontent"),
    (
        "content",
        "content contents contenu contenido contenuto inhalt tresc conteudo innhold innehall maincontent pagecontent contentbody postcontent articlecontent",
    ),
    (
        "article",
        "article articles articlebody story storybody news newsarticle artikel artykul articulo articolo artigo artikkel noticia nachricht meldung narticle zhengwen detail details",
    ),
    ("body", "body bodytext fulltext bodycopy bodycontent textbody corpo cuerpo corps korper"),
    (
        "text",
        "text txt copy prose paragraph paragraphs para richtext rte wysiwyg markdown md texte testo texto tekst absatz html editor formatted rich",
    ),
    ("main", "main primary maincol maincolumn haupt hauptspalte principal middle center central"),
    (
        "title",
        "title titles headline heading heading1 headline1 titel titre titulo titolo tytul hed ueberschrift subject",
    ),
    (
        "desc",
        "desc description descriptions summary abstract overview beschreibung descripcion opis excerpt about blurb",
    ),
    (
        "lead",
        "lead lede intro introduction standfirst dek subhead subheading subtitle subline vorspann anrisstext chapo sumario occhiello lid preamble ingress kicker dachzeile sapo",
    ),
    (
        "spec",
        "spec specs specification specifications attributes attribute features feature properties technical details merkmale parameters ingredients",
    ),
    ("tab", "tab tabs tabpanel tabpane tabcontent tablist"),
    ("faq", "faq faqs accordion accordions collapse collapsible expander expandable toggle akkordeon disclosure"),
    ("hero", "hero jumbotron splash stage buehne billboard cover"),
    ("toc", "toc tableofcontents outline scrollspy anchors onthispage inhaltsverzeichnis jumplinks contentslist"),
    ("code", "code highlight syntax pre snippet prism hljs codeblock example sourcecode"),
    (
        "login",
        "login signin register registration account auth user users anmelden anmeldung connexion membership member paywall logout",
    ),
    ("search", "search searchbox searchform suche recherche buscar cerca szukaj query typeahead autocomplete"),
    (
        "filter",
        "filter filters facet facets sort sorting sortby refine swatch swatches variant variants option options quantity",
    ),
    ("widget", "widget widgets module modul plugin block portlet textwidget gadget"),
    (
        "legal",
        "legal disclaimer imprint impressum terms tos footnote footnotes fineprint copyrights license licence smallprint",
    ),
    ("button", "button buttons btn btns knopf boton bouton action actions toolbar tools tool controls control"),
    ("meta", "meta metadata info infos postmeta entrymeta details1 statistics stats views counter count"),
    (
        "caption",
        "caption captions figcaption credit bildunterschrift legende imagecaption cutline wpcaption photographer",
    ),
    (
        "media",
        "media image images img photo photos picture pic video player thumbnail thumb gallery1 figure bild galerie foto embed",
    ),
    ("skip", "skip skiplink skiplinks jump skipto"),
    ("hidden", "hidden hide invisible sr visuallyhidden screenreader offscreen d none assistive noprint"),
    ("section", "section sections segment chapter part"),
    ("sig", "signature sig signaturecontainer"),
    ("quote", "quote quotes blockquote quoted pullquote zitat citation bbquote cytat cita"),
    ("lang", "lang language languages locale translate i18n sprache idioma langue country currency1 region"),
    ("step", "step steps howto instruction instructions recipe method direction directions procedure"),
    ("vote", "vote votes voting like likes upvote downvote karma reaction reactions poll clap kudos helpful"),
    ("slide", "slide slider slides carousel swiper slick flickity owl glide splide rotator ticker marquee"),
    ("logo", "logo brand logos branding partners clients trusted awards"),
    ("notice", "notice notification alert alerts warning error message1 hint hinweis noscript announcement breaking"),
    ("form", "form forms field fields input formular formulaire checkbox select captcha recaptcha contact kontakt"),
    ("event", "event events calendar schedule schedules jobs job vacancy location address hours map store stores"),
];

/// The categories of one element, one bit each.
pub type Mask = u64;

/// Calls `found` for every token of an attribute's value: runs of ASCII letters and digits, lower case,
/// split where a capital follows a small letter; what is not ASCII stands in tokens as it is.
pub fn tokens(value: &str, mut found: impl FnMut(u32)) {
    let mut hash = Fnv::new();
    let mut small = false;
    for &byte in value.as_bytes() {
        let letter = byte.is_ascii_alphanumeric() || byte >= 0x80;
        if hash.any && (!letter || (small && byte.is_ascii_uppercase())) {
            found(hash.take());
        }
        if letter {
            hash.push(byte.to_ascii_lowercase());
        }
        small = byte.is_ascii_lowercase();
    }
    if hash.any {
        found(hash.take());
    }
}

/// The categories a token puts its element into.
pub fn categories(token: u32) -> Mask {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::new).get(token)
}

/// A token of markup or text as a number.
pub struct Fnv {
    hash: u32,
    pub any: bool,
}

impl Fnv {
    pub fn new() -> Self {
        Self { hash: 0x811c_9dc5, any: false }
    }

    pub fn push(&mut self, byte: u8) {
        self.hash = (self.hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        self.any = true;
    }

    /// The number so far; starts anew.
    pub fn take(&mut self) -> u32 {
        std::mem::replace(self, Self::new()).hash
    }

    pub fn of(token: &str) -> u32 {
        let mut hash = Self::new();
        token.bytes().for_each(|byte| hash.push(byte));
        hash.take()
    }
}

/// Token to mask by open addressing; a few hundred tokens in 2,048 places.
struct Table(Vec<(u32, Mask)>);

impl Table {
    const SIZE: usize = 2048;

    fn new() -> Self {
        let mut table = Self(vec![(0, 0); Self::SIZE]);
        for (category, (_, tokens)) in LISTS.iter().enumerate() {
            for token in tokens.split(' ') {
                table.add(Fnv::of(token), 1 << category);
            }
        }
        table
    }

    fn add(&mut self, token: u32, mask: Mask) {
        let at = self.place(token);
        self.0[at].0 = token;
        self.0[at].1 |= mask;
    }

    fn get(&self, token: u32) -> Mask {
        self.0[self.place(token)].1
    }

    fn place(&self, token: u32) -> usize {
        let mut at = token.wrapping_mul(0x9E37_79B1) as usize >> 21;
        while self.0[at].1 != 0 && self.0[at].0 != token {
            at = (at + 1) % Self::SIZE;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(value: &str) -> Vec<&'static str> {
        let mut mask = 0;
        tokens(value, |token| mask |= categories(token));
        (0..CATEGORIES).filter(|at| mask >> at & 1 == 1).map(|at| LISTS[at].0).collect()
    }

    #[test]
    fn a_class_falls_apart_into_its_tokens() {
        let mut found = Vec::new();
        tokens("post-bodyText  x_9é", |token| found.push(token));
        assert_eq!(found, ["post", "body", "text", "x", "9é"].map(Fnv::of));
    }

    #[test]
    fn tokens_have_their_categories() {
        assert_eq!(names("siteFooter__nav"), ["nav", "foot"]);
        assert_eq!(names("inhalt"), ["content"]);
        assert_eq!(names("css-1x2y3z"), Vec::<&str>::new());
    }

    #[test]
    fn the_table_stays_sparse() {
        let tokens: usize = LISTS.iter().map(|(_, tokens)| tokens.split(' ').count()).sum();
        assert!(tokens * 2 < Table::SIZE, "{tokens} tokens need a larger table");
    }
}
