use super::*;
use crate::param::{Param, Value};

fn board() -> Board {
    let mut amount = Param::float("amount", 0.5, 0.0, 2.0).describe("How much.");
    amount.unit = "px".to_owned();
    let zero = Value::point(0.0, 0.0);
    let at = Param::new("at", Kind::Point2D, zero, zero, Value::point(1.0, 2.0));
    let edge = Param::choice("edge", &["blank", "smear"], 1).describe("What lies beyond.");
    let both = |path: &str, param: Param| Address {
        releases: true,
        ..Address::new(path.to_owned(), param, Access::Both)
    };
    let beat = Param::float("beat", 0.0, f64::NEG_INFINITY, f64::INFINITY);
    let addresses = vec![
        both("/layers/a/amount", amount),
        both("/layers/a/at", at),
        both("/layers/a/edge", edge),
        Address::new("/clean".to_owned(), Param::event("clean"), Access::Write),
        Address::new(
            "/black".to_owned(),
            Param::bool("black", true),
            Access::Both,
        ),
        Address::new("/beat".to_owned(), beat, Access::Read),
    ];
    Board::new(Space::new("a show", addresses, Vec::new()))
}

fn ask(path: &str, attribute: Option<&str>) -> Answer {
    answer(&board(), path, attribute)
}

fn node(path: &str) -> Json {
    match ask(path, None) {
        Answer::Json(json) => json,
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn every_kind_says_its_type_range_and_value() {
    let amount = json!({
        "FULL_PATH": "/layers/a/amount", "TYPE": "f", "ACCESS": 3, "DESCRIPTION": "How much.",
        "RANGE": [{ "MIN": 0.0, "MAX": 2.0 }], "CLIPMODE": ["both"], "UNIT": ["distance.pixels"], "VALUE": [0.5],
        "CONTENTS": { "release": {
            "FULL_PATH": "/layers/a/amount/release", "TYPE": "I", "ACCESS": 2,
            "DESCRIPTION": "Gives it back to what the show says.",
        } },
    });
    assert_eq!(node("/layers/a/amount"), amount);
    let at = node("/layers/a/at");
    assert_eq!(
        (&at["TYPE"], &at["VALUE"]),
        (&json!("ff"), &json!([0.0, 0.0]))
    );
    assert_eq!(at["RANGE"][1], json!({ "MIN": 0.0, "MAX": 2.0 }));
    let edge = node("/layers/a/edge");
    assert_eq!((&edge["TYPE"], &edge["VALUE"]), (&json!("i"), &json!([1])));
    assert_eq!(edge["RANGE"], json!([{ "VALS": [0, 1] }]));
    assert_eq!(edge["DESCRIPTION"], "What lies beyond. 0 blank, 1 smear");
    assert_eq!(node("/black")["VALUE"], json!([true]));
    assert_eq!(node("/clean").get("VALUE"), None);
    assert_eq!(node("/beat").get("RANGE"), None);
    assert_eq!(node("/layers")["ACCESS"], 0);
    assert_eq!(
        node("/")["CONTENTS"]["layers"]["CONTENTS"]["a"]["CONTENTS"]["at"],
        at
    );
}

#[test]
fn an_attribute_is_told_alone_or_said_to_be_missing() {
    assert_eq!(
        ask("/beat", Some("VALUE")),
        Answer::Json(json!({ "VALUE": [0.0] }))
    );
    assert_eq!(
        ask("/beat/", Some("ACCESS")),
        Answer::Json(json!({ "ACCESS": 1 }))
    );
    assert_eq!(ask("/clean", Some("VALUE")), Answer::Nothing);
    assert_eq!(ask("/layers", Some("VALUE")), Answer::Nothing);
    assert_eq!(ask("/beat", Some("COLOUR")), Answer::BadRequest);
    assert_eq!(ask("/nothing", Some("VALUE")), Answer::NotFound);
    assert_eq!(ask("/layers/a/x", None), Answer::NotFound);
}

#[test]
fn news_name_the_topmost_path_that_came_or_went() {
    let address = |path: &str, default| {
        let param = Param::float("x", default, 0.0, 1.0);
        Address::new(path.to_owned(), param, Access::Both)
    };
    let space = |addresses: Vec<Address>| Space::new("a show", addresses, Vec::new());
    let before = space(vec![
        address("/layers/a/x", 0.0),
        address("/layers/a/y", 0.0),
        address("/layers/b/x", 0.0),
    ]);
    let after = space(vec![
        address("/layers/a/x", 1.0),
        address("/layers/a/z", 0.0),
        address("/layers/c/x", 0.0),
        address("/layers/c/y", 0.0),
    ]);
    let told = |news: Vec<String>| {
        let read = |text: &String| {
            let json: Json = serde_json::from_str(text).unwrap();
            format!("{} {}", json["COMMAND"], json["DATA"]).replace('"', "")
        };
        news.iter().map(read).collect::<Vec<_>>()
    };
    let expected = [
        "PATH_REMOVED /layers/a/y",
        "PATH_REMOVED /layers/b",
        "PATH_ADDED /layers/a/z",
        "PATH_ADDED /layers/c",
        "PATH_CHANGED /layers/a/x",
    ];
    assert_eq!(told(news(&before, &after)), expected);
    assert!(news(&before, &before).is_empty());
}
