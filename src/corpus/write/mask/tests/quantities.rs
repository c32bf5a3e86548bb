//! Dates, quantities and numbers of chapters, which look like personal data, beside data that look like them.

use super::{check, stays};
use crate::corpus::write::mask::{Mask, mask};

#[test]
fn spans_of_dates_are_no_numbers_to_call() {
    for text in [
        "03/2019 - 05/2021",
        "05/2023-07/2024",
        "01.2020 - 12.2021",
        "06.1998–09.2003",
        "05.1798 - 09.1803",
        "01.-05.06.2024",
        "vom 01.-31.12.2024",
        "Ausstellung 01.02.-05.06.2024 im Rathaus",
        "05.04.-14.04.2025",
        "07./08.09.2024",
        "08.06.-09.06.24",
        "01.02.-03.02. 2024",
        "03/05 - 12/06/2024",
        "du 03/05/24 - 12/06",
        "01/15-02/28/2024",
        "01-02/05/2024",
        "01. 02. 2024 03. 04. 2024",
        "Termine: 03.02. 05.03. 07.04.2024",
        "04 2019 - 05 2020",
        "(05.1930-04.1999), (03 2019-05 2020)",
        "No. 02 (2019) 123-130",
        "season 08/09 - 2010/11",
        "Ep. 03 2019-2020",
        "since 09/11 2001 1200",
        "02.-04.07. 19.00",
        "03.10. 0930-1130",
        "2003年03月 - 05/2021",
        "с 03/2019 - 05/2021 по",
    ] {
        stays(text);
    }
    for text in [
        "0171 2019 345",
        "030 2012 4567",
        "02-2019-1234",
        "03-2010-2011",
        "06.12.34.56.78",
        "06/12.34.56.78",
        "06 12 11 10 09",
        "06.12.11.10.09",
        "0475/12.34.56",
        "0475 12 34 56",
        "020 1999 2004 12",
        "0511 2012-0",
        "(02) 2019 1234",
        "+49 2012 1999",
        "+44 1904 12 12 12",
        "0 (212) 123 45 67",
        "03(1920)2020",
        "045(1920)2010",
        "0212 (2012) 1234",
        "02 2011 2020",
        "02 (2011) 2020",
        "01 30 20 2011",
    ] {
        check(&format!("Ring {text} now"), "Ring [phone] now");
    }
    // A word that says so is believed of what could be a day, too.
    check("Tel. 02 2010 12 12, тел. 02.03.04.05.06", "Tel. [phone], тел. [phone]");
    stays("Phone 03/2019 - 05/2021, fax 1843 1865 1902");
}

#[test]
fn quantities_behind_words_for_phones_stay() {
    for text in [
        "GSM 850/900/1800/1900 MHz",
        "GSM: 900/1800 MHz",
        "UMTS 900 2100, GSM 850 900 1800 1900",
        "mobile 120 000 000 users",
        "mobile: 75.000.000 Nutzer",
        "WhatsApp: 2 000 000 000 Nutzer, WhatsApp 2 500 000",
        "Telefon 12 000 000 Anschlüsse",
        "teléfono: 12 345 000 usuarios, телефон: 12 345 000 абонентов",
        "phone: 6000000 sold, Tel. 12 000 000 users",
        "Cell 178 (2019) 1234",
        "cell 12 345 000 of the table, cell 1000000000",
        "handy 2 000 000",
        "fax 300 1200 2400, GSM 850/900/1900, GSM 850 900 1900",
        "results 04 12 18 27 33",
        "fon 12 000 000 lira, contact 120 000 000 people",
        "contact 1234567890123, Fon 123456789 TL, Fon: 123456789 TL",
    ] {
        stays(text);
    }
    for text in [
        "GSM: 0475 12 34 56",
        "gsm 475 12 34 56",
        "mobile 0400 500 600",
        "Mobile: 555 123 4567",
        "mobile 9123 4567",
        "mobil: 601 234 567",
        "Cell 5551234",
        "cell: 082 123 4567",
        "Handy 0151 2000000",
        "WhatsApp 079 123 45 67",
        "WhatsApp: 5512345678",
        "phone 555-0123",
        "phone 6123 4567",
        "Phone: 1 800 300 4000",
        "Telefon: 12 345 678",
        "Tel. 601 234 567",
        "Tel. 800 000 000",
        "телефон 495 123-45-67",
        "電話 6123 4567",
        "휴대전화 010-2000-3000",
        "tel +49 30 2000000",
        "fax 030 2000 3000",
        "Fon 0301234567",
        "tel. kom. 601 234 567",
        "Contact No: 9876543210",
        "Contact: 9876543210",
        "tel 200 300 400",
        "Mobil 600 700 800",
        "mobile 900 100 200",
        "handy 100 200 300",
        "GSM 600 700 800",
        "phone 800 500 1200",
        "Mobile: 9876000000",
        "mobile 9876000000",
        "Phone 2049-8987",
        "WhatsApp 2012 1234",
        "GSM 98 123 456",
        "Phone: 8700-6050",
        "mobile 3 123 456",
    ] {
        let lead = &text[..text.find(|c: char| c.is_ascii_digit() || c == '+').expect("it has a number")];
        check(text, &format!("{lead}[phone]"));
    }
    // Whom it is for follows a number, too.
    check("Tel. 91 123 45 67 clientes, tel. 040 1234567 customers", "Tel. [phone] clientes, tel. [phone] customers");
    check("phone 8005551234 lines open 24/7", "phone [phone] lines open 24/7");
    check(
        "Tel. 5551234567 calls cost 10p, Tel: 555123456 people answer",
        "Tel. [phone] calls cost 10p, Tel: [phone] people answer",
    );
    check("Tel. 600 100 200 € 0.10/min", "Tel. [phone] € 0.10/min");
}

#[test]
fn numbers_in_brackets_of_other_forms_are_masked_whole() {
    check("Rufen Sie (0 61 51) 16 12 34 an", "Rufen Sie [phone] an");
    check("Telefon (0 61 51) 16 12 34", "Telefon [phone]");
    check("at +(49) 30 1234567, or", "at [phone], or");
    for text in [
        "(0 1 2) 16 12 34",
        "f(0 61 51) 16",
        "(0 61) 16 12 34 5",
        "x+(12) 345",
        "(0 61 51) items",
        "intervals (0 15 30) 45 60 75 90",
        "steps (0 20 40) 60 80 95",
        "3 +(12) 345678901, x +(12) 345678901, = +(12) 345678901",
    ] {
        stays(text);
    }
}

#[test]
fn numbers_of_chapters_are_no_machines() {
    for text in [
        "3.4.2.1 Scope of the rules",
        "4.12.3.1 Requirements, see 12.4.1.2",
        "table 3.2.1.4 shows, clause 7.1.2.3, requirement 3.2.1.5",
        "appendix 14.2.1.7, Figure 4.12.3.1, item 1.10.11.12",
        "paragraph 23.1.2.3, Nr. 12.34.56.78, Tabelle 3.2.1.44",
        "Abschnitte 3.4.2.1-3.4.2.9, рис. 3.2.1.4, 第3.2.1.4条",
        "2.0.0.1 release, the 45.40.33.12 release",
        "on 12.12.12.12 they met",
        "upgrade to 5.4.0.42 today",
        "score 1.2.3.4",
        "the relationship 3.4.2.1, chip 3.4.2.1, iPhone 3.4.2.1",
        "Table (3.2.1.4), item (3.2.1.4), upgrade from 5.4.0.42, as required by 3.4.2.1",
        "from 5.4.0.42 to 5.4.1.3",
    ] {
        stays(text);
    }
    for (text, expected) in [
        ("IP address 5.9.12.4, dirección IP: 5.9.12.4", "IP address [ip], dirección IP: [ip]"),
        ("IP-Adresse 5.9.12.4, адрес 5.9.12.4", "IP-Adresse [ip], адрес [ip]"),
        ("server 5.9.12.4 and ping 5.9.12.4", "server [ip] and ping [ip]"),
        ("http://5.9.12.4/x, 5.9.12.4:8080, 5.9.12.4/24", "http://[ip]/x, [ip]:8080, [ip]/24"),
        ("5.9.12.4 - - [10/Oct/2000]", "[ip] - - [10/Oct/2000]"),
        ("5.9.12.4 (talk) wrote", "[ip] (talk) wrote"),
        ("host 5.9.12.4-5.9.12.8", "host [ip]-[ip]"),
        ("wrote 203.0.114.7 at noon, 45.83.64.1", "wrote [ip] at noon, [ip]"),
        ("redirigido para 45.83.64.1, no 45.83.64.1", "redirigido para [ip], no [ip]"),
        ("8.8.8.8", "[ip]"),
        ("IP nummer: 83.112.45.167, Adresse IP n° 83.112.45.167", "IP nummer: [ip], Adresse IP n° [ip]"),
        ("IP nummer: 83.12.45.67, Adresse IP n° 5.9.12.14", "IP nummer: [ip], Adresse IP n° [ip]"),
        ("item 203.44.5.66, № 83.112.45.167", "item [ip], № [ip]"),
        ("(5.9.12.14), [5.9.12.14], from 5.9.12.14", "([ip]), [[ip]], from [ip]"),
        ("edits by 5.9.12.14", "edits by [ip]"),
        ("blocked 5.9.12.14", "blocked [ip]"),
        ("banned users: 5.9.12.14", "banned users: [ip]"),
        ("sourceIP 5.9.12.14", "sourceIP [ip]"),
        ("IP地址：5.9.12.14", "IP地址：[ip]"),
        ("client_ip=5.9.12.14", "client_ip=[ip]"),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_number_to_call_is_no_machine_where_only_these_are_masked() {
    let kinds = Mask::parse(&["ip".to_owned()]).expect("it is known");
    for (text, expected) in [
        ("Teléfono: 93.123.45.67", "Teléfono: 93.123.45.67"),
        ("Tel. 93.123.45.67, IP 93.123.45.67", "Tel. 93.123.45.67, IP [ip]"),
        ("phone: 203.0.114.7", "phone: [ip]"),
        ("VoIP phone 85.214.132.11, phone 85.214.32.11", "VoIP phone [ip], phone [ip]"),
        ("VoIP-Telefon 85.214.32.11, Telefon 85.214.132.11", "VoIP-Telefon [ip], Telefon [ip]"),
    ] {
        assert_eq!(mask(text, &kinds, &mut Default::default()), expected);
    }
    check("Teléfono: 93.123.45.67", "Teléfono: [phone]");
}

#[test]
fn mail_is_masked_where_its_sign_is_spelled_in_brackets() {
    for text in [
        "info(at)firma.de",
        "info (at) firma.de",
        "info[at]firma[dot]de",
        "info [at] firma [dot] de",
        "jane.doe[AT]mail (dot) example {dot} org",
        "kontakt{at}firma(punkt)de",
        "müller(ät)firma.de",
        "INFO (AT) FIRMA.DE",
        "contact (AT) domain (DOT) com",
        "jane (at) firma (punkt) de",
        "jane_doe [at] firma.de",
        "jd42(at)firma.de",
        "john(at)mail-host.org",
        "anna-lena[at]firma.de",
    ] {
        check(&format!("Schreib an {text}, danke."), "Schreib an [email], danke.");
    }
    check("john [at] mail-host.org", "[email]");
    check("Mail: ada {at} firma.de", "Mail: [email]");
    check("Fon 7\nMail: ada {at} firma.de\njohn [at] firma.de\nEnd", "Fon 7\nMail: [email]\n[email]\nEnd");
    for text in [
        "Wien(AT)shop.example, Wien(at)shop.example, wien(AT)shop.example",
        "look (at)shop.example, look(at) shop.example, x(at)shop.example",
        "He works [at] shop.example",
        "Look [at] shop.example",
        "works [at] shop.example too",
        "buy (at) shop.example",
        "Note: buy (at) shop.example",
        "jane at example dot com",
        "meet (at) noon",
        "Look [at] this. It is [dot] matrix",
        "a(at)b",
        "f(at).x and x[at] = y.z",
        "price (at) 3.50, 12 (at) 4.5",
        "see (at) www and [dot]",
        "(at)firma.de",
        "the item{at}list.size of each, a value{at}index.name",
        "the bar (atlas.example)",
        "Vienna (AT) example.org, Wien [AT] www.example.org",
        "prices [at] shop.example.com are low",
        "buy it (at) shop.example.de now, PS5 (at) shop.example.de",
        "Available (at) www.shop.example, info (at) www.shop.example",
        "Berlin[at]night.club",
    ] {
        stays(text);
    }
}
