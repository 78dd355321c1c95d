use proptest::prelude::*;

use super::*;

#[test]
fn files_that_are_no_shows_say_so() {
    let (folder, mut library) = library();
    let path = folder.path().join("show.toml");
    let mut refused = |bytes: &[u8], wanted: &str| {
        fs::write(&path, bytes).expect("a written show");
        let error = Show::read(&path, &mut library).expect_err(wanted);
        let place = format!("{}:{}", error.line, error.column);
        assert!(
            format!("{place}: {}", error.message).starts_with(wanted),
            "{error}"
        );
    };
    refused(b"", "1:1: the show has no layers and no sources");
    refused(b"title = 1\xff", "1:10: not UTF-8");
    refused(&vec![b'#'; (1 << 20) + 1], "1:1: larger than 1 MiB");
    let folder_error = Show::read(folder.path(), &mut library).expect_err("a folder");
    assert!(folder_error.message.starts_with("this is a folder"));
    let missing = folder.path().join("missing.toml");
    let missing_error = Show::read(&missing, &mut library).expect_err("no file");
    assert!(
        missing_error
            .message
            .starts_with("cannot be read: No such file")
    );
}

#[test]
fn paths_start_at_the_show() {
    let (folder, mut library) = library();
    let path = folder.path().join("show.toml");
    fs::write(
        &path,
        "sources = { a = 'a.png' }\n[[layers]]\neffect = './paint.wgsl'",
    )
    .expect("a show");
    let show = Show::read(&path, &mut library).expect("a show");
    assert_eq!(
        show.sources[0].location,
        folder.path().join("a.png").to_string_lossy()
    );
    assert_eq!(show.layers[0].effect.name, "paint");
}

#[test]
fn presets_are_right() {
    let mut library = Library::default();
    for name in presets() {
        let text = preset(name).expect("a preset that is listed");
        let show =
            Show::parse(text, None, &mut library).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            !show.title.is_empty() && !show.controls.is_empty(),
            "{name}"
        );
        assert!(
            text.contains("trigger"),
            "{name}: the space bar does nothing"
        );
    }
    assert!(presets().count() >= 4, "a performer needs a choice");
    let slip = presets()
        .next()
        .map(|name| format!("{name}x"))
        .unwrap_or_default();
    let error = preset(&slip).expect_err("no preset").to_string();
    assert!(error.contains("did you mean"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(text in "\\PC*", words in "[\\[\\]{}=\\.'\"\\\\\n\r a-f0-9é,:]*") {
        let (_folder, mut library) = library();
        let _ = Show::parse(&text, None, &mut library);
        let _ = Show::parse(&words, None, &mut library);
        let _ = Show::default().append(&[text.clone(), words.clone()], &mut library);
        let escaped = format!("[[layers]]\neffect = 'shift'\nmix = \"\"\"{words}\"\"\"\nmatte = '''{text}'''");
        let _ = Show::parse(&escaped, None, &mut library);
        let mut show = Show::parse("[[layers]]\neffect = 'shift'", None, &mut library).expect("a show");
        for key in ["by", "channels", "image", "matte", "edge"] {
            let _ = show.set(&format!("shift.{key}"), &words);
            let _ = show.set(&format!("shift.{key}"), &text);
        }
    }
}
