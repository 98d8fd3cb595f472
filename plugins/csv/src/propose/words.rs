//! The words that the names of columns are made of, in four languages.

use super::eastern;

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
    Prefix,
    MiddleName,
    Given,
    Surname,
    Suffix,
    Address,
    JobTitle,
    Organization,
    Link,
    Keywords,
    Notes,
    /// The whole name, whatever else there is.
    FullName,
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
            ("fr", &["courriel", "email", "mail", "mél", "messagerie", "électronique", "electronique"]),
            ("es", &["correo", "email", "electrónica", "electronica"]),
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
            ("es", &["teléfono", "telefono", "tfno"]),
        ],
    ),
    (
        Meaning::Birth,
        [
            ("en", &["birthday", "birthdate", "birth", "born", "dob", "bday"]),
            ("de", &["geburtstag", "geburtsdatum", "geboren", "geb"]),
            ("fr", &["naissance", "anniversaire", "né", "née"]),
            ("es", &["nacimiento", "cumpleaños", "cumpleanos"]),
        ],
    ),
    (
        Meaning::Wedding,
        [
            ("en", &["wedding", "anniversary"]),
            ("de", &["hochzeit", "hochzeitstag", "jahrestag"]),
            ("fr", &["mariage"]),
            ("es", &["boda", "aniversario"]),
        ],
    ),
    (
        Meaning::Nickname,
        [("en", &["nickname", "alias"]), ("de", &["spitzname"]), ("fr", &["surnom"]), ("es", &["apodo"])],
    ),
    (Meaning::MiddleName, [("en", &["middle"]), ("de", &["zweitname"]), ("fr", &[]), ("es", &[])]),
    (
        Meaning::Prefix,
        [
            ("en", &["prefix", "salutation"]),
            ("de", &["präfix", "anrede", "titel"]),
            ("fr", &["préfixe", "civilité", "titre"]),
            ("es", &["prefijo", "tratamiento"]),
        ],
    ),
    (Meaning::Suffix, [("en", &["suffix"]), ("de", &["suffix"]), ("fr", &["suffixe"]), ("es", &["sufijo"])]),
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
            ("fr", &["catégorie", "catégories", "groupe", "groupes", "étiquette", "étiquettes"]),
            ("es", &["categoría", "categorías", "grupo", "grupos", "etiqueta", "etiquetas"]),
        ],
    ),
    (
        Meaning::Notes,
        [
            ("en", &["note", "notes", "comment", "comments", "remark", "remarks"]),
            ("de", &["notiz", "notizen", "bemerkung", "bemerkungen", "kommentar", "anmerkung"]),
            (
                "fr",
                &["note", "notes", "remarque", "remarques", "commentaire", "commentaires", "observations"],
            ),
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

/// A further given name: `Zweiter Vorname`.
const FURTHER: [&str; 6] = ["zweiter", "weitere", "deuxième", "deuxieme", "autres", "segundo"];

/// A name with these is the one that a program shows.
const SHOWN: [&str; 7] =
    ["display", "anzeigename", "angezeigter", "afficher", "affiché", "mostrar", "complet"];

/// A column with these says of what kind the one beside it is: `Phone 1 - Label`.
const LABELS: [&str; 8] = ["label", "type", "bezeichnung", "typ", "libellé", "libelle", "tipo", "etiqueta"];

/// A column with these says how a name is read: `Phonetischer Vorname`.
const READINGS: [&str; 5] = ["phonetic", "phonetisch", "phonétique", "fonético", "yomi"];

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
            "firmen",
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
            Self::Prefix => "name/title",
            Self::MiddleName => "name/given2",
            Self::Given => "name/given",
            Self::Surname => "name/surname",
            Self::Suffix => "name/suffix",
            Self::Address => "addresses",
            Self::JobTitle => "titles",
            Self::Organization => "organizations",
            Self::Link => "links",
            Self::Keywords => "keywords",
            Self::Notes => "notes",
            Self::FullName | Self::Name | Self::Nombre => "name/full",
        }
    }

    /// Whether it is what somebody is called.
    pub(super) fn is_name(self) -> bool {
        matches!(self, Self::FullName | Self::Name | Self::Nombre | Self::Given | Self::Surname)
    }

    /// Whether a record that has it is of somebody.
    pub(super) fn is_of_somebody(self) -> bool {
        matches!(
            self,
            Self::FullName
                | Self::Name
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
pub(super) fn meanings(name: &str) -> Vec<Meaning> {
    let words = words(name);
    if eastern::is_reading(name) || has(&words, &READINGS) {
        return Vec::new();
    }
    let mut by_word: Vec<Meaning> = MEANINGS
        .iter()
        .filter(|(_, languages)| languages.iter().any(|(_, known)| has(&words, known)))
        .map(|(meaning, _)| *meaning)
        .collect();
    if has(&words, &LABELS) && by_word.iter().any(|meaning| *meaning != Meaning::Keywords) {
        return Vec::new();
    }
    if is_whole_name(&words, &by_word) {
        return vec![Meaning::FullName];
    }
    let is_further = has(&words, &FURTHER);
    if is_further && by_word.iter().any(|meaning| matches!(meaning, Meaning::Given | Meaning::Nombre)) {
        return vec![Meaning::MiddleName];
    }
    let is_of_name = words.len() == 1 || has(&words, &["name"]);
    let part = NAME_PARTS.iter().filter(|_| is_of_name).find(|(part, _)| has(&words, &[*part]));
    if let Some((_, part)) = part {
        by_word.insert(0, *part);
    }
    by_word.extend(eastern::meaning(name));
    by_word
}

/// Whether the words are of a given name and of a family name: `Nombre y apellidos`, `Vor- und Nachname`.
fn is_whole_name(words: &[String], by_word: &[Meaning]) -> bool {
    let given = by_word.contains(&Meaning::Given);
    let surname = by_word.contains(&Meaning::Surname);
    let of_both =
        (given || has(words, &["first", "given", "vor"])) && (surname || has(words, &["last", "family"]));
    let is_name = has(words, &["name", "nom", "nombre"]);
    of_both || is_name && (given || surname || has(words, &SHOWN))
}

/// Whether one of the words is one of the known.
fn has(words: &[String], known: &[&str]) -> bool {
    known.iter().any(|known| words.iter().any(|word| is(word, known)))
}

/// What the numbers or addresses in a column of this name are for.
pub(super) fn purpose(name: &str) -> Option<Purpose> {
    let words = words(name);
    let purpose = PURPOSES.iter().find(|(_, known)| has(&words, known)).map(|(purpose, _)| *purpose);
    purpose.or_else(|| eastern::purpose(name))
}

/// The language of most of the names; none if that could be two.
pub(super) fn language(names: &[&str]) -> Option<&'static str> {
    let mut votes: Vec<(&'static str, usize)> = Vec::new();
    for name in names {
        let words = words(name);
        for (language, known) in MEANINGS.iter().flat_map(|(_, languages)| languages) {
            if has(&words, known) {
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
