//! Who may be the same person although nothing proves it: people whose names
//! are alike, in whatever spelling, order, alphabet or short form.
//!
//! Nobody is merged by this; the user is asked. So it is more important to
//! name few, the likeliest first, than to name all: what two people have in
//! common beyond a name adds to the strength of a suspicion, and a name that is
//! common among the user's own people, or speaks for siblings, takes from it.

mod alphabet;
mod evidence;
mod given;
mod likeness;
mod nicknames;
mod pairs;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use self::likeness::{Called, Comparison, Likeness, Name, Word};
use self::nicknames::Nicknames;
pub use self::nicknames::is_given_name;
use super::contact::{Column, Content, List};
use super::date::Birthday;
use super::facts::PersonId;
use super::identity::{email_key, is_role_address, profile_key};
use super::name::{collapsed, fold};
use super::phone::{is_same, phone_key};

pub use self::evidence::Evidence;
pub use self::pairs::{Groups, Pairs, Trace};

/// A suspicion that is weaker is none.
pub const WEAKEST: u8 = 40;

/// A word that more people have is no slip.
const RARE: u32 = 2;

/// A mailbox's name that is shorter is not somebody's own with every provider.
const OWN_MAILBOX: usize = 6;

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// The two, the smaller number first.
    pub pair: (PersonId, PersonId),
    /// From [`WEAKEST`] to 100.
    pub strength: u8,
    /// Why, what the names say first.
    pub evidence: Vec<Evidence>,
}

impl Suspicion {
    /// Why, in one sentence.
    #[must_use]
    pub fn reason(&self) -> String {
        let all: Vec<String> = self.evidence.iter().map(ToString::to_string).collect();
        all.join("; ")
    }

    /// Why, for programs: [`Evidence::code`], separated by spaces.
    #[must_use]
    pub fn codes(&self) -> String {
        let all: Vec<&str> = self.evidence.iter().map(Evidence::code).collect();
        all.join(" ")
    }
}

/// A look through all people for those who may be one.
///
/// First everybody is added; then there are pairs to compare; then these are
/// compared. In between nothing of anybody is kept but a few numbers, as there
/// may be many; what people may be found by are so many numbers that whoever looks
/// keeps them, to bring them into order ([`Groups`]). Only those are compared who have something by which people may
/// be found: two words of their names as they may be written, or one and an
/// organisation, address or number. So the time it takes grows with the number
/// of people, not with its square.
pub struct Look {
    nicknames: Nicknames,
    /// How many people were added.
    people: u32,
    /// How many people have a word in their name.
    bearers: HashMap<u32, u32>,
}

impl Default for Look {
    fn default() -> Self {
        Self { nicknames: Nicknames::read(), people: 0, bearers: HashMap::new() }
    }
}

impl Look {
    /// Takes somebody into account; everybody is to be, once, in any order. Gives what they may be
    /// found by. Their place is how many were added before.
    pub fn add(&mut self, known: &Known) -> impl Iterator<Item = Trace> + use<> {
        let at = self.people;
        self.people = at.saturating_add(1);
        let mut words: Vec<u32> = known.name.words.iter().map(|word| hash(&word.text)).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().for_each(|word| *self.bearers.entry(word).or_default() += 1);
        let mut keys = known.keys(&self.nicknames);
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(move |key| (key, at))
    }

    /// Whether two of them may be one. The same, whichever comes first.
    #[must_use]
    pub fn compare(&self, a: &Known, b: &Known) -> Option<Suspicion> {
        // Of one personal address and two birthdays one may be a slip; else they are two people.
        if a.is_born_another_day(b) && common(&a.emails, &b.emails).is_none() {
            return None;
        }
        let is_rare = |word: &str| self.bearers_of(word) <= RARE;
        let comparison = Comparison { nicknames: &self.nicknames, is_rare: &is_rare };
        let mut like = match comparison.likeness(a.called(), b.called()) {
            Some(like) => like,
            None => given::likeness(&comparison, a, b)?,
        };
        like.strength -= self.by_chance(&like.agreeing);
        a.add_what_is_common(b, &mut like);
        let strength = u8::try_from(like.strength.clamp(0, 100)).unwrap_or(0);
        (strength >= WEAKEST && a.id != b.id).then(|| Suspicion {
            pair: (a.id.min(b.id), a.id.max(b.id)),
            strength,
            evidence: like.evidence,
        })
    }

    fn bearers_of(&self, word: &str) -> u32 {
        self.bearers.get(&hash(word)).copied().unwrap_or(0)
    }

    /// What it takes from a suspicion that two may have these words in common by chance.
    fn by_chance(&self, agreeing: &[(String, String)]) -> i32 {
        // As many as have the more common one of each two, but for the pair itself.
        let others = |(a, b): &(String, String)| {
            let both = self.bearers_of(a).max(self.bearers_of(b));
            both.saturating_sub(if a == b { 2 } else { 1 })
        };
        match agreeing {
            [] => 25,
            [only] if others(only) > RARE => 25,
            [_] => 0,
            several => {
                let people = f64::from(self.people).max(1.0);
                // So many more would be called that if given and family names met by chance.
                let expected =
                    several.iter().map(|two| f64::from(others(two)) / people).product::<f64>() * people;
                match expected {
                    many if many >= 1.0 => 30,
                    some if some >= 0.05 => 15,
                    _ => 0,
                }
            }
        }
    }
}

/// Brings suspicions in the order in which they are worth a look: the
/// strongest first, else by the number of the one who is longer known.
pub fn strongest_first(suspicions: &mut [Suspicion]) {
    suspicions.sort_by(|a, b| (b.strength, a.pair).cmp(&(a.strength, b.pair)));
}

/// Somebody with what is compared of them.
pub struct Known {
    id: PersonId,
    name: Name,
    /// The first word of the given name, if it is known which that is.
    given: Option<String>,
    nicknames: Vec<String>,
    /// As it is written, and as it is compared.
    organization: Option<(String, String)>,
    birthday: Option<Birthday>,
    emails: Vec<String>,
    mailboxes: Vec<String>,
    /// As they are compared, and as they are written.
    phones: Vec<(String, String)>,
    addresses: Vec<String>,
    profiles: Vec<String>,
}

impl Known {
    /// What is compared of a contact.
    #[must_use]
    pub fn of(id: PersonId, content: &Content) -> Self {
        let values = |list| content.list(list).iter().map(|item| item.value.as_str());
        let personal = || values(List::Email).filter(|address| !is_role_address(address));
        let local = |address: &str| address.split('@').next().unwrap_or_default().trim().to_lowercase();
        let organization = content.column(Column::Organization).map(|name| (name.to_owned(), firm(name)));
        Self {
            id,
            name: Name::of_text(content.column(Column::Name).unwrap_or_default()),
            given: content
                .column(Column::GivenName)
                .and_then(|given| Name::of_text(given).words.into_iter().next())
                .map(|word| word.text),
            nicknames: values(List::Nickname).map(fold).filter(|name| !name.is_empty()).collect(),
            organization: organization.filter(|(_, firm)| !firm.is_empty()),
            birthday: content.column(Column::Birthday).and_then(|text| text.parse().ok()),
            emails: personal().map(email_key).collect(),
            mailboxes: personal().map(local).filter(|local| local.chars().count() >= OWN_MAILBOX).collect(),
            phones: values(List::Phone)
                .filter_map(|number| Some((phone_key(number)?, number.to_owned())))
                .collect(),
            addresses: values(List::Address).map(fold).filter(|address| !address.is_empty()).collect(),
            profiles: values(List::Link).filter_map(profile_key).collect(),
        }
    }

    fn is_born_another_day(&self, other: &Self) -> bool {
        matches!((self.birthday, other.birthday), (Some(one), Some(other)) if one.contradicts(other))
    }

    fn called(&self) -> Called<'_> {
        Called { name: &self.name, nicknames: &self.nicknames }
    }

    /// What they may be found by: whoever [`Look::compare`] takes for the same
    /// person has one of these in common with them.
    fn keys(&self, nicknames: &Nicknames) -> Vec<u32> {
        let mut keys = Vec::new();
        let mut two = |a: &u32, b: &u32| keys.push(hash((a.min(b), a.max(b))));
        let classes: Vec<Vec<u32>> = self.name.words.iter().map(|word| classes(word, nicknames)).collect();
        let called: Vec<u32> = self.nicknames.iter().map(|name| hash(("plain", collapsed(name)))).collect();
        let values = self
            .organization
            .iter()
            .map(|(_, firm)| hash(("at", firm)))
            .chain(self.emails.iter().map(|email| hash(("mail", email))))
            .chain(self.mailboxes.iter().map(|mailbox| hash(("box", mailbox))))
            .chain(self.phones.iter().map(|(phone, _)| hash(("call", phone))))
            .chain(self.addresses.iter().map(|address| hash(("home", address))))
            .chain(self.birthday.iter().map(|birthday| hash(("born", birthday.month_and_day()))));
        let common: Vec<u32> = values.collect();
        for (first, ours) in classes.iter().enumerate() {
            for (second, (theirs, word)) in classes.iter().zip(&self.name.words).enumerate() {
                if first < second {
                    ours.iter().for_each(|a| theirs.iter().for_each(|b| two(a, b)));
                }
                if first != second {
                    let plain = ours.iter().take(1).chain(&called);
                    let almost: Vec<u32> = word.almost().map(|rest| hash(("almost", rest))).collect();
                    plain.for_each(|word| almost.iter().for_each(|rest| two(word, rest)));
                }
            }
            called.iter().chain(&common).for_each(|other| ours.iter().for_each(|class| two(class, other)));
        }
        called.iter().for_each(|name| common.iter().for_each(|value| two(name, value)));
        // Of "A." and "Anna" only the letter is the same: with an address or a number that is enough to look.
        let letters = self.name.words.iter().filter_map(|word| word.text.chars().next());
        let letters: Vec<u32> = letters.map(|letter| hash(("letter", letter))).collect();
        let own = self.emails.iter().map(|email| hash(("mail", email)));
        for value in own.chain(self.phones.iter().map(|(phone, _)| hash(("call", phone)))) {
            letters.iter().for_each(|letter| two(letter, &value));
        }
        keys
    }

    /// Adds what two have in common besides their names.
    fn add_what_is_common(&self, other: &Self, like: &mut Likeness) {
        let mut add = |worth: i32, evidence: Evidence| {
            like.strength += worth;
            like.evidence.push(evidence);
        };
        if let (Some((shown, firm)), Some((also_shown, same))) = (&self.organization, &other.organization)
            && firm == same
        {
            add(15, Evidence::SameOrganization(shown.min(also_shown).clone()));
        }
        if self.is_born_another_day(other) {
            add(-20, Evidence::OtherBirthday);
        } else if let (Some(one), Some(same)) = (self.birthday, other.birthday) {
            let whole = one.year().is_some() && same.year().is_some();
            add(if whole { 25 } else { 10 }, Evidence::SameBirthday);
        }
        if let Some(email) = common(&self.emails, &other.emails) {
            add(35, Evidence::SameEmail(email.clone()));
        } else if let Some(mailbox) = common(&self.mailboxes, &other.mailboxes) {
            add(12, Evidence::SameMailbox(mailbox.clone()));
        }
        // A household has one number and one address: where two names are only
        // nearly the same, that speaks for siblings.
        if !like.is_loose || like.agreeing.len() < 2 {
            let theirs = |key: &String, shown: &str| {
                other.phones.iter().find(|(same, theirs)| same == key && is_same(shown, theirs, None))
            };
            let both = self.phones.iter().filter_map(|(key, shown)| Some(shown.min(&theirs(key, shown)?.1)));
            if let Some(number) = both.min() {
                like.strength += 25;
                like.evidence.push(Evidence::SamePhone(number.clone()));
            }
            if common(&self.addresses, &other.addresses).is_some() {
                like.strength += 15;
                like.evidence.push(Evidence::SameAddress);
            }
        }
        if are_members_apart(&self.profiles, &other.profiles) {
            like.strength -= 20;
        }
    }
}

/// The first in order of what both have.
fn common<'a>(ours: &'a [String], theirs: &[String]) -> Option<&'a String> {
    ours.iter().filter(|value| theirs.contains(value)).min()
}

/// A firm's name without what says which kind of firm it is.
fn firm(name: &str) -> String {
    const KINDS: [&str; 20] = [
        "gmbh", "ag", "kg", "se", "ug", "ev", "inc", "ltd", "llc", "llp", "corp", "plc", "sa", "sas", "sarl",
        "srl", "spa", "bv", "nv", "oy",
    ];
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !KINDS.contains(word)).collect();
    words.join(" ")
}

/// Whether two are members of one service under different names. Anybody has
/// several pages somewhere; of these everybody has one.
fn are_members_apart(ours: &[String], theirs: &[String]) -> bool {
    let member = |profile: &&String| profile.starts_with("linkedin.com/");
    let (mut ours, mut theirs) =
        (ours.iter().filter(member).peekable(), theirs.iter().filter(member).peekable());
    ours.peek().is_some() && theirs.peek().is_some() && {
        let theirs: Vec<&String> = theirs.collect();
        !ours.any(|profile| theirs.contains(&profile))
    }
}

/// What a word has in common with others that may be the same: first its own
/// spelling, then its sound and the lines of the nicknames it stands on.
fn classes(word: &Word, nicknames: &Nicknames) -> Vec<u32> {
    let mut classes = vec![hash(("plain", word.plain())), hash(("sound", &word.sound))];
    classes.extend(nicknames.lines(&word.latin).map(|line| hash(("line", line))));
    classes
}

/// Half of a hash, so that less memory is needed; whose are equal by chance are compared for nothing.
fn hash(value: impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests;
