//! Calendars.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_calendar::Calendar;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Calendar>("calendar.ics", file);
});
