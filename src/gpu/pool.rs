//! Textures that live for a part of a tick, shared among the layers' pictures.

use std::collections::HashMap;

use super::Gpu;
use super::intake::PICTURE_FORMAT;
use super::state::Image;
use crate::picture::Size;
use crate::plan::{Keep, PassStep, PictureId, Plan, Read, Step};

/// Which texture each short-lived picture of a plan uses. Two share one if the first is read for the last
/// time before the second is written.
#[derive(Debug)]
pub(super) struct Pool {
    images: Vec<Image>,
    pictures: HashMap<PictureId, usize>,
    blanks: HashMap<Size, Image>,
}

impl Pool {
    pub(super) fn new(gpu: &Gpu, plan: &Plan) -> Self {
        let sizes = plan
            .targets
            .iter()
            .map(|target| target.size)
            .chain([plan.size]);
        let blank = |size| (size, Image::new(gpu, "blank", size, PICTURE_FORMAT));
        let mut pool = Self {
            images: Vec::new(),
            pictures: HashMap::new(),
            blanks: sizes.map(blank).collect(),
        };
        let mut free: Vec<usize> = Vec::new();
        let lasts = last_reads(plan);
        for (index, step) in plan.steps.iter().enumerate() {
            let Step::Pass(pass) = step else { continue };
            if let Some(id) = pass
                .picture
                .filter(|id| plan.pictures[*id].keep == Keep::Tick)
            {
                let slot = pool.take(gpu, &mut free, plan.size);
                pool.pictures.insert(id, slot);
            }
            let done = lasts
                .iter()
                .filter(|(_, last)| **last == index)
                .map(|(id, _)| *id);
            free.extend(done.filter_map(|id| pool.pictures.get(&id).copied()));
        }
        pool
    }

    fn take(&mut self, gpu: &Gpu, free: &mut Vec<usize>, size: Size) -> usize {
        free.pop().unwrap_or_else(|| {
            self.images
                .push(Image::new(gpu, "picture", size, PICTURE_FORMAT));
            self.images.len() - 1
        })
    }

    /// The texture of a short-lived picture.
    pub(super) fn picture(&self, id: PictureId) -> Option<&Image> {
        self.pictures.get(&id).map(|slot| &self.images[*slot])
    }

    /// Transparent black of a size: what has not been written yet.
    pub(super) fn blank(&self, size: Size) -> &Image {
        &self.blanks[&size]
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
        Step::Hand { from, .. } | Step::Remember { from, .. } => vec![*from],
    };
    let picture = |read| match read {
        Read::Picture(id) | Read::Tapped(id) | Read::History(id) => Some(id),
        _ => None,
    };
    let own = match step {
        Step::Pass(pass) => pass.picture,
        _ => None,
    };
    reads.into_iter().filter_map(picture).chain(own).collect()
}
