//! The rules once more, on the CPU.
