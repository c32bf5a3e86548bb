//! Lines that are chrome wherever they stand alone: whole lines only, never parts of one.
//!
//! A phrase proves little by itself (a post may say "Leave a reply"): the rules ask for support from the
//! place, the length or the neighbours before a phrase decides anything.

mod more;
mod tongues;
mod wordpress;

use std::sync::LazyLock;

use self::more::MORE;
use self::tongues::OTHERS;
pub use self::wordpress::FORM as WORDPRESS_FORM;
use crate::document::Reason;
use crate::extract::memo::{Beginnings, Known};

/// Longer lines are no phrases.
const LINE_CHARS_MAX: usize = 160;
/// Longer words begin no phrase.
const FIRST_BYTES_MAX: usize = 32;
/// One phrase may be this long.
const PHRASE_CHARS_MAX: usize = 80;

/// Phrases by reason, `|` between; `#` stands for a number. Written as [`fold`] leaves them.
const PHRASES: &[(Reason, &str)] = &[
    (
        Reason::SkipLink,
        "skip to content|skip to main content|jump to content|skip to navigation|skip navigation|skip to footer|\
         skip to search|skip to primary navigation|skip to secondary menu|skip to main|jump to navigation|\
         jump to search|skip to primary sidebar|skip to header|zum inhalt springen|zum hauptinhalt springen|\
         direkt zum inhalt|springe zum inhalt|aller au contenu|aller au contenu principal|passer au contenu|\
         saltar al contenido|ir al contenido|ir para o conteúdo|pular para o conteúdo|vai al contenuto|\
         salta al contenuto|naar inhoud|ga naar de inhoud|przejdź do treści|przejdź do zawartości|\
         перейти к содержимому|перейти к содержанию|hoppa till innehåll|spring til indhold|siirry sisältöön|\
         gå til innhold|přejít k obsahu|içeriğe geç|μετάβαση στο περιεχόμενο|コンテンツへスキップ|\
         コンテンツにスキップ|跳至内容|跳到内容|跳至主要內容|콘텐츠로 건너뛰기",
    ),
    (
        Reason::Share,
        "share|share this|share this post|share this article|share on|share on facebook|share on twitter|share on x|\
         share on linkedin|share on whatsapp|share on pinterest|share on reddit|share via email|share on other sites|\
         share this page|share link|share this story|share via|share now|tweet|tweet this|pin it|pin|email|\
         e-mail|print|print this page|copy link|copy url|link copied|copied|facebook|twitter|linkedin|whatsapp|\
         pinterest|reddit|telegram|instagram|youtube|tiktok|follow us|follow us on|follow|followers|followers #|\
         teilen|beitrag teilen|artikel teilen|drucken|folgen sie uns|partager|partager sur facebook|imprimer|\
         suivez-nous|compartir|compartir en facebook|imprimir|síguenos|compartilhar|partilhar|siga-nos|condividi|\
         stampa|seguici|delen|afdrukken|udostępnij|drukuj|поделиться|del|dela|jaa|sdílet|paylaş|κοινοποίηση|\
         シェア|シェアする|ツイート|分享|分享到|공유|공유하기",
    ),
    (
        Reason::Reaction,
        "like|likes|# likes|# like|like #|haha #|thanks #|thanks|upvote|downvote|upvote #|love #|sad #|confused #|\
         agree #|react|reactions|# reactions|vote|# votes|was this helpful|was this article helpful|helpful|\
         # people found this helpful|gefällt mir|# gefällt mir|j'aime|me gusta|gostei|mi piace|нравится|いいね|赞|좋아요",
    ),
    (
        Reason::SignIn,
        "sign in|sign up|log in|login|log out|logout|register|create account|create an account|sign in now|\
         register a new account|my account|forgot password|forgot your password|remember me|join now|join|\
         sign in or register|log in or sign up|log in or register|login or register|already have an account|\
         already have an account sign in here|don't have an account|existing user sign in|\
         create an account or sign in to comment|sign up for a new account in our community|it's easy|\
         you need to be a member in order to leave a comment|you must be logged in to post a comment|\
         you must log in or register to reply here|log in to reply|log in to comment|sign in to comment|\
         you must be logged in to reply|please log in or register|sign in here|join the conversation|\
         you can post now and register later|if you have an account sign in now to post with your account|\
         anmelden|registrieren|einloggen|jetzt registrieren|konto erstellen|benutzerkonto erstellen|\
         passwort vergessen|angemeldet bleiben|melde dich an um zu kommentieren|neues benutzerkonto erstellen|\
         du musst angemeldet sein um einen kommentar abzugeben|du musst ein benutzerkonto haben um einen kommentar verfassen zu können|\
         connexion|se connecter|s'inscrire|créer un compte|mot de passe oublié|\
         iniciar sesión|regístrate|crear una cuenta|olvidaste tu contraseña|registrarse|entrar|cadastre-se|\
         criar conta|accedi|registrati|password dimenticata|inloggen|aanmelden|registreren|zaloguj się|\
         zarejestruj się|войти|регистрация|зарегистрироваться|logga in|logg inn|log ind|kirjaudu sisään|\
         přihlásit se|giriş yap|σύνδεση|ログイン|新規登録|会員登録|登录|注册|登入|註冊|로그인|회원가입",
    ),
    (
        Reason::Captcha,
        "captcha|captcha *|i'm not a robot|i am not a robot|i am human|prove you are human|are you human|\
         verify you are human|anti-spam|time limit is exhausted please reload captcha|please reload captcha|\
         ich bin kein roboter|je ne suis pas un robot|no soy un robot|não sou um robô|non sono un robot|\
         я не робот|私はロボットではありません",
    ),
    (
        Reason::CommentForm,
        "leave a comment|leave a response|post a comment|add a comment|write a comment|add comment|post comment|\
         submit comment|comment *|name *|email *|website|your comment|your name|your email|reply to this topic|\
         write your reply|post reply|post quick reply|quick reply|add your comment|kommentar schreiben|\
         hinterlasse einen kommentar|antwort hinterlassen|laissez un commentaire|kommentera|댓글 달기",
    ),
    (
        Reason::Comment,
        "comments|comment|# comments|# comment|no comments|no comments yet|view comments|show comments|view all comments|\
         comments are closed|# responses|# replies|# thoughts on|# kommentare|kommentare|commentaires|\
         # commentaires|comentarios|# comentarios|comentários|commenti|reacties|komentarze|комментарии|コメント|评论|댓글",
    ),
    (
        Reason::Consent,
        "accept|accept all|accept cookies|accept all cookies|reject all|decline|manage preferences|cookie settings|\
         cookie preferences|manage cookies|manage consent|got it|i agree|i accept|this site uses cookies|\
         this website uses cookies|we use cookies|necessary|always active|save preferences|privacy settings|\
         your privacy choices|do not sell my personal information|do not sell or share my personal information|\
         alle akzeptieren|akzeptieren|alle ablehnen|ablehnen|cookie-einstellungen|tout accepter|tout refuser|\
         accepter|aceptar|aceptar todo|rechazar|aceitar|accetta|rifiuta|accepteren|akceptuję|принять|同意する|同意",
    ),
    (
        Reason::Related,
        "read also|also read|related posts|related articles|related topics|related stories|related content|related products|related|\
         you may also like|you might also like|you may like|recommended for you|recommended|more from|more stories|\
         more articles|most read|most popular|most viewed|trending|trending now|popular posts|recent posts|\
         recent comments|latest news|latest posts|latest articles|read more|read next|up next|see more|\
         similar threads|similar topics|similar articles|suggested topics|what to read next|editor's picks|\
         recommended posts|featured posts|customers also bought|customers also viewed|recently viewed|\
         products related to this item|you may also be interested in|continue reading|keep reading|more like this|\
         ähnliche beiträge|ähnliche artikel|das könnte sie auch interessieren|das könnte dich auch interessieren|\
         weiterlesen|mehr lesen|neueste beiträge|meistgelesen|articles similaires|à lire aussi|lire la suite|\
         articles récents|sur le même sujet|artículos relacionados|entradas relacionadas|entradas recientes|\
         leer más|te puede interesar|artigos relacionados|posts relacionados|leia mais|leia também|veja também|\
         articoli correlati|leggi anche|leggi tutto|potrebbe interessarti|lees ook|lees meer|czytaj więcej|\
         zobacz także|читать далее|читайте также|похожие статьи|läs mer|lue lisää|関連記事|続きを読む|\
         おすすめ記事|人気記事|相关文章|相关阅读|阅读更多|관련 기사|더 보기",
    ),
    (
        Reason::Promotion,
        "advertisement|advertisements|advertising|ad|ads|sponsored|sponsored content|promoted|paid content|\
         newsletter|newsletters|subscribe|subscribe now|subscribe to our newsletter|sign up for our newsletter|\
         join our newsletter|get our newsletter|get the newsletter|sign up for the newsletter|join our mailing list|\
         get updates|stay up to date|stay in the loop|stay informed|start your free trial|download the app|\
         get the app|donate|donate now|support us|buy now|add to cart|shop now|learn more|get started|\
         article continues below advertisement|story continues below advertisement|advertisement - continue reading below|\
         click here to subscribe|remove ads|become a member|report this ad|enter your email|enter your email address|\
         unsubscribe at any time|you can unsubscribe at any time|scroll to continue|\
         anzeige|werbung|newsletter abonnieren|jetzt abonnieren|publicité|s'abonner|abonnez-vous|\
         publicidad|anuncio|suscríbete|suscribirse|publicidade|assine|inscreva-se|pubblicità|iscriviti|\
         iscriviti alla newsletter|advertentie|abonneren|reklama|zapisz się|реклама|подписаться|annons|annonse|\
         広告|スポンサーリンク|メルマガ登録|广告|订阅|광고|구독",
    ),
    (
        Reason::Legal,
        "privacy policy|terms of service|terms of use|terms and conditions|terms & conditions|cookie policy|terms|\
         privacy|legal notice|legal|all rights reserved|accessibility statement|accessibility|sitemap|site map|\
         imprint|impressum|datenschutz|datenschutzerklärung|agb|nutzungsbedingungen|mentions légales|\
         politique de confidentialité|conditions générales|aviso legal|política de privacidad|política de cookies|\
         política de privacidade|termos de uso|note legali|informativa sulla privacy|privacybeleid|\
         polityka prywatności|regulamin|политика конфиденциальности|プライバシーポリシー|利用規約|隐私政策|\
         使用条款|개인정보처리방침|powered by invision community|powered by wordpress|powered by discourse|\
         powered by phpbb|powered by vbulletin",
    ),
    (
        Reason::PostChrome,
        "reply|quote|report|report post|edit|edited|link to comment|permalink|posted|posted #|author|topic starter|\
         original poster|multiquote|go to topic listing|post #|# posts|posts|posts #|messages|messages #|members|\
         new member|junior member|senior member|moderator|administrator|joined|location|reputation|top|\
         featured replies|solution|mark as solution|toggle signature|antworten|zitieren|melden|beiträge|beiträge #|\
         mitglied|répondre|citer|signaler|responder|citar|rispondi|cita|beantwoorden|odpowiedz|cytuj|ответить|\
         цитата|svara|返信|回复|回覆|引用|답글",
    ),
    (
        Reason::Pagination,
        "next|previous|prev|next page|previous page|next post|previous post|older posts|newer posts|page # of #|\
         page #|first|last|load more|show more|view more|view all|see all|show all|load more comments|next article|\
         previous article|post navigation|posts navigation|go to page|jump to page|weiter|zurück|nächste|vorherige|\
         nächste seite|mehr laden|seite # von #|suivant|précédent|page suivante|siguiente|anterior|próximo|\
         successivo|precedente|volgende|vorige|następny|poprzedni|далее|назад|次へ|前へ|次のページ|下一页|上一页|다음|이전",
    ),
    (
        Reason::Search,
        "search|search for|search the site|search this site|search forums|advanced search|search results|suche|\
         suchen|erweiterte suche|rechercher|recherche|buscar|pesquisar|cerca|zoeken|szukaj|поиск|найти|検索|搜索|검색",
    ),
    (
        Reason::Navigation,
        "menu|main menu|home|toggle navigation|open menu|close menu|navigation|about us|about|contact|contact us|\
         primary menu|primary navigation|categories|archives|tags|faq|help|sections|explore|browse|more|\
         hauptmenü|startseite|kontakt|über uns|accueil|à propos|inicio|contacto|início|contato|contatti|chi siamo|\
         strona główna|главная|контакты|ホーム|お問い合わせ|首页|联系我们|关于我们|홈",
    ),
    (
        Reason::Widget,
        "close|back to top|scroll to top|top of page|recently browsing|recently browsing # members|\
         no registered users viewing this page|# members|create new|expand|collapse|loading|\
         open in app|view in the app|a better way to browse|click to expand|read aloud|listen|play|pause|unread|\
         online now|users viewing this thread|users online|guests|back|undo|cancel|submit|save|ok|yes|no|\
         nach oben|schließen|haut de page|fermer|cerrar|volver arriba|fechar|voltar ao topo|chiudi|torna su|\
         sluiten|terug naar boven|zamknij|закрыть|наверх|閉じる|トップへ戻る|关闭|返回顶部|닫기",
    ),
    (
        Reason::Byline,
        "by|posted by|posted on|posted in|tagged|filed under|written by|published|updated|last updated|# min read|\
         # minute read|# minutes read|reading time|# views|veröffentlicht|aktualisiert|publié le|mis à jour le|\
         publicado|actualizado|publicado em|pubblicato|geplaatst|opublikowano|опубликовано|公開日|更新日",
    ),
];

static BY_PHRASE: LazyLock<Known<&Reason>> = LazyLock::new(|| Known::new(phrases(), |_, later| later));

/// Every phrase of all lists with its reason.
fn phrases() -> impl Iterator<Item = (&'static str, &'static Reason)> {
    let form = &(Reason::CommentForm, WORDPRESS_FORM);
    let all = PHRASES.iter().chain(OTHERS).chain(MORE).chain([form]);
    all.flat_map(|(reason, some)| some.split('|').map(move |phrase| (phrase, reason)))
}

/// The phrases of one reason.
pub fn of_reason(reason: &'static Reason) -> impl Iterator<Item = &'static str> {
    phrases().filter(move |(_, of)| *of == reason).map(|(phrase, _)| phrase)
}

/// The reason a line is chrome by its words alone, if every part of it is a known phrase.
pub fn chrome(line: &str) -> Option<Reason> {
    let line = line.trim();
    if line.is_empty() || line.chars().nth(LINE_CHARS_MAX).is_some() {
        return None;
    }
    if is_sum(line) {
        return Some(Reason::Captcha);
    }
    if is_spoken(line) {
        return None;
    }
    if !line.chars().any(char::is_alphanumeric) {
        return Some(Reason::Widget);
    }
    if is_copyright(line) {
        return Some(Reason::Legal);
    }
    // What several sentences begin with, the first of them does.
    match letters_max(line) {
        0 => None,
        most => known(line, most).or_else(|| by_sentence(line)),
    }
}

/// The reason of the phrase that a line is; phrases that begin like it have so many letters at most.
fn known(line: &str, letters_max: usize) -> Option<Reason> {
    // Letters stay when a line is folded.
    if letters(line) > letters_max {
        return None;
    }
    let mut room = String::with_capacity(PHRASE_CHARS_MAX);
    BY_PHRASE.get(folded(line, &mut room).as_bytes()).cloned()
}

/// Whether a line begins with a phrase of that reason which is so, and goes on with another word.
pub fn begins_with(line: &str, reason: &Reason, is: impl Fn(&str) -> bool) -> bool {
    let folded = fold(line);
    let goes_on = |phrase: &str| folded.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' '));
    phrases().any(|(phrase, of)| of == reason && goes_on(phrase) && is(phrase))
}

/// How many letters of ASCII phrases have that begin with the letters and the word that the line begins with, or may for
/// all that is cheaply told; 0 where none does.
fn letters_max(line: &str) -> usize {
    static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(phrases().map(|(phrase, _)| phrase)));
    static FIRST: LazyLock<Known<usize>> = LazyLock::new(|| {
        let begun = phrases().filter_map(|(phrase, _)| Some((first_word(phrase)?, letters(phrase))));
        Known::new(begun, usize::max)
    });
    if !BEGINNINGS.may(line) {
        return 0;
    }
    let Some(word) = first_word(line) else { return BY_PHRASE.len_max() };
    let mut room = [0; FIRST_BYTES_MAX];
    let Some(lower) = room.get_mut(..word.len()) else { return 0 };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    FIRST.get(lower).unwrap_or(0)
}

/// How many letters of ASCII a line has.
fn letters(line: &str) -> usize {
    line.bytes().filter(u8::is_ascii_alphabetic).count()
}

/// The letters of ASCII that a line begins with, where they surely are a word of it as it is folded.
fn first_word(line: &str) -> Option<&str> {
    let end = line.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(line.len());
    let next = line.as_bytes().get(end);
    let goes_on = next.is_some_and(|next| !next.is_ascii() || b",?!".contains(next));
    (end > 0 && !goes_on).then(|| &line[..end])
}

/// Several sentences, each a phrase: the first one's reason.
fn by_sentence(line: &str) -> Option<Reason> {
    let mut parts = line.split_inclusive(['.', '!', '?', '。', '|']).map(str::trim).filter(|part| !part.is_empty());
    let is_known = |part: &str| known(part, letters_max(part));
    let first = is_known(parts.next()?)?;
    let mut more = 0;
    for part in parts {
        more += 1;
        if part.chars().any(char::is_alphanumeric) && is_known(part).is_none() {
            return None;
        }
    }
    (more > 0).then_some(first)
}

/// Lower case, numbers as `#`, signs at the ends and commas gone, one space between words.
pub fn fold(line: &str) -> String {
    folded(line, &mut String::new()).to_owned()
}

/// As [`fold`], made in `folded`.
fn folded<'r>(line: &str, folded: &'r mut String) -> &'r str {
    match line.is_ascii() {
        true => fold_ascii(line, folded),
        false => fold_any(line, folded),
    }
    let end = |c: char| !c.is_alphanumeric() && !matches!(c, '#' | '*');
    folded.trim_matches(end).trim_start_matches('*').trim()
}

fn fold_ascii(line: &str, folded: &mut String) {
    let mut last = 0;
    for &byte in line.as_bytes().iter().take(PHRASE_CHARS_MAX * 2) {
        let (becomes, once) = match byte {
            b',' | b'?' | b'!' => continue,
            b'0'..=b'9' => (b'#', true),
            b'\t'..=b'\r' | b' ' => (b' ', true),
            byte => (byte.to_ascii_lowercase(), false),
        };
        if !once || becomes != last {
            folded.push(char::from(becomes));
        }
        last = becomes;
    }
}

fn fold_any(line: &str, folded: &mut String) {
    for c in line.chars().take(PHRASE_CHARS_MAX * 2) {
        match c {
            '’' => folded.push('\''),
            ',' | '?' | '!' => {}
            c if c.is_ascii_digit() => {
                if !folded.ends_with('#') {
                    folded.push('#');
                }
            }
            c if c.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            // The small letter of a Turkish `İ` has its dot by itself.
            c => folded.extend(c.to_lowercase().filter(|c| *c != '\u{307}')),
        }
    }
}

/// Whether the line is what somebody says: in quotes or behind a dash, with the mark of a sentence at its end. So are no
/// buttons written.
pub fn is_spoken(line: &str) -> bool {
    let (dashes, opening) = (['—', '–', '―'], ['“', '”', '„', '‟', '«', '»', '‹', '›', '‘', '‚', '「', '『', '"']);
    let closing = ['”', '“', '»', '«', '›', '‹', '’', '‘', '」', '』', '"'];
    let said = match line.trim().chars().next() {
        Some(first) if dashes.contains(&first) => line,
        Some(first) if opening.contains(&first) && line.ends_with(closing) => line.trim_end_matches(closing),
        _ => return false,
    };
    said.trim_end().ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟'])
}

/// A copyright line.
fn is_copyright(line: &str) -> bool {
    let begins = |with: &str| line.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    let marked = line.starts_with('©') || begins("copyright") || begins("(c) ");
    let reserved = "all rights reserved.";
    let tail = line.len().checked_sub(reserved.len()).and_then(|at| line.get(at..));
    (marked && line.bytes().any(|c| c.is_ascii_digit())) || tail.is_some_and(|tail| tail.eq_ignore_ascii_case(reserved))
}

/// A sum to be solved: `5 × one =`, `+ 3 = seven`, `4 - = two`: operands are numbers or one word each, and one of
/// the three places is left blank. (`count += 1` is a line of code.)
pub fn is_sum(line: &str) -> bool {
    if !line.contains('=') || is_assignment(line) {
        return false;
    }
    let mut shape = String::new();
    let mut digits = false;
    for token in tokens(line) {
        match token {
            "=" => shape.push('='),
            "+" | "-" | "−" | "–" | "×" | "*" | "÷" | "/" | "x" | "X" => shape.push('+'),
            "?" | "…" | "_" | "□" => {}
            word if word.chars().all(char::is_alphanumeric) && word.chars().count() <= 12 => {
                digits |= word.chars().all(|c| c.is_ascii_digit());
                shape.push('n');
            }
            _ => return false,
        }
        if shape.len() > 4 {
            return false;
        }
    }
    digits && matches!(shape.as_str(), "n+n=" | "+n=n" | "n+=n")
}

/// Whether something that has a name is changed by a number: `count += 1`.
fn is_assignment(line: &str) -> bool {
    let Some((name, _)) = ["+=", "-=", "*=", "/="].iter().find_map(|sign| line.split_once(sign)) else { return false };
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn tokens(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = match first.is_alphanumeric() {
                true => rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            let (token, later) = rest.split_at(end);
            rest = later;
            Some(token)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_as_lines_are_folded() {
        let all = || phrases().map(|(phrase, _)| phrase);
        let other: Vec<&str> = all().filter(|phrase| fold(phrase) != *phrase).collect();
        assert!(other.is_empty(), "{other:?}");
        let mut met = std::collections::HashSet::new();
        let twice: Vec<&str> = all().filter(|phrase| !met.insert(*phrase)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn chrome_is_known_in_many_languages() {
        for (line, reason) in [
            ("Lesen Sie auch:", Reason::Related),
            ("Διαβάστε επίσης", Reason::Related),
            ("Czytaj także", Reason::Related),
            ("责任编辑：", Reason::Byline),
            ("Читайте также:", Reason::Related),
            ("ページトップへ", Reason::Widget),
            ("Article réservé aux abonnés", Reason::SignIn),
            ("Σχόλια", Reason::Comment),
            ("12 Kommentare", Reason::Comment),
            ("اقرأ أيضا", Reason::Related),
        ] {
            assert_eq!(chrome(line), Some(reason), "{line}");
        }
        assert_eq!(chrome("Die Regierung hat am Montag beschlossen"), None);
    }

    #[test]
    fn a_sum_to_be_solved_is_no_line_of_code() {
        for sum in ["4 + = seven", "4 − = two", "× 3 = nine", "5 × one =", "7 + ? = 9", "4 += seven", "four + = 7"]
        {
            assert_eq!(chrome(sum), Some(Reason::Captcha), "{sum}");
        }
        for code in ["count += 1", "i -= 1", "sum+=10", "Ärea *= 2", "x /= 4", "_n += 1", "k9 += 1"] {
            assert_eq!(chrome(code), None, "{code}");
        }
    }

    #[test]
    fn what_somebody_says_is_no_button() {
        for line in ["“No.”", "„Yes!“", "« Menu ? »", "— Cancel.", "「OK。」", "“…”", "“!”", "\"Close.\""]
        {
            assert!(is_spoken(line) && chrome(line).is_none(), "{line}");
        }
        for line in ["No.", "« Previous", "« Next »", "— Share", "“Menu”", "…", "* * *", "—"] {
            assert!(!is_spoken(line) && chrome(line).is_some(), "{line}");
        }
    }
}
