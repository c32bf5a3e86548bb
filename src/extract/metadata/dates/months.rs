//! Names of months in the languages that most pages are written in.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::extract::memo::Known;

/// For each month its names, parted by spaces: full, inflected and short, lower case, without marks on Latin letters.
/// Names that mean different months in two languages (`listopad`) stand for the more widely written one.
const NAMES: [&str; 12] = [
    "january jan januar janner janvier janv enero ene gennaio gen janeiro januari styczen stycznia sty января январь янв \
     leden ledna ianuarie ocak tammikuu tammikuuta ιανουαριου ιανουαριος ιαν january jänner sijecnja januara január ian led sijecanj jaan",
    "february feb februar fevrier fevr fev febrero febbraio fevereiro februari luty lutego lut февраля февраль фев \
     unor unora februarie subat helmikuu helmikuuta φεβρουαριου φεβρουαριος φεβ veljace februara feber febr",
    "march mar marz maerz mrz mars marzo março marco maart mrt marzec marca марта март мар brezen brezna martie mart \
     maaliskuu maaliskuuta μαρτιου μαρτιος ozujka marts marec marcius",
    "april apr avril avr abril abr aprile aprill kwiecien kwietnia kwi апреля апрель апр duben dubna aprilie nisan \
     huhtikuu huhtikuuta απριλιου απριλιος απρ travnja aprila aprilis",
    "may mai mayo maggio mag maio mei maj maja мая май kveten kvetna mayis toukokuu toukokuuta μαιου μαιος svibnja maja majus",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze июня июнь июн cerven cervna iunie haziran \
     kesakuu kesakuuta ιουνιου ιουνιος ιουν lipnja juna junius",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip июля июль июл cervenec cervence iulie temmuz \
     heinakuu heinakuuta ιουλιου ιουλιος ιουλ srpnja jula julius",
    "august aug aout agosto ago augustus sierpien sierpnia sie августа август авг srpen srpna agustos elokuu elokuuta \
     αυγουστου αυγουστος αυγ kolovoza avgust augusta augusztus",
    "september sep sept septembre septiembre setiembre set settembre setembro wrzesien wrzesnia wrz сентября сентябрь сен сент \
     zari septembrie eylul syyskuu syyskuuta σεπτεμβριου σεπτεμβριος σεπ rujna septembra szeptember",
    "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz октября октябрь окт \
     rijen rijna octombrie ekim lokakuu lokakuuta οκτωβριου οκτωβριος οκτ oktobra",
    "november nov novembre noviembre novembro listopad listopada lis ноября ноябрь ноя нояб listopadu noiembrie kasim \
     marraskuu marraskuuta νοεμβριου νοεμβριος νοε studenoga novembra",
    "december dec dezember dez decembre dicembre dic diciembre dezembro grudzien grudnia gru декабря декабрь дек \
     prosinec prosince decembrie aralik joulukuu joulukuuta δεκεμβριου δεκεμβριος δεκ prosinca decembra desember des",
];

/// The month a word names, 1 to 12, whatever its case.
pub fn month(word: &str) -> Option<u8> {
    static KNOWN: LazyLock<Known<u8>> = LazyLock::new(|| {
        let months = NAMES.iter().zip(1u8..);
        let names = months.flat_map(|(names, month)| names.split_ascii_whitespace().map(move |name| (name, month)));
        Known::new(names, |first, _| first)
    });
    let folded = fold(word);
    if folded.len() < 3 { None } else { KNOWN.get(folded.as_bytes()) }
}

/// Lower case without marks; the Turkish dotless i as i, ł as l.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = |c: char| match c {
        'ł' => 'l',
        'ı' => 'i',
        other => other,
    };
    let marked = |c: &char| !('\u{300}'..='\u{36f}').contains(c);
    word.to_lowercase().nfd().filter(marked).map(plain).collect::<String>().nfc().collect()
}
