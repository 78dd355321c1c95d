//! Outputs: films, image sequences, single images.
