//! Alpha goes in and comes out straight, and colours whose encoding no tag names say what was assumed.
#![cfg(feature = "media")]

mod program;

use program::{folder, make, run};

/// Half transparent red over a corner that is transparent altogether.
const RED: &str = "-f lavfi -i color=red:s=64x32:r=25:d=0.2,format=rgba,geq=r=255:g=0:b=0:a=if(lt(X\\,32)\\,128\\,0)";

#[test]
fn films_and_images_with_alpha_arrive_with_alpha_and_straight_colours() {
    let folder = folder();
    for (name, options) in [
        ("a.png", "-frames:v 1 -update 1"),
        ("vp9.webm", "-c:v libvpx-vp9 -lossless 1 -pix_fmt yuva420p"),
        (
            "vp8.webm",
            "-c:v libvpx -crf 4 -b:v 4M -auto-alt-ref 0 -pix_fmt yuva420p",
        ),
        (
            "prores.mov",
            "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le",
        ),
        ("qtrle.mov", "-c:v qtrle -pix_fmt argb"),
        ("ffv1.mkv", "-c:v ffv1 -pix_fmt yuva420p"),
    ] {
        make(folder.path(), &format!("{RED} {options} {name}"));
        let render = format!("render {name} --frames 1 --alpha -o out.png");
        run(folder.path(), &render).well();
        let picture = image::open(folder.path().join("out.png"))
            .unwrap()
            .into_rgba8();
        let (half, none) = (picture.get_pixel(8, 16), picture.get_pixel(56, 16));
        assert!(
            half[3].abs_diff(128) <= 3 && none[3] <= 3,
            "{name}: {half:?} {none:?}"
        );
        // A premultiplied picture would hold half as much red.
        assert!(
            half[0] > 245 && half[1] < 12 && half[2] < 12,
            "{name}: {half:?}"
        );
    }
}

#[test]
fn what_is_assumed_of_colours_is_said() {
    let folder = folder();
    let tags = "-colorspace bt709 -color_range tv";
    for (name, options, words) in [
        ("plain.mp4", "", "BT.601 assumed, limited range assumed"),
        ("tagged.mp4", tags, "BT.709, limited range"),
    ] {
        let film = "-f lavfi -i testsrc2=s=64x32:d=0.1 -c:v libx264 -pix_fmt yuv420p";
        make(folder.path(), &format!("{film} {options} {name}"));
        let done = run(
            folder.path(),
            &format!("-v render {name} --frames 1 -o null"),
        );
        assert_eq!(done.status, 0);
        let said = done
            .errors
            .iter()
            .find(|line| line.contains("in: h264, yuv420p, 64x32"));
        let said = said.unwrap_or_else(|| panic!("{:?}", done.errors));
        assert!(said.ends_with(words), "{said}");
    }
}
