//! How fast the emulator answers sends with its limits lifted: wall rate, and CPU time of its process.
//!
//! `cargo run --release -p pregon-emulator --example load [SECONDS] [CONNECTIONS] [kept|counted]`
//!
//! The emulator is a process of its own, so that its CPU time is known apart from the generator's, which
//! writes prepared requests to kept-alive connections and looks for little more than the end of each answer.

use std::{
    io::BufRead,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use pregon_emulator::{Emulator, EmulatorConfig, Limits, WorldSpec};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// People written to, each in a chat of their own.
const PEOPLE: usize = 2_000;
/// Clock ticks of `/proc/PID/stat`, a second: fixed on Linux for all architectures Rust runs on.
const TICKS_PER_S: f64 = 100.0;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |nth: usize, default: &'static str| arguments.get(nth).map_or(default, String::as_str);
    if argument(0, "") == "emulator" {
        return emulate(argument(1, "counted") == "kept").await;
    }
    let seconds = Duration::from_secs(argument(0, "10").parse()?);
    let connections: usize = argument(1, "64").parse()?;
    let mut emulator = EmulatorProcess::start(argument(2, "counted"))?;
    let requests = Arc::new(prepare(&emulator).await?);
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (started, before) = (Instant::now(), (cpu_s(emulator.child.id())?, cpu_s(std::process::id())?));
    let mut clients = tokio::task::JoinSet::new();
    for nth in 0..connections {
        let (requests, stop, answered) = (Arc::clone(&requests), Arc::clone(&stop), Arc::clone(&answered));
        let address = emulator.address.clone();
        clients.spawn(async move { client(&address, &requests, nth, &stop, &answered).await });
    }
    tokio::time::sleep(seconds).await;
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    let (wall, sends) = (started.elapsed().as_secs_f64(), answered.load(Ordering::Relaxed));
    let (emulator_s, own_s) = (cpu_s(emulator.child.id())? - before.0, cpu_s(std::process::id())? - before.1);
    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
    let sends = sends as f64;
    println!(
        "{connections} connections, {sends:.0} sends in {wall:.1} s: {:.0} sends/s\n\
         emulator: {:.1} ms of CPU per 1 000 sends, that is {:.0} sends/s on two cores of its own\n\
         generator: {:.1} ms of CPU per 1 000 sends",
        sends / wall,
        emulator_s * 1e6 / sends,
        2.0 * sends / emulator_s,
        own_s * 1e6 / sends,
    );
    emulator.child.kill()?;
    emulator.child.wait()?;
    Ok(())
}

/// The child: an emulator with its limits lifted.
async fn emulate(keep_bodies: bool) -> Result<(), Failure> {
    let mut config = EmulatorConfig::new(WorldSpec::demo(1, PEOPLE));
    config.limits = Limits::Lifted;
    config.keep_bodies = keep_bodies;
    let emulator = Emulator::start(config).await?;
    emulator.install_in_team(&emulator.apps()[0].app_id, &emulator.tenants()[0].teams[0].id)?;
    println!("{}", emulator.base_url());
    std::future::pending().await
}

struct EmulatorProcess {
    child: Child,
    address: String,
}

impl EmulatorProcess {
    fn start(keeping: &str) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(["emulator", keeping]).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").ok_or("the emulator did not start")?.to_owned();
        Ok(Self { child, address })
    }
}

/// One request per conversation, as bytes.
async fn prepare(emulator: &EmulatorProcess) -> Result<Vec<Vec<u8>>, Failure> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let base = format!("http://{}", emulator.address);
    let get = async |path: &str| -> Result<Value, Failure> {
        Ok(http.get(format!("{base}/_emulator/{path}")).send().await?.error_for_status()?.json().await?)
    };
    let (apps, tenants) = (get("apps").await?, get("tenants").await?);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (app, tenant) = (&apps["apps"][0], text(&tenants["tenants"][0]["id"]));
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", text(&app["app_id"])),
        ("client_secret", text(&app["secret"])),
        ("scope", "https://api.botframework.com/.default".to_owned()),
    ];
    let token = http.post(format!("{base}/{tenant}/oauth2/v2.0/token")).form(&form).send().await?;
    let token = text(&token.json::<Value>().await?["access_token"]);
    let mut requests = Vec::new();
    let mut after = 0;
    loop {
        let page = get(&format!("people?after={after}&limit=1000")).await?;
        let people = page["people"].as_array().ok_or("no people")?;
        if people.is_empty() {
            return Ok(requests);
        }
        after += people.len();
        for person in people {
            let body =
                json!({"isGroup": false, "members": [{"id": person["bots"][0]["member_id"]}], "tenantId": tenant});
            let created = http.post(format!("{base}/emea/v3/conversations")).bearer_auth(&token).json(&body).send();
            let conversation = text(&created.await?.error_for_status()?.json::<Value>().await?["id"]);
            requests.push(request(&emulator.address, &token, &conversation));
        }
    }
}

fn request(address: &str, token: &str, conversation: &str) -> Vec<u8> {
    let activity = json!({
        "type": "message", "text": "Build 412 is green. All checks passed on the main branch; the release goes out at noon.",
        "textFormat": "markdown", "summary": "CI", "conversation": {"id": conversation},
        "channelData": {"notification": {"alert": true}},
    })
    .to_string();
    format!(
        "POST /emea/v3/conversations/{conversation}/activities HTTP/1.1\r\nhost: {address}\r\n\
         authorization: Bearer {token}\r\naccept: application/json\r\nuser-agent: load\r\n\
         content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{activity}",
        activity.len()
    )
    .into_bytes()
}

/// One connection: a request, its answer, the next.
async fn client(
    address: &str,
    requests: &[Vec<u8>],
    nth: usize,
    stop: &AtomicBool,
    answered: &AtomicU64,
) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::with_capacity(4_096);
    for request in requests.iter().cycle().skip(nth * 31 % requests.len()) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        stream.write_all(request).await?;
        answer.clear();
        while !is_whole(&answer) {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err("the emulator closed the connection".into());
            }
        }
        if !answer.starts_with(b"HTTP/1.1 201") {
            return Err(String::from_utf8_lossy(&answer).into());
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// The answer to a send is a small object, and the only braces are its own.
fn is_whole(answer: &[u8]) -> bool {
    answer.last() == Some(&b'}')
}

/// CPU time of a process so far, seconds.
fn cpu_s(pid: u32) -> Result<f64, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name may hold spaces; what follows it does not.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    Ok(ticks / TICKS_PER_S)
}
