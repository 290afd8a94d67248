use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, refusal};

#[tokio::test]
async fn thirty_installs_fit_in_a_second() {
    let setup = Setup::start().await;
    let people = setup.emulator.people();
    let app = format!("{}/v1.0/appCatalogs/teamsApps/{}", setup.emulator.base_url(), setup.app.catalog_id);
    let bind = &json!({"teamsApp@odata.bind": app});
    // Tries until all calls of a try fell into one second; a try that was slow proves nothing.
    for _ in 0..10 {
        let begin = std::time::Instant::now();
        let calls = people.iter().take(40).map(|person| {
            let call = setup.graph(Method::POST, &format!("users/{}/teamwork/installedApps", person.id));
            tokio::spawn(call.json(bind).send())
        });
        let mut refused = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            let answer = call.await.unwrap().unwrap();
            if answer.status() == 429 {
                assert_eq!(answer.headers()["retry-after"], "1");
                refused.push(refusal(answer).await);
            }
        }
        if begin.elapsed().as_secs() == 0 {
            assert!(refused.len() >= 10, "{}", refused.len());
            assert_eq!(refused[0], (429, "TooManyRequests".to_owned()));
            return;
        }
    }
    panic!("the machine never sent forty requests in a second");
}

#[tokio::test]
async fn the_directory_says_what_a_call_cost_and_when_it_is_enough() {
    let setup = Setup::start().await;
    let cost = async |path: &str| {
        let answer = setup.graph(Method::GET, path).send().await.unwrap();
        answer.headers()["x-ms-resource-unit"].to_str().unwrap().to_owned()
    };
    let group = format!("groups/{}", setup.team().group_id);
    for (path, units) in [
        ("users", "2"),
        ("users?$select=id", "1"),
        ("users?$top=5&$select=id", "1"),
        (format!("{group}/members").as_str(), "3"),
        (&format!("{group}/transitiveMembers"), "5"),
        (&format!("{group}/transitiveMembers?$top=5&$select=id"), "3"),
        (&format!("users/{}", setup.person(0).id), "1"),
    ] {
        assert_eq!(cost(path).await, units, "{path}");
    }
    // The tenant has 60 people: 5000 units in ten seconds, which fifty batches of a hundred use up.
    let deep = |id: usize| json!({"id": id.to_string(), "method": "GET", "url": format!("/{group}/transitiveMembers?$top=20")});
    let batch = json!({"requests": (0..20).map(deep).collect::<Vec<_>>()});
    let mut told = false;
    for _ in 0..60 {
        let answers: Value =
            setup.graph(Method::POST, "$batch").json(&batch).send().await.unwrap().json().await.unwrap();
        for answer in answers["responses"].as_array().unwrap() {
            let headers = &answer["headers"];
            told |= headers["x-ms-throttle-limit-percentage"].is_string();
            if answer["status"] == 429 {
                assert!(told, "it is told before it is too late");
                assert!(headers["Retry-After"].is_string());
                assert_eq!(headers["x-ms-throttle-information"], "ResourceUnitLimitExceeded");
                assert_eq!(answer["body"]["error"]["code"], "TooManyRequests");
                return;
            }
        }
    }
    panic!("six thousand units were given");
}
