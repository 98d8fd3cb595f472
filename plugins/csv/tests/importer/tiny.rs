//! Files of one to three people in every old encoding: too little for statistics, enough for a reader.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, KOI8_R, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};
use kith_plugin::Message;
use serde_json::json;

use crate::{answer, answer_to, answer_with};

/// A language, the domain of its country, the encoding of its old files, and names of people.
type Language = (&'static str, &'static str, &'static Encoding, &'static [&'static str]);

static LANGUAGES: &[Language] = &[
    (
        "German",
        "de",
        WINDOWS_1252,
        &[
            "Jürgen Groß",
            "Zoë Müller",
            "Käthe Löwe",
            "Björn Weiß",
            "Sören Krüger",
            "Marie Schröder",
            "Änne Vogt",
            "Günther Jauß",
        ],
    ),
    (
        "French",
        "fr",
        WINDOWS_1252,
        &[
            "Hélène Crête",
            "François Lefèvre",
            "Noël Benoît",
            "Zoé Dupré",
            "Anaïs Rousseau",
            "Gaëlle Lemaître",
            "Jérôme Gagné",
            "Élodie Côté",
            "Irène Hébert",
        ],
    ),
    (
        "Spanish",
        "es",
        WINDOWS_1252,
        &[
            "Íñigo Núñez",
            "María Peña",
            "José García",
            "Ángel Muñoz",
            "Begoña Ibáñez",
            "Raúl Jiménez",
            "Mª Pilar López",
        ],
    ),
    (
        "Portuguese",
        "pt",
        WINDOWS_1252,
        &["João Gonçalves", "Inês Conceição", "Antônio Magalhães", "Patrícia Araújo", "Simões Brandão"],
    ),
    ("Italian", "it", WINDOWS_1252, &["Niccolò Forlì", "Nicolò Mazzù", "Rosà Calà"]),
    (
        "Swedish",
        "se",
        WINDOWS_1252,
        &["Åsa Sjöström", "Pär Bergström", "Göran Hägg", "Håkan Öberg", "Mårten Ljung"],
    ),
    (
        "Danish",
        "dk",
        WINDOWS_1252,
        &["Søren Kjærgaard", "Åge Nørgård", "Jørgen Bæk", "Bjørn Ødegård", "Pål Sæther"],
    ),
    ("Icelandic", "is", WINDOWS_1252, &["Þór Guðmundsson", "Björk Guðmundsdóttir", "Sigríður Ægisdóttir"]),
    ("Mac German", "de", MACINTOSH, &["Jürgen Groß", "Käthe Löwe"]),
    ("Mac French", "fr", MACINTOSH, &["Hélène Crête", "François Lefèvre"]),
    (
        "Polish",
        "pl",
        WINDOWS_1250,
        &[
            "Łukasz Żółć",
            "Małgorzata Wiśniewska",
            "Paweł Dąbrowski",
            "Józef Kowalczyk",
            "Michał Zieliński",
            "Grażyna Wójcik",
            "Świętosław Kępa",
        ],
    ),
    ("Polish ISO", "pl", ISO_8859_2, &["Łukasz Żółć", "Małgorzata Wiśniewska", "Paweł Dąbrowski"]),
    (
        "Czech",
        "cz",
        WINDOWS_1250,
        &[
            "Jiří Dvořák",
            "Lukáš Černý",
            "Ondřej Beneš",
            "Zdeněk Růžička",
            "Tomáš Svoboda",
            "Lenka Procházková",
            "Kateřina Němcová",
        ],
    ),
    ("Slovak", "sk", WINDOWS_1250, &["Ľubomír Hudák", "Štefan Kováč", "Ján Ďurica", "Zuzana Balážová"]),
    (
        "Hungarian",
        "hu",
        WINDOWS_1250,
        &["Győző Szűcs", "László Kővári", "István Tőkés", "Ágnes Erdős", "Zoltán Fűzi", "Ödön Sütő"],
    ),
    (
        "Croatian",
        "hr",
        WINDOWS_1250,
        &["Đorđe Petrović", "Željko Šarić", "Ivana Kovačević", "Miloš Čović", "Branko Jurić"],
    ),
    (
        "Romanian",
        "ro",
        WINDOWS_1250,
        &["Ştefan Ţurcanu", "Ioana Brătianu", "Mădălina Grădinaru", "Ionuţ Bălan"],
    ),
    (
        "Russian",
        "ru",
        WINDOWS_1251,
        &["Пётр Иванов", "Анна Смирнова", "Юрий Щербаков", "Дмитрий Жуков", "Ольга Фёдорова"],
    ),
    ("Ukrainian", "ua", WINDOWS_1251, &["Олексій Гончарук", "Їжакевич Ганна", "Євген Ткаченко"]),
    ("Bulgarian", "bg", WINDOWS_1251, &["Георги Димитров", "Мария Иванова"]),
    ("Russian KOI8", "ru", KOI8_R, &["Пётр Иванов", "Анна Смирнова", "Юрий Щербаков", "Дмитрий Жуков"]),
    (
        "Greek",
        "gr",
        WINDOWS_1253,
        &["Γιώργος Παπαδόπουλος", "Ελένη Νικολάου", "Άννα Ζώη", "Δημήτρης Ιωάννου"],
    ),
    (
        "Turkish",
        "tr",
        WINDOWS_1254,
        &["Ayşe Yılmaz", "İbrahim Şahin", "Gülşen Çağlar", "Doğan Işık", "Özgür Öztürk", "Hüseyin Aydın"],
    ),
    ("Hebrew", "il", WINDOWS_1255, &["דוד כהן", "שרה לוי", "משה פרץ"]),
    ("Arabic", "eg", WINDOWS_1256, &["محمد علي", "فاطمة حسن", "خالد يوسف"]),
    (
        "Lithuanian",
        "lt",
        WINDOWS_1257,
        &[
            "Jūratė Žukauskienė",
            "Mindaugas Šimkus",
            "Rūta Paulauskaitė",
            "Živilė Čepaitė",
            "Gintarė Mažeikaitė",
            "Ąžuolas Puodžiūnas",
            "Eglė Kazlauskaitė",
        ],
    ),
    (
        "Latvian",
        "lv",
        WINDOWS_1257,
        &["Jānis Bērziņš", "Līga Kalniņa", "Pēteris Ozoliņš", "Kārlis Krūmiņš", "Inga Liepiņa"],
    ),
    ("Estonian", "ee", WINDOWS_1257, &["Jüri Põder", "Ülle Tõnisson", "Märt Šmidt", "Tõnu Kõiv"]),
    ("Thai", "th", WINDOWS_874, &["สมชาย ใจดี", "สุดา แสงทอง", "ประเสริฐ วงศ์"]),
    (
        "Japanese",
        "jp",
        SHIFT_JIS,
        &[
            "山田 太郎",
            "鈴木 花子",
            "佐藤 健一",
            "田中",
            "ヤマダ タロウ",
            "渡辺 直樹",
            "斎藤 優",
            "山口 さくら",
        ],
    ),
    ("Japanese EUC", "jp", EUC_JP, &["山田 太郎", "鈴木 花子", "佐藤 健一", "渡辺 直樹"]),
    ("Chinese", "cn", GBK, &["王伟", "李明", "张三丰", "陈小红", "欧阳修", "赵雷", "孙悟空", "刘洋"]),
    ("Chinese Big5", "tw", BIG5, &["王大明", "陳美玲", "林志豪", "蔡依林", "周杰倫"]),
    ("Korean", "kr", EUC_KR, &["김철수", "이영희", "박지민", "최유리", "홍길동"]),
];

/// Names that could be of two languages where nothing else tells, and are taken for the other one.
const BEYOND_TELLING: &[&str] = &["Irène Hébert", "Ödön Sütő", "Eglė Kazlauskaitė"];

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text} in {}", encoding.name());
    bytes.into_owned()
}

/// The names in an answer, and what is said of the file as a whole.
fn names_and_notes(messages: Vec<Message>) -> (Vec<String>, Vec<String>) {
    let (mut names, mut said) = (Vec::new(), Vec::new());
    for message in messages {
        match message {
            Message::Contact(record) => names.push(record.contact.name.full.unwrap_or_default()),
            Message::Done { notes, .. } => said = notes,
            Message::Failed { reason, .. } => names.push(reason),
            _ => {}
        }
    }
    (names, said)
}

#[test]
fn names_come_out_right_and_the_guess_is_named() {
    for (language, domain, encoding, people) in LANGUAGES {
        for count in 1..=3 {
            for names in people.windows(count) {
                let domains = if count == 1 { &["org", *domain][..] } else { &["org"] };
                for domain in domains {
                    let row = |name: &&str| format!("{name},somebody@example.{domain}\r\n");
                    let text: String = names.iter().map(row).collect();
                    let (read, notes) =
                        names_and_notes(answer(encode(encoding, &format!("Name,Email\r\n{text}"))));
                    if *domain == "org" && count == 1 && BEYOND_TELLING.contains(&names[0]) {
                        assert!(notes[0].contains("--encoding NAME"), "{notes:?}");
                        continue;
                    }
                    assert_eq!(read, names, "{language} in {}", encoding.name());
                    assert!(notes[0].contains("which is a guess"), "{language}: {notes:?}");
                }
            }
        }
    }
}

#[test]
fn names_of_columns_are_evidence() {
    for (encoding, header, name) in [
        (WINDOWS_1252, "Prénom;Nom;Téléphone", "Irène"),
        (MACINTOSH, "Prénom;Nom;Téléphone", "Irène"),
        (WINDOWS_1252, "Vorname;Nachname;Straße", "Zoë"),
        (WINDOWS_1252, "Nombre;Apellidos;Móvil", "Íñigo"),
    ] {
        let text = format!("{header}\r\n{name};;\r\n");
        assert_eq!(
            names_and_notes(answer(encode(encoding, &text))).0,
            [name],
            "{header} in {}",
            encoding.name()
        );
    }
    // Of a header that no dialect has, the words of its language.
    for (encoding, header) in [
        (WINDOWS_1250, "Imię;Nazwisko"),
        (WINDOWS_1250, "Jméno;Příjmení"),
        (WINDOWS_1251, "Имя;Фамилия"),
        (KOI8_R, "Имя;Фамилия"),
        (WINDOWS_1257, "Vārds;Uzvārds"),
        (WINDOWS_1257, "Vardas;Pavardė"),
        (WINDOWS_1254, "Adı;Soyadı"),
        (WINDOWS_1253, "Όνομα;Επώνυμο"),
        (SHIFT_JIS, "名前;会社"),
        (EUC_KR, "이름;전화"),
        (GBK, "姓名;电话"),
        (BIG5, "姓名;電話"),
    ] {
        let text = format!("{header}\r\nAda;1\r\n");
        let (refused, _) = names_and_notes(answer(encode(encoding, &text)));
        let quoted = format!("\"{}\"", header.replace(';', ", "));
        assert!(refused[0].contains(&quoted), "{refused:?} of {quoted} in {}", encoding.name());
    }
}

#[test]
fn what_a_file_tells_is_no_guess() {
    let text = "Name\nZoë\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16", utf16.clone()),
        ("UTF-16 with a mark", [&[0xFF, 0xFE][..], &utf16].concat()),
        // What is stated is for files that do not tell.
        ("UTF-8 that is stated to be another", text.as_bytes().to_vec()),
    ] {
        let stated = json!({ "encoding": "windows-1251" });
        let options = if name.ends_with("another") { stated } else { json!({}) };
        let (names, notes) = names_and_notes(answer_to(&bytes, &options, 8192));
        assert_eq!((names, notes), (vec!["Zoë".to_owned()], vec![]), "{name}");
    }
    assert_eq!(names_and_notes(answer("Name\nAda\n")).1, [""; 0]);
}

#[test]
fn what_is_utf_8_by_chance_is_not_taken_for_it() {
    for name in ["郑爽", "钱学森"] {
        let file = encode(GBK, &format!("Name\n{name}\n"));
        assert!(str::from_utf8(&file).is_ok(), "{name}");
        let guessed = names_and_notes(answer(&file));
        assert_eq!((&*guessed.0, guessed.1.len()), (&[name.to_owned()][..], 1));
        let stated = names_and_notes(answer_to(&file, &json!({ "encoding": "gbk" }), 8192));
        assert_eq!(stated, (vec![name.to_owned()], vec![]));
    }
    for name in ["Əli Vəliyev", "Ștefan Țurcanu", "Lǐ Xiǎolóng", "Արամ", "गीता", "ნინო", "Ngô Văn Đức 🎉"]
    {
        let read = names_and_notes(answer(format!("Name\n{name}\n")));
        assert_eq!(read, (vec![name.to_owned()], vec![]));
    }
}

#[test]
fn an_encoding_can_be_stated() {
    let hungarian = encode(WINDOWS_1250, "Name\nÖdön Sütő\n");
    let japanese = encoding_rs::ISO_2022_JP.encode("Name\n山田\n").0.into_owned();
    let late = encode(WINDOWS_1250, &format!("Name\n{}Ödön Sütő\n", "Ada\n".repeat(30_000)));
    let dialect = |encoding: &str| {
        format!(
            "name = \"x\"\nencoding = \"{encoding}\"\n[[recognise]]\nheaders = [\"Name\"]\n[[column]]\nto = \"name/full\"\nheaders = [\"Name\"]\n"
        )
    };
    let stated = |label: &str| json!({ "encoding": label });
    let in_dialect = |label: &str| json!({ "files": [{ "name": "x.toml", "text": dialect(label) }] });
    let both = json!({ "encoding": "windows-1250", "files": [{ "name": "x.toml", "text": dialect("windows-1251") }] });
    for (name, bytes, options, expected) in [
        ("for the import", &hungarian, stated("windows-1250"), "Ödön Sütő"),
        ("by another label", &hungarian, stated("CP1250"), "Ödön Sütő"),
        ("wrongly, and yet obeyed", &hungarian, stated("windows-1252"), "Ödön Sütõ"),
        ("in a dialect", &hungarian, in_dialect("windows-1250"), "Ödön Sütő"),
        ("in a dialect, long before it matters", &late, in_dialect("windows-1250"), "Ödön Sütő"),
        ("in both: for the import", &hungarian, both, "Ödön Sütő"),
        ("one that hides in ASCII", &japanese, stated("iso-2022-jp"), "山田"),
    ] {
        let (names, notes) = names_and_notes(answer_to(bytes, &options, 8192));
        assert_eq!(names.last().map(String::as_str), Some(expected), "{name}");
        assert_eq!(notes, [""; 0], "{name}");
    }
    let (refused, _) = names_and_notes(answer_to(&hungarian, &stated("latin-99"), 8192));
    assert!(refused[0].contains("no encoding called \"latin-99\""), "{refused:?}");
}

#[test]
fn a_header_may_be_known_only_in_the_encoding_of_its_dialect() {
    let dialect = "name = \"x\"\nencoding = \"windows-1251\"\n[[recognise]]\nheaders = [\"Имя\"]\n\
                   [[column]]\nto = \"name/full\"\nheaders = [\"Имя\"]\n";
    let file = encode(WINDOWS_1251, "Имя\nАда\n");
    let (names, notes) = names_and_notes(answer_with(&file, &[("x.toml", dialect)], 8192));
    assert_eq!((names, notes), (vec!["Ада".to_owned()], vec![]));
}

#[test]
fn a_proposal_states_the_encoding_that_was_guessed() {
    let file = encode(WINDOWS_1257, "Vardas;Pavardė\nRūta;Paulauskaitė\n");
    let Some(Message::Failed { hint, suggestion, .. }) = answer(&file).pop() else { panic!("not refused") };
    assert!(hint.is_some_and(|hint| hint.contains("read as windows-1257") && hint.chars().count() <= 500));
    let proposed = suggestion.unwrap().text;
    assert!(proposed.contains("encoding = \"windows-1257\"\n"), "{proposed}");
    let (names, notes) = names_and_notes(answer_with(&file, &[("x.toml", &proposed)], 8192));
    assert_eq!((names.len(), notes.len()), (1, 0), "{names:?}");
    assert!(names[0].contains("Rūta"), "{names:?}");
}
