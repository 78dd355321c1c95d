use std::path::Path;

use super::arguments::Flow;
use crate::gpu::Gpu;
use crate::output::FieldFile;
use crate::picture::Picture;
use crate::session::{Failure, flow};
use crate::source::{Location, Options, open};

/// Writes the motion from one picture to the next.
pub(super) fn find(arguments: &Flow) -> Result<(), Failure> {
    let out = FieldFile::parse(&arguments.out).map_err(Failure::usage)?;
    let [first, second] = [&arguments.first, &arguments.second].map(|path| picture(path));
    let (first, second) = (first?, second?);
    let gpu = Gpu::open(arguments.gpu.as_deref(), None).map_err(Failure::running)?;
    let found = flow(&gpu, &first, &second, &arguments.settings())?;
    let field: Vec<_> = found.pixels.iter().map(|[x, y, ..]| [*x, *y]).collect();
    out.write(found.size, &field)?;
    Ok(())
}

/// The first picture of a file.
fn picture(path: &Path) -> Result<Picture, Failure> {
    let location = Location::Path(path.to_owned());
    let mut source = open(&location, &Options::default()).map_err(Failure::usage)?;
    let picture = source.next().map_err(Failure::running)?;
    let nothing = || Failure::running(format!("'{}' holds no picture", path.display()));
    picture.ok_or_else(nothing)
}
