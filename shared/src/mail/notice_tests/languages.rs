//! The same in every language.

use super::*;

fn write_in(language: Language, kind: NoticeKind, meeting: &Meeting) -> Content {
    let attendee = Attendee { locale: Some(language.tag().to_owned()), ..attendee() };
    notice(kind, meeting, &attendee).write().unwrap()
}

#[test]
fn every_language_says_every_kind_in_its_own_words() {
    let meeting = series(3);
    let kinds = [
        NoticeKind::Invitation,
        NoticeKind::Update,
        NoticeKind::Cancellation,
        NoticeKind::Reminder { date: meeting.dates[0].interval },
    ];
    let said = |language| kinds.map(|kind| write_in(language, kind, &meeting));
    for language in Language::ALL {
        for content in said(language) {
            assert!(content.html.contains(&format!("<html lang=\"{}\">", language.tag())));
            assert!(content.subject.contains("Fire safety, part 1"), "{}", content.subject);
            assert!(content.text.contains("20:30") && content.html.contains("20:30"), "{}", content.text);
            if language != Language::English {
                for english in ["Hello", "When", "meeting", "to come", "starts", "You get"] {
                    assert!(!content.text.contains(english), "{english} in {}", content.text);
                }
            }
        }
    }
    let lines = |language, needles: [&str; 4]| {
        for (content, needle) in said(language).iter().zip(needles) {
            assert!(content.text.contains(needle), "{needle} is not in {}", content.text);
        }
    };
    lines(
        Language::Russian,
        ["Вас приглашают на «Fire", "Предстоит 3 занятия", "не состоится", "начало через 1 час."],
    );
    lines(
        Language::Japanese,
        [
            "Ana 様",
            "次回の日時: 2026年12月1日(火) 20:30〜21:30",
            "は開催されません",
            "は1時間後に開始します。",
        ],
    );
    lines(
        Language::French,
        [
            "Bonjour Ana,",
            "3 dates à venir",
            "La réunion «\u{a0}Fire safety",
            "Quand\u{a0}: mardi 1er décembre",
        ],
    );
    lines(
        Language::Portuguese,
        ["Olá, Ana!", "Próxima data: terça-feira", "3 datas canceladas", "começa em 1 hora."],
    );
    lines(Language::Indonesian, ["Anda diundang", "3 jadwal mendatang", "tidak jadi", "dimulai 1 jam lagi."]);
}

#[test]
fn the_attendees_language_and_zone_win() {
    let (meeting, mut attendee) = (meeting(), attendee());
    let written = |attendee: &Attendee| {
        Notice { locale: "ru", ..notice(reminder(&meeting), &meeting, attendee) }.write().unwrap()
    };
    assert!(written(&attendee).text.starts_with("Здравствуйте, Ana!"));
    attendee.locale = Some("pt-BR".to_owned());
    attendee.time_zone = Some(Tz::America__Sao_Paulo);
    let content = written(&attendee);
    assert_eq!(content.subject, "Lembrete: Fire safety, part 1, ter., 1º de dez., 10:30");
    assert!(content.text.contains("10:30–11:30\nAmerica/Sao Paulo (UTC-03:00)"), "{}", content.text);
    assert!(content.html.contains("America/Sao Paulo (UTC-03:00)"));
}
