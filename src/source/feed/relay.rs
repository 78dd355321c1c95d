use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use super::super::{Info, Live, Location, Options, Source, SourceError, find};
use super::queue::Shared;
use super::reader::Kind;
use crate::health::{Fault, Health, Reconnect};
use crate::picture::Picture;

/// The relays that somebody watches.
static RELAYS: Mutex<Vec<Weak<Relay>>> = Mutex::new(Vec::new());

/// Hands the pictures of a source that keeps its own time on to all who watch it: two shows may be alive at
/// once, and a camera can be opened only once.
pub(super) struct Relay {
    /// What it was asked for as, and what it is.
    names: [String; 2],
    pub(super) info: Info,
    watchers: Mutex<Vec<Weak<Shared>>>,
}

/// Watches the source at `location`; it runs for as long as anybody does. Blocks while it is opened.
///
/// # Errors
/// It is not there, or refuses.
pub(super) fn watch(
    location: &Location,
    options: &Options,
) -> Result<(Arc<Relay>, Arc<Shared>), SourceError> {
    let mut relays = lock(&RELAYS);
    relays.retain(|relay| relay.strong_count() > 0);
    let text = location.to_string();
    let relay = match running(&relays, &text) {
        Some(relay) => relay,
        None => {
            let source = find(location, options)?;
            match running(&relays, &source.key()) {
                Some(relay) => relay,
                None => {
                    let relay = Relay::begin(text, source)?;
                    relays.push(Arc::downgrade(&relay));
                    relay
                }
            }
        }
    };
    let shared = Arc::new(Shared::default());
    lock(&relay.watchers).push(Arc::downgrade(&shared));
    Ok((relay, shared))
}

fn running(relays: &[Weak<Relay>], name: &str) -> Option<Arc<Relay>> {
    let mut relays = relays.iter().filter_map(Weak::upgrade);
    relays.find(|relay| relay.names.iter().any(|own| own == name))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Relay {
    fn begin(name: String, live: Box<dyn Live>) -> Result<Arc<Self>, SourceError> {
        let key = live.key();
        let source = live.open()?;
        let relay = Arc::new(Self {
            names: [name, key.clone()],
            info: source.info().clone(),
            watchers: Mutex::default(),
        });
        let mut reader = Reader {
            relay: Arc::downgrade(&relay),
            source,
            name: key.clone(),
            reconnect: Reconnect::new(),
            kind: Kind::default(),
            holds: false,
            offset: 0.0,
            last: 0.0,
            given: 0,
        };
        thread::Builder::new()
            .name(format!("source {key}").replace('\0', ""))
            .spawn(move || while reader.step() {})
            .map_err(|cause| SourceError::read(key, cause))?;
        Ok(relay)
    }

    /// All who still watch.
    fn watchers(&self) -> Vec<Arc<Shared>> {
        let mut watchers = lock(&self.watchers);
        watchers.retain(|watcher| watcher.strong_count() > 0);
        watchers.iter().filter_map(Weak::upgrade).collect()
    }

    /// Gives everybody the picture; what comes back is to be filled again.
    fn spread(&self, picture: Picture) -> Vec<Picture> {
        let watchers = self.watchers();
        let Some((last, others)) = watchers.split_last() else {
            return vec![picture];
        };
        let copies = others.iter().map(|shared| (shared, picture.clone()));
        let spares = copies.flat_map(|(shared, copy)| shared.replace(copy));
        let mut spares: Vec<_> = spares.collect();
        spares.extend(last.replace(picture));
        spares
    }
}

/// The reading thread's side, as long as anybody watches. It knows neither loops nor an end.
struct Reader {
    relay: Weak<Relay>,
    source: Box<dyn Source>,
    name: String,
    reconnect: Reconnect,
    kind: Kind,
    /// Whether the user was told that the last picture stands.
    holds: bool,
    /// What to add to the source's times, which begin anew whenever it comes back.
    offset: f64,
    last: f64,
    given: u64,
}

impl Reader {
    /// Reads one picture; whether anybody still watches.
    fn step(&mut self) -> bool {
        let read = self.source.next();
        let Some(relay) = self.relay.upgrade() else {
            return false;
        };
        match read {
            Ok(Some(picture)) => self.give(&relay, picture),
            Ok(None) => {}
            Err(error @ SourceError::Stalled(_)) => self.hold(&relay, Health::Holding, error),
            Err(error) => {
                self.fail(&relay, error);
                drop(relay);
                return self.recover();
            }
        }
        true
    }

    fn give(&mut self, relay: &Relay, mut picture: Picture) {
        if self.kind.is_new(&picture) {
            relay
                .watchers()
                .iter()
                .for_each(|shared| shared.rehearse(&picture));
        }
        picture.time += self.offset;
        picture.sequence = self.given;
        (self.last, self.given) = (picture.time, self.given + 1);
        for spare in relay.spread(picture) {
            self.source.recycle(spare);
        }
        if std::mem::take(&mut self.holds) {
            log::warn!("{}: plays again", self.name);
        }
    }

    fn hold(&mut self, relay: &Relay, health: fn(Fault) -> Health, error: SourceError) {
        let watchers = relay.watchers();
        watchers
            .iter()
            .for_each(|shared| shared.mark(health, &error));
        if !std::mem::replace(&mut self.holds, true) {
            let error = Arc::new(error);
            let told = || SourceError::Shared(Arc::clone(&error));
            watchers.iter().for_each(|shared| shared.tell(told()));
        }
    }

    fn fail(&mut self, relay: &Relay, error: SourceError) {
        // What fails again and again in the same way says so once.
        self.holds |= !self.reconnect.note(&error);
        self.hold(relay, Health::Reconnecting, error);
    }

    /// Opens the source again and again; whether anybody still watches when that has worked.
    fn recover(&mut self) -> bool {
        loop {
            thread::sleep(self.reconnect.delay());
            let Some(relay) = self.relay.upgrade() else {
                return false;
            };
            match self.source.reopen() {
                Ok(()) => {
                    self.offset = self.last;
                    return true;
                }
                Err(error) => self.fail(&relay, error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::timeline::tests::Counter;
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    /// A counter that keeps its own time, and says when it is let go.
    struct Device(Box<Counter>, Arc<AtomicBool>);

    impl Drop for Device {
        fn drop(&mut self) {
            self.1.store(true, Ordering::Relaxed);
        }
    }

    impl Source for Device {
        fn info(&self) -> &Info {
            self.0.info()
        }

        fn next(&mut self) -> Result<Option<Picture>, SourceError> {
            thread::sleep(Duration::from_millis(5));
            self.0.next()
        }

        fn rewind(&mut self) -> Result<(), SourceError> {
            self.0.rewind()
        }

        fn end(&self) -> f64 {
            f64::INFINITY
        }
    }

    struct Found(Device);

    impl Live for Found {
        fn key(&self) -> String {
            "device".to_owned()
        }

        fn open(self: Box<Self>) -> Result<Box<dyn Source>, SourceError> {
            Ok(Box::new(self.0))
        }
    }

    fn wait_until(mut condition: impl FnMut() -> bool) {
        while !condition() {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn all_who_watch_get_the_same_pictures_and_the_last_one_ends_it() {
        let gone = Arc::new(AtomicBool::new(false));
        let device = Device(Counter::new(u64::MAX), Arc::clone(&gone));
        let relay = Relay::begin("asked for".to_owned(), Box::new(Found(device))).unwrap();
        let watch = || {
            let shared = Arc::new(Shared::default());
            lock(&relay.watchers).push(Arc::downgrade(&shared));
            shared
        };
        let (first, second) = (watch(), watch());
        let newest = |shared: &Shared| Some(shared.lock().queue.front()?.picture.sequence);
        wait_until(|| newest(&first) > Some(3) && newest(&second) > Some(3));
        assert_eq!(first.lock().queue.len(), 1, "only the newest picture waits");
        assert!(first.lock().passed_over >= 3);
        drop(first);
        let seen = newest(&second);
        wait_until(|| newest(&second) > seen);
        let relays = [Arc::downgrade(&relay)];
        assert!(running(&relays, "device").is_some() && running(&relays, "asked for").is_some());
        drop(relay);
        wait_until(|| gone.load(Ordering::Relaxed));
        assert!(running(&relays, "device").is_none());
    }
}
