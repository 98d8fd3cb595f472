//! kith under a real `systemd --user`: each test in a session of its own, with
//! an empty home, its own journal and its own network.
//!
//! These need root and systemd, and run only where `KITH_TEST_SYSTEMD` is set,
//! as .ci/run does; elsewhere each says that it is skipped.

mod lifecycle;
mod restrictions;
mod session;
