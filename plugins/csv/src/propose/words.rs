//! The words that the names of columns are made of, in four languages.

/// What a column can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Email,
    Fax,
    Pager,
    Mobile,
    Phone,
    Birth,
    Wedding,
    Nickname,
    MiddleName,
    Given,
    Surname,
    Address,
    JobTitle,
    Organization,
    Link,
    Keywords,
    Notes,
    /// A name: the family name if there is a column for the given one only.
    Name,
    /// Spanish for a name, or a given name beside a family name.
    Nombre,
}

/// What a number or an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Work,
    Home,
}

/// A language and words of it.
type Words = (&'static str, &'static [&'static str]);

/// Words by what they mean, what says more first: `company phone` is a telephone number.
const MEANINGS: &[(Meaning, [Words; 4])] = &[
    (
        Meaning::Email,
        [
            ("en", &["email", "mail"]),
            ("de", &["email", "mail", "mailadresse"]),
            ("fr", &["courriel", "email", "mail", "mél", "messagerie"]),
            ("es", &["correo", "email"]),
        ],
    ),
    (
        Meaning::Fax,
        [("en", &["fax"]), ("de", &["fax", "telefax"]), ("fr", &["fax", "télécopie"]), ("es", &["fax"])],
    ),
    (
        Meaning::Pager,
        [("en", &["pager"]), ("de", &["pager"]), ("fr", &["pager"]), ("es", &["buscapersonas"])],
    ),
    (
        Meaning::Mobile,
        [
            ("en", &["mobile", "cell", "cellphone"]),
            ("de", &["handy", "mobil"]),
            ("fr", &["mobile", "portable", "gsm"]),
            ("es", &["móvil", "movil", "celular"]),
        ],
    ),
    (
        Meaning::Phone,
        [
            ("en", &["phone", "telephone", "tel"]),
            ("de", &["telefon", "tel", "rufnummer", "festnetz"]),
            ("fr", &["téléphone", "telephone", "tél"]),
            ("es", &["teléfono", "telefono"]),
        ],
    ),
    (
        Meaning::Birth,
        [
            ("en", &["birthday", "birthdate", "birth", "born", "dob", "bday"]),
            ("de", &["geburtstag", "geburtsdatum", "geboren", "geb"]),
            ("fr", &["naissance", "anniversaire"]),
            ("es", &["nacimiento", "cumpleaños", "cumpleanos"]),
        ],
    ),
    (
        Meaning::Wedding,
        [
            ("en", &["wedding", "anniversary"]),
            ("de", &["hochzeit", "hochzeitstag"]),
            ("fr", &["mariage"]),
            ("es", &["boda"]),
        ],
    ),
    (
        Meaning::Nickname,
        [("en", &["nickname", "alias"]), ("de", &["spitzname"]), ("fr", &["surnom"]), ("es", &["apodo"])],
    ),
    (Meaning::MiddleName, [("en", &["middle"]), ("de", &["zweitname"]), ("fr", &[]), ("es", &[])]),
    (
        Meaning::Surname,
        [
            ("en", &["surname", "lastname", "familyname"]),
            ("de", &["nachname", "familienname", "zuname"]),
            ("fr", &[]),
            ("es", &["apellido", "apellidos"]),
        ],
    ),
    (
        Meaning::Given,
        [
            ("en", &["firstname", "givenname", "forename"]),
            ("de", &["vorname", "rufname"]),
            ("fr", &["prénom", "prenom"]),
            ("es", &[]),
        ],
    ),
    (
        Meaning::Address,
        [
            ("en", &["address", "street", "city", "town", "zip", "postcode", "postal", "country", "state"]),
            (
                "de",
                &[
                    "adresse",
                    "anschrift",
                    "straße",
                    "strasse",
                    "plz",
                    "postleitzahl",
                    "ort",
                    "wohnort",
                    "stadt",
                    "land",
                ],
            ),
            ("fr", &["adresse", "rue", "ville", "postal", "pays"]),
            ("es", &["dirección", "direccion", "calle", "ciudad", "postal", "país", "pais"]),
        ],
    ),
    (
        Meaning::JobTitle,
        [
            ("en", &["position", "job", "role", "title", "occupation"]),
            ("de", &["position", "beruf", "funktion"]),
            ("fr", &["poste", "fonction", "profession"]),
            ("es", &["puesto", "cargo", "profesión"]),
        ],
    ),
    (
        Meaning::Organization,
        [
            ("en", &["company", "organization", "organisation", "employer", "firm"]),
            ("de", &["firma", "firmenname", "unternehmen", "organisation", "arbeitgeber"]),
            ("fr", &["société", "societe", "entreprise", "organisation", "employeur"]),
            ("es", &["empresa", "compañía", "organización"]),
        ],
    ),
    (
        Meaning::Link,
        [
            ("en", &["website", "homepage", "web", "url", "linkedin"]),
            ("de", &["webseite", "website", "homepage", "internet"]),
            ("fr", &["site", "web"]),
            ("es", &["web", "sitio"]),
        ],
    ),
    (
        Meaning::Keywords,
        [
            ("en", &["category", "categories", "tag", "tags", "label", "labels", "group", "groups"]),
            ("de", &["kategorie", "kategorien", "gruppe", "gruppen", "stichwort", "stichwörter"]),
            ("fr", &["catégorie", "catégories", "groupe", "groupes"]),
            ("es", &["categoría", "categorías", "grupo", "grupos", "etiqueta", "etiquetas"]),
        ],
    ),
    (
        Meaning::Notes,
        [
            ("en", &["note", "notes", "comment", "comments", "remark", "remarks"]),
            ("de", &["notiz", "notizen", "bemerkung", "bemerkungen", "kommentar", "anmerkung"]),
            ("fr", &["note", "notes", "remarque", "remarques", "commentaire", "commentaires"]),
            ("es", &["nota", "notas", "comentario", "comentarios", "observaciones"]),
        ],
    ),
    (
        Meaning::Name,
        [
            ("en", &["name", "fullname", "who", "person", "contact", "friend"]),
            ("de", &["name", "person", "kontakt", "ansprechpartner"]),
            ("fr", &["nom", "personne", "contact"]),
            ("es", &["persona", "contacto"]),
        ],
    ),
    (Meaning::Nombre, [("en", &[]), ("de", &[]), ("fr", &[]), ("es", &["nombre"])]),
];

/// Words that mean a part of a name only with `name` beside them, or alone:
/// `last contacted` is no family name.
const NAME_PARTS: [(&str, Meaning); 5] = [
    ("first", Meaning::Given),
    ("given", Meaning::Given),
    ("last", Meaning::Surname),
    ("family", Meaning::Surname),
    ("middle", Meaning::MiddleName),
];

const PURPOSES: [(Purpose, &[&str]); 2] = [
    (
        Purpose::Work,
        &[
            "work",
            "business",
            "office",
            "company",
            "geschäftlich",
            "dienstlich",
            "arbeit",
            "büro",
            "firma",
            "bureau",
            "travail",
            "pro",
            "professionnel",
            "professionnelle",
            "trabajo",
            "oficina",
            "empresa",
        ],
    ),
    (
        Purpose::Home,
        &[
            "home",
            "private",
            "personal",
            "privat",
            "zuhause",
            "domicile",
            "privé",
            "privée",
            "personnel",
            "personnelle",
            "casa",
            "particular",
            "domicilio",
        ],
    ),
];

impl Meaning {
    /// Where a dialect file puts it.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Email => "emails",
            Self::Fax | Self::Pager | Self::Mobile | Self::Phone => "phones",
            Self::Birth | Self::Wedding => "anniversaries",
            Self::Nickname => "nicknames",
            Self::MiddleName => "name/given2",
            Self::Given => "name/given",
            Self::Surname => "name/surname",
            Self::Address => "addresses",
            Self::JobTitle => "titles",
            Self::Organization => "organizations",
            Self::Link => "links",
            Self::Keywords => "keywords",
            Self::Notes => "notes",
            Self::Name | Self::Nombre => "name/full",
        }
    }

    /// Whether it is what somebody is called.
    pub(super) fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::Nombre | Self::Given | Self::Surname)
    }

    /// Whether a record that has it is of somebody.
    pub(super) fn is_of_somebody(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Nombre
                | Self::Given
                | Self::Surname
                | Self::Nickname
                | Self::Organization
                | Self::Email
                | Self::Phone
                | Self::Mobile
        )
    }
}

/// What a column of this name may mean, the likeliest first.
pub(super) fn meanings(name: &str) -> impl Iterator<Item = Meaning> {
    let words = words(name);
    let is_of_name = words.len() == 1 || words.iter().any(|word| word == "name");
    let part =
        NAME_PARTS.iter().filter(|_| is_of_name).find(|(part, _)| words.iter().any(|word| word == part));
    let part = part.map(|(_, meaning)| *meaning);
    let by_word = MEANINGS.iter().filter_map(move |(meaning, languages)| {
        let knows = |(_, known): &Words| known.iter().any(|known| words.iter().any(|word| is(word, known)));
        languages.iter().any(knows).then_some(*meaning)
    });
    part.into_iter().chain(by_word)
}

/// What the numbers or addresses in a column of this name are for.
pub(super) fn purpose(name: &str) -> Option<Purpose> {
    let words = words(name);
    PURPOSES
        .iter()
        .find(|(_, known)| words.iter().any(|word| known.contains(&word.as_str())))
        .map(|(p, _)| *p)
}

/// The language of most of the names; none if that could be two.
pub(super) fn language(names: &[&str]) -> Option<&'static str> {
    let mut votes: Vec<(&'static str, usize)> = Vec::new();
    for name in names {
        let words = words(name);
        for (language, known) in MEANINGS.iter().flat_map(|(_, languages)| languages) {
            if known.iter().any(|known| words.iter().any(|word| is(word, known))) {
                match votes.iter_mut().find(|(voted, _)| voted == language) {
                    Some((_, count)) => *count += 1,
                    None => votes.push((language, 1)),
                }
            }
        }
    }
    let most = votes.iter().map(|(_, count)| *count).max()?;
    let mut first = votes.iter().filter(|(_, count)| *count == most);
    let (language, _) = first.next()?;
    first.next().is_none().then_some(language)
}

/// Whether a word is a known one, or a compound that begins or ends with one.
fn is(word: &str, known: &str) -> bool {
    /// Shorter ones stand in too many words.
    const STEM: usize = 5;
    word == known || (known.chars().count() >= STEM && (word.starts_with(known) || word.ends_with(known)))
}

/// The words of a name in small letters: `PhoneNumber` and `phone_number` are two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in name.chars() {
        let begins = c.is_uppercase() && after_small;
        after_small = c.is_lowercase();
        if (begins || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
