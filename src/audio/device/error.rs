/// Why no sound comes from a device, or goes to one. Each message says what happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// No device of that name.
    #[error("there is no sound device '{text}'{nearest}; {all}")]
    Unknown {
        /// What was asked for.
        text: String,
        /// A question with the nearest name, or nothing.
        nearest: String,
        /// What there is, or where to see it.
        all: String,
    },
    /// A part of several names.
    #[error("'{text}' is a part of several sound devices: say which of {names}")]
    Several {
        /// What was asked for.
        text: String,
        /// The names, with commas between them.
        names: String,
    },
    /// The machine has none of the direction.
    #[error("there is no sound device; connect one, or start the sound server")]
    None,
    /// It was there before.
    #[error("{0}: is not connected; it comes back by itself when it is there again")]
    Gone(String),
    /// The system refuses.
    #[error(
        "{name}: cannot be opened ({cause}); close what else uses it, or choose another device"
    )]
    Refused {
        /// The device.
        name: String,
        /// What the system said.
        cause: String,
    },
    /// It was open and is not any more.
    #[error("{name}: is gone ({cause}); it comes back by itself when it is there again")]
    Lost {
        /// The device.
        name: String,
        /// What the system said.
        cause: String,
    },
    /// It is open, and neither gives anything, not even zeros, nor takes anything.
    #[error("{0}: stands still; it is opened again")]
    Stalled(String),
    /// The system's sound does not answer at all.
    #[error("{0}: the sound server does not answer; restart it if this lasts")]
    Hung(String),
    /// Another device is the default one now.
    #[error("the default device is another one now")]
    Moved,
}
