use std::sync::Arc;

use super::{Adapter, Recipe, Shape, Site, Stages};
use crate::effect::{Header, ImageKind, Output, becomes_constant};
use crate::param::{Param, Value};
use crate::picture::Size;
use crate::show::{Layer, PictureRef, Setting, Show};

/// What a layer's picture is, and how a host stage makes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its size and precision.
    pub shape: Shape,
    /// What the layer's host stage does, if it has one.
    pub recipe: Option<Arc<Recipe>>,
    /// What it does whatever a control sends.
    pub playable: Option<Arc<Recipe>>,
    /// The shapes of the effect's images.
    pub images: Vec<Shape>,
    /// Whether what the layer is composed with, and its matte, hold 32-bit floats.
    pub composed: [bool; 2],
    /// The effect's images, by their places, that hold motion on another grid than the picture's.
    pub scaled: Vec<usize>,
}

/// An effect whose host stage this program does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{effect}' needs the host stage '{stage}', which this program does not have: there is {known}"
)]
pub struct NoStage {
    /// The effect.
    pub effect: String,
    /// What its header says.
    pub stage: String,
    /// All that there are.
    pub known: String,
}

/// The forms of a show's layers on a canvas; px settings are multiplied by `scale`. `adapter` carries
/// the stages out.
///
/// # Errors
/// A host stage that does not exist.
pub fn forms(
    show: &Show,
    canvas: Size,
    scale: f64,
    stages: &Stages,
    adapter: Adapter,
) -> Result<Vec<Form>, NoStage> {
    let mut forms: Vec<Form> = Vec::new();
    for layer in &show.layers {
        let shapes = shapes(layer, canvas, &forms);
        forms.push(form(layer, canvas, scale, shapes, stages, adapter)?);
    }
    for (index, layer) in show.layers.iter().enumerate() {
        let shapes = shapes(layer, canvas, &forms);
        let grid = forms[index].shape.size;
        let header = &layer.effect.header;
        let motion = (0..)
            .zip(&header.images)
            .filter(|(_, image)| header.holds_motion(image));
        let scaled = motion
            .map(|(place, _)| place)
            .filter(|place| shapes[*place].size != grid);
        forms[index].scaled = scaled.collect();
        forms[index].images = shapes;
        let matte = layer.matte.as_ref().map(|matte| matte.picture);
        let composed = [Some(layer.input), matte];
        let float =
            |picture| picture_shape(picture, canvas, &forms).is_some_and(|shape| shape.float);
        forms[index].composed = composed.map(|picture| picture.is_some_and(float));
    }
    Ok(forms)
}

/// The shapes of the pictures that a layer is given. A source's are colours, whatever they are taken for; a layer that
/// has none yet gives motion in full.
fn shapes(layer: &Layer, canvas: Size, forms: &[Form]) -> Vec<Shape> {
    let images = layer.effect.header.images.iter().zip(&layer.images);
    let shape = |(image, picture): (_, &PictureRef)| {
        picture_shape(*picture, canvas, forms).unwrap_or_else(|| Shape {
            size: canvas,
            float: layer.effect.header.holds_motion(image),
        })
    };
    images.map(shape).collect()
}

/// The shape of a picture, unless there is none yet.
fn picture_shape(picture: PictureRef, canvas: Size, forms: &[Form]) -> Option<Shape> {
    match picture {
        PictureRef::Layer(layer) | PictureRef::Previous(layer) => {
            forms.get(layer).map(|form| form.shape)
        }
        PictureRef::Source(_) => Some(Shape {
            size: canvas,
            float: false,
        }),
        PictureRef::Nothing | PictureRef::Absent => None,
    }
}

fn form(
    layer: &Layer,
    canvas: Size,
    scale: f64,
    images: Vec<Shape>,
    stages: &Stages,
    adapter: Adapter,
) -> Result<Form, NoStage> {
    let header = &layer.effect.header;
    let plain = |shape| Form {
        shape,
        recipe: None,
        playable: None,
        scaled: Vec::new(),
        images: Vec::new(),
        composed: [false; 2],
    };
    let Some(name) = &header.stage else {
        return Ok(plain(shape(header, canvas, &images)));
    };
    let stage = stages.get(name).ok_or_else(|| NoStage {
        effect: layer.effect.name.clone(),
        stage: name.clone(),
        known: stages.names().collect::<Vec<_>>().join(", "),
    })?;
    let params = layer.params.iter().zip(&header.params);
    let params = params.map(|(setting, param)| constant(setting, param, scale));
    let params: Vec<_> = params.collect();
    let site = || {
        Site::new(header, params.clone(), canvas, images.clone(), adapter)
            .with_pictures(&layer.images)
    };
    let stays = |index: usize, param: &Param| {
        becomes_constant(param, adapter.cpu) && layer.params[index].constant().is_some()
    };
    let recipe = |site: &Site<'_>| Arc::new(stage.recipe(site).of(&site.images));
    Ok(Form {
        recipe: Some(recipe(&site().with_constants(stays))),
        playable: Some(recipe(&site())),
        ..plain(stage.shape(&site()))
    })
}

/// What changes motion leaves it on its grid; what makes it fills the canvas.
fn shape(header: &Header, canvas: Size, images: &[Shape]) -> Shape {
    let float = header.output == Output::Flow;
    let mut pairs = header.images.iter().zip(images);
    let motion = pairs.find(|(image, _)| image.kind == ImageKind::Flow && float);
    let whole = Shape {
        size: canvas,
        float,
    };
    motion.map_or(whole, |(_, shape)| *shape)
}

fn constant(setting: &Setting, param: &Param, scale: f64) -> Value {
    param.scaled(setting.constant().unwrap_or(param.default), scale)
}
