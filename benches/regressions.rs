//! What became slower: today's benches against a baseline that was saved.
//!
//! ```text
//! cargo bench --bench workloads -- --save-baseline before     # before the change
//! cargo bench --bench workloads                               # after it
//! cargo bench --bench regressions -- before                   # prints what became slower by more than 10 %
//! ```
//!
//! Two runs meet two states of a machine. What is compared is therefore not times, but their ratios to the plain code of
//! the same workload in the same run, from the smallest sample of each; times stand beside. Exits with 1 if something
//! became slower. An optional second argument names the newer baseline (`new`, criterion's latest run).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

/// The slow-down that is reported.
const BAR: f64 = 1.10;

/// The smallest sample of a benchmark, in nanoseconds, by group and name.
type Times = BTreeMap<(String, String), f64>;

fn main() -> ExitCode {
    let mut names = env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(before) = names.next() else {
        // Run together with all other benches, without a baseline's name: there is nothing to compare.
        println!("usage: cargo bench --bench regressions -- BEFORE [AFTER]");
        return ExitCode::SUCCESS;
    };
    let after = names.next().unwrap_or_else(|| "new".into());
    let target = env::var("CARGO_TARGET_DIR")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target").into());
    let criterion = Path::new(&target).join("criterion");
    let (old, new) = (read(&criterion, &before), read(&criterion, &after));
    let mut compared = 0;
    let mut slower = Vec::new();
    for ((group, name), &now) in &new {
        let plain = |times: &Times| times.get(&(group.clone(), "plain".into())).copied();
        let was = old.get(&(group.clone(), name.clone())).copied();
        let (Some(was), Some(plain_was), Some(plain_now), true) =
            (was, plain(&old), plain(&new), name != "plain")
        else {
            continue;
        };
        compared += 1;
        let (ratio_was, ratio_now) = (was / plain_was, now / plain_now);
        if ratio_now > BAR * ratio_was {
            slower.push(format!(
                "| {group} | {name} | {ratio_was:.2} | {ratio_now:.2} | {:+.0} % | {:.2} | {:.2} |",
                100.0 * (ratio_now / ratio_was - 1.0),
                was / 1e3,
                now / 1e3
            ));
        }
    }
    if compared == 0 {
        eprintln!(
            "nothing to compare: no benchmark in {} has both `{before}` and `{after}`",
            criterion.display()
        );
        return ExitCode::FAILURE;
    }
    if slower.is_empty() {
        println!("none of {compared} benchmarks became slower by more than 10 %");
        return ExitCode::SUCCESS;
    }
    println!(
        "| workload | code | × plain, before | after | slower by | µs, before | after |\n|---|---|--:|--:|--:|--:|--:|"
    );
    println!("{}", slower.join("\n"));
    ExitCode::FAILURE
}

/// The samples of every benchmark that has a baseline of this name: `criterion/GROUP/NAME/BASELINE/`.
fn read(criterion: &Path, baseline: &str) -> Times {
    let mut times = Times::new();
    let children = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    for benchmark in children(criterion).flat_map(|group| children(&group).collect::<Vec<_>>()) {
        let json = |file: &str| -> Option<serde_json::Value> {
            serde_json::from_str(&fs::read_to_string(benchmark.join(baseline).join(file)).ok()?).ok()
        };
        let (Some(id), Some(sample)) = (json("benchmark.json"), json("sample.json")) else {
            continue;
        };
        let text = |key: &str| id[key].as_str().unwrap_or_default().to_owned();
        let numbers =
            |key: &str| sample[key].as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64);
        let least = numbers("times").zip(numbers("iters")).map(|(t, n)| t / n).fold(f64::INFINITY, f64::min);
        times.insert((text("group_id"), text("function_id")), least);
    }
    times
}
