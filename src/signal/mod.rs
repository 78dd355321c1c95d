//! Signals: named numbers that change each tick, and the expressions over them that play the parameters.
//!
//! A tick runs so: [`Clock::advance`], [`Signals::begin`], the outside world's [`Signals::set`], then
//! [`Evaluator::value`] and [`Evaluator::events`] for each parameter. `docs/expressions.md` is the user's page;
//! its tables come from [`reference()`].

mod builder;
mod calculation;
mod catalogue;
mod clock;
mod error;
mod evaluator;
mod expression;
mod function;
mod lexer;
mod memory;
mod operator;
mod parser;
mod pulse;
mod random;
mod reference;
mod signals;
mod taps;

pub use catalogue::{
    CONSTANTS, Constant, Gauge, Heard, Measured, SIGNALS, SignalDoc, heard, is_signal, measured,
    of_source,
};
pub use clock::{BEATS_PER_BAR, Clock, FASTEST_TEMPO, Leader, Tick, USUAL_TEMPO, at_rate};
pub use error::ExpressionError;
pub use evaluator::Evaluator;
pub use expression::Expression;
pub use function::{FUNCTIONS, Function, is_function};
pub use operator::{OPERATORS, Operator};
pub use pulse::Pulse;
pub use reference::reference;
pub use signals::{Signal, Signals};
pub use taps::Taps;
