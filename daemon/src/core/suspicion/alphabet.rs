//! Names in other alphabets: Cyrillic and Greek letters as people write them
//! in Latin ones, and what is left of a name when it does not matter how.

/// A folded word in Latin letters, if it is written in Cyrillic or Greek ones:
/// as passports and users do it (close to ISO 9 and ISO 843, without their accents).
pub(super) fn latin(word: &str) -> Option<String> {
    let mut latin = String::with_capacity(word.len());
    let mut changed = false;
    for c in word.chars() {
        match letters(c) {
            Some(letters) => {
                latin.push_str(letters);
                changed = true;
            }
            None => latin.push(c),
        }
    }
    changed.then_some(latin)
}

/// Folding has taken the accents away: what was й comes as и.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'ґ' | 'γ' => "g",
        'д' | 'δ' => "d",
        'е' | 'э' | 'ε' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'η' | 'ι' => "i",
        'ј' => "j",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' => "t",
        'у' => "u",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' | 'ћ' | 'χ' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' | 'υ' => "y",
        'ю' => "yu",
        'я' => "ya",
        'ђ' => "dj",
        'љ' => "lj",
        'њ' => "nj",
        'џ' => "dz",
        'θ' => "th",
        'ξ' => "x",
        'ψ' => "ps",
        _ => return None,
    })
}

/// Spellings of one sound, in English, German, French and Polish manners;
/// longer ones first. They are so coarse that only whole names may be compared by them.
const SOUNDS: [(&str, &str); 27] = [
    ("schtsch", "š"),
    ("shch", "š"),
    ("tsch", "h"),
    ("sch", "š"),
    ("sh", "š"),
    ("tch", "h"),
    ("ch", "h"),
    ("kh", "h"),
    ("zh", "z"),
    ("ts", "z"),
    ("tz", "z"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("ck", "k"),
    ("x", "ks"),
    ("q", "k"),
    ("c", "k"),
    ("w", "v"),
    ("ff", "v"),
    ("oy", "ou"),
    ("y", "i"),
    ("j", "i"),
    ("ou", "u"),
    ("ie", "e"),
    ("ae", "a"),
    ("oe", "o"),
];

/// What is left of a word in Latin letters when it does not matter how its
/// sounds are spelled: `Tschechow`, `Chekhov` and `Čechov` are one.
pub(super) fn sound(latin: &str) -> String {
    let spelled =
        SOUNDS.iter().fold(
            latin.to_owned(),
            |word, (from, to)| {
                if word.contains(from) { word.replace(from, to) } else { word }
            },
        );
    let mut sound = String::with_capacity(spelled.len());
    for c in spelled.chars() {
        if !sound.ends_with(c) {
            sound.push(c);
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::name::fold;

    #[test]
    fn a_name_sounds_the_same_in_every_alphabet() {
        for (original, spellings) in [
            ("Юлия", &["Yulia", "Yuliya", "Julia", "Iuliia", "Julija"][..]),
            ("Сергей", &["Sergey", "Sergei", "Sergej"]),
            ("Чехов", &["Chekhov", "Tschechow"]),
            ("Щербаков", &["Shcherbakov", "Scherbakow", "Schtscherbakow"]),
            ("Цветаева", &["Tsvetaeva", "Tsvetayeva", "Zwetajewa"]),
            ("Екатерина", &["Ekaterina", "Yekaterina", "Jekaterina"]),
            ("Михаил", &["Mikhail", "Michail", "Mihail"]),
            ("Иванов", &["Ivanov", "Iwanow", "Ivanoff"]),
            ("Шевченко", &["Shevchenko", "Schewtschenko"]),
            ("Παπαδόπουλος", &["Papadopoulos"]),
            ("Νίκος", &["Nikos", "Nicos"]),
            ("Χριστίνα", &["Christina"]),
            ("Θεοδώρα", &["Theodora"]),
            ("Шмидт", &["Schmidt", "Schmitt", "Shmit"]),
        ] {
            let ours = sound(&latin(&fold(original)).unwrap());
            for spelling in spellings {
                assert_eq!(sound(&fold(spelling)), ours, "{original} as {spelling}");
            }
        }
        assert_eq!(latin("anna"), None);
        assert_eq!(latin("山田"), None);
        assert_ne!(sound("anna"), sound("anton"));
    }
}
