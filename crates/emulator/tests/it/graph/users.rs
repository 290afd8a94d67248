use reqwest::Method;
use serde_json::Value;

use super::{all, eventual, get};
use crate::setup::{Setup, encoded, refusal};

#[tokio::test]
async fn users_and_members_come_in_pages_with_links_to_follow() {
    let setup = Setup::start().await;
    for path in ["users".to_owned(), format!("groups/{}/members", setup.team().group_id)] {
        let mut next =
            Some(format!("{}/v1.0/{path}?$top=25&$select=id,userType,displayName", setup.emulator.base_url()));
        let (mut people, mut pages) = (Vec::new(), 0);
        while let Some(url) = next.take() {
            let answer = setup.client.get(url).bearer_auth(&setup.graph_token).send().await.unwrap();
            let page: Value = answer.json().await.unwrap();
            people.extend(page["value"].as_array().unwrap().clone());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
            pages += 1;
        }
        assert_eq!((people.len(), pages), (60, 3));
        assert_eq!(people.iter().filter(|person| person["userType"] == "Guest").count(), 1);
        assert!(people[0].get("mail").is_none());
    }
}

#[tokio::test]
async fn a_user_is_found_by_id_and_sign_in_name_only() {
    let setup = Setup::start().await;
    let guest = setup.emulator.people().into_iter().find(|person| person.guest).unwrap();
    for key in [&guest.id, &guest.user_principal_name] {
        assert_eq!(get(&setup, &format!("users/{}", encoded(key))).await["displayName"], guest.name.as_str());
    }
    let by_mail = setup.graph(Method::GET, &format!("users/{}", encoded(&guest.email))).send().await.unwrap();
    assert_eq!(
        refusal(by_mail).await,
        (404, "Request_ResourceNotFound".to_owned()),
        "a guest's address is no sign-in name"
    );
}

#[tokio::test]
async fn conditions_find_people() {
    let setup = Setup::start().await;
    let person = setup.person(3);
    let found = async |filter: &str| all(&get(&setup, &format!("users?$filter={}", encoded(filter))).await, "id");
    for filter in [
        format!("mail eq '{}'", person.email.to_uppercase()),
        format!("id in ('{}','none')", person.id),
        format!("userType eq 'Member' and startsWith(userPrincipalName,'{}')", &person.email),
        format!("proxyAddresses/any(a:a eq 'smtp:{}')", person.email),
    ] {
        assert_eq!(found(&filter).await, std::slice::from_ref(&person.id), "{filter}");
    }
    assert_eq!(found("accountEnabled eq true and userType eq 'Guest'").await.len(), 1);
    for wrong in ["shoeSize eq 44", "mail like 'x'", "mail eq 'x"] {
        let refused = setup.graph(Method::GET, &format!("users?$filter={}", encoded(wrong))).send().await.unwrap();
        assert_eq!(refusal(refused).await, (400, "BadRequest".to_owned()), "{wrong}");
    }
    let many = vec!["id eq 'x'"; 16].join(" or ");
    let refused = setup.graph(Method::GET, &format!("users?$filter={}", encoded(&many))).send().await.unwrap();
    assert_eq!(refusal(refused).await.0, 400);
}

#[tokio::test]
async fn advanced_queries_have_to_say_that_they_are() {
    let setup = Setup::start().await;
    let filter = encoded("userType ne 'Guest'");
    let path = format!("users?$filter={filter}&$count=true&$top=999");
    let unsupported = (400, "Request_UnsupportedQuery".to_owned());
    let without_header = setup.graph(Method::GET, &path).send().await.unwrap();
    assert_eq!(refusal(without_header).await, unsupported);
    assert_eq!(refusal(eventual(&setup, &format!("users?$filter={filter}")).await).await, unsupported);
    let page: Value = eventual(&setup, &path).await.json().await.unwrap();
    assert_eq!((&page["@odata.count"], all(&page, "id").len()), (&59.into(), 59));
    let ends = encoded("endsWith(mail,'.example')");
    let page: Value = eventual(&setup, &format!("users?$filter={ends}&$count=true")).await.json().await.unwrap();
    assert_eq!(page["@odata.count"], 60);

    let person = setup.person(0);
    let search = encoded(&format!("\"displayName:{}\"", &person.name));
    let found: Value = eventual(&setup, &format!("users?$search={search}")).await.json().await.unwrap();
    assert!(all(&found, "id").contains(&person.id));
    assert_eq!(
        refusal(setup.graph(Method::GET, &format!("users?$search={search}")).send().await.unwrap()).await,
        unsupported
    );
}

#[tokio::test]
async fn people_are_counted_and_put_in_order() {
    let setup = Setup::start().await;
    let plain = setup.graph(Method::GET, "users/$count").send().await.unwrap();
    assert_eq!(refusal(plain).await.1, "Request_UnsupportedQuery");
    let count = eventual(&setup, "users/$count").await;
    assert_eq!(count.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(count.text().await.unwrap(), "60");
    let guests = eventual(&setup, &format!("users/$count?$filter={}", encoded("userType eq 'Guest'"))).await;
    assert_eq!(guests.text().await.unwrap(), "1");
    assert_eq!(eventual(&setup, "groups/$count").await.text().await.unwrap(), "1");
    let names = all(&get(&setup, "users?$orderby=displayName&$top=999").await, "displayName");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!((names.len(), &names), (60, &sorted));
    let last = all(&get(&setup, "users?$orderby=displayName%20desc&$top=1").await, "displayName");
    assert_eq!(last[0].to_lowercase(), sorted.last().unwrap().to_lowercase());
}

#[tokio::test]
async fn mailboxes_name_their_time_zone_as_windows_does() {
    let setup = Setup::with(pregon_emulator::EmulatorConfig::new(pregon_emulator::dev::world(1, 20))).await;
    let ada = get(&setup, &format!("users/{}/mailboxSettings/timeZone", pregon_emulator::dev::ADA)).await;
    assert_eq!(ada["value"], "Romance Standard Time");
    let whole = get(&setup, &format!("users/{}/mailboxSettings", pregon_emulator::dev::ADA)).await;
    assert_eq!((&whole["timeZone"], &whole["language"]["locale"]), (&ada["value"], &"es-ES".into()));
    let guest = setup.emulator.people().into_iter().find(|person| person.guest).unwrap();
    let none = setup.graph(Method::GET, &format!("users/{}/mailboxSettings/timeZone", guest.id)).send().await.unwrap();
    assert_eq!(refusal(none).await, (404, "MailboxNotEnabledForRESTAPI".to_owned()));
}

#[tokio::test]
async fn many_objects_are_told_by_their_ids() {
    let setup = Setup::start().await;
    let (ada, team) = (setup.person(0).id, setup.team().group_id);
    let ask = async |body: Value| {
        let call = setup.graph(Method::POST, "directoryObjects/getByIds").json(&body);
        call.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let found = ask(serde_json::json!({"ids": [ada, "unknown", team]})).await;
    assert_eq!(all(&found, "@odata.type"), ["#microsoft.graph.user", "#microsoft.graph.group"]);
    assert_eq!(all(&ask(serde_json::json!({"ids": [ada, team], "types": ["user"]})).await, "id"), [ada]);
    assert_eq!(ask(serde_json::json!({"ids": []})).await["error"]["code"], "BadRequest");
}
