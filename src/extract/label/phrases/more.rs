//! Further phrases of chrome, beside those of [`super::tongues`]: what text captures of whole pages hold.

use crate::document::Reason;

/// Phrases by reason, `|` between; written as [`super::fold`] leaves them.
pub const MORE: &[(Reason, &str)] = &[
    (
        Reason::SkipLink,
        "मुख्य सामग्री पर जाएं|मुख्य सामग्री पर जाएँ|सामग्री पर जाएं|सामग्री पर जाएँ|मुख्य विषयवस्तु पर जाएं|\
         bỏ qua nội dung|bỏ qua đến nội dung|chuyển đến nội dung chính|chuyển tới nội dung|đi đến nội dung|\
         lompat ke konten|lewati ke konten utama|loncat ke konten|langkau ke kandungan|vés al contingut|\
         saltar ao contido|liigu sisu juurde|liigu edasi põhisisu juurde|pereiti prie turinio|eiti prie turinio|\
         pāriet uz saturu|preskoči na sadržaj|preskoči do sadržaja|прескочи на садржај|скочи на садржај|\
         прескочи към съдържанието|преминаване към съдържанието|پرش به محتوا|پرش به محتوای اصلی|رفتن به محتوای اصلی|\
         تخطي إلى المحتوى|التجاوز إلى المحتوى الرئيسي|الانتقال إلى المحتوى|الانتقال إلى المحتوى الرئيسي|\
         דילוג לתוכן|דלג לתוכן הראשי|דילוג לתוכן הראשי|מעבר לתוכן|ข้ามไปที่เนื้อหา|ข้ามไปเนื้อหาหลัก|\
         ข้ามไปยังเนื้อหาหลัก|콘텐츠로 바로가기|주요 콘텐츠로 건너뛰기|메인 콘텐츠로 이동|본문으로 이동|コンテンツへ移動|メインコンテンツへ移動|メインコンテンツに移動|本文へ|本文へジャンプ|\
         跳至正文|跳到正文|跳过导航|跳转到内容|跳转至内容|跳转到主要内容|跳至主要内容|saltar al contenido principal de la página|перейти к контенту|\
         перейти к основному контенту|перейти до контенту|doorgaan naar inhoud|spring naar inhoud|\
         spring naar hoofdinhoud|preskoči na glavni sadržaj|sari la conținutul principal|ana içeriğe git|içeriğe git|\
         skip to the content|skip to main navigation|skip to page content|skip links|skip to article|skip to toolbar",
    ),
    (
        Reason::Share,
        "вконтакте|одноклассники|телеграм|твиттер|фейсбук|поделиться в facebook|поделиться в telegram|\
         поделиться вконтакте|поделиться во вконтакте|поделитися у facebook|поділитися у facebook|\
         поділитися в facebook|поширити у facebook|share to facebook|share to twitter|share on telegram|\
         share on bluesky|share on threads|share by email|email this|email this article|send to a friend|\
         print this article|auf whatsapp teilen|auf linkedin teilen|partager sur linkedin|partager sur whatsapp|\
         partager sur x|partager par email|compartir en x|compartir en linkedin|compartir en telegram|\
         compartilhar no twitter|compartilhar no whatsapp|compartilhe no twitter|compartilhe no whatsapp|\
         partilhar no twitter|partilhar no whatsapp|condividi su whatsapp|condividi su linkedin|condividi su x|\
         deel op twitter|deel op whatsapp|deel op x|udostępnij na twitterze|udostępnij na x|sdílet na twitteru|\
         sdílet na x|dela på twitter|dela på x|del på twitter|del på x|jaa twitterissä|jaa whatsappissa|\
         facebook'ta paylaşın|twitter'da paylaş|x'te paylaş|x'de paylaş|whatsapp'ta paylaş|whatsapp'da paylaş|\
         telegram'da paylaş|linkedin'de paylaş|facebookta paylaş|twitterda paylaş|κοινοποίηση στο facebook|\
         κοινοποίηση στο twitter|κοινοποίηση στο x|κοινή χρήση|שתף בפייסבוק|שתפו בפייסבוק|שתף בטוויטר|שתפו בטוויטר|\
         שתף בוואטסאפ|שתפו בוואטסאפ|שיתוף בפייסבוק|שיתוף בטוויטר|שיתוף בוואטסאפ|פייסבוק|טוויטר|וואטסאפ|ווטסאפ|טלגרם|\
         فيسبوك|تويتر|واتساب|واتس اب|تيليجرام|تلغرام|تليجرام|لينكدإن|شارك على تويتر|شارك على واتساب|شارك عبر فيسبوك|\
         شارك عبر تويتر|مشاركة على فيسبوك|مشاركة على تويتر|مشاركة عبر البريد|فیسبوک|فیس بوک|توییتر|توئیتر|تلگرام|\
         واتساپ|واتس‌اپ|اشتراک‌گذاری|به اشتراک گذاری|فेसबुक|फेसबुक|ट्विटर|व्हाट्सएप|व्हाट्सऐप|टेलीग्राम|शेयर|\
         शेयर करे|ट्वीट|ट्वीट करें|फेसबुक पर शेयर करें|व्हाट्सएप पर शेयर करें|chia sẻ facebook|chia sẻ lên facebook|\
         chia sẻ qua facebook|chia sẻ twitter|chia sẻ qua zalo|chia sẻ qua email|sao chép link|copy link bài viết|\
         bagikan ke facebook|bagikan ke twitter|bagikan ke whatsapp|bagikan di facebook|salin link|แชร์บน facebook|\
         แชร์ไปยัง facebook|แชร์ไปที่ facebook|ทวีต|ไลน|ブックマーク|はてブ|xでシェア|facebookでシェア|xでシェアする|facebookでシェアする|\
         lineでシェア|noteで書く|urlをコピーする|ポストする|分享到微博|分享到新浪微博|分享到朋友圈|分享到微信朋友圈|分享到qq|分享到qq空间|分享到qq好友|分享到脸书|分享到推特|\
         分享到facebook|分享到twitter|分享至facebook|分享至line|分享到line|qq空间|qq好友|朋友圈|카카오스토리|네이버밴드|네이버 블로그|카카오톡 공유|카카오톡으로 공유하기|\
         페이스북 공유|페이스북으로 공유하기|페이스북으로 공유|트위터로 공유|트위터로 공유하기|트위터 공유|url복사하기|기사 스크랩",
    ),
    (
        Reason::SignIn,
        "続きを読むには会員登録が必要です|この記事は会員限定記事です|この記事は有料会員限定記事です|有料会員限定記事|会員限定記事|続きを読むにはログインが必要です|続きを読むには会員登録（無料）が必要です|\
         please log in to comment|log in to comment on this article|please sign in to comment|\
         please log in or sign up to comment|please log in to read more|log in to read more|sign in to read more|\
         sign in to continue|sign in to continue reading|log in to continue reading|subscribe to read more|\
         subscribe to continue reading|subscribe to read the full story|register to continue reading|\
         register to read more|to continue reading please log in|this article is for subscribers only|\
         this content is for subscribers only|this story is for subscribers only|subscriber only|subscribers only|\
         for subscribers|member-only story|registrieren sie sich um weiterzulesen|\
         melden sie sich an um weiterzulesen|jetzt weiterlesen|weiterlesen mit abo|connectez-vous pour lire la suite|\
         abonnez-vous pour lire la suite|il vous reste #% de cet article à lire|la suite est réservée aux abonnés|\
         inicia sesión para seguir leyendo|regístrate para seguir leyendo|suscríbete para seguir leyendo|\
         suscríbete para leer más|faça login para continuar lendo|assine para continuar lendo|\
         accedi per continuare a leggere|abbonati per continuare a leggere|log in om verder te lezen|\
         zaloguj się aby czytać dalej|zaloguj się aby dodać komentarz|войдите чтобы оставить комментарий|\
         войдите чтобы комментировать|авторизуйтесь чтобы оставить комментарий|登录后查看全文|登录后可评论|请登录后发表评论|登录后才能评论|\
         로그인 후 이용하세요|로그인이 필요합니다|댓글을 작성하려면 로그인 해주세요",
    ),
    (
        Reason::Comment,
        "ý kiến của bạn|ý kiến bạn đọc|bình luận (#|टिप्पणियाँ|टिप्पणी|# टिप्पणियाँ|# تعليق|# دیدگاه|# نظر|\
         reader comments|readers' comments|latest comments|join the discussion|read comments|read the comments|\
         vos commentaires|les commentaires|opiniones de los lectores|comentarios de los lectores|# comentario|\
         comentários (#|comentarios (#|commentaires (#|kommentare (#|# коментарів",
    ),
    (
        Reason::Related,
        "more on this story|more on this topic|more on this|read this next|more to read|you may also like these|\
         recommended stories|recommended articles|recommended reading|related coverage|related news|related reading|\
         more news|more top stories|from our network|around the web|you might be interested in|people also read|\
         readers also read|most shared|most commented|what others are reading|auch lesenswert|lesen sie dazu auch|\
         lesen sie hierzu auch|lesen sie außerdem|mehr nachrichten|mehr beiträge|weitere meldungen|weitere news|\
         andere lesen auch|andere leser interessierte auch|leser interessierten sich auch für|lire également|\
         voir également|à lire sur le même sujet|sur le même sujet lire aussi|à découvrir aussi|également à lire|\
         lisez aussi|lea además|lea más|le puede interesar también|también puedes leer|puedes leer también|\
         también lee|mira también|vea también|notas relacionadas|temas relacionados|más sobre este tema|\
         leia mais sobre|leia tambem|confira também|veja ainda|leia a seguir|matérias relacionadas|leggi pure|\
         leggi anche questo|guarda anche|notizie simili|lees ook dit|lees ook deze artikelen|gerelateerd nieuws|\
         meer over dit onderwerp|przeczytaj|polecamy także|polecamy również|zobacz również|czytaj również|\
         podobne wpisy|čtěte dále|související témata|podobné články|prečítajte si aj|läs mer om|läs också om|\
         fler nyheter|relaterade inlägg|relaterede indlæg|læs også om|lignende artikler|relaterte innlegg|\
         les også om|lue myös nämä|lisää aiheesta|aiheesta lisää|samasta aiheesta|читайте еще|читайте по теме|\
         читайте также по теме|по этой теме|материалы партнёров|материалы партнеров|рекомендуемые статьи|\
         другие материалы|другие статьи|интересное по теме|читайте також по темі|схожі новини|новини за темою|\
         за темою|по темі|вижте още|прочетете и|още новини|čitajte još|pročitajte više|pročitajte i ovo|\
         olvassa el ezt is|ez is érdekelheti önt|kapcsolódó hírek|citeşte şi|citiți și|bunu da oku|ilgili içerikler|\
         diğer haberler|δείτε ακόμα|δείτε και|διαβάστε και|σχετικά θέματα|περισσότερες ειδήσεις|קראו עוד בנושא|\
         כתבות מומלצות|עוד חדשות|אולי יעניין אתכם|اقرأ أيضًا|إقرأ أيضاً|اقرأ ايضا|إقرأ أيضًا|إقرأ المزيد|\
         موضوعات متعلقة|موضوعات ذات صلة|أخبار متعلقة|اقرأ كذلك|شاهد المزيد|همچنین بخوانید|مطالب پیشنهادی|\
         خبرهای مرتبط|این مطلب را هم بخوانید|ये भी पढ़ें|इसे भी पढ़े|यह भी देखें|और खबरें|अन्य खबरें|यह भी पढ़े|\
         bài liên quan|tin tức liên quan|tin cùng chủ đề|cùng chủ đề|tin khác|tin nổi bật|có thể bạn thích|\
         lihat juga|artikel menarik lainnya|simak juga|berita terkini|อ่านข่าวเพิ่มเติม|อ่านข่าวที่เกี่ยวข้อง|\
         ข่าวอื่นๆ|ข่าวแนะนำ|บทความแนะนำ|こちらの記事も読まれています|関連トピックス|関連する記事はこちら|関連コラム|この記事を読んだ人はこちらも|この記事に関するニュース|この著者の記事|\
         他の記事を読む|おすすめ関連記事|相关专题|相关阅读推荐|更多阅读|更多文章|更多内容|大家都在看|大家还在看|你可能喜欢|你可能感兴趣|推荐文章|新闻推荐|相關報導|相關閱讀|更多報導|看更多文章|熱門話題|\
         관련 글|관련글|함께 보면 좋은 기사|함께 볼만한 뉴스|이 기사와 관련된 기사|다른 기사|이 시각 주요뉴스|이시각 주요뉴스|많이 본 글|연관기사|연관 기사",
    ),
    (
        Reason::Promotion,
        "anzeige - hier geht es weiter|annonce - artiklen fortsætter nedenfor|\
         the article continues below|article continues after advertisement|story continues after advertisement|\
         advertisement · scroll to continue|continúa después de la publicidad|continúa tras la publicidad|\
         continua após a publicidade|continua após publicidade|continua a leggere dopo la pubblicità|\
         dopo la pubblicità|artykuł jest kontynuowany pod reklamą|dalsza część artykułu pod reklamą|\
         dalsza część tekstu pod reklamą|продолжение после рекламы|реклама. продолжение ниже|\
         читайте нас в telegram-канале|подписывайтесь на наш telegram-канал|подписывайтесь на наш телеграм-канал|\
         подписывайтесь на наш канал в telegram|подписывайтесь на нас в telegram|подпишитесь на наш канал в telegram|\
         підписуйтесь на наш telegram-канал|підписуйтесь на наш канал в telegram|follow us on google news|\
         join our whatsapp channel|join our telegram channel|iscriviti al nostro canale whatsapp|\
         seguici su google news|suivez-nous sur google news|síguenos en google news|siga-nos no google news|\
         folgen sie uns auf google news|google news'te takip et|تابعنا على جوجل نيوز|تابعوا قناتنا على تيليجرام|广告位|\
         推广链接|광고문의",
    ),
    (
        Reason::Legal,
        "all rights reserved worldwide|με επιφύλαξη παντός δικαιώματος|สงวนลิขสิทธิ|สงวนลิขสิทธิ์ทุกประการ|\
         ข้อตกลงการใช้งาน|सर्वाधिकार सुरक्षित|गोपनीयता नीति|उपयोग की शर्तें|नियम और शर्तें|giữ bản quyền|\
         đã đăng ký bản quyền|hak cipta dilindungi|hak cipta dilindungi undang-undang|همه حقوق محفوظ است|\
         کلیه حقوق محفوظ است|تمامی حقوق این سایت محفوظ است|حقوق النشر محفوظة|כל הזכויות שמורות לאתר|無断転載禁止|無断転載を禁じます|\
         禁無断転載|無断複製・転載を禁じます|未经授权禁止转载|未经许可不得转载|转载请注明出处|未经授权不得转载|무단 전재 및 재배포 금지|무단전재 재배포 금지|무단 전재-재배포 금지|무단전재-재배포 금지|\
         무단전재 및 재배포금지|무단 전재 및 재배포금지|저작권 정책|all rights reserved by the publisher|sva prava pridržana|\
         sva prava zadržana|vse pravice pridržane|alla rättigheter förbehållna|alle rettigheder forbeholdes|\
         alle rettigheter forbeholdt|kaikki oikeudet pidätetään|всички права запазени",
    ),
    (
        Reason::Widget,
        "기사원문|원문보기|기사 원문|원문 보기|글자 크기 변경|글자크기 설정|글씨 크기|기사듣기|기사 듣기|음성으로 듣기",
    ),
    (
        Reason::Pagination,
        "previous message|next message|previous in thread|next in thread|next in thread by author|messages sorted by|\
         sorted by date|sorted by thread|thread next|thread prev|date prev|date next|thread index|date index",
    ),
];
