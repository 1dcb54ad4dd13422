//! What people are told, in English and Chinese: what is wrong, and what to do.
//!
//! One exhaustive match for each family of reasons, so that a new reason does
//! not build without its texts. They are for an elder's granddaughter: whole
//! sentences, no names of fields where it can be avoided, hours and days and
//! not milliseconds.

mod edge;
mod read;
mod rejection;
mod words;

pub use self::edge::of_edge_error;
pub use self::read::of_read_error;
pub use self::rejection::of_rejection;

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub english: String,
    /// Chinese in simplified characters.
    pub chinese: String,
}

impl Text {
    /// The texts by their language tags (BCP 47).
    pub fn messages(&self) -> [(&'static str, &str); 2] {
        [("en", &self.english), ("zh-CN", &self.chinese)]
    }
}

/// Declares the texts of a family. In the brackets, a datum is put into words:
/// `{name}` is English and `{name:#}` Chinese.
macro_rules! texts {
    (
        $(#[$doc:meta])* $function:ident($type:path);
        $($variant:ident $({ $($field:ident $(: $ignored:pat)?),* })? $([$($word:ident = $value:expr),*])? =>
            $english:literal $chinese:literal;)*
    ) => {
        $(#[$doc])*
        pub fn $function(reason: &$type) -> $crate::api::text::Text {
            type Reason = $type;
            match *reason {
                $(Reason::$variant $({ $($field $(: $ignored)?),* })? => {
                    $($(let $word = $value;)*)?
                    $crate::api::text::Text {
                        english: format!($english),
                        chinese: format!($chinese),
                    }
                })*
            }
        }
    };
}

use texts;
