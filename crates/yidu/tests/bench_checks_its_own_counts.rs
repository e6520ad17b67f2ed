//! `yidu bench`: a tiny run of every kind of workload on the real binary. Figures are there, and the counts are exact (the
//! command fails where they are not).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

use std::process::Command;

use serde_json::Value;

fn bench(arguments: &[&str]) -> Vec<Value> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_yidu")).args(["--json", "bench"]).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_str(&said).unwrap();
    said["workloads"].as_array().unwrap().clone()
}

#[test]
fn closed_and_open_loops_count_every_receipt_once() {
    let folder = tempfile::tempdir().unwrap();
    let plot = folder.path().join("plot.svg");
    let run = ["--members", "9", "--receipts", "160", "--seconds", "1", "--rate", "200", "--plot"];
    let workloads = ["single", "batch20", "batch50", "low", "seventy", "growth"];
    let reports = bench(&[&workloads[..], &run[..], &[plot.to_str().unwrap()]].concat());
    // Eight readers and as many messages as make 160 receipts, in whole batches; growth begins at 50 members.
    let expected = [
        ("single", 160),
        ("batch20", 160),
        ("batch50", 400),
        ("low", 60),
        ("seventy", 640),
        ("growth50", 196),
    ];
    assert_eq!(reports.len(), expected.len());
    for (report, (name, receipts)) in reports.iter().zip(expected) {
        assert_eq!(report["workload"], name);
        assert_eq!(report["receipts"], receipts, "{name}");
        assert_eq!(report["exact"], true);
        assert!(report["pushes"].as_u64().unwrap() > 0, "{name}");
        assert!(report["latency_us"]["p99"].as_u64().unwrap() > 0, "{name}");
        assert!(report["server_memory_bytes"].as_u64().unwrap() > 0, "{name}");
        let requests = receipts / report["latency_us"]["count"].as_i64().unwrap();
        assert_eq!(
            requests,
            match name {
                "batch20" => 20,
                "batch50" => 50,
                _ => 1,
            },
            "{name}"
        );
    }
    for open in [&reports[3], &reports[4]] {
        assert_eq!(open["notify_us"]["count"], open["receipts"], "the sender heard of every receipt");
    }
    let plot = std::fs::read_to_string(plot).unwrap();
    assert!(plot.starts_with("<svg") && plot.contains("growth50 answer"));
}

#[test]
fn storms_resumes_and_idle_connections_are_measured() {
    let run = ["--members", "40", "--connections", "20", "--receipts", "40", "--seconds", "1"];
    let reports = bench(&[&["storm", "reconnect", "connections", "soak"][..], &run[..]].concat());
    assert_eq!(reports[0]["receipts"], 39);
    assert!(reports[0]["pushes"].as_u64().unwrap() <= 10, "paced");
    assert!(reports[0]["others_ms_p99"].as_f64().unwrap() > 0.0);
    assert_eq!(reports[1]["latency_us"]["count"], 20);
    assert!(reports[2]["bytes_per_connection"].is_number());
    assert!(reports[3]["receipts"].as_u64().unwrap() >= 39 * 20);
    assert!(reports[3]["memory_mb_highest"].as_f64() >= reports[3]["memory_mb_first_tenth"].as_f64());
}

#[test]
fn a_killed_server_has_all_counts_again() {
    let reports = bench(&["start", "--members", "30", "--receipts", "3000"]);
    assert_eq!(reports[0]["receipts"], 4_350, "29 readers, 150 messages: whole batches of 50");
    assert!(reports[0]["ready_ms"].as_f64().unwrap() > 0.0);
    assert!(reports[0]["disk_bytes_per_receipt"].as_f64().unwrap() > 0.0);
}

#[test]
fn what_cannot_be_measured_is_refused_with_a_reason() {
    let output = Command::new(env!("CARGO_BIN_EXE_yidu"))
        .args(["bench", "soak", "--peer", "ws://127.0.0.1:1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("measured on Yidu only"));
}
