//! Sudden death: no call without its record.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::postgres::database;
use testkit::product::Product;

use crate::world::{ALLOW_ALL, upstream};

/// Every call that the server saw must be found in the log, though the gateway was killed in the middle of them.
#[tokio::test]
async fn every_call_that_the_server_saw_is_on_record_after_kill_9() {
    let upstream = upstream(&["pay"]).await;
    let database = database().await.unwrap();
    let control = Product::up(database.url(), &[]).await.unwrap();
    let account = testkit::account::Account::sign_up(&control.http(), "crash@example.com").await.unwrap();
    let agent = account.ready("bank", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();

    let data = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let mut node = control.gateway_in(data.path(), None).await.unwrap();
        let mut calls = tokio::task::JoinSet::new();
        for client in 0..16 {
            let agent = agent.at(&node.url);
            calls.spawn(async move {
                for number in 0.. {
                    let id = json!({ format!("call-{round}-{client}-{number}"): true });
                    if let Err(error) = agent.call("pay", &id).await {
                        return error;
                    }
                }
                unreachable!("numbers do not end");
            });
        }
        let enough = upstream.calls().len() + 50;
        while upstream.calls().len() < enough {
            if let Some(ended) = calls.try_join_next() {
                panic!("a call failed before the gateway was killed: {:#}", ended.unwrap());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        node.kill().await.unwrap();
        calls.join_all().await;
    }
    // The next process on the same folder ships what the dead ones left behind.
    let _reaper = control.gateway_in(data.path(), None).await.unwrap();
    let seen: HashSet<String> = upstream
        .calls()
        .iter()
        .filter_map(|call| argument_name(&serde_json::from_str(&call.arguments).unwrap()))
        .collect();
    assert!(seen.len() >= 250);
    let all_there = async {
        while seen.difference(&recorded(&account).await).next().is_some() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(60), all_there).await.is_err() {
        let missing = seen.difference(&recorded(&account).await).count();
        panic!("{missing} of {} calls have no record", seen.len());
    }
}

fn argument_name(arguments: &Value) -> Option<String> {
    arguments.as_object()?.keys().next().cloned()
}

/// Names of arguments of all recorded calls: each call has one of its own.
async fn recorded(account: &testkit::account::Account) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut cursor = String::new();
    loop {
        let page = account.get(&format!("/events?tool=pay&limit=200{cursor}")).await.unwrap().json();
        for event in page["events"].as_array().unwrap() {
            names.extend(
                event["arguments"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|name| name.as_str().map(str::to_owned)),
            );
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return names,
        }
    }
}
