use pregon_emulator::{Effect, EmulatorConfig, Fault, Operation, RetryAfter, Shape, dev};

use crate::stage::{Ended, Stage};

const MESSAGE_ALL_MEMBERS: &str = env!("CARGO_BIN_EXE_message_all_members");

#[tokio::test]
async fn everybody_but_the_guest_is_told_one_after_the_other() {
    let stage = Stage::start(8).await;
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let mut expected = vec![format!("GET conversations/{}/pagedmembers", stage.team().id)];
    for person in stage.emulator.people() {
        if person.guest {
            assert_eq!(stage.texts_to(&person.id), [""; 0], "{person:?}");
            continue;
        }
        let text = format!("Hello {}. I am a bot, and I write to everybody in your team.", person.name);
        assert_eq!(stage.texts_to(&person.id), [text]);
        expected.push("POST conversations".to_owned());
        let chat = person.bots[0].conversation_id.as_deref().unwrap();
        expected.push(format!("POST conversations/{chat}/activities"));
    }
    assert_eq!(stage.lines(), expected);
    assert!(ended.shown.ends_with("7 delivered, 1 guest\n"), "{}", ended.shown);
}

#[tokio::test]
async fn a_roster_of_several_pages_is_read_whole() {
    let mut config = EmulatorConfig::new(dev::world(1, 9));
    config.page_size_max = 4;
    let stage = Stage::with(config).await;
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &["--concurrency", "3"]).await;
    assert!(ended.shown.starts_with("9 members."), "{ended:?}");
    let pages = stage.lines().iter().filter(|line| line.ends_with("/pagedmembers")).count();
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn who_did_not_get_it_is_said_with_the_reason_and_code_3() {
    let stage = Stage::start(5).await;
    stage.emulator.person(&stage.person(0).id).unwrap().block();
    let lost = Fault { person: Some(stage.person(1).id), ..Fault::next(Operation::Send, Effect::LoseAnswer) };
    stage.emulator.add_fault(lost).unwrap();
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &[]).await;
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert_eq!(row(&ended, &stage.person(0).name), "blocked");
    assert!(row(&ended, &stage.person(1).name).starts_with("in doubt"), "{ended:?}");
    assert_eq!(row(&ended, &stage.person(4).name), "guest");
    assert!(ended.shown.ends_with("1 blocked, 2 delivered, 1 guest, 1 in doubt\n"), "{}", ended.shown);
    assert_eq!(stage.texts_to(&stage.person(1).id).len(), 1, "in doubt is not sent again");
}

#[tokio::test]
async fn a_throttled_call_waits_as_told_and_is_made_again() {
    let stage = Stage::start(5).await;
    let effect = Effect::Answer {
        status: 429,
        code: None,
        message: None,
        shape: Shape::Standard,
        retry_after: Some(RetryAfter::Seconds(1)),
    };
    stage.emulator.add_fault(Fault::next(Operation::Send, effect)).unwrap();
    let started = std::time::Instant::now();
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &["--concurrency", "5"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(started.elapsed().as_secs() >= 1);
    let statuses: Vec<u16> = stage.calls().iter().map(|call| call.status).filter(|status| *status == 429).collect();
    assert_eq!(statuses, [429]);
    assert!(stage.emulator.people()[..4].iter().all(|person| stage.texts_to(&person.id).len() == 1));
}

#[tokio::test]
async fn at_concurrency_the_limit_is_used_and_never_passed() {
    let stage = Stage::start(121).await;
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &["--concurrency", "100"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let stats = stage.emulator.stats();
    assert_eq!((stats.throttled, stats.violations), (0, 0));
    assert!((30..=50).contains(&stats.peak_per_second), "the limit is used: {}", stats.peak_per_second);
    assert!(
        stage.emulator.people().iter().all(|person| stage.texts_to(&person.id).len() == usize::from(!person.guest))
    );
}

#[tokio::test]
async fn an_argument_that_is_no_number_is_refused_by_name() {
    let stage = Stage::start(5).await;
    let ended = stage.run(MESSAGE_ALL_MEMBERS, &["--concurrency", "many"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.errors.contains("--concurrency"), "{ended:?}");
}

/// What the table says of somebody.
fn row(ended: &Ended, name: &str) -> String {
    let row = ended.shown.lines().find_map(|line| line.trim_start().strip_prefix(name));
    row.unwrap_or_else(|| panic!("no row for {name}: {}", ended.shown)).trim().to_owned()
}
