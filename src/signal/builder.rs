use std::iter;
use std::ops::Range;

use super::catalogue::{self, CONSTANTS, SIGNALS};
use super::error::{ExpressionError, nearest};
use super::expression::{Arguments, Node, source_hash};
use super::function::{self, Action, FUNCTIONS, Function};
use super::random::combine;
use super::signals::key;

/// A part of an expression that has been read.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) node: u16,
    pub(super) span: Range<usize>,
    /// How many numbers it has, where the text alone says so.
    pub(super) width: Option<usize>,
}

type Built = Result<Operand, ExpressionError>;

/// Turns what the parser reads into nodes, and refuses what cannot be calculated.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    text: &'t str,
    pub(super) nodes: Vec<Node>,
    pub(super) names: Vec<Range<usize>>,
    pub(super) addresses: Vec<String>,
    calls: Vec<u64>,
}

impl<'t> Builder<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            nodes: Vec::new(),
            names: Vec::new(),
            addresses: Vec::new(),
            calls: Vec::new(),
        }
    }

    pub(super) fn number(&mut self, number: f64, span: &Range<usize>) -> Operand {
        self.push(Node::Number(number), span, Some(1))
    }

    /// A name without parentheses: a constant, a signal, or a lane of a signal.
    pub(super) fn name(&mut self, name: &str, span: &Range<usize>) -> Built {
        if let Some(constant) = CONSTANTS.iter().find(|constant| constant.name == name) {
            return Ok(self.number(constant.value, span));
        }
        if let Some(function) = function::find(name) {
            let signature = function.signature();
            let message = format!("'{name}' is a function: write {signature}");
            return Err(ExpressionError::new(span, message));
        }
        match (catalogue::find(name), split_lane(name)) {
            (Some(signal), _) if !signal.indices.is_empty() => {
                let message = format!("'{name}' is a family: write {}", signal.signature());
                Err(ExpressionError::new(span, message))
            }
            (None, Some((base, lane))) => {
                let operand = self.name(base, &(span.start..span.start + base.len()))?;
                self.call(Action::Lane(lane), &[operand], span)
            }
            (known, _) => {
                let is_number = known.is_some() || name.starts_with('$');
                let node = self.signal(name, span);
                Ok(self.push(node, span, is_number.then_some(1)))
            }
        }
    }

    fn signal(&mut self, name: &str, span: &Range<usize>) -> Node {
        self.names.push(span.clone());
        Node::Signal {
            name: self.names.len() - 1,
            key: key(name),
        }
    }

    /// A name with parentheses: a function or a family of signals. `at` is the name's place, `span` the call's.
    pub(super) fn named_call(
        &mut self,
        name: &str,
        at: &Range<usize>,
        mut operands: Vec<Operand>,
        span: &Range<usize>,
    ) -> Built {
        if let Some(function) = function::find(name) {
            check_count(function, operands.len(), span)?;
            let missing = function.parameters.len() - operands.len();
            for default in &function.defaults[function.defaults.len() - missing..] {
                operands.push(self.number(*default, &(span.end..span.end)));
            }
            return self.call(function.action, &operands, span);
        }
        match catalogue::find(name) {
            Some(family) if !family.indices.is_empty() => {
                self.family(name, family, at, &operands, span)
            }
            Some(_) => {
                let message = format!("'{name}' is a signal: write it without parentheses");
                Err(ExpressionError::new(at, message))
            }
            None => Err(ExpressionError::new(at, unknown_function(name))),
        }
    }

    fn family(
        &mut self,
        name: &str,
        family: &catalogue::SignalDoc,
        at: &Range<usize>,
        operands: &[Operand],
        span: &Range<usize>,
    ) -> Built {
        if operands.len() != family.indices.len() {
            return Err(ExpressionError::new(
                span,
                format!("write {}", family.signature()),
            ));
        }
        operands.iter().try_for_each(single)?;
        self.names.push(at.clone());
        let (key, arguments) = (key(name), arguments(operands));
        Ok(self.push(Node::Family { key, arguments }, span, Some(1)))
    }

    /// `osc("/address", default)`.
    pub(super) fn address(
        &mut self,
        (address, at): (&str, &Range<usize>),
        operands: &[Operand],
        span: &Range<usize>,
    ) -> Built {
        if !address.starts_with('/') {
            let message = format!("an OSC address begins with '/': write \"/{address}\"");
            return Err(ExpressionError::new(at, message));
        }
        let default = match operands {
            [] => self.number(0.0, &(span.end..span.end)),
            [default] => default.clone(),
            _ => {
                let message = "osc takes an address and a default, no more";
                return Err(ExpressionError::new(span, message));
            }
        };
        single(&default)?;
        self.addresses.push(address.to_owned());
        let (key, default) = (key(address), arguments(&[default]));
        Ok(self.push(Node::Address { key, default }, span, None))
    }

    /// A calculation over operands that have been read.
    pub(super) fn call(
        &mut self,
        action: Action,
        operands: &[Operand],
        span: &Range<usize>,
    ) -> Built {
        let width = width(action, operands, span)?;
        let key = if action.has_identity() {
            self.identity(span)
        } else {
            0
        };
        let arguments = arguments(operands);
        let node = Node::Call {
            action,
            key,
            arguments,
        };
        Ok(self.push(node, span, width))
    }

    /// The call's text, and how many calls of that text came before it.
    fn identity(&mut self, span: &Range<usize>) -> u64 {
        let text = source_hash(&self.text[span.clone()]);
        let earlier = self.calls.iter().filter(|call| **call == text).count();
        self.calls.push(text);
        combine(text, earlier as u64)
    }

    fn push(&mut self, node: Node, span: &Range<usize>, width: Option<usize>) -> Operand {
        self.nodes.push(node);
        Operand {
            node: (self.nodes.len() - 1) as u16,
            span: span.clone(),
            width,
        }
    }
}

fn arguments(operands: &[Operand]) -> Arguments {
    Arguments::new(operands.iter().map(|operand| operand.node))
}

/// How many numbers a call yields; `None` where only the show knows.
fn width(
    action: Action,
    operands: &[Operand],
    span: &Range<usize>,
) -> Result<Option<usize>, ExpressionError> {
    let singles = operands.iter().enumerate();
    singles
        .filter(|(argument, _)| action.wants_number(*argument))
        .try_for_each(|(_, operand)| single(operand))?;
    match action {
        Action::Vector => Ok(Some(operands.len())),
        Action::Length | Action::Every | Action::Count | Action::Toggle => Ok(Some(1)),
        _ if action.keeps_width() => Ok(operands[0].width),
        Action::Lane(lane) => lane_width(lane, &operands[0], span),
        _ => common_width(operands),
    }
}

fn single(operand: &Operand) -> Result<(), ExpressionError> {
    match operand.width {
        Some(width) if width > 1 => {
            let message = format!("this has to be one number, not {width}: take a lane, as in .x");
            Err(ExpressionError::new(&operand.span, message))
        }
        _ => Ok(()),
    }
}

fn lane_width(
    lane: usize,
    operand: &Operand,
    span: &Range<usize>,
) -> Result<Option<usize>, ExpressionError> {
    match operand.width {
        Some(1) => Err(ExpressionError::new(
            span,
            "a single number has no lanes: leave the dot out",
        )),
        Some(width) if lane >= width => {
            let message = format!(
                "this has {width} numbers: its last lane is .{}",
                LANES[width - 1]
            );
            Err(ExpressionError::new(span, message))
        }
        _ => Ok(Some(1)),
    }
}

/// A single number spreads over the lanes of a vector; two vectors have to agree.
fn common_width(operands: &[Operand]) -> Result<Option<usize>, ExpressionError> {
    let mut common = 1;
    for operand in operands {
        let width = operand.width.unwrap_or(1);
        if width > 1 && common > 1 && width != common {
            let message = format!("this has {width} numbers, what it is used with has {common}");
            return Err(ExpressionError::new(&operand.span, message));
        }
        common = common.max(width);
    }
    let known = operands.iter().all(|operand| operand.width.is_some());
    Ok(known.then_some(common))
}

fn check_count(
    function: &Function,
    count: usize,
    span: &Range<usize>,
) -> Result<(), ExpressionError> {
    if count == function.parameters.len() || count == function.required() {
        return Ok(());
    }
    let signature = function.signature();
    let message = format!("wrong number of arguments, {count}: write {signature}");
    Err(ExpressionError::new(span, message))
}

fn unknown_function(name: &str) -> String {
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let families = SIGNALS.iter().filter(|signal| !signal.indices.is_empty());
    match nearest(name, functions.chain(families.map(|family| family.name))) {
        Some(near) => format!("unknown function '{name}': did you mean '{near}'?"),
        None => format!("unknown function '{name}': docs/expressions.md lists them all"),
    }
}

const LANES: [&str; 4] = ["x", "y", "z", "w"];
const COLORS: [&str; 4] = ["r", "g", "b", "a"];

/// The number of a lane: x or r is 0, w or a is 3.
pub(super) fn lane(name: &str) -> Option<usize> {
    iter::zip(LANES, COLORS).position(|(x, r)| name == x || name == r)
}

/// `controls.tint.r` is the red of `controls.tint`, but `controls.r` is a control called r.
fn split_lane(name: &str) -> Option<(&str, usize)> {
    let (base, last) = name.rsplit_once('.')?;
    let lane = lane(last)?;
    (base != "controls").then_some((base, lane))
}
