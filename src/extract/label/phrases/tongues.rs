//! Phrases of chrome in other languages than English, beside the first ones in [`super::PHRASES`]: what buttons, heads of
//! lists and notes of news sites, blogs and boards say there.

use crate::document::Reason;

/// Phrases by reason, `|` between; written as [`super::fold`] leaves them.
pub const OTHERS: &[(Reason, &str)] = &[
    (
        Reason::SkipLink,
        "zum inhalt|zur navigation springen|zur hauptnavigation springen|zum seitenende|passer au contenu principal|\
         aller à la navigation|aller à la recherche|accéder au contenu|pasar al contenido principal|\
         saltar a contenido|saltar al contenido principal|saltar para o conteúdo|pular para o conteúdo principal|\
         ir para o conteúdo principal|vai al contenuto principale|passa al contenuto|passa ai contenuti principali|\
         meteen naar de inhoud|ga naar hoofdinhoud|spring naar content|przejdź do głównej treści|\
         przejdź do głównej zawartości|przejdź do menu|skip do treści|přejít na obsah|přejít k hlavnímu obsahu|\
         preskočiť na obsah|gå till innehåll|hoppa till huvudinnehåll|gå til hovedindhold|gå til indhold|\
         hopp til innhold|hopp til hovedinnhold|gå til hovedinnhold|hyppää sisältöön|siirry pääsisältöön|\
         перейти к основному содержанию|перейти к основному содержимому|перейти до вмісту|\
         перейти до основного вмісту|към съдържанието|skoči na sadržaj|preskoči na vsebino|ugrás a tartalomra|\
         tovább a tartalomra|sari la conținut|salt la conținut|ana içeriğe geç|ana içeriğe atla|içeriğe atla|\
         μετάβαση στο κύριο περιεχόμενο|παράκαμψη προς το κυρίως περιεχόμενο|הדלג לתוכן|דלג לתוכן|انتقل إلى المحتوى|\
         تخطى إلى المحتوى|التجاوز إلى المحتوى|رفتن به محتوا|chuyển đến nội dung|lewati ke konten|langsung ke konten|\
         ข้ามไปเนื้อหา|ข้ามไปยังเนื้อหา|本文へ移動|本文へスキップ|本文までスキップ|メインコンテンツへスキップ|跳到主要内容|跳至主内容|跳到主要內容|跳至內容|移至主內容|본문 바로가기|\
         본문으로 바로가기|메뉴 바로가기",
    ),
    (
        Reason::Share,
        "auf facebook teilen|auf twitter teilen|auf x teilen|per e-mail teilen|per mail teilen|link kopieren|\
         url kopieren|diesen artikel teilen|diesen beitrag teilen|jetzt teilen|artikel drucken|artikel merken|merken|\
         merkliste|weitersagen|seite drucken|als pdf speichern|versenden|artikel versenden|folgen|\
         partager cet article|partager sur twitter|partager par e-mail|partager l'article|copier le lien|\
         envoyer par e-mail|envoyer à un ami|imprimer l'article|sauvegarder|enregistrer|suivre|compartir en twitter|\
         compartir en whatsapp|comparte esta noticia|comparte este artículo|comparte|copiar enlace|copiar link|\
         enviar por correo|enviar por email|guardar|seguir|compartilhe|compartilhe esta notícia|\
         compartilhar no facebook|compartilhe no facebook|copiar ligação|partilhar no facebook|partilhar este artigo|\
         partilhe|enviar por e-mail|guardar artigo|condividi su facebook|condividi su twitter|\
         condividi questo articolo|condividi l'articolo|copia link|invia per email|salva|segui|deel|deel dit artikel|\
         deel dit bericht|deel via|deel op facebook|kopieer link|bewaar|bewaren|volg ons|e-mailen|\
         udostępnij na facebooku|udostępnij artykuł|udostępnij ten artykuł|podziel się|poleć|poleć znajomym|\
         skopiuj link|kopiuj link|wyślij|wyślij mailem|zapisz|obserwuj nas|drukuj artykuł|sdílet článek|sdílejte|\
         sdílet na facebooku|tisknout|vytisknout|odeslat e-mailem|zdieľať|zdieľajte|dela artikeln|dela på facebook|\
         dela sidan|skriv ut|kopiera länk|spara|tipsa en vän|följ oss|del artiklen|del på facebook|kopier link|\
         udskriv|følg os|del artikkelen|kopier lenke|skriv ut artikkelen|følg oss|jaa facebookissa|jaa artikkeli|\
         kopioi linkki|tulosta|seuraa meitä|поделиться ссылкой|поделиться в соцсетях|поделиться с друзьями|\
         рассказать друзьям|скопировать ссылку|копировать ссылку|распечатать|версия для печати|отправить|сохранить|\
         подписывайтесь на нас|поделиться новостью|читайте нас в telegram|поділитися|поширити|поділитись|\
         роздрукувати|надрукувати|скопіювати посилання|сподели|отпечатай|podijeli|podeli|deli|megosztás|megosztom|\
         oszd meg|nyomtatás|küldés e-mailben|kövess minket|distribuie|distribuiți|tipărește|trimite|urmărește-ne|\
         paylaşın|bu haberi paylaş|facebook'ta paylaş|bağlantıyı kopyala|linki kopyala|yazdır|kaydet|bizi takip edin|\
         takip et|κοινοποίηση άρθρου|κοινοποιήστε|μοιραστείτε το|μοιράσου το|μοιραστείτε|εκτύπωση|\
         αντιγραφή συνδέσμου|αποθήκευση|ακολουθήστε μας|στείλε με email|שתף|שתפו|שיתוף|הדפס|הדפסה|העתק קישור|\
         עקבו אחרינו|شارك|شاركها|مشاركة|شارك المقال|شارك على فيسبوك|طباعة|نسخ الرابط|تابعنا|تابعونا|حفظ|اشتراک گذاری|\
         به اشتراک بگذارید|چاپ|کپی لینک|शेयर करें|साझा करें|chia sẻ|chia sẻ bài viết|in bài|in bài viết|\
         sao chép liên kết|theo dõi chúng tôi|bagikan|bagikan artikel ini|cetak|salin tautan|ikuti kami|แชร|แบ่งปัน|\
         แชร์บทความนี|พิมพ|คัดลอกลิงก|共有|共有する|この記事をシェア|この記事をシェアする|ツイートする|リンクをコピー|urlをコピー|印刷|印刷する|フォローする|フォロー|保存|クリップ|\
         はてなブックマーク|lineで送る|メールで送る|分享至|分享本文|分享到微信|分享给朋友|微信|微博|新浪微博|微信扫一扫|扫一扫|复制链接|打印|打印本页|打印本稿|收藏|收藏本文|关注|关注我们|一键分享|\
         分享文章|分享此文|複製連結|列印|追蹤我們|收藏文章|轉寄|카카오톡|페이스북|트위터|url복사|url 복사|링크 복사|인쇄|프린트|스크랩|기사 공유|기사공유하기|이메일|팔로우|구독하기",
    ),
    (
        Reason::Reaction,
        "war dieser artikel hilfreich|war das hilfreich|wie hat ihnen der artikel gefallen|artikel bewerten|\
         jetzt bewerten|cet article vous a-t-il été utile|cet article vous a plu|donnez votre avis|\
         te ha resultado útil|te ha gustado|valora este artículo|esta página foi útil|gostou|\
         ti è piaciuto questo articolo|ti è stato utile|was dit artikel nuttig|vond je dit nuttig|\
         czy ten artykuł był pomocny|oceń artykuł|oceń|lubię to|líbí se mi|gilla|tykkää|synes godt om|мне нравится|\
         оцените статью|оцените материал|оценить|подобається|tetszik|îmi place|beğen|beğendim|μου αρέσει|אהבתי|إعجاب|\
         أعجبني|هل كان هذا المقال مفيدا|पसंद|thích|suka|ถูกใจ|参考になった|役に立った|この記事は役に立ちましたか|点赞|有用|讚|按讚|공감|추천|도움이 됐어요",
    ),
    (
        Reason::SignIn,
        "anmelden oder registrieren|jetzt anmelden|mein konto|mein profil|abmelden|nur für abonnenten|\
         exklusiv für abonnenten|dieser artikel ist nur für abonnenten|mit abo weiterlesen|bereits abonnent|\
         sie haben bereits ein abo|hier anmelden|jetzt kostenlos registrieren|s'identifier|se déconnecter|mon compte|\
         déjà abonné|déjà abonnée|déjà abonné(e|identifiez-vous|connectez-vous|article réservé aux abonnés|\
         réservé aux abonnés|article réservé à nos abonnés|contenu réservé aux abonnés|abonnés|iniciar sesion|\
         mi cuenta|cerrar sesión|regístrate gratis|accede|acceder|solo para suscriptores|exclusivo para suscriptores|\
         contenido exclusivo para suscriptores|ya soy suscriptor|ya eres suscriptor|minha conta|sair|criar uma conta|\
         faça login|iniciar sessão|exclusivo para assinantes|conteúdo exclusivo para assinantes|só para assinantes|\
         já é assinante|área do assinante|login utente|il mio account|esci|accedi o registrati|sei già abbonato|\
         solo per gli abbonati|riservato agli abbonati|contenuto riservato agli abbonati|\
         articolo riservato agli abbonati|mijn account|uitloggen|nog geen account|heb je al een account|\
         alleen voor abonnees|exclusief voor abonnees|voor abonnees|al abonnee|log uit|wyloguj|wyloguj się|\
         moje konto|załóż konto|nie masz konta|masz już konto|zaloguj|tylko dla prenumeratorów|\
         tylko dla subskrybentów|treść dostępna tylko dla prenumeratorów|odhlásit|odhlásit se|můj účet|\
         registrovat se|registrace|pouze pro předplatitele|jen pro předplatitele|prihlásiť sa|zaregistrovať sa|\
         logga ut|mitt konto|skapa konto|endast för prenumeranter|för prenumeranter|redan prenumerant|log ud|\
         min konto|opret konto|kun for abonnenter|for abonnenter|logg ut|min side|opprett konto|kirjaudu|\
         rekisteröidy|kirjaudu ulos|luo tili|vain tilaajille|выйти|личный кабинет|вход|вход на сайт|авторизация|\
         забыли пароль|запомнить меня|только для подписчиков|доступно только подписчикам|увійти|вхід|реєстрація|\
         зареєструватися|вийти|тільки для передплатників|prijava|prijavi se|registracija|registriraj se|\
         регистрирай се|bejelentkezés|regisztráció|kijelentkezés|belépés|elfelejtett jelszó|csak előfizetőknek|\
         autentificare|conectare|cont nou|creează cont|ai uitat parola|doar pentru abonați|üye ol|giriş|kayıt ol|\
         şifremi unuttum|oturum aç|üye girişi|είσοδος|εγγραφή|σύνδεση / εγγραφή|ο λογαριασμός μου|αποσύνδεση|\
         ξεχάσατε τον κωδικό|μόνο για συνδρομητές|התחבר|התחברות|הרשמה|הירשם|כניסה|שכחתי סיסמה|למנויים בלבד|\
         تسجيل الدخول|تسجيل|إنشاء حساب|تسجيل حساب جديد|نسيت كلمة المرور|للمشتركين فقط|ورود|ثبت نام|ورود / ثبت نام|\
         लॉग इन|साइन इन|đăng nhập|đăng ký|đăng xuất|quên mật khẩu|tạo tài khoản|masuk|daftar|keluar|lupa kata sandi|\
         เข้าสู่ระบบ|สมัครสมาชิก|ออกจากระบบ|ลืมรหัสผ่าน|ログアウト|マイページ|会員限定|有料会員限定|会員ログイン|無料会員登録|この記事は会員限定です|\
         この記事は有料会員限定です|パスワードを忘れた方|退出登录|忘记密码|免费注册|立即登录|立即注册|登录后发表评论|会员专享|会员登录|註冊會員|會員登入|忘記密碼|登出|會員專區|로그아웃|회원 가입|마이페이지|\
         비밀번호 찾기|아이디 찾기|유료회원 전용",
    ),
    (
        Reason::CommentForm,
        "kommentar hinzufügen|kommentar verfassen|kommentieren|ihr kommentar|mitdiskutieren|jetzt kommentieren|\
         kommentar|name|e-mail-adresse|ajouter un commentaire|commenter|commenter cet article|laisser un avis|\
         poster un commentaire|réagir|réagir à cet article|votre commentaire|publier un commentaire|\
         escribe un comentario|escribe tu comentario|añadir comentario|agregar comentario|comentar|haz un comentario|\
         deje su comentario|deixe seu comentário|escreva um comentário|adicionar comentário|enviar comentário|\
         comentário|publicar comentário|aggiungi un commento|scrivi un commento|commenta|pubblica commento|\
         commenta per primo|reageer|reageer op dit artikel|reageren|plaats een reactie|plaats reactie|\
         laat een antwoord achter|schrijf een reactie|napisz komentarz|skomentuj|zostaw komentarz|dodaj odpowiedź|\
         opublikuj komentarz|komentarz *|nazwa *|podpis|přidat komentář|vložit komentář|pridať komentár|\
         skriv en kommentar|tilføj kommentar|jätä kommentti|kommentoi|vastaa|оставить комментарий|\
         оставьте комментарий|написать комментарий|ваш комментарий|ваше имя|комментировать|добавить отзыв|\
         додати коментар|добави коментар|ostavi komentar|ostavite komentar|dodaj komentar|hozzászólás írása|\
         szólj hozzá|hozzászólok|vélemény hozzászólás|lasă un comentariu|adaugă comentariu|yorum yap|yorum yaz|\
         yorum gönder|αφήστε ένα σχόλιο|προσθήκη σχολίου|γράψτε ένα σχόλιο|σχολιάστε|\
         η ηλ διεύθυνση σας δεν δημοσιεύεται|הוסף תגובה|הוספת תגובה|أضف تعليقا|أضف تعليق|نظر خود را بنویسید|\
         ارسال نظر|टिप्पणी करें|viết bình luận|để lại bình luận|gửi bình luận|tinggalkan komentar|tulis komentar|\
         แสดงความคิดเห็น|เขียนความคิดเห็น|コメントする|コメントを書く|コメントを投稿|コメントを投稿する|返信する|返信をキャンセルする|写评论|我要评论|提交评论|添加评论|我来说两句|\
         发表留言|发布评论|留言|發表評論|發表回覆|張貼留言|發表迴響|댓글쓰기|댓글 쓰기|댓글 입력|댓글 등록|의견 쓰기|답글쓰기",
    ),
    (
        Reason::Comment,
        "keine kommentare|alle kommentare|alle kommentare anzeigen|kommentare anzeigen|kommentare lesen|diskussion|\
         ein kommentar|leserkommentare|aucun commentaire|tous les commentaires|voir les commentaires|\
         voir tous les commentaires|lire les commentaires|réactions|# réactions|vos réactions|sin comentarios|\
         ver comentarios|ver todos los comentarios|no hay comentarios|sem comentários|nenhum comentário|\
         ver comentários|# comentários|nessun commento|# commenti|vedi tutti i commenti|leggi i commenti|\
         geen reacties|# reacties|alle reacties|bekijk reacties|brak komentarzy|# komentarzy|# komentarze|\
         pokaż komentarze|zobacz komentarze|opinie|komentáře|# komentářů|diskuse|žádné komentáře|komentáre|\
         kommentarer|# kommentarer|inga kommentarer|visa kommentarer|ingen kommentarer|vis kommentarer|kommentit|\
         # kommenttia|ei kommentteja|нет комментариев|# комментариев|# комментария|# комментарий|\
         показать комментарии|все комментарии|обсуждение|отзывы|коментарі|коментарів немає|коментари|komentari|\
         hozzászólások|# hozzászólás|nincs hozzászólás|comentarii|# comentarii|niciun comentariu|yorumlar|# yorum|\
         yorum yok|σχόλια|# σχόλια|κανένα σχόλιο|δεν υπάρχουν σχόλια|תגובות|# תגובות|אין תגובות|التعليقات|تعليقات|\
         # تعليقات|لا توجد تعليقات|لا يوجد تعليقات|نظرات|دیدگاه‌ها|टिप्पणियां|bình luận|# bình luận|ý kiến|komentar|\
         # komentar|belum ada komentar|ความคิดเห็น|# ความคิดเห็น|コメント一覧|# コメント|# 件のコメント|#件のコメント|コメント (#|コメントはありません|\
         全部评论|最新评论|热门评论|查看评论|#条评论|# 条评论|网友评论|评论列表|暂无评论|# 則留言|迴響|댓글 #|댓글 #개|전체 댓글|전체댓글",
    ),
    (
        Reason::Consent,
        "alle cookies akzeptieren|cookies akzeptieren|einstellungen verwalten|einstellungen speichern|\
         nur notwendige cookies|nur essenzielle cookies akzeptieren|auswahl speichern|zustimmen|\
         diese website verwendet cookies|wir verwenden cookies|datenschutz-einstellungen|privatsphäre-einstellungen|\
         accepter et fermer|tout accepter et fermer|continuer sans accepter|paramétrer les cookies|gérer les cookies|\
         gestion des cookies|personnaliser|refuser|j'accepte|ce site utilise des cookies|nous utilisons des cookies|\
         aceptar cookies|aceptar todas las cookies|configurar cookies|configuración de cookies|rechazar todo|\
         este sitio web utiliza cookies|utilizamos cookies|aceitar todos|aceitar cookies|aceitar todos os cookies|\
         rejeitar|rejeitar todos|definições de cookies|gerir cookies|este site utiliza cookies|usamos cookies|\
         concordo|accetta tutti|accetta tutti i cookie|rifiuta tutti|gestisci preferenze|preferenze cookie|\
         impostazioni cookie|questo sito utilizza i cookie|utilizziamo i cookie|alles accepteren|\
         alle cookies accepteren|cookies accepteren|alles weigeren|weigeren|cookie-instellingen|cookievoorkeuren|\
         deze website gebruikt cookies|wij gebruiken cookies|zaakceptuj|zaakceptuj wszystkie|akceptuję wszystkie|\
         odrzuć wszystkie|ustawienia plików cookie|ustawienia prywatności|ta strona używa plików cookie|přijmout vše|\
         přijmout všechny|odmítnout vše|nastavení cookies|souhlasím|používáme cookies|prijať všetko|súhlasím|\
         acceptera alla|godkänn alla|endast nödvändiga|cookieinställningar|vi använder cookies|accepter alle|\
         accepter alle cookies|kun nødvendige|vi bruger cookies|godta alle|aksepter alle|\
         vi bruker informasjonskapsler|hyväksy kaikki|hyväksy evästeet|evästeasetukset|vain välttämättömät|\
         принять все|согласен|согласиться|мы используем cookie|мы используем файлы cookie|понятно|прийняти|\
         прийняти всі|погоджуюсь|összes elfogadása|elfogadom|beállítások kezelése|sütik kezelése|accept toate|\
         acceptă|acceptă toate|setări cookie|kabul et|tümünü kabul et|reddet|çerez ayarları|çerez tercihleri|αποδοχή|\
         αποδοχή όλων|απόρριψη|απόρριψη όλων|ρυθμίσεις cookies|συμφωνώ|אני מסכים|מסכים|موافق|أوافق|قبول|قبول الكل|\
         می‌پذیرم|đồng ý|chấp nhận|setuju|terima|terima semua|ยอมรับ|ยอมรับทั้งหมด|ตั้งค่าคุกกี|すべて同意|すべて許可|\
         cookieの設定|クッキー設定|同意して閉じる|全部接受|接受所有|接受全部|全部拒绝|同意并继续|接受|接受所有cookie|모두 동의|동의|모두 허용|쿠키 설정",
    ),
    (
        Reason::Related,
        "lesen sie auch|lesen sie mehr|lies auch|auch interessant|mehr zum thema|zum thema|mehr dazu|mehr aus|\
         mehr artikel|weitere artikel|weitere beiträge|weitere themen|weitere nachrichten|aktuelle beiträge|\
         aktuelle nachrichten|beliebte beiträge|beliebte artikel|meistgelesene artikel|meist gelesen|\
         meistkommentiert|neueste artikel|neueste kommentare|letzte beiträge|top-artikel|empfohlen|\
         empfehlungen der redaktion|für sie empfohlen|mehr anzeigen|mehr erfahren|das könnte ihnen auch gefallen|\
         verwandte artikel|verwandte themen|passend zum thema|kunden kauften auch|schlagzeilen|ressorts|lire aussi|\
         à lire également|à voir aussi|voir aussi|lire plus|en savoir plus|lire l'article|plus d'articles|\
         articles liés|articles associés|vous aimerez aussi|vous aimerez peut-être aussi|\
         ces articles devraient vous intéresser|les plus lus|les plus commentés|les plus populaires|\
         articles populaires|derniers articles|dernières actualités|à la une|dans la même rubrique|sur le même thème|\
         nos recommandations|recommandé pour vous|plus sur ce sujet|lire la suite de l'article|lea también|\
         lee también|lee además|leer también|también te puede interesar|le puede interesar|quizás te interese|\
         noticias relacionadas|más noticias|más información|ver más|lo más leído|lo más visto|más leídas|\
         las más leídas|últimas noticias|te recomendamos|recomendados|recomendado para ti|relacionados|relacionadas|\
         contenido relacionado|seguir leyendo|sigue leyendo|más sobre|leia ainda|saiba mais|ler mais|continue lendo|\
         continuar a ler|mais lidas|mais lidos|as mais lidas|mais vistas|mais notícias|últimas notícias|\
         notícias relacionadas|conteúdo relacionado|você também pode gostar|você pode gostar|recomendados para você|\
         veja mais|ver mais|relacionado|artigos recentes|também em|a ler também|leggi di più|continua a leggere|\
         per saperne di più|approfondisci|ti potrebbe interessare|potrebbero interessarti|\
         potrebbe interessarti anche|articoli simili|articoli recenti|articoli più letti|i più letti|le più lette|\
         ultime notizie|ultimi articoli|notizie correlate|correlati|vedi anche|vedi tutti|in evidenza|consigliati|\
         consigliati per te|meer lezen|verder lezen|lees verder|meer over|meer nieuws|gerelateerde artikelen|\
         gerelateerd|gerelateerde berichten|recente berichten|laatste nieuws|meest gelezen|populair|ook interessant|\
         bekijk ook|meer artikelen|aanbevolen|aanbevolen voor u|anderen lazen ook|zobacz też|czytaj także|czytaj też|\
         czytaj dalej|przeczytaj także|przeczytaj też|przeczytaj również|polecamy|polecane|powiązane artykuły|\
         podobne artykuły|powiązane|najnowsze|najnowsze wpisy|najnowsze artykuły|ostatnie wpisy|najczęściej czytane|\
         najpopularniejsze|popularne|więcej|więcej na ten temat|więcej informacji|zobacz więcej|wiadomości dnia|\
         to może cię zainteresować|może cię zainteresować|czytejte také|čtěte také|přečtěte si také|\
         mohlo by vás zajímat|související články|související|nejčtenější|nejnovější|číst dále|číst více|více|\
         doporučujeme|další články|čítajte aj|súvisiace články|najčítanejšie|mohlo by vás zaujímať|läs också|\
         läs även|mer om|relaterade artiklar|relaterat|mest läst|mest lästa|senaste nytt|senaste nyheterna|\
         fler artiklar|läs vidare|visa mer|rekommenderade artiklar|læs også|læs mere|relaterede artikler|mest læste|\
         seneste nyt|flere artikler|se også|vis mere|les også|les mer|relaterte artikler|mest lest|siste nytt|\
         flere saker|vis mer|lue myös|lue lisää aiheesta|aiheeseen liittyvää|luetuimmat|uusimmat|suosituimmat|\
         näytä lisää|katso myös|читать также|читайте ещё|читать полностью|читать дальше|читать статью|подробнее|\
         смотрите также|материалы по теме|по теме|похожие записи|похожие новости|похожие материалы|похожие темы|\
         ещё по теме|другие новости|последние новости|новости по теме|самое читаемое|популярное|популярные статьи|\
         популярные записи|свежие записи|свежие комментарии|главные новости|рекомендуем|вам может быть интересно|\
         вас может заинтересовать|показать ещё|показать еще|загрузить ещё|загрузить еще|читайте також|читати також|\
         дивіться також|схожі записи|пов'язані статті|останні новини|популярне|докладніше|детальніше|більше новин|\
         прочетете още|още по темата|още от|свързани статии|най-четени|pročitajte još|pročitaj još|pročitajte i|\
         povezane vesti|najčitanije|povezani članci|preberite še|najbolj brano|olvasd el ezt is|ez is érdekelheti|\
         kapcsolódó cikkek|kapcsolódó|tovább olvasom|tovább|legolvasottabb|legfrissebb|ajánló|ajánlott cikkek|\
         citește și|citește mai departe|citește mai mult|articole similare|articole recente|cele mai citite|\
         știri similare|recomandări|vezi și|mai mult|ilgili haberler|ilgili yazılar|benzer haberler|benzer yazılar|\
         son haberler|son yazılar|en çok okunanlar|çok okunanlar|devamını oku|daha fazla|\
         bunlar da ilginizi çekebilir|bunları da okuyun|önerilen haberler|popüler yazılar|διαβάστε επίσης|\
         διαβάστε ακόμη|διαβάστε ακόμα|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμη|σχετικά άρθρα|σχετικές ειδήσεις|\
         σχετικά|περισσότερα|δημοφιλή|τελευταία νέα|τελευταίες ειδήσεις|πρόσφατα άρθρα|ροή ειδήσεων|προτεινόμενα|\
         τα πιο δημοφιλή|ειδήσεις σήμερα|συνέχεια ανάγνωσης|διαβάστε σχετικά|קראו גם|קרא עוד|קראו עוד|עוד בנושא|\
         כתבות נוספות|כתבות קשורות|הכתבות הנצפות|אולי יעניין אותך|מאמרים נוספים|اقرأ أيضا|اقرأ أيضاً|اقرأ المزيد|\
         إقرأ أيضا|المزيد|مقالات ذات صلة|مواضيع ذات صلة|أخبار ذات صلة|مواضيع متعلقة|الأكثر قراءة|الأكثر مشاهدة|\
         آخر الأخبار|أحدث المقالات|أحدث الأخبار|قد يعجبك أيضا|قد يهمك|شاهد أيضا|شاهد أيضاً|مطالب مرتبط|بیشتر بخوانید|\
         اخبار مرتبط|پربازدیدترین|ادامه مطلب|यह भी पढ़ें|इसे भी पढ़ें|और पढ़ें|संबंधित खबरें|ताजा खबरें|xem thêm|\
         đọc thêm|bài viết liên quan|tin liên quan|tin cùng chuyên mục|cùng chuyên mục|tin mới nhất|đọc nhiều|\
         xem nhiều|có thể bạn quan tâm|bài viết mới|baca juga|baca selengkapnya|selengkapnya|artikel terkait|\
         berita terkait|terpopuler|terkini|berita terbaru|artikel lainnya|berita lainnya|อ่านเพิ่มเติม|อ่านต่อ|\
         ข่าวที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง|ข่าวล่าสุด|ข่าวยอดนิยม|บทความล่าสุด|関連ニュース|関連リンク|関連する記事|関連コンテンツ|\
         あわせて読みたい|合わせて読みたい|この記事もおすすめ|こちらもおすすめ|おすすめ|おすすめの記事|ランキング|アクセスランキング|人気記事ランキング|新着記事|最新記事|最近の投稿|最近のコメント|もっと見る|\
         もっと読む|続きをみる|一覧を見る|一覧へ|ピックアップ|注目記事|相关新闻|相关推荐|相关报道|相关内容|相关链接|延伸阅读|推荐阅读|热门文章|热门推荐|热门阅读|热门新闻|热点新闻|最新文章|最新新闻|\
         精彩推荐|猜你喜欢|为您推荐|阅读排行|点击排行|排行榜|查看更多|更多|更多新闻|加载更多|阅读全文|今日热点|编辑推荐|相關文章|相關新聞|延伸閱讀|推薦閱讀|熱門文章|熱門新聞|更多新聞|看更多|閱讀更多|\
         你可能也喜歡|猜你喜歡|관련기사|관련 뉴스|관련뉴스|많이 본 뉴스|많이본 뉴스|많이 본 기사|인기 기사|인기기사|최신 기사|최신기사|추천 기사|주요뉴스|주요 뉴스|더보기|기사 더보기|\
         다른 기사 보기|실시간 뉴스|오늘의 주요뉴스",
    ),
    (
        Reason::Promotion,
        "newsletter bestellen|zum newsletter anmelden|jetzt newsletter abonnieren|kostenlos abonnieren|\
         jetzt abo abschließen|abo|abonnement|jetzt spenden|spenden|unterstützen sie uns|\
         weiterlesen nach der anzeige|inhalt von|externer inhalt|empfohlener redaktioneller inhalt|gesponsert|\
         app herunterladen|inscrivez-vous à la newsletter|s'inscrire à la newsletter|abonnez-vous à notre newsletter|\
         recevez notre newsletter|la suite après la publicité|la suite après cette publicité|contenu sponsorisé|\
         sponsorisé|annonce|télécharger l'application|faire un don|soutenez-nous|je m'abonne|\
         suscríbete a nuestra newsletter|suscríbete al boletín|recibe nuestra newsletter|contenido patrocinado|\
         patrocinado|publicidad - sigue leyendo|descarga la app|anúncio|continua após a publicidad|\
         continua depois da publicidade|publicidade - continue a ler|assine a newsletter|receba a newsletter|\
         conteúdo patrocinado|baixe o app|apoie|contenuto sponsorizzato|sponsorizzato|la pubblicità continua|\
         continua dopo la pubblicità|abbonati|abbonati ora|iscriviti al canale|scarica l'app|sostienici|\
         advertentie - lees hieronder verder|aanmelden nieuwsbrief|schrijf je in voor de nieuwsbrief|schrijf je in|\
         nieuwsbrief|word abonnee|gesponsord|download de app|dalsza część artykułu pod materiałem wideo|\
         dalszy ciąg materiału pod wideo|artykuł sponsorowany|materiał sponsorowany|materiał promocyjny|\
         zapisz się do newslettera|zapisz się na newsletter|pobierz aplikację|prenumeruj|wspieraj nas|wesprzyj nas|\
         inzerce|předplatit|předplaťte si|odebírat newsletter|sponzorováno|inzercia|prenumerera|\
         annons - artikeln fortsätter nedan|prenumerera på vårt nyhetsbrev|bli prenumerant|tilmeld nyhedsbrev|\
         bliv abonnent|annonsørinnhold|bli abonnent|meld deg på nyhetsbrev|mainos|\
         mainos - juttu jatkuu mainoksen alla|tilaa uutiskirje|tilaa|kaupallinen yhteistyö|на правах рекламы|\
         подписаться на рассылку|подпишитесь на рассылку|подписывайтесь на наш канал|подпишитесь на наш канал|\
         подписаться на канал|подпишись|поддержать проект|скачать приложение|партнёрский материал|\
         партнерский материал|підписатися|підписатися на розсилку|підписуйтесь на наш канал|hirdetés|iratkozz fel|\
         iratkozz fel hírlevelünkre|feliratkozás|feliratkozom|támogatott tartalom|publicitate|reclamă|abonează-te|\
         abonează-te la newsletter|reklam|abone ol|bültenimize abone olun|διαφήμιση|εγγραφή στο newsletter|\
         εγγραφείτε στο newsletter|γίνετε συνδρομητής|χορηγούμενο|פרסומת|תוכן שיווקי|הרשמה לניוזלטר|إعلان|إعلانات|\
         اشترك في النشرة|اشترك الآن|اشترك في نشرتنا البريدية|محتوى ممول|تبلیغات|विज्ञापन|quảng cáo|đăng ký nhận tin|\
         iklan|scroll to continue with content|langganan|โฆษณา|สมัครรับข่าวสาร|スポンサー|スポンサードリンク|広告の下に記事が続きます|\
         メールマガジン登録|ニュースレター登録|購読する|購読|アプリをダウンロード|推广|赞助|赞助内容|下载客户端|下载app|打开app|扫码下载|订阅我们|扫描二维码|贊助內容|訂閱|訂閱電子報|下載app|廣告|\
         스폰서|뉴스레터 구독|구독 신청|앱 다운로드|후원하기",
    ),
    (
        Reason::Legal,
        "alle rechte vorbehalten|cookie-richtlinie|datenschutzhinweise|barrierefreiheit|\
         nutzungsbasierte onlinewerbung|mediadaten|kontakt & impressum|impressum & datenschutz|tous droits réservés|\
         conditions générales d'utilisation|cgu|cgv|données personnelles|plan du site|confidentialité|\
         politique de cookies|todos los derechos reservados|política de privacidade e cookies|términos y condiciones|\
         condiciones de uso|términos de uso|mapa del sitio|mapa web|protección de datos|todos os direitos reservados|\
         termos e condições|termos de serviço|mapa do site|ficha técnica|estatuto editorial|\
         tutti i diritti riservati|termini e condizioni|condizioni d'uso|mappa del sito|alle rechten voorbehouden|\
         algemene voorwaarden|gebruiksvoorwaarden|privacyverklaring|cookiebeleid|disclaimer|\
         wszelkie prawa zastrzeżone|wszystkie prawa zastrzeżone|polityka cookies|rodo|mapa strony|\
         ochrona danych osobowych|všechna práva vyhrazena|ochrana osobních údajů|podmínky užití|obchodní podmínky|\
         všetky práva vyhradené|ochrana osobných údajov|integritetspolicy|användarvillkor|cookiepolicy|\
         privatlivspolitik|handelsbetingelser|personvern|personvernerklæring|vilkår|tietosuojaseloste|käyttöehdot|\
         tietosuoja|все права защищены|пользовательское соглашение|условия использования|\
         политика обработки персональных данных|правовая информация|карта сайта|усі права захищені|\
         всі права захищені|політика конфіденційності|правила користування|minden jog fenntartva|adatvédelem|\
         adatkezelési tájékoztató|felhasználási feltételek|toate drepturile rezervate|politica de confidențialitate|\
         termeni și condiții|tüm hakları saklıdır|gizlilik politikası|kullanım koşulları|çerez politikası|kvkk|künye|\
         όροι χρήσης|πολιτική απορρήτου|προσωπικά δεδομένα|ταυτότητα|πολιτική cookies|כל הזכויות שמורות|\
         מדיניות פרטיות|תנאי שימוש|הצהרת נגישות|جميع الحقوق محفوظة|سياسة الخصوصية|شروط الاستخدام|الشروط والأحكام|\
         اتفاقية الاستخدام|تمامی حقوق محفوظ است|حریم خصوصی|chính sách bảo mật|điều khoản sử dụng|kebijakan privasi|\
         syarat dan ketentuan|pedoman media siber|นโยบายความเป็นส่วนตัว|ข้อกำหนดการใช้งาน|個人情報保護方針|個人情報の取り扱い|サイトマップ|\
         特定商取引法に基づく表記|著作権について|免責事項|版权所有|版权声明|隐私声明|免责声明|使用协议|用户协议|服务条款|网站地图|著作權聲明|隱私權政策|服務條款|使用條款|網站地圖|版權所有|이용약관|\
         청소년보호정책|저작권정책|개인정보 처리방침|무단전재 및 재배포 금지|저작권자",
    ),
    (
        Reason::Pagination,
        "älterer beitrag|neuerer beitrag|vorheriger beitrag|nächster beitrag|vorheriger artikel|nächster artikel|\
         beitragsnavigation|ältere beiträge|neuere beiträge|alle anzeigen|alle artikel|alle ansehen|vorherige seite|\
         mehr|article précédent|article suivant|navigation de l'article|navigation des articles|\
         articles plus anciens|afficher plus|voir plus|voir tout|charger plus|tout voir|page précédente|\
         entrada anterior|entrada siguiente|navegación de entradas|artículo anterior|artículo siguiente|cargar más|\
         mostrar más|ver todo|ver todas|página siguiente|página anterior|post anterior|próximo post|\
         navegação de post|navegação de artigos|artigo anterior|próximo artigo|carregar mais|mostrar mais|ver tudo|\
         próxima página|seguinte|articolo precedente|articolo successivo|navigazione articoli|carica altri|\
         mostra altro|vedi tutto|pagina successiva|avanti|indietro|vorig bericht|volgend bericht|berichtnavigatie|\
         vorig artikel|volgend artikel|laad meer|meer laden|toon meer|bekijk alles|nawigacja wpisu|poprzedni wpis|\
         następny wpis|poprzedni artykuł|następny artykuł|załaduj więcej|pokaż więcej|zobacz wszystkie|\
         następna strona|poprzednia strona|następna|poprzednia|předchozí|následující|další|předchozí článek|\
         další článek|zobrazit více|načíst další|predchádzajúci|ďalší|föregående|nästa|föregående inlägg|\
         nästa inlägg|inläggsnavigering|ladda fler|visa fler|forrige|næste|neste|forrige indlæg|næste indlæg|\
         indlægsnavigation|forrige innlegg|neste innlegg|innleggsnavigasjon|indlæs flere|last inn flere|seuraava|\
         edellinen|edellinen artikkeli|seuraava artikkeli|artikkelien selaus|lataa lisää|предыдущая|следующая|\
         предыдущая запись|следующая запись|навигация по записям|предыдущая статья|следующая статья|вперёд|вперед|\
         следующая страница|попередній|наступний|попередня|наступна|навігація записів|következő|előző|\
         bejegyzés navigáció|továbbiak|următorul|anteriorul|articolul următor|articolul precedent|\
         navigare în articole|sonraki|önceki|sonraki yazı|önceki yazı|yazı gezinmesi|daha fazla göster|\
         daha fazla yükle|επόμενο|προηγούμενο|επόμενο άρθρο|προηγούμενο άρθρο|πλοήγηση άρθρων|φόρτωση περισσότερων|\
         όλα|הבא|הקודם|ניווט|טען עוד|التالي|السابق|المقال التالي|المقال السابق|تصفح المقالات|تحميل المزيد|عرض المزيد|\
         بعدی|قبلی|अगला|पिछला|bài sau|bài trước|trang sau|trang trước|tải thêm|selanjutnya|sebelumnya|berikutnya|\
         navigasi pos|muat lebih banyak|ถัดไป|ก่อนหน้า|ดูเพิ่มเติม|ดูทั้งหมด|前の記事|次の記事|前の記事へ|次の記事へ|投稿ナビゲーション|前のページ|\
         すべて見る|さらに読み込む|もっと表示|上一篇|下一篇|上一条|下一条|文章导航|下一章|上一章|尾页|末页|上一頁|下一頁|文章導覽|上一則|下一則|이전글|다음글|이전 글|다음 글|글 탐색|이전 기사|\
         다음 기사|목록|목록으로|목록보기",
    ),
    (
        Reason::Search,
        "suche nach|suche öffnen|website durchsuchen|suchergebnisse|suchbegriff eingeben|rechercher sur le site|\
         lancer la recherche|buscar en el sitio|búsqueda|pesquisa|pesquisar no site|busca|cerca nel sito|ricerca|\
         zoek|zoek op|szukaj w serwisie|wyszukaj|wyszukiwarka|hledat|vyhledat|vyhledávání|hľadať|sök|\
         sök på webbplatsen|søg|søk|haku|hae|etsi|поиск по сайту|искать|пошук|шукати|търсене|pretraga|traži|keresés|\
         keres|caută|căutare|ara|arama|αναζήτηση|αναζήτηση για|חיפוש|חפש|بحث|البحث|ابحث|جستجو|खोजें|tìm kiếm|cari|\
         pencarian|ค้นหา|サイト内検索|検索する|站内搜索|搜尋|통합검색|검색하기",
    ),
    (
        Reason::Navigation,
        "menü|menü öffnen|menü schließen|navigation öffnen|kategorien|schlagwörter|archiv|archive|rubriken|über mich|\
         karriere|hilfe|menu principal|ouvrir le menu|fermer le menu|catégories|étiquettes|rubriques|nous contacter|\
         qui sommes-nous|aide|menú|menú principal|abrir menú|cerrar menú|categorías|etiquetas|archivos|secciones|\
         quiénes somos|sobre nosotros|ayuda|abrir menu|fechar menu|menu de navegação|categorias|arquivos|arquivo|\
         secções|quem somos|sobre nós|sobre|fale conosco|ajuda|menu principale|apri menu|chiudi menu|categorie|\
         archivi|sezioni|aiuto|hoofdmenu|menu openen|menu sluiten|categorieën|rubrieken|archief|over ons|\
         contact opnemen|menu główne|otwórz menu|zamknij menu|kategorie|tagi|archiwum|archiwa|o nas|pomoc|\
         hlavní menu|kategorie článků|rubriky|štítky|archiv článků|o nás|domů|úvod|domov|meny|huvudmeny|kategorier|\
         etiketter|arkiv|om oss|hem|kontakta oss|hovedmenu|forside|om os|kontakt os|hovedmeny|forsiden|hjem|\
         kontakt oss|valikko|päävalikko|kategoriat|avainsanat|arkisto|etusivu|yhteystiedot|tietoa meistä|меню|\
         главное меню|открыть меню|закрыть меню|рубрики|категории|метки|теги|архив|архивы|разделы|о нас|о проекте|\
         о компании|помощь|головна|головне меню|категорії|позначки|архів|про нас|начало|за нас|naslovna|kategorije|\
         početna|o nama|főmenü|kategóriák|címkék|archívum|rólunk|kapcsolat|főoldal|kezdőlap|meniu|meniu principal|\
         categorii|etichete|arhivă|despre noi|acasă|ana menü|ana sayfa|anasayfa|kategoriler|etiketler|arşiv|\
         hakkımızda|iletişim|μενού|κύριο μενού|κατηγορίες|ετικέτες|αρχείο|αρχική|αρχική σελίδα|επικοινωνία|\
         σχετικά με εμάς|ποιοι είμαστε|תפריט|תפריט ראשי|קטגוריות|תגיות|ארכיון|אודות|צור קשר|דף הבית|القائمة|\
         القائمة الرئيسية|التصنيفات|الوسوم|وسوم|الأرشيف|الرئيسية|الصفحة الرئيسية|من نحن|اتصل بنا|صفحه اصلی|درباره ما|\
         تماس با ما|دسته‌بندی‌ها|होम|मुख्य पृष्ठ|trang chủ|danh mục|chuyên mục|thẻ|giới thiệu|liên hệ|beranda|\
         kategori|arsip|tentang kami|hubungi kami|kontak|หน้าแรก|หมวดหมู|เกี่ยวกับเรา|ติดต่อเรา|メニュー|メインメニュー|メニューを開く|\
         メニューを閉じる|カテゴリー|カテゴリ|タグ|アーカイブ|会社概要|運営会社|このサイトについて|トップページ|ヘルプ|菜单|导航|网站导航|分类|标签|归档|存档|关于本站|返回首页|联系方式|選單|主選單|分類|\
         標籤|彙整|首頁|回首頁|關於我們|聯絡我們|메뉴|전체메뉴|전체 메뉴|카테고리|태그|보관함|회사소개|고객센터|문의하기",
    ),
    (
        Reason::Widget,
        "zurück zum seitenanfang|zum seitenanfang|seitenanfang|wird geladen|lädt|artikel anhören|vorlesen|\
         bild vergrößern|bild anzeigen|vollbild|öffnen|speichern|abbrechen|weniger anzeigen|mehr informationen|\
         ausklappen|einklappen|retour en haut|retour en haut de page|haut de la page|chargement|chargement en cours|\
         écouter l'article|agrandir|ouvrir|annuler|envoyer|voir moins|subir|ir arriba|volver al inicio|cargando|\
         escuchar|escuchar noticia|abrir|cancelar|enviar|ver menos|voltar ao início|voltar|carregando|a carregar|\
         ouvir|ouvir notícia|torna all'inizio|torna in alto|caricamento|caricamento in corso|ascolta|\
         ascolta l'articolo|apri|annulla|invia|mostra meno|naar boven|terug naar top|laden|luister|\
         luister naar dit artikel|annuleren|versturen|verzenden|toon minder|powrót do góry|do góry|na górę|\
         wróć na górę|ładowanie|wczytywanie|posłuchaj|odsłuchaj|otwórz|anuluj|pokaż mniej|powiększ|zpět nahoru|\
         nahoru|načítání|zavřít|zrušit|zobrazit méně|zavrieť|hore|till toppen|tillbaka till toppen|laddar|lyssna|\
         stäng|avbryt|visa mindre|til toppen|tilbage til toppen|luk|indlæser|annuller|lytt|lyt|lukk|takaisin ylös|\
         ylös|ladataan|kuuntele|sulje|peruuta|näytä vähemmän|вверх|вернуться наверх|к началу страницы|загрузка|\
         слушать|послушать|открыть|отмена|отменить|свернуть|развернуть|показать|скрыть|вгору|нагору|завантаження|\
         закрити|затвори|zatvori|na vrh|vissza a tetejére|betöltés|bezárás|mégse|închide|sus|înapoi sus|se încarcă|\
         yukarı|yukarı çık|sayfa başına dön|yükleniyor|kapat|iptal|dinle|κορυφή|επιστροφή στην κορυφή|φόρτωση|\
         κλείσιμο|ακύρωση|ακούστε|חזרה למעלה|טוען|סגור|ביטול|إغلاق|العودة إلى الأعلى|أعلى الصفحة|جاري التحميل|إلغاء|\
         استمع|بستن|بازگشت به بالا|बंद करें|đóng|về đầu trang|đang tải|hủy bỏ|tutup|kembali ke atas|memuat|batal|ปิด|\
         กลับขึ้นด้านบน|กำลังโหลด|ยกเลิก|ページトップへ|ページの先頭へ|ページトップへ戻る|このページの先頭へ|上へ戻る|トップに戻る|読み込み中|読み込んでいます|キャンセル|送信|開く|\
         目次|目次を開く|音声で聞く|再生|停止|回到顶部|返回頂部|回到頂部|顶部|展开|收起|展开全文|加载中|正在加载|播放|暂停|取消|确定|提交|字号|字体大小|放大字体|缩小字体|展開|收合|載入中|關閉|\
         맨위로|맨 위로|위로|위로가기|불러오는 중|로딩중|열기|취소|확인|접기|펼치기|글자크기|글자 크기|글씨크기 조절|본문듣기|본문 듣기",
    ),
    (
        Reason::Byline,
        "von|stand|lesezeit|lesedauer|# min lesezeit|# minuten lesezeit|lesezeit # minuten|lesezeit # min|\
         lesedauer # min|veröffentlicht am|aktualisiert am|zuletzt aktualisiert|autor|autorin|redaktion|foto|\
         abgelegt unter|par|publié|mis à jour|temps de lecture|temps de lecture # min|temps de lecture # minutes|\
         lecture # min|# min de lecture|rédaction|auteur|mots-clés|classé dans|por|publicado el|actualizado el|\
         tiempo de lectura|tiempo de lectura # min|# min de lectura|# minutos de lectura|redacción|publicado por|\
         atualizado em|atualizado|tempo de leitura|tempo de leitura # min|# min de leitura|redação|di|pubblicato il|\
         aggiornato il|aggiornato|tempo di lettura|tempo di lettura # minuti|# min di lettura|redazione|autore|door|\
         gepubliceerd op|geplaatst op|bijgewerkt|laatst bijgewerkt|leestijd|leestijd # minuten|# min leestijd|\
         redactie|data publikacji|data aktualizacji|aktualizacja|ostatnia aktualizacja|czas czytania|\
         czas czytania # min|ten tekst przeczytasz w # minut|redakcja|zdjęcie|publikováno|aktualizováno|doba čtení|\
         čas čtení|autor článku|publicerad|publicerat|uppdaterad|lästid|lästid # min|offentliggjort|opdateret|\
         læsetid|publisert|oppdatert|lesetid|julkaistu|päivitetty|lukuaika|обновлено|дата публикации|время чтения|\
         время чтения # мин|время на чтение # мин|# мин чтения|автор|просмотров|# просмотров|фото|источник|\
         опубліковано|оновлено|час читання|közzétéve|frissítve|szerző|olvasási idő|publicat|actualizat|\
         timp de citire|yayınlanma|yayınlanma tarihi|güncelleme|son güncelleme|güncellenme tarihi|okuma süresi|\
         okuma süresi # dakika|δημοσιεύθηκε|δημοσίευση|ενημερώθηκε|τελευταία ενημέρωση|χρόνος ανάγνωσης|συντάκτης|\
         πηγή|פורסם|עודכן|זמן קריאה|מאת|نشر|نشر في|تاريخ النشر|آخر تحديث|تم النشر|وقت القراءة|كتب|بقلم|المصدر|\
         تاریخ انتشار|प्रकाशित|अपडेट|ngày đăng|cập nhật|tác giả|diterbitkan|diperbarui|penulis|editor|เผยแพร|อัปเดต|\
         公開|更新|最終更新日|投稿日|掲載日|公開日時|執筆者|文責|この記事を書いた人|ライター|作者|来源|发布时间|发布日期|更新时间|责任编辑|编辑|责编|记者|阅读|浏览次数|浏览|点击数|字数|發布時間|\
         發佈時間|更新時間|責任編輯|記者|資料來源|입력|수정|승인|등록|기사입력|기사수정|작성자|기자|조회수|조회 #|최종수정",
    ),
];
