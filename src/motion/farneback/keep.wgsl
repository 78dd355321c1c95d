fn keep(at: vec2i, value: Polynomial) {
    textureStore(expansion, at, value.first);
    textureStore(expansion_mixed, at, vec4f(value.mixed));
}
