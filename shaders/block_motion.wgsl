/*{
  "DESCRIPTION": "Sees what moves in blocks, as a codec does: one vector for each. Cheaper than flow, wilder and with hard edges; its picture is no colours but a motion field, for effects that are dragged by motion. How well a block was found again is kept as its confidence.",
  "CREDIT": "Block matching from coarse to fine, with the median prediction of ITU-T H.263",
  "CATEGORIES": ["Motion"],
  "EXAMPLE": ["-e block_motion:block=16", "-e flow_view"],
  "STAGE": "block_motion",
  "OUTPUT": "flow",
  "NO_IDENTITY": "its picture is a motion field",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "block", "TYPE": "long", "VALUES": [4, 8, 16], "LABELS": ["4", "8", "16"], "DEFAULT": 8, "FIXED": true,
     "DESCRIPTION": "Pixels along the side of a block, of the picture that is searched: 4 fine and restless, 16 the macroblocks of MPEG."},
    {"NAME": "height", "TYPE": "long", "DEFAULT": 360, "MIN": 0, "MAX": 8192, "SOFT": [90, 1080], "FIXED": true,
     "DESCRIPTION": "Rows of the picture that is searched: 90 makes blocks that fill a twelfth of the picture, 360 is for the stage, 1080 makes them small and costs nine times as much; 0 is the picture's own, and none is enlarged."},
    {"NAME": "range", "TYPE": "long", "DEFAULT": 32, "MIN": 1, "MAX": 128, "SOFT": [4, 64], "FIXED": true,
     "DESCRIPTION": "The longest motion between two pictures, in pixels of the picture that is searched: 1 sees what hardly moves, 32 at a height of 360 a picture that crosses the screen in eleven, 128 finds far and wrong ones too."},
    {"NAME": "half_pixel", "TYPE": "bool", "DEFAULT": true, "FIXED": true,
     "DESCRIPTION": "On: vectors of half pixels, as MPEG-4 has them. Off: whole ones, which drag in jerks."},
    {"NAME": "smoothness", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0, "MAX": 64, "SOFT": [0, 8], "FIXED": true,
     "DESCRIPTION": "Grey levels by which a match must be better for each pixel that its vector leaves its neighbours: 0 every block for itself, which tears flat parts, 0.5 calm, 8 and more the whole picture moves as one."}
  ]
}*/
