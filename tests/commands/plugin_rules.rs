//! An importer for each rule of the protocol that one can break, and what `kith plugin check` says of it.

use serde_json::Value;

use super::plugins::{GOOD, home_with, with};

/// What `check` finds wrong, each once, with the rule: `what | PROTOCOL.md's words`.
fn found(program: &str) -> Vec<String> {
    let home = home_with(program);
    let output =
        home.command().args(["plugin", "check", "./toy.toml", "people.toy", "--json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let remarks: Vec<&Value> =
        report["tries"].as_array().unwrap().iter().flat_map(|one| one["wrong"].as_array().unwrap()).collect();
    assert_eq!(output.status.code(), Some(i32::from(!remarks.is_empty())));
    let mut found: Vec<String> = Vec::new();
    for remark in remarks {
        let said = format!(
            "{} | {}: {}",
            remark["what"].as_str().unwrap(),
            remark["section"].as_str().unwrap(),
            remark["rule"].as_str().unwrap()
        );
        if !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

#[test]
fn each_rule_that_is_broken_is_named() {
    let hello = r#"print "{\"type\":\"hello\",\"name\":\"toy\",\"protocols\":[1]}""#;
    let uid = r#"{\"uid\":\"" text "\"}"#;
    let skipped = r#"print "{\"type\":\"skipped\"," at ",\"reason\":\"no name\"}""#;
    for (name, program, what, rule) in [
        (
            "another name",
            with("\\\"toy\\\"", "\\\"imp\\\""),
            "calls itself \"imp\"",
            "hello: kith refuses the plugin if the name",
        ),
        (
            "another version",
            with("[1]", "[2]"),
            "speaks version [2] of the protocol and not version 1",
            "hello: kith refuses the plugin if the name",
        ),
        (
            "no hello",
            with(hello, &hello.replace("hello", "progress").replace("\\\"name\\\":\\\"toy\\\"", "\\\"bytes\\\":0")),
            "did not say hello first",
            "Framing: The first message is `hello`",
        ),
        (
            "hello again",
            with(hello, &format!("{hello}; {hello}")),
            "said hello again in line 2",
            "Framing: The first message is `hello`",
        ),
        ("no JSON", with("part = -1 }", "part = -1; print \"oops\" }"), "in line 2 of its answer", "Framing: each one line of JSON"),
        (
            "an unknown type",
            with("\\\"skipped\\\",\" at", "\\\"poem\\\",\" at"),
            "unknown variant `poem`",
            "Rules: A message of an unknown `type`",
        ),
        (
            "a field that must be there",
            with(",\\\"reason\\\":\\\"no name\\\"", ""),
            "missing field `reason`",
            "Messages: Every field that is not marked",
        ),
        ("miscounted", with("contacts++", "contacts += 2"), "counted 4 records, but wrote 2", "done: kith merges nothing before"),
        (
            "something behind done",
            with("contacts, skips\n", "contacts, skips; print \"{\\\"type\\\":\\\"progress\\\",\\\"bytes\\\":0}\"\n"),
            "after the line that ends its answer",
            "Framing: The last one is `done`",
        ),
        (
            "no last word",
            with("    printf", "    exit\n    printf"),
            "ended with the exit code 0 without saying that it was done",
            "Rules: A process that ends without",
        ),
        (
            "an exit code",
            with("contacts, skips\n", "contacts, skips; exit 3\n"),
            "said that it was done and then ended with the exit code 3",
            "Rules: Behind `done` its exit status",
        ),
        (
            "half a line",
            with("%d}}\\n\"", "%d}}\""),
            "in the middle of a line",
            "Framing: each one line of JSON",
        ),
        (
            "done, and cut off",
            with("if (left > 0 || broken) exit 1", ""),
            "it said done, and the input was cut off",
            "Framing: Input that ends within a header",
        ),
        (
            "done, and knows not what it is",
            with("print \"{\\\"type\\\":\\\"failed\\\",\\\"reason\\\":\\\"no file\\\"}\"; failed = 1; exit", ""),
            "it said done, and knows nothing of such a part",
            "Part header: A plugin that meets another `kind`",
        ),
        (
            "a part there is not",
            with("\\\"part\\\":\" part", "\\\"part\\\":\" 7"),
            "names part 7 of",
            "contact: Index of the part in the batch",
        ),
        (
            "a line there is not",
            with("\\\"line\\\":\" line", "\\\"line\\\":\" 90000"),
            "at is line 90000 of a file of",
            "contact: Line in the part, from 1",
        ),
        ("null", with(uid, "{\\\"uid\\\":null}"), "contact.uid is null", "The importer protocol, version 1: `null`"),
        (
            "an empty text",
            with(uid, "{\\\"titles\\\":[\\\"\\\"]}"),
            "contact.titles[] is an empty text",
            "Contact: leave out what the record does not say",
        ),
        (
            "a date",
            with(uid, "{\\\"anniversaries\\\":[{\\\"kind\\\":\\\"birth\\\",\\\"date\\\":\\\"1.4.1985\\\"}]}"),
            "contact.anniversaries has \"1.4.1985\", which is no date",
            "Contact: or 1985, and only dates that exist",
        ),
        (
            "bytes as they came",
            with("\\\"no name\\\"", "\\\"\" text \"\\\""),
            "wrote something that is not of the protocol",
            "Framing: each one line of JSON in UTF-8",
        ),
        (
            "progress",
            with("    line++", "    line++; print \"{\\\"type\\\":\\\"progress\\\",\\\"bytes\\\":99999999}\""),
            "progress is 99999999 bytes of a file of",
            "progress: Bytes of the current part",
        ),
        (
            "no base64",
            with(skipped, r#"print "{\"type\":\"part\"," at ",\"fileName\":\"a.vcf\",\"data\":\"***\"}""#),
            "wrote data that is not base64, in line",
            "part: The next of its bytes, in base64",
        ),
        (
            "a file within a file",
            with(skipped, r#"print "{\"type\":\"part\"," at ",\"fileName\":\"" line ".vcf\",\"data\":\"\",\"more\":true}""#),
            "began a file within another",
            "part: Whether more of it follows",
        ),
        (
            "done within a file",
            with(skipped, r#"print "{\"type\":\"part\"," at ",\"fileName\":\"a.vcf\",\"data\":\"\",\"more\":true}""#),
            "was done within a file",
            "part: Whether more of it follows",
        ),
        (
            "a file's folder",
            with(skipped, r#"print "{\"type\":\"part\"," at ",\"fileName\":\"a/b.vcf\",\"data\":\"\"}""#),
            "fileName is \"a/b.vcf\"",
            "part: The file's name without folders.",
        ),
        (
            "chance",
            with("part = -1 }", "part = -1; getline dice < \"/dev/urandom\"; for (i = 1; i < 256; i++) { sum = sum * 2 % 1000003 + index(dice, sprintf(\"%c\", i)) } }")
                .replace("\\\"no name\\\"", "\\\"\" sum \"\\\""),
            "the same bytes gave another answer the second time",
            "Rules: The same bytes with the same header give the same answer",
        ),
        (
            "only the first file",
            with("left == 0 { header", "left == 0 { if (part == 0) exit; header"),
            "of several files it found",
            "Rules: A plugin must be ready for several",
        ),
        (
            "only good as the first",
            with("part++;", "part++; if (part > 0) { failed = 1; print \"{\\\"type\\\":\\\"failed\\\",\\\"reason\\\":\\\"two\\\"}\"; exit }"),
            "it failed, and was done with each file by itself: two",
            "Rules: A plugin must be ready for several",
        ),
        (
            "its own sort of file",
            with("line = 0\n", "line = 0; if (left == 15) { failed = 1; print \"{\\\"type\\\":\\\"failed\\\",\\\"reason\\\":\\\"odd\\\"}\"; exit }\n"),
            "it failed, and is said to read such files: odd",
            "failed: `failed` is for the wrong kind of file",
        ),
        (
            "a line read behind the end of a file that lacks it",
            with("length($0) < left { left -= length($0) + 1; take($0); next }\n{ rest = substr($0, left + 1); take(substr($0, 1, left)); left = 0; if (rest != \"\") header(rest) }", "{ left -= length($0) + 1; if (left < 0) left = 0; take($0) }"),
            "without saying that it was done",
            "Rules: A process that ends without",
        ),
        (
            "a uid for all",
            with(uid, "{\\\"uid\\\":\\\"me\\\"}"),
            "all 2 contacts have the uid \"me\"",
            "Contact: Never make one up",
        ),
        (
            "text in another encoding",
            with("\\\"no name\\\"", "\\\"no \" (text ~ /\\303\\244/ ? sprintf(\"%c\", 228) : \"\") \"\\\""),
            "wrote something that is not of the protocol",
            "Framing: each one line of JSON in UTF-8",
        ),
        (
            "nobody listens",
            with("    line++", "    if (left > 100000) return\n    line++")
                .replace("    if (failed) exit 0", "    while (left > 100000) line++\n    if (failed) exit 0"),
            "nobody listened any more, and toy lived on",
            "Rules: When kith is gone",
        ),
    ] {
        let found = found(&program);
        let expected = |said: &String| {
            let (said, cited) = said.split_once(" | ").unwrap();
            said.contains(what) && cited.starts_with(rule)
        };
        assert!(found.iter().any(expected), "{name}: {found:#?}");
    }
}

#[test]
fn nothing_is_found_in_a_good_one() {
    assert_eq!(found(GOOD), [""; 0]);
}
