//! `pregon bench`: the whole durable path, then a minimal client without a store, against the same emulator.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pregon_emulator::WorldSpec;
use pregon_server::Config;
use serde_json::{Value, json};

use crate::api::Api;
use crate::local::{DataDir, start_server};
use crate::setup::Setup;
use crate::{End, args, output};

/// Calls under way at once, for both.
const CONCURRENCY: usize = 64;
/// How often the server is asked for progress; seldom, as asking costs CPU too.
const GLANCE: Duration = Duration::from_millis(20);
const GRACE: Duration = Duration::from_secs(10);

/// What one way of sending took.
struct Measure {
    took: Duration,
    cpu: Duration,
}

/// Measures, prints both and the ratio.
pub(crate) async fn run(args: &args::Bench) -> anyhow::Result<End> {
    let recipients = args.recipients as usize;
    let data = DataDir::new(None)?;
    let tell = |text: std::fmt::Arguments<'_>| {
        if !args.json {
            output::line(text);
        }
    };
    // One guest more, who gets nothing.
    let spec = WorldSpec::demo(1, recipients + 1);
    let mut setup = Setup {
        spec: &spec,
        members: recipients + 1,
        server: "127.0.0.1:0".parse()?,
        emulator: "127.0.0.1:0".parse()?,
        data: data.path(),
        lane_per_s: 0,
    };
    let mut emulator = EmulatorProcess::start(data.path(), &setup)?;
    setup.emulator = emulator.address;
    let started = Instant::now();
    let config = Config::parse("the built-in configuration", &setup.toml())?;
    let (server, key) = start_server(config, "bench").await?;
    let url = server.base_url.clone();
    let ready = ready(&url).await?;
    tell(format_args!("start-up to first answer of /readyz: {:.1} ms", millis(ready.duration_since(started))));
    let api = Api::new(&url, &key)?;
    emulator.point_at(&url, &spec.apps[0].app_id).await?;

    tell(format_args!("preparing: {recipients} conversations are created and stored"));
    api.post("/installs", &json!({"team": spec.tenants[0].teams[0].group_id})).await?;
    let team = format!("team:{}", spec.tenants[0].teams[0].id);
    installed(&api, &team).await?;
    send(&api, &team, recipients).await?;

    tell(format_args!("sending {recipients} messages through the durable path …"));
    let durable = measure(send(&api, "everyone", recipients)).await?;
    let conversations = api.all("/references?scope=personal").await?;
    let conversations: Vec<String> =
        conversations.iter().filter_map(|row| row["conversation"].as_str().map(str::to_owned)).collect();
    server.stop(GRACE).await;
    tell(format_args!("sending them with a minimal client without a store …"));
    let bare = measure(bare(&emulator, &spec, conversations)).await?;
    let answer = figures(recipients, &durable, &bare, ready.duration_since(started));
    output::line(if args.json { answer.to_string() } else { table(&answer) });
    emulator.stop();
    Ok(End::Done)
}

/// The emulator as a process of its own, so that its CPU time is not counted.
struct EmulatorProcess {
    child: Child,
    address: std::net::SocketAddr,
    http: reqwest::Client,
}

impl EmulatorProcess {
    fn start(dir: &Path, setup: &Setup<'_>) -> anyhow::Result<Self> {
        let file = dir.join("bench.toml");
        std::fs::write(&file, format!("{}limits = \"lifted\"\nkeep_messages = false\n", setup.toml()))?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["emulator", "--config"])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .context("the emulator cannot be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = loop {
            let Some(line) = lines.next().transpose()? else { bail!("the emulator ended before it was ready") };
            let address = line.strip_prefix("emulator listens on http://").and_then(|rest| rest.split(' ').next());
            if let Some(address) = address {
                break address.parse()?;
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address, http: reqwest::Client::builder().no_proxy().build()? })
    }

    async fn point_at(&self, server: &str, app_id: &str) -> anyhow::Result<()> {
        let url = format!("http://{}/_emulator/apps/{app_id}/endpoint", self.address);
        let body = json!({"url": format!("{server}/api/messages/main")});
        self.http.put(url).json(&body).send().await?.error_for_status()?;
        Ok(())
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for EmulatorProcess {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn ready(server: &str) -> anyhow::Result<Instant> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    http.get(format!("{server}/readyz")).send().await?.error_for_status()?;
    Ok(Instant::now())
}

/// Waits until the team's install was told to the server.
async fn installed(api: &Api, team: &str) -> anyhow::Result<()> {
    let id = team.trim_start_matches("team:");
    loop {
        let teams = api.all("/references?scope=team").await?;
        if teams.iter().any(|row| row["conversation"] == id) {
            return Ok(());
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Sends to everyone and waits for the end.
async fn send(api: &Api, to: &str, recipients: usize) -> anyhow::Result<()> {
    let body = json!({"to": to, "text": "The tide turns at 14:10.", "format": "plain"});
    let id = api.post("/messages", &body).await?["id"].as_str().unwrap_or_default().to_owned();
    loop {
        let view = api.get(&format!("/messages/{id}")).await?;
        if view["state"] == "done" {
            let delivered = view["counts"]["delivered"].as_u64().unwrap_or(0);
            if usize::try_from(delivered)? != recipients {
                bail!("{delivered} of {recipients} delivered: {view}");
            }
            return Ok(());
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// The same requests with nothing around them: one token, one client, a counter.
async fn bare(emulator: &EmulatorProcess, spec: &WorldSpec, conversations: Vec<String>) -> anyhow::Result<()> {
    let (app, tenant, base) = (&spec.apps[0], &spec.tenants[0].id, format!("http://{}", emulator.address));
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(CONCURRENCY).build()?;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", app.app_id.as_str()),
        ("client_secret", app.secret.as_str()),
        ("scope", "https://api.botframework.com/.default"),
    ];
    let token = http.post(format!("{base}/{tenant}/oauth2/v2.0/token")).form(&form).send().await?;
    let token: Value = token.error_for_status()?.json().await?;
    let token: Arc<str> = token["access_token"].as_str().context("no token")?.into();
    let (conversations, next) = (Arc::new(conversations), Arc::new(AtomicUsize::new(0)));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..CONCURRENCY {
        let (http, base, token) = (http.clone(), base.clone(), Arc::clone(&token));
        let (conversations, next) = (Arc::clone(&conversations), Arc::clone(&next));
        workers.spawn(async move {
            while let Some(id) = conversations.get(next.fetch_add(1, Ordering::Relaxed)) {
                let body = json!({"type": "message", "text": "The tide turns at 14:10.", "textFormat": "plain"});
                let url = format!("{base}/emea/v3/conversations/{id}/activities");
                let answer = http.post(url).bearer_auth(&token).json(&body).send().await?.error_for_status()?;
                let _: Value = answer.json().await?;
            }
            Ok::<(), reqwest::Error>(())
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    Ok(())
}

async fn measure(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Measure> {
    let (cpu, started) = (cpu_time()?, Instant::now());
    work.await?;
    Ok(Measure { took: started.elapsed(), cpu: cpu_time()?.saturating_sub(cpu) })
}

/// User and system time of this process.
///
/// Source: proc(5), fields 14 and 15 of `/proc/self/stat`, in clock ticks, which are hundredths of a
/// second on Linux whatever the kernel's own tick is.
fn cpu_time() -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("CPU time is only known on Linux")?;
    let after_name = stat.rsplit_once(')').context("/proc/self/stat has another form")?.1;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    let ticks: u64 = ticks.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
    Ok(Duration::from_millis(ticks * 10))
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
fn figures(recipients: usize, durable: &Measure, bare: &Measure, start_up: Duration) -> Value {
    let n = recipients as f64;
    let rate = |measure: &Measure| n / measure.took.as_secs_f64();
    let cpu = |measure: &Measure| measure.cpu.as_secs_f64() / n * 1_000.0;
    let round = |value: f64, digits: i32| (value * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
    json!({
        "store": "sqlite",
        "recipients": recipients,
        "rate_per_s": round(rate(durable), 0),
        "bare_rate_per_s": round(rate(bare), 0),
        "ratio": round(rate(durable) / rate(bare), 3),
        "cpu_s_per_1000": round(cpu(durable), 4),
        "bare_cpu_s_per_1000": round(cpu(bare), 4),
        "cpu_ratio": round(cpu(durable) / cpu(bare).max(1e-9), 2),
        "start_up_ms": round(millis(start_up), 1),
    })
}

fn table(figures: &Value) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header(["", "messages/s", "CPU s per 1 000"]);
    let cell = |name: &str| figures[name].to_string();
    table.add_row(["durable path (SQLite)".to_owned(), cell("rate_per_s"), cell("cpu_s_per_1000")]);
    table.add_row(["minimal client, no store".to_owned(), cell("bare_rate_per_s"), cell("bare_cpu_s_per_1000")]);
    table.add_row(["ratio".to_owned(), cell("ratio"), cell("cpu_ratio")]);
    table.to_string()
}
