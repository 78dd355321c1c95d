use crate::picture::{Format, Model, Plane, Size};

/// The extent of one plane without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Bytes of a row.
    pub(super) row: usize,
    /// Rows.
    pub(super) rows: usize,
}

impl Extent {
    pub(super) const fn bytes(self) -> usize {
        self.row * self.rows
    }
}

/// The planes of a picture of `size`, each as wide and high as its widest and highest component.
pub(super) fn extents(format: &Format, size: Size) -> Vec<Extent> {
    let planes = format.components.iter().map(|component| component.plane);
    let count = planes.max().map_or(0, |last| usize::from(last) + 1);
    let mut extents = vec![Extent { row: 0, rows: 0 }; count];
    for (index, component) in format.components.iter().enumerate() {
        let is_chroma = format.model == Model::Yuv && (index == 1 || index == 2);
        let (right, down) = if is_chroma {
            format.chroma_shift
        } else {
            (0, 0)
        };
        let columns = size.width.div_ceil(1 << right) as usize;
        let extent = &mut extents[usize::from(component.plane)];
        let row = columns * usize::from(component.step) * format.sample_bytes();
        extent.row = extent.row.max(row);
        extent.rows = extent.rows.max(size.height.div_ceil(1 << down) as usize);
    }
    extents
}

/// Buffers that come back to be filled again: a picture of film is several megabytes, and fresh pages
/// cost as much as the copy.
#[derive(Debug, Default)]
pub(super) struct Spares(Vec<Vec<u8>>);

impl Spares {
    /// More than a queue of pictures ever holds.
    const MOST: usize = 48;

    /// A buffer of `bytes`; its contents are whatever it held before.
    pub(super) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let fitting = self.0.iter().position(|spare| spare.len() == bytes);
        fitting.map_or_else(|| vec![0; bytes], |index| self.0.swap_remove(index))
    }

    /// Keeps the buffers of `planes`.
    pub(super) fn give(&mut self, planes: Vec<Plane>) {
        self.0.extend(planes.into_iter().map(|plane| plane.bytes));
        let surplus = self.0.len().saturating_sub(Self::MOST);
        self.0.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Component;

    #[test]
    fn odd_sizes_round_chroma_up() {
        let extents = extents(&Format::yuv(10, (1, 1)), Size::new(7, 5));
        let rows: Vec<_> = extents
            .iter()
            .map(|extent| (extent.row, extent.rows))
            .collect();
        assert_eq!(rows, [(14, 5), (8, 3), (8, 3)]);
    }

    #[test]
    fn packed_chroma_widens_an_odd_row() {
        let component = |step, offset| Component {
            plane: 0,
            step,
            offset,
            depth: 8,
            shift: 0,
        };
        let yuyv = Format {
            model: Model::Yuv,
            components: vec![component(2, 0), component(4, 1), component(4, 3)],
            chroma_shift: (1, 0),
        };
        assert_eq!(
            extents(&yuyv, Size::new(7, 2)),
            [Extent { row: 16, rows: 2 }]
        );
    }

    #[test]
    fn spares_are_used_again() {
        let mut spares = Spares::default();
        let plane = Plane {
            bytes: vec![7; 12],
            stride: 4,
        };
        spares.give(vec![plane]);
        assert_eq!(spares.take(8), [0; 8]);
        assert_eq!(spares.take(12), [7; 12]);
        assert_eq!(spares.take(12), [0; 12]);
    }
}
