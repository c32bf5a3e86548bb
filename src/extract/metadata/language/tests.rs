//! Languages that texts tell, with what their pages declare and without.

use super::language_of;

#[track_caller]
fn check(text: &str, declared: &str, expected: &str) {
    let found = language_of(text, Some(declared).filter(|tag| !tag.is_empty())).map(|found| found.value);
    assert_eq!(found.as_deref().unwrap_or_default(), expected, "{declared:?}: {text}");
}

const ENGLISH: &str = "The old bridge over the river was closed to traffic on Monday, and the council said that it would have \
    to be repaired with money from the state before it can be used again by cars.";

#[test]
fn a_script_that_one_language_writes_tells_it() {
    for (text, expected) in [
        ("Η γέφυρα άνοιξε ξανά χθες.", "el"),
        ("สะพานเปิดอีกครั้งเมื่อวานนี้", "th"),
        ("Կամուրջը երեկ կրկին բացվեց։", "hy"),
        ("ხიდი გუშინ ისევ გაიხსნა.", "ka"),
        ("பாலம் நேற்று மீண்டும் திறக்கப்பட்டது.", "ta"),
        ("הגשר נפתח שוב אתמול בבוקר.", "he"),
        ("ຂົວໄດ້ເປີດຄືນໃໝ່ມື້ວານນີ້", "lo"),
        ("ཟམ་པ་དེ་ཁ་ས་ཡང་བསྐྱར་ཕྱེས་པ་རེད།", "bo"),
        ("OK Ω", ""),
    ] {
        check(text, "", expected);
        check(text, "en", expected);
    }
    check("ድልድዩ ትናንት እንደገና ለትራፊክ ተከፈተ።", "", "am");
    check("እቲ ድልድል ትማሊ እንደገና ተኸፊቱ።", "ti", "ti");
    check(&format!("{ENGLISH} (γέφυρα, άνοιξε)"), "", "en");
}

#[test]
fn letters_tell_languages_of_one_script() {
    for (text, expected) in [
        (
            "Қалалық кеңес көпірді қайта ашты, енді тұрғындар өзеннің арғы бетіне бұрынғыдай жаяу да көлікпен де өте алады.",
            "kk",
        ),
        (
            "Шаардык кеңеш көпүрөнү кайра ачты, эми тургундар дарыянын ары жагына мурдагыдай эле жөө да, унаа менен да өтө алышат.",
            "ky",
        ),
        (
            "Хотын зөвлөл гүүрийг дахин нээлээ, одоо оршин суугчид голын нөгөө эрэг рүү өмнөх шигээ явган болон машинаар гарах боломжтой.",
            "mn",
        ),
        (
            "Шӯрои шаҳр пулро дубора кушод, акнун сокинон метавонанд мисли пештара пиёда ва бо мошин ба он тарафи дарё гузаранд, гуфт ҷонишини раис.",
            "tg",
        ),
        (
            "Міська рада знову відкрила міст, тепер мешканці можуть, як і раніше, переходити на інший берег річки пішки та їздити машиною.",
            "uk",
        ),
        (
            "Городской совет вновь открыл мост, и теперь жители, как и прежде, могут перейти на другой берег реки, чтобы добраться до рынка и больницы, сообщили вчера власти.",
            "ru",
        ),
        (
            "شورای شهر پل را دوباره باز کرد و اکنون ساکنان می‌توانند مانند گذشته پیاده یا با خودرو به آن سوی رودخانه بروند.",
            "fa",
        ),
        (
            "شہری کونسل نے پل دوبارہ کھول دیا ہے، اب رہائشی پہلے کی طرح پیدل یا گاڑی سے دریا کے پار جا سکتے ہیں، ڈپٹی میئر نے بتایا۔",
            "ur",
        ),
        (
            "د ښار شورا پل بیا پرانیست، اوس اوسېدونکي کولی شي د پخوا په شان پلي یا په موټر کې د سیند بلې غاړې ته لاړ شي، مرستیال وویل.",
            "ps",
        ),
    ] {
        check(text, "", expected);
        check(text, expected, expected);
        check(text, "en", expected);
    }
    // A Russian text on a page of a Kazakh site.
    check(
        "Городской совет вновь открыл мост, и теперь жители, как и прежде, могут перейти на другой берег реки, чтобы добраться до рынка и больницы, сообщили вчера власти.",
        "kk",
        "ru",
    );
}

/// A sentence in another language of the same script leaves the page in its own.
#[test]
fn a_quote_in_another_language_tells_nothing() {
    let ukrainian = "Міська рада знову відкрила міст, тепер мешканці можуть, як і раніше, переходити на інший берег річки пішки та їздити машиною. \
        Про це повідомили вчора в міській раді, де додали, що роботи тривали майже рік і коштували місту чимало грошей. ";
    let russian = "Городской совет вновь открыл мост, и теперь жители, как и прежде, могут перейти на другой берег реки, чтобы добраться до рынка и больницы, \
        сообщили вчера власти. Работы продолжались почти год, и город потратил на них больше денег, чем думали в начале. ";
    let quoted = format!(
        "{ukrainian}«Мы были рады, что рабочие выполнили все работы в срок, и теперь мы можем ездить», сказал житель."
    );
    check(&quoted, "uk", "uk");
    check(&quoted, "", "uk");
    let quoted =
        format!("{russian}«Ми дуже раділи, коли міст відкрили, і тепер їздимо на ринок кожні вихідні», сказав житель.");
    check(&quoted, "ru", "ru");
    let belarusian = "Гарадскі савет зноў адкрыў мост, і цяпер жыхары могуць, як і раней, пераходзіць на другі бераг ракі пешшу \
        ці ездзіць на машыне, паведамілі ўчора ўлады горада.";
    check(belarusian, "", "be");
    check(belarusian, "be", "be");
}

#[test]
fn what_the_detector_does_not_know_is_not_taken_for_another_language() {
    for (text, declared) in [
        (
            "Bæjarráð opnaði brúna aftur í gær og nú geta íbúar farið yfir ána eins og áður, bæði gangandi og akandi, sagði bæjarstjórinn við blaðamenn.",
            "is",
        ),
        (
            "Udal kontseiluak zubia berriro ireki zuen atzo, eta orain bizilagunek lehen bezala zeharka dezakete ibaia, oinez nahiz autoz.",
            "eu",
        ),
        (
            "Baraza la mji lilifungua tena daraja jana, na sasa wakazi wanaweza kuvuka mto kama zamani kwa miguu au kwa gari.",
            "sw",
        ),
        (
            "Majlis bandar raya membuka semula jambatan itu semalam dan kini penduduk boleh menyeberangi sungai seperti dahulu, katanya.",
            "ms",
        ),
        (
            "Gradsko vijeće ponovo je otvorilo most i sada stanovnici mogu kao i prije preći rijeku pješice ili automobilom, rekao je.",
            "bs",
        ),
    ] {
        let found = language_of(text, Some(declared)).map_or(declared.to_owned(), |found| found.value);
        assert_eq!(found, declared, "{text}");
    }
    check(
        "Bæjarráð opnaði brúna aftur í gær og þá gátu íbúar farið yfir ána eins og áður, sagði bæjarstjórinn þegar hann var spurður.",
        "",
        "is",
    );
    // But what is plainly another language is.
    check(ENGLISH, "is", "en");
    check(ENGLISH, "sw-KE", "en");
    check(
        "D'oscail an chomhairle an droichead arís inné agus anois is féidir leis na daoine dul trasna na habhann mar a rinne siad roimhe seo, ar sise, agus go bhfuil an obair críochnaithe.",
        "",
        "ga",
    );
}

#[test]
fn codes_have_two_letters_where_there_are_such() {
    assert!(whatlang::Lang::all().iter().all(|lang| super::two_letters(*lang).len() == 2));
    let welsh = "Mae'r cyngor wedi agor y bont unwaith eto ac mae'r trigolion yn gallu croesi'r afon fel o'r blaen, meddai'r maer wrth y wasg ddoe.";
    check(welsh, "cy", "cy");
    check(welsh, "cym", "cy");
    check(
        "Bystyret åpnet broen igjen i går, og nå kan innbyggerne krysse elven som før, enten til fots eller med bil, sa ordføreren.",
        "no",
        "nb",
    );
}

/// Texts of a few dozen words, of which the detector is seldom sure.
#[test]
fn small_words_tell_short_texts() {
    for (text, expected) in [
        ("नगर परिषद ने कल पुल को फिर से खोल दिया है और अब शहर के लोग पहले की तरह नदी के पार जा सकते हैं।", "hi"),
        ("नगर परिषदेने काल पूल पुन्हा उघडला आहे आणि आता शहरातील लोक या पुलावरून नदी ओलांडत आहेत, असे हे वृत्त आहे.", "mr"),
        (
            "A câmara municipal abriu ontem a ponte e agora os moradores não precisam de fazer um desvio, disse o presidente em uma conversa com os jornalistas.",
            "pt",
        ),
        (
            "Belediye köprüyü dün yeniden açtı ve bu karar ile birlikte kent sakinleri için nehri geçmek daha kolay bir hale geldi.",
            "tr",
        ),
    ] {
        check(text, "", expected);
    }
}

/// Themes declare their own language on every page, however short.
#[test]
fn a_short_text_is_not_of_a_language_whose_script_it_is_not_in() {
    for (text, expected) in [
        ("火车今天又晚点了。", "und"),
        ("Поезд сегодня снова опоздал, и мы ждали час.", "und"),
        ("تأخر القطار مرة أخرى اليوم.", "und"),
        ("ट्रेन आज फिर देर से आई।", "und"),
        ("電車は今日もまた遅れました。", "ja"),
        ("기차가 늦었다.", "ko"),
        ("Το τρένο", "und"),
        ("รถไฟมา", "und"),
        ("The train was late.", ""),
        ("Le train était en retard.", ""),
        ("iPhone 15 を買った", ""),
        ("Привет", "und"),
        ("火车 means train", ""),
        ("α + β = γ", ""),
        ("火车", ""),
        ("12:30, 45 €", ""),
        ("", ""),
    ] {
        for declared in ["en", "en-US", "de", "fr-CA"] {
            check(text, declared, expected);
        }
    }
    for (text, declared) in [
        ("火车今天又晚点了。", "zh-TW"),
        ("火車今日又晚點", "yue"),
        ("電車遅延情報", "ja"),
        ("Поезд опять опоздал.", "ru"),
        ("Поїзд знову спізнився.", "uk"),
        ("Воз поново касни.", "sr"),
        ("Поезд каядан келет", "ky"),
        ("Адыгабзэ тхыгъэ", "ady"),
        ("تأخر القطار مرة", "ar"),
        ("قطار دیر شد", "fa"),
        ("ٹرین پھر لیٹ", "ur"),
        ("ਰੇਲ ਗੱਡੀ", "pa"),
        ("ریل گڈی لیٹ", "pa"),
        ("ट्रेन आज फिर", "mr"),
        ("ट्रेन आज फिर", "bho"),
        ("the train", "ru"),
        ("Poyezd kechikdi", "uz"),
        ("abhi train aayi", "hi"),
        ("iPhone 15 Pro Max を買う", "ja"),
        ("Ο Ω", "el"),
        ("דער צוג", "yi"),
        ("漢字만", "ko"),
        ("火车今天又晚点了。", ""),
        ("Поезд опять опоздал.", ""),
        ("ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ", "mn"),
        ("Бүгүн һава яхши", "ug-Cyrl"),
        ("Воз поново касни.", "hr-Cyrl"),
        ("Pociąg Поцёнг знову", "pl-Cyrl"),
        ("قطار گجیکدی بوگون", "tr-Arab"),
        ("ट्रेन आज फिर", "ur-Deva"),
        ("قطار دیر شد", "tg"),
        ("カムイ イランカラプテ", "ain"),
        ("めんそーれー うちなー", "ryu"),
    ] {
        check(text, declared, "");
    }
    check("Поезд опять опоздал.", "en-Latn-US", "und");
    check("電車は遅れました。", "", "ja");
    check("これはペンです", "zh", "ja");
    check("我喜歡のの，のの真好。今天天氣不錯，明天見。", "zh", "");
}
