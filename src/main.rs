//! The program.

fn main() {
    afterimage::cli::leave(afterimage::cli::run())
}
