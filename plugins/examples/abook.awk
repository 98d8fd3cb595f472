# An importer for kith, in POSIX awk: the address book of abook (https://abook.sourceforge.io).
# The protocol is in ../protocol/PROTOCOL.md; README.md says how to try this one.
#
# An address book is blocks of lines:
#
#     [0]
#     name=Ada Lovelace
#     email=ada@example.org,countess@example.org
#
# awk reads lines, and the protocol counts bytes. That works as the environment is empty: in the C locale awk takes
# each byte for a character, and a line is as long as it has bytes. (BEGIN tries that.) Two things awk cannot see:
# whether the last line of all had a line feed, which makes no difference to a record, and, in some awks, what stands
# behind a zero byte: then there are bytes missing at the end, and the batch is not done.

BEGIN {
    print "{\"type\":\"hello\",\"name\":\"abook\",\"protocols\":[1]}"
    # Now, before anything is read. system("") would do it too, but starts a process.
    fflush()
    for (i = 1; i < 256; i++) ord[sprintf("%c", i)] = i
    if (length("é") != 2) fail("this awk counts characters, and the importer needs one that counts bytes", "install mawk or gawk")
    part = -1
}

# Between parts there is a header.
part < 0 || left == 0 { header($0); next }

# A line of the part, with its line feed.
length($0) < left {
    left -= length($0) + 1
    take($0)
    if (left == 0) end_of_part()
    next
}

# The part ends within this line: what is behind it is the next header.
{
    rest = substr($0, left + 1)
    text = substr($0, 1, left)
    left = 0
    take(text)
    end_of_part()
    if (rest != "") header(rest)
}

END {
    if (failed) exit 0
    # Broken off: whoever says nothing has not said that it is done.
    if (left > 0 || half) exit 1
    printf "{\"type\":\"done\",\"counts\":{\"contact\":%d,\"skipped\":%d}}\n", contacts, skips
}

# --- What kith sends

# The header's fields come in a fixed order without blanks, and a quotation mark within a text has a backslash before
# it: so the first of these is the field.
function header(text) {
    if (text !~ /^\{"kind":".*\}$/) { half = 1; exit }
    if (text !~ /^\{"kind":"file",/) fail("kith sent something else than a file")
    match(text, /"bytes":[0-9]+/)
    left = substr(text, RSTART + 8, RLENGTH - 8) + 0
    part++
    size = left
    told = number = 0
    seen = open = 0
    if (left == 0) end_of_part()
}

function take(text) {
    number++
    if (size - left - told >= 1048576) {
        told = size - left
        printf "{\"type\":\"progress\",\"bytes\":%d}\n", told
    }
    sub(/\r$/, "", text)
    if (text ~ /^[ \t]*(#.*)?$/) return
    if (text ~ /^\[.*\][ \t]*$/) { finish(); start(text); return }
    if (!seen) fail("it is not an address book of abook: line " number " stands before the first block", "choose ~/.abook/addressbook")
    if (!open) return
    if (length(raw) + length(text) > 524288) { large = 1; return }
    raw = raw "\n" text
    if (match(text, /^[A-Za-z0-9_]+=/)) field[substr(text, 1, RLENGTH - 1)] = trim(substr(text, RLENGTH + 1))
    else warn("line " number " is not of the form field=value; it stays in the original only")
}

function end_of_part() { finish() }

# --- Records

function start(text) {
    seen = 1
    # [format] says which program wrote the file.
    open = (text !~ /^\[format\]/)
    begin = number
    raw = text
    warnings = ""
    large = 0
    split("", field)
}

function finish() {
    if (!open) return
    open = 0
    if (large) skip(begin, "the record is larger than half a mebibyte")
    else if (has("name") || has("email") || has("phone") || has("workphone") || has("mobile")) contact()
    else skip(begin, "the record has no name, email address or telephone number")
}

function has(key) { return (key in field) && field[key] != "" }

function contact(    json, name, list, keys, n, i) {
    if (has("name")) json = member(json, "name", "{\"full\":" string(field["name"]) "}")
    json = member(json, "nicknames", texts(field["nick"]))
    json = member(json, "emails", each(field["email"], "address"))
    list = add("", phone("phone", "home"))
    list = add(list, phone("workphone", "work"))
    list = add(list, phone("mobile", "mobile"))
    json = member(json, "phones", array(add(list, phone("fax", "fax"))))
    json = member(json, "addresses", address())
    json = member(json, "anniversaries", anniversary())
    json = member(json, "links", each(field["url"], "uri"))
    if (has("notes")) json = member(json, "notes", "[" string(field["notes"]) "]")
    json = member(json, "keywords", texts(field["groups"]))
    # abook's five fields of the user's own are for whatever they like.
    n = split("custom1 custom2 custom3 custom4 custom5", keys, " ")
    for (i = 1; i <= n; i++) if (has(keys[i])) warn(keys[i] " is a field of your own; it stays in the original only")
    printf "{\"type\":\"contact\",\"at\":%s,\"contact\":{%s},\"raw\":%s", at(begin), json, string(raw)
    if (warnings != "") printf ",\"warnings\":[%s]", warnings
    print "}"
    contacts++
}

function phone(key, label) {
    return has(key) ? "{\"number\":" string(field[key]) ",\"label\":\"" label "\"}" : ""
}

function address(    keys, n, i, full) {
    n = split("address address2 city state zip country", keys, " ")
    for (i = 1; i <= n; i++) if (has(keys[i])) full = full (full == "" ? "" : ", ") field[keys[i]]
    return full == "" ? "" : "[{\"full\":" string(full) "}]"
}

# abook writes 1985-04-12, or --04-12 without the year.
function anniversary(    text, year, month, day) {
    if (!has("anniversary")) return ""
    text = field["anniversary"]
    if (text ~ /^([0-9][0-9][0-9][0-9]|-)-[0-9][0-9]-[0-9][0-9]$/) {
        # Without a year it may be a leap year.
        year = (text ~ /^--/) ? 2000 : substr(text, 1, 4) + 0
        month = substr(text, length(text) - 4, 2) + 0
        day = substr(text, length(text) - 1) + 0
        if (month >= 1 && month <= 12 && day >= 1 && day <= days(year, month))
            return "[{\"kind\":\"anniversary\",\"date\":\"" text "\"}]"
    }
    warn("anniversary is not a date that exists; it stays in the original only")
    return ""
}

function days(year, month) {
    if (month == 2) return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    return (month == 4 || month == 6 || month == 9 || month == 11) ? 30 : 31
}

# --- What kith gets

function at(line) { return "{" (part > 0 ? "\"part\":" part "," : "") "\"line\":" line "}" }

function skip(line, reason) {
    printf "{\"type\":\"skipped\",\"at\":%s,\"reason\":%s}\n", at(line), string(reason)
    skips++
}

function warn(text) { warnings = add(warnings, string(text)) }

function fail(reason, hint) {
    printf "{\"type\":\"failed\",\"reason\":%s", string(reason)
    if (hint != "") printf ",\"hint\":%s", string(hint)
    print "}"
    failed = 1
    exit
}

# --- JSON

function add(list, item) { return item == "" ? list : list (list == "" ? "" : ",") item }

function array(list) { return list == "" ? "" : "[" list "]" }

function member(json, key, value) { return value == "" ? json : add(json, "\"" key "\":" value) }

# The parts of a list with commas: texts, or objects of one field.
function texts(text) { return each(text, "") }

function each(text, key,    parts, n, i, item, list) {
    n = split(text, parts, ",")
    for (i = 1; i <= n; i++) {
        item = trim(parts[i])
        if (item != "") list = add(list, key == "" ? string(item) : "{\"" key "\":" string(item) "}")
    }
    return array(list)
}

function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

# A text as JSON, in UTF-8 whatever the bytes are.
function string(text,    json, n, i, c, b, wide) {
    # Most texts need nothing done.
    if (text !~ /[^ !#-Z^-~]/) return "\"" text "\""
    n = length(text)
    for (i = 1; i <= n; i += wide) {
        wide = 1
        c = substr(text, i, 1)
        b = ord[c] + 0
        if (c == "\"" || c == "\\") json = json "\\" c
        else if (c == "\n") json = json "\\n"
        else if (c == "\t") json = json "\\t"
        else if (b < 32) json = json sprintf("\\u%04x", b)
        else if (b < 128) json = json c
        else if ((wide = sequence(text, i, b)) > 0) json = json substr(text, i, wide)
        else { wide = 1; json = json "\357\277\275" }
    }
    return "\"" json "\""
}

# How many bytes the character has that begins here; 0 if it is none (RFC 3629, section 4).
function sequence(text, i, b,    low, high, wide, k, next_one) {
    low = 128; high = 191
    if (b >= 194 && b <= 223) wide = 2
    else if (b >= 224 && b <= 239) wide = 3
    else if (b >= 240 && b <= 244) wide = 4
    else return 0
    if (b == 224) low = 160
    if (b == 237) high = 159
    if (b == 240) low = 144
    if (b == 244) high = 143
    for (k = 1; k < wide; k++) {
        next_one = ord[substr(text, i + k, 1)] + 0
        if (next_one < low || next_one > high) return 0
        low = 128; high = 191
    }
    return wide
}
