//! Dates as they are written.

use gleaner::extract::metadata::dates::{Order, find, machine};

fn found(text: &str, order: Order) -> String {
    machine(text, order).map(|date| date.to_string()).unwrap_or_default()
}

#[test]
fn dates_for_machines() {
    let cases = [
        ("2024-06-19T08:30:00+02:00", "2024-06-19T08:30:00+02:00"),
        ("2024-06-19T08:30:00.123Z", "2024-06-19T08:30:00Z"),
        ("2024-06-19 08:30:00 -0400", "2024-06-19T08:30:00-04:00"),
        ("2024-06-19T08:30", "2024-06-19T08:30:00"),
        ("2024-06-19", "2024-06-19"),
        ("20240619", "2024-06-19"),
        ("20240619083000", "2024-06-19"),
        ("2024/6/9", "2024-06-09"),
        ("2024-06", "2024-06"),
        ("2024", "2024"),
        ("1718785800", "2024-06-19T08:30:00Z"),
        ("1718785800000", "2024-06-19T08:30:00Z"),
        ("Wed, 19 Jun 2024 08:30:00 GMT", "2024-06-19T08:30:00Z"),
        ("Wed Jun 19 2024 08:30:00 GMT+0200 (CEST)", "2024-06-19T08:30:00+02:00"),
        ("Wed Jun 19 08:30:00 2024", "2024-06-19T08:30:00"),
        ("2024-02-30", ""),
        ("2024-13-01", ""),
        ("0000-00-00", ""),
        ("1.2.3", ""),
        ("12345", ""),
        ("", ""),
    ];
    for (text, want) in cases {
        assert_eq!(found(text, Order::Unknown), want, "{text}");
    }
}

#[test]
fn dates_for_readers() {
    let cases = [
        ("June 19th, 2024 at 8:30 pm EDT", "2024-06-19T20:30:00-04:00"),
        ("Published: Jun. 19, 2024, 8:30 a.m.", "2024-06-19T08:30:00"),
        ("19 June 2024", "2024-06-19"),
        ("Wednesday, 19 June, 2024", "2024-06-19"),
        ("the 19th of June 2024", "2024-06-19"),
        ("19-Jun-2024", "2024-06-19"),
        ("June 2024", "2024-06"),
        ("19. Juni 2024, 08:30 Uhr", "2024-06-19T08:30:00"),
        ("Mittwoch, 19. März 2024", "2024-03-19"),
        ("le 19 août 2024 à 10h30", "2024-08-19T10:30:00"),
        ("1er janvier 2024", "2024-01-01"),
        ("19 de junio de 2024", "2024-06-19"),
        ("19 giugno 2024", "2024-06-19"),
        ("19 de março de 2024", "2024-03-19"),
        ("19 juni 2024", "2024-06-19"),
        ("19 czerwca 2024", "2024-06-19"),
        ("19 июня 2024 г., 08:30", "2024-06-19T08:30:00"),
        ("19. června 2024", "2024-06-19"),
        ("19 Haziran 2024", "2024-06-19"),
        ("2024年6月19日", "2024-06-19"),
        ("２０２４年６月１９日", "2024-06-19"),
        ("2024년 6월 19일", "2024-06-19"),
        ("令和6年6月19日", "2024-06-19"),
        ("民國113年6月19日", "2024-06-19"),
        ("2024年6月19日 08時30分", "2024-06-19T08:30:00"),
        ("19.6.2024", "2024-06-19"),
        ("19.06.24", "2024-06-19"),
        ("25/12/2023", "2023-12-25"),
        ("12/25/2023", "2023-12-25"),
        ("mar. 19 juin 2024", "2024-06-19"),
        ("June 19", "--06-19"),
        ("version 2.0.24 of 19 June 2024", "2024-06-19"),
        ("3 days ago", ""),
        ("call 555-1234-99", ""),
    ];
    for (text, want) in cases {
        assert_eq!(find(text, Order::Unknown).map(|date| date.to_string()).unwrap_or_default(), want, "{text}");
    }
}

/// Where day and month could be exchanged the page's language decides, else only the year is known.
#[test]
fn no_day_is_guessed() {
    let cases = [
        ("en-US", "2024-03-04"),
        ("en-GB", "2024-04-03"),
        ("de", "2024-04-03"),
        ("en", "2024"),
        ("", "2024"),
        ("ja", "2024"),
    ];
    for (language, want) in cases {
        assert_eq!(found("3/4/2024", Order::of_language(language)), want, "{language}");
    }
    assert_eq!(found("5/5/2024", Order::Unknown), "2024-05-05");
    assert_eq!(found("3.4.2024", Order::MonthFirst), "2024-04-03");
}

#[test]
fn any_text_ends() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let parts = [
        "2024",
        "19",
        "6",
        "June",
        "/",
        "-",
        ".",
        ":",
        " ",
        "T",
        "Z",
        "+",
        "年",
        "月",
        "日",
        "令和",
        "元",
        "pm",
        "é",
        "９",
        "000000000000000",
        "(",
        "1er",
    ];
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text.push_str(parts[(seed % parts.len() as u64) as usize]);
        }
        let _ = found(&text, Order::DayFirst);
    }
}
