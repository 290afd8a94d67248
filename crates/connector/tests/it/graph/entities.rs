use std::fmt::Debug;

use pregon_connector::graph::{CatalogApp, Channel, Chat, Group, Installation, Team, TeamMember, User};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads a body, and the same with `null` for all that may be missing.
fn survives<T: DeserializeOwned + Serialize + PartialEq + Debug>(body: &Value) {
    let read: T = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *body);
    let least: T = serde_json::from_value(json!({"id": body["id"]})).unwrap();
    let nulls = body.as_object().unwrap().keys().filter(|&name| name != "id" && !name.starts_with("new"));
    let mut empty: Value = nulls.map(|name| (name.clone(), Value::Null)).collect();
    empty["id"] = body["id"].clone();
    assert_eq!(serde_json::from_value::<T>(empty).unwrap(), least);
    assert!(serde_json::from_value::<T>(json!({"displayName": "without id"})).is_err());
}

#[test]
fn what_graph_tells_is_kept_whole_and_nulls_are_nothing() {
    survives::<User>(&json!({
        "id": "d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038", "displayName": "Ada", "mail": "ada@contoso.example",
        "userPrincipalName": "ada@contoso.example", "preferredLanguage": "es-ES", "userType": "Member",
        "accountEnabled": true, "proxyAddresses": ["SMTP:ada@contoso.example", "smtp:a@contoso.example"],
        "newField": {"kept": [1, null]},
    }));
    survives::<Group>(&json!({
        "id": "9c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10", "displayName": "Releases", "description": "All of them",
        "mail": "releases@contoso.example", "groupTypes": ["Unified"], "securityEnabled": false,
        "visibility": "Private", "resourceProvisioningOptions": ["Team"],
        "members@delta": [{"@odata.type": "#microsoft.graph.user", "id": "ada"}, {"id": "b", "@removed": {"reason": "deleted"}}],
        "newField": "kept",
    }));
    survives::<Team>(&json!({
        "id": "g", "displayName": "Releases", "description": "d", "internalId": "19:t@thread.tacv2", "isArchived": true,
        "tenantId": "t", "webUrl": "https://teams.microsoft.com/l/team/19", "newSettings": {"allowGiphy": true},
    }));
    survives::<TeamMember>(&json!({
        "id": "MCM=", "userId": "ada", "displayName": "Ada", "email": "ada@contoso.example", "tenantId": "t",
        "roles": ["owner"], "newField": 1,
    }));
    survives::<Channel>(&json!({
        "id": "19:c@thread.tacv2", "displayName": "General", "description": "d", "membershipType": "standard",
        "tenantId": "t", "isArchived": false, "webUrl": "https://x/", "newLayout": "post",
    }));
    survives::<Chat>(&json!({
        "id": "19:c@unq.gbl.spaces", "chatType": "oneOnOne", "topic": "Lunch", "tenantId": "t",
        "webUrl": "https://x/", "newField": {},
    }));
    let definition = json!({
        "id": "d==", "teamsAppId": "cat-1", "azureADAppId": "e", "displayName": "Pregón", "version": "1.2.0",
        "publishingState": "published", "authorization": {"requiredPermissionSet": {"resourceSpecificPermissions": []}},
    });
    let app = json!({
        "id": "cat-1", "externalId": "m", "displayName": "Pregón", "distributionMethod": "organization",
        "appDefinitions": [definition], "newField": true,
    });
    survives::<CatalogApp>(&app);
    survives::<Installation>(&json!({
        "id": "i==", "teamsApp": app, "teamsAppDefinition": definition, "newConsent": {"resourceSpecificPermissions": []},
    }));
}
