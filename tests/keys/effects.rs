//! The effects of these tests.

/// Effects small enough to be done over by hand.
pub(crate) const EFFECTS: &[(&str, &str)] = &[
    (
        "invert",
        r#"/*{"DESCRIPTION": "The negative.", "NO_IDENTITY": "it always inverts", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "invert", "POINT": true}]}*/
        fn invert(color: vec4f, at: vec2i) -> vec4f { return vec4f(1.0 - color.rgb, color.a * 0.5); }"#,
    ),
    (
        "copy",
        r#"/*{"DESCRIPTION": "The picture.", "NO_IDENTITY": "nothing to set", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#,
    ),
    (
        "sum",
        r#"/*{"DESCRIPTION": "Adds all pictures.", "NO_IDENTITY": "it always adds", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "sum", "TARGET": "total", "PERSISTENT": true, "FLOAT": true}]}*/
        fn sum(at: vec2i) -> vec4f { return load(total, at, SMEAR) + load(inputImage, at, SMEAR); }"#,
    ),
    (
        "add",
        r#"/*{"DESCRIPTION": "Adds another picture.", "NO_IDENTITY": "it always adds", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "other", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR) + 0.5 * load(other, at, SMEAR); }"#,
    ),
    (
        "back",
        r#"/*{"DESCRIPTION": "A picture of the past.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "before", "TYPE": "history", "MAX": 3},
        {"NAME": "pictures", "TYPE": "long", "DEFAULT": 3, "MIN": 0, "MAX": 3, "IDENTITY": 0}]}*/
        fn effect(at: vec2i) -> vec4f { return past(before, params.pictures, at, SMEAR); }"#,
    ),
    (
        "again",
        r#"/*{"DESCRIPTION": "Runs one pass again and again.", "NO_IDENTITY": "it always counts", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "rounds", "TYPE": "long", "DEFAULT": 3, "MIN": 1, "MAX": 9}],
        "PASSES": [{"ENTRY": "grow", "TARGET": "grown", "REPEAT": "$rounds * 2"}, {"ENTRY": "show"}]}*/
        fn grow(at: vec2i) -> vec4f { return load(grown, at, SMEAR) + vec4f(0.125, f32(layer.iteration) * 0.25, 0.0, 0.0); }
        fn show(at: vec2i) -> vec4f { return load(grown, at, SMEAR); }"#,
    ),
    (
        "sizes",
        r#"/*{"DESCRIPTION": "Says how large its target is.", "NO_IDENTITY": "it shows numbers", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "corner", "TARGET": "small", "WIDTH": "$WIDTH / 2", "HEIGHT": "floor($HEIGHT / 4) + 1"}, {"ENTRY": "show"}]}*/
        fn corner(at: vec2i) -> vec4f { return vec4f(vec2f(at), 1.0, 1.0); }
        fn show(at: vec2i) -> vec4f { return vec4f(vec2f(size(small)), load(small, at, SMEAR).xy); }"#,
    ),
    (
        "blur",
        r#"/*{"DESCRIPTION": "Across, then down.", "NO_IDENTITY": "it always blurs", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "across", "TARGET": "rows"}, {"ENTRY": "down"}]}*/
        fn across(at: vec2i) -> vec4f { return (load(inputImage, at - vec2i(1, 0), WRAP) + load(inputImage, at + vec2i(1, 0), WRAP)) * 0.5; }
        fn down(at: vec2i) -> vec4f { return (load(rows, at - vec2i(0, 1), SMEAR) + load(rows, at + vec2i(0, 2), SMEAR)) * 0.5; }"#,
    ),
    (
        "points",
        r#"/*{"DESCRIPTION": "One point after the other.", "NO_IDENTITY": "it always darkens", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "halve", "TARGET": "half_", "POINT": true}, {"ENTRY": "lift", "POINT": true}]}*/
        fn halve(color: vec4f, at: vec2i) -> vec4f { return color * 0.5; }
        fn lift(color: vec4f, at: vec2i) -> vec4f { return color + vec4f(f32(at.x), 0.0, 0.0, 0.0); }"#,
    ),
    (
        "tiles",
        r#"/*{"DESCRIPTION": "The first pixel of each tile, through shared memory.", "NO_IDENTITY": "it always tiles", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "tiles", "KERNEL": true}]}*/
        var<workgroup> corner: vec4f;
        @compute @workgroup_size(8, 4) fn tiles(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
            let at = vec2i(id.xy);
            if (local == 0u) { corner = load(inputImage, at, SMEAR); }
            workgroupBarrier();
            if (any(at >= size(inputImage))) { return; }
            store(at, corner);
        }"#,
    ),
];
