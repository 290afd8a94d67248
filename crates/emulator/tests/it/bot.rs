use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::{Value, json};

/// What came: the headers and the activity.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) activity: Value,
}

#[derive(Default)]
struct Inside {
    received: Mutex<Vec<Received>>,
    refuse: Mutex<usize>,
}

/// A bot that writes down what it is told.
pub(crate) struct Bot {
    pub(crate) url: String,
    inside: Arc<Inside>,
}

impl Bot {
    pub(crate) async fn start() -> Self {
        let inside = Arc::<Inside>::default();
        let router = Router::new().route("/api/messages", post(receive)).with_state(Arc::clone(&inside));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api/messages", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inside }
    }

    /// Answers the next activities with 500.
    pub(crate) fn refuse(&self, times: usize) {
        *self.inside.refuse.lock().unwrap() = times;
    }

    /// The one activity that came since the last look.
    pub(crate) fn take_one(&self) -> Value {
        let mut received = self.take();
        assert_eq!(received.len(), 1, "one activity is expected");
        received.remove(0).activity
    }

    /// What came since the last look, by kind of activity.
    pub(crate) fn take(&self) -> Vec<Received> {
        let mut received = std::mem::take(&mut *self.inside.received.lock().unwrap());
        received.sort_by_key(|one| one.activity["type"].as_str().unwrap_or_default().to_owned());
        received
    }
}

async fn receive(
    State(bot): State<Arc<Inside>>,
    headers: HeaderMap,
    Json(activity): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let answer = if activity["type"] == "invoke" {
        json!({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "seen"})
    } else {
        json!({})
    };
    bot.received.lock().unwrap().push(Received { headers, activity });
    let mut refuse = bot.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({})));
    }
    (StatusCode::OK, Json(answer))
}
