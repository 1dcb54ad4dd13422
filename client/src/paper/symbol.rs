//! QR codes as drawings: ISO/IEC 18004 by the crate `qrcode`, SVG by hand.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a code, as the standard asks.
const QUIET: usize = 4;

/// A code, module by module.
#[derive(Debug, Clone)]
pub struct Symbol {
    width: usize,
    is_dark: Vec<bool>,
}

/// Draws the codes of texts that belong together, all of one size, so that 15 %
/// of each may be damaged (level M).
///
/// # Errors
/// [`QrError`] for a text that fits into no code.
pub fn symbols(texts: &[String]) -> Result<Vec<Symbol>, QrError> {
    let level = EcLevel::M;
    let Some(longest) = texts.iter().max_by_key(|text| text.len()) else {
        return Ok(Vec::new());
    };
    let version = QrCode::with_error_correction_level(longest, level)?.version();
    let codes = texts
        .iter()
        .map(|text| QrCode::with_version(text, version, level));
    codes.map(|code| Ok(Symbol::of(&code?))).collect()
}

impl Symbol {
    fn of(code: &QrCode) -> Self {
        let modules = code.to_colors().into_iter();
        Self {
            width: code.width(),
            is_dark: modules.map(|color| color == Color::Dark).collect(),
        }
    }

    /// Modules from side to side, without the white around them.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The drawing: a white square and one path of black runs, a unit a module.
    pub fn svg(&self) -> String {
        let side = self.width + 2 * QUIET;
        let mut path = String::new();
        for (y, line) in self.is_dark.chunks(self.width).enumerate() {
            let mut x = 0;
            for run in line.chunk_by(|one, next| one == next) {
                if run[0] {
                    let (x, y, length) = (x + QUIET, y + QUIET, run.len());
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }
}
