/*{
  "DESCRIPTION": "Holds the picture: while it is told to, or for some pictures after each trigger.",
  "CREDIT": "MoviePy Freeze; the still of a video mixer",
  "CATEGORIES": ["Time"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "hold", "TYPE": "bool", "DEFAULT": false, "IDENTITY": false,
     "DESCRIPTION": "On: the picture that was there when it was turned on stays. Off: the source goes on."},
    {"NAME": "take", "TYPE": "event",
     "DESCRIPTION": "Takes the current picture and holds it for as many pictures as length says; while hold is on, until the next one."},
    {"NAME": "length", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 8, "MIN": 0, "MAX": 65535, "SOFT": [0, 60], "IDENTITY": 0,
     "DESCRIPTION": "How many pictures of the source a trigger holds: 0 none, 65535 half an hour."},
    {"NAME": "beats", "TYPE": "float", "UNIT": "beats", "DEFAULT": 1, "MIN": 0, "MAX": 64, "SOFT": [0, 8],
     "DESCRIPTION": "Takes one by itself so many beats apart: 1 on each beat, 0.25 four times a beat, 64 every 16 bars, 0 never."}
  ],
  "PASSES": [
    {"ENTRY": "count", "TARGET": "clock", "WIDTH": "1", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "keep", "TARGET": "held", "PERSISTENT": true}
  ]
}*/
// The clock: x how many pictures are still to be held, y 1 if the held one stays, z the beats that were counted, w 1
// once there was a picture, 2 if it was to be held.
fn count(at: vec2i) -> vec4f {
    let last = load(clock, at, SMEAR);
    var beats = 0.0;
    // Rounding must not put a beat off to the next picture.
    if (params.beats > 0.0) { beats = floor(frame.beat / params.beats + 1e-4); }
    let beaten = params.beats > 0.0 && (beats != last.z || last.w == 0.0);
    let takes = beaten || params.take > 0u;
    let left = select(max(last.x - 1.0, 0.0), f32(params.length), takes);
    let holds = params.hold != 0u;
    let stays = !takes && (left > 0.0 || (holds && last.w == 2.0));
    return vec4f(left, select(0.0, 1.0, stays), beats, select(1.0, 2.0, holds));
}

fn keep(at: vec2i) -> vec4f {
    if (load(clock, vec2i(0), SMEAR).y > 0.0) { return load(held, at, SMEAR); }
    return load(inputImage, at, SMEAR);
}
