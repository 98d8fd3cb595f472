use super::*;

#[test]
fn nothing_said_is_the_defaults() {
    let settings = Settings::parse("").unwrap();
    assert_eq!((settings.budget.per_day, settings.budget.per_week), (3, 10));
    assert_eq!(settings.budget.weekdays.len(), 5);
    assert_eq!(settings.circles["family"].ideal, Interval::weeks(2));
    assert_eq!(settings.inbox.max_size, 256 << 20);
}

#[test]
fn what_is_said_lies_over_the_defaults() {
    let settings = Settings::parse(
        "[budget]\nper_day = 1\n[circles.family]\nideal = '10d'\n[circles.climbing]\nideal='30d'\nlatest='60d'\n",
    )
    .unwrap();
    assert_eq!((settings.budget.per_day, settings.budget.per_week), (1, 10));
    assert_eq!(settings.circles["family"].ideal, Interval::days(10));
    assert_eq!(settings.circles["family"].latest, Interval::weeks(4));
    assert_eq!(settings.cadence(Some("climbing")).latest, Interval::days(60));
    assert_eq!(settings.cadence(Some("gone")).ideal, Interval::months(6));
}

#[test]
fn what_cannot_be_used_is_named() {
    for (text, says) in [
        ("[budget]\nper_day = 'many'", "budget.per_day = \"many\": write a whole number from 0 to 65535"),
        ("[serve]\nlisten = 'here'", "serve.listen = \"here\": \"here\" is not an address"),
        ("[budget]\nperday = 3", "budget: there is no key `perday` here; there are `per_day`, `per_week`, "),
        ("foo = 1", "there is no key `foo` here; there are `timezone`, `me`, "),
        (
            "[circles.family]\nideel = '3d'",
            "circles.family: there is no key `ideel` here; there are `ideal`, `latest`, `channel`",
        ),
        ("[circles]\nnew = '3d'", "circles.new = \"3d\": it is a section, with keys of its own"),
        ("budget = 3", "budget = 3: it is a section, with keys of its own"),
        ("[me]\nemails = 'a@b'", "me.emails = \"a@b\": write a list in brackets, such as [\"one\", \"two\"]"),
        (
            "[inbox]\nmax_size = -1",
            "inbox.max_size = -1: write a number and KiB, MiB or GiB, such as \"256 MiB\"",
        ),
        ("[circles.' x']\nideal = '1d'\nlatest = '2d'", "a circle's name may not be empty, nor begin or end"),
        ("[budget]\nshared = 2.0", "budget.shared = 2"),
        (
            "[vdir]\nfolders = ['contacts']",
            "vdir.folders: \"contacts\" does not say where it is; write the whole path, such as",
        ),
        ("[budget]\nweekdays = ['mon', 'noday']", "\"noday\" is not a weekday"),
        ("[busy]\ncalendars = ['cal.ics']", "busy.calendars: \"cal.ics\" does not say where it is"),
        ("[budget]\nholidays = ['Easter']", "\"Easter\" is not a holiday; write \"12-25\" for every year"),
        (
            "[circles.family]\nchannel = 'fax'",
            "circles.family.channel = \"fax\": \"fax\" is not a channel; write call, write or meet",
        ),
        ("[circles.family]\nideal = '3 moons'", "\"3 moons\" is not an interval"),
        ("[circles.family]\nideal = '5 weeks'", "circles.family: latest (4 weeks) is shorter"),
        ("[circles.new]\nideal = '5 weeks'", "circles.new: this section needs the key `latest`"),
        ("timezone = 'Mars/Base'", "Mars/Base"),
        ("[serve]\nlisten = '0.0.0.0:80'", "this computer only"),
        ("[inbox]\nmax_size = 'huge'", "\"huge\" is not a size"),
        ("[feed]\nahead = 0", "feed.ahead = 0"),
        ("[feed]\ncolor = 'ultrablue'", "feed.color = \"ultrablue\""),
        ("[feed]\nhistory_color = ''", "feed.history_color = \"\""),
        ("[feed]\nhistory_days = 0", "feed.history_days = 0"),
        ("[feed]\nhistory_days = 3661", "feed.history_days = 3661"),
        ("budget = [", "TOML"),
    ] {
        let error = Settings::parse(text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}\n  gives {error}");
    }
}
