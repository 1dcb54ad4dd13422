//! How the log's files are served: what caches and pages elsewhere may do with
//! them, how bundles are packed, HTTP/1.1 and HTTP/2 on the one port.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use ledger::act::Give;
use ledger::log::{Width, decode_bundle};
use timebank_tests::bank::ORIGIN;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::Request;

use crate::log_files::{Answer, ask, get, grow};
use crate::wire::bearer;
use crate::world::{World, minutes};

on_both!(
    who_has_a_file_is_told_that_it_is_the_same,
    the_head_of_a_file_is_that_of_the_file,
    bundles_are_packed_for_those_who_accept_it,
    what_is_public_may_be_read_by_a_page_of_anybody,
    http_1_and_2_are_answered_alike_on_the_one_port,
    a_tile_is_served_again_when_the_log_has_grown,
);

const FULL: &str = "/log/tile/0/000";
const BUNDLE: &str = "/log/tile/entries/000";

async fn who_has_a_file_is_told_that_it_is_the_same(world: &mut World) -> Result<()> {
    grow(world).await?;
    for path in [FULL, "/log/tile/0/000.p/9", "/log/checkpoint"] {
        let first = get(world, path, None).await?;
        let tag = &first.headers["etag"];
        let again = ask(world, "GET", path, &[("if-none-match", tag)]).await?;
        assert_eq!((again.code, again.body.len()), (304, 0), "{path}");
        for name in ["etag", "cache-control"] {
            assert_eq!(again.headers[name], first.headers[name], "{path}");
        }
        let other = ask(world, "GET", path, &[("if-none-match", "\"other\"")]).await?;
        assert_eq!((other.code, other.body), (200, first.body), "{path}");
    }
    // A checkpoint that is not the newest any more is sent.
    let tag = get(world, "/log/checkpoint", None).await?.headers["etag"].clone();
    let (recipient, minutes) = (world.member(1).id, minutes(1)?);
    world
        .does(world.member(2), Give { recipient, minutes })
        .await?;
    let newer = ask(world, "GET", "/log/checkpoint", &[("if-none-match", &tag)]).await?;
    assert_eq!(newer.code, 200);
    Ok(())
}

async fn the_head_of_a_file_is_that_of_the_file(world: &mut World) -> Result<()> {
    grow(world).await?;
    for path in [FULL, "/log/checkpoint", "/log/tile/9/000"] {
        let whole = get(world, path, None).await?;
        let head = ask(world, "HEAD", path, &[]).await?;
        assert_eq!((head.code, head.body.len()), (whole.code, 0), "{path}");
        let kept = |answer: &Answer| {
            let mut headers = answer.headers.clone();
            headers.remove("date");
            headers
        };
        assert_eq!(kept(&head), kept(&whole), "{path}");
    }
    assert_eq!(ask(world, "POST", FULL, &[]).await?.code, 405);
    Ok(())
}

async fn bundles_are_packed_for_those_who_accept_it(world: &mut World) -> Result<()> {
    grow(world).await?;
    let token = bearer(&world.street.auditor, ORIGIN);
    let fetch = async |accepted: &str| {
        let headers = [
            ("authorization", token.as_str()),
            ("accept-encoding", accepted),
        ];
        ask(world, "GET", BUNDLE, &headers).await
    };
    let plain = get(world, BUNDLE, Some(&token)).await?;
    assert!(!plain.headers.contains_key("content-encoding"));
    assert_eq!(plain.headers["vary"], "accept-encoding");
    let packed = fetch("gzip, identity").await?;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert_eq!(packed.headers["vary"], "accept-encoding");
    assert_ne!(packed.headers["etag"], plain.headers["etag"]);
    assert!(packed.body.len() < plain.body.len(), "it is smaller");
    let mut unpacked = Vec::new();
    GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked)?;
    assert_eq!(unpacked, plain.body);
    decode_bundle(&unpacked, Width::FULL)?;
    let refused = fetch("gzip;q=0").await?;
    assert_eq!(refused.body, plain.body);
    // Hashes do not compress.
    let tile = ask(world, "GET", FULL, &[("accept-encoding", "gzip")]).await?;
    assert!(!tile.headers.contains_key("content-encoding"));
    Ok(())
}

async fn what_is_public_may_be_read_by_a_page_of_anybody(world: &mut World) -> Result<()> {
    grow(world).await?;
    let token = bearer(&world.street.auditor, ORIGIN);
    let origins = "access-control-allow-origin";
    for path in [FULL, "/log/checkpoint", "/log/tile/9/000"] {
        assert_eq!(
            get(world, path, None).await?.headers[origins],
            "*",
            "{path}"
        );
    }
    let private = get(world, BUNDLE, Some(&token)).await?;
    assert_eq!(private.code, 200);
    assert!(!private.headers.contains_key(origins));
    // From now on the operator publishes what members have signed.
    world
        .plan
        .flags
        .extend(["--bundles", "public"].map(str::to_owned));
    world.restart().await?;
    for _ in 0..2 {
        let public = get(world, BUNDLE, None).await?;
        assert_eq!(public.body, private.body);
        assert_eq!(public.headers[origins], "*");
        let cached = &public.headers["cache-control"];
        assert!(
            cached.starts_with("public") && cached.contains("immutable"),
            "{cached}"
        );
        let packed = ask(world, "GET", BUNDLE, &[("accept-encoding", "gzip")]).await?;
        assert_eq!(packed.headers["content-encoding"], "gzip");
    }
    Ok(())
}

async fn http_1_and_2_are_answered_alike_on_the_one_port(world: &mut World) -> Result<()> {
    grow(world).await?;
    let mut channel = world.channel().await?;
    for path in [FULL, "/log/checkpoint", "/log/tile/0/000.p/5", "/log/other"] {
        let one = get(world, path, None).await?;
        std::future::poll_fn(|cx| channel.poll_ready(cx)).await?;
        let request = Request::get(path).body(Body::empty())?;
        let two = channel.call(request).await?;
        assert_eq!(two.version(), tonic::codegen::http::Version::HTTP_2);
        assert_eq!(two.status().as_u16(), one.code, "{path}");
        for name in [
            "content-type",
            "cache-control",
            "access-control-allow-origin",
        ] {
            let header = two.headers().get(name).context(name)?;
            assert_eq!(header.to_str()?, one.headers[name], "{path}");
        }
    }
    Ok(())
}

/// What was not there must not be remembered as missing, nor a part as the whole.
async fn a_tile_is_served_again_when_the_log_has_grown(world: &mut World) -> Result<()> {
    assert_eq!(get(world, FULL, None).await?.code, 404);
    let part = get(world, "/log/tile/0/000.p/3", None).await?;
    assert_eq!(part.body.len(), 96);
    let grown = async {
        grow(world).await?;
        let full = get(world, FULL, None).await?;
        ensure!(full.code == 200 && full.body.len() == 8_192);
        ensure!(full.body[..96] == part.body);
        ensure!(get(world, "/log/tile/0/000.p/3", None).await?.body == part.body);
        Ok(())
    };
    tokio::time::timeout(Duration::from_mins(1), grown).await?
}
