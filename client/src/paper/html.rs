//! The one rule of HTML: a text is escaped where it is written.

use std::fmt;

use crate::words::Text;

/// A text as it may stand between tags and in quoted attributes.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => fmt::Write::write_char(f, other)?,
            }
        }
        Ok(())
    }
}

/// A text in Chinese, and below it in English; once if they are the same.
pub(super) struct Both<'t>(pub(super) &'t Text);

impl fmt::Display for Both<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (chinese, english) = (Escaped(&self.0.chinese), Escaped(&self.0.english));
        if self.0.chinese == self.0.english {
            return write!(f, "{english}");
        }
        write!(
            f,
            "<span lang=\"zh-CN\">{chinese}</span> <span lang=\"en\">{english}</span>"
        )
    }
}
