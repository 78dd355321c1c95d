use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds from 1900, where OSC's time begins, to 1970.
const SINCE_1900: u64 = 2_208_988_800;

/// OSC's way to say "now".
const IMMEDIATELY: u64 = 1;

/// The bytes of a packet that are still to be read. All numbers are big-endian, all parts as long as a multiple of four.
#[derive(Debug)]
pub(super) struct Packet<'a> {
    rest: &'a [u8],
}

impl<'a> Packet<'a> {
    pub(super) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether it begins so; that is then read.
    pub(super) fn skip(&mut self, start: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    /// So many bytes, and those that fill them up to a multiple of four.
    pub(super) fn padded(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes(count)?;
        self.bytes(count.next_multiple_of(4) - count)?;
        Some(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    /// How many bytes follow.
    pub(super) fn size(&mut self) -> Option<usize> {
        usize::try_from(i32::from_be_bytes(self.array()?)).ok()
    }

    /// A text up to its zero.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let end = self.rest.iter().position(|byte| *byte == 0)?;
        let bytes = self.padded(end + 1)?;
        std::str::from_utf8(&bytes[..end]).ok()
    }

    /// How far in the future a time is; none is now, or past.
    pub(super) fn time(&mut self) -> Option<Option<Duration>> {
        let time = u64::from_be_bytes(self.array()?);
        if time == IMMEDIATELY {
            return Some(None);
        }
        let (seconds, fraction) = (time >> 32, time & u64::from(u32::MAX));
        let nanoseconds = (fraction * 1_000_000_000) >> 32;
        let since_1900 = Duration::new(seconds, nanoseconds as u32);
        let since_1970 = since_1900.saturating_sub(Duration::from_secs(SINCE_1900));
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let ahead = since_1970.checked_sub(now.unwrap_or_default());
        Some(ahead.filter(|ahead| !ahead.is_zero()))
    }
}
