use super::*;

/// An empty home of somebody whose systemd answers.
fn nothing() -> Found {
    let text = |path: &str| Text { path: path.into(), text: None };
    Found {
        specifiers: Specifiers { home: "/home/a".into(), config: "/home/a/.config".into() },
        missing: vec!["/home/a/.config/kith".into(), "/home/a/.local/share/kith".into()],
        writable: vec!["/home/a/.config/kith".into(), "/home/a/.local/share/kith".into()],
        config: text("/home/a/.config/kith/kith.toml"),
        record: text("/home/a/.local/share/kith/setup.json"),
        program: Program { path: "/home/a/.cargo/bin/kith".into(), strays: None },
        home_of_programs: "/home/a/.local/bin/kith".into(),
        installed: None,
        link: ("/home/a/kith-inbox".into(), There::Nothing),
        inbox: "/home/a/.local/share/kith/inbox".into(),
        unit_folder: "/units".into(),
        unit_files: BTreeMap::new(),
        manager: Some(Manager {
            service: Unit::default(),
            socket: Unit::default(),
            outdated: false,
            failure: None,
        }),
        lingers: false,
        namespaces: true,
    }
}

fn strays(hash: &str) -> Strays {
    Strays { folder: "a build folder", sha256: hash.to_owned() }
}

fn wish() -> Wish {
    let listen = ([127, 0, 0, 1], 5484).into();
    Wish {
        change: Change::default(),
        listen,
        start: true,
        link: false,
        linger: false,
        declined: BTreeSet::new(),
    }
}

/// What is there after a plan was carried out and systemd did as it was told.
fn after(found: &Found, plan: &Plan) -> Found {
    let mut found = found.clone();
    let names: BTreeMap<PathBuf, &'static str> =
        FILES.iter().map(|&file| (found.unit_folder.join(file), file)).collect();
    for step in plan.all() {
        match step {
            Step::Linger(on) => found.lingers = *on,
            Step::TurnOff => {
                for unit in found.manager.iter_mut().flat_map(|m| [&mut m.service, &mut m.socket]) {
                    (unit.enabled, unit.active) = (false, false);
                }
            }
            Step::MakeFolder(path) => found.missing.retain(|missing| missing != path),
            Step::Write { path, text, .. } => {
                if let Some(name) = names.get(path) {
                    found.unit_files.insert(name, text.clone());
                }
                for known in [&mut found.config, &mut found.record] {
                    if known.path == *path {
                        known.text = Some(text.clone());
                    }
                }
            }
            Step::Copy { .. } => {
                found.installed = found.program.strays.as_ref().map(|strays| strays.sha256.clone());
            }
            Step::Link { .. } => found.link.1 = There::Ours,
            Step::Remove(path) | Step::SetAside { path, .. } => {
                if let Some(name) = names.get(path) {
                    found.unit_files.remove(name);
                }
                if found.record.path == *path {
                    found.record.text = None;
                }
                if found.link.0 == *path {
                    found.link.1 = There::Nothing;
                }
                if found.home_of_programs == *path {
                    found.installed = None;
                }
            }
            Step::Run(words) => {
                let says = |what: &str| words.iter().any(|word| word == what);
                if let Some(manager) = &mut found.manager {
                    for unit in [&mut manager.service, &mut manager.socket] {
                        unit.enabled |= says("enable");
                        if says("start") || says("stop") {
                            unit.active = says("start");
                        }
                    }
                }
            }
        }
    }
    found
}

fn runs(plan: &Plan) -> Vec<String> {
    let run = |step: &Step| match step {
        Step::Run(words) => Some(words.join(" ").replace("systemctl --user ", "")),
        _ => None,
    };
    plan.steps.iter().filter_map(run).collect()
}

#[test]
fn whatever_was_done_again_is_no_change_and_removal_leaves_nothing() {
    let manager = |packaged: Option<&str>| {
        let unit = |text: &str| Unit { packaged: packaged.map(|_| text.to_owned()), ..Unit::default() };
        Some(Manager {
            service: unit(packaged.unwrap_or_default()),
            socket: unit("[Socket]\nListenStream=127.0.0.1:5484"),
            outdated: false,
            failure: None,
        })
    };
    let built = Program { path: "/src/target/release/kith".into(), strays: Some(strays("hash")) };
    let other = Wish { listen: ([127, 0, 0, 1], 6000).into(), link: true, linger: true, ..wish() };
    let elsewhere = vec!["/cloud/in box".into()];
    for (name, found, wish) in [
        ("installed", nothing(), wish()),
        ("built, with all that can be wished", Found { program: built.clone(), ..nothing() }, other.clone()),
        ("without systemd", Found { manager: None, program: built, ..nothing() }, wish()),
        ("an inbox elsewhere", Found { writable: elsewhere.clone(), ..nothing() }, wish()),
        ("no namespaces", Found { namespaces: false, ..nothing() }, wish()),
        ("a package", Found { manager: manager(Some("ExecStart=/usr/bin/kith serve")), ..nothing() }, wish()),
        (
            "a package, and all else differs",
            Found {
                manager: manager(Some("ProtectSystem=strict")),
                writable: elsewhere,
                namespaces: false,
                ..nothing()
            },
            other,
        ),
    ] {
        let first = plan(&found, &wish).unwrap();
        assert!(!first.steps.is_empty(), "{name}");
        let there = after(&found, &first);
        assert_eq!(plan(&there, &wish).unwrap().steps, [], "{name}: again");
        let removal = removal(&there);
        let gone = after(&there, &removal);
        assert!(removal.notes.is_empty(), "{name}: {:?}", removal.notes);
        assert!(gone.unit_files.is_empty() && gone.installed.is_none() && !gone.lingers, "{name}");
        assert!(gone.config.text.is_some() && gone.record.text.is_none(), "{name}");
        assert_eq!(super::removal(&gone), Plan::default(), "{name}: removed again");
    }
}

#[test]
fn lingering_comes_last_and_is_noted_once_it_is_so() {
    let wish = Wish { linger: true, ..wish() };
    let plan = plan(&nothing(), &wish).unwrap();
    assert!(
        !plan
            .steps
            .iter()
            .any(|step| matches!(step, Step::Write { text, .. } if text.contains("\"linger\": true")))
    );
    let [Step::Linger(true), Step::Write { path, text, .. }] = &plan.besides[..] else {
        panic!("{:?}", plan.besides);
    };
    assert!(path.ends_with("setup.json") && text.contains("\"linger\": true"), "{text}");
    // One that lingers already is not setup's to end.
    let lingers = Found { lingers: true, ..nothing() };
    assert_eq!(super::plan(&lingers, &wish).unwrap().besides, []);
    let installed = after(&lingers, &super::plan(&lingers, &wish).unwrap());
    assert!(!removal(&installed).all().any(|step| matches!(step, Step::Linger(_))));
}

#[test]
fn only_what_changed_is_restarted() {
    let there = after(&nothing(), &plan(&nothing(), &wish()).unwrap());
    let told = |change: &dyn Fn(&mut Found), wish: &Wish| {
        let mut found = there.clone();
        change(&mut found);
        runs(&plan(&found, wish).unwrap())
    };
    let manager =
        |change: fn(&mut Manager)| move |found: &mut Found| found.manager.iter_mut().for_each(change);
    assert_eq!(told(&|_| {}, &wish()), [""; 0]);
    assert_eq!(told(&manager(|m| m.outdated = true), &wish()), ["restart kith.service"]);
    assert_eq!(told(&manager(|m| m.service.active = false), &wish()), ["start kith.socket kith.service"]);
    assert_eq!(
        told(&|found| found.writable.push("/cloud".into()), &wish()),
        ["daemon-reload", "restart kith.service"]
    );
    let moved = Wish { listen: ([127, 0, 0, 1], 6000).into(), ..wish() };
    assert_eq!(
        told(&|_| {}, &moved),
        ["daemon-reload", "stop kith.service kith.socket", "start kith.socket kith.service"]
    );
    assert_eq!(told(&|_| {}, &Wish { start: false, ..moved }), ["daemon-reload"]);
}

#[test]
fn what_others_made_is_never_overwritten_or_removed() {
    let built = Program { path: "/target/kith".into(), strays: Some(strays("new")) };
    let theirs = Found { program: built, installed: Some("another".to_owned()), ..nothing() };
    let error = plan(&theirs, &wish()).unwrap_err().to_string();
    assert!(error.contains("/home/a/.local/bin/kith is there already") && error.contains("rm "), "{error}");
    assert_eq!(removal(&theirs), Plan::default());
    let same = Found { installed: Some("new".to_owned()), ..theirs };
    let there = after(&same, &plan(&same, &wish()).unwrap());
    assert!(
        !removal(&there).steps.contains(&Step::Remove("/home/a/.local/bin/kith".into())),
        "copied by the user"
    );

    let mut there = after(&nothing(), &plan(&nothing(), &wish()).unwrap());
    there.unit_files.insert(SOCKET, "[Socket]\nListenStream=127.0.0.1:1\n".to_owned());
    assert!(plan(&there, &wish()).unwrap_err().to_string().contains("/units/kith.socket is there already"));
    let removed = removal(&there);
    assert!(removed.notes[0].contains("was not written by kith setup"), "{:?}", removed.notes);
    assert!(!removed.steps.contains(&Step::Remove("/units/kith.socket".into())));

    let link = Found { link: ("/home/a/kith-inbox".into(), There::SomethingElse), ..nothing() };
    let plan = plan(&link, &Wish { link: true, ..wish() }).unwrap();
    assert!(
        plan.notes[0].contains("is something else")
            && !plan.steps.iter().any(|s| matches!(s, Step::Link { .. }))
    );
}
