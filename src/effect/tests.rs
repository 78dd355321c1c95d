use super::*;

#[test]
fn built_in_effects_are_right() {
    let mut library = Library::default();
    for name in library.names() {
        library.get(&name).unwrap_or_else(|error| panic!("{error}"));
    }
}
