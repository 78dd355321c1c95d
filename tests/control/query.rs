//! OSCQuery, held to its proposal for every address of every preset.

use std::collections::BTreeSet;

use afterimage::show::{preset, presets};
use serde_json::Value as Json;

use crate::hand::{ask, await_that, get, json, next_frame, open, open_space, space_of, web_socket};

/// The node and all below it.
fn nodes<'a>(node: &'a Json, all: &mut Vec<&'a Json>) {
    all.push(node);
    if let Some(contents) = node.get("CONTENTS") {
        let contents = contents.as_object().unwrap();
        for (name, below) in contents {
            let parent = node["FULL_PATH"].as_str().unwrap().trim_end_matches('/');
            assert_eq!(below["FULL_PATH"], format!("{parent}/{name}"));
            nodes(below, all);
        }
    }
}

fn flat(tree: &Json) -> Vec<&Json> {
    let mut all = Vec::new();
    nodes(tree, &mut all);
    all
}

/// What the proposal asks of a node.
fn judge(node: &Json) {
    let path = node["FULL_PATH"].as_str().unwrap();
    let access = node["ACCESS"].as_u64().unwrap();
    assert!(access <= 3, "{path}");
    let Some(tags) = node.get("TYPE") else {
        assert!(access == 0 && node.get("VALUE").is_none(), "{path}");
        assert!(node.get("CONTENTS").is_some(), "{path} is nothing");
        return;
    };
    let count = tags.as_str().unwrap().len();
    assert!(
        tags.as_str()
            .unwrap()
            .chars()
            .all(|tag| "ifsTI".contains(tag)),
        "{path}"
    );
    assert!(access > 0, "{path}");
    assert_eq!(node.get("VALUE").is_some(), access & 1 == 1, "{path}");
    for name in ["VALUE", "RANGE", "UNIT", "CLIPMODE"] {
        if let Some(list) = node.get(name) {
            assert_eq!(list.as_array().unwrap().len(), count, "{path} {name}");
        }
    }
    assert!(node["DESCRIPTION"].is_string(), "{path}");
    if let (Some(values), Some(ranges)) = (node.get("VALUE"), node.get("RANGE")) {
        let pairs = values
            .as_array()
            .unwrap()
            .iter()
            .zip(ranges.as_array().unwrap());
        for (value, range) in pairs {
            assert!(lies(value, range), "{path}: {value} is not in {range}");
        }
    }
}

fn lies(value: &Json, range: &Json) -> bool {
    if let Some(choices) = range.get("VALS") {
        return choices.as_array().unwrap().contains(value);
    }
    let value = value.as_f64().unwrap();
    (range["MIN"].as_f64().unwrap()..=range["MAX"].as_f64().unwrap()).contains(&value)
}

#[test]
fn every_address_of_every_preset_keeps_the_rules() {
    let control = open(Default::default());
    for name in presets() {
        control.describe(|| space_of(preset(name).unwrap()));
        control.await_description();
        let tree = json(&control, "/");
        let all = flat(&tree);
        assert!(all.len() > 30, "{name} has {} nodes", all.len());
        all.iter().for_each(|node| judge(node));
    }
}

#[test]
fn every_attribute_of_every_address_is_told_alone() {
    let control = open(Default::default());
    control.describe(|| space_of(preset("silk").unwrap()));
    control.await_description();
    let tree = json(&control, "/");
    for node in flat(&tree) {
        let path = node["FULL_PATH"].as_str().unwrap();
        assert_eq!(json(&control, path), *node);
        for name in ["TYPE", "VALUE", "RANGE", "ACCESS"] {
            let (status, body) = get(&control, &format!("{path}?{name}"), "");
            match node.get(name) {
                None => assert_eq!((status, body.as_str()), (204, ""), "{path} {name}"),
                Some(value) => {
                    let told: Json = serde_json::from_str(&body).unwrap();
                    assert_eq!(
                        (status, told),
                        (200, serde_json::json!({ name: value })),
                        "{path}"
                    );
                }
            }
        }
    }
}

#[test]
fn wrong_questions_get_the_statuses_of_the_proposal() {
    let control = open_space();
    let status = |path: &str| get(&control, path, "").0;
    assert_eq!(status("/nothing"), 404);
    assert_eq!(status("/layers/a/amount?COLOUR"), 400);
    assert_eq!(status("/trigger?VALUE"), 204);
    assert_eq!(status("/layers/a/amount/"), 200);
    assert_eq!(
        ask(&control, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").0,
        405
    );
    assert_eq!(
        ask(&control, "HEAD / HTTP/1.1\r\n\r\n"),
        (200, String::new())
    );
    assert_eq!(ask(&control, "what?\r\n\r\n").0, 400);
    let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(9000));
    assert_eq!(ask(&control, &long).0, 431);
}

#[test]
fn a_text_says_what_it_may_be_and_what_it_is() {
    let show = json(&open_space(), "/show");
    judge(&show);
    assert_eq!(show["RANGE"], serde_json::json!([{ "VALS": ["silk"] }]));
    assert_eq!(
        (&show["TYPE"], &show["VALUE"][0]),
        (&"s".into(), &"silk".into())
    );
}

#[test]
fn the_host_says_where_osc_and_websockets_are() {
    let control = open_space();
    let info = json(&control, "/?HOST_INFO");
    assert_eq!(info["OSC_PORT"], control.udp()[0].port());
    assert_eq!(info["WS_PORT"], control.web().unwrap().port());
    assert_eq!(
        (&info["OSC_TRANSPORT"], &info["OSC_IP"]),
        (&"UDP".into(), &"127.0.0.1".into())
    );
    for extension in ["ACCESS", "VALUE", "RANGE", "LISTEN", "PATH_CHANGED"] {
        assert_eq!(info["EXTENSIONS"][extension], true, "{extension}");
    }
}

#[test]
fn a_websocket_is_told_which_paths_come_and_go() {
    let control = open(Default::default());
    let show = |layers: &str| format!("[sources]\na = \"clip\"\n{layers}");
    let one = show("[[layers]]\neffect = \"lagfun\"\n[[layers]]\neffect = \"color\"\n");
    let two = show("[[layers]]\neffect = \"lagfun\"\n[[layers]]\neffect = \"blur\"\n");
    control.describe(move || space_of(&one));
    control.await_description();
    let paths = || -> BTreeSet<String> {
        let tree = json(&control, "/");
        let path = |node: &&Json| node["FULL_PATH"].as_str().unwrap().to_owned();
        flat(&tree).iter().map(path).collect()
    };
    let before = paths();
    let mut caller = web_socket(&control);
    // It is there once it is answered.
    std::io::Write::write_all(&mut caller, &crate::hand::frame(9, b"?")).unwrap();
    next_frame(&mut caller);
    control.describe(move || space_of(&two));
    control.await_description();
    await_that("the tree is another", || paths() != before);
    let news: Vec<_> = (0..2)
        .map(|_| {
            let (kind, text) = next_frame(&mut caller);
            assert_eq!(kind, 1);
            let news: Json = serde_json::from_slice(&text).unwrap();
            (
                news["COMMAND"].as_str().unwrap().to_owned(),
                news["DATA"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let pair = |command: &str, path: &str| (command.to_owned(), path.to_owned());
    assert_eq!(
        news,
        [
            pair("PATH_REMOVED", "/layers/color"),
            pair("PATH_ADDED", "/layers/blur")
        ]
    );
}
