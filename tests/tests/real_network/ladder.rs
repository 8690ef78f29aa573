//! `watchkeeper doctor`, with each rung of the ladder broken for real.

use std::{fs, path::Path};

use serde_json::Value;
use watchkeeper_tests::{
    dockerd::{Dockerd, Sms, SmsOptions},
    netns::{Lan, on_the_pc},
    running::{PASSWORD, PASSWORD_ENV, run},
};

fn configure(folder: &Path, dockerd: &Dockerd, url: &str) {
    let (docker, certificates) = dockerd.tls().unwrap();
    let text = format!(
        "[deployment]\nname = \"Test bench\"\nurl = \"{url}\"\ndocker = \"{docker}\"\n\
         docker_certificates = \"{}\"\nreferences = [\"{}\"]\n\
         [release]\nversion = \"1.15.1\"\nprevious = \"1.14.3\"\n\
         [login]\nemail = \"watch@example.com\"\npassword_env = \"{PASSWORD_ENV}\"\n\
         [watch]\nowner = \"The owner\"\ntimeout = \"3s\"\n",
        certificates.display(),
        Lan::ROUTER
    );
    fs::write(folder.join("watchkeeper.toml"), text).unwrap();
}

/// The rungs, each with its place and how it is there.
fn rungs(data: &Path, code: i32) -> Vec<Value> {
    run(data, "doctor --json").with_code(code).json()["rungs"].as_array().unwrap().clone()
}

async fn make(fault: &str, lan: &Lan, dockerd: &Dockerd, sms: &Sms<'_>) {
    match fault {
        "none" | "a name that nobody knows" => {}
        "no cable at the PC" => lan.unplug_pc().unwrap(),
        "no router" => lan.switch_router_off().unwrap(),
        "no cable at the NAS" => lan.unplug_nas().unwrap(),
        "packets dropped" => lan.drop_packets().unwrap(),
        "a firewall before the Engine" => lan.reject(Dockerd::NAS_PORT).unwrap(),
        "no Engine" => dockerd.kill(),
        "no container" => sms.stop().await.unwrap(),
        "an API that fails" => fault_of(sms, "api_down").await,
        "a database that fails" => fault_of(sms, "database_down").await,
        other => panic!("{other}"),
    }
}

async fn fault_of(sms: &Sms<'_>, kind: &str) {
    let answer = sms.post_json("/__demo/fault", &format!("{{\"kind\":\"{kind}\"}}")).await.unwrap();
    assert!(answer.contains(" 202 "), "{answer}");
}

async fn mend(fault: &str, lan: &Lan, dockerd: &Dockerd, sms: &Sms<'_>) {
    lan.heal().unwrap();
    lan.plug_in_nas().unwrap();
    lan.switch_router_on().unwrap();
    lan.plug_in_pc().unwrap();
    match fault {
        "no Engine" => {
            dockerd.start_again().await.unwrap();
            sms.start().await.unwrap();
        }
        "no container" => sms.start().await.unwrap(),
        "an API that fails" | "a database that fails" => sms.restart().await.unwrap(),
        _ => {}
    }
}

#[test]
fn each_broken_rung_is_told_apart() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let options = SmsOptions { password: PASSWORD.into(), ..SmsOptions::default() };
        let sms = dockerd.run_sms(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let here = format!("http://{}", sms.address());
        for (fault, url, place, says, advises) in [
            ("none", &*here, "", "", ""),
            ("no cable at the PC", &here, "this_pc", "no route", "cable"),
            (
                "a name that nobody knows",
                "http://no-such-nas.invalid:8080",
                "network",
                "cannot be resolved",
                "DNS",
            ),
            ("no router", &here, "network", "none of its reference addresses", "router"),
            ("no cable at the NAS", &here, "nas", "", "NAS is switched on"),
            ("packets dropped", &here, "nas", "no answer to the attempt to connect", "NAS is switched on"),
            ("a firewall before the Engine", &here, "docker_engine", "", ""),
            ("no Engine", &here, "docker_engine", "connection refused", "Start Container Station"),
            ("no container", &here, "container", "sms-app is exited", "docker start sms-app"),
            ("an API that fails", &here, "application", "answered 500", "container's log"),
            ("a database that fails", &here, "database", "database fails", "database's log"),
        ] {
            configure(folder.path(), &dockerd, url);
            make(fault, &lan, &dockerd, &sms).await;
            let rungs = rungs(folder.path(), i32::from(fault != "none"));
            mend(fault, &lan, &dockerd, &sms).await;
            let Some(first) = rungs.iter().find(|r| r["outcome"] == "bad") else {
                assert_eq!(fault, "none", "{rungs:#?}");
                continue;
            };
            assert_eq!(first["place"], place, "{fault}: {rungs:#?}");
            let text = first["text"].as_str().unwrap();
            assert!(text.contains(says), "{fault}: {text}");
            let advice = first["advice"].as_str().unwrap();
            assert!(advice.contains(advises), "{fault}: {advice}");
            // What lies before it is well, and is said to be.
            let before = rungs.iter().take_while(|r| r["outcome"] != "bad");
            assert!(before.clone().all(|r| r["outcome"] == "good"), "{fault}: {rungs:#?}");
        }
    });
}
