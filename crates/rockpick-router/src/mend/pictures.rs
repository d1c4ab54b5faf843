//! Pictures: how large one may be, in pixels.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::{Block, MediaKind, Request};

/// The most pixels of a side.
const LONGEST_SIDE: u32 = 8_000;
/// The same where there are more pictures than [`MANY`].
const LONGEST_SIDE_OF_MANY: u32 = 2_000;
const MANY: usize = 20;
/// The size of a picture stands within so much of its base64.
const HEAD: usize = 400_000;

pub(super) fn check(request: &Request) -> Result<(), String> {
    let mut sizes = Vec::new();
    for block in request.turns.iter().flat_map(|turn| &turn.blocks) {
        match block {
            Block::Media(media) if media.kind == MediaKind::Image => sizes.push(size(&media.bytes)),
            Block::Native(value) => in_native(value, &mut sizes),
            _ => {}
        }
    }
    let longest = if sizes.len() > MANY { LONGEST_SIDE_OF_MANY } else { LONGEST_SIDE };
    let too_large = |(_, size): &(usize, &Option<(u32, u32)>)| {
        size.is_some_and(|(width, height)| width.max(height) > longest)
    };
    let Some((at, Some((width, height)))) = sizes.iter().enumerate().find(too_large) else {
        return Ok(());
    };
    let many = if longest == LONGEST_SIDE {
        String::new()
    } else {
        format!(" when there are more than {MANY}")
    };
    Err(format!(
        "picture {} has {width} x {height} pixels; Bedrock takes {longest} a side{many}",
        at + 1
    ))
}

fn in_native(value: &Value, sizes: &mut Vec<Option<(u32, u32)>>) {
    if let Some(image) = value.get("image") {
        sizes.push(image.pointer("/source/bytes").and_then(Value::as_str).and_then(of_base64));
    }
    let inner = value.pointer("/toolResult/content").and_then(Value::as_array);
    inner.into_iter().flatten().for_each(|part| in_native(part, sizes));
}

fn of_base64(text: &str) -> Option<(u32, u32)> {
    let head = text.get(..text.len().min(HEAD) / 4 * 4)?;
    size(&STANDARD.decode(head).ok()?)
}

/// Width and height, as the first bytes of a PNG, GIF, WebP or JPEG say.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let little =
        |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((big(16)?, big(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((little(6)?, little(8)?));
    }
    if bytes.starts_with(b"RIFF") {
        return match bytes.get(12..16)? {
            b"VP8X" => {
                let side =
                    |at: usize| Some(1 + little(at)? + (u32::from(*bytes.get(at + 2)?) << 16));
                Some((side(24)?, side(27)?))
            }
            b"VP8L" => {
                let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
                Some((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
            }
            _ => Some((little(26)? & 0x3FFF, little(28)? & 0x3FFF)),
        };
    }
    jpeg(bytes)
}

/// A JPEG's size stands in the header of its frame, behind any number of other segments.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let pair =
        |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2;
    while bytes.starts_with(b"\xff\xd8") && *bytes.get(at)? == 0xFF {
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return Some((pair(at + 7)?, pair(at + 5)?));
        }
        at += 2 + pair(at + 2)? as usize;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()]
            .concat()
    }

    #[test]
    fn sizes_are_read_from_the_first_bytes() {
        let gif = [b"GIF89a".as_slice(), &300u16.to_le_bytes(), &20u16.to_le_bytes()].concat();
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\x01\x2c\x0f\xa0".to_vec();
        let wide =
            [b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".as_slice(), &[0x3f, 0x1f, 0, 0x01, 0, 0]]
                .concat();
        for (bytes, expected) in [
            (png(300, 8_200), (300, 8_200)),
            (gif, (300, 20)),
            (jpeg, (4_000, 300)),
            (wide, (8_000, 2)),
        ] {
            assert_eq!(size(&bytes), Some(expected));
            for end in 0..bytes.len() {
                let _ = size(&bytes[..end]);
            }
        }
        assert_eq!(size(b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0"), None);
    }

    #[test]
    fn too_many_pixels_are_refused_and_fewer_when_there_are_many() {
        let image = |bytes: &[u8]| {
            Block::Native(
                json!({"image": {"format": "png", "source": {"bytes": STANDARD.encode(bytes)}}}),
            )
        };
        let with = |count: usize, side: u32| {
            let mut request = Request::new("what");
            request.turns[0].blocks.extend((0..count).map(|_| image(&png(side, 10))));
            check(&request)
        };
        assert!(with(1, 8_000).is_ok() && with(21, 2_000).is_ok());
        assert!(with(1, 8_001).is_err_and(|why| why.contains("8001")));
        assert!(with(21, 2_001).is_err());
    }
}
