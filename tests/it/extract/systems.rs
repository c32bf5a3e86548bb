//! Pages as publishing systems, shops and newsletters build them.

use gleaner::document::Reason;

use super::label::{read, reason};

const ONE: &str = "The harbour office opened its ledgers to the public on a wet Tuesday in spring. Nobody had expected the old \
                   crane to be worth more than its weight in iron.";
const TWO: &str = "Three families still mend nets by hand in the sheds behind the fish market. The council voted to keep the \
                   ferry running through the winter months.";
const THREE: &str = "Visitors often mistake the signal tower for a church because of its copper roof. A retired engineer spent \
                     eleven years drawing every bolt of the swing bridge.";

/// A category of a shop with so many things in it.
fn category(things: usize) -> String {
    let names = ["Copper Kettle", "Enamel Mill", "Glass Spoon", "Iron Pot", "Linen Sieve"];
    let card = |(at, name): (usize, &&str)| {
        format!(
            "<li class='product post-{at} status-publish instock has-post-thumbnail'><a href='/product/{at}/' \
             class='woocommerce-LoopProduct-link'><h2 class='woocommerce-loop-product__title'>{name}</h2><span class=price><span \
             class=amount>€{}.00</span></span></a><a href='?add-to-cart={at}' class='button add_to_cart_button'>Add to cart</a></li>",
            19 + 3 * at
        )
    };
    let cards: String = names.iter().take(things).enumerate().map(card).collect();
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Kettles – Kettle Row</title></head><body><div id=page class='hfeed \
         site'><header class=site-header><div class=site-branding><div class='beta site-title'><a href='/'>Kettle Row</a></div></div><nav \
         class=main-navigation><ul><li><a href='/s'>Shop</a></li><li><a href='/j'>Journal</a></li></ul></nav></header><div \
         class=storefront-breadcrumb><nav class=woocommerce-breadcrumb><a href='/'>Home</a> / Kettles</nav></div><div id=content \
         class=site-content><div class=col-full><div id=primary class=content-area><main id=main class=site-main><header \
         class=woocommerce-products-header><h1 class=page-title>Kitchen</h1></header><form class=woocommerce-ordering><select><option>Default \
         sorting</option></select></form><p class=woocommerce-result-count>Showing all results</p><ul class=products>{cards}</ul></main></div>\
         </div></div><footer class=site-footer><div class=site-info>© Kettle Row 2024</div></footer></div></body></html>"
    )
}

#[test]
fn the_last_thing_of_a_category_keeps_its_name_and_price_and_no_button() {
    let document = read(&category(4));
    for said in ["Copper Kettle", "Iron Pot", "€28.00"] {
        assert_eq!(reason(&document, said), None, "{said}");
    }
    for things in [3, 4, 5] {
        assert_eq!(reason(&read(&category(things)), "Add to cart"), Some(Reason::Widget), "{things}");
    }
}

/// The last of a list that is of another sort, as its own name says, is not levelled up.
#[test]
fn a_last_card_of_another_sort_is_left_out() {
    let page = |tag: &str, before: &str, last: &str, said: &str| {
        let names = ["Ada Pell mends nets", "Ben Moor keeps bees", "Cleo Lund paints"];
        let cards: String = names.iter().map(|name| format!("<{tag} class='{before}'>{name}</{tag}>")).collect();
        format!(
            "<html lang=en><head><title>Members</title></head><body><main><h1>Members</h1><p>{ONE}</p><p>{TWO}</p><div class=list>{cards}\
             <{tag} class='{last}'>{said}</{tag}></div><p>{THREE}</p></main></body></html>"
        )
    };
    for (tag, last, said) in [
        ("div", "filter", "All regions and crafts"),
        ("div", "btn", "Become one of us"),
        ("div", "notification", "Two new messages today"),
        ("div", "chat-widget", "Ask us anything now"),
        ("div", "weather", "Light rain at noon"),
        ("div", "poll", "Do you mend nets"),
        ("div", "player", "Listen live"),
    ] {
        assert!(reason(&read(&page(tag, "person", last, said)), said).is_some(), "{last}");
    }
}

fn essay(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Nets</title></head><body><article><h1>Nets</h1><div class=entry-content><p>{ONE}</p>\
         <p>{TWO}</p>{inside}<p>{THREE}</p></div></article></body></html>"
    )
}

#[test]
fn who_said_the_quote_of_an_editor_is_kept_with_it() {
    for class in ["wp-block-quote", "wp-block-quote is-style-large", "block-quote"] {
        let quote =
            format!("<blockquote class='{class}'><p>We do not hurry.</p><cite>Old Pell, netmaker</cite></blockquote>");
        let document = read(&essay(&quote));
        for said in ["We do not hurry.", "Old Pell, netmaker"] {
            assert_eq!(reason(&document, said), None, "{class}: {said}");
        }
    }
}

/// On a board `block-quote` may be a control, and other names of a quote are what they are.
#[test]
fn what_is_called_a_quote_and_is_none_stays_a_control() {
    for said in [
        "<div class=block-quote><p>Quote this post</p></div>",
        "<blockquote class='wp-block-quote postcontrols'><p>Quote this post</p></blockquote>",
        "<blockquote class='wp-block-quote quote'><p>Quote this post</p></blockquote>",
    ] {
        assert!(reason(&read(&essay(said)), "Quote this post").is_some(), "{said}");
    }
}

#[test]
fn who_said_the_quote_of_a_figure_is_kept_with_it() {
    let quote = "<blockquote>He found water where we had given up.</blockquote>";
    let page = |inside: &str| {
        format!(
            "<html lang=en><head><title>Garden design</title></head><body><main><h1>Garden design</h1><p>{ONE}</p><p>{TWO}</p><figure>{inside}\
             </figure><p>{THREE}</p></main></body></html>"
        )
    };
    let named = "<figcaption class=source>— Ida Moor, farmer</figcaption>";
    assert_eq!(reason(&read(&page(&format!("{quote}{named}"))), "— Ida Moor, farmer"), None);
    // What stands below a picture is that of a picture.
    let other = "<figcaption class=source>Ida Moor</figcaption>";
    for shown in ["<img src=a.jpg alt=>", "<svg></svg>", "<video></video>"] {
        let document = read(&page(&format!("{shown}{quote}{other}")));
        assert_eq!(reason(&document, "Ida Moor"), Some(Reason::Media), "{shown}");
    }
    for shown in
        ["<pre>let a = 1;</pre>", "<photo-zoom></photo-zoom>", "<div style='background-image:url(a.jpg)'></div>"]
    {
        let document = read(&page(&format!("{shown}{quote}{other}")));
        assert_eq!(reason(&document, "Ida Moor"), Some(Reason::Media), "{shown}");
    }
    for caption in ["Photo: Ida Moor", "Listing 3: a quote", "Ida Moor / photo desk", "Foto Ida Moor", "Share this"] {
        let document = read(&page(&format!("{quote}<figcaption class=source>{caption}</figcaption>")));
        assert!(reason(&document, caption).is_some(), "{caption}");
    }
}

#[test]
fn a_short_sentence_beside_the_title_in_the_head_is_a_lead() {
    let head = |inside: &str| {
        format!(
            "<html lang=en><head><title>Soot and chalk</title></head><body><article class='article post'><header class='article-header \
             gh-canvas'><h1 class=article-title>Soot and chalk</h1>{inside}</header><section class='gh-content gh-canvas'><p>{ONE}</p>\
             <p>{TWO}</p><p>{THREE}</p></section></article></body></html>"
        )
    };
    let lead = "How two painters came to the same grey from opposite ends.";
    assert_eq!(reason(&read(&head(&format!("<p class=article-excerpt>{lead}</p>"))), lead), None);
    let byline = "Petra Lund in Quay Notes";
    assert!(reason(&read(&head(&format!("<p class=article-byline>{byline}</p>"))), byline).is_some());
    for other in [
        "Photo by Petra Lund for the Quay Notes of May.",
        "Foto: Petra Lund am Kai von Norden im Mai.",
        "Reading time for this text is about four minutes.",
        "Anzeige: Dieser Text wird von der Werft Norden bezahlt.",
        "Von Petra Lund, Redakteurin der Notizen vom Kai.",
        "Sign in to save this text for a later day.",
        "Subscribers can read this text on all their devices.",
    ] {
        for class in ["note", "article-byline", "site-description"] {
            let document = read(&head(&format!("<p class={class}>{other}</p>")));
            assert!(reason(&document, other).is_some(), "{class}: {other}");
        }
    }
    // The page's own head has a slogan.
    let slogan = "All that is new on the quay and in the sheds.";
    let page = format!(
        "<html lang=en><head><title>Soot and chalk</title></head><body><div><header><h1>Soot and chalk</h1><p class=description>{slogan}</p>\
         </header><section><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></section></div></body></html>"
    );
    assert!(reason(&read(&page), slogan).is_some());
}
