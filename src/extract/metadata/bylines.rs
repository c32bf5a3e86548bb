//! Words about authors in bylines; folded as `dates::fold` does where nothing else is said.

use super::dates::fold;
use crate::extract::label::zones::each_word;
use crate::extract::memo::Listed;

/// Longest line that is what somebody is called.
const TITLE_BYTES_MAX: usize = 60;
/// Words that may stand before "by" in a byline.
pub static BEFORE_BY: Listed = Listed::of(
    "this|post|was|is|written|posted|published|story|article|articles|words|text|content|guide|review|view|all|\
     posts|more|authored|contributed|report|reporting|created|submitted|added|started|asked|answered|column|\
     opinion|analysis|blog|the|a|on|last|about|ago|an|second|seconds|minute|minutes|min|mins|hour|hours|day|days|week|\
     weeks|month|months|year|years|today|yesterday",
);
/// What leads to a name at the start of a line, in lower case with its marks, a colon behind it or not: `Pär` is a name.
pub static LEADS: Listed = Listed::of(
    "by|author|authors|author(s)|from|von|autor|autorin|autoren|par|auteur|por|di|\
     autore|door|przez|av|af|автор|автори|автора|από|συντάκτης|συντάκτρια|-|–|—|•|·|kirjoittanut|kirjoittaja|\
     írta|szerző|napsal|napsala|napisał|napisała|tác giả|ผู้เขียน|โดย|מאת|بقلم|بواسطة|الكاتب|كتب|نویسنده|خبرنگار|گزارشگر|लेखक|\
     作者|文|撰文|発行者|投稿者|執筆者|執筆|著者|筆者|ライター|取材・文|記者|记者|发布者|發布者|글|글쓴이|작성자|기자|\
     του|της|від|написал|написала|опубликовал|опубликовала|كتبت|كتبه|द्वारा|توسط|نوشته|bởi|publikoval|publikovala|\
     napisao|napísal|napísala|parašė",
);
/// What leads to a name only with a colon behind it: it may be a name itself, or begin a sentence.
pub static COLON_LEADS: Listed = Listed::of(
    "contributor|contributors|writer|yazan|yazar|redaktion|text|texto|texte|tekst|teksti|текст|oleh|penulis|od|от|від|de|scris de|testo|por el|posted by|\
     redacción|közzétette|tekijä|เรื่อง|\
     bejegyezte|gönderen|vystavil|vystavila|objavio|objavila|게시자|등록자|张贴者|張貼者|发帖者|發佈者|发布人|lähettänyt|\
     words|story|oleh redaksi",
);
/// English ones with which a line of its own begins.
pub static WRITTEN: Listed = Listed::of("written by|posted by|submitted by|words by|story by|article by|published by");
/// Several words that lead to a name.
pub static LONG_LEADS: Listed = Listed::of(
    "geschrieben von|verfasst von|veröffentlicht von|erstellt von|ein beitrag von|publié par|écrit par|rédigé par|\
     publicado por|escrito por|redactado por|scritto da|pubblicato da|a cura di|articolo di|geschreven door|\
     geplaatst door|skriven av|publicerad av|skrevet av|skrevet af|publisert av|napisane przez|opublikowane przez|\
     enviado por|soumis par|inviato da|ingediend door|submetido por|wysłane przez|gespeichert von|odeslal uživatel|\
     escrit per|propos recueillis par|da redação|de către|από τον|από την|על ידי|به قلم|\
     αναρτήθηκε από|δημοσιεύτηκε από|δημοσιεύθηκε από|αναρτήθηκε από τον|αναρτήθηκε από την|eingestellt von|gepostet von|\
     publiée par|mis en ligne par|postado por|publicada por|escrita por|postato da|scritta da|gepost door|\
     upplagd av|inlagd av|indsendt af|lagt inn av|napisał użytkownik|postat de către|publicat per|публикувано от|\
     опубликовано пользователем|diposting oleh|diposkan oleh|được đăng bởi|người đăng|เขียนโดย|โพสต์โดย|\
     مرسلة بواسطة|نشرت بواسطة|פורסם על ידי|נשלח על ידי|ارسال شده توسط|نوشته شده توسط|ditulis oleh|được viết bởi|đăng bởi|viết bởi|scris de|postat de|publicat de|γράφει ο|γράφει η|\
     نشر بواسطة|كتب بواسطة|נכתב על ידי|фото и текст|текст и фото|text und foto|text und fotos|texte et photos|text and photos|\
     words and photos|tekst i zdjęcia|tekst og foto|text och foto|texto y fotos|testo e foto",
);
/// Words that alone in a line lead to the name in the next.
pub static LONE_LEADS: Listed = Listed::of(
    "by|author|authors|author(s)|contributor|contributors|writer|von|autor|autorin|autoren|par|auteur|por|di|autore|\
     door|av|af|автор|作者|文|記者|记者|投稿者|執筆者|執筆|著者|筆者|ライター|发布者|發布者|글쓴이|작성자|συντακτης|מאת|\
     بقلم|بواسطة|الكاتب|نویسنده|yazar|kirjoittaja|szerzo|ผู้เขียน|โดย|लेखक",
);
/// Those that begin a line with a name and nothing else, though they may begin any sentence.
pub static FULL_LEADS: Listed = Listed::of(
    "von|par|por|di|da|door|av|af|od|przez|του|της|kirjoittanut|skriver|napsal|napsala|napisał|napisała|โดย|लेखक",
);
/// Those that with a colon behind them say who wrote, in lower case with their marks: no prepositions, which say from where.
pub static LABELS: Listed = Listed::of(
    "author|authors|author(s)|contributor|contributors|writer|autor|autorin|autoren|auteur|autore|автор|作者|文|\
     記者|记者|投稿者|執筆者|執筆|著者|筆者|ライター|发布者|發布者|글쓴이|작성자|συντάκτης|מאת|بقلم|الكاتب|نویسنده|yazan|yazar|\
     kirjoittaja|szerző|írta|napsal|napsala|penulis|wartawan|reporter|خبرنگار|گزارشگر|tác giả|ผู้เขียน|โดย|लेखक|كتب|كتبت",
);
/// Those that in a line of its own lead to the writer where the photographer stands behind him, and what leads to that one.
pub static TEXT_LABELS: Listed = Listed::of("text|texto|texte|testo|tekst|teksti|текст|words|story");
pub static PHOTO_LABELS: Listed =
    Listed::of("foto|fotos|photo|photos|bild|bilder|bilde|zdjęcia|zdjęcie|kuvat|фото|fotografía|fotografie");
/// East Asian ones, behind which a space or a mark and a name without spaces stand.
pub static WRITER_LABELS: Listed =
    Listed::of("记者|記者|本报记者|特约记者|通讯员|作者|撰文|文|取材・文|取材/文|執筆|筆者");
/// What somebody with a Korean, Chinese or Japanese name is called behind the name.
pub static BEHIND_NAMES: Listed =
    Listed::of("기자|인턴기자|선임기자|전문기자|객원기자|특파원|논설위원|편집위원|칼럼니스트|앵커|記者|记者|氏|さん");
/// What in a line of particulars stands behind such a name for what others did.
pub static OTHER_LABELS: Listed = Listed::of(
    "摄影|攝影|摄|图|圖|编辑|編輯|責編|责编|责任编辑|翻译|翻譯|校对|审核|报道|報導|報道|实习生|写真|撮影|編集",
);
/// Those that lead to an editor, who is no author.
pub static EDITOR_LABELS: Listed = Listed::of("編輯|编辑|編集|責編|责编|責任編輯|责任编辑|編集者");
/// Small words that belong to the name behind or between which they stand.
pub static PARTICLES: Listed = Listed::of(
    "von|van|der|den|de|del|della|di|da|do|dos|das|du|des|la|le|el|al|ibn|bin|ben|abu|ter|ten|te|zu|zur|zum|\
     af|av|y|e|i",
);
/// First words of what a link asks for, which is no name: `Visit the shop`.
pub static CALLS: Listed = Listed::of("visit|view|see|shop|browse|read|follow|meet|discover|explore");
/// Small words between the names of a byline, and further ones before a name.
pub static CONNECTORS: Listed = Listed::of("and|und|et|och|og|en|ja|ve|és|и|та|y|e|i");
pub static SMALL_LEADS: Listed = Listed::of("bởi|per|fra|fan|do|tarafından|de către");
/// What ends a name: what its bearer did.
pub static DEEDS: Listed = Listed::of(
    "avec|mit|says|said|wrote|writes|asks|asked|answered|replied|schrieb|schreibt|sagt|meint|dice|dijo|scrive|skrev|tarafından",
);
/// Words that say somebody did something else than write.
pub static OTHER_DEEDS: Listed = Listed::of(
    "updated|reviewed|edited|photo|photos|photography|photographs|illustrated|illustration|illustrations|fact|\
     medically|translated|sponsored|powered|curated",
);
/// Where the names of a line end.
pub static TAILS: Listed = Listed::of(
    "reviewed by|edited by|updated|last updated|published|posted|on behalf of|is a |is the |medically reviewed|\
     fact checked|photos by|photo by|photography by|photographs by|pictures by|illustrations by|illustration by|for the |follow|min read|minute read|minutes|leave a comment|leave a reply|on monday|on tuesday|\
     on wednesday|on thursday|on friday|on saturday|on sunday|on the ",
);
/// What a person may be called beside the name; a part that holds one is no name.
pub static ROLES: Listed = Listed::of(
    "editor|writer|expert|contributor|founder|cofounder|co-founder|manager|director|specialist|reviewer|ceo|\
     cto|cmo|coo|president|journalist|reporter|columnist|correspondent|dietitian|nutritionist|analyst|\
     consultant|strategist|engineer|developer|coordinator|researcher|professor|attorney|blogger|producer|\
     educator|educators|coach|therapist|physician|officer|winemaker|gardener|astrologer|author|member|\
     moderator|admin|administrator|vp|intern|photographer|copywriter|redakteur|redakteurin",
);
/// Words that stand before a role.
pub static BEFORE_ROLES: Listed = Listed::of(
    "senior|staff|chief|head|contributing|guest|associate|deputy|managing|executive|freelance|lead|former|\
     content|assistant|principal|junior|technical|digital|marketing|certified|registered|licensed",
);
/// Lines that are no names.
pub static NO_NAMES: Listed = Listed::of(
    "by|written by|posted by|author|authors|home|read|read more|sign in|log in|login|share|subscribe|follow|\
     admin|administrator|unknown|anonymous|guest|none|null|undefined|n/a|na|webmaster|root|about the author|\
     about|contact|comments|reply|view profile|view more posts|view all posts|more posts|topic author|\
     the author|user|editor|staff|default|website|article author|super user|meet the author|published|updated|\
     find|profile|more|see all|sponsored|advertisement|name|posted|post|posts|says|via|facebook|twitter|guide|\
     view|google|instagram|linkedin|email|print|save|menu|search|image|avatar|verified|online|offline|\
     message|messages|topic|subject|beitrag|nachricht|thema|\
     mensaje|messaggio|mensagem|sujet|bericht|onderwerp|wiadomosc|temat|сообщение|тема|contributor|writer|comment|view comments|copy link|privacy policy|advertiser disclosure|\
     guest author|redaccion|la redaccion|redakcja|редакция|редакція|redazione|la redazione|redaktion|die redaktion|redaction|\
     la redaction|redactie|de redactie|redacao|redakce|redaktionen|toimitus|szerkesztoseg|redaksi|redactia|编辑部|編輯部|編集部|편집부",
);

/// Words of class names for who wrote, in languages whose word does not begin as `author` does; those that mean other things
/// elsewhere (a firm) only on pages in these languages.
pub static CLASSES: Listed = Listed::of(
    "szerzo|szerzok|ujsagiro|forfatter|forfattare|skribent|kirjoittaja|toimittaja|penulis|wartawan|pewarta|yazar|yazaradi|\
     muhabir|avtor|avtori|sintaktis|syntaktis|arthrografos|tacgia|zurnalists|zurnalistas|autorius|autors|novinar|novinarka|\
     dziennikarz|autorzy|giornalista|periodista|jornalista|verslaggever|verfasser|verfasserin|journaliste|redacteur|\
     zuozhe|jizhe|hofundur|egilea|ajakirjanik",
);
pub static SIGNATURES: Listed = Listed::of("firma|firme|firmas|redactor|redactora");
pub static SIGNED_IN: Listed = Listed::of("it|es|ca|gl|eu");
/// Words of class names beside such a one where a program is called so: the text that somebody made with it.
pub static MADE_WITH: Listed = Listed::of(
    "content|contents|contenido|contingut|contenuto|text|texto|editor|styles|toolbar|box|layer|in|view|output|html|body",
);
/// What alone in the line below a name says that its bearer wrote.
pub static TITLES: Listed = Listed::of(
    "reporter|journalist|correspondent|staff writer|senior reporter|redaktör|redaktor|redaktorka|redakteur|redakteurin|\
     reporterin|korrespondent|korrespondentin|verslaggever|correspondente|redacteur|journaliste|correspondant|grand reporter|giornalista|\
     periodista|redactor|redactora|corresponsal|jornalista|repórter|dziennikarz|dziennikarka|toimittaja|kirjeenvaihtaja|journalistin|\
     krönikör|kommentator|újságíró|szerkesztő|novinář|novinářka|redaktorin|muhabir|gazeteci|корреспондент|журналист|журналістка|\
     журналистка|кореспондент|обозреватель|репортёр|δημοσιογράφος|συντάκτης|wartawan|phóng viên|novinar|novinarka|jurnalist|reporteră",
);
/// What in Chinese and Japanese reports stands right before a reporter's name, with the paper's before it or not.
pub const REPORTERS: &[&str] = &["记者", "記者", "通讯员", "通訊員", "特派员", "特約撰稿"];
/// First letters of Chinese family names: what else stands behind such a word begins with others. Some of them begin as many
/// words, and are those of names only where such a word is unlikely.
pub const FAMILY_NAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范\
     石姚谭廖邹熊陆郝孔崔康邱秦史顾侯邵孟龙段雷钱汤尹黎武乔贺赖龚张張劉陳楊趙黃吳孫羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾譚鄒陸顧龍錢湯喬賀賴龔\
     方施柯洪游翁莊庄詹倪裴凌柳欧歐";
pub const WORDY_NAMES: &str = "高马馬嚴严單单向连連";
pub const DOUBLE_NAMES: &[&str] = &["欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官"];
/// What else begins with such a letter, or stands behind such a word.
pub static NO_REPORTERS: Listed = Listed::of(
    "连线|連線|手记|手記|观察|觀察|任务|任務|任职|任期|何时|何在|何为|何去|方面|方知|方才|张望|张罗|施压|史上",
);

/// Whether a Chinese name may begin with a letter that begins few other words.
pub fn is_family_name(c: char) -> bool {
    FAMILY_NAMES.contains(c)
}

/// Whether a line is no more than what its writer is called: `Reporter`.
pub fn is_title(line: &str) -> bool {
    line.len() <= TITLE_BYTES_MAX && TITLES.has(line.trim().to_lowercase().as_str())
}

/// Whether no more is said of somebody than what a paper calls its own: `Our Staff Reporter`.
pub fn is_ours(words: &[&str]) -> bool {
    let [first, rest @ .., last] = words else { return false };
    let is_beside = |word: &&str| ["special", "own"].contains(&fold(word).as_str()) || BEFORE_ROLES.has(&fold(word));
    first.eq_ignore_ascii_case("our") && rest.iter().all(is_beside) && ROLES.has(&fold(last))
}

/// Whether a class name may hold one of [`CLASSES`]: it holds the first four letters of one.
pub fn may_sign(name: &str) -> bool {
    name.as_bytes().windows(4).any(|four| {
        let four = [four[0] | 0x20, four[1] | 0x20, four[2] | 0x20, four[3] | 0x20];
        matches!(
            &four,
            b"ajak"
                | b"arth"
                | b"auto"
                | b"avto"
                | b"dzie"
                | b"egil"
                | b"forf"
                | b"gior"
                | b"hofu"
                | b"jizh"
                | b"jorn"
                | b"jour"
                | b"kirj"
                | b"muha"
                | b"novi"
                | b"penu"
                | b"peri"
                | b"pewa"
                | b"reda"
                | b"sint"
                | b"skri"
                | b"synt"
                | b"szer"
                | b"tacg"
                | b"toim"
                | b"ujsa"
                | b"verf"
                | b"vers"
                | b"wart"
                | b"yaza"
                | b"zuoz"
                | b"zurn"
        )
    })
}

/// Whether one of the words of a class name is in a list: `articleFirma`, `article-firma`.
pub fn is_called(name: &str, list: &Listed) -> bool {
    let mut is_one = false;
    each_word(name, |word| is_one |= std::str::from_utf8(word).is_ok_and(|word| list.has(word)));
    is_one
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_class_may_sign() {
        super::CLASSES.words().for_each(|class| assert!(super::may_sign(class), "{class}"));
    }
}
