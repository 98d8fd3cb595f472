//! What the rows of such a file say.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kith_plugin::Party;

use super::{Dialect, LeaveOut, Who};
use crate::dialect::header_key;
use crate::rows::Row;

/// The columns of a file: its dialect, tied to where they stand.
pub(super) struct Columns<'d> {
    dialect: &'d Dialect,
    from: [Option<usize>; 2],
    to: [Option<usize>; 2],
    when: Option<usize>,
    direction: Option<usize>,
    leave_out: Vec<Option<usize>>,
    /// How many cells a row has.
    width: usize,
}

/// What a row says.
pub(super) enum Reading<'d> {
    /// That somebody wrote.
    Message(Written),
    /// Nothing that counts: it is left out as one of these.
    LeftOut(&'d str),
    /// Nothing that can be understood, for this reason.
    Unreadable(&'static str),
}

/// That somebody wrote to others.
pub(super) struct Written {
    pub(super) from: Party,
    pub(super) to: Vec<Party>,
    pub(super) when: Moment,
}

/// When somebody wrote, as exactly as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// To the second.
    Exact(Timestamp),
    /// Where the time zone is not known.
    Local(DateTime),
}

impl Moment {
    /// Its day; of an exact one in UTC.
    pub(super) fn day(self) -> String {
        match self {
            Self::Exact(moment) => TimeZone::UTC.to_datetime(moment).date().to_string(),
            Self::Local(time) => time.date().to_string(),
        }
    }

    /// As the protocol has it.
    pub(super) fn written(self) -> String {
        match self {
            Self::Exact(moment) => moment.to_string(),
            Self::Local(_) => self.day(),
        }
    }
}

const MORE_CELLS: &str = "it has more cells than the header, so that they stand in the wrong columns: perhaps a separator \
                          stands in a cell without quotation marks";
const FEWER_CELLS: &str = "it has fewer cells than the header, and it cannot be told which are missing";

impl<'d> Columns<'d> {
    /// Ties a dialect to a header with these keys ([`header_keys`](crate::dialect::header_keys)).
    pub(super) fn new(dialect: &'d Dialect, header: &[String]) -> Self {
        let place = |name: &str| header.iter().position(|key| *key == header_key(name));
        let who = |who: &Who| [place(&who.name), place(&who.profile)];
        Self {
            dialect,
            from: who(&dialect.from),
            to: who(&dialect.to),
            when: place(&dialect.when.header),
            direction: dialect.direction.as_ref().and_then(|direction| place(&direction.header)),
            leave_out: dialect.leave_out.iter().map(|rule| place(&rule.header)).collect(),
            width: header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1),
        }
    }

    /// What a row says. No reason quotes it: cells may stand in the wrong column.
    pub(super) fn read(&self, row: &Row<'_>) -> Reading<'d> {
        if (self.width..row.len()).any(|beyond| !row.cell(beyond).is_empty()) {
            return Reading::Unreadable(MORE_CELLS);
        }
        match self.read_cells(row) {
            // Empty cells at the end may be left out, or be one more in each row.
            Reading::Unreadable(_) if row.len() < self.width => Reading::Unreadable(FEWER_CELLS),
            Reading::Unreadable(_) if row.len() > self.width => Reading::Unreadable(MORE_CELLS),
            reading => reading,
        }
    }

    fn read_cells(&self, row: &Row<'_>) -> Reading<'d> {
        let cell = |place: Option<usize>| place.map_or("", |place| row.cell(place));
        let applies = |(rule, place): &(&LeaveOut, &Option<usize>)| {
            rule.values.iter().any(|value| value.eq_ignore_ascii_case(cell(**place)))
        };
        if let Some((rule, _)) = self.dialect.leave_out.iter().zip(&self.leave_out).find(applies) {
            return Reading::LeftOut(&rule.because);
        }
        let Some(when) = self.moment(cell(self.when)) else {
            return Reading::Unreadable("its date is not as in such a file, so that it counts for nobody");
        };
        let people = |[names, profiles]: [Option<usize>; 2]| people(cell(names), cell(profiles));
        let (mut from, mut to) = (people(self.from).into_iter().next(), people(self.to));
        if let Some(direction) = &self.dialect.direction {
            let user = || Party { me: true, ..Party::default() };
            match cell(self.direction) {
                said if said.eq_ignore_ascii_case(&direction.by_user) => from = Some(user()),
                said if said.eq_ignore_ascii_case(&direction.to_user) => to = vec![user()],
                _ => return Reading::Unreadable("it does not say who asked whom"),
            }
        }
        match from {
            Some(from) if !to.is_empty() => Reading::Message(Written { from, to, when }),
            _ => Reading::Unreadable("it does not say who wrote to whom"),
        }
    }

    fn moment(&self, text: &str) -> Option<Moment> {
        // Before AM and PM stands a blank of another kind.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let when = &self.dialect.when;
        let time = DateTime::strptime(&when.format, text).ok()?;
        if when.is_utc {
            TimeZone::UTC.to_timestamp(time).ok().map(Moment::Exact)
        } else {
            Some(Moment::Local(time))
        }
    }
}

/// The people of two cells, their names and the addresses of their profiles,
/// separated by commas, which names may have in them, too.
fn people(names: &str, profiles: &str) -> Vec<Party> {
    let split =
        |text| str::split(text, ',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let (parts, profiles) = (split(names), split(profiles));
    let party = |name: Option<&str>, profile: Option<&str>| Party {
        name: name.filter(|name| !name.is_empty()).map(str::to_owned),
        profiles: profile.map(str::to_owned).into_iter().collect(),
        ..Party::default()
    };
    match profiles[..] {
        [] => parts.into_iter().map(|name| party(Some(name), None)).collect(),
        [profile] => vec![party(Some(names), Some(profile))],
        _ if parts.len() == profiles.len() => {
            parts.into_iter().zip(profiles).map(|(name, profile)| party(Some(name), Some(profile))).collect()
        }
        _ => profiles.into_iter().map(|profile| party(None, Some(profile))).collect(),
    }
}
