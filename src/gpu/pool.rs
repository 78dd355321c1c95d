//! Textures that live for a part of a tick, shared among the layers' pictures.

use std::collections::HashMap;

use super::Gpu;
use super::pass::PICTURE_FORMAT;
use super::pipeline::target_format;
use super::state::Image;
use crate::picture::Size;
use crate::plan::{Keep, PassStep, PictureId, Plan, Read, Shape, StageStep, Step};

/// Which texture each short-lived picture of a plan uses. Two share one if the first is read for the last
/// time before the second is written.
#[derive(Debug)]
pub(super) struct Pool {
    pictures: HashMap<PictureId, Image>,
    blanks: HashMap<Shape, Image>,
}

/// The textures themselves: the plans of an instance take turns with them.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    images: Vec<Image>,
    blanks: HashMap<Shape, Image>,
}

impl Shelf {
    fn image(&mut self, gpu: &Gpu, slot: usize, size: Size) -> Image {
        self.images.retain(|image| image.size == size);
        while self.images.len() <= slot {
            self.images
                .push(Image::new(gpu, "picture", size, PICTURE_FORMAT));
        }
        self.images[slot].clone()
    }

    fn blank(&mut self, gpu: &Gpu, shape: Shape) -> Image {
        let blank = || Image::new(gpu, "blank", shape.size, target_format(shape.float));
        self.blanks.entry(shape).or_insert_with(blank).clone()
    }
}

impl Pool {
    pub(super) fn new(gpu: &Gpu, plan: &Plan, shelf: &mut Shelf) -> Self {
        let targets = plan.targets.iter();
        let targets = targets.map(|target| shape(target.size, target.float));
        let pictures = plan.pictures.iter().map(|picture| picture.shape);
        let floats = reads_floats(plan).then(|| shape(plan.size, true));
        let own = [shape(plan.size, false)].into_iter().chain(floats);
        let shapes = targets.chain(pictures).chain(own);
        let blanks = shapes.map(|shape| (shape, shelf.blank(gpu, shape)));
        let blanks = blanks.collect();
        let slots = slots(plan).into_iter();
        let pictures = slots
            .map(|(id, slot)| (id, shelf.image(gpu, slot, plan.size)))
            .collect();
        Self { pictures, blanks }
    }

    /// The texture of a short-lived picture.
    pub(super) fn picture(&self, id: PictureId) -> Option<&Image> {
        self.pictures.get(&id)
    }

    /// Transparent black, in half or 32-bit floats: what has not been written yet.
    pub(super) fn blank(&self, size: Size, float: bool) -> &Image {
        self.blank_like(shape(size, float))
    }

    /// The same in the shape of a picture of the plan.
    pub(super) fn blank_like(&self, shape: Shape) -> &Image {
        &self.blanks[&shape]
    }
}

const fn shape(size: Size, float: bool) -> Shape {
    Shape { size, float }
}

/// Whether any step reads pictures of 32-bit floats.
fn reads_floats(plan: &Plan) -> bool {
    let reads = |step: &Step| match step {
        Step::Pass(pass) => !pass.variant.floats.is_empty(),
        _ => step
            .work()
            .is_some_and(|work| work.recipe.floats.contains(&true)),
    };
    plan.steps.iter().any(reads)
}

/// Which slot each short-lived picture takes.
fn slots(plan: &Plan) -> HashMap<PictureId, usize> {
    let lasts = last_reads(plan);
    let (mut slots, mut free, mut count) = (HashMap::new(), Vec::new(), 0);
    for (index, step) in plan.steps.iter().enumerate() {
        if let Some(id) = written(step).filter(|id| plan.pictures[*id].keep == Keep::Tick) {
            let slot = free.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            slots.insert(id, slot);
        }
        let done = lasts.iter().filter(|(_, last)| **last == index);
        free.extend(done.filter_map(|(id, _)| slots.get(id).copied()));
    }
    slots
}

const fn written(step: &Step) -> Option<PictureId> {
    match step {
        Step::Pass(pass) => pass.picture,
        Step::Stage(stage) => stage.picture,
        Step::Measure(_) | Step::Hand { .. } | Step::Remember { .. } => None,
    }
}

/// The step that reads each picture last. The output's is read after all steps.
fn last_reads(plan: &Plan) -> HashMap<PictureId, usize> {
    let mut lasts = HashMap::new();
    for (index, step) in plan.steps.iter().enumerate() {
        for id in pictures_of(step) {
            lasts.insert(id, index);
        }
    }
    if let Read::Picture(id) = plan.output {
        lasts.insert(id, plan.steps.len());
    }
    lasts
}

fn pictures_of(step: &Step) -> Vec<PictureId> {
    let reads = match step {
        Step::Pass(PassStep {
            reads,
            below,
            matte,
            ..
        }) => reads.iter().chain([below, matte]).copied().collect(),
        Step::Stage(StageStep { work, .. }) | Step::Measure(work) => work.reads.clone(),
        Step::Hand { from, .. } | Step::Remember { from, .. } => vec![*from],
    };
    let picture = |read| match read {
        Read::Picture(id) | Read::Tapped(id) | Read::History(id) => Some(id),
        _ => None,
    };
    let own = written(step);
    reads.into_iter().filter_map(picture).chain(own).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::drawn::{Drawn, planned};

    proptest! {
        #[test]
        fn no_picture_is_overwritten_before_its_last_reader(
            drawn in prop::collection::vec((prop::array::uniform3(0usize..64), any::<bool>(), any::<bool>()), 1..12)
        ) {
            let plan = planned(&drawn);
            let slots = slots(&plan);
            let mut held: HashMap<usize, PictureId> = HashMap::new();
            let is_there = |held: &HashMap<usize, PictureId>, read: Read| match read {
                Read::Picture(id) if plan.pictures[id].keep == Keep::Tick => held.get(&slots[&id]) == Some(&id),
                _ => true,
            };
            for step in &plan.steps {
                let Step::Pass(pass) = step else { continue };
                if let Some(id) = pass.picture {
                    held.insert(slots[&id], id);
                }
                // After the write: a pass must not write what it reads.
                for read in pass.reads.iter().chain([&pass.below, &pass.matte]) {
                    prop_assert!(is_there(&held, *read), "{read:?} of {}", pass.label);
                }
            }
            prop_assert!(is_there(&held, plan.output), "the output");
        }
    }

    #[test]
    fn a_chain_needs_two_textures() {
        let chain: Vec<Drawn> = (0..8).map(|index| ([index; 3], true, true)).collect();
        let slots = slots(&planned(&chain));
        assert_eq!(slots.len(), 8);
        assert_eq!(slots.values().max(), Some(&1));
    }
}
