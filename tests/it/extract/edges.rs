//! Lines of a site at the edges of a text, and what only looks like them.

use gleaner::document::{Document, Kind, Label};
use gleaner::extract::{Options, extract};

const CHINESE: [&str; 4] = [
    "港口的织工们这个星期把织机搬进了旧海关楼，此前他们在一个每年春天都会进水的地下室里工作了十一年，搬家用了整整三天时间。",
    "“我们数了数从码头上来的台阶，一共十九级，比历史上最高的洪水还要高两级，”行会的账房在搬家以后对大家这样说。",
    "屋顶由镇里出钱修，地板由行会自己负责，因为上面要放四十台织机，赶集的日子还要站得下所有想来看热闹的人。",
    "今年秋天，在楼上织出来的第一批地毯将在文法学校的礼堂里展出，当年行会就是在那里靠三台织机和一个借来的炉子起家的。",
];
const ENGLISH: [&str; 4] = [
    "The weavers of Sundlund moved their looms into the old customs house this week, after eleven years in a cellar where the \
     river came to visit every spring.",
    "“We counted the steps up from the quay and found that there were nineteen, which is two more than the highest flood,” \
     said Ingrid Falk, who has kept the books since the guild was founded.",
    "The town pays for the roof and the guild for the floor, which has to carry forty looms and, on market days, everybody \
     who wants to see them at work.",
    "In autumn the first carpets made upstairs will be shown in the hall of the grammar school, where the guild began with \
     three looms and a borrowed stove.",
];

fn read(text: &[&str], above: &str, below: &str) -> Document {
    let text: String = text.iter().map(|one| format!("<p>{one}</p>")).collect();
    let page = format!(
        "<title>Weavers move house - The Sundlund Post</title><nav><a href=/n>News</a> <a href=/s>Sport</a></nav>\
         <article><h1>Weavers move house</h1><div>{above}{text}{below}</div></article><footer>The Sundlund Post</footer>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn body(document: &Document) -> Vec<&str> {
    let kept = document.blocks.iter().filter(|block| block.label == Label::Content);
    kept.map(|block| block.text.as_str()).filter(|text| *text != "Weavers move house").collect()
}

const BELOW: &[&str] = &[
    "本文来源：新华社 责任编辑：刘伟_NB7012",
    "（编辑：王小红）",
    "【责任编辑：王小红】",
    "来源：晚报",
    "初审：王小红 复审：刘伟 终审：陈桂芳",
    "长按二维码关注我们",
    "欢迎关注本报微信公众号",
    "未经授权，不得转载",
    "本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。",
    "【打印】【关闭】",
    "字号：大 中 小",
    "انتهای پیام",
    "//انتهى//",
    "تحرير: أحمد علي",
    "ویراستار: علی رضایی",
    "چاپ | ارسال به دوستان",
    "تابعونا على فيسبوك وتويتر",
    "무단전재 및 재배포 금지",
    "<저작권자ⓒ 항구통신, 무단 전재-재배포 금지>",
    "인쇄 | 글자크기 크게 작게",
    "この記事の文字サイズ：大 中 小",
    "無断転載を禁じます",
    "Редактор: Анна Белова",
    "Версия для печати | Отправить другу",
    "Подписывайтесь на наш Telegram-канал",
    "Biên tập: Lan Anh",
    "Theo dõi chúng tôi trên Google News",
    "Penyunting: Budi Santoso",
    "Ikuti berita kami di Google News",
    "Editör: Ayşe Yılmaz",
    "Bizi takip edin: Google Haberler",
    "Επιμέλεια: Μαρία Παππά",
    "Ακολουθήστε μας στο Google News",
    "Envoyer cet article à un ami | Imprimer",
    "Stampa articolo | Invia a un amico",
    "Druckversion | Artikel versenden",
    "Titelbild: Jutta Roe",
    "Borítókép: Nagy Pál",
    "Masz newsa, zdjęcie lub filmik? Napisz do nas na Facebooku",
    "Alle News und Geschichten finden Sie auf unserer Facebookseite.",
    "Síguenos en Facebook, Twitter e Instagram",
    "RIPRODUZIONE RISERVATA",
    "Todos los derechos reservados.",
    "微信搜索“港口日报”关注我们",
    "扫描下方二维码，关注我们",
    "版权所有，违者必究。",
    "本文版权归作者所有，未经许可，不得转载。",
    "転載を禁じます",
    "当サイトの記事・写真の無断転載を禁じます。",
    "© 2020 The Harbour Post, Inc. All rights reserved.",
    "Все права защищены.",
    "جميع الحقوق محفوظة © 2020",
    "کلیه حقوق این سایت محفوظ است",
    "סגור חלון | הדפסה",
    "Receba as notícias do porto pelo WhatsApp",
    "Seguici su Facebook e Instagram.",
    "Подпишитесь на наш канал в Telegram!",
    "Följ oss på Facebook",
    "一审：王小红 责编：刘伟",
    "封面图：视觉中国",
];

#[test]
fn formulas_at_the_foot_of_a_text_are_none_of_it() {
    let linked = "<p><a href=/m>Envoyer cet article à un ami</a> <a href=/p>Imprimer</a></p>";
    assert_eq!(body(&read(&ENGLISH, "", linked)), ENGLISH, "links part what no sign does");
    let mut kept = Vec::new();
    for line in BELOW {
        let text = if line.chars().any(|c| c > '\u{2e80}') { CHINESE } else { ENGLISH };
        let line = line.replace("この記事の", "").replace('<', "&lt;");
        let page = read(&text, "", &format!("<p>{line}</p>"));
        assert_eq!(page.kind, Kind::Article);
        if body(&page) != text {
            kept.push(line);
        }
    }
    assert!(kept.is_empty(), "{kept:#?}");
}

#[test]
fn formulas_above_a_text_are_none_of_it_and_those_in_brackets_nowhere() {
    for line in ["（原标题：织工们搬进了旧海关楼）", "2013-05-15 08:12 来源：晚报 作者：陈晓琳 字号：大 中 小"]
    {
        assert_eq!(body(&read(&CHINESE, &format!("<p class=a>{line}</p>"), "")), CHINESE, "{line}");
    }
    let [one, two, three, four] = ENGLISH;
    for line in ["(Borítókép: Nagy Pál)", "(Cover photo: Jane Roe / Post)", "[Zdjęcie główne: Jan Nowak]"] {
        assert_eq!(body(&read(&[one, two, line, three, four], "", "")), ENGLISH, "{line}");
    }
}

/// A text may end with any words of its own.
#[test]
fn other_last_lines_stay() {
    let mut lost = Vec::new();
    for line in [
        "来源：《港口志》第三卷，一九九四年",
        "作者：陈晓琳，港口大学教授",
        "记者提醒大家，未经授权转载他人的作品会被罚款。",
        "他只说了一句话：编辑部在等你们的信。",
        "关注天气变化，保重身体。",
        "大中小城市都要修桥。",
        "The editor: a man of few words.",
        "Editor: she said that the looms would stay, and everybody believed her at once.",
        "Follow us up the stairs, she said.",
        "Follow the old road to the quay.",
        "Source: Harbour Office, yearly report of 2019",
        "Text: Jane Roe",
        "Print is not dead.",
        "Imprimer, c'est <a href=/q>imprimer cet article</a>",
        "All rights reserved by the guild were sold to the town in 1994, she added.",
        "Titelbild: so nannten die Weber den ersten Teppich, der je in diesem Haus gewebt wurde.",
        "Ingredients: wool, water, patience",
        "Редактор ушёл домой.",
        "Подписывайтесь под письмом, сказала она.",
        "ما را ببخشید، گفت.",
        "네이버는 이번 분기에 매출 2조원을 기록했다.",
        "카카오톡 이용자는 올해 3천만 명을 넘었다.",
        "제보자는 카카오톡으로 사진을 보냈다.",
        "구독하기 기능은 네이버가 먼저 내놓았다.",
        "微信搜索功能下个月会在全国上线。",
        "微信搜索成了老人们最喜欢的功能",
        "加入诈骗分子的微信群后，他被骗走三十万元。",
        "关注此事的网友在微博上表示，镇里应该早点修桥。",
        "长按手机上的音量键，就能打开微信。",
        "点击上方的按钮，就能回到微信。",
        "关注我们的人越来越多，她在微博上写道。",
        "Ikuti ujian secara online sesuai jadwal yang ditentukan.",
        "Ikuti saran dokter di YouTube.",
        "Gabung ke grup WhatsApp penipu membuat dia rugi besar.",
        "Join our online course on knots, the harbour master said.",
        "Join our Facebook group, the letter said, and win a boat.",
        "Follow us on Facebook was all that she said.",
        "Get our Facebook page back, she begged, before the fair begins.",
        "Follow our guild down the river and you will find forty looms, a stove and a cat that somebody called Twitter.",
        "انضم إلى فيسبوك عام 2012 مديرا للتسويق",
        "اشترك النواب في نقاش طويل على تويتر",
        "تابعوا المباراة كلها عبر فيسبوك",
        "Son dakikada gelen golün ardından taraftarlar Twitter'dan kutladı.",
        "Haberler için Twitter'a bakıyordu.",
        "Urmărește filme pe YouTube în fiecare seară.",
        "Siga o conselho que o médico deu no YouTube.",
        "Alle Nachrichten kamen über Twitter.",
        "Больше новостей в Telegram не было.",
        "हमें फेसबुक ने बताया कि पुल बंद है।",
        "ما را در تلگرام تهدید کردند",
        "フォロワーは友だち追加の機能をLINEで使う。",
        "最新情報はTwitterで得る人が多い。",
        "未经许可擅自经营烟花爆竹的，由公安机关处以二千元以上罚款。",
        "未经本人同意，不得公开其个人信息。",
        "未经许可不得转载他人的作品，这是法律的规定。",
        "版权所有，是书上最常见的四个字。",
        "版权所有人起诉了出版社。",
        "本文作者在接受采访时说，版权归他个人所有。",
        "本报记者看到，墙上写着禁止转载。",
        "本报昨天宣布禁止转载。",
        "کلیه حقوق کارگران باید تا پایان ماه پرداخت شود.",
        "تمامی حقوق کارگران محفوظ است.",
        "جميع الحقوق محفوظة للعمال بموجب القانون.",
        "無断転載が相次いでいる。",
        "記事の無断転載を禁止する法律ができた。",
        "무단전재 금지 조치가 어제 내려졌다.",
        "무단전재 피해를 본 기자들이 소송을 냈다.",
        "Copyright notices such as “All rights reserved” have had no legal meaning for a century.",
        "“All rights reserved,” it said.",
        "All rights reserved. The words have stood in every book since 1910.",
        "Tous droits réservés, disait la dernière page.",
        "Все права защищены, сказал он.",
        "Font size: 14px",
        "Cover photo: 851 x 315 pixels",
        "Schriftgröße: 12 pt",
        "字号：12号",
        "一审：判处有期徒刑三年",
        "二审：维持原判",
        "一审：有罪 二审：无罪",
        "来源：豆科植物甘草的干燥根",
        "编辑：负责审稿和排版",
        "Обложка: твёрдая",
        "Печать",
        "Tisk",
        "Cetak",
    ] {
        let text = if line.chars().any(|c| c > '\u{2e80}') { CHINESE } else { ENGLISH };
        if body(&read(&text, "", &format!("<p>{line}</p>"))).last()
            != Some(&line.replace("<a href=/q>", "").replace("</a>", "").as_str())
        {
            lost.push(line);
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    let middle = "Редактор: Анна Белова";
    let [one, two, three, four] = ENGLISH;
    assert!(body(&read(&[one, two, middle, three, four], "", "")).contains(&middle), "amid a text labels are its own");
}

/// Labels and buttons are words of lists and of rows of facts as any others.
#[test]
fn items_of_lists_and_rows_of_facts_stay_whole() {
    let list = |items: &[&str]| {
        let items: String = items.iter().map(|item| format!("<li>{item}</li>")).collect();
        format!("<ul>{items}</ul>")
    };
    for items in [
        ["Profile photo: 180 x 180 px", "Cover photo: 851 x 315 px", "Header image: 1500 x 500 px"],
        ["Profilbild: ein Kopf", "Titelbild: ein Boot", "Vorschaubild: ein Haus"],
        ["Вёрстка", "Корректура", "Печать"],
        ["Sazba", "Korektura", "<a href=/t>Tisk</a>"],
        ["Desain", "Potong", "Cetak | Kirim ke teman"],
        ["Weave", "Show", "Follow us on Facebook"],
        ["织布", "染色", "责任编辑：王小红"],
    ] {
        let page = read(&ENGLISH, "", &list(&items));
        let kept = body(&page);
        assert_eq!(kept.len(), ENGLISH.len() + items.len(), "{kept:#?}");
    }
    let facts = "<p>Profile photo: a face</p><p>Cover photo: a boat</p>";
    assert!(body(&read(&ENGLISH, "", facts)).contains(&"Cover photo: a boat"), "a fact beside another");
    let alone = list(&["Druckversion | Artikel versenden"]);
    assert_eq!(body(&read(&ENGLISH, "", &alone)), ENGLISH, "a list of nothing else");
}

/// A post that a text quotes is called after its network, as buttons are.
#[test]
fn posts_of_networks_that_a_text_quotes_belong_to_it() {
    let post = "The looms are out of the cellar at last, thanks to all who carried them up!";
    let quote = |class: &str| {
        format!(
            "<blockquote class={class}><p>{post}</p>— Sundlund (@sundlund) <a href=https://example.org/1>May 5, 2016</a></blockquote>"
        )
    };
    for class in ["twitter-tweet", "instagram-media", "tiktok-embed"] {
        let page = read(&ENGLISH, "", &quote(class));
        assert!(body(&page).contains(&post), "{class}: {:?}", body(&page));
    }
    let empty = "<blockquote class=instagram-media><a href=https://example.org/2>View this post</a></blockquote>";
    assert_eq!(body(&read(&ENGLISH, "", empty)), ENGLISH, "it only leads there");
    let aside = read(&ENGLISH, "", &format!("<aside><h3>Tweets</h3>{}</aside>", quote("twitter-tweet")));
    assert!(!body(&aside).contains(&post), "beside the text it is none of it");
    let text: String = ENGLISH.iter().map(|one| format!("<p>{one}</p>")).collect();
    for beside in ["sidebar", "related", "page-footer", "comments", "c2"] {
        let page = format!(
            "<title>Weavers move house</title><div class=layout><article><h1>Weavers move house</h1>{text}</article>\
             <div class={beside}><h3>Tweets</h3>{}</div></div>",
            quote("twitter-tweet")
        );
        let page = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
        assert!(!body(&page).contains(&post), "{beside}: {:?}", body(&page));
    }
    let boxed = read(&ENGLISH, "", &format!("<figure>{}</figure>", quote("twitter-tweet")));
    assert!(body(&boxed).contains(&post), "a box of its own is no other part");
}

/// Comments that are built like the entry above them are none of it, in whatever language.
#[test]
fn comments_built_like_a_short_entry_are_none_of_it() {
    let [one, two, three, four] = CHINESE;
    let said = [three, four, "总算有人管了，我爷爷以前就在那里上班，讲过很多故事，冬天很冷，机器很响，全村都听得见。"];
    let comment = |said: &str| {
        format!(
            "<li class=comment><div class=comment-author>u</div><div class=comment-content><p>{said}</p></div></li>"
        )
    };
    let comments: String = said.iter().map(|said| comment(said)).collect();
    let page = format!(
        "<title>Weavers move house</title><article class=post><h1>Weavers move house</h1><div class=entry-content>\
         <p>{one}</p><p>{two}</p></div></article><div id=comments><h3>评论</h3><ol>{comments}</ol></div>"
    );
    let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
    assert_eq!(body(&document), [one, two]);
}
