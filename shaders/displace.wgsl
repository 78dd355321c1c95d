/*{
  "DESCRIPTION": "Moves each pixel by what two other pictures hold there: middle grey stays, dark fetches from the left or above, bright from the right or below.",
  "CREDIT": "ffmpeg displace (libavfilter/vf_displace.c); red_green is the displacement map of compositing programs",
  "EXAMPLE": ["-e noise:output=color:octaves=2:through=false", "-e displace:mode=red_green:map_x=noise:map_y=noise:amount=0.6:edge=mirror"],
  "CATEGORIES": ["Geometry", "Glitch"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "map_x", "TYPE": "image", "DESCRIPTION": "How far to the side: the picture itself where none is named."},
    {"NAME": "map_y", "TYPE": "image", "DESCRIPTION": "How far up or down: the picture itself where none is named."},
    {"NAME": "amount", "TYPE": "float", "UNIT": "px", "DEFAULT": 1, "MIN": -64, "MAX": 64, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "Pixels for each of the map's 255 levels away from 128: 0 moves nothing, 1 is ffmpeg's, up to 128 pixels; negative pushes the other way."},
    {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["per_component", "red_green"], "DEFAULT": "per_component",
     "DESCRIPTION": "per_component: red, green and blue each by their own channel of both maps, in whole pixels, as ffmpeg does. red_green: all by the red of map_x and the green of map_y, between pixels."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "smear",
     "DESCRIPTION": "What lies outside the picture: nothing, the border pixel drawn out, the other side, or the mirrored picture."}
  ]
}*/
const PER_COMPONENT: i32 = 0;

// The map's levels away from 128, in pixels.
fn offsets(image: Image, at: vec2i) -> vec3f {
    return (load(image, at, SMEAR).rgb * (255.0 / WHITE) - 128.0) * params.amount;
}

fn effect(at: vec2i) -> vec4f {
    let x = offsets(map_x, at);
    let y = offsets(map_y, at);
    if (params.mode != PER_COMPONENT) {
        return sample(inputImage, vec2f(at) + 0.5 + vec2f(x.r, y.g), params.edge);
    }
    let right = vec3i(round(x));
    let down = vec3i(round(y));
    return vec4f(
        load(inputImage, at + vec2i(right.r, down.r), params.edge).r,
        load(inputImage, at + vec2i(right.g, down.g), params.edge).g,
        load(inputImage, at + vec2i(right.b, down.b), params.edge).b,
        load(inputImage, at, params.edge).a,
    );
}
