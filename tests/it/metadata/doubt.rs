//! What looks like a name, a day or a title of the page, and is none; and what is one though it looks like little.

use super::{names, read, shown};

const TEXT: &str =
    "<p>The mill was still that winter, and the wheel turned twice a day, which was enough for the whole valley.</p>";

/// The authors of a page with a line above its text, and with the same line below it.
fn bylines(line: &str) -> [String; 2] {
    [format!("{line}{TEXT}"), format!("{TEXT}{line}")].map(|body| names(&read("", &format!("<h1>The mill</h1>{body}"))))
}

/// A way, a time or an entry of a table is nobody, whatever leads to it.
#[test]
fn ways_and_times_are_no_authors() {
    let nobody = [
        "<p>Written by hand.</p>",
        "<p>Posted by mail</p>",
        "<h3>By Train</h3>",
        "<p>By Friday</p>",
        "<p>By Appointment Only</p>",
        "<p>By Order of the Council</p>",
        "<p>Author: various</p>",
        "<p>Von Hand geschliffen</p>",
        "<p>Von Mai bis Oktober</p>",
        "<p>Von Berlin nach Prag</p>",
        "<p>By Monday noon</p>",
        "<p>Af Hensyn til Naboer</p>",
        "<p>Door Amsterdam</p>",
        "<dl><dt>Author</dt><dd>required</dd></dl>",
        "<table><tr><td>by</td><td>level</td></tr></table>",
        "<table><tr><td>autor</td><td>text</td></tr></table>",
    ];
    for line in nobody {
        assert_eq!(bylines(line), [String::new(), String::new()], "{line}");
    }
    let people = [
        ("<p>By Jane Roe</p>", "Jane Roe"),
        ("<p>By Friends of the River</p>", "Friends of the River"),
        ("<p>By Staff reports</p>", "Staff reports"),
        ("<p>Von Maria von der Heide</p>", "Maria von der Heide"),
        ("<p>Author: Plato</p>", "Plato"),
        ("<p>Posted by <a href=/u/dana>dana</a></p>", "dana"),
        ("<p>By <a href=/u/dana>Dana</a></p>", "Dana"),
        ("<p>5 March 2024</p><p>By Reuters</p>", "Reuters"),
        ("<p>By Reuters</p><p>3 days ago</p>", "Reuters"),
        ("<div>Written by</div><p>Eliz - Product marketer</p>", "Eliz"),
        ("<p>作者：林晓舟</p>", "林晓舟"),
        ("<p>By Ahmed al-Sharif</p>", "Ahmed al-Sharif"),
        ("<p>By <a href=/p/a>Ahmed al-Sharif</a></p>", "Ahmed al-Sharif"),
        ("<p>By Omar el-Gomati</p>", "Omar el-Gomati"),
        ("<p>By Sami ul-Haq</p>", "Sami ul-Haq"),
        ("<p>By Jean d'Ormesson</p>", "Jean d'Ormesson"),
        ("<p>Écrit par Jean d'Ormesson</p>", "Jean d'Ormesson"),
        ("<p>By Marco dell'Oro</p>", "Marco dell'Oro"),
        ("<p>By Luca degli Orti</p>", "Luca degli Orti"),
        ("<p>By Joan dels Arcs</p>", "Joan dels Arcs"),
        ("<p>By Otto vom Bruch</p>", "Otto vom Bruch"),
        ("<p>By Ibn abi Talib</p>", "Ibn abi Talib"),
        ("<p>By Noor ur Rahman</p>", "Noor ur Rahman"),
        ("<p>By Sinéad ní Riain</p>", "Sinéad ní Riain"),
        ("<p>By Nguyen thi Lan</p>", "Nguyen thi Lan"),
        ("<p>By Danah boyd</p>", "Danah boyd"),
        ("<p>By Jane smith</p>", "Jane smith"),
        ("<p>Von Jane smith</p><p>5 March 2024</p>", "Jane smith"),
        ("<p>By Reuters</p>", "Reuters"),
        ("<p>By Bloomberg</p>", "Bloomberg"),
    ];
    for (line, want) in people {
        assert_eq!(bylines(line)[0], want, "{line}");
    }
}

/// The day on which a page was published, where a line stands above its text, and below it.
fn days(line: &str) -> [String; 2] {
    let day = |body: String| read("", &format!("<main><h1>The mill</h1>{body}</main>")).published;
    [format!("{line}{TEXT}"), format!("{TEXT}{line}")].map(|body| day(body).map(|day| day.value).unwrap_or_default())
}

#[test]
fn days_of_other_things_date_nothing() {
    let others = [
        "<p>Founded 3 May 1919</p>",
        "<p>Gegründet: 3. Mai 2009</p>",
        "<p>Opera began 3 May 1919</p>",
        "<p>Apply by 3 May 2019</p>",
        "<p>Bewerbungsschluss: 3. Mai 2019</p>",
        "<p>Date limite : 3 mai 2019</p>",
        "<p>截止日期：2019年5月3日</p>",
        "<p>Check-in: 3 May 2019</p>",
        "<p>Delivery: 3 May 2019</p>",
        "<p>3 May 2019 to 10 October 2019</p>",
        "<p>3.5.2019 – 10.10.2019</p>",
        "<p>Vom 3. Mai 2019 bis 10. Oktober 2019</p>",
        "<span class=delivery-date>3 May 2019</span>",
        "<span class=startDate>3 May 2019</span>",
        "<table><tr><th>Opened</th><td>3 May 2019</td></tr></table>",
        "<p>Estimated delivery: 3 May 2019</p>",
        "<p>报名时间：2019年5月3日</p>",
        "<p>모집기간 2019.05.03</p>",
        "<p>회원등록일 2019.05.03</p>",
        "<p>会員登録日：2019年5月3日</p>",
    ];
    for line in others {
        assert_eq!(days(line), [String::new(), String::new()], "{line}");
    }
    let own = [
        ("<p>3 May 2019</p>", "2019-05-03"),
        ("<p>Published 3 May 1985</p>", "1985-05-03"),
        ("<p>Monday, 11 March 1935</p>", "1935-03-11"),
        ("<p>3 May 2019 - 10 min read</p>", "2019-05-03"),
        ("<p>3 May 2019 – updated 10 October 2019</p>", "2019-05-03"),
        ("<table><tr><th>Date</th><td>3 May 2019</td></tr></table>", "2019-05-03"),
        ("<div class=review-meta><span class=date>3 May 2019</span></div>", "2019-05-03"),
        ("<table><tr><th>등록일</th><td>2024-05-03</td></tr></table>", "2024-05-03"),
        ("<dl><dt>등록일</dt><dd>2024.05.03</dd></dl>", "2024-05-03"),
        ("<table><tr><th>登録日</th><td>2024年5月3日</td></tr></table>", "2024-05-03"),
        ("<p>등록일 2024.05.03</p>", "2024-05-03"),
        ("<p>来源：教育考试报名网 2024-05-03</p>", "2024-05-03"),
        ("<p>모집 2024.05.03</p>", "2024-05-03"),
        ("<p>By Anna Levering 3 May 2024</p>", "2024-05-03"),
        ("<p>Continuous Delivery – 3 May 2024</p>", "2024-05-03"),
        ("<p>By John Doe March 5, 1985</p>", "1985-03-05"),
        ("<p>Washington March 5, 1985</p>", "1985-03-05"),
    ];
    for (line, want) in own {
        assert_eq!(days(line)[0], want, "{line}");
    }
}

/// The day since which visits are counted is the oldest page's at best.
#[test]
fn the_day_of_a_counter_dates_nothing() {
    let counters = [
        "1999年1月1日からのアクセス数 12345",
        "アクセス 12345（1999/1/1から）",
        "あなたは1999/01/01から12345人目のお客様です",
        "1999年1月1日開設",
        "您是自1999年1月1日以来第12345位访客",
        "您是自1999年1月1日以來第12345位訪客",
        "本站自1999年1月1日起访问人数:12345",
        "本站自1999年1月1日起已有12345人访问",
        "建站日期：1998年5月4日",
        "1999년 1월 1일부터 12345번째 방문",
        "1998년 5월 4일 개설",
        "عدد الزوار منذ 1 يناير 1999: 12345",
        "أنت الزائر رقم 12345 منذ 1 يناير 1999",
        "מבקרים מאז 1 בינואר 1999: 12345",
        "1 जनवरी 1999 से आगंतुक: 12345",
        "ผู้เยี่ยมชมตั้งแต่ 1 มกราคม 2542: 12345",
        "1 Ocak 1999 tarihinden beri 12345. ziyaretçisiniz",
        "Επισκέπτες από 1 Ιανουαρίου 1999: 12345",
        "Visitors since 1 January 1999: 12345",
    ];
    for line in counters {
        let page = format!("<center>{line}<br><img src=c.gif></center>");
        assert_eq!(days(&page), [String::new(), String::new()], "{line}");
    }
    // Beside the day on which a page was published stand its visits, what it is about, and words that begin as particles do.
    let own = [
        ("发布时间：2019-05-03 访问次数：123", "2019-05-03"),
        ("2019年5月3日 浏览：123", "2019-05-03"),
        ("2019年5月3日<a href=/k>からだ</a>", "2019-05-03"),
        ("2019年5月3日 よりよい暮らし", "2019-05-03"),
        ("2019年5月3日 よりよい暮らし アクセス 123", "2019-05-03"),
        ("2019年5月3日からだの話 アクセス 123", "2019-05-03"),
        ("2019年5月3日起草", "2019-05-03"),
        ("2019年5月3日起草 访问 123", "2019-05-03"),
        ("2019年5月3日起", "2019-05-03"),
        ("2019年5月3日 アクセス：123", "2019-05-03"),
        ("2019年5月3日 開設のお知らせ", "2019-05-03"),
        ("相談窓口を開設 2019年5月3日", "2019-05-03"),
        ("建站 2019-05-03", "2019-05-03"),
        ("分类：建站 日期：2019-05-03", "2019-05-03"),
        ("分类：建站&nbsp;&nbsp;时间：2019年5月3日", "2019-05-03"),
        ("2019년 5월 3일 방문 123", "2019-05-03"),
        ("نشر 3 مايو 2019 - الزوار 12", "2019-05-03"),
        ("Δημοσιεύτηκε από Άννα Ρο 3 Μαΐου 2019", "2019-05-03"),
        ("3 Mayıs 2019 Ziyaret: 12", "2019-05-03"),
    ];
    for (line, want) in own {
        assert_eq!(days(&format!("<p>{line}</p>"))[0], want, "{line}");
    }
}

/// What a customer says of a thing is not said of its page; nor are the days of a list of others.
#[test]
fn reviews_and_entries_date_nothing() {
    let by = "<b class=author>Tom Tree</b> <span class=date>3 May 2019</span>";
    let stated = "<b itemprop=author>Tom Tree</b> <meta itemprop=datePublished content=2019-05-03>";
    let below = [
        format!("<div class=review>{by}<p>Good bread.</p></div>"),
        format!("<div itemprop=review itemscope>{stated}<p>Good bread.</p></div>"),
        (1..3)
            .map(|n| format!("<li><span class=date>{n} May 2019</span> <a href=/n{n}>New stones have come</a></li>"))
            .collect(),
        "<aside><h3>News</h3><time datetime=2019-05-03>3 May</time><a href=/n>New stones</a></aside>".to_owned(),
    ];
    for below in below {
        let found = read("", &format!("<main><h1>The mill</h1>{TEXT}{below}</main>"));
        assert_eq!((shown(&found.published), names(&found)), (String::new(), String::new()), "{below}");
    }
    let own = read("", &format!("<div itemscope itemtype=https://schema.org/Review><h1>x</h1>{stated}{TEXT}</div>"));
    assert_eq!((shown(&own.published).as_str(), names(&own).as_str()), ("2019-05-03 [microdata]", "Tom Tree"));
    // One article stated below the text is the page's own: so some themes write what readers are not shown.
    let hidden = "<div itemscope itemtype=https://schema.org/BlogPosting><meta itemprop=author content='Tom Tree'>\
         <meta itemprop=datePublished content=2019-05-03></div>";
    let own = read("", &format!("<main><h1>The mill</h1>{TEXT}{hidden}</main>"));
    assert_eq!((shown(&own.published).as_str(), names(&own).as_str()), ("2019-05-03 [microdata]", "Tom Tree"));
    let critic = |others: &str| {
        let review = format!("<div itemprop=review itemscope>{stated}<div itemprop=reviewBody>{TEXT}</div></div>");
        let found = read("", &format!("<div itemscope><h1 itemprop=name>The mill</h1>{review}{others}</div>"));
        (shown(&found.published), names(&found))
    };
    assert_eq!(critic(""), ("2019-05-03 [microdata]".to_owned(), "Tom Tree".to_owned()));
    assert_eq!(critic("<div itemprop=review>Good.</div>"), (String::new(), String::new()), "customers'");
    let post = |n: usize| {
        format!(
            "<article class=post><h2><a href=/p/{n}>Bread {n}</a></h2><time datetime=2023-0{n}-04>4</time><p>Warm.</p></article>"
        )
    };
    let posts: String = (1..4).map(post).collect();
    let foot = "<footer>© Old Mill</footer>";
    let index = read("<title>Blog - Old Mill</title>", &format!("<main>{posts}</main>{foot}"));
    assert_eq!(shown(&index.published), "");
    assert_eq!(shown(&index.title), "Blog - Old Mill [html:title]");
    let one = read("<title>Bread 1 - Old Mill</title>", &format!("<main>{}</main>{foot}", post(1)));
    assert!(shown(&one.published).starts_with("2023-01-04"), "{}", shown(&one.published));
    let archive = format!("<h1>Ida Marsh</h1>{TEXT}{}", posts.replace(" href", " data-href"));
    let page = format!("<html><body class='archive author'>{archive}</body></html>");
    let found = gleaner::extract::metadata::read(&gleaner::extract::html::parse(&page), None);
    assert_eq!(shown(&found.published), "");
}

#[test]
fn a_heading_of_the_text_tells_which_part_of_the_heads_title_is_the_pages() {
    let cases = [
        ("Ebbw Railway | Engines", "<ul><li>Home</ul><h2>Engines</h2>", "Engines [html:h2]"),
        ("Ebbw Railway :: Engines", "<ul><li>Home</ul><h2>Our engines</h2>", "Engines [html:title]"),
        ("Ebbw Railway » Trips » Engines", "<ul><li>Home</ul><h2>Engines</h2>", "Engines [html:h2]"),
        ("Ebbw Railway | Engines", "<ul><li>Menu</ul><a href=/>Ebbw Railway</a><h2>Engines</h2>", "Engines [html:h2]"),
        ("Contact | Smith Plumbing", "<ul><li>Home<li>Contact</ul><h2>Smith Plumbing</h2>", "Contact [html:title]"),
        ("Prices | Smith Plumbing", "<a href=/p>Prices</a><h2>Smith Plumbing</h2>", "Prices [html:title]"),
        ("Prices | Smith Plumbing", "<h2>Smith Plumbing</h2>", "Prices [html:title]"),
        (
            "How the wheel was mended | News",
            "<b>How the wheel was mended</b><h2>News</h2>",
            "How the wheel was mended [html:title]",
        ),
        ("The wheel turns | News", "<b>Welcome</b><h2>News</h2>", "The wheel turns [html:title]"),
        ("Ebbw Railway | Engines", "<div>Ebbw Railway</div><h2>Engines</h2>", "Engines [html:h2]"),
        (
            "Baths reopen | News",
            "<h2>Latest news</h2><ul><li>Bridge<li>Weir<li>Ferry<li>Inn</ul>",
            "Baths reopen [html:title]",
        ),
        ("Baths reopen | News", "<b>Baths reopen today</b><h2>News</h2>", "Baths reopen [html:title]"),
        ("Baths reopen | The Notebook", "<h2>Our baths</h2>", "Baths reopen [html:title]"),
        ("Ebbw Railway - Engines", "<div>Ebbw Railway</div><h2>Our engines</h2>", "Engines [html:title]"),
        ("Ebbw Railway - Engines", "<h2>Our engines</h2>", "Ebbw Railway - Engines [html:title]"),
        ("Untitled Document", "<h2>Our engines</h2>", "Our engines [html:h2]"),
        ("New Page 1", "<h2>Our engines</h2>", "Our engines [html:h2]"),
        ("index", "<h2>Our engines</h2>", "Our engines [html:h2]"),
        ("Unbenanntes Dokument", "<p>No heading.</p>", ""),
        ("Index of names", "<h2>A</h2>", "Index of names [html:title]"),
        ("Ebbw Railway", "<h1><img alt=Logo></h1>", "Ebbw Railway [html:title]"),
        ("Ebbw Railway", "<h1><img alt='Our engines'></h1>", "Our engines [html:h1]"),
    ];
    for (title, heading, want) in cases {
        let found = read(&format!("<title>{title}</title>"), &format!("{heading}{TEXT}"));
        assert_eq!(shown(&found.title), want, "{title} {heading}");
    }
}

/// Badges, numbers, links and buttons at the end of a heading are no part of the title.
#[test]
fn what_stands_behind_the_title_in_its_heading_is_no_part_of_it() {
    let cases = [
        ("Kettle (K-200) – Shop", "Kettle (K-200)<span class=badge>New</span>", "Kettle (K-200)"),
        ("Kettle", "Kettle <small>Item no. 200</small><a class=share>Share</a>", "Kettle"),
        ("Kettle | K-200", "Kettle <label class=sku>K-200</label>", "Kettle K-200"),
        ("Kettles of the world", "Kettle <a href=/edit>[edit]</a>", "Kettle"),
        ("Tea", "Kettle (K-200)<span>New</span>", "Kettle (K-200) New"),
        ("Tea", "Kettle <small>and pot</small>", "Kettle and pot"),
        ("Kettle <pot>", "Kettle <em>and pot</em>", "Kettle and pot"),
        ("[Kettle]", "<a href=/k>[Kettle]</a>", "[Kettle]"),
    ];
    for (title, heading, want) in cases {
        let title = title.replace('<', "&lt;");
        let found = read(&format!("<title>{title}</title>"), &format!("<h1>{heading}</h1>{TEXT}"));
        assert_eq!(found.title.map(|title| title.value).unwrap_or_default(), want, "{heading}");
    }
}

/// A paper's first day counts, a month behind its year is one, and initials are a part of the name.
#[test]
fn papers_as_libraries_write_them() {
    let meta = |name: &str, value: &str| format!("<meta name={name} content='{value}'>");
    let day = |head: String| read(&head, "<h1>Reeds</h1>").published.map(|day| day.value).unwrap_or_default();
    let both = |date: &str| day(meta("citation_date", date) + &meta("citation_online_date", "2024/09/05"));
    assert_eq!(both("2024/03/02"), "2024-03-02");
    assert_eq!(both("2024/11/01"), "2024-09-05", "that of the issue comes later");
    assert_eq!(both("2024"), "2024-09-05");
    for (date, want) in
        [("2021 Aug", "2021-08"), ("2021 Aug 14", "2021-08-14"), ("2021 Jul-Aug", "2021-07"), ("Aug 2021", "2021-08")]
    {
        assert_eq!(day(meta("citation_date", date)), want, "{date}");
    }
    let names = [
        ("citation_author", "Müller-Lüdenscheidt, H.-J.", "H.-J. Müller-Lüdenscheidt"),
        ("citation_author", "Roe, A. B.", "A. B. Roe"),
        ("citation_author", "Jane Roe, M.D.", "Jane Roe"),
        ("citation_authors", "Roe, A. B.; Lee, Ann", "A. B. Roe; Ann Lee"),
        ("citation_authors", "Soto K, Blum RT", "Soto K; Blum RT"),
    ];
    for (name, value, want) in names {
        assert_eq!(super::names(&read(&meta(name, value), "<h1>Reeds</h1>")), want, "{value}");
    }
}
