use crate::picture::{Matrix, Range, Size};

/// The matrix of a picture that does not say: BT.709 from high definition on, else BT.601, as players
/// assume it.
pub(super) const fn usual_matrix(size: Size) -> Matrix {
    if size.width >= 1280 || size.height > 576 {
        Matrix::Bt709
    } else {
        Matrix::Bt601
    }
}

pub(super) const fn matrix_name(matrix: Matrix) -> &'static str {
    match matrix {
        Matrix::Bt601 => "BT.601",
        Matrix::Bt709 => "BT.709",
        Matrix::Bt2020 => "BT.2020",
    }
}

pub(super) const fn range_name(range: Range) -> &'static str {
    match range {
        Range::Full => "full range",
        Range::Limited => "limited range",
    }
}
