//! Posts of discussions, from outside.

mod pages;

use gleaner::extract::posts::{Platforms, Selector};

#[test]
fn the_rules_that_come_with_the_program_are_sound() {
    let platforms = Platforms::built_in();
    assert!(platforms.list.len() >= 30);
    let mut ids: Vec<&str> = platforms.list.iter().map(|platform| platform.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), platforms.list.len(), "an id stands twice");
}

#[test]
fn errors_name_file_and_line() {
    let head = "[[platform]]\nid = 'a'\nname = 'A'\ndetect.any = ['.a']\n";
    let cases = [
        ("post.container = '.a'\npost.body = ['.b[']", "mine.toml:6: a name is missing before ``"),
        ("post.container = '.a:hover'\npost.body = ['.b']", "mine.toml:5: `:hover` is not known"),
        ("post.container = '.a'\npost.body = ['.b']\npost.colour = 1", "mine.toml:7: unknown field `colour`"),
        ("post.container = '.a'", "missing field `body`"),
        ("post.container = ", "mine.toml:5:"),
    ];
    for (rest, want) in cases {
        let error = Platforms::parse(&format!("{head}{rest}"), "mine.toml").expect_err(rest).to_string();
        assert!(error.contains(want), "{error}\n{want}");
    }
}

#[test]
fn selectors_pick_what_css_says() {
    let page =
        "<div id=a class='x y'><p class=k>1</p><p data-n=abc>2</p><section><p>3</p><b>4</b></section></div><p>5</p>";
    let tree = gleaner::extract::html::parse(page);
    let cases = [
        ("p", "1235"),
        ("div p", "123"),
        ("div > p", "12"),
        ("#a.x.y > p.k", "1"),
        ("[data-n]", "2"),
        ("[data-n=abc], [data-n='abd']", "2"),
        ("[data-n^=ab]", "2"),
        ("[data-n$=bc]", "2"),
        ("[data-n*=\"b\"]", "2"),
        ("[class~=y] .k", "1"),
        ("div:has(> section) > .k", "1"),
        ("p:not(.k)", "235"),
        ("section > :first-child", "3"),
        ("section > *:last-child", "4"),
        ("div > p:nth-last-child(2)", "2"),
        ("div p:last-of-type", "23"),
        ("body > div > section > p", "3"),
    ];
    for (text, want) in cases {
        let selector = Selector::parse(text).expect(text);
        let found: String = selector.all(&tree, 0).map(|id| tree.text_content(id)).collect();
        assert_eq!(found, want, "{text}");
    }
    for text in ["", ",", "div >", "..a", "p:has(", "[a", "a]", "p:hover", "p:nth-child(x)"] {
        assert!(Selector::parse(text).is_err(), "{text}");
    }
}
