//! Why two people may be one: a code for programs, a sentence for people.

use std::fmt;

/// Something that speaks for two people being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The names are equal but for case, accents and titles.
    SameName,
    /// The names have the same words in another order.
    OtherOrder,
    /// A word is spelled in two ways: `Müller`, `Mueller`.
    Spelling(String, String),
    /// A word is in two alphabets.
    Alphabet(String, String),
    /// The first is short for the second.
    ShortFor(String, String),
    /// Two forms of one name, or two short ones.
    Forms(String, String),
    /// The first is what the other one's card calls them for short.
    Nickname(String),
    /// Two words differ in one letter, or two letters changed places.
    OneLetter(String, String),
    /// The first is a letter that may stand for the second.
    Initial(String, String),
    /// The given name, where the family names differ.
    GivenName(String, String),
    /// One of the names has these words more.
    Part(String),
    /// The same organisation.
    SameOrganization(String),
    /// The same birthday.
    SameBirthday,
    /// Two birthdays, which speaks against it.
    OtherBirthday,
    /// The same email address.
    SameEmail(String),
    /// What stands before the `@` is the same with two providers.
    SameMailbox(String),
    /// The same telephone number.
    SamePhone(String),
    /// The same postal address.
    SameAddress,
    /// The same profile at a service.
    SameProfile(String),
    /// Two who are not one share this address or number, and a card of this name, which may be
    /// either's, was taken for one of them by it.
    Shared(String, String),
}

impl Evidence {
    /// Its name for programs; a name that is there stays for ever.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SameName => "same-name",
            Self::OtherOrder => "other-order",
            Self::Spelling(..) => "spelling",
            Self::Alphabet(..) => "alphabet",
            Self::ShortFor(..) => "short-form",
            Self::Forms(..) => "name-forms",
            Self::Nickname(_) => "nickname",
            Self::OneLetter(..) => "one-letter",
            Self::Initial(..) => "initial",
            Self::GivenName(..) => "given-name",
            Self::Part(_) => "part-missing",
            Self::SameOrganization(_) => "same-organization",
            Self::SameBirthday => "same-birthday",
            Self::OtherBirthday => "other-birthday",
            Self::SameEmail(_) => "same-email",
            Self::SameMailbox(_) => "same-mailbox",
            Self::SamePhone(_) => "same-phone",
            Self::SameAddress => "same-address",
            Self::SameProfile(_) => "same-profile",
            Self::Shared(..) => "shared-keys",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameName => f.write_str("the same name"),
            Self::OtherOrder => f.write_str("the same name in another order"),
            Self::Spelling(a, b) => write!(f, "{a} and {b} are two spellings"),
            Self::Alphabet(a, b) => write!(f, "{a} is {b} in another alphabet"),
            Self::ShortFor(short, long) => write!(f, "{short} is short for {long}"),
            Self::Forms(a, b) => write!(f, "{a} and {b} are forms of one name"),
            Self::Nickname(name) => write!(f, "{name} is a nickname of the other"),
            Self::OneLetter(a, b) => write!(f, "{a} and {b} differ by one letter"),
            Self::Initial(initial, word) => write!(f, "{initial} may stand for {word}"),
            Self::GivenName(a, b) if a == b => write!(f, "both are called {a}, and otherwise by two names"),
            Self::GivenName(a, b) => write!(f, "{a} may be {b}, and otherwise they have two names"),
            Self::Part(words) => write!(f, "only one of them is called {words}"),
            Self::SameOrganization(name) => write!(f, "both at {name}"),
            Self::OtherBirthday => f.write_str("the birthdays differ"),
            Self::SameBirthday => f.write_str("the same birthday"),
            Self::SameEmail(address) => write!(f, "the same email address {address}"),
            Self::SameMailbox(local) => write!(f, "both have an address {local}@…"),
            Self::SamePhone(number) => write!(f, "the same telephone number {number}"),
            Self::SameAddress => f.write_str("the same postal address"),
            Self::SameProfile(profile) => {
                write!(f, "the same profile {profile}, which two may share")
            }
            Self::Shared(value, name) => write!(
                f,
                "both have {value}, by which a card of {name} was taken for one of them \
                 (kith split parts it, if that is wrong)"
            ),
        }
    }
}
