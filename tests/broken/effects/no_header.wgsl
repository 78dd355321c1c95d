fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 1:1: the file must begin with /*{ … }*/, the header in JSON
