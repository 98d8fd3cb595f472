//! Properties that programs added of their own, or that few have: what each says.
//!
//! Android's `X-ANDROID-CUSTOM` is a row of its database: a type and up to
//! fifteen columns, as `ContactsContract.CommonDataKinds` names them.

/// What a property says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// A date, by its kind.
    Date(&'static str),
    /// Somebody related, by what they are.
    Related(&'static str),
    /// Where to reach somebody at this service; at none that is known if it is empty.
    Service(&'static str),
    /// A web page, by its label.
    Link(&'static str),
    /// A telephone that is no usual one: a company's, a radio, an assistant's.
    Phone,
    /// A nickname.
    Nickname,
    /// A department.
    Unit,
    /// What somebody does for a living.
    Title,
    /// Worth a note that begins with this.
    Note(&'static str),
    /// A row of Android's.
    Android,
    /// The UID of somebody who is in the group that the card is.
    Member,
    /// Whether the card is a contact list of Evolution's.
    List,
    /// Nothing that is of use to people: it stays with the card, and nobody needs to be told.
    Technical,
}

/// What a property of this name says, in whatever case; nothing for the properties that all
/// programs have in common, and for those that kith does not know.
#[must_use]
pub fn extension(name: &str) -> Option<Extension> {
    use Extension::{
        Android, Date, Link, List, Member, Nickname, Note, Phone, Related, Service, Technical, Title, Unit,
    };
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let upper = name.to_ascii_uppercase();
    let known = match upper.as_str() {
        "X-ANNIVERSARY" | "X-MS-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" | "X-KADDRESSBOOK-X-ANNIVERSARY" => {
            Date("wedding")
        }
        "X-SPOUSE" | "X-MS-SPOUSE" | "X-EVOLUTION-SPOUSE" | "X-KADDRESSBOOK-X-SPOUSESNAME" => {
            Related("spouse")
        }
        "X-MANAGER"
        | "X-MANAGERSNAME"
        | "X-MS-MANAGER"
        | "X-EVOLUTION-MANAGER"
        | "X-KADDRESSBOOK-X-MANAGERSNAME" => Related("manager"),
        "X-ASSISTANT" | "X-MS-ASSISTANT" | "X-EVOLUTION-ASSISTANT" | "X-KADDRESSBOOK-X-ASSISTANTSNAME" => {
            Related("assistant")
        }
        "X-CHILDREN" | "X-MS-CHILD" => Related("child"),
        "X-AIM" => Service("AIM"),
        "X-DISCORD" => Service("Discord"),
        "X-FACEBOOK" => Service("Facebook"),
        "X-FLICKR" => Service("Flickr"),
        "X-GADUGADU" | "X-GADU-GADU" => Service("Gadu-Gadu"),
        "X-GITHUB" => Service("GitHub"),
        "X-GOOGLE-TALK" | "X-GOOGLETALK" | "X-GTALK" => Service("Google Talk"),
        "X-GROUPWISE" => Service("GroupWise"),
        "X-ICQ" => Service("ICQ"),
        "X-INSTAGRAM" => Service("Instagram"),
        "X-JABBER" | "X-XMPP" => Service("Jabber"),
        "X-LINKEDIN" => Service("LinkedIn"),
        "X-MASTODON" => Service("Mastodon"),
        "X-MATRIX" => Service("Matrix"),
        "X-MSN" => Service("MSN"),
        "X-QQ" => Service("QQ"),
        "X-SIGNAL" => Service("Signal"),
        "X-SIP" => Service("SIP"),
        "X-SKYPE" | "X-SKYPE-USERNAME" => Service("Skype"),
        "X-TELEGRAM" => Service("Telegram"),
        "X-THREEMA" => Service("Threema"),
        "X-TWITTER" => Service("Twitter"),
        "X-WECHAT" => Service("WeChat"),
        "X-WHATSAPP" => Service("WhatsApp"),
        "X-YAHOO" => Service("Yahoo"),
        "X-MS-IMADDRESS" | "X-KADDRESSBOOK-X-IMADDRESS" => Service(""),
        "X-EVOLUTION-BLOG-URL" | "X-KADDRESSBOOK-BLOGFEED" => Link("blog"),
        "X-EVOLUTION-VIDEO-URL" => Link("video"),
        "X-MS-TEL" => Phone,
        // The second name of old Nokia telephones is the nickname.
        "X-NICKNAME" | "X-EPOCSECONDNAME" => Nickname,
        "X-DEPARTMENT" | "X-KADDRESSBOOK-X-DEPARTMENT" => Unit,
        "X-PROFESSION" | "X-KADDRESSBOOK-X-PROFESSION" => Title,
        "X-KADDRESSBOOK-X-OFFICE" => Note("Office"),
        "X-CUSTOM1" => Note("Custom 1"),
        "X-CUSTOM2" => Note("Custom 2"),
        "X-CUSTOM3" => Note("Custom 3"),
        "X-CUSTOM4" => Note("Custom 4"),
        "X-MAIDENNAME" | "X-MAIDEN-NAME" => Note("Maiden name"),
        // RFC 6715, RFC 6474, RFC 9554.
        "HOBBY" => Note("Hobby"),
        "INTEREST" => Note("Interest"),
        "EXPERTISE" => Note("Expertise"),
        "BIRTHPLACE" => Note("Place of birth"),
        "DEATHPLACE" => Note("Place of death"),
        "PRONOUNS" => Note("Pronouns"),
        "X-ANDROID-CUSTOM" => Android,
        "X-EVOLUTION-LIST" => List,
        "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => Member,
        other if is_technical(other) => Technical,
        other => return messenger_of_kde(other).map(Service),
    };
    Some(known)
}

/// KDE's way: `X-messaging/xmpp-All`.
fn messenger_of_kde(upper: &str) -> Option<&'static str> {
    let name = upper.strip_prefix("X-MESSAGING/")?.strip_suffix("-ALL")?;
    Some(match name {
        "AIM" => "AIM",
        "GADU" => "Gadu-Gadu",
        "GOOGLETALK" => "Google Talk",
        "GROUPWISE" => "GroupWise",
        "ICQ" => "ICQ",
        "IRC" => "IRC",
        "MSN" => "MSN",
        "SKYPE" => "Skype",
        "SMS" => "SMS",
        "XMPP" => "Jabber",
        "YAHOO" => "Yahoo",
        _ => "",
    })
}

/// What programs write for themselves: identifiers, how a record is sorted, shown or synchronised,
/// pictures and sounds, and calendars' addresses.
fn is_technical(upper: &str) -> bool {
    const NAMES: &[&str] = &[
        "BEGIN",
        "CALADRURI",
        "CALURI",
        "CLASS",
        "CLIENTPIDMAP",
        "CREATED",
        "END",
        "FBURL",
        "KEY",
        "LOGO",
        "MAILER",
        "NAME",
        "PHOTO",
        "PRODID",
        "PROFILE",
        "SORT-STRING",
        "SOUND",
        "SOURCE",
        "XML",
        "X-ABADR",
        "X-ABCROP-RECTANGLE",
        "X-ABORDER",
        "X-ABSHOWAS",
        "X-ABSHOWAS-ABSHOWAS",
        "X-ABUID",
        "X-ADDRESSBOOKSERVER-KIND",
        "X-ALTBDAY",
        "X-AVATAR",
        "X-CLASS",
        "X-EVOLUTION-BOOK-URI",
        "X-EVOLUTION-FILE-AS",
        "X-EVOLUTION-LIST-SHOW-ADDRESSES",
        "X-EVOLUTION-LIST-SHOW_ADDRESSES",
        "X-EVOLUTION-WEBDAV-ETAG",
        "X-FILE-AS",
        "X-IMAGEHASH",
        "X-IMAGETYPE",
        "X-KADDRESSBOOK-CRYPTOENCRYPTPREF",
        "X-KADDRESSBOOK-CRYPTOPROTOPREF",
        "X-KADDRESSBOOK-CRYPTOSIGNPREF",
        "X-KADDRESSBOOK-MAILPREFEREDFORMATTING",
        "X-KADDRESSBOOK-MAILALLOWTOREMOTECONTENT",
        "X-KADDRESSBOOK-OPENPGPFP",
        "X-KADDRESSBOOK-SMIMEFP",
        "X-MOZILLA-CPT",
        "X-MOZILLA-HTML",
        "X-MOZILLA-PROPERTY",
        "X-MS-CARDPICTURE",
        "X-MS-OL-DEFAULT-POSTAL-ADDRESS",
        "X-MS-OL-DESIGN",
        "X-MS-PICTURE",
        "X-PHOTO-SOURCE",
        "X-SHARED-PHOTO-DISPLAY-PREF",
    ];
    NAMES.contains(&upper)
        || upper.starts_with("X-IMAGE")
        || upper.starts_with("X-PM-")
        || upper.starts_with("X-WALLPAPER")
        || upper.starts_with("X-SHARED-")
}

/// What a row of Android's says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A nickname.
    Nickname(String),
    /// A date as it is written, by its kind.
    Date {
        /// `birth`, `wedding`, `other`, or the user's own word.
        kind: String,
        /// Perhaps no date that exists.
        date: String,
    },
    /// Somebody related.
    Related {
        /// Who.
        name: String,
        /// What they are.
        relation: Option<String>,
    },
}

/// Reads a row of Android's; nothing if it is of a type that is not known, or empty.
#[must_use]
pub fn row(text: &str) -> Option<Row> {
    let mut columns = text.split(';').map(str::trim);
    let kind = columns.next()?;
    let value = columns.next().filter(|value| !value.is_empty())?.to_owned();
    let number = columns.next().unwrap_or_default();
    let own = || columns.clone().next().filter(|label| !label.is_empty()).map(str::to_owned);
    match kind {
        "vnd.android.cursor.item/nickname" => Some(Row::Nickname(value)),
        "vnd.android.cursor.item/contact_event" => {
            let kind = match number {
                "1" => "wedding".to_owned(),
                "3" => "birth".to_owned(),
                "0" => own().unwrap_or_else(|| "other".to_owned()),
                _ => "other".to_owned(),
            };
            Some(Row::Date { kind, date: value })
        }
        "vnd.android.cursor.item/relation" => {
            const RELATIONS: [&str; 14] = [
                "assistant",
                "brother",
                "child",
                "domestic partner",
                "father",
                "friend",
                "manager",
                "mother",
                "parent",
                "partner",
                "referred by",
                "relative",
                "sister",
                "spouse",
            ];
            let known = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let known = known.and_then(|at| RELATIONS.get(at)).map(|known| (*known).to_owned());
            Some(Row::Related { name: value, relation: known.or_else(own) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        for (name, expected) in [
            ("X-KADDRESSBOOK-X-SpousesName", Some(Extension::Related("spouse"))),
            ("x-skype", Some(Extension::Service("Skype"))),
            ("X-messaging/xmpp-All", Some(Extension::Service("Jabber"))),
            ("X-messaging/new-All", Some(Extension::Service(""))),
            ("X-PM-SIGN", Some(Extension::Technical)),
            ("FN", None),
            ("X-ODD", None),
        ] {
            assert_eq!(extension(name), expected, "{name}");
        }
        assert_eq!(extension(&"X".repeat(100_000)), None);
    }

    #[test]
    fn rows_of_android() {
        let date = |kind: &str, date: &str| Row::Date { kind: kind.to_owned(), date: date.to_owned() };
        let related = |name: &str, relation: Option<&str>| Row::Related {
            name: name.to_owned(),
            relation: relation.map(str::to_owned),
        };
        for (text, expected) in [
            ("vnd.android.cursor.item/nickname;Em;1;;;;", Some(Row::Nickname("Em".to_owned()))),
            ("vnd.android.cursor.item/contact_event;2001-02-03;1;;", Some(date("wedding", "2001-02-03"))),
            ("vnd.android.cursor.item/contact_event;--04-12;3;;", Some(date("birth", "--04-12"))),
            ("vnd.android.cursor.item/contact_event;2001-02-03;0;moved;", Some(date("moved", "2001-02-03"))),
            ("vnd.android.cursor.item/contact_event;2001-02-03", Some(date("other", "2001-02-03"))),
            ("vnd.android.cursor.item/relation;Fritz;2;;", Some(related("Fritz", Some("brother")))),
            ("vnd.android.cursor.item/relation;Anna;14;;", Some(related("Anna", Some("spouse")))),
            ("vnd.android.cursor.item/relation;Ida;0;aunt;", Some(related("Ida", Some("aunt")))),
            ("vnd.android.cursor.item/relation;Ida", Some(related("Ida", None))),
            ("vnd.android.cursor.item/relation;;2;;", None),
            ("vnd.com.example.cursor.item/boat;Bo;;", None),
            ("", None),
        ] {
            assert_eq!(row(text), expected, "{text}");
        }
    }
}
