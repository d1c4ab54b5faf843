//! Files that are sent: what they are is read from their content, and what Bedrock would refuse is refused before.

use std::sync::Arc;

use super::{Media, MediaKind, Request};

/// What a file begins with, at which byte, and what that means.
const SIGNS: &[(usize, &[u8], MediaKind, &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", MediaKind::Image, "png"),
    (0, b"\xff\xd8\xff", MediaKind::Image, "jpeg"),
    (0, b"GIF8", MediaKind::Image, "gif"),
    (8, b"WEBP", MediaKind::Image, "webp"),
    (0, b"%PDF-", MediaKind::Document, "pdf"),
    (4, b"ftypqt", MediaKind::Video, "mov"),
    (4, b"ftyp3g", MediaKind::Video, "three_gp"),
    (4, b"ftyp", MediaKind::Video, "mp4"),
    (0, b"FLV", MediaKind::Video, "flv"),
    (0, b"\x1a\x45\xdf\xa3", MediaKind::Video, "mkv"),
    (8, b"WAVE", MediaKind::Audio, "wav"),
    (0, b"ID3", MediaKind::Audio, "mp3"),
    (0, b"fLaC", MediaKind::Audio, "flac"),
    (0, b"OggS", MediaKind::Audio, "ogg"),
];
/// The zip and the older container of office documents: the name tells which.
const OFFICE: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];
const OFFICE_FORMATS: [&str; 4] = ["docx", "xlsx", "doc", "xls"];
const TEXT_FORMATS: [(&str, &str); 6] = [
    ("csv", "csv"),
    ("html", "html"),
    ("htm", "html"),
    ("md", "md"),
    ("markdown", "md"),
    ("txt", "txt"),
];

/// What Converse takes of a kind: bytes each, and how many.
#[allow(clippy::match_same_arms, reason = "a table reads row by row")]
const fn limits(kind: MediaKind) -> (usize, usize) {
    match kind {
        MediaKind::Image => (3_932_160, 20),
        MediaKind::Document => (4_718_592, 5),
        MediaKind::Video => (26_214_400, 1),
        MediaKind::Audio => (26_214_400, 1),
    }
}

impl Media {
    /// A file by its name and content.
    ///
    /// # Errors
    /// Why it cannot be sent.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.is_empty() {
            return Err("the file is empty".to_owned());
        }
        let (kind, format) = kind_of(name, &bytes)?;
        let (most, _) = limits(kind);
        // PDFs may be larger for the models that read their pages.
        if bytes.len() > most && format != "pdf" {
            return Err(format!(
                "the file has {} bytes; Bedrock takes {kind}s of at most {most}",
                bytes.len()
            ));
        }
        Ok(Self {
            kind,
            format: format.to_owned(),
            name: plain_name(name),
            bytes: Arc::from(bytes),
        })
    }
}

impl Request {
    /// Why the files of a request are too many, if they are. Documents are counted with those of the conversation, elsewhere.
    #[must_use]
    pub fn too_many_files(&self) -> Option<String> {
        MediaKind::ALL.iter().filter(|kind| **kind != MediaKind::Document).find_map(|kind| {
            let count = self.media().filter(|media| media.kind == *kind).count();
            let (_, most) = limits(*kind);
            (count > most)
                .then(|| format!("{count} {kind}s are more than the {most} that Bedrock takes"))
        })
    }
}

fn kind_of(name: &str, bytes: &[u8]) -> Result<(MediaKind, &'static str), String> {
    let ending =
        name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let signed = SIGNS
        .iter()
        .find(|(at, sign, ..)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(sign)));
    if let Some((.., kind, format)) = signed {
        let format = if *format == "mkv" && ending == "webm" { "webm" } else { format };
        return Ok((*kind, format));
    }
    if OFFICE.iter().any(|sign| bytes.starts_with(sign)) {
        let format = OFFICE_FORMATS.iter().find(|format| **format == ending);
        return format
            .map(|format| (MediaKind::Document, *format))
            .ok_or_else(|| format!("an archive that is none of {}", OFFICE_FORMATS.join(", ")));
    }
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        let known = TEXT_FORMATS.iter().find(|(own, _)| *own == ending);
        return Ok((MediaKind::Document, known.map_or("txt", |(_, format)| format)));
    }
    Err("neither an image, a document nor a video that Bedrock takes".to_owned())
}

/// Names of documents reach the model: Bedrock takes letters, digits, single spaces, hyphens and brackets only.
pub(super) fn plain_name(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let allowed =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '(' | ')' | '[' | ']');
    let words: String = stem.chars().map(|sign| if allowed(sign) { sign } else { ' ' }).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() { "document".to_owned() } else { name.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_a_file_is() {
        for (name, bytes, kind, format) in [
            ("a.txt", b"\x89PNG\r\n\x1a\n...".as_slice(), MediaKind::Image, "png"),
            ("photo", b"\xff\xd8\xff\xe0", MediaKind::Image, "jpeg"),
            ("x", b"RIFF\0\0\0\0WEBPVP8 ", MediaKind::Image, "webp"),
            ("x.bin", b"%PDF-1.7", MediaKind::Document, "pdf"),
            ("x.docx", b"PK\x03\x04....", MediaKind::Document, "docx"),
            ("x.CSV", b"a,b", MediaKind::Document, "csv"),
            ("Makefile", b"all:\n", MediaKind::Document, "txt"),
            ("x.mp4", b"\0\0\0\x18ftypmp42", MediaKind::Video, "mp4"),
        ] {
            let media = Media::new(name, bytes.to_vec()).expect(name);
            assert_eq!((media.kind, media.format.as_str()), (kind, format), "{name}");
        }
    }

    #[test]
    fn what_bedrock_refuses_is_refused_before() {
        assert!(Media::new("a.zip", b"PK\x03\x04".to_vec()).is_err());
        assert!(Media::new("a.exe", b"MZ\0\0".to_vec()).is_err());
        assert!(Media::new("a.txt", Vec::new()).is_err());
        let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
        large.resize(4_000_000, 0);
        assert!(Media::new("a.png", large).is_err_and(|why| why.contains("4000000")));
    }

    #[test]
    fn names_are_made_plain() {
        assert_eq!(plain_name("/tmp/Q3_report  (final).v2.pdf"), "Q3 report (final) v2");
        assert_eq!(plain_name("???.pdf"), "document");
    }
}
