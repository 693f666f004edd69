//! Reads iCalendar as a client does, with a parser that is not the one that wrote it, and tells the dates
//! that a client shows: by the rules of RFC 5545, with the zone's offsets from the object itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use icalendar::parser::{self, ParseString, read_components, unfold};

/// A component, and what stands in it.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) properties: Vec<Property>,
    pub(crate) components: Vec<Component>,
}

/// A property; texts without their escapes.
#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) value: String,
}

/// A date as a calendar shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shown {
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) description: String,
}

/// Reads one calendar object, whose lines must be as RFC 5545, 3.1 wants them.
pub(crate) fn read(text: &str) -> Component {
    assert!(text.ends_with("\r\n"), "{text:?}");
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
        assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
    }
    let unfolded = unfold(text);
    let mut components = read_components(&unfolded).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(components.len(), 1, "{text}");
    Component::from(components.remove(0))
}

impl From<parser::Component<'_>> for Component {
    fn from(read: parser::Component<'_>) -> Self {
        let text = |text: &ParseString<'_>| text.as_str().to_owned();
        let properties = read.properties.iter().map(|property| Property {
            name: text(&property.name),
            parameters: (property.params.iter())
                .map(|parameter| (text(&parameter.key), parameter.val.as_ref().map(text).unwrap_or_default()))
                .collect(),
            value: text(&property.val),
        });
        Self {
            name: text(&read.name),
            properties: properties.collect(),
            components: read.components.into_iter().map(Self::from).collect(),
        }
    }
}

impl Component {
    /// All properties of a name.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The one property of a name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        let mut all = self.all(name);
        let first = all.next();
        assert!(all.next().is_none(), "{name} is there twice: {self:?}");
        first
    }

    /// The value of the one property of a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.property(name).map(|property| property.value.as_str())
    }

    /// The components of a kind.
    pub(crate) fn parts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| component.name == name)
    }

    /// The event that stands for all dates without an event of their own.
    pub(crate) fn master(&self) -> &Component {
        let mut masters = self.parts("VEVENT").filter(|event| event.property("RECURRENCE-ID").is_none());
        let master = masters.next().unwrap();
        assert!(masters.next().is_none());
        master
    }

    /// The dates that a calendar shows, in order.
    pub(crate) fn dates(&self) -> Vec<Shown> {
        let zone = Zone::of(self);
        let master = self.master();
        let start = &master.property("DTSTART").unwrap();
        let mut slots = BTreeSet::from([zone.moment(start)]);
        if let Some(rule) = master.value("RRULE") {
            let walls = expand(wall(&start.value), rule, |until| zone.wall_of(until, start));
            assert_eq!(walls.first(), Some(&wall(&start.value)), "the start is the rule's first date");
            // What falls into a skipped hour is ignored, and not counted.
            assert!(walls.iter().all(|wall| zone.exists(*wall, start)), "{rule}");
            slots.extend(walls.iter().map(|wall| zone.moment_of(*wall, start)));
        }
        slots.extend(master.all("RDATE").map(|listed| zone.moment(listed)));
        for excluded in master.all("EXDATE") {
            assert!(slots.remove(&zone.moment(excluded)), "{excluded:?} excludes nothing");
        }
        let mut dates: BTreeMap<DateTime<Utc>, Shown> =
            slots.into_iter().map(|slot| (slot, shown(&zone, master, slot))).collect();
        for event in self.parts("VEVENT") {
            let Some(slot) = event.property("RECURRENCE-ID") else { continue };
            let own = shown(&zone, event, zone.moment(event.property("DTSTART").unwrap()));
            let replaced = dates.insert(zone.moment(slot), own);
            assert!(replaced.is_some(), "{slot:?} is no date of the series");
        }
        let mut dates: Vec<Shown> = dates.into_values().collect();
        dates.sort();
        dates
    }
}

fn shown(zone: &Zone, event: &Component, starts_at: DateTime<Utc>) -> Shown {
    let ends_at = match (event.property("DTEND"), event.value("DURATION")) {
        (Some(end), None) => zone.moment(end),
        (None, Some(length)) => starts_at + duration(length),
        (end, length) => panic!("{end:?} and {length:?}"),
    };
    Shown { starts_at, ends_at, description: event.value("DESCRIPTION").unwrap_or_default().to_owned() }
}

/// A zone as the object defines it (RFC 5545, 3.6.5): since when, on its own wall clock, which offset holds.
#[derive(Debug)]
struct Zone {
    name: Option<String>,
    onsets: Vec<(NaiveDateTime, TimeDelta, TimeDelta)>,
}

impl Zone {
    fn of(calendar: &Component) -> Self {
        let mut zones = calendar.parts("VTIMEZONE");
        let Some(zone) = zones.next() else { return Self { name: None, onsets: Vec::new() } };
        assert!(zones.next().is_none());
        let mut onsets = Vec::new();
        for observance in &zone.components {
            let start = wall(observance.value("DTSTART").unwrap());
            let offset = |name| offset(observance.value(name).unwrap());
            let (from, to) = (offset("TZOFFSETFROM"), offset("TZOFFSETTO"));
            let starts = match observance.value("RRULE") {
                Some(rule) if rule.contains("UNTIL") => expand(start, rule, |until| until + from),
                // A rule without an end goes on beyond every meeting.
                Some(rule) => expand(start, &format!("{rule};COUNT=12"), |until| until),
                None => vec![start],
            };
            onsets.extend(starts.into_iter().map(|start| (start, from, to)));
        }
        onsets.sort();
        Self { name: zone.value("TZID").map(str::to_owned), onsets }
    }

    /// The moment that a property tells.
    fn moment(&self, property: &Property) -> DateTime<Utc> {
        self.moment_of(wall(&property.value), property)
    }

    /// The moment of a wall time, told in the way that `property` tells its own.
    fn moment_of(&self, wall: NaiveDateTime, property: &Property) -> DateTime<Utc> {
        let Some(zone) = property.parameters.get("TZID") else {
            assert!(property.value.ends_with('Z'), "{property:?} floats");
            return wall.and_utc();
        };
        assert_eq!(Some(zone), self.name.as_ref(), "the zone is not defined");
        assert!(!property.value.ends_with('Z'), "{property:?}");
        let (_, _, offset) = self.onsets.iter().rfind(|(onset, ..)| *onset <= wall).unwrap();
        (wall - *offset).and_utc()
    }

    /// What the clocks show at a moment in UTC, where `property` tells times on them.
    fn wall_of(&self, utc: NaiveDateTime, property: &Property) -> NaiveDateTime {
        if !property.parameters.contains_key("TZID") {
            return utc;
        }
        let (.., offset) = self.onsets.iter().rfind(|(onset, from, _)| *onset - *from <= utc).unwrap();
        utc + *offset
    }

    /// Whether the clocks do not skip a wall time.
    fn exists(&self, wall: NaiveDateTime, property: &Property) -> bool {
        !property.parameters.contains_key("TZID")
            || !self.onsets.iter().any(|(onset, from, to)| *onset <= wall && wall < *onset + (*to - *from))
    }
}

/// The wall times that a rule gives; its end is in UTC.
fn expand(
    start: NaiveDateTime,
    rule: &str,
    to_wall: impl Fn(NaiveDateTime) -> NaiveDateTime,
) -> Vec<NaiveDateTime> {
    let written = |moment: NaiveDateTime| moment.format("%Y%m%dT%H%M%SZ").to_string();
    let parts = rule.split(';').map(|part| match part.strip_prefix("UNTIL=") {
        Some(until) => format!("UNTIL={}", written(to_wall(wall(until)))),
        None => part.to_owned(),
    });
    let text = format!("DTSTART:{}\nRRULE:{}", written(start), parts.collect::<Vec<_>>().join(";"));
    let set: rrule::RRuleSet = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    set.all(100).dates.into_iter().map(|date| date.naive_utc()).collect()
}

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S").unwrap()
}

fn offset(text: &str) -> TimeDelta {
    let number = |digits: &str| digits.parse::<i64>().unwrap();
    let minutes = number(&text[1..3]) * 60 + number(&text[3..5]);
    TimeDelta::minutes(if text.starts_with('-') { -minutes } else { minutes })
}

fn duration(text: &str) -> TimeDelta {
    let mut minutes = 0;
    let mut number = String::new();
    for letter in text.strip_prefix("PT").unwrap().chars() {
        match letter {
            'H' => minutes += std::mem::take(&mut number).parse::<i64>().unwrap() * 60,
            'M' => minutes += std::mem::take(&mut number).parse::<i64>().unwrap(),
            digit => number.push(digit),
        }
    }
    TimeDelta::minutes(minutes)
}
