//! The address space as OSCQuery tells it (Vidvox, OSCQuery Proposal).

use serde_json::{Map, Value as Json, json};

use super::board::Board;
use super::encode::tags;
use super::space::{Leaf, Space, TextAddress};
use crate::param::{Access, Address, Kind, Standing};

/// What can be asked of an address alone, as `?VALUE`.
const ATTRIBUTES: [&str; 9] = [
    "FULL_PATH",
    "CONTENTS",
    "TYPE",
    "ACCESS",
    "VALUE",
    "RANGE",
    "CLIPMODE",
    "UNIT",
    "DESCRIPTION",
];

/// What this server can do beyond the proposal's core.
const EXTENSIONS: [&str; 11] = [
    "ACCESS",
    "VALUE",
    "RANGE",
    "CLIPMODE",
    "UNIT",
    "DESCRIPTION",
    "LISTEN",
    "IGNORE",
    "PATH_ADDED",
    "PATH_REMOVED",
    "PATH_CHANGED",
];

/// An answer.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// 200.
    Json(Json),
    /// 204: the address has no such attribute.
    Nothing,
    /// 400: nobody has such an attribute.
    BadRequest,
    /// 404: there is no such address.
    NotFound,
}

/// The node at a path, or one attribute of it.
pub(super) fn answer(board: &Board, path: &str, attribute: Option<&str>) -> Answer {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    if attribute.is_some_and(|attribute| !ATTRIBUTES.contains(&attribute)) {
        return Answer::BadRequest;
    }
    let Some(mut node) = node(board, path, attribute.is_none_or(|name| name == "CONTENTS")) else {
        return Answer::NotFound;
    };
    match attribute {
        None => Answer::Json(Json::Object(node)),
        Some(name) => match node.remove(name) {
            Some(value) => Answer::Json(json!({ name: value })),
            None => Answer::Nothing,
        },
    }
}

/// What the server is, and where: OSC over UDP at `udp`, WebSockets at the port that was asked.
pub(super) fn host_info(udp: Option<std::net::SocketAddr>, web: std::net::SocketAddr) -> Json {
    let extensions: Map<_, _> = EXTENSIONS
        .iter()
        .map(|name| ((*name).to_owned(), Json::Bool(true)))
        .collect();
    let mut info = json!({ "NAME": "Afterimage", "EXTENSIONS": extensions, "WS_PORT": web.port() });
    // Without an IP, it is where the question went.
    if !web.ip().is_unspecified() {
        info["WS_IP"] = json!(web.ip());
    }
    if let Some(udp) = udp {
        info["OSC_PORT"] = json!(udp.port());
        info["OSC_TRANSPORT"] = json!("UDP");
        if !udp.ip().is_unspecified() {
            info["OSC_IP"] = json!(udp.ip());
        }
    }
    info
}

/// The node at a path, with all below it if they are wanted.
fn node(board: &Board, path: &str, with_contents: bool) -> Option<Map<String, Json>> {
    let names = board.space.below(path)?;
    let mut node = match board.space.leaf(path) {
        None => Map::new(),
        Some(Leaf::Address(index)) => {
            address(&board.space.addresses()[index], board.standings.get(index))
        }
        Some(Leaf::Release(_)) => release(),
        Some(Leaf::Text(index)) => text(&board.space.texts()[index]),
    };
    node.insert("FULL_PATH".to_owned(), json!(path));
    if path == "/" {
        node.insert("DESCRIPTION".to_owned(), json!(board.space.title()));
    }
    // Containers without a value say so.
    node.entry("ACCESS").or_insert(json!(0));
    if with_contents && (!names.is_empty() || path == "/") {
        let parent = path.trim_end_matches('/');
        let below = names.iter().filter_map(|name| {
            let node = self::node(board, &format!("{parent}/{name}"), true)?;
            Some((name.clone(), Json::Object(node)))
        });
        node.insert("CONTENTS".to_owned(), Json::Object(below.collect()));
    }
    Some(node)
}

fn address(address: &Address, standing: Option<&Standing>) -> Map<String, Json> {
    let (param, tags) = (&address.param, tags(address));
    let mut node = Map::new();
    let mut put = |name: &str, value: Json| node.insert(name.to_owned(), value);
    put("TYPE", json!(tags));
    put("ACCESS", json!(access(address.access)));
    put("DESCRIPTION", json!(description(address)));
    if let Some(range) = range(address) {
        put("RANGE", Json::Array(range));
        put("CLIPMODE", json!(vec!["both"; tags.len()]));
    }
    if !param.unit.is_empty() {
        put("UNIT", json!(vec![unit(&param.unit); tags.len()]));
    }
    if let Some(standing) = standing.filter(|_| address.access != Access::Write) {
        put("VALUE", Json::Array(value(address, standing)));
    }
    node
}

fn release() -> Map<String, Json> {
    let node = json!({
        "TYPE": "I",
        "ACCESS": access(Access::Write),
        "DESCRIPTION": "Gives it back to what the show says.",
    });
    into_map(node)
}

fn text(text: &TextAddress) -> Map<String, Json> {
    let mut node = json!({
        "TYPE": "s",
        "ACCESS": access(Access::Write),
        "DESCRIPTION": text.description,
        "RANGE": [{ "VALS": text.options }],
    });
    if let Some(value) = &text.value {
        node["ACCESS"] = json!(access(Access::Both));
        node["VALUE"] = json!([value]);
    }
    into_map(node)
}

fn into_map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

const fn access(access: Access) -> u8 {
    match access {
        Access::Read => 1,
        Access::Write => 2,
        Access::Both => 3,
    }
}

/// What it does, and what the numbers of a choice mean.
fn description(address: &Address) -> String {
    let param = &address.param;
    let Kind::Long(options) = &param.kind else {
        return param.description.clone();
    };
    let options = options.iter();
    let meanings: Vec<_> = options
        .map(|(number, label)| format!("{number} {label}"))
        .collect();
    let parts = [param.description.clone(), meanings.join(", ")];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// One range for each number; none where there is no end on either side, or nothing to choose.
fn range(address: &Address) -> Option<Vec<Json>> {
    let param = &address.param;
    match &param.kind {
        Kind::Event => None,
        Kind::Bool => Some(vec![json!({ "VALS": [false, true] })]),
        Kind::Long(options) if !options.is_empty() => {
            let numbers: Vec<_> = options.iter().map(|(number, _)| *number).collect();
            Some(vec![json!({ "VALS": numbers })])
        }
        kind => {
            let limit = |number: f64| match kind {
                Kind::Long(_) => json!(number as i64),
                _ => json!(number),
            };
            let lanes = 0..kind.width();
            let ends = lanes.map(|lane| (param.min.lane(lane), param.max.lane(lane)));
            let ends: Vec<_> = ends.collect();
            let is_bounded = ends
                .iter()
                .all(|(min, max)| min.is_finite() && max.is_finite());
            let range = |(min, max): (f64, f64)| json!({ "MIN": limit(min), "MAX": limit(max) });
            is_bounded.then(|| ends.into_iter().map(range).collect())
        }
    }
}

/// OSCQuery's name of a unit, where it has one (units.md of the proposal).
fn unit(unit: &str) -> &str {
    match unit {
        "px" => "distance.pixels",
        "deg" => "angle.degree",
        "s" => "time.second",
        "Hz" => "time.hz",
        "BPM" => "time.bpm",
        "dB" => "gain.db",
        own => own,
    }
}

fn value(address: &Address, standing: &Standing) -> Vec<Json> {
    let lane = |(lane, tag)| match tag {
        b'T' => json!(standing.value.lane(lane) != 0.0),
        b'i' if address.param.kind == Kind::Event => json!(standing.events),
        b'i' => json!(standing.value.lane(lane) as i64),
        _ => json!(standing.value.lane(lane)),
    };
    tags(address).bytes().enumerate().map(lane).collect()
}

/// What WebSockets are told when another space counts: of each branch that came or went the topmost path, and each address
/// that is another one now.
pub(super) fn news(before: &Space, after: &Space) -> Vec<String> {
    let tell = |command: &str, path: &str| json!({ "COMMAND": command, "DATA": path }).to_string();
    let mut news = Vec::new();
    for (command, one, other) in [
        ("PATH_REMOVED", before, after),
        ("PATH_ADDED", after, before),
    ] {
        let gone = one.paths().filter(|path| {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let parent = if parent.is_empty() { "/" } else { parent };
            other.below(path).is_none() && other.below(parent).is_some()
        });
        news.extend(gone.map(|path| tell(command, path)));
    }
    let kept = after.paths().filter(|path| {
        before.below(path).is_some() && described(before, path) != described(after, path)
    });
    news.extend(kept.map(|path| tell("PATH_CHANGED", path)));
    news
}

/// What is said of a path, but for its value.
fn described<'a>(space: &'a Space, path: &str) -> Option<Described<'a>> {
    Some(match space.leaf(path)? {
        Leaf::Address(index) => Described::Address(&space.addresses()[index]),
        Leaf::Text(index) => Described::Text(&space.texts()[index]),
        Leaf::Release(_) => Described::Release,
    })
}

#[derive(PartialEq)]
enum Described<'a> {
    Address(&'a Address),
    Text(&'a TextAddress),
    Release,
}

#[cfg(test)]
mod tests;
