//! What is masked, and what only looks like it.

mod quantities;

use super::{Mask, mask, mask_markdown};

fn all() -> Vec<(&'static str, Mask)> {
    Mask::parse(&["email", "phone", "ip", "iban", "card"].map(str::to_owned)).expect("all are known")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(mask(text, &all(), &mut Default::default()), expected);
}

#[track_caller]
fn stays(text: &str) {
    check(text, text);
}

#[test]
fn marks_hide_nothing_in_markdown() {
    for (markdown, expected) in [
        (r"Write to \_jo\_@example.org or \_\_init\_\_@example.org.", "Write to [email] or [email]."),
        ("Für „jo@example.org“ am 3. März — é", "Für „[email]“ am 3. März — é"),
        (r"jo@*example*.org and jo\*doe@example.org", "[email] and [email]"),
        ("Call +49 **30** 1234567 now", "Call [phone] now"),
        ("Call **+49 30 1234567** now", "Call **[phone]** now"),
        ("**write to jo@exam**ple.org", "**write to [email]**"),
        ("jo@exam**ple.org is it**", "**[email] is it**"),
        ("<strong>jo@exam</strong>ple.org, <em>jo</em>@example.org", "<strong>[email]</strong>, <em>[email]</em>"),
        (
            "jo@[example.org](https://example.org/~jo) *and* `jo@example.org`",
            "[[email]](https://example.org/~jo) *and* `[email]`",
        ),
        (
            "[write](mailto:jo@example.org) or [030 1234567](tel:+49301234567)",
            "[write](mailto:[email]) or [[phone]](tel:[phone])",
        ),
        ("| 8.8.**8**.8 | 030<br>1234567 |\n", "| [ip] | [phone] |\n"),
        ("```\na \\_ *b* jo@example.org\n```\n*jo*@example.org", "```\na \\_ *b* [email]\n```\n*[email]*"),
        (
            r"\*no\* mark \[is\] lost\. **12** [a](b) `*` <br> 1 < 2",
            r"\*no\* mark \[is\] lost\. **12** [a](b) `*` <br> 1 < 2",
        ),
        ("](x **a* ``b` [1", "](x **a* ``b` [1"),
    ] {
        assert_eq!(mask_markdown(markdown, &all()), expected, "{markdown}");
    }
}

#[test]
fn personal_data_are_masked() {
    check("Write to jo.doe+x@mail.example.org.", "Write to [email].");
    check("IBAN DE89 3704 0044 0532 0130 00, BIC", "IBAN [iban], BIC");
    check("GB82WEST12345698765432", "[iban]");
    check("card 4111 1111 1111 1111!", "card [card]!");
    check("from 8.8.8.8 and 2001:4860:4860::8888", "from [ip] and [ip]");
    check("call +44 20 7946 0958 or (030) 1234 5678", "call [phone] or [phone]");
}

#[test]
fn letters_without_spaces_stand_beside_personal_data() {
    check("メールはtaro@example.jpまで", "メールは[email]まで");
    check("電話03-1234-5678へ。", "電話[phone]へ。");
    check("card番号4111111111111111です", "card番号[card]です");
    check("お問い合わせ：０３（１２３４）５６７８", "お問い合わせ：[phone]");
    check("메일은 kim@example.kr로, 전화는 010-1234-5678로", "메일은 [email]로, 전화는 [phone]로");
    check("联系电话：13812345678。", "联系电话：[phone]。");
    check("来自203.0.114.7的用户", "来自[ip]的用户");
    check("هاتف: ٠١٢٣٤٥٦٧٨٩٠", "هاتف: [phone]");
}

#[test]
fn names_of_mail_are_masked_whole() {
    check("müller@example.de und user@münchen.de", "[email] und [email]");
    check("почта@пример.рф", "[email]");
    check("see /contact/alice@example.com", "see /contact/[email]");
    check("o'brien@example.ie, 'jo@example.org'", "[email], '[email]'");
    check("mailto:?to=%20jo@example.org&cc=a.b@example.co.uk", "mailto:?to=%[email]&cc=[email]");
    check("Ann <ann@example.org>; bob@mail.example.museum.", "Ann <[email]>; [email].");
    check("x*y@example.org, foo~bar@example.org, foo#1@example.org", "[email], [email], [email]");
    check("_foo_@example.org, *jo@example.org*", "[email], *[email]*");
    check("\"john smith\"@example.com, \"jo@example.org\"", "[email], \"[email]\"");
}

#[test]
fn numbers_are_masked_in_the_forms_of_their_countries() {
    for text in [
        "+4930123456789",
        "+49 (0) 30 / 123 45 67",
        "00 49 30 1234567",
        "06 12 34 56 78",
        "030/1234567",
        "030\u{a0}1234‑567",
        "0171-234 56 78",
        "555-123-4567",
        "212.555.0123",
        "1-800-555-0199",
        "8 916 123-45-67",
        "(0124) 4567-890",
        "(555) 123-4567",
        "(11) 91234-5678",
    ] {
        check(text, "[phone]");
        check(&format!("Call {text}, or write."), "Call [phone], or write.");
    }
    check("Tel.+4930123456789, Tel: 4567890, fax no. 01234567", "Tel.[phone], Tel: [phone], fax no. [phone]");
    check(
        "Tlf. 912 34 56 78, dial 18005550199, phone numbers: 01 23 45 67 89",
        "Tlf. [phone], dial [phone], phone numbers: [phone]",
    );
    check("Call 212 555 0147 now, or dial 1 800 555 0199.", "Call [phone] now, or dial [phone].");
    check("These numbers: 030 1234567; +1 212 555 0147, 5 times", "These numbers: [phone]; [phone], 5 times");
    check("To order: 030 1234567, part two 0171 2345678", "To order: [phone], part two [phone]");
    check("030 1234567,0171 2345678", "[phone],[phone]");
    check("030 1234567 / 0171 7654321", "[phone] / [phone]");
}

#[test]
fn accounts_and_machines_are_masked_beside_other_numbers() {
    check("code 7 5500000000000004 12/27", "code 7 [card] 12/27");
    check("3782 822463 10005 and 6011-1111-1111-1117", "[card] and [card]");
    check("Cel: 1 500 000 zł, mob 1000000, sms 2 000 000", "Cel: 1 500 000 zł, mob 1000000, sms 2 000 000");
    check("mask 255.255.255.0 of 255.255.0.255", "mask 255.255.255.0 of 255.255.0.255");
    check(
        "Mob. 9876543210, Cel. 300 123 4567, celular 3001234567, SMS: 07700900123",
        "Mob. [phone], Cel. [phone], celular [phone], SMS: [phone]",
    );
    check("from 8.8.8.8:443 and http://8.8.4.4/x", "from [ip]:443 and http://[ip]/x");
    check("[2a00:1450:4001:82f::200e]:443", "[[ip]]:443");
    check("iban de89370400440532013000", "iban [iban]");
    check("DE89370400440532013000BIC:COBADEFF", "[iban]BIC:COBADEFF");
    check("from 198.51.99.0/24", "from [ip]/24");
    check("Adresse:2a00:1450:4001:82f::200e, source:2a00:1450::1", "Adresse:[ip], source:[ip]");
}

#[test]
fn what_stands_beside_its_like_is_masked_too() {
    check("4111 1111 1111 1111 5555 5555 5555 4444", "[card] [card]");
    check("2024 4111 1111 1111 1111, 4111 1111 1111 1111 2026", "2024 [card], [card] 2026");
    check("4111-1111-1111-1111 0826", "[card] 0826");
    check("2200 0000 0000 0004, 2201382000000013", "[card], [card]");
    check("212-555-0187 212-555-0188", "[phone] [phone]");
    check("212-555-0187 212-555-0188 212-555-0189.", "[phone] [phone] [phone].");
    check("01 42 68 53 00 01 42 68 53 01", "[phone] [phone]");
    for mark in ["-", "/", ",", "–"] {
        check(&format!("8.8.4.4{mark}8.8.4.8"), &format!("[ip]{mark}[ip]"));
    }
    check("8.8.4.4,8.8.4.5,8.8.4.8", "[ip],[ip],[ip]");
}

#[test]
fn numbers_with_a_zero_for_callers_at_home_are_masked_whole() {
    for text in [
        "+44 (0)20 7946 0958",
        "+44 (0) 20 7946 0958",
        "0044 (0)20 7946 0958",
        "+44 (0)20-7946-0958",
        "+41 (0)44 123 45 67",
        "8(495)1234567",
        "8 (495) 123-4567",
        "+39 06 6982",
    ] {
        check(text, "[phone]");
        check(&format!("Call {text}, or write."), "Call [phone], or write.");
    }
    check("appelez le 0612345678, मोबाइल 9876543210", "appelez le [phone], मोबाइल [phone]");
    check("+44 20 7946 0958 0171 2345678", "[phone] [phone]");
    check("Tel. 011 54 20 12 45 - 011 54 20 13 46", "Tel. [phone] - [phone]");
    for text in
        ["0044 20 7946 0018", "00 44 20 7946 0018", "011 44 20 7946 0018", "001 212 555 0187", "0033 1 42 68 53 00"]
    {
        check(&format!("Ring {text} now"), "Ring [phone] now");
    }
}

#[test]
fn what_only_looks_like_them_stays() {
    for text in [
        "call 1000000 customers, dial 20240101",
        "350 425 1024 and 236 412 1998",
        "01/02/2003 04:05 and 01/02/2003 - 03/02/2003",
        "01 02 03 04 05 06 07 08 09",
        "ISBN 0-306-40615-2, 0-19-852663-6, ISBN-13: 978-0-306-40615-7, 080442957X",
        "ISBN 0306406152; ISBN-10 0 306 40615 2",
        "2010 2011 2012 2013 4000 4500 5000 5500",
        "population +100 000 000, 1 000 000 000",
        "Nature (1998) 23 145-150678",
        "0.25 0.125 0.0625 0.03125",
        "EAN 4006381333931, 1700000000000",
        "version 4.1.2.3, Section 3.2.1.4, Chrome/120.1.2.3, 10.0.0.0 and 5.0.0.0",
        "[Section 7.8.2.1](x), ?sid=09/01/02/1546214, 012 013 023 123",
        "03/03/2026 19:44, (2025-11-01 15:15:18), ?variant=43594229809372, # CP.HB.00000927.01",
        "1. e4 e5 2. Nf3 Nc6 0-0 0-0-0 1/2-1/2 6-0 0-6 7-6",
        "€ 1.299,00, $0.99, 12:30:45, 2024-06-19T08:30:00+02:00, 100%",
        "std::add::bed, a::b and @media (min-width: 0px), x@2x.png, foo@1.2.3",
        "2019-2024 phone: 2019-2024",
        "GB12 THE WORDS OF A TITLE IN CAPITALS",
        "ABC-0301-234567 and https://a.example/030-1234-567/4111111111111111",
        "DE89 3704 0044 0532 0130 01",
        "4111 1111 1111 1112",
        "version 1.2.3 of 127.0.0.1, at 12:30:45, 192.168.0.1",
        "on 01.02.2024 10:30 in 2024-06-19",
        "a@b, @name, x@y.1, 0.123456789012",
        "1,000,000 000",
        "git@github.com:foo/bar.git",
        "The range (100) 200-3000 units, sizes 200 300 4000",
        "a = +1234567890; a profit of +1 234 567 890 yen",
        "Part no. 06-1234-5678, order number 030 1234567, Artikelnummer: 030 1234567, Artikel-Nr. 030/1234567",
        "Winning numbers: 01 23 45 67 89",
        "Office 16.0.1.2, OID 1.3.6.1, 2.4.1.0",
        "fe80::1, fe80::1ff:fe23:4567:890a%eth0 and fd12:3456:789a::1",
        "4111 1111 1111 1111 3000 4000, 2500 4111 1111 1111 1111",
        "1 234 5678901, 8-495-1234567, +39 06 69",
        "firmware version 8.8.4.4-8.8.4.8, Kernel 5.4.0.42/5.4.0.43, Firefox/8.8.4.4-9.8.4.4",
        "ünï 0",
    ] {
        check(text, text);
    }
}
