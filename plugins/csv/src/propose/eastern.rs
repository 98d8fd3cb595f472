//! The words of Chinese, Japanese and Korean names of columns. They stand
//! without spaces, so a word counts wherever it stands in the name.

use super::words::{Meaning, Purpose};

/// What spells a name for reading or sorting, and is no name of its own.
const READINGS: [&str; 8] = ["ふりがな", "フリガナ", "よみ", "読み", "カナ", "かな", "拼音", "발음"];

/// Words by what they mean, what says more first: 公司电话 is a telephone number.
const MEANINGS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Email,
        &["邮箱", "邮件", "郵箱", "郵件", "信箱", "电邮", "電郵", "メール", "メアド", "메일", "이메일"],
    ),
    (Meaning::Fax, &["传真", "傳真", "ファックス", "ファクス", "팩스"]),
    (Meaning::Mobile, &["手机", "手機", "移动电话", "行動電話", "携帯", "휴대", "핸드폰"]),
    (Meaning::Phone, &["电话", "電話", "전화"]),
    (Meaning::Birth, &["生日", "誕生日", "生年月日", "出生", "생일", "생년월일"]),
    (Meaning::Wedding, &["结婚", "結婚", "결혼"]),
    (Meaning::Nickname, &["昵称", "暱稱", "ニックネーム", "별명"]),
    (Meaning::Link, &["网址", "网站", "網址", "網站", "ホームページ", "홈페이지"]),
    (Meaning::Address, &["地址", "住所", "주소"]),
    (Meaning::JobTitle, &["职位", "职务", "職位", "職稱", "職務", "役職", "肩書", "직함", "직책", "직위"]),
    (
        Meaning::Organization,
        &["公司", "单位", "單位", "组织", "組織", "会社", "會社", "勤務先", "회사", "직장"],
    ),
    (Meaning::Keywords, &["分组", "群組", "标签", "標籤", "グループ", "그룹"]),
    (Meaning::Notes, &["备注", "備註", "備考", "メモ", "메모", "비고"]),
    (Meaning::Name, &["姓名", "氏名", "全名", "名前", "성명"]),
];

/// Words that are too short, or stand in too many others, to be looked for within a name.
const WHOLE: [(&str, Meaning); 8] = [
    ("姓", Meaning::Surname),
    ("姓氏", Meaning::Surname),
    ("苗字", Meaning::Surname),
    ("성", Meaning::Surname),
    ("성씨", Meaning::Surname),
    ("名", Meaning::Given),
    // Whole names where they stand alone.
    ("名字", Meaning::Nombre),
    ("이름", Meaning::Nombre),
];

const PURPOSES: [(Purpose, &[&str]); 2] = [
    (Purpose::Work, &["公司", "单位", "單位", "工作", "办公", "辦公", "会社", "勤務先", "회사", "직장"]),
    (Purpose::Home, &["家庭", "住宅", "自宅", "자택", "집"]),
];

/// Whether a column of this name says how a name is read.
pub(super) fn is_reading(name: &str) -> bool {
    READINGS.iter().any(|reading| name.contains(reading))
}

/// What a column of this name means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let alone = name.trim_matches(|c: char| c.is_ascii());
    let whole = WHOLE.iter().find(|(word, _)| alone == *word).map(|(_, meaning)| *meaning);
    whole.or_else(|| within(MEANINGS, name))
}

/// What the numbers or addresses in a column of this name are for.
pub(super) fn purpose(name: &str) -> Option<Purpose> {
    within(&PURPOSES, name)
}

fn within<T: Copy>(known: &[(T, &[&str])], name: &str) -> Option<T> {
    known.iter().find(|(_, words)| words.iter().any(|word| name.contains(word))).map(|(what, _)| *what)
}
