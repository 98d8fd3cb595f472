//! The feed's addresses, and making new ones.

use crate::support::{Home, request};

#[test]
fn a_new_address_takes_the_place_of_the_old_one_at_once() {
    let home = Home::new();
    let service = home.serve();
    let (address, old) = (service.address().unwrap(), service.token().unwrap());
    let status = |token: &str| {
        let text = format!(
            "GET /feed/{token}/follow-ups.ics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        );
        request(address, &text).unwrap().status
    };
    assert_eq!(status(&old), 200);
    let said = home.kith(&["feed", "--rotate"]).succeeds().stdout;
    let new = service.token().unwrap();
    assert_ne!(old, new);
    assert_eq!((status(&old), status(&new)), (404, 200));
    assert!(
        said.contains("answer no longer") && said.contains(&format!("/feed/{new}/birthdays.ics")),
        "{said}"
    );
    assert!(!home.kith(&["feed"]).succeeds().stdout.contains("answer no longer"));
    // A token that cannot be read for a moment is the one it was.
    std::fs::write(home.data("feed-token"), "").unwrap();
    assert_eq!(status(&new), 200);
    std::fs::write(home.data("feed-token"), &new).unwrap();
    service.kill();
    let service = home.serve_at(address);
    assert_eq!((status(&old), status(&new)), (404, 200));
    drop(service);
}
