use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Beat, Form, Keep, Measure, PassStep, Picture, PictureId, Plan, Read, Shape, StageStep, Step,
    Target, Work, layer_key, source_key,
};
use crate::effect::{Clock, Header, Image, ImageKind, Keys, Pass, SoundImage, Variant};
use crate::picture::{Fit, Size};
use crate::show::{Bits, Layer, PictureRef, Setting, Show};

/// How far a `tap` reaches that is an expression: its largest value is not known before.
const TAP_OF_AN_EXPRESSION: u32 = 30;

/// Turns a show into a plan, layer by layer.
pub(super) struct Lowering<'a> {
    show: &'a Show,
    size: Size,
    active: &'a [bool],
    variants: &'a [Variant],
    forms: &'a [Form],
    targets: Vec<Target>,
    steps: Vec<Step>,
    /// The sources that are tables.
    tables: Vec<usize>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(
        show: &'a Show,
        size: Size,
        active: &'a [bool],
        variants: &'a [Variant],
        forms: &'a [Form],
    ) -> Self {
        Self {
            show,
            size,
            active,
            variants,
            forms,
            targets: Vec::new(),
            steps: Vec::new(),
            tables: tables(show),
        }
    }

    pub(super) fn plan(mut self, measures: &[Measure]) -> Plan {
        let pictures = self.pictures();
        for (index, layer) in self.show.layers.iter().enumerate() {
            let id = self.layer_id(index);
            if self.active[index] {
                self.layer(index, layer);
                continue;
            }
            self.add_targets(index, layer);
            if matches!(pictures[id].keep, Keep::Ring(_)) {
                let from = self.stand_in(layer);
                self.steps.push(Step::Hand { from, to: id });
            }
        }
        for measure in measures {
            let work = self.measure(measure);
            self.steps.push(Step::Measure(work));
        }
        let remembered: BTreeSet<usize> = self.references().filter_map(previous).collect();
        for layer in remembered {
            let from = self.read(PictureRef::Layer(layer));
            self.steps.push(Step::Remember { from, layer });
        }
        let output = self.read(self.show.output());
        Plan {
            size: self.size,
            eight_bits: self.show.canvas.bits == Bits::Eight,
            sources: self.show.sources.len(),
            pictures,
            targets: self.targets,
            sounds: sounds(&self.steps),
            steps: self.steps,
            output,
        }
    }

    fn layer_id(&self, layer: usize) -> PictureId {
        self.show.sources.len() + layer
    }

    /// The picture in its own size of a source that is a table.
    fn table_id(&self, source: PictureId) -> PictureId {
        let place = self.tables.iter().position(|table| *table == source);
        place.map_or(source, |place| {
            self.layer_id(self.show.layers.len()) + place
        })
    }

    /// Every picture that any layer names.
    fn references(&self) -> impl Iterator<Item = PictureRef> + use<'a> {
        self.show.layers.iter().flat_map(|layer| {
            let matte = layer.matte.iter().map(|matte| matte.picture);
            [layer.input]
                .into_iter()
                .chain(layer.images.iter().copied())
                .chain(matte)
        })
    }

    fn pictures(&self) -> Vec<Picture> {
        let sources = self
            .show
            .sources
            .iter()
            .enumerate()
            .map(|(index, source)| Picture {
                key: source_key(&source.name),
                keep: Keep::Ring(self.depth(PictureRef::Source(index)).max(1)),
                beat: Beat::Source(index),
                fit: source.fit,
                shape: self.canvas(),
            });
        let layers = self
            .show
            .layers
            .iter()
            .enumerate()
            .map(|(index, layer)| Picture {
                key: layer_key(&layer.name),
                keep: self.keep(index),
                beat: beat(self.show, PictureRef::Layer(index)),
                fit: Fit::Stretch,
                shape: self.forms[index].shape,
            });
        let tables = self.tables.iter().map(|&index| Picture {
            key: format!("table.{}", self.show.sources[index].name),
            keep: Keep::Own,
            beat: Beat::Source(index),
            fit: Fit::Stretch,
            shape: self.canvas(),
        });
        sources.chain(layers).chain(tables).collect()
    }

    /// Whether a pass composes what the layer's host stage makes with its input. Else the stage writes the layer's picture.
    fn is_composed(&self, layer: usize) -> bool {
        let staged = &self.show.layers[layer].effect.header.staged;
        staged.is_some() && self.variants[layer].composes()
    }

    fn canvas(&self) -> Shape {
        Shape {
            size: self.size,
            float: false,
        }
    }

    /// What a layer's picture is kept in. The pool has pictures of colours; motion stays between its pictures.
    fn keep(&self, layer: usize) -> Keep {
        let drawn = self.forms[layer].recipe.is_none() || self.is_composed(layer);
        let pooled = self.forms[layer].shape == self.canvas() && drawn;
        match self.depth(PictureRef::Layer(layer)) {
            0 if pooled => Keep::Tick,
            depth => Keep::Ring(depth.max(1)),
        }
    }

    /// How many pictures must be kept for taps and histories: 0 if none looks back.
    fn depth(&self, picture: PictureRef) -> u32 {
        let reach = self.show.layers.iter().flat_map(|layer| {
            let is_input = layer.input == picture;
            let tap = is_input.then(|| reach(&layer.keys[Keys::TAP]));
            let tapped = tap.unwrap_or(0);
            let images = layer.effect.header.images.iter().zip(&layer.images);
            let histories = images.filter(|(image, read)| {
                **read == picture && matches!(image.kind, ImageKind::History(_))
            });
            let histories = histories.map(move |(image, _)| tapped + history_reach(layer, image));
            tap.into_iter().chain(histories).collect::<Vec<_>>()
        });
        reach
            .max()
            .filter(|reach| *reach > 0)
            .map_or(0, |reach| reach + 1)
    }

    /// Where a named picture is found: a layer that does not run is its own input.
    fn read(&self, picture: PictureRef) -> Read {
        match picture {
            PictureRef::Nothing | PictureRef::Absent => Read::Nothing,
            PictureRef::Source(index) => Read::Picture(index),
            PictureRef::Previous(layer) => Read::Previous(layer),
            PictureRef::Layer(index) if self.active[index] => Read::Picture(self.layer_id(index)),
            PictureRef::Layer(index) => match self.depth(picture) {
                0 => self.stand_in(&self.show.layers[index]),
                _ => Read::Picture(self.layer_id(index)),
            },
        }
    }

    /// What is seen of a layer that does not run: its input, unless one is motion and the other is not.
    fn stand_in(&self, layer: &Layer) -> Read {
        match layer.effect.header.keeps_kind() {
            true => self.read(layer.input),
            false => Read::Nothing,
        }
    }

    fn layer(&mut self, index: usize, layer: &Layer) {
        let header = &layer.effect.header;
        let first_target = self.targets.len();
        self.add_targets(index, layer);
        let targets = first_target..self.targets.len();
        let images = header.images.iter().zip(&layer.images);
        let mut reads: Vec<Read> = images
            .map(|(image, picture)| self.image(layer, image.kind, *picture))
            .collect();
        if let Some(recipe) = &self.forms[index].recipe {
            let composed = self.is_composed(index);
            self.steps.push(Step::Stage(StageStep {
                effect: Arc::clone(&layer.effect),
                layer: index,
                picture: (!composed).then(|| self.layer_id(index)),
                target: composed.then_some(first_target),
                work: Work {
                    label: layer.name.clone(),
                    key: layer_key(&layer.name),
                    recipe: Arc::clone(recipe),
                    reads: reads.clone(),
                    beat: layer_beat(self.show, layer),
                },
            }));
            if !composed {
                return;
            }
        }
        reads.extend(targets.clone().map(Read::Target));
        for (number, pass) in header.passes.iter().enumerate() {
            let last = number + 1 == header.passes.len();
            let target = pass
                .target
                .as_deref()
                .and_then(|name| target_index(header, name));
            let step = PassStep {
                effect: Arc::clone(&layer.effect),
                layer: index,
                pass: number,
                label: format!("{}.{}", layer.name, pass.entry),
                variant: self.variants[index].clone(),
                reads: reads.clone(),
                below: self.read(layer.input),
                matte: layer
                    .matte
                    .as_ref()
                    .map_or(Read::Nothing, |matte| self.read(matte.picture)),
                picture: last.then(|| self.layer_id(index)),
                target: target.map(|target| first_target + target),
                size: self.pass_size(index, pass),
            };
            self.steps.push(Step::Pass(step));
        }
    }

    fn measure(&self, measure: &Measure) -> Work {
        Work {
            label: format!(
                "{}.{}",
                self.show.sources[measure.source].name, measure.name
            ),
            key: measure.key(self.show),
            recipe: Arc::clone(&measure.recipe),
            reads: vec![self.read(measure.picture)],
            beat: Beat::Source(measure.source),
        }
    }

    fn add_targets(&mut self, index: usize, layer: &Layer) {
        let (beat, runs) = (layer_beat(self.show, layer), self.active[index]);
        let header = &layer.effect.header;
        let needed = header.stage.is_none() || self.is_composed(index);
        let targets = header.targets();
        for (name, pass) in targets.filter(|(_, pass)| needed && (runs || pass.persistent)) {
            self.targets.push(Target {
                key: format!("{}.{name}", layer_key(&layer.name)),
                size: self.pass_size(index, pass),
                float: pass.float,
                persistent: pass.persistent,
                beat,
                layer: index,
                runs,
            });
        }
    }

    fn image(&self, layer: &Layer, kind: ImageKind, picture: PictureRef) -> Read {
        match (kind, self.read(picture)) {
            (ImageKind::Sound(sound), _) => Read::Sound(sound),
            (ImageKind::History(_), Read::Picture(id)) => Read::History(id),
            (ImageKind::Table, Read::Picture(id)) => Read::Picture(self.table_id(id)),
            _ => self.tapped(layer, picture),
        }
    }

    /// The effect may be given the layer's own input from some pictures back.
    fn tapped(&self, layer: &Layer, picture: PictureRef) -> Read {
        let taps = picture == layer.input && reach(&layer.keys[Keys::TAP]) > 0;
        match self.read(picture) {
            Read::Picture(id) if taps => Read::Tapped(id),
            other => other,
        }
    }

    fn pass_size(&self, layer: usize, pass: &Pass) -> Size {
        if let Some(motion) = pass.grid {
            return self.forms[layer].images[motion].size;
        }
        let grid = self.forms[layer].shape.size;
        pass.size.as_ref().map_or(grid, |size| size.pixels(grid))
    }
}

fn sounds(steps: &[Step]) -> Vec<SoundImage> {
    let passes = steps.iter().filter_map(|step| match step {
        Step::Pass(pass) => Some(&pass.reads),
        _ => step.work().map(|work| &work.reads),
    });
    let mut sounds = Vec::new();
    for read in passes.flatten() {
        if let Read::Sound(sound) = read
            && !sounds.contains(sound)
        {
            sounds.push(*sound);
        }
    }
    sounds
}

pub(super) fn tables(show: &Show) -> Vec<usize> {
    let reads = show.layers.iter().flat_map(|layer| {
        let images = layer.effect.header.images.iter().zip(&layer.images);
        images.filter_map(|(image, picture)| match (image.kind, picture) {
            (ImageKind::Table, PictureRef::Source(index)) => Some(*index),
            _ => None,
        })
    });
    reads.collect::<BTreeSet<_>>().into_iter().collect()
}

/// How far back a layer looks: an input that is played may reach its maximum.
fn history_reach(layer: &Layer, image: &Image) -> u32 {
    image.reach(|name| {
        let mut params = layer.effect.header.params.iter().zip(&layer.params);
        let (param, setting) = params.find(|(param, _)| param.name == name)?;
        Some(setting.constant().unwrap_or(param.max).lane(0))
    })
}

/// What advances each layer of a show.
pub(super) fn layer_beats(show: &Show) -> Vec<Beat> {
    show.layers
        .iter()
        .map(|layer| layer_beat(show, layer))
        .collect()
}

pub(super) fn motion_beats(show: &Show, layer: &Layer) -> Vec<Beat> {
    let images = layer.effect.header.images.iter().zip(&layer.images);
    let flows = images.filter(|(image, _)| image.kind == ImageKind::Flow);
    flows.map(|(_, picture)| beat(show, *picture)).collect()
}

fn beat(show: &Show, picture: PictureRef) -> Beat {
    match picture {
        PictureRef::Source(index) => Beat::Source(index),
        PictureRef::Layer(index) => layer_beat(show, &show.layers[index]),
        PictureRef::Previous(_) | PictureRef::Nothing | PictureRef::Absent => Beat::Tick,
    }
}

fn layer_beat(show: &Show, layer: &Layer) -> Beat {
    let own = layer.effect.header.clock == Clock::Canvas || layer.effect.is_generator();
    if own {
        Beat::Tick
    } else {
        beat(show, layer.input)
    }
}

fn previous(picture: PictureRef) -> Option<usize> {
    match picture {
        PictureRef::Previous(layer) => Some(layer),
        _ => None,
    }
}

fn reach(tap: &Setting) -> u32 {
    tap.constant()
        .map_or(TAP_OF_AN_EXPRESSION, |value| value.lane(0).max(0.0) as u32)
}

fn target_index(header: &Header, name: &str) -> Option<usize> {
    header.targets().position(|(target, _)| target == name)
}
