//! Encodings of one byte a sign that pages declare and are not in: no decoder finds an error, only the letters tell.

use encoding_rs::Encoding;
use gleaner::extract::decode::decode;

const RUSSIAN: &str = "Паром на дальние острова с первого мая будет ходить дважды в день, сообщили во вторник в портовой \
                       конторе. Билеты можно купить на причале или в лавке у церкви.";
const UKRAINIAN: &str = "Пором на далекі острови з першого травня ходитиме двічі на день, повідомили у вівторок у портовій \
                         конторі. Квитки продають на причалі або в крамниці біля церкви.";
const POLISH: &str = "Prom na dalekie wyspy będzie od pierwszego maja pływał dwa razy dziennie, powiedziała we wtorek kierowniczka \
                      portu. Bilety można kupić na nabrzeżu albo w sklepie obok kościoła, gdzie są droższe, za to kawa jest \
                      lepsza, jak dobrze wiedzą stali pasażerowie łodzi.";
const CZECH: &str = "Přívoz na vzdálené ostrovy bude od prvního května jezdit dvakrát denně, řekla v úterý správkyně přístavu. \
                     Jízdenky se kupují na nábřeží nebo v krámě vedle kostela, kde jsou dražší, zato káva je tam lepší.";
const HUNGARIAN: &str = "A távoli szigetekre május elsejétől naponta kétszer közlekedik a komp, közölte kedden a kikötő vezetője. \
                         Jegyet a rakparton vagy a templom melletti üzletben lehet venni, ahol drágább, de a kávé sokkal \
                         jobb, ahogy ezt a hűséges utasok közül többen is jól tudják. Az esős időben az út hosszabb.";
const ROMANIAN: &str = "Bacul spre insulele îndepărtate va circula de la întâi mai de două ori pe zi, a spus marţi şefa portului. \
                        Biletele se pot cumpăra pe chei sau în prăvălia de lângă biserică, unde sunt mai scumpe, însă cafeaua \
                        este mult mai bună, după cum ştiu bine călătorii obişnuiţi ai bărcii.";
const TURKISH: &str = "Uzak adalara giden vapur mayısın birinden başlayarak günde iki kez çalışacak, diye açıkladı salı günü \
                       liman müdürlüğü. Biletler iskelede ya da kilisenin yanındaki dükkânda satılıyor, ama kahve orada daha iyi.";
const GREEK: &str = "Το πλοίο για τα μακρινά νησιά θα περνά από την πρώτη Μαΐου δύο φορές την ημέρα, είπε την Τρίτη το λιμεναρχείο. \
                     Εισιτήρια πωλούνται στην προβλήτα ή στο μαγαζί δίπλα στην εκκλησία.";
const HEBREW: &str = "המעבורת לאיים הרחוקים תפליג מראשון במאי פעמיים ביום, מסרה ביום שלישי הנהלת הנמל. כרטיסים נמכרים על הרציף או בחנות \
                      שליד הכנסייה, ושם הקפה טוב יותר.";
const ARABIC: &str = "ستبحر العبارة إلى الجزر البعيدة مرتين في اليوم ابتداء من الأول من مايو، حسب ما أعلن مكتب الميناء يوم الثلاثاء. \
                      تباع التذاكر على الرصيف أو في الدكان قرب الكنيسة.";
const THAI: &str =
    "เรือข้ามฟากไปยังเกาะไกลจะวิ่งวันละสองเที่ยวตั้งแต่วันที่หนึ่งพฤษภาคม สำนักงานท่าเรือแจ้งเมื่อวันอังคาร ตั๋วขายที่ท่าเรือหรือในร้านข้างโบสถ์";
const JAPANESE: &str = "遠い島へ渡る船は五月一日から一日に二回出ることになったと、港の事務所が火曜日に発表した。切符は桟橋か教会のとなりの店で買うことができる。";
const CHINESE: &str = "港务局星期二宣布，开往远处海岛的渡船从五月一日起每天开两班。船票可以在码头或者教堂旁边的商店里买到，那里的咖啡也更好喝。";
const TRADITIONAL: &str = "港務局星期二宣布，開往遠處海島的渡船從五月一日起每天開兩班。船票可以在碼頭或者教堂旁邊的商店裡買到，那裡的咖啡也更好喝。";
const KOREAN: &str = "먼 섬으로 가는 배가 오월 첫날부터 하루에 두 번 다닌다고 항만 사무소가 화요일에 밝혔다. 표는 부두나 교회 옆 가게에서 살 수 있다.";

const GERMAN: &str = "Die Fähre zu den äußeren Inseln fährt ab dem ersten Mai zweimal täglich, sagte die Hafenmeisterin am Dienstag. \
                      Karten gibt es am Kai oder im Laden neben der Kirche, wo sie teurer sind, der Kaffee aber schöner \
                      schmeckt – „das weiß jeder“, so die Fährleute: 5 € für Große.";
const FRENCH: &str = "Le bac vers les îles éloignées passera deux fois par jour dès le 1er mai, a annoncé mardi la capitainerie. Où \
                      acheter un billet ? « À quai », répond l’équipage, ou à l’épicerie près de l’église, où le café est \
                      meilleur : ça coûte cinq euros, voilà. Le maïs, l’œuf, la forêt, le goût, déjà vu, L’Haÿ.";
const FRENCH_CAPITALS: &str = "LE BAC RÉSERVÉ AUX ÎLES ÉLOIGNÉES PASSERA DEUX FOIS À PARTIR DE L’ÉTÉ, A ANNONCÉ LA MAIRIE. FERMÉ À \
                               NOËL. DÉPART ASSURÉ PAR TOUS LES TEMPS, MÊME À LA FÊTE. GARÇONS ET FILLES ÂGÉS DE DIX ANS : GRATUITÉ.";
const SPANISH: &str = "El transbordador a las islas más lejanas saldrá dos veces al día desde el 1.º de mayo, anunció el martes la \
                       capitanía. ¿Dónde se compran los billetes? En el muelle o en la tienda de la señora Muñoz, que está junto a \
                       la iglesia: ¡allí el café es mejor! El pingüino también lo sabrá.";
const PORTUGUESE: &str = "A balsa para as ilhas mais distantes fará duas viagens por dia a partir de maio, informou na terça-feira a \
                          administração. Os bilhetes são vendidos no cais ou na loja ao lado da igreja, onde não há pressa e o \
                          café é melhor; as crianças pagam só metade, às vezes três.";
const ITALIAN: &str = "Il traghetto per le isole più lontane partirà due volte al giorno dal primo maggio, ha detto martedì l’autorità. \
                       I biglietti si comprano sul molo o nella bottega vicino alla chiesa, perché lì il caffè è più buono: \
                       così dirà chiunque, però non di lunedì. Qualità, libertà, virtù.";
const CATALAN: &str = "El transbordador cap a les illes llunyanes sortirà dues vegades al dia, va dir dimarts l’autoritat. Els bitllets \
                       es venen al moll o a la botiga del costat de l’església, on el cafè és més bo: això ho sap tothom, \
                       també la col·lega que hi és de cambrera. Açò, què, país.";
const DUTCH: &str = "De veerboot naar de verre eilanden vaart vanaf één mei twee keer per dag, zei de havenmeester dinsdag. Kaartjes \
                     koop je op de kade of in de winkel, waar de koffie beter is. Financiën, coördinatie, België, ideeën, café, \
                     crème, reünie, vóór, ruïne, zeeën, efficiënt, geïnd.";
const SWEDISH: &str = "Färjan till de yttre öarna går från första maj två gånger om dagen, sade hamnkontoret på tisdagen. Biljetter säljs \
                       på kajen eller i affären bredvid kyrkan, där de är dyrare men kaffet är bättre, som alla på båten vet.";
const DANISH: &str = "Færgen til de fjerne øer sejler fra første maj to gange om dagen, sagde havnekontoret tirsdag. Billetter købes på \
                      kajen eller i købmandens butik ved kirken, hvor de er dyrere, men hvor kaffen også smager bedre på årets \
                      kølige dage. Så går det løs.";
const FINNISH: &str = "Lautta ulkosaarille lähtee vapusta alkaen kahdesti päivässä, satamatoimisto sanoi tiistaina. Häävieraat pääsevät \
                       jääkylmään säähän lippuja ostamatta, sillä hääyöaie tiedetään kylällä. Kirkon vieressä olevassa myymälässä \
                       kahvi on selvästi parempaa, ja sen tietävät myös nämä väsyneet yölliset hyljeälyäjät.";
const ESTONIAN: &str = "Praam kaugetele saartele sõidab esimesest maist kaks korda päevas, ütles teisipäeval sadama ülem. Jäääärne töööö \
                        oli külm. Pileteid müüakse kail või kiriku kõrval asuvas poes, kus kohv on palju parem, nagu põhjasõitjad \
                        väga hästi teavad.";
const ICELANDIC: &str = "Ferjan til fjarlægra eyja siglir frá fyrsta maí tvisvar á dag, sagði hafnarvörðurinn á þriðjudag. Miðar fást á \
                         bryggjunni eða í búðinni við kirkjuna, þar sem þeir eru dýrari en kaffið er miklu betra, eins og allir \
                         vita sem ferðast oft. Ýmsir ætla að róa sjálfir, því að veðrið er gott þó að öldurnar séu háar.";
const ENGLISH: &str = "The ferry to the outer islands – “at last”, as the skipper said – costs £5 or €6 at 20 °C ± 2°, ¼ of what \
                       it’s worth, and takes 3×2 m² of cargo. André Müller, Zoë Nuñez, Søren Ångström and João Conceição wait \
                       at the café. ";

fn encoded(page: &str, name: &str) -> (&'static str, Vec<u8>) {
    let encoding = Encoding::for_label(name.as_bytes()).expect("tests name real encodings");
    let (bytes, encoding, lacks) = encoding.encode(page);
    assert!(!lacks, "{name} lacks a letter of {page}");
    (encoding.name(), bytes.into_owned())
}

fn page(text: &str) -> String {
    let links = "<li><a href='/one/of/many/pages.html'>Pages</a></li>".repeat(20);
    format!(
        "<html><head><meta name=x content=y><script>var letters = 'abc';</script></head><body class=home><ul>{links}</ul>\
         <p>{text}</p></body></html>"
    )
}

#[test]
fn letters_of_no_language_disprove_what_is_declared() {
    for (text, names) in [
        (RUSSIAN, "windows-1251|koi8-r|ibm866|iso-8859-5"),
        (UKRAINIAN, "windows-1251|koi8-u"),
        (POLISH, "iso-8859-2|windows-1250"),
        (CZECH, "iso-8859-2|windows-1250"),
        (HUNGARIAN, "iso-8859-2|windows-1250"),
        (ROMANIAN, "iso-8859-2|windows-1250"),
        (TURKISH, "windows-1254"),
        (GREEK, "windows-1253|iso-8859-7"),
        (HEBREW, "windows-1255"),
        (ARABIC, "windows-1256|iso-8859-6"),
        (THAI, "windows-874"),
        (JAPANESE, "shift_jis|euc-jp|iso-2022-jp"),
        (CHINESE, "gbk"),
        (TRADITIONAL, "big5"),
        (KOREAN, "euc-kr"),
    ] {
        for name in names.split('|') {
            let page = page(&text.repeat(3));
            let (name, bytes) = encoded(&page, name);
            for declared in ["iso-8859-1", "windows-1252", "iso-8859-15"] {
                let decoded = decode(&bytes, Some(&format!("text/html; charset={declared}")));
                assert_eq!(&*decoded.text, page, "{name} declared {declared}: {}", decoded.encoding);
                let note = decoded.notes.join("; ");
                assert!(note.contains("the HTTP header declares"), "{name}: {note}");
            }
        }
    }
}

/// Letters of the first Macintosh under the name of the web's first encoding.
#[test]
fn pages_of_a_macintosh_are_known() {
    for text in [GERMAN, FRENCH, PORTUGUESE, SWEDISH, DANISH] {
        let page = page(&text.repeat(3));
        let (name, bytes) = encoded(&page, "macintosh");
        let decoded = decode(&bytes, Some("text/html; charset=iso-8859-1"));
        assert_eq!((decoded.encoding, &*decoded.text), (name, &*page));
    }
}

#[test]
fn a_western_page_stays_as_declared() {
    let texts = [
        GERMAN,
        FRENCH,
        FRENCH_CAPITALS,
        SPANISH,
        PORTUGUESE,
        ITALIAN,
        CATALAN,
        DUTCH,
        SWEDISH,
        DANISH,
        FINNISH,
        ESTONIAN,
        ICELANDIC,
        ENGLISH,
    ];
    let check = |page: &str| {
        let (name, bytes) = encoded(page, "windows-1252");
        let decoded = decode(&bytes, Some("text/html; charset=iso-8859-1"));
        assert_eq!((decoded.encoding, &*decoded.text, &*decoded.notes), (name, page, &[][..]), "{page}");
    };
    for text in texts {
        check(&page(text));
        check(&page(&text.repeat(30)));
        // Few words of it, as on a page of pictures.
        for word in text.split_whitespace() {
            check(&page(word));
        }
        // Names from elsewhere, signs and a table of letters in a script.
        check(&page(&format!(
            "{text} Þórður, Ðuro, Ýmir, L’Haÿ, Ñandú, Œuvre, Šimic, ¿Qué?, 3 µm ± 2, x³, ¶ 5, §§, »«"
        )));
        let letters = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ";
        check(&page(&format!("{text}<script>var all = '{letters}';</script>")));
        check(&page(&format!("{text}<p>{letters}</p>")));
    }
    // A list of languages, each by its own name.
    check(&page("Deutsch Español Français Português Íslenska Føroyskt Türkçe Čeština".replace('Č', "C").as_str()));
    check(&page(&[GERMAN, FRENCH, SPANISH, SWEDISH, ICELANDIC].join(" ")));
}

#[test]
fn two_bytes_a_character_are_disproved_by_plain_ascii() {
    let page = format!(
        "<!doctype html><html><head><meta charset=utf-8></head><body>{}</body></html>",
        "Plain text. ".repeat(9)
    );
    for declared in ["utf-16", "utf-16le", "utf-16be"] {
        let decoded = decode(page.as_bytes(), Some(&format!("text/html; charset={declared}")));
        assert_eq!((decoded.encoding, &*decoded.text), ("UTF-8", &*page));
        assert!(decoded.notes.iter().any(|note| note.contains("declares UTF-16")), "{:?}", decoded.notes);
    }
    for text in [page.as_str(), RUSSIAN, CHINESE] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = decode(&bytes, Some("text/plain; charset=utf-16le"));
        assert_eq!((decoded.encoding, &*decoded.text), ("UTF-16LE", text));
    }
}
