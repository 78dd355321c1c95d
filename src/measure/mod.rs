//! Pictures and their motion as numbers: what the signals `motion.*`, `scene.*` and `luma.*` say.
//!
//! A meter is a recipe that ends in numbers, and the reading of them, which may remember the last ones.

mod motion;
mod scene;

use std::fmt;

use crate::picture::Size;
use crate::plan::{Recipe, Shape};
use crate::signal::{Gauge, Signal};
use motion::Motion;
use scene::Scene;

/// Measures pictures, one after another.
pub trait Meter: fmt::Debug + Send {
    /// What is to run for each new picture: its only image is what is measured.
    fn recipe(&self) -> Recipe;

    /// What the numbers of the next picture say, which came `seconds` after the one before.
    fn read(&mut self, numbers: &[u8], seconds: f64) -> Vec<Reading>;

    /// What is to be said once no more pictures come.
    fn rest(&self) -> Vec<Reading> {
        Vec::new()
    }
}

/// What measures for these signals: pictures of `subject`, or their motion, which is in pixels of the canvas.
#[must_use]
pub fn meter(gauge: Gauge, subject: Subject, canvas: Size) -> Box<dyn Meter> {
    match gauge {
        Gauge::Motion => Box::new(Motion::new(subject, canvas)),
        Gauge::Scene => Box::new(Scene::new(subject)),
    }
}

/// A signal that was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// As the first source's signal is called: `motion.mean`.
    pub name: &'static str,
    /// Which member, if it is a family.
    pub index: Option<i64>,
    /// What it says.
    pub signal: Signal,
}

impl Reading {
    fn new(name: &'static str, signal: impl Into<Signal>) -> Self {
        Self {
            name,
            index: None,
            signal: signal.into(),
        }
    }
}

/// What is measured, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The picture that is measured.
    pub shape: Shape,
    /// Whether a CPU does the GPU's work.
    pub cpu: bool,
}

impl Subject {
    /// Columns and rows of a workgroup: a strip suits lavapipe best.
    const fn workgroup(self) -> [u32; 2] {
        if self.cpu { [64, 1] } else { [8, 8] }
    }

    fn wgsl(self, text: &str) -> String {
        let [columns, rows] = self.workgroup();
        format!("const COLUMNS = {columns};\nconst ROWS = {rows};\n{text}")
    }

    /// So many workgroups that each of `columns` times `rows` has an invocation.
    fn groups(self, columns: u32, rows: u32) -> [u32; 3] {
        let [across, down] = self.workgroup();
        [columns.div_ceil(across), rows.div_ceil(down), 1]
    }
}
