//! Yahoo's address book, reconstructed.

use serde_json::json;

use crate::{assert_says, record};

const HEADER: &str = "\"First\",\"Middle\",\"Last\",\"Nickname\",\"Email\",\"Category\",\"Distribution Lists\",\"Messenger ID\",\"Home\",\"Work\",\"Pager\",\"Fax\",\"Mobile\",\"Other\",\"Yahoo! Phone\",\"Primary\",\"Alternate Email 1\",\"Alternate Email 2\",\"Personal Website\",\"Business Website\",\"Title\",\"Company\",\"Work Address\",\"Work City\",\"Work State\",\"Work ZIP\",\"Work Country\",\"Home Address\",\"Home City\",\"Home State\",\"Home ZIP\",\"Home Country\",\"Birthday\",\"Anniversary\",\"Custom 1\",\"Custom 2\",\"Custom 3\",\"Comments\",\"Messenger ID1\",\"Skype ID\"";

#[test]
fn everything_that_yahoo_writes() {
    let row = "\"Ada\",\"King\",\"Lovelace\",\"Countess\",\"ada@example.org\",\"Choir,Engines\",\"\",\"ada9\",\"+44 2\",\"+44 1\",\"\",\"+44 4\",\"+44 3\",\"\",\"\",\"mobile\",\"second@example.org\",\"third@example.org\",\"https://example.org/ada\",\"https://example.org\",\"Analyst\",\"Engines\",\"\",\"Paris\",\"\",\"\",\"\",\"12 Square\",\"London\",\"\",\"SW1\",\"UK\",\"10/31/1815\",\"\",\"tall\",\"\",\"\",\"Met at the exhibition\",\"\",\"\"";
    let expected = json!({
        "name": {"full": "Ada King Lovelace", "components": [{"kind": "given", "value": "Ada"},
            {"kind": "given2", "value": "King"}, {"kind": "surname", "value": "Lovelace"}]},
        "nicknames": ["Countess"],
        "emails": [{"address": "ada@example.org", "pref": 1}, {"address": "second@example.org"}, {"address": "third@example.org"}],
        "phones": [{"number": "+44 3", "label": "mobile"}, {"number": "+44 2", "label": "home"},
            {"number": "+44 1", "label": "work"}, {"number": "+44 4", "label": "fax"}],
        "organizations": [{"name": "Engines"}],
        "titles": ["Analyst"],
        "addresses": [{"full": "12 Square, SW1, London, UK", "label": "home"}, {"full": "Paris", "label": "work"}],
        "links": [{"uri": "https://example.org/ada", "label": "home"}, {"uri": "https://example.org", "label": "work"}],
        "anniversaries": [{"kind": "birth", "date": "1815-10-31"}],
        "keywords": ["Choir", "Engines"],
        "notes": ["Met at the exhibition", "tall"],
        "onlineServices": [{"service": "Yahoo", "uri": "ymsgr:ada9"}],
    });
    let british =
        HEADER.replace("ZIP", "Post Code").replace("State", "County").replace("Home City", "Home Town");
    for (name, header) in [("American", HEADER), ("British", &british)] {
        let record = record(format!("{header}\r\n{row}\r\n"));
        assert_says(name, &record, &expected);
        assert_eq!(record.warnings, [""; 0], "{name}");
    }
}
