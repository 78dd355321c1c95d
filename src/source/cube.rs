use std::path::Path;

use super::SourceError;
use crate::picture::{Format, Picture, Size};

/// Entries along an edge of the largest cube whose strip a GPU picture can hold: 90 times 90 are 8100 pixels.
const MOST_ENTRIES: usize = 90;

/// A `.cube` file: the table as it is being read (Adobe Cube LUT Specification 1.0, 2013).
#[derive(Debug, Default)]
struct Cube {
    /// `LUT_1D_SIZE` or `LUT_3D_SIZE`: how many dimensions, entries along each.
    size: Option<(u32, usize)>,
    entries: Vec<[f32; 3]>,
}

/// Whether a file is such a table, by its name: the format has no magic number.
pub(super) fn is_cube(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("cube")
}

/// The table in a file as a picture of 16 bits, and what it is. One of three dimensions is a strip of squares: red
/// to the right, green down, blue from square to square. One of one dimension is a row of curves. Values outside
/// 0 to 1 are clipped.
pub(super) fn read(path: &Path) -> Result<(Picture, String), SourceError> {
    let place = path.display();
    let bytes = std::fs::read(path).map_err(|cause| SourceError::read(&place, cause))?;
    // A title may be in any encoding.
    let text = String::from_utf8_lossy(&bytes);
    let mut cube = Cube::default();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let refuse = |problem| SourceError::contents(format!("{place}:{}", number + 1), problem);
        cube.line(line.trim()).map_err(refuse)?;
    }
    cube.picture()
        .map_err(|problem| SourceError::contents(&place, problem))
}

impl Cube {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace();
        let keyword = words.next().unwrap_or("#");
        let rest: Vec<_> = words.collect();
        match keyword {
            "TITLE" => Ok(()),
            "LUT_1D_SIZE" => self.sized(1, &rest, Size::LARGEST_SIDE as usize),
            "LUT_3D_SIZE" => self.sized(3, &rest, MOST_ENTRIES),
            "DOMAIN_MIN" => domain(keyword, &rest, &[0.0; 3]),
            "DOMAIN_MAX" => domain(keyword, &rest, &[1.0; 3]),
            "LUT_1D_INPUT_RANGE" | "LUT_3D_INPUT_RANGE" => domain(keyword, &rest, &[0.0, 1.0]),
            comment if comment.starts_with('#') => Ok(()),
            name if name.starts_with(|c: char| c.is_ascii_alphabetic()) => Err(format!(
                "'{name}' is no word of a .cube file; export the table again as .cube"
            )),
            _ => self.entry(line),
        }
    }

    fn sized(&mut self, dimensions: u32, rest: &[&str], most: usize) -> Result<(), String> {
        if self.size.is_some() {
            return Err("a second table; export it as one table, without a shaper".to_owned());
        }
        let size = match rest {
            [size] => size.parse().ok().filter(|size| (2..=most).contains(size)),
            _ => None,
        };
        let size =
            size.ok_or_else(|| format!("the size must be 2 to {most}; export a smaller table"))?;
        self.size = Some((dimensions, size));
        Ok(())
    }

    fn entry(&mut self, line: &str) -> Result<(), String> {
        if self.size.is_none() {
            return Err(
                "numbers before LUT_3D_SIZE or LUT_1D_SIZE; export the table again".to_owned(),
            );
        }
        let wanted = || format!("'{line}' is not three numbers; export the table again");
        let numbers = numbers(&line.split_whitespace().collect::<Vec<_>>());
        let entry = numbers.and_then(|numbers| numbers.try_into().ok());
        self.entries.push(entry.ok_or_else(wanted)?);
        Ok(())
    }

    fn picture(&self) -> Result<(Picture, String), String> {
        let (dimensions, size) = self
            .size
            .ok_or("neither LUT_3D_SIZE nor LUT_1D_SIZE; is it a .cube file?")?;
        let (wanted, found) = (size.pow(dimensions), self.entries.len());
        if found != wanted {
            return Err(format!(
                "{found} entries instead of {wanted}; it was cut off, export the table again"
            ));
        }
        let rows = if dimensions == 1 { 1 } else { size };
        let extent = Size::new((wanted / rows) as u32, rows as u32);
        // In the file red runs fastest, then green; in the strip blue comes before green.
        let place = |x: usize, y: usize| (x % size) + size * (y + rows * (x / size));
        let texels = (0..wanted).flat_map(|index| {
            let [x, y] = [index % (wanted / rows), index / (wanted / rows)];
            self.entries[place(x, y)].into_iter().chain([1.0])
        });
        let word = |value: f32| (value.clamp(0.0, 1.0) * 65535.0).round() as u16;
        let bytes = texels.flat_map(|value| word(value).to_le_bytes()).collect();
        let description = format!("look-up table, {dimensions}D, {size} entries a side");
        Ok((
            Picture::packed(Format::rgba16(), extent, bytes),
            description,
        ))
    }
}

/// Refuses a table of other colours than those from black to white.
fn domain(keyword: &str, rest: &[&str], usual: &[f32]) -> Result<(), String> {
    if numbers(rest).is_some_and(|numbers| numbers == usual) {
        return Ok(());
    }
    Err(format!(
        "{keyword} must be {usual:?}; export the table for colours from 0 to 1"
    ))
}

/// Finite numbers, or none at all.
fn numbers(words: &[&str]) -> Option<Vec<f32>> {
    let number = |word: &&str| word.parse().ok().filter(|number: &f32| number.is_finite());
    words.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(Picture, String), SourceError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.CUBE");
        std::fs::write(&path, text).unwrap();
        assert!(is_cube(&path));
        read(&path)
    }

    fn words(picture: &Picture) -> Vec<[u16; 4]> {
        let texels = picture.planes[0].bytes.chunks_exact(8);
        let word = |texel: &[u8], lane| u16::from_le_bytes([texel[2 * lane], texel[2 * lane + 1]]);
        texels
            .map(|texel| std::array::from_fn(|lane| word(texel, lane)))
            .collect()
    }

    #[test]
    fn a_cube_is_a_strip_of_its_blue_slices() {
        let text = "# made by hand\nTITLE \"a b\"\n\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1.0 1.0 1.0
            0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n-0.5 0.5 1\n2 1 1e0\n";
        let (picture, description) = parse(text).unwrap();
        assert_eq!(picture.size, Size::new(4, 2));
        assert_eq!(description, "look-up table, 3D, 2 entries a side");
        const X: u16 = u16::MAX;
        let upper = [[0, 0, 0, X], [X, 0, 0, X], [0, 0, X, X], [X, 0, X, X]];
        let lower = [[0, X, 0, X], [X, X, 0, X], [0, 32768, X, X], [X, X, X, X]];
        assert_eq!(words(&picture), [upper, lower].concat());
    }

    #[test]
    fn curves_are_a_row() {
        let (picture, _) = parse("LUT_1D_SIZE 3\n0 0 0\n.5 .25 1\n1 1 1").unwrap();
        assert_eq!(picture.size, Size::new(3, 1));
        assert_eq!(words(&picture)[1], [32768, 16384, 65535, 65535]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let cases = [
            (
                "LUT_3D_SIZE 2\n0 0 0\n0 zero 0",
                "a.CUBE:3: '0 zero 0' is not three numbers",
            ),
            ("0 0 0", "a.CUBE:1: numbers before"),
            ("LUT_3D_SIZE 91", "a.CUBE:1: the size must be 2 to 90"),
            ("LUT_3D_SIZE", "a.CUBE:1: the size"),
            ("LUT_1D_SIZE 2\nLUT_3D_SIZE 2", "a.CUBE:2: a second table"),
            (
                "DOMAIN_MAX 2 2 2",
                "a.CUBE:1: DOMAIN_MAX must be [1.0, 1.0, 1.0]",
            ),
            ("<html>", "a.CUBE:1: numbers before"),
            ("MESH 3", "a.CUBE:1: 'MESH' is no word"),
            ("LUT_3D_SIZE 2\n0 0 nan", "is not three numbers"),
            ("LUT_3D_SIZE 2\n0 0 0", "a.CUBE: 1 entries instead of 8"),
            ("# nothing", "a.CUBE: neither LUT_3D_SIZE"),
        ];
        for (text, wanted) in cases {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(wanted), "{text}: {message}");
        }
    }
}
