//! What the page tells whoever holds it in thirty years.

use crate::words::Text;

pub(super) fn codes() -> Text {
    Text::new(
        "收据全在这些方码里，请保持平整、完整。",
        "The receipt is in these codes, all of them. Keep them flat and whole.",
    )
}

pub(super) fn steps() -> [Text; 4] {
    [
        Text::new(
            "用任何手机扫描每个方码，把得到的文字保存下来，先后不拘。",
            "Scan every code with any phone and keep the texts, in any order.",
        ),
        Text::new(
            "用 timebank receipt scan 把文字拼成收据文件，再用 timebank verify 核对。两步都不需要网络。",
            "timebank receipt scan puts the texts together to the file of the receipt, and timebank verify checks it. Neither needs a network.",
        ),
        Text::new(
            "没有这个程序也行：每段文字取第四和第五个连字符之间的部分，按第二个连字符后的序号连起来，用 Base32（RFC 4648）解码，再用 gzip（RFC 1952）解开，就是一份 C2SP tlog-proof，任何支持这种格式的程序都能核对。",
            "Without that program: of each text take what stands between its fourth and fifth hyphen, join these in the order of the numbers behind the second hyphen, decode Base32 (RFC 4648) and unpack gzip (RFC 1952). That is a C2SP tlog-proof, which any verifier of this format checks.",
        ),
        Text::new(
            "下面的密钥要与您从别处得知的一致。纸上的字谁都能印：能作证的是方码，不是字。",
            "Compare the keys below with what you know of them from elsewhere. Anyone can print words: it is the codes that prove.",
        ),
    ]
}

pub(super) fn letters() -> Text {
    Text::new(
        "方码若扫不出来，可照这些字母输入：只有大写字母、数字 2 至 7 和连字符（序号另有其他数字），错一个字母也会被发现。",
        "If a code no longer scans, type these letters: capitals, the digits 2 to 7 and hyphens (other digits in the numbers only). One wrong letter is noticed.",
    )
}
