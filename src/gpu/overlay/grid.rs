use super::{Panel, Row, Tone};
use crate::picture::Size;

/// Letters that a row's text has at most before it goes on below.
const LONGEST_TEXT: usize = 44;

/// A cell is 0 where there is no panel; else its low half is the letter's place, counted from 1, and its high
/// half the tone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Grid {
    size: Size,
    cells: Vec<u32>,
}

/// A text somewhere in a panel.
type Piece<'a> = (usize, usize, &'a str, Tone);

impl Grid {
    /// No panel.
    pub(super) fn empty(size: Size) -> Self {
        Self {
            size,
            cells: vec![0; size.area() as usize],
        }
    }

    /// Panels beside one another, or below one another where the window is too narrow. `index` says where a
    /// letter stands in the atlas. What does not fit is cut.
    pub(super) fn of(panels: &[Panel], size: Size, index: impl Fn(char) -> u32) -> Self {
        let mut grid = Self::empty(size);
        let (mut left, mut top, mut bottom) = (1, 1, 1);
        for panel in panels {
            let written = Written::new(panel);
            if left > 1 && left + written.width > size.width as usize {
                (left, top) = (1, bottom + 1);
            }
            grid.write(&written, left, top, &index);
            left += written.width + 1;
            bottom = bottom.max(top + written.rows.len() + 2);
        }
        grid
    }

    /// Columns and rows.
    pub(super) const fn size(&self) -> Size {
        self.size
    }

    pub(super) fn cells(&self) -> &[u32] {
        &self.cells
    }

    fn write(
        &mut self,
        panel: &Written<'_>,
        left: usize,
        top: usize,
        index: &impl Fn(char) -> u32,
    ) {
        for row in 0..panel.rows.len() + 2 {
            for column in 0..panel.width {
                self.set(left + column, top + row, index(' '), Tone::Plain);
            }
        }
        for (column, row, text, tone) in panel.pieces() {
            for (offset, letter) in text.chars().enumerate().take(panel.width - column) {
                self.set(left + column + offset, top + row, index(letter), tone);
            }
        }
    }

    fn set(&mut self, column: usize, row: usize, index: u32, tone: Tone) {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        if column < width && row < height {
            self.cells[row * width + column] = (index + 1) | (tone as u32) << 16;
        }
    }
}

/// A panel in columns, without its place.
struct Written<'a> {
    title: &'a str,
    /// Label, text and tone of each line.
    rows: Vec<(&'a str, String, Tone)>,
    /// Where the texts begin.
    indent: usize,
    width: usize,
}

impl<'a> Written<'a> {
    fn new(panel: &'a Panel) -> Self {
        let rows: Vec<_> = panel.rows.iter().flat_map(lines).collect();
        let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let label = longest(&mut rows.iter().map(|(label, ..)| label.chars().count()));
        let text = longest(&mut rows.iter().map(|(_, text, _)| text.chars().count()));
        // A letter's width beside everything, two between label and text.
        let indent = label + 3;
        let width = (indent + text).max(panel.title.chars().count() + 1) + 1;
        Self {
            title: &panel.title,
            rows,
            indent,
            width,
        }
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let rows = self.rows.iter().enumerate();
        let rows = rows.flat_map(|(row, (label, text, tone))| {
            let label = (1, row + 2, *label, Tone::Quiet);
            [label, (self.indent, row + 2, text.as_str(), *tone)]
        });
        rows.chain([(1, 0, self.title, Tone::Plain)])
    }
}

/// The lines of a row: the first one has its label.
fn lines(row: &Row) -> impl Iterator<Item = (&str, String, Tone)> {
    let mut lines = vec![String::new()];
    for word in row.text.split_whitespace() {
        let last = lines.len() - 1;
        let length = lines[last].chars().count() + word.chars().count();
        if length >= LONGEST_TEXT && !lines[last].is_empty() {
            lines.push(word.to_owned());
        } else {
            let space = if lines[last].is_empty() { "" } else { " " };
            lines[last] += &format!("{space}{word}");
        }
    }
    let labels = std::iter::once(row.label.as_str()).chain(std::iter::repeat(""));
    labels
        .zip(lines)
        .map(|(label, line)| (label, line, row.tone))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in a grid, a dot where no panel is.
    fn read(grid: &Grid) -> Vec<String> {
        let letter = |cell: &u32| match cell & 0xffff {
            0 => '.',
            place => char::from_u32(place - 1).unwrap(),
        };
        let rows = grid.cells.chunks(grid.size.width as usize);
        rows.map(|row| row.iter().map(letter).collect()).collect()
    }

    fn panel(title: &str, rows: &[(&str, &str)]) -> Panel {
        let row = |(label, text): &(&str, &str)| Row::new(*label, *text);
        Panel {
            title: title.to_owned(),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn labels_and_texts_stand_in_columns() {
        let panels = [panel("Keys", &[("B", "black"), ("Esc", "leave")])];
        let grid = Grid::of(&panels, Size::new(17, 7), u32::from);
        let expected = [
            ".................",
            ". Keys         ..",
            ".              ..",
            ". B    black   ..",
            ". Esc  leave   ..",
            ".................",
            ".................",
        ];
        // The panel is as wide as its longest row and a space.
        let trimmed = expected.map(|row| row.replace("   ..", " ...."));
        assert_eq!(read(&grid)[3], trimmed[3]);
        assert_eq!(read(&grid)[4], trimmed[4]);
        assert_eq!(read(&grid)[5], expected[5]);
    }

    #[test]
    fn panels_stand_beside_one_another_while_there_is_room() {
        let panels = [panel("A", &[("a", "b")]), panel("B", &[("c", "d")])];
        let wide = read(&Grid::of(&panels, Size::new(20, 12), u32::from));
        assert_eq!(wide[1], ". A    . B    ......");
        let narrow = read(&Grid::of(&panels, Size::new(10, 12), u32::from));
        assert_eq!((&*narrow[1], &*narrow[5]), (". A    ...", ". B    ..."));
        // What does not fit is cut, and nothing fails.
        assert_eq!(
            read(&Grid::of(&panels, Size::new(2, 2), u32::from)),
            ["..", ". "]
        );
    }

    #[test]
    fn a_long_text_goes_on_below_and_keeps_its_tone() {
        let long = Row::warning("trouble", "word ".repeat(20));
        let rows: Vec<_> = lines(&long).collect();
        assert_eq!((rows[0].0, rows[1].0), ("trouble", ""));
        assert!(rows.iter().all(|row| row.1.chars().count() <= LONGEST_TEXT));
        assert!(rows.iter().all(|row| row.2 == Tone::Warning));
        let words = rows.iter().map(|row| row.1.split(' ').count());
        assert_eq!(words.sum::<usize>(), 20);
    }
}
