//! The sources of a show that is saved while it plays: what is the same plays on, what is new begins.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;
mod stage;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use afterimage::effect::Library;
use afterimage::engine::Engine;
use afterimage::picture::Size;
use afterimage::session::{Stage, Successor};
use afterimage::show::Show;
use afterimage::source::Wait;
use stage::{Chance, Texel, assert_same, differ};

const SIZE: Size = Size::new(8, 6);

/// When the show is saved.
const SAVED: usize = 7;

/// A film of noise in YUV4MPEG2.
fn write_film(path: &Path, seed: u64) {
    let mut chance = Chance(seed);
    let mut bytes = format!("YUV4MPEG2 W{} H{} F30:1 C444\n", SIZE.width, SIZE.height).into_bytes();
    for _ in 0..20 {
        bytes.extend(b"FRAME\n");
        bytes.extend((0..3 * SIZE.area()).map(|_| 16 + (chance.next() % 200) as u8));
    }
    fs::write(path, bytes).unwrap();
}

/// Two films, `a.y4m` and `b.y4m`, a still and shows that play them.
struct Hall {
    folder: tempfile::TempDir,
    engine: Engine,
}

impl Hall {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_film(&folder.path().join("a.y4m"), 1);
        write_film(&folder.path().join("b.y4m"), 2);
        let pixel = |x, y| image::Rgb([(x * 30) as u8, (y * 40) as u8, 7]);
        let still = image::RgbImage::from_fn(SIZE.width, SIZE.height, pixel);
        still.save(folder.path().join("still.png")).unwrap();
        let engine = Engine::new(gpu::open());
        Self { folder, engine }
    }

    fn show(&self, text: &str) -> Arc<Show> {
        let path = self.folder.path().join("show.toml");
        let show = Show::parse(text, Some(&path), &mut Library::default());
        Arc::new(show.unwrap_or_else(|error| panic!("{error}")))
    }

    fn begin(&self, text: &str) -> Stage {
        Stage::new(self.engine.pipelines(), &self.show(text), None, (30, 1)).unwrap()
    }

    fn tick(&mut self, stage: &mut Stage) -> Vec<Texel> {
        let tick = stage.tick(&mut self.engine, &[], Wait::Block);
        let tick = tick.unwrap().expect("the show has not ended");
        let picture = tick.picture.clone();
        self.engine.submit(tick);
        stage::read(&picture)
    }

    fn ticks(&mut self, stage: &mut Stage, count: usize) -> Vec<Vec<Texel>> {
        (0..count).map(|_| self.tick(stage)).collect()
    }

    fn save(&self, stage: &mut Stage, text: &str) {
        let (show, score) = (self.show(text), stage.score());
        let successor = Successor::new(self.engine.pipelines(), &show, None, (30, 1), Some(&score));
        stage.succeed(successor.unwrap(), self.engine.pipelines());
    }

    /// What is seen after a show was saved.
    fn after(&mut self, before: &str, after: &str) -> Vec<Vec<Texel>> {
        let mut stage = self.begin(before);
        self.ticks(&mut stage, SAVED);
        self.save(&mut stage, after);
        self.ticks(&mut stage, 5)
    }

    /// What a show shows from a tick on.
    fn from(&mut self, text: &str, tick: usize) -> Vec<Vec<Texel>> {
        let mut stage = self.begin(text);
        self.ticks(&mut stage, tick + 5).split_off(tick)
    }
}

#[track_caller]
fn assert_all_same(shown: &[Vec<Texel>], expected: &[Vec<Texel>], what: &str) {
    for (tick, (shown, expected)) in shown.iter().zip(expected).enumerate() {
        assert_same(shown, expected, &format!("{what}, {tick} ticks after"));
    }
    assert!(
        shown.windows(2).any(|pair| differ(&pair[0], &pair[1])),
        "{what}: the film stands still"
    );
}

const A: &str = "[sources]\na = 'a.y4m'\n";

#[test]
fn a_film_plays_on_where_it_is() {
    let mut hall = Hall::new();
    let layer = "[[layers]]\neffect = 'lagfun'\n";
    for after in [
        format!("{A}{layer}"),
        "[sources]\nfilm = 'a.y4m'\n".to_owned(),
        format!("{A}b = 'b.y4m'\n"),
        "[sources]\nstill = 'still.png'\na = 'a.y4m'\n[[layers]]\neffect = 'transform'\nimage = 'a'\n".to_owned(),
    ] {
        let shown = hall.after(A, &after);
        // A layer that is new has no trail yet.
        let expected = hall.from(A, SAVED);
        let first = &expected[..if after.contains("lagfun") { 1 } else { 5 }];
        assert_all_same(&shown, first, &after);
    }
}

#[test]
fn a_film_that_is_new_begins_at_its_first_picture() {
    let mut hall = Hall::new();
    let b = "[sources]\nb = 'b.y4m'\n";
    let expected = hall.from(b, 0);
    let shown = hall.after(A, b);
    assert_all_same(&shown, &expected, "in its place");
    let beside = format!("{A}b = 'b.y4m'\n[[layers]]\neffect = 'transform'\nimage = 'b'\n");
    let shown = hall.after(A, &beside);
    assert_all_same(&shown, &expected, "beside it");
}

#[test]
fn a_film_plays_on_upon_another_canvas() {
    let mut hall = Hall::new();
    for canvas in ["size = [16, 12]", "bits = 8"] {
        let after = format!("[canvas]\n{canvas}\n{A}");
        let expected = hall.from(&after, SAVED);
        let shown = hall.after(A, &after);
        assert_all_same(&shown, &expected, canvas);
    }
}

#[test]
fn time_goes_on_at_another_rate() {
    let mut hall = Hall::new();
    let after = format!("[canvas]\nfps = 60\n{A}");
    let expected = hall.from(&after, 2 * SAVED);
    let shown = hall.after(A, &after);
    assert_all_same(&shown, &expected, "60 fps");
}

#[test]
fn a_still_is_drawn_anew_where_that_is_needed() {
    let mut hall = Hall::new();
    let still = |fit: &str| format!("[sources]\ns = {{ file = 'still.png', fit = '{fit}' }}\n");
    let before = format!("{}[canvas]\nsize = [8, 6]\n", still("cover"));
    for after in [
        format!("{}[canvas]\nsize = [12, 6]\n", still("cover")),
        format!("{}[canvas]\nsize = [8, 6]\nbits = 8\n", still("cover")),
        format!(
            "{}[canvas]\nsize = [8, 6]\n[[layers]]\neffect = 'transform'\n",
            still("cover")
        ),
        format!("{}[canvas]\nsize = [8, 6]\ntempo = 90\n", still("contain")),
    ] {
        let expected = hall.from(&after, 0);
        let shown = hall.after(&before, &after);
        assert_same(&shown[0], &expected[0], &after);
        assert_same(&shown[4], &expected[4], &after);
    }
}
