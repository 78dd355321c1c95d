//! Sources: films, images, image sequences, YUV4MPEG2 streams.
