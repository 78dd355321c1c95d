use crate::picture::Size;

/// How Pillow's `Image.rotate(angle, expand=True)` fetches pixels with its nearest filter (Pillow 10.4.0, `Image.py` and
/// `Geometry.c`): in 16.16 fixed point, at the centres of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rotation {
    /// Of the turned picture.
    pub(super) size: Size,
    /// What is fetched for the turned picture's first pixel, and the steps for the next column and the next row.
    pub(super) origin: [i32; 2],
    pub(super) column: [i32; 2],
    pub(super) row: [i32; 2],
}

impl Rotation {
    /// Of a picture, by degrees, positive counter-clockwise.
    pub(super) fn new(picture: Size, angle: f64) -> Self {
        let radians = -angle.rem_euclid(360.0).to_radians();
        let (cosine, sine) = (
            fifteen_decimals(radians.cos()),
            fifteen_decimals(radians.sin()),
        );
        let turned = |x: f64, y: f64| [cosine * x + sine * y, cosine * y - sine * x];
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let [mut left, mut top] = turned(-width / 2.0, -height / 2.0);
        (left, top) = (left + width / 2.0, top + height / 2.0);
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
            .map(|(x, y)| [turned(x, y)[0] + left, turned(x, y)[1] + top]);
        let whole = angle % 90.0 == 0.0;
        let [wide, high] = [0, 1].map(|axis| span(corners.map(|corner| corner[axis]), whole));
        let [x, y] = turned(-(wide - width) / 2.0, -(high - height) / 2.0);
        (left, top) = (left + x, top + y);
        Self {
            size: Size::new(wide as u32, high as u32),
            origin: [
                fixed(left + cosine * 0.5 + sine * 0.5),
                fixed(top - sine * 0.5 + cosine * 0.5),
            ],
            column: [fixed(cosine), fixed(-sine)],
            row: [fixed(sine), fixed(cosine)],
        }
    }

    /// From a turned picture to the middle of what it is when it is turned back, as large as `picture`.
    pub(super) fn back(&self, picture: Size, angle: f64) -> Self {
        let back = Self::new(self.size, -angle);
        let beside = |turned: u32, picture: u32| (i64::from(turned) - i64::from(picture)) / 2;
        let left = beside(back.size.width, picture.width) as i32;
        let top = beside(back.size.height, picture.height) as i32;
        let origin =
            [0, 1].map(|axis| back.origin[axis] + left * back.column[axis] + top * back.row[axis]);
        Self {
            size: picture,
            origin,
            ..back
        }
    }
}

/// As Pillow rounds sines, so that quarter turns are exact.
fn fifteen_decimals(number: f64) -> f64 {
    format!("{number:.15}").parse().unwrap_or(number)
}

/// The pixels from the least to the most. Quarter turns have `whole` ones, wherever their middle is.
fn span(along: [f64; 4], whole: bool) -> f64 {
    let most = along.into_iter().fold(f64::MIN, f64::max);
    let least = along.into_iter().fold(f64::MAX, f64::min);
    if whole {
        most - least
    } else {
        most.ceil() - least.floor()
    }
}

fn fixed(number: f64) -> i32 {
    (number * 65536.0 + 0.5).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: Size = Size::new(7, 4);

    fn fetched(rotation: &Rotation, x: i32, y: i32) -> [i32; 2] {
        [0, 1].map(|axis| {
            let at = rotation.origin[axis] + x * rotation.column[axis] + y * rotation.row[axis];
            at >> 16
        })
    }

    #[test]
    fn quarters_lose_no_pixel() {
        for (angle, width, first) in [
            (0.0, 7, [0, 0]),
            (90.0, 4, [6, 0]),
            (180.0, 7, [6, 3]),
            (270.0, 4, [0, 3]),
            (-90.0, 4, [0, 3]),
        ] {
            let there = Rotation::new(PICTURE, angle);
            assert_eq!((there.size.width, fetched(&there, 0, 0)), (width, first));
            let back = there.back(PICTURE, angle);
            for (x, y) in (0..7).flat_map(|x| (0..4).map(move |y| (x, y))) {
                let [column, row] = fetched(&back, x, y);
                assert_eq!(fetched(&there, column, row), [x, y], "{angle}");
            }
        }
    }

    #[test]
    fn a_turned_picture_has_room_for_its_corners() {
        // Pillow's own size: its sums are not the same on both axes.
        let turned = Rotation::new(Size::new(240, 135), 45.0);
        assert_eq!(turned.size, Size::new(266, 267));
    }
}
