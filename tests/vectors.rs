//! The operators of `vectors` on given motion, against their plain arithmetic. The scripts of FFglitch that are meant
//! stand beside each case; their vectors are in half pixels, these in pixels.

mod gpu;
mod motion;
mod stage;

use afterimage::picture::{Picture, Size};
use motion::{EFFECTS, Vector, vectors, wild};
use stage::Stage;

const SIZE: Size = Size::new(24, 16);
const PICTURES: usize = 12;

/// A film of motion: another field in each picture.
fn film() -> Vec<Vec<Vector>> {
    let field = |seed| wild(SIZE, 12.0, seed);
    (0..PICTURES as u64).map(field).collect()
}

fn show(settings: &str) -> String {
    format!(
        "[sources]\nm = 'm.png'\nn = 'n.png'\n[[layers]]\nname = 'n_given'\neffect = 'given'\nimage = 'n'\nthrough = false\n\
        [[layers]]\nname = 'm_given'\neffect = 'given'\nimage = 'm'\n\
        [[layers]]\nname = 'vectors'\neffect = 'vectors'\nimage = 'm_given'\nother = 'n_given'\n{settings}\n\
        [[layers]]\neffect = 'seen'\nimage = 'm'\nmotion = 'vectors'"
    )
}

/// What `vectors` makes of the film, picture by picture; the other motion is 3, -2 everywhere.
fn played(settings: &str) -> Vec<Vec<Vector>> {
    let mut stage = Stage::read(&show(settings), EFFECTS, SIZE);
    let other = motion::even(SIZE, [3.0, -2.0]);
    let pictures: Vec<Picture> = film()
        .iter()
        .map(|field| motion::picture(SIZE, field, 255))
        .collect();
    pictures
        .iter()
        .map(|picture| vectors(&stage.tick(&[Some(picture), Some(&other)])))
        .collect()
}

/// Where a transcription stands: picture, column and row, and the film.
struct Here<'a> {
    film: &'a [Vec<Vector>],
    time: usize,
    x: usize,
    y: usize,
}

const WIDTH: usize = SIZE.width as usize;
const HEIGHT: usize = SIZE.height as usize;

impl Here<'_> {
    /// The motion here so many pictures ago; before the first there was the first.
    fn back(&self, pictures: usize) -> Vector {
        self.film[self.time.saturating_sub(pictures)][self.y * WIDTH + self.x]
    }

    fn now(&self) -> Vector {
        self.back(0)
    }

    fn at(&self, x: usize, y: usize) -> Vector {
        self.film[self.time][y * WIDTH + x]
    }

    /// From the middle, in pixels.
    fn away(&self) -> Vector {
        let middle = |place: usize, extent: usize| place as f32 + 0.5 - extent as f32 / 2.0;
        [middle(self.x, WIDTH), middle(self.y, HEIGHT)]
    }
}

type Formula = fn(&Here<'_>) -> Vector;

#[track_caller]
fn assert_is(settings: &str, formula: Formula) {
    let film = film();
    for (time, field) in played(settings).iter().enumerate() {
        for (index, vector) in field.iter().enumerate() {
            let (x, y) = (index % WIDTH, index / WIDTH);
            let here = Here {
                film: &film,
                time,
                x,
                y,
            };
            let wanted = formula(&here);
            let off = (vector[0] - wanted[0])
                .abs()
                .max((vector[1] - wanted[1]).abs());
            assert!(
                off < 2e-3,
                "{settings}: picture {time}, {x},{y}: {vector:?} instead of {wanted:?}"
            );
        }
    }
}

#[test]
fn by_default_nothing_changes() {
    assert_is("", |here| here.now());
}

#[test]
fn places_are_permuted() {
    // mirrorX, mirrorY, rotate180Negative
    assert_is("permute = 'mirror_x'", |here| {
        let [x, y] = here.at(WIDTH - 1 - here.x, here.y);
        [-x, y]
    });
    assert_is("permute = 'mirror_y'", |here| {
        let [x, y] = here.at(here.x, HEIGHT - 1 - here.y);
        [x, -y]
    });
    assert_is("permute = 'rotate'", |here| {
        let [x, y] = here.at(WIDTH - 1 - here.x, HEIGHT - 1 - here.y);
        [-x, -y]
    });
    // rotate180
    assert_is("permute = 'rotate'\nx = [-1, 0]\ny = [0, -1]", |here| {
        here.at(WIDTH - 1 - here.x, HEIGHT - 1 - here.y)
    });
}

#[test]
fn time_is_delayed_fed_back_and_averaged() {
    // delay
    assert_is("delay = 4", |here| here.back(4));
    // ringBuffer
    assert_is("delay = 3\nfeedback = 0.5", |here| {
        let echoes = (0..9).map(|again| (0.5f32.powi(again), here.back(3 * (again as usize + 1))));
        echoes.fold([0.0; 2], |sum, (part, vector)| {
            [sum[0] + part * vector[0], sum[1] + part * vector[1]]
        })
    });
    // mv_average, RP_average
    assert_is("mean = 5", |here| {
        let sum = (0..5).map(|n| here.back(n)).fold([0.0; 2], |sum, vector| {
            [sum[0] + vector[0], sum[1] + vector[1]]
        });
        sum.map(|sum| sum / 5.0)
    });
}

fn length([x, y]: Vector) -> f32 {
    x.hypot(y)
}

#[test]
fn only_what_is_chosen_changes() {
    const ZERO: &str = "x = [0, 0]\ny = [0, 0]";
    let with = |mask: &str| format!("{mask}\n{ZERO}");
    // maxZero and minZero
    assert_is(&with("mask = 'fast'\nthreshold = 5"), |here| {
        let now = here.now();
        if length(now) >= 5.0 { [0.0; 2] } else { now }
    });
    assert_is(&with("mask = 'slow'\nthreshold = 5"), |here| {
        let now = here.now();
        if length(now) < 5.0 { [0.0; 2] } else { now }
    });
    // MultiplySlowest
    assert_is(
        "mask = 'slow'\nthreshold = 1\nx = [10, 0]\ny = [0, 10]",
        |here| {
            let now = here.now();
            if length(now) < 1.0 {
                now.map(|part| part * 10.0)
            } else {
                now
            }
        },
    );
    // BlurFastest
    assert_is("mask = 'fast'\nthreshold = 5\nmean = 3", |here| {
        let now = here.now();
        let mean = |lane: usize| (0..3).map(|n| here.back(n)[lane]).sum::<f32>() / 3.0;
        if length(now) >= 5.0 {
            [mean(0), mean(1)]
        } else {
            now
        }
    });
    // onlyRise and onlyFall: what was lower than it is has risen
    assert_is("mask = 'down'\ny = [0, 0]", |here| {
        let [x, y] = here.now();
        [x, y.max(0.0)]
    });
    assert_is("mask = 'up'\ny = [0, 0]", |here| {
        let [x, y] = here.now();
        [x, y.min(0.0)]
    });
    assert_is("mask = 'right'\nx = [0, 0]", |here| {
        let [x, y] = here.now();
        [x.max(0.0), y]
    });
    assert_is("mask = 'left'\nx = [0, 0]", |here| {
        let [x, y] = here.now();
        [x.min(0.0), y]
    });
    // doubleRight
    assert_is("corner = [0.5, 0]\nx = [2, 0]\ny = [0, 2]", |here| {
        let now = here.now();
        if here.x >= WIDTH / 2 {
            now.map(|part| part * 2.0)
        } else {
            now
        }
    });
}

#[test]
fn it_is_scaled_and_swapped() {
    // sink and rise: nothing goes across; stop; reverse; doubleSpeed; swap
    assert_is("x = [0, 0]", |here| [0.0, here.now()[1]]);
    assert_is("x = [0, 0]\ny = [0, 0]", |_| [0.0; 2]);
    assert_is("x = [-1, 0]\ny = [0, -1]", |here| {
        here.now().map(|part| -part)
    });
    assert_is("x = [2, 0]\ny = [0, 2]", |here| {
        here.now().map(|part| part * 2.0)
    });
    assert_is("x = [0, 1]\ny = [1, 0]", |here| {
        let [x, y] = here.now();
        [y, x]
    });
}

#[test]
fn waves_go_across_it() {
    // circle; wave2 is the mean of it and itself, doubled
    assert_is("wave = [1, 1]", |here| {
        let [x, y] = here.now();
        let turn = |place: usize, extent: usize| {
            (place as f32 + 0.5) / extent as f32 * std::f32::consts::TAU
        };
        [
            x * turn(here.y, HEIGHT).sin(),
            y * turn(here.x, WIDTH).cos(),
        ]
    });
}

#[test]
fn places_push_it() {
    // pan, mv_sink
    assert_is("pan = [4, -2.5]", |here| {
        let [x, y] = here.now();
        [x - 4.0, y + 2.5]
    });
    // zoomIn; slamZoom replaces
    assert_is("zoom = [0.25, 0.25]", |here| {
        let ([x, y], [across, down]) = (here.now(), here.away());
        [x - 0.25 * across, y - 0.25 * down]
    });
    assert_is("zoom = [-0.125, 0.25]\nx = [0, 0]\ny = [0, 0]", |here| {
        let [across, down] = here.away();
        [0.125 * across, -0.25 * down]
    });
    // shear, zoomWhoops
    assert_is("shear = [0.25, -0.125]", |here| {
        let ([x, y], [across, down]) = (here.now(), here.away());
        [x - 0.25 * down, y + 0.125 * across]
    });
    // horizontalZoom and verticalZoom
    assert_is("split = [7.5, 3]", |here| {
        let ([x, y], [across, down]) = (here.now(), here.away());
        [x - 7.5 * across.signum(), y - 3.0 * down.signum()]
    });
    // sliceHT and sliceVL
    assert_is("slice = [5, 9]", |here| {
        let ([x, y], [across, down]) = (here.now(), here.away());
        [x + 5.0 * down.signum(), y + 9.0 * across.signum()]
    });
}

#[test]
fn it_is_bounded_and_another_is_added() {
    assert_is("limit = 3", |here| {
        here.now().map(|part| part.clamp(-3.0, 3.0))
    });
    // Motion Transfer
    assert_is("add = 1", |here| {
        let [x, y] = here.now();
        [x + 3.0, y - 2.0]
    });
    assert_is("add = 0.5\nx = [0.5, 0]\ny = [0, 0.5]", |here| {
        let [x, y] = here.now();
        [0.5 * x + 1.5, 0.5 * y - 1.0]
    });
}

#[test]
fn the_operators_work_in_their_order() {
    let all = "permute = 'mirror_x'\ndelay = 2\nmean = 2\nx = [0, 1]\ny = [-1, 0]\nzoom = 0.125\npan = [1, 2]\nlimit = 6\nadd = 1";
    assert_is(all, |here| {
        let mirrored = |back: usize| {
            let field = &here.film[here.time.saturating_sub(back)];
            let [x, y] = field[here.y * WIDTH + WIDTH - 1 - here.x];
            [-x, y]
        };
        let (a, b) = (mirrored(2), mirrored(3));
        let [x, y] = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let [across, down] = here.away();
        let pushed = [y - 0.125 * across - 1.0, -x - 0.125 * down - 2.0];
        let [x, y] = pushed.map(|part| part.clamp(-6.0, 6.0));
        [x + 3.0, y - 2.0]
    });
}

/// gravity: what rises is pulled down, by a buffer that each such motion is swapped with.
#[test]
fn what_goes_against_gravity_is_pulled_back() {
    for (gravity, against) in [(2.5f32, -1.0f32), (-1.5, 1.0)] {
        let film = film();
        let mut kept: Vec<f32> = film[0].iter().map(|vector| -vector[1]).collect();
        let shown = played(&format!("gravity = {gravity}"));
        for (time, field) in film.iter().enumerate() {
            for (index, [x, y]) in field.iter().enumerate() {
                let mut motion = -y;
                if motion * against > 0.0 {
                    let was = kept[index];
                    kept[index] += motion + gravity;
                    motion = was;
                }
                let vector = shown[time][index];
                let off = (vector[0] - x).abs().max((vector[1] + motion).abs());
                assert!(
                    off < 1e-2,
                    "picture {time}, {index}: {vector:?} instead of {motion}"
                );
            }
        }
    }
}

#[test]
fn grains_shake_with_each_picture_and_stay_within_what_is_told() {
    let shown = played("x = [0, 0]\ny = [0, 0]\njitter = [5, 2]\ngrain = 8");
    let grain = |index: usize| (index % WIDTH / 8, index / WIDTH / 8);
    let mut seen = std::collections::BTreeSet::new();
    for field in &shown {
        for (index, vector) in field.iter().enumerate() {
            let (x, y) = grain(index);
            assert_eq!(
                *vector,
                field[y * 8 * WIDTH + x * 8],
                "one grain, one motion"
            );
            assert!(
                vector[0].abs() <= 5.0 && vector[1].abs() <= 2.0,
                "{vector:?}"
            );
        }
        seen.insert(field[0].map(|part| (part * 1e3) as i32));
    }
    assert!(seen.len() > PICTURES / 2, "another shake each picture");
    let widest = shown
        .iter()
        .flatten()
        .map(|vector| vector[0].abs())
        .fold(0.0, f32::max);
    assert!(widest > 3.0, "{widest}");
}

#[test]
fn a_shake_lasts_as_long_as_its_picture() {
    let mut stage = Stage::read(&show("jitter = [9, 9]"), EFFECTS, SIZE);
    let picture = motion::even(SIZE, [0.0; 2]);
    let first = stage.tick(&[Some(&picture), Some(&picture)]);
    let held = stage.tick(&[None, None]);
    let next = stage.tick(&[Some(&picture), Some(&picture)]);
    assert_eq!(first, held);
    assert_ne!(first, next);
}
