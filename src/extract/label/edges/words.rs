//! What the lines say that stand at the edges of a text on every page of a site. `|` between; in small letters.

/// Labels of a line about how a text was made, or what another site called it: each says so by itself.
pub const LABELS: &str = "来源|來源|本文来源|本文來源|文章来源|稿件来源|信息来源|新闻来源|消息来源|稿源|原标题|原標題|原文标题|责任编辑|責任編輯|责编|責編|\
     编辑|編輯|本文编辑|本期编辑|网络编辑|值班编辑|实习编辑|新媒体编辑|执行编辑|核稿編輯|核稿编辑|主编|编审|监制|监审|终审|終審|初审|复审|一审|二审|三审|\
     审核|审校|校对|校對|责任校对|签发|编校|排版|美编|字号|字體大小|字体大小|点击数|点击次数|浏览次数|浏览量|阅读次数|阅读量|\
     封面图|封面图片|封面圖片|题图|題圖|头图|首图|首圖|\
     編集|編集担当|編集者|文字サイズ|文字の大きさ|トップ写真|アイキャッチ画像|기사제공|기사입력|최종수정|글자크기|글자 크기|편집|대표사진|표지사진|\
     редактор|выпускающий редактор|корректор|фото на обложке|фото на превью|обложка|заглавное фото|главное фото|размер шрифта|\
     головне фото|фото на обкладинці|заглавна снимка|отговорен редактор|насловна фотографија|\
     تحرير|المحرر|إعداد وتحرير|تحرير وإعداد|حجم الخط|صورة الغلاف|ویراستار|دبیر|اندازه قلم|کد خبر|عکس شاخص|עריכה|תמונה ראשית|\
     บรรณาธิการ|ภาพปก|ขนาดตัวอักษร|संपादन|संपादक|\
     borítókép|nyitókép|címlapkép|címlapfotó|kiemelt kép|indexkép|szerkesztő|szerk|\
     titelbild|aufmacherbild|vorschaubild|beitragsbild|schriftgröße|cover photo|cover image|featured image|featured photo|\
     header image|header photo|banner image|feature image|feature photo|lead image|thumbnail image|hero image|font size|text size|\
     photo de une|image à la une|photo de couverture|image de couverture|image de une|taille du texte|imagen de portada|foto de portada|\
     imagen destacada|tamaño de letra|tamaño del texto|foto de capa|imagem de capa|imagem destacada|imagem de destaque|\
     foto di copertina|immagine di copertina|in copertina|foto in apertura|foto di apertura|immagine in evidenza|\
     omslagfoto|coverfoto|headerfoto|uitgelichte afbeelding|openingsfoto|lettergrootte|omslagsbild|omslagsfoto|toppbild|puffbild|\
     forsidebilde|toppbilde|forsidefoto|topfoto|kansikuva|zdjęcie główne|zdjęcie tytułowe|zdjęcie w nagłówku|zdjęcie otwierające|\
     úvodní foto|titulní foto|úvodní fotografie|titulní fotografie|titulná foto|úvodná foto|titulná fotografia|foto copertă|\
     imagine principală|kapak fotoğrafı|kapak görseli|manşet fotoğrafı|editör|yayına hazırlayan|επιμέλεια|κεντρική φωτογραφία|\
     φωτογραφία εξωφύλλου|naslovna fotografija|naslovna slika|glavna fotografija|ảnh bìa|ảnh đại diện|biên tập|penyunting|foto sampul";
/// Those that stand beside them, and by themselves say too little.
pub const OTHERS: &str = "作者|记者|記者|通讯员|文|撰文|摄影|攝影|图|圖|时间|時間|日期|发布时间|发表时间|点击|浏览|阅读|评论|审读|입력|수정|기자|\
     автор|фото|текст|автор фото|الكاتب|المصدر|منبع|خبرنگار|عکاس|nguồn|theo|tác giả|ảnh|sumber|penulis|foto|fotó|szerző|kép|yazar|fotoğraf|\
     haber|kaynak|photo|text|texte|testo|tekst|texto|autor|autore|auteur|author|source|quelle|zdjęcia";
/// What a label may have behind it that is longer than a name.
pub const TITLES: &str = "原标题|原標題|原文标题";

/// What a line has only buttons say: each part of it is one of these, or known as chrome of that kind.
pub const TOOLS: &str = "打印|打印本页|打印本稿|打印此页|打印文章|关闭|關閉|关闭窗口|關閉視窗|收藏|收藏本文|加入收藏|我要纠错|纠错|网摘|推荐给朋友|大|中|小|\
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
     พิมพ์หน้านี้|ส่งต่อ|ขนาดตัวอักษร|พิมพ์";

/// All that a line says which ends a message of an agency.
pub const ENDS: &str =
    "انتهای پیام|پایان پیام|انتهای خبر|پایان خبر|انتهای گزارش|پایان گزارش|انتهى|انتهي|انتهى الخبر|نهاية الخبر";

/// How lines begin that ask to follow, in whatever way.
pub const FOLLOWS: &str = "长按|長按|扫码|掃碼|扫描|识别|点击上方|点击下方|點擊|关注|歡迎關注|欢迎关注|更多精彩|更多内容|更多资讯|想了解更多|微信搜索|加入|追蹤|\
     follow us|follow our|join our|subscribe to our|download our|get our|folgen sie uns|folge uns|alle news|alle nachrichten|mehr news|\
     abonnieren sie|suivez-nous|suivez nous|suivez toute l'actualité|retrouvez-nous|rejoignez-nous|abonnez-vous|síguenos|seguinos|\
     sigue toda|únete a|suscríbete a|siga-nos|siga o|siga a|receba as|receba notícias|entre no|clique aqui|inscreva-se|seguici|segui |\
     iscriviti a|volg ons|följ oss|følg oss|følg os|seuraa meitä|obserwuj nas|śledź nas|polub nas|masz newsa|sledujte nás|sledujte nas|\
     kövess minket|kövesse|kövessen|iratkozz|urmărește|urmăriți-ne|urmăreşte|abonează-te|bizi takip|haberler için|son dakika|takip edin|\
     ακολουθήστε|ακολούθησε|διαβάστε όλες|δείτε όλες|подписывайтесь|подпишитесь|читайте нас|следите за|присоединяйтесь|больше новостей|\
     підписуйтесь|підписуйтеся|підпишіться|читайте нас|стежте за|приєднуйтесь|следвайте|последвайте|pratite nas|zapratite|تابعونا|تابعوا|لمتابعة|\
     اشترك|انضم|ما را|برای دنبال|هم‌اکنون|עקבו|הצטרפו|theo dõi|mời quý|mời độc giả|mời bạn|ikuti|dapatkan|simak berita|baca berita|\
     cek berita|gabung|ติดตาม|हमें|फॉलो|ताज़ा|네이버|카카오톡|제보|구독|この記事が気に入|フォロー|最新情報|友だち追加";
/// Where to: names of networks and their channels, letters and apps.
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
    "line",
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
    "dziejesie",
];

/// What notices say that keep others from copying.
pub const NOTICES: &[&str] = &[
    "非經授權",
    "非经授权",
    "未经授权",
    "未經授權",
    "未经许可",
    "未經許可",
    "未经本",
    "未經本",
    "不得转载",
    "不得轉載",
    "禁止转载",
    "禁止轉載",
    "谢绝转载",
    "謝絕轉載",
    "转载请注明",
    "轉載請註明",
    "版权所有",
    "版權所有",
    "版权归",
    "無断転載",
    "無断複製",
    "転載を禁",
    "무단전재",
    "무단 전재",
    "재배포 금지",
    "재배포금지",
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
    "με επιφύλαξη παντός",
    "sva prava pridržana",
    "sva prava zadržana",
    "все права защищены",
    "всі права захищені",
    "всички права запазени",
    "جميع الحقوق محفوظة",
    "کلیه حقوق",
    "تمامی حقوق",
    "כל הזכויות שמורות",
    "สงวนลิขสิทธิ์",
    "hak cipta dilindungi",
    "bản quyền thuộc",
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
    "著作",
    "版权",
    "版權",
    "声明",
    "聲明",
    "版权声明",
    "当サイト",
    "本サイト",
    "本紙",
    "本記事",
    "記事",
    "掲載",
    "©",
    "ⓒ",
    "copyright",
    "(c)",
    "<저작권",
    "저작권",
    "기사",
];
