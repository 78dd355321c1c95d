//! Sources that fail while a show plays: files that are cut, replaced and removed, devices that stall and go.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use afterimage::health::Health;
use afterimage::picture::{Picture, Size};
use afterimage::source::{Feed, Info, Location, Options, Source, SourceError, Wait};
use program::{PATIENCE, afterimage, folder, make, run, signal, wait_until};

/// A grey film of a second, whose picture N has the level 4·N.
const COUNTER: &str =
    "-f lavfi -i nullsrc=s=32x16:r=25:d=1,geq=lum=4*N:cb=128:cr=128 -pix_fmt yuv420p";
/// The same of one level, which no picture of the counter has.
const LATER: &str =
    "-f lavfi -i nullsrc=s=32x16:r=25:d=1,geq=lum=201:cb=128:cr=128 -pix_fmt yuv420p";

const TICK: Duration = Duration::from_millis(2);

/// A feed that is taken from as a live session does it.
struct Player {
    feed: Feed,
    /// Its clock stands while the machine is busy elsewhere.
    time: f64,
    /// The level of the picture that is shown, and its time.
    shown: (u8, f64),
    faults: Vec<String>,
}

impl Player {
    fn new(path: &Path) -> Self {
        let options = Options {
            looping: true,
            ..Options::default()
        };
        let location = Location::Path(path.to_owned());
        let mut player = Self::over(Feed::open(&location, options).unwrap());
        player.wait("it plays", |player| player.shown.1 >= 0.0);
        player
    }

    fn over(feed: Feed) -> Self {
        Self {
            feed,
            time: 0.0,
            shown: (0, -1.0),
            faults: Vec::new(),
        }
    }

    fn tick(&mut self) {
        self.time += TICK.as_secs_f64();
        if let Some(picture) = self.feed.take(self.time, Wait::Never) {
            let time = picture.time;
            assert!(
                time > self.shown.1,
                "times go back to {time} from {:?}",
                self.shown
            );
            self.shown = (picture.planes[0].bytes[0], time);
            self.feed.recycle(picture);
        }
        self.faults
            .extend(self.feed.error().map(|error| error.to_string()));
    }

    fn wait(&mut self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.tick();
            if condition(self) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
            sleep(TICK);
        }
    }

    fn holds(&self) -> bool {
        matches!(self.feed.health(), Health::Reconnecting(_))
    }

    /// Waits until it holds, and returns the level that it holds, having seen that it stays.
    fn held(&mut self) -> u8 {
        self.wait("it holds its last picture", Self::holds);
        let health = self.feed.health();
        let (level, since) = (self.shown.0, health.fault().unwrap().since);
        let again = Instant::now();
        self.wait("a while is over", |_| again.elapsed().as_millis() > 600);
        assert_eq!(self.shown.0, level);
        assert_eq!(self.feed.health().fault().unwrap().since, since);
        assert_eq!(self.faults.len(), 1, "{:?}", self.faults);
        level
    }
}

fn film(folder: &Path, name: &str, graph: &str) -> PathBuf {
    make(folder, &format!("{graph} -c:v libx264 -qp 0 {name}"));
    folder.join(name)
}

fn still(path: &Path, level: u8) {
    let image = image::GrayImage::from_fn(64, 64, |x, y| match (x, y) {
        (0, 0) => image::Luma([level]),
        _ => image::Luma([(x * y) as u8]),
    });
    image.save(path).unwrap();
}

#[test]
fn a_still_that_is_replaced_is_shown_when_it_is_whole() {
    let folder = folder();
    let path = folder.path().join("a.png");
    still(&path, 7);
    let mut player = Player::new(&path);
    assert_eq!(player.shown.0, 7);
    let new = folder.path().join("new.png");
    still(&new, 9);
    let whole = fs::read(&new).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let begun = Instant::now();
    player.wait("it has been looked at", |_| {
        begun.elapsed().as_millis() > 500
    });
    assert_eq!((player.shown.0, player.faults.len()), (7, 0));
    fs::write(&path, &whole).unwrap();
    player.wait("the new one shows", |player| player.shown.0 == 9);

    fs::remove_file(&path).unwrap();
    assert_eq!(player.held(), 9);
    assert!(
        player.faults[0].contains("no such file"),
        "{:?}",
        player.faults
    );
    still(&path, 11);
    player.wait("the third one shows", |player| player.shown.0 == 11);
    assert_eq!(player.feed.health(), Health::Playing);
    assert!(!player.feed.ended());
}

#[test]
fn a_film_that_is_replaced_plays_from_its_start_when_the_old_one_ends() {
    let folder = folder();
    let mut player = Player::new(&film(folder.path(), "a.mp4", COUNTER));
    film(folder.path(), "b.mp4", LATER);
    fs::rename(folder.path().join("b.mp4"), folder.path().join("a.mp4")).unwrap();
    player.wait("the new one plays", |player| player.shown.0 == 201);
    let into = player.shown.1.fract();
    assert!(into < 0.5, "the old one played to its end: {into}");
    assert!(player.faults.is_empty());
}

#[test]
fn a_film_that_is_removed_or_cut_is_held_and_comes_back() {
    let folder = folder();
    let path = film(folder.path(), "a.mp4", COUNTER);
    let new = fs::read(film(folder.path(), "b.mp4", LATER)).unwrap();
    let mut player = Player::new(&path);
    fs::remove_file(&path).unwrap();
    assert_eq!(player.held(), 96);
    fs::write(&path, &new).unwrap();
    let begun = Instant::now();
    player.wait("it plays again", |player| player.shown.0 == 201);
    assert!(begun.elapsed().as_secs() < 20);
    assert_eq!(player.feed.health(), Health::Playing);

    player.faults.clear();
    fs::write(&path, &new[..new.len() / 2]).unwrap();
    assert_eq!(player.held(), 201);
    film(folder.path(), "a.mp4", COUNTER);
    player.wait("it plays again", |player| player.shown.0 == 8);
}

#[test]
fn a_sequence_that_loses_an_image_is_held_and_comes_back() {
    let folder = folder();
    make(folder.path(), &format!("{COUNTER} -frames:v 10 %03d.pgm"));
    let mut player = Player::new(&folder.path().join("%03d.pgm"));
    let (path, aside) = (folder.path().join("004.pgm"), folder.path().join("aside"));
    fs::rename(&path, &aside).unwrap();
    player.held();
    fs::rename(&aside, &path).unwrap();
    let held = player.shown.0;
    player.wait("it plays again", |player| player.shown.0 != held);
    let last = *fs::read(folder.path().join("010.pgm"))
        .unwrap()
        .last()
        .unwrap();
    player.wait("all of it", |player| player.shown.0 == last);
}

/// What a device does next.
enum Act {
    Give(u8),
    Stall,
    Go,
    Return(bool),
}

/// A device that does as it is told.
struct Device {
    info: Info,
    acts: Receiver<Act>,
    given: u64,
}

impl Device {
    fn feed() -> (Sender<Act>, Player) {
        let (tell, acts) = channel();
        let card = Picture::rgba8(Size::new(1, 1), vec![0; 4]);
        let folder = folder();
        let path = folder.path().join("a.png");
        still(&path, 0);
        let path = Location::Path(path);
        let info = afterimage::source::open(&path, &Options::default()).unwrap();
        let info = Info {
            still: false,
            rewinds: false,
            size: card.size,
            ..info.info().clone()
        };
        let device = Self {
            info,
            acts,
            given: 0,
        };
        let feed = Feed::over(Box::new(device), Options::default(), "device").unwrap();
        (tell, Player::over(feed))
    }
}

impl Source for Device {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        let place = "device".to_owned();
        match self.acts.recv() {
            Ok(Act::Give(level)) => {
                let mut picture = Picture::rgba8(Size::new(1, 1), vec![level; 4]);
                picture.time = self.given as f64 / 1000.0;
                self.given += 1;
                Ok(Some(picture))
            }
            Ok(Act::Stall) => Err(SourceError::Stalled(place)),
            Ok(_) | Err(_) => Err(SourceError::Lost {
                place,
                cause: "unplugged".to_owned(),
            }),
        }
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        Err(SourceError::OneWay("device".to_owned()))
    }

    fn reopen(&mut self) -> Result<(), SourceError> {
        self.given = 0;
        match self.acts.recv() {
            Ok(Act::Return(true)) => Ok(()),
            _ => Err(SourceError::OneWay("still gone".to_owned())),
        }
    }

    fn end(&self) -> f64 {
        self.given as f64 / 1000.0
    }
}

#[test]
fn a_device_stalls_goes_and_comes_back_in_one_count() {
    let (tell, mut player) = Device::feed();
    let send = |act: Act| tell.send(act).unwrap();
    send(Act::Give(1));
    player.wait("the first picture", |player| player.shown.0 == 1);
    send(Act::Stall);
    player.wait("it holds", |player| {
        matches!(player.feed.health(), Health::Holding(_))
    });
    send(Act::Stall);
    send(Act::Give(2));
    player.wait("it goes on", |player| player.shown.0 == 2);
    assert_eq!(player.feed.health(), Health::Playing);
    assert_eq!(player.faults, ["device: gives no pictures"]);
    send(Act::Go);
    send(Act::Return(false));
    player.wait("it is gone", |player| player.faults.len() == 2);
    player.wait("it is sought", |player| {
        let health = player.feed.health();
        matches!(health, Health::Reconnecting(fault) if fault.why.contains("still gone"))
    });
    send(Act::Return(true));
    send(Act::Give(3));
    // Its times begin anew, the feed's go on: the player asserts it.
    player.wait("it is back", |player| player.shown.0 == 3);
    assert_eq!(player.feed.health(), Health::Playing);
    assert_eq!(player.faults.len(), 2, "{:?}", player.faults);
    assert!(player.faults[1].contains("is gone (unplugged)"));
}

#[test]
fn the_reader_of_a_feed_that_is_closed_ends() {
    let (tell, mut player) = Device::feed();
    player.tick();
    tell.send(Act::Go).unwrap();
    player.wait("it is gone", Player::holds);
    drop(player);
    // The reader holds the other end: it waits for no device once the feed is closed.
    wait_until("the reader ends", || tell.send(Act::Return(false)).is_err());
}

#[test]
fn a_render_ends_where_its_source_fails() {
    let folder = folder();
    make(folder.path(), &format!("{COUNTER} -frames:v 20 %03d.pgm"));
    fs::write(folder.path().join("015.pgm"), "P5 broken").unwrap();
    let done = run(folder.path(), "render %03d.pgm -o out/%03d.png");
    assert_eq!(done.status, 1);
    assert!(
        done.errors[0].contains("015.pgm: no readable image"),
        "{:?}",
        done.errors
    );
    run(
        folder.path(),
        "render %03d.pgm --frames 14 -o first/%03d.png",
    )
    .well();
}

#[test]
fn a_live_show_goes_on_while_its_film_is_away() {
    let folder = folder();
    let path = film(folder.path(), "a.mp4", COUNTER);
    // Of another size and layout: what its pictures need is compiled while the old one's last picture stands.
    let other = LATER
        .replace("32x16", "48x20")
        .replace("yuv420p", "yuv444p");
    let new = fs::read(film(folder.path(), "b.mp4", &other)).unwrap();
    let errors = folder.path().join("errors");
    let said = |words: &str| fs::read_to_string(&errors).unwrap().matches(words).count();
    let mut command = afterimage("live a.mp4 --headless --seconds 3600 --fps 25 -o out.mkv");
    command.current_dir(folder.path());
    let mut child = command
        .stderr(fs::File::create(&errors).unwrap())
        .spawn()
        .unwrap();
    // It takes its name with its first pictures.
    wait_until("the film holds pictures", || {
        folder.path().join("out.mkv").exists()
    });
    fs::remove_file(&path).unwrap();
    wait_until("it says so", || said("its last picture is held") == 1);
    fs::write(&path, &new).unwrap();
    wait_until("it is back", || said("plays again") == 1);
    sleep(Duration::from_millis(500));
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(said("its last picture is held"), 1);
    assert_eq!(said("waited to"), 0, "the loop waited");
    make(
        folder.path(),
        "-i out.mkv -vf scale=1:1 -pix_fmt gray -f rawvideo levels",
    );
    let levels = fs::read(folder.path().join("levels")).unwrap();
    let away = levels.iter().rposition(|level| *level < 150).unwrap();
    assert!(levels[away + 1..].len() > 5 && levels[away + 1..].iter().all(|level| *level > 150));
    // It held the old film's last picture while the file was away, and was never black.
    assert!(
        levels[away - 5..=away].iter().all(|level| *level > 70),
        "{levels:?}"
    );
}
