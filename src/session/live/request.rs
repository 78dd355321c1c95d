use crate::engine::Command;
use crate::picture::Size;

/// What the performer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A message to the show.
    Command(Command),
    /// Black, or back.
    Blackout,
    /// The picture stands, or goes on.
    Freeze,
    /// The built-in preset of this number, from 0.
    Preset(usize),
    /// The window has another size.
    Resize(Size),
    /// Whether the window can be seen.
    Visible(bool),
    /// The end.
    Quit,
}
