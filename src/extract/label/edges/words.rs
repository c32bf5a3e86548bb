//! What the lines say that stand at the edges of a text on every page of a site. `|` between; in small letters.

use crate::extract::memo::Listed;

/// Labels of a line about how a text was made, or what another site called it: each says so by itself.
pub static LABELS: Listed = Listed::of(
    "来源|來源|本文来源|本文來源|文章来源|稿件来源|信息来源|新闻来源|消息来源|稿源|原标题|原標題|原文标题|责任编辑|責任編輯|责编|責編|编辑|編輯|本文编辑|\
     本期编辑|网络编辑|值班编辑|实习编辑|新媒体编辑|执行编辑|核稿編輯|核稿编辑|编审|监审|终审|終審|初审|复审|一审|二审|三审|审核|审校|校对|校對|责任校对|签发|编校|排版|美编|点击数|点击次数|\
     浏览次数|浏览量|阅读次数|阅读量|編集|編集担当|編集者|기사제공|기사입력|최종수정|편집|редактор|выпускающий редактор|корректор|отговорен редактор|\
     تحرير|المحرر|إعداد وتحرير|تحرير وإعداد|ویراستار|دبیر|کد خبر|עריכה|บรรณาธิการ|संपादन|संपादक|szerkesztő|\
     szerk|editör|yayına hazırlayan|επιμέλεια|biên tập|penyunting",
);
/// The same of pictures and of the size of letters: what gives measures behind one is a fact.
pub static PICTURES: Listed = Listed::of(
    "字号|字體大小|字体大小|封面图|封面图片|封面圖片|题图|題圖|头图|首图|首圖|文字サイズ|文字の大きさ|トップ写真|アイキャッチ画像|글자크기|글자 크기|\
     대표사진|표지사진|фото на обложке|фото на превью|заглавное фото|главное фото|размер шрифта|головне фото|\
     фото на обкладинці|заглавна снимка|насловна фотографија|حجم الخط|صورة الغلاف|اندازه قلم|عکس شاخص|\
     תמונה ראשית|ภาพปก|ขนาดตัวอักษร|borítókép|nyitókép|címlapkép|címlapfotó|kiemelt kép|indexkép|titelbild|\
     aufmacherbild|vorschaubild|beitragsbild|schriftgröße|cover photo|cover image|featured image|featured photo|\
     header image|header photo|banner image|feature image|feature photo|lead image|thumbnail image|hero image|\
     font size|text size|photo de une|image à la une|photo de couverture|image de couverture|image de une|\
     taille du texte|imagen de portada|foto de portada|imagen destacada|tamaño de letra|tamaño del texto|\
     foto de capa|imagem de capa|imagem destacada|imagem de destaque|foto di copertina|immagine di copertina|\
     in copertina|foto in apertura|foto di apertura|immagine in evidenza|omslagfoto|coverfoto|headerfoto|\
     uitgelichte afbeelding|openingsfoto|lettergrootte|omslagsbild|omslagsfoto|toppbild|puffbild|forsidebilde|\
     toppbilde|forsidefoto|topfoto|kansikuva|zdjęcie główne|zdjęcie tytułowe|zdjęcie w nagłówku|\
     zdjęcie otwierające|úvodní foto|titulní foto|úvodní fotografie|titulní fotografie|titulná foto|úvodná foto|\
     titulná fotografia|foto copertă|imagine principală|kapak fotoğrafı|kapak görseli|manşet fotoğrafı|\
     κεντρική φωτογραφία|φωτογραφία εξωφύλλου|naslovna fotografija|naslovna slika|glavna fotografija|ảnh bìa|\
     ảnh đại diện|foto sampul",
);
/// Those that stand beside them, and by themselves say too little.
pub static OTHERS: Listed = Listed::of(
    "作者|主编|监制|记者|記者|通讯员|文|撰文|摄影|攝影|图|圖|时间|時間|日期|发布时间|发表时间|点击|浏览|阅读|评论|审读|입력|수정|기자|\
     автор|фото|обложка|текст|автор фото|الكاتب|المصدر|منبع|خبرنگار|عکاس|nguồn|theo|tác giả|ảnh|sumber|penulis|foto|fotó|szerző|kép|yazar|fotoğraf|\
     haber|kaynak|photo|text|texte|testo|tekst|texto|autor|autore|auteur|author|source|quelle|zdjęcia",
);
/// What a label may have behind it that is longer than a name.
pub static TITLES: Listed = Listed::of("原标题|原標題|原文标题");
/// What is said of many other things too, and leads to a medium where it stands alone: what those are called ends so.
pub static SOURCES: Listed = Listed::of("来源|來源|信息来源|消息来源");
pub const MEDIA: &[&str] = &[
    "报",
    "報",
    "网",
    "網",
    "社",
    "台",
    "臺",
    "刊",
    "新闻",
    "新聞",
    "客户端",
    "公众号",
    "频道",
    "在线",
    "杂志",
    "传媒",
];
/// Stages of an article, and of a lawsuit: several stand in a line, with names.
pub static STAGES: Listed = Listed::of("一审|二审|三审|初审|复审|终审|終審");

/// What a line has only buttons say: each part of it is one of these, or known as chrome of that kind.
pub static TOOLS: Listed = Listed::of(
    "打印|打印本页|打印本稿|打印此页|打印文章|关闭|關閉|关闭窗口|關閉視窗|收藏|收藏本文|加入收藏|我要纠错|纠错|网摘|推荐给朋友|大|中|小|\
     特大|字号|字體|字体|字級|字体大小|返回顶部|回到顶部|举报|转发|复制链接|列印|友善列印|轉寄|推薦|阅读原文|閱讀原文|查看原文|手机看新闻|\
     印刷|印刷する|メールで送る|文字サイズ|文字の大きさ|ページを閉じる|ウィンドウを閉じる|閉じる|拡大|縮小|標準|\
     인쇄|인쇄하기|프린트|글자크기|글자 크기|글씨크기|크게|작게|창닫기|메일보내기|메일|스크랩|url복사|기사보내기|가|\
     print this article|printer friendly version|printer-friendly version|printer friendly|email this article|e-mail this article|\
     email to a friend|send to a friend|font size|text size|print version|close window|close this window|\
     envoyer cet article à un ami|envoyer à un ami|envoyer par mail|imprimer cet article|imprimer l'article|version imprimable|\
     version à imprimer|réagir à cet article|imprimir esta nota|enviar a un amigo|enviar por mail|enviar por correo|enviar esta nota|\
     versión para imprimir|imprimir noticia|imprima esta notícia|enviar para um amigo|enviar por e-mail|versão para impressão|\
     indique para um amigo|stampa questo articolo|stampa l'articolo|stampa articolo|invia a un amico|invia ad un amico|\
     versione stampabile|segnala ad un amico|manda ad un amico|druckversion|druckansicht|artikel drucken|artikel versenden|\
     artikel weiterempfehlen|seite drucken|fenster schließen|per e-mail versenden|print dit artikel|mail dit artikel|doorsturen|\
     printversie|stuur door|venster sluiten|wyślij znajomemu|wersja do druku|wydrukuj|drukuj artykuł|poleć znajomemu|zamknij okno|\
     версия для печати|распечатать|отправить другу|послать другу|закрыть окно|печать|версія для друку|роздрукувати|надіслати другу|\
     vytisknout|tisk|poslat známému|verze pro tisk|poslat e-mailem|vytlačiť|poslať známemu|nyomtatás|nyomtatható változat|\
     küldje el ismerősének|küldés e-mailben|tipărește|trimite unui prieten|printează|versiune printabilă|yazdır|arkadaşına gönder|\
     yazı boyutu|haberi yazdır|yazıyı büyüt|pencereyi kapat|εκτύπωση|αποστολή σε φίλο|εκτυπώστε|skriv ut|tipsa en vän|\
     skriv ut artikeln|tips en venn|udskriv|send til en ven|tulosta|lähetä kaverille|طباعة|اطبع|أرسل لصديق|أرسل إلى صديق|حجم الخط|\
     طباعة الصفحة|إغلاق|چاپ|نسخه چاپی|نسخه قابل چاپ|ارسال به دوستان|چاپ خبر|הדפסה|הדפס|שלח לחבר|שלח כתבה|סגור חלון|\
     in bài|in bài viết|in trang|gửi bài viết|bản in|gửi cho bạn bè|cỡ chữ|cetak|cetak artikel|kirim ke teman|ukuran huruf|versi cetak|\
     พิมพ์หน้านี้|ส่งต่อ|ขนาดตัวอักษร|พิมพ์",
);

/// All that a line says which ends a message of an agency.
pub static ENDS: Listed = Listed::of(
    "انتهای پیام|پایان پیام|انتهای خبر|پایان خبر|انتهای گزارش|پایان گزارش|انتهى|انتهي|انتهى الخبر|نهاية الخبر",
);

/// How lines begin that ask to follow the site: calls on the reader that speak of it, no bare verb and no name, with which any
/// sentence may begin. One that ends in a letter ends a word.
pub const FOLLOWS: &str = "关注我们|關注我們|欢迎关注|歡迎關注|敬请关注|关注本报|关注本网|关注官方|更多精彩内容请|更多精彩内容，请|更多精彩请|更多精彩，请|\
     更多内容请|更多内容，请|更多资讯请|更多资讯，请|想了解更多请|想了解更多，请|追蹤我們|加入我們的|加入我们的|\
     follow us on|follow us at|follow us:|follow our|join our|join us on|subscribe to our|download our|get our|folgen sie uns auf|\
     folgen sie uns bei|folge uns auf|folgt uns auf|alle news und geschichten|alle news finden sie|mehr news finden sie|\
     alle nachrichten finden sie|abonnieren sie unseren|abonnieren sie unsere|suivez-nous sur|suivez nous sur|suivez-nous :|\
     suivez toute l'actualité|retrouvez-nous sur|rejoignez-nous sur|abonnez-vous à notre|abonnez-vous à la newsletter|síguenos en|\
     síguenos:|seguinos en|sigue toda la actualidad|sigue toda la información|únete a nuestro|únete a nuestra|suscríbete a nuestro|\
     suscríbete a nuestra|siga-nos no|siga-nos na|siga-nos em|siga nosso|siga nossa|receba as notícias|receba notícias|\
     entre no nosso|entre em nosso|clique aqui e siga|clique aqui e entre|inscreva-se no nosso|inscreva-se em nosso|seguici su|\
     seguici anche su|seguici sui|segui il nostro|segui la nostra|iscriviti al nostro|iscriviti alla nostra|iscriviti alla newsletter|\
     volg ons op|volg ons via|följ oss på|følg oss på|følg os på|seuraa meitä|obserwuj nas|śledź nas|polub nas|masz newsa|\
     sledujte nás|sledujte nas|kövess minket|kövessen minket|kövesse oldalunkat|urmărește-ne|urmăriți-ne|\
     urmăreşte-ne|abonează-te la|bizi takip edin|bizi takip et|takip edin|ακολουθήστε μας|ακολουθήστε το|ακολούθησε μας|\
     διαβάστε όλες|δείτε όλες|подписывайтесь на|подпишитесь на|читайте нас в|читайте нас на|следите за нами|следите за нашими|\
     присоединяйтесь к нам|присоединяйтесь к нашему|присоединяйтесь к нашей|больше новостей в нашем|підписуйтесь на|\
     підписуйтеся на|підпишіться на|читайте нас у|стежте за нами|приєднуйтесь до нашого|следвайте ни|последвайте ни|\
     pratite nas|zapratite nas|تابعونا|تابعوا صفحتنا|تابعوا قناتنا|لمتابعة آخر الأخبار|لمتابعتنا|اشترك في قناتنا|اشتركوا في قناتنا|\
     انضم إلى قناتنا|انضموا إلى قناتنا|برای دنبال کردن ما|עקבו אחרינו|הצטרפו אלינו|הצטרפו לערוץ שלנו|theo dõi chúng tôi|\
     theo dõi báo|mời quý độc giả|mời quý vị|mời độc giả|mời bạn đọc|mời bạn theo dõi|ikuti berita kami|ikuti berita terkini|\
     ikuti berita terbaru|ikuti kami|dapatkan berita|dapatkan update|simak berita terkini|simak berita kami|simak berita lainnya|\
     baca berita lainnya|baca berita terkini|baca berita kami|cek berita dan artikel|ติดตามเรา|ติดตามข่าวสารได้ที่|ติดตามได้ที่|\
     हमें फॉलो करें|फॉलो करें|हमसे जुड़ें|구독하기|팔로우하기|채널 구독|채널 추가|この記事が気に入ったら|フォローはこちら|友だち追加はこちら";
/// Where to: names of networks and their channels, letters and apps. Words begin with them; short ones are whole words.
pub const CHANNELS: &[&str] = &[
    "google news",
    "google haberler",
    "googlenews",
    "facebook",
    "фейсбук",
    "twitter",
    "твиттер",
    "instagram",
    "telegram",
    "телеграм",
    "whatsapp",
    "вайбер",
    "viber",
    "youtube",
    "tiktok",
    "linkedin",
    "newsletter",
    "rss",
    "вконтакте",
    "одноклассники",
    "яндекс",
    "дзен",
    "zalo",
    "公众号",
    "公眾號",
    "二维码",
    "二維碼",
    "微信",
    "微博",
    "蓝字",
    "客户端",
    "粉絲團",
    "粉丝团",
    "官方帳號",
    "公式line",
    "lineで",
    "フォロー",
    "카카오",
    "네이버",
    "유튜브",
    "텔레그램",
    "فيسبوك",
    "تويتر",
    "واتساب",
    "تلغرام",
    "تليجرام",
    "تيليغرام",
    "انستغرام",
    "إنستغرام",
    "اینستاگرام",
    "تلگرام",
    "توییتر",
    "פייסבוק",
    "טלגרם",
    "וואטסאפ",
    "टेलीग्राम",
    "फेसबुक",
    "व्हाट्सएप",
    "เฟซบุ๊ก",
    "ไลน์",
    "ยูทูบ",
];
/// How Chinese lines begin that say how to follow, and what they then say.
pub const SCANS: &str =
    "长按|長按|扫码|掃碼|扫描|掃描|扫一扫|识别|点击上方|点击下方|點擊上方|點擊下方|微信搜索|微信搜一搜|微信扫";
pub const FOLLOWED: &[&str] =
    &["关注我们", "關注我們", "关注公众号", "关注本", "码关注", "碼關注", "蓝字关注", "号关注", "加入我们"];

/// What notices say that keep others from copying, to their ends: what goes on is a sentence about that.
pub const NOTICES: &[&str] = &[
    "不得转载",
    "不得轉載",
    "不得擅自转载",
    "禁止转载",
    "禁止轉載",
    "严禁转载",
    "谢绝转载",
    "謝絕轉載",
    "请勿转载",
    "請勿轉載",
    "转载请注明出处",
    "转载请注明来源",
    "轉載請註明出處",
    "轉載請註明來源",
    "版权所有",
    "版權所有",
    "著作權所有",
    "版权归本网所有",
    "版权归本站所有",
    "版权归本报所有",
    "版权归作者所有",
    "版权归原作者所有",
    "版權歸作者所有",
    "版權歸原作者所有",
    "転載を禁じます",
    "転載を禁止します",
    "転載を禁ず",
    "転載禁止",
    "転載は禁止されています",
    "転載はご遠慮ください",
    "転載はお断りします",
    "転載お断り",
    "複製を禁じます",
    "複製を禁止します",
    "複写を禁じます",
    "転用を禁じます",
    "利用を禁じます",
    "使用を禁じます",
    "전재 금지",
    "전재금지",
    "전재를 금합니다",
    "재배포 금지",
    "재배포금지",
    "재배포를 금합니다",
    "재배포를 금지합니다",
    "all rights reserved",
    "alle rechte vorbehalten",
    "tous droits réservés",
    "todos los derechos reservados",
    "todos os direitos reservados",
    "riproduzione riservata",
    "alle rechten voorbehouden",
    "všechna práva vyhrazena",
    "všetky práva vyhradené",
    "wszelkie prawa zastrzeżone",
    "wszystkie prawa zastrzeżone",
    "minden jog fenntartva",
    "toate drepturile rezervate",
    "tüm hakları saklıdır",
    "με επιφύλαξη παντός δικαιώματος",
    "sva prava pridržana",
    "sva prava zadržana",
    "все права защищены",
    "всі права захищені",
    "всички права запазени",
    "جميع الحقوق محفوظة",
    "حقوق این سایت محفوظ است",
    "حقوق برای این سایت محفوظ است",
    "حقوق مادی و معنوی این سایت محفوظ است",
    "כל הזכויות שמורות",
    "สงวนลิขสิทธิ์",
    "hak cipta dilindungi undang-undang",
    "सर्वाधिकार सुरक्षित",
];
/// What such a notice is about, with which it begins where it does not begin with what it says.
pub const NOTICED: &[&str] = &[
    "本网",
    "本網",
    "本站",
    "本报",
    "本報",
    "本文",
    "本刊",
    "本平台",
    "本公众号",
    "版权为",
    "版權為",
    "声明：",
    "聲明：",
    "版权声明：",
    "当サイト",
    "本サイト",
    "本紙",
    "本記事",
    "記事",
    "掲載",
    "کلیه ",
    "تمامی ",
    "تمام ",
    "<저작권",
    "저작권",
    "기사의 ",
    "이 기사",
    "본 기사",
];
/// Signs of a right, with which one begins likewise, and whatever name behind them.
pub const SIGNS: &[&str] = &["©", "ⓒ", "(c)", "copyright ©", "copyright (c)", "copyright 1", "copyright 2"];
/// Without whose leave: a notice may begin so, and says what nobody may right behind.
pub const LEAVES: &[&str] = &["未经", "未經", "非经", "非經", "無断", "무단"];
/// Letters of those who say or do something: with them a line in Chinese is no notice.
pub const TELLS: &str = "说說写寫称稱宣曾要提认認决決问問答规規被者员員他她";
/// What may come behind a notice in the same line: joined to it, or what will be done.
pub const JOINS: &str = "、或及和与與并並";
pub const CLOSERS: &[&str] = &["违者", "違者", "否则", "否則", "侵权", "侵權", "谢谢", "謝謝", "请", "請", "并", "並"];
