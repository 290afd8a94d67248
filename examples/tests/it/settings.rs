use pregon_emulator::dev;
use pregon_examples::variable;
use tokio::process::Command;

#[test]
fn without_an_environment_the_settings_are_those_of_the_emulator() {
    for (name, value) in [
        ("PREGON_CLOUD", format!("http://127.0.0.1:{}", dev::PORT).as_str()),
        ("PREGON_APP_ID", dev::APP_ID),
        ("PREGON_APP_SECRET", dev::SECRET),
        ("PREGON_TENANT", dev::TENANT_ID),
        ("PREGON_TEAM", dev::TEAM_ID),
        ("PREGON_CHANNEL", dev::CHANNEL_ID),
        ("PREGON_PERSON", dev::ADA),
        ("PREGON_NEWCOMER", dev::BORIS),
        ("PREGON_MANIFEST_ID", dev::MANIFEST_ID),
    ] {
        assert_eq!(variable(name).unwrap(), value, "{name}");
    }
}

/// What the least demanding example says in an environment of these variables only.
async fn errors(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_least_data"));
    let output = command.env_clear().envs(variables.iter().copied()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn in_a_cloud_of_microsofts_nothing_is_guessed() {
    let mut variables = vec![("PREGON_CLOUD", "public")];
    for (name, what) in [
        ("PREGON_APP_ID", "write the client id"),
        ("PREGON_APP_SECRET", "write the value of a client secret"),
        ("PREGON_TENANT", "write the id of the organisation"),
        ("PREGON_PERSON", "write the 29:"),
    ] {
        let errors = errors(&variables).await;
        assert!(errors.contains(&format!("{name} is not set: {what}")), "{errors}");
        variables.push((name, "x"));
    }
}

#[tokio::test]
async fn a_wrong_cloud_and_an_emulator_that_is_not_there_are_named() {
    for (variables, named) in [
        (&[("PREGON_CLOUD", "azure")][..], "PREGON_CLOUD, azure: no cloud is called \"azure\""),
        (&[("PREGON_CLOUD", "http://teams.example")], "PREGON_CLOUD, http://teams.example: emulator"),
        (&[("PREGON_CLOUD", "http://127.0.0.1:1")], "start the emulator with `cargo run -- emulator`"),
    ] {
        let errors = errors(variables).await;
        assert!(errors.contains(named), "{errors}");
    }
}
