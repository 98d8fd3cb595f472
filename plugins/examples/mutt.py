"""An importer for kith: the aliases of mutt and neomutt.

The protocol is in ../protocol/PROTOCOL.md; README.md says how to try this one.

    alias ada Ada Lovelace <ada@example.org>   # met at the exhibition
    alias -group choir bob bob@example.org (Bob Bell)

An alias of one address is a person; one of several is a list, whose people have aliases of their own.
"""

import json
import signal
import sys
from email.utils import getaddresses

# No alias is longer, and no answer too long for kith.
LONGEST = 1 << 20
PROGRESS_EVERY = 1 << 20


class Failed(Exception):
    """The batch cannot be read as a whole; the message is for the user."""


class BrokenOff(Exception):
    """The input ended before the part did: there is no answer to that."""


class Output:
    """Writes messages, and counts them."""

    def __init__(self):
        self.counts = {"contact": 0, "skipped": 0}

    def message(self, kind, **fields):
        line = json.dumps({"type": kind, **fields}, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(line.encode() + b"\n")

    def contact(self, at, contact, raw, warnings=()):
        self.counts["contact"] += 1
        extra = {"warnings": list(warnings)} if warnings else {}
        self.message("contact", at=at, contact=contact, raw=raw, **extra)

    def skipped(self, at, reason):
        self.counts["skipped"] += 1
        self.message("skipped", at=at, reason=reason)


class Part:
    """One file of the batch: never more of the input is read than its bytes."""

    def __init__(self, header, index, out):
        self.left = self.size = header["bytes"]
        self.index = index
        self.number = 0
        self.told = 0
        self.out = out

    def at(self, line):
        return {"part": self.index, "line": line} if self.index else {"line": line}

    def read(self, most):
        data = sys.stdin.buffer.readline(min(self.left, most))
        if not data and self.left:
            raise BrokenOff
        self.left -= len(data)
        if self.size - self.left - self.told >= PROGRESS_EVERY:
            self.told = self.size - self.left
            self.out.message("progress", bytes=self.told)
        return data

    def lines(self):
        """Each line with its number; nothing for one that is too long."""
        while self.left:
            data = self.read(LONGEST)
            self.number += 1
            number = self.number
            if len(data) == LONGEST and not data.endswith(b"\n"):
                while self.left and not data.endswith(b"\n"):
                    data = self.read(LONGEST)
                yield number, None
            else:
                yield number, data.decode(errors="replace").rstrip("\r\n")

    def commands(self):
        """Lines of a muttrc: a backslash at the end goes on in the next one."""
        begin, whole = 0, ""
        for number, line in self.lines():
            if line is None or len(whole) + len(line) > LONGEST:
                self.out.skipped(self.at(begin or number), "the line is longer than a mebibyte")
                begin, whole = 0, ""
                continue
            begin = begin or number
            whole += line
            if not line.endswith("\\"):
                yield begin, whole
                begin, whole = 0, ""
            else:
                whole += "\n"
        if whole:
            self.out.skipped(self.at(begin), "the line goes on in a next one, and the file ends here")


def without_comment(text):
    """The text up to a # that is not within quotation marks."""
    quoted = escaped = False
    for at, sign in enumerate(text):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"':
            quoted = not quoted
        elif sign == "#" and not quoted and text[at - 1 : at].isspace():
            return text[:at]
    return text


def take(part, line, raw, out):
    at = part.at(line)
    words = without_comment(raw.replace("\\\n", " ")).split(None, 1)
    if not words or words[0].startswith("#"):
        return
    if words[0] != "alias":
        out.skipped(at, "the line is a setting of mutt, and no alias")
        return
    rest = words[1] if len(words) > 1 else ""
    groups = []
    while rest.startswith("-group "):
        _, group, *rest = rest.split(None, 2)
        groups.append(group.strip('"'))
        rest = rest[0] if rest else ""
    key, _, addresses = rest.partition(" ")
    found = [(name, address) for name, address in getaddresses([addresses]) if name or address]
    if not found or not key:
        out.skipped(at, "the alias has no address that can be read")
    elif len(found) > 1:
        out.skipped(at, "the alias is a list of several addresses, and no person")
    elif "@" not in found[0][1]:
        out.skipped(at, "the alias stands for another alias")
    else:
        name, address = found[0]
        contact = {
            "name": {"full": name} if name else None,
            "nicknames": [key],
            "emails": [{"address": address}],
            "keywords": groups,
        }
        # What the alias does not say is left out.
        out.contact(at, {field: value for field, value in contact.items() if value}, raw)


def read_header():
    """The next part's header; nothing where the batch ends."""
    line = sys.stdin.buffer.readline()
    if not line:
        return None
    if not line.endswith(b"\n"):
        raise BrokenOff
    header = json.loads(line)
    if header["kind"] != "file":
        raise Failed("kith sent something else than a file")
    return header


def main():
    # Where kith no longer listens there is nothing left to do.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    out = Output()
    out.message("hello", name="mutt", protocols=[1])
    sys.stdout.buffer.flush()
    index = 0
    try:
        while header := read_header():
            part = Part(header, index, out)
            for line, raw in part.commands():
                take(part, line, raw, out)
            index += 1
    except Failed as failure:
        out.message("failed", reason=str(failure))
    except BrokenOff:
        sys.exit("the input ended too early")
    else:
        out.message("done", counts=out.counts)


main()
