//! The wording of mails, one catalogue a language. Nothing else in a mail is English.

/// What mails say in one language.
#[derive(Debug)]
pub struct Words {
    /// The language (BCP 47).
    pub language: &'static str,
    /// The days of the week from Monday, whole.
    pub weekdays: [&'static str; 7],
    /// The days of the week from Monday, short.
    pub weekdays_short: [&'static str; 7],
    /// The months, whole.
    pub months: [&'static str; 12],
    /// The months, short.
    pub months_short: [&'static str; 12],
    /// A date: weekday, day, month, year.
    pub date: fn(&str, u32, &str, i32) -> String,
    /// A date and time in few letters: weekday, day, month, time.
    pub moment_short: fn(&str, u32, &str, &str) -> String,
    /// So many minutes from now.
    pub in_minutes: fn(i64) -> String,
    /// So many hours and minutes from now.
    pub in_hours: fn(i64, i64) -> String,
    /// Later on the same day.
    pub today: &'static str,
    /// On the next day.
    pub tomorrow: &'static str,
    /// So many days from now.
    pub in_days: fn(i64) -> String,
    /// The subject of a reminder: topic, date and time.
    pub reminder_subject: fn(&str, &str) -> String,
    /// The greeting of one whose name is known.
    pub greeting: fn(&str) -> String,
    /// The greeting of one whose name is not known.
    pub greeting_without_name: &'static str,
    /// What stands in small letters above a reminder's topic: the countdown.
    pub starts: fn(&str) -> String,
    /// What a reminder says first: topic, countdown.
    pub topic_starts: fn(&str, &str) -> String,
    /// The label of date and time.
    pub when: &'static str,
    /// The label of the host's name.
    pub host: &'static str,
    /// The label of the passcode.
    pub passcode: &'static str,
    /// The label of the meeting's number.
    pub meeting_number: &'static str,
    /// The heading of the agenda.
    pub agenda: &'static str,
    /// The button to a meeting.
    pub join_meeting: &'static str,
    /// The button to a webinar.
    pub join_webinar: &'static str,
    /// What stands before the link, where the button does not work.
    pub link: &'static str,
    /// Why one gets this mail.
    pub because: &'static str,
}

impl Words {
    /// The words for a reader of `locale` (BCP 47); English where there are none of that language.
    pub fn of(locale: &str) -> &'static Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let speaks = |words: &&&'static Self| words.language.eq_ignore_ascii_case(language);
        CATALOGUE.iter().find(speaks).copied().unwrap_or(&ENGLISH)
    }
}

static CATALOGUE: [&Words; 1] = [&ENGLISH];

static ENGLISH: Words = Words {
    language: "en",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    date: |weekday, day, month, year| format!("{weekday}, {day} {month} {year}"),
    moment_short: |weekday, day, month, time| format!("{weekday} {day} {month}, {time}"),
    in_minutes: |minutes| format!("in {}", english_count(minutes, "minute")),
    in_hours: |hours, minutes| match minutes {
        0 => format!("in {}", english_count(hours, "hour")),
        _ => format!("in {} {}", english_count(hours, "hour"), english_count(minutes, "minute")),
    },
    today: "today",
    tomorrow: "tomorrow",
    in_days: |days| format!("in {}", english_count(days, "day")),
    reminder_subject: |topic, moment| format!("Reminder: {topic}, {moment}"),
    greeting: |name| format!("Hello {name},"),
    greeting_without_name: "Hello,",
    starts: |countdown| format!("Starts {countdown}"),
    topic_starts: |topic, countdown| format!("\u{201c}{topic}\u{201d} starts {countdown}."),
    when: "When",
    host: "Host",
    passcode: "Passcode",
    meeting_number: "Meeting ID",
    agenda: "Agenda",
    join_meeting: "Join the meeting",
    join_webinar: "Join the webinar",
    link: "If the button does not work, open this link:",
    because: "You get this mail because you are listed among the attendees.",
};

fn english_count(count: i64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_without_words_is_written_to_in_english() {
        for locale in ["en", "EN-gb", "pt-BR", "", "_"] {
            assert_eq!(Words::of(locale).language, "en");
        }
    }
}
