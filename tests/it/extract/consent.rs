//! Dialogs for choosing which cookies to allow say more than many a page; and texts about cookies that only look like them.

use gleaner::document::{Barrier, Document};

use super::label::read;

const NOTE: &str = "<h1>Mending nets by the hour</h1><p>Bring the net dry and rolled, with its corks on, and we tell you on the spot \
                    what the mending will take.</p><p>Small holes are closed while you wait, and torn wings by the end of the week.</p>";

/// What is said of each sort of cookies, some of it without a word for them.
const SORTS: &[(&str, &str)] = &[
    (
        "Needed",
        "These cookies keep your basket together and cannot be switched off, as the shop would forget you at each page.",
    ),
    (
        "Counting",
        "They let us see how many came by, from where, and on which of the shelves they looked the longest before they left.",
    ),
    (
        "Comfort",
        "Your language and the size of the letters are kept so that you need not set them again at your next visit here.",
    ),
    (
        "Partners",
        "Others who advertise here set these cookies to know what you looked at and to show you more of it elsewhere.",
    ),
    (
        "Unsorted",
        "What we have not looked at yet stands here until somebody in the office has found out what it is good for.",
    ),
];

fn sorts(one: impl Fn(&str, &str) -> String) -> String {
    SORTS.iter().map(|(name, text)| one(name, text)).collect()
}

/// Dialogs as the common plugins build them: by a role, modal, by their own name alone; with boxes, folds or tabs.
fn dialogs() -> Vec<String> {
    let asks = "<p>We use cookies to run this shop. With your consent we use some more of them, and you may withdraw it at any time.</p>";
    let (yes, no) = ("<button>Accept all</button>", "<button>Save my choice</button>");
    let boxes = sorts(|name, text| format!("<div><label>{name}<input type=checkbox></label><p>{text}</p></div>"));
    let folds = sorts(|name, text| format!("<details><summary>{name}</summary><div>{text}</div></details>"));
    let tabs = sorts(|name, _| format!("<li><button>{name}</button></li>"));
    let texts = sorts(|name, text| format!("<div class=tab><span>{name}</span><p>{text}</p></div>"));
    vec![
        format!("<div id=settings role=dialog aria-hidden=true><h4>Your privacy</h4>{asks}{boxes}{yes}{no}</div>"),
        format!("<div class=box aria-modal=true><div>Manage consent</div>{asks}{folds}{yes}{no}</div>"),
        format!("<div id=moove_gdpr_cookie_modal role=complementary><ul>{tabs}</ul>{asks}{texts}{yes}{no}</div>"),
        format!("<div class=cky-modal><span>Your privacy</span>{asks}<ul>{tabs}</ul>{texts}{no}</div>"),
        format!("<dialog><h2>Your privacy</h2>{asks}{boxes}{yes}{no}</dialog>"),
    ]
}

const BAR: &str = "<div id=cookie-bar><span>We use cookies on this site so that it works. By your consent you allow all of them.</span>\
                   <a role=button>Settings</a><a role=button>Accept all</a></div>";

#[track_caller]
fn says(document: &Document, kept: &[&str], lost: &[&str], page: &str) {
    assert_eq!(document.barrier, None, "{page} {:?}", document.notes);
    let said: Vec<&str> = document.body().map(|block| block.text.as_str()).collect();
    let is_said = |text: &&&str| said.iter().any(|one| one.contains(**text));
    assert_eq!(kept.iter().find(|text| !is_said(text)), None, "{page} {said:#?}");
    assert_eq!(lost.iter().find(is_said), None, "{page} {said:#?}");
}

#[test]
fn a_dialog_for_choosing_cookies_gives_way_to_a_short_page() {
    let more = "<p>The loft has room for forty nets in the winter, each on its own pole under the beam, and the key hangs at the \
                harbour master's door.</p><p>Whoever learns the knots with us pays in tea, and goes home with a net of their own by \
                the end of the second week, or by the third.</p>";
    let own = ["Bring the net dry", "Small holes are closed"];
    let asked = ["cookies", "set them again at your next visit", "somebody in the office", "on which of the shelves"];
    for dialog in dialogs() {
        let (note, longer) = (format!("{NOTE}{more}"), format!("{NOTE}{more}{}", more.replace(" the ", " that ")));
        for text in [
            format!("<main>{NOTE}</main>"),
            format!("<main>{note}</main>"),
            format!("<main>{longer}</main>"),
            format!("<div class=page>{note}</div>"),
            format!("<div class=page>{longer}</div>"),
        ] {
            let foot = "<footer><p>© 2024 Net loft. All rights reserved.</p></footer>";
            for body in [
                format!("{dialog}{text}{foot}"),
                format!("{text}{foot}{dialog}"),
                format!("{BAR}{dialog}{text}{foot}"),
                format!("{text}{foot}{BAR}{dialog}"),
            ] {
                let page = format!(
                    "<!DOCTYPE html><html lang=en><title>Mending nets | Net loft</title><body>{body}</body></html>"
                );
                says(&read(&page), &own, &asked, &page);
            }
        }
    }
}

/// By language: its code, a page's title and text, and of a dialog what it asks, what it offers, and its sorts.
const LANGUAGES: &[(&str, &str, [&str; 2], [&str; 4])] = &[
    (
        "de",
        "Netze flicken",
        [
            "Bringen Sie das Netz trocken und gerollt, mit allen Korken daran, und wir sagen Ihnen gleich, was das Flicken dauert.",
            "Kleine Löcher schließen wir, während Sie warten, und zerrissene Flügel bis zum Ende der Woche, außer im August.",
        ],
        [
            "Wir setzen Cookies ein, um diesen Laden zu betreiben. Mit Ihrer Einwilligung setzen wir weitere ein.",
            "Diese Cookies halten den Korb zusammen und lassen sich nicht abschalten, weil der Laden Sie sonst vergäße.",
            "Sie zeigen uns, wie viele vorbeikamen, woher sie kamen und vor welchem Regal sie am längsten standen.",
            "Alle annehmen",
        ],
    ),
    (
        "fr",
        "Réparer les filets",
        [
            "Apportez le filet sec et roulé, avec tous ses flotteurs, et nous vous dirons sur place ce que prendra la réparation.",
            "Les petits trous sont fermés pendant que vous attendez, les ailes déchirées avant la fin de la semaine.",
        ],
        [
            "Nous utilisons des cookies pour tenir cette boutique. Avec votre consentement nous en posons quelques autres.",
            "Ces cookies gardent votre panier et ne peuvent être coupés, car la boutique vous oublierait à chaque page.",
            "Ils nous disent combien sont passés, d'où ils venaient et devant quel rayon ils sont restés le plus longtemps.",
            "Tout prendre",
        ],
    ),
    (
        "ja",
        "網の修理",
        [
            "網は乾かして巻き、浮きをすべて付けたままお持ちください。修理にかかる日数をその場でお伝えします。",
            "小さな穴はお待ちいただく間にふさぎ、破れた袖網は週の終わりまでに直します。八月は休みます。",
        ],
        [
            "この店を営むためにクッキーを使います。同意をいただいた場合は、ほかのクッキーも使います。",
            "このクッキーは買い物かごの中身を保つもので、切ることはできません。切ると店がお客様を忘れてしまいます。",
            "何人が訪れ、どこから来て、どの棚の前に最も長く立っていたのかを私たちに教えてくれるものです。",
            "すべて受け取る",
        ],
    ),
];

/// A dialog in one of the languages, with so little to click as makes one.
fn dialog_in([asks, needed, counting, accept]: [&str; 4]) -> String {
    let sort = |text: &str| format!("<div><label>1<input type=checkbox></label><p>{text}</p></div>");
    let sorts = (sort(needed) + &sort(counting)).repeat(4);
    format!("<div role=dialog><p>{asks}</p>{sorts}<button>{accept}</button><button>2</button></div>")
}

#[test]
fn dialogs_give_way_in_other_languages() {
    for &(language, title, [first, second], asked) in LANGUAGES {
        let text = format!("<main><h1>{title}</h1><p>{first}</p><p>{second}</p></main>");
        let dialog = dialog_in(asked);
        for body in [format!("{dialog}{text}"), format!("{text}{dialog}")] {
            let page = format!("<!DOCTYPE html><html lang={language}><title>{title}</title><body>{body}</body></html>");
            says(&read(&page), &[first, second], &asked, &page);
        }
    }
}

/// A page may be about what such a dialog says, and have its text in one.
#[test]
fn dialogs_on_pages_about_cookies_stay() {
    let called = [
        ["Datenschutz", "Cookies im Netzladen"],
        ["Politique de confidentialité", "Les cookies de la boutique"],
        ["プライバシーポリシー", "クッキーについて"],
    ];
    for (&(language, _, [first, _], asked), titles) in LANGUAGES.iter().zip(called) {
        let (dialog, [_, needed, counting, _]) = (dialog_in(asked), asked);
        let text = |head: &str| format!("<main><h1>{head}</h1><p>{first}</p></main>");
        let page = |title: &str, body: &str| {
            format!("<!DOCTYPE html><html lang={language}><title>{title}</title><body>{body}</body></html>")
        };
        for title in titles {
            for page in [page(title, &format!("{dialog}{}", text("1"))), page("1", &format!("{dialog}{}", text(title)))]
            {
                says(&read(&page), &[needed, counting], &[], &page);
            }
        }
        // Nothing is to be chosen where a text only opens in a dialog.
        let opened = dialog.replace("<input type=checkbox>", "");
        let page = page("1", &format!("{opened}{}", text("1")));
        says(&read(&page), &[needed, counting], &[], &page);
    }
}

/// Nobody reads a text there.
#[test]
fn a_dialog_for_choosing_cookies_with_nothing_beside_it_is_a_wall() {
    let asks = "<p>We use cookies and similar techniques and ask for your consent to them.</p><p>Our partners set cookies of their own.</p>";
    let boxes = "<label>Needed<input type=checkbox></label><label>Counting<input type=checkbox></label>".repeat(2);
    let dialog = format!("<div role=dialog>{asks}{boxes}<button>Accept all</button></div>");
    for around in [
        "",
        "<footer><p>The net loft at the old harbour, open on all days but Monday, and in winter by appointment only.</p></footer>",
    ] {
        let document = read(&format!("<!DOCTYPE html><title>Net loft</title><body>{dialog}{around}</body>"));
        assert_eq!(document.barrier, Some(Barrier::Consent), "{around} {:?}", document.notes);
    }
}

#[test]
fn texts_about_cookies_stay() {
    let told = sorts(|name, text| format!("<h3>{name}</h3><p>{text}</p>"));
    let choose = "<form><label>Needed<input type=checkbox></label><label>Counting<input type=checkbox></label>\
                  <button>Accept all</button><button>Refuse all</button></form>";
    let about = format!(
        "<p>This is what the shop keeps of your visits, for how long, and how you withdraw your consent to it.</p>{told}{choose}"
    );
    let foot = "<footer><p>© 2024 Net loft. All rights reserved.</p></footer>";
    let own = ["keep your basket together", "set them again at your next visit"];
    for (title, body) in [
        ("Cookies", format!("<main><h1>Cookies</h1><div class=cookie-settings>{about}</div></main>")),
        ("Our cookies", format!("<h1>What we keep</h1><div id=cookie-policy>{about}</div>")),
        ("Net loft", format!("<div class=cookies><h1>What we keep</h1>{about}</div>")),
        ("Net loft", format!("<main><h1>What we keep</h1><div class=cookies>{about}</div></main>")),
        ("Net loft", format!("<h1>Privacy at the loft</h1><div class=cookies>{about}</div>")),
    ] {
        let page = format!("<!DOCTYPE html><html lang=en><title>{title}</title><body>{body}{foot}</body></html>");
        says(&read(&page), &own, &[], &page);
    }
    // An article on such dialogs shows one, in what holds its text or amid it.
    let [.., shown] = &dialogs()[..] else { return };
    let more = "<p>Say first what is asked and of whom, then what comes of it, and let whoever reads it leave by the same door.</p>";
    let (how, mind) = (
        "<p>This is how it looks:</p>",
        "<p>Mind that each box has a label of its own, which is told by screen readers.</p>",
    );
    for around in ["article", "main", "div"] {
        let page = format!(
            "<!DOCTYPE html><html lang=en><title>How to ask well</title><body><{around}>{NOTE}{more}{how}{shown}{mind}</{around}></body></html>"
        );
        says(&read(&page), &["Bring the net dry", "keep your basket together"], &[], &page);
    }
}

/// What is baked is called so too.
#[test]
fn a_dialog_about_other_cookies_stays() {
    let boxes = "<label>Flour<input type=checkbox></label><label>Honey<input type=checkbox></label>".repeat(2);
    let bake = format!(
        "<h2>Oat cookies</h2>{boxes}<p>Roll the cookies thin, cut them round and bake them until they are brown at the rim.</p>\
         <p>The cookies keep for a month in a tin with a lid, and longer where nobody knows of the tin.</p>"
    );
    let winter = "<main><h1>Baking at the loft</h1><p>In winter the oven is lit on each Friday, and whoever has dough brings it along in a bowl.</p></main>";
    let page = format!(
        "<!DOCTYPE html><html lang=en><title>Baking at the loft</title><body>{winter}<div role=dialog>{bake}</div></body></html>"
    );
    says(&read(&page), &["In winter the oven", "Roll the cookies thin", "keep for a month"], &[], &page);
}
