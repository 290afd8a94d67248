//! Reading and writing a typical inbound activity: the typed model against untyped JSON.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use pregon_benches::{criterion, print_ratio};
use pregon_model::Activity;
use serde_json::Value;

/// A mention of the bot in a channel's thread, as the protocol reference has it.
const MESSAGE: &[u8] = include_bytes!("message.json");

fn read_and_write(criterion: &mut Criterion) {
    let typed: Activity = serde_json::from_slice(MESSAGE).expect("the message is an activity");
    let untyped: Value = serde_json::from_slice(MESSAGE).expect("the message is JSON");
    let bytes = Throughput::Bytes(MESSAGE.len() as u64);

    let mut read = criterion.benchmark_group("activity_read");
    read.throughput(bytes.clone());
    read.bench_function("model", |b| b.iter(|| serde_json::from_slice::<Activity>(black_box(MESSAGE))));
    read.bench_function("value", |b| b.iter(|| serde_json::from_slice::<Value>(black_box(MESSAGE))));
    read.finish();

    let mut write = criterion.benchmark_group("activity_write");
    write.throughput(bytes);
    write.bench_function("model", |b| b.iter(|| serde_json::to_vec(black_box(&typed))));
    write.bench_function("value", |b| b.iter(|| serde_json::to_vec(black_box(&untyped))));
    write.finish();
}

fn main() {
    let mut criterion = criterion();
    read_and_write(&mut criterion);
    criterion.final_summary();
    print_ratio("activity_read", "model", "value");
    print_ratio("activity_write", "model", "value");
}
