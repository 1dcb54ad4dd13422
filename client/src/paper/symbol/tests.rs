//! The drawings, read by somebody else's decoder.

use super::*;
use crate::paper::split;
use crate::paper::testing::file;

/// The bitmap that a drawing shows, at four pixels a module.
fn bitmap(svg: &str) -> (usize, Vec<bool>) {
    let (_, rest) = svg.split_once("viewBox=\"0 0 ").unwrap();
    let side: usize = rest.split(' ').next().unwrap().parse().unwrap();
    let mut is_dark = vec![false; side * side];
    let (_, path) = svg.rsplit_once(" d=\"").unwrap();
    let (path, _) = path.split_once('"').unwrap();
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let [x, y, length]: [usize; 3] = [x, y, length].map(|number| number.parse().unwrap());
        is_dark[y * side + x..][..length].fill(true);
    }
    (side, is_dark)
}

#[test]
fn somebody_elses_decoder_reads_every_code() {
    const SCALE: usize = 4;
    let parts = split(&file(20)).unwrap();
    let symbols = symbols(&parts).unwrap();
    let mut texts = Vec::new();
    for symbol in &symbols {
        assert_eq!(symbol.width(), symbols[0].width());
        assert!(symbol.width() <= 17 + 4 * 20, "above version 20");
        let (side, is_dark) = bitmap(&symbol.svg());
        let grey = |x: usize, y: usize| {
            let is_dark = is_dark[y / SCALE * side + x / SCALE];
            if is_dark { 0 } else { 255 }
        };
        let pixels = side * SCALE;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, grey);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        let (meta, text) = grids[0].decode().unwrap();
        assert_eq!(meta.version.0 * 4 + 17, symbol.width());
        texts.push(text);
    }
    assert_eq!(texts, parts);
}
