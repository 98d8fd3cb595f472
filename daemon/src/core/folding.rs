//! Folds content lines (RFC 5545 section 3.1, RFC 6350 section 3.2) at 75
//! octets, between characters, and where possible not beside a space: some
//! readers (the `ical` crate among them) trim the ends of lines and would lose
//! it.

/// The longest line, in octets without its CRLF.
pub(super) const LINE: usize = 75;

/// How far a fold moves back to get away from a space, in octets.
const AWAY_FROM_SPACE: usize = 24;

/// Folds what stands in `out` from `start` on, one line of UTF-8 without its
/// end, if it is long; `scratch` is room for it meanwhile.
pub(super) fn fold(out: &mut Vec<u8>, start: usize, scratch: &mut Vec<u8>) {
    if out.len() - start <= LINE {
        return;
    }
    scratch.clear();
    scratch.extend_from_slice(&out[start..]);
    out.truncate(start);
    let mut rest: &[u8] = scratch;
    // A continuation's first octet is the space that marks it.
    let mut room = LINE;
    while rest.len() > room {
        let (head, tail) = rest.split_at(fold_point(rest, room));
        out.extend_from_slice(head);
        out.extend_from_slice(b"\r\n ");
        rest = tail;
        room = LINE - 1;
    }
    out.extend_from_slice(rest);
}

/// Where to cut `line`, which is longer than `room`: at most `room` octets on,
/// between two characters, and not beside a space if one need not go far.
fn fold_point(line: &[u8], room: usize) -> usize {
    let between_characters = |&at: &usize| line[at] & 0xC0 != 0x80;
    let beside_space = |at: usize| [line[at - 1], line[at]].iter().any(|b| matches!(b, b' ' | b'\t'));
    let cuts = || (room - AWAY_FROM_SPACE..=room).rev().filter(between_characters);
    // A character has at most four octets, so that some cut is always found.
    cuts().find(|&at| !beside_space(at)).or_else(|| cuts().next()).unwrap_or(room)
}
