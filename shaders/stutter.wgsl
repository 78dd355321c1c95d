/*{
  "DESCRIPTION": "Plays the last few pictures over and over, as a stuck record does, then catches up with the source.",
  "CREDIT": "The beat repeat of samplers; the stutter cuts of datamoshers",
  "CATEGORIES": ["Time", "Glitch"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": "$length * ($plays - 1)", "DESCRIPTION": "The pictures that are played again."},
    {"NAME": "length", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 4, "MIN": 1, "MAX": 60, "SOFT": [1, 16],
     "DESCRIPTION": "How many pictures of the source are played again: 1 stands still, 60 repeats a whole gesture."},
    {"NAME": "plays", "TYPE": "long", "DEFAULT": 4, "MIN": 1, "MAX": 32, "SOFT": [1, 8], "IDENTITY": 1,
     "DESCRIPTION": "How often they are played: 1 once, as they come, 32 for a long while. No picture is older than 255."},
    {"NAME": "bounce", "TYPE": "bool", "DEFAULT": false, "DESCRIPTION": "On: every other time backwards. Off: always forwards."},
    {"NAME": "go", "TYPE": "event", "DESCRIPTION": "Begins at once, with the current picture."},
    {"NAME": "beats", "TYPE": "float", "UNIT": "beats", "DEFAULT": 1, "MIN": 0, "MAX": 64, "SOFT": [0, 8],
     "DESCRIPTION": "May begin by itself so many beats apart: 0.25 four times a beat, 64 every 16 bars, 0 never."},
    {"NAME": "chance", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.6, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How likely it then does: 0 never, 1 always. The show's seed decides, the same way each time."}
  ],
  "PASSES": [
    {"ENTRY": "count", "TARGET": "clock", "WIDTH": "1", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "repeated"}
  ]
}*/
// The clock: x pictures since it began, y the beats that were counted, w 1 once there was a picture.
fn count(at: vec2i) -> vec4f {
    let last = load(clock, at, SMEAR);
    var beats = 0.0;
    // Rounding must not put a beat off to the next picture.
    if (params.beats > 0.0) { beats = floor(frame.beat / params.beats + 1e-4); }
    let beaten = params.beats > 0.0 && (beats != last.y || last.w == 0.0);
    let lucky = random_still(vec2i(i32(beats), 0), 0u) < params.chance;
    let begins = params.go > 0u || (beaten && lucky);
    // Without a beginning it is over: beyond all plays, and small enough to be counted on exactly.
    let since = select(65536.0, min(last.x + 1.0, 65536.0), last.w > 0.0);
    return vec4f(select(since, 0.0, begins), beats, 0.0, 1.0);
}

fn repeated(at: vec2i) -> vec4f {
    let since = i32(load(clock, vec2i(0), SMEAR).x);
    let play = since / params.length;
    if (play == 0 || play >= params.plays) { return load(inputImage, at, SMEAR); }
    var place = since % params.length;
    if (params.bounce != 0u && (play & 1) == 1) { place = params.length - 1 - place; }
    return past(before, since - place, at, SMEAR);
}
