//! Signals: expressions, LFOs, envelopes, smoothing, triggers, the clock.
