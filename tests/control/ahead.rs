//! What is compiled while ports are open, so that no first message waits for a compiler.

use std::sync::Arc;

use afterimage::effect::Library;
use afterimage::engine::{Command, Engine};
use afterimage::param::Value;
use afterimage::picture::Size;
use afterimage::show::Show;

use crate::gpu;
use crate::strangers::FLOOD;

/// One layer covers the other, and leaves all its parameters as they are.
const SHOW: &str = "[[layers]]\neffect = \"solid\"\ncolor = [0, 0, 1]\n\
    [[layers]]\neffect = \"solid\"\nname = \"over\"\ncolor = [0, 0, 0]\n";

#[test]
fn the_first_message_to_a_constant_is_seen_in_its_tick() {
    let _alone = FLOOD.lock().unwrap();
    let gpu = gpu::open();
    let show = Show::parse(SHOW, None, &mut Library::new(Vec::new())).unwrap();
    let mut engine = Engine::new(gpu);
    let size = Size::new(16, 16);
    let mut instance = engine.load(&Arc::new(show), size, 60.0).unwrap();
    for ahead in instance.ahead() {
        ahead.compile(engine.pipelines());
    }
    let mut after = |address: &str, lanes: &[f64]| {
        let command = Command::new(address, Value::lanes(lanes));
        let tick = engine.tick(&mut instance, &[command], &[]).unwrap();
        let picture = tick.picture.clone();
        engine.submit(tick);
        gpu.fetch(gpu.encoder("test.read"), &picture)
            .unwrap()
            .pixels[0]
    };
    assert_eq!(after("/layers/over/mix", &[0.0]), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(after("/layers/over/mix", &[1.0]), [0.0, 0.0, 0.0, 1.0]);
    let red = after("/layers/over/color", &[1.0, 0.0, 0.0, 1.0]);
    assert_eq!(red, [1.0, 0.0, 0.0, 1.0]);
    let half = after("/layers/over/mix", &[0.5]);
    assert_eq!(half, [0.5, 0.0, 0.5, 1.0]);
}
