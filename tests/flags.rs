//! Flags and variables that would be ignored, or that name what has no end.
#![cfg(all(feature = "cli", feature = "aws", unix))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use support::{run, run_with};

#[test]
fn flags_of_calls_need_a_call() {
    for idle in [
        &["--budget", "1/day"][..],
        &["--budget", "nonsense"],
        &["--endpoint-url", "http://127.0.0.1:9"],
        &["--history", "h.db"],
        &["--timeout", "5"],
        &["--max-attempts", "3"],
        &["--stream"],
        &["--debug"],
    ] {
        let found = run(&[&["recommend", "chatbot"], idle].concat());
        assert_eq!(found.code, 2, "{idle:?}: {}", found.stderr);
        assert!(found.stdout.is_empty());
    }
    run(&["recommend", "chatbot", "--endpoint-url", "http://127.0.0.1:9"])
        .refused(&["--endpoint-url", "--invoke"]);
    let from_outside = run_with(
        &[("ROCKPICK_BUDGET", "1/day"), ("ROCKPICK_HISTORY", "h.db")],
        &["recommend", "chatbot"],
    );
    assert_eq!(from_outside.code, 0, "{}", from_outside.stderr);
}

#[test]
fn regions_are_given_by_code_or_city_and_in_lists() {
    let regions = "task.constraints.regions";
    for (given, codes) in [
        (&["-r", "frankfurt"][..], &["eu-central-1"][..]),
        (&["-r", "eu-west-1,eu-central-1"], &["eu-central-1", "eu-west-1"]),
        (&["-r", "Tokyo", "-r", "São Paulo"], &["ap-northeast-1", "sa-east-1"]),
        (&["-r", "virginia"], &["us-east-1"]),
    ] {
        let flags = [&["recommend", "chatbot", "-o", "json", "--query", regions], given].concat();
        let found = run(&flags);
        let mut read: Vec<String> = serde_json::from_str(&found.stdout).expect("a list");
        read.sort();
        assert_eq!(read, codes, "{given:?}: {}", found.stderr);
    }
    for unknown in ["nowhere", "", "eu-west-1,"] {
        assert_eq!(run(&["recommend", "chatbot", "-r", unknown]).code, 2, "{unknown:?}");
    }
    run(&["recommend", "chatbot", "--residency", "cn"]).refused(&["no Region", "China"]);
}

#[test]
fn files_without_an_end_are_refused_and_empty_ones_are_not() {
    run_with(&[("AWS_CONFIG_FILE", "/dev/zero")], &["recommend", "chatbot"])
        .refused(&["AWS_CONFIG_FILE", "/dev/zero"]);
    let calls: &[&str] = &[
        "recommend",
        "chatbot",
        "-r",
        "us-east-1",
        "--endpoint-url",
        "http://127.0.0.1:9",
        "--invoke",
        "hi",
    ];
    for name in ["SSL_CERT_FILE", "AWS_CA_BUNDLE", "AWS_SHARED_CREDENTIALS_FILE"] {
        run_with(&[(name, "/dev/zero")], calls).refused(&[name, "/dev/zero"]);
    }
    let empty =
        run_with(&[("AWS_CONFIG_FILE", "/dev/null")], &["recommend", "chatbot", "-o", "id"]);
    assert_eq!(empty.code, 0, "{}", empty.stderr);
}

#[test]
fn certificates_that_cannot_be_used_are_told_by_their_variable() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("flags-certificates");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (sparse, broken, empty) =
        (folder.join("sparse.pem"), folder.join("broken.pem"), folder.join("empty"));
    std::fs::create_dir_all(&empty).expect("a folder");
    std::fs::File::create(&sparse).and_then(|file| file.set_len(5 << 30)).expect("a sparse file");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        .expect("a file");
    let [sparse, broken, empty] =
        [&sparse, &broken, &empty].map(|path| path.to_string_lossy().into_owned());
    for (name, path) in [
        ("SSL_CERT_FILE", "/nonexistent"),
        ("SSL_CERT_FILE", "/etc/hostname"),
        ("SSL_CERT_FILE", ""),
        ("SSL_CERT_DIR", "/dev/pts"),
        ("SSL_CERT_DIR", &empty),
        ("AWS_CA_BUNDLE", "/nonexistent"),
        ("AWS_CA_BUNDLE", &broken),
        ("AWS_CA_BUNDLE", &sparse),
        ("SSL_CERT_FILE", &sparse),
    ] {
        for command in [
            &["route", "hi", "-m", "haiku 5.5", "-r", "us-east-1"][..],
            &["doctor", "-r", "us-east-1"],
        ] {
            let found =
                run_with(&[(name, path), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")], command);
            assert!(
                found.stderr.lines().filter(|line| line.starts_with("error: ")).count() == 1,
                "{name}={path}: {}",
                found.stderr
            );
            found.refused(&[name]);
        }
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn endpoints_that_are_none_are_told_at_once_even_where_nothing_is_called() {
    for url in ["http://", "ftp://127.0.0.1:21", "http://exa mple", "nonsense", "http://me:secret@"]
    {
        let dry = run(&["route", "hi", "-m", "haiku 5.5", "--dry-run", "--endpoint-url", url]);
        assert!(!dry.stderr.contains("secret"), "{}", dry.stderr);
        dry.refused(&["--endpoint-url"]);
        run_with(&[("AWS_ENDPOINT_URL", url)], &["doctor", "-r", "us-east-1"])
            .refused(&["AWS_ENDPOINT_URL"]);
    }
    let ftp =
        run_with(&[("AWS_ENDPOINT_URL", "ftp://127.0.0.1:21")], &["doctor", "-r", "us-east-1"]);
    assert!(ftp.stderr.contains("`ftp`") && !ftp.stderr.contains("http://ftp"), "{}", ftp.stderr);
}

#[cfg(feature = "history")]
#[test]
fn a_dry_run_reads_what_calls_would_be_written_to() {
    run(&["route", "hi", "-m", "haiku 5.5", "--dry-run", "--history", ":memory:"])
        .refused(&[":memory:"]);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("flags-none-yet.db");
    let dry =
        run(&["route", "hi", "-m", "haiku 5.5", "--dry-run", "--history", &path.to_string_lossy()]);
    assert_eq!((dry.code, path.exists()), (0, false), "{}", dry.stderr);
}
