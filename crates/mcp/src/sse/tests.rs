//! Streams cut anywhere give the same events.

use proptest::prelude::*;

use super::*;

const LIMIT: usize = 1 << 20;

/// Frames of a stream that arrives in these chunks, the unfinished last one included.
fn frames<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Frame> {
    let mut framer = Framer::new(LIMIT);
    let mut frames = Vec::new();
    for chunk in chunks {
        framer.push(chunk);
        while let Some(frame) = framer.next_frame().unwrap() {
            frames.push(frame);
        }
    }
    frames.extend(framer.finish());
    frames
}

fn raws(frames: &[Frame]) -> Vec<String> {
    frames.iter().map(|frame| String::from_utf8_lossy(frame.raw()).into_owned()).collect()
}

fn data(frames: &[Frame]) -> Vec<String> {
    frames.iter().filter_map(Frame::data).map(|data| String::from_utf8_lossy(&data).into_owned()).collect()
}

#[test]
fn events_comments_and_blank_lines_are_frames_of_their_own() {
    let stream = ": hi\n\nid: 1\ndata:\n\nevent: message\ndata: {\"a\":\ndata:  1}\nretry: 5\n\n:\r\n\r\ndata: x\r\n\r\ndata: tail";
    let found = frames([stream.as_bytes()]);
    assert_eq!(
        raws(&found),
        [
            ": hi\n",
            "\n",
            "id: 1\ndata:\n\n",
            "event: message\ndata: {\"a\":\ndata:  1}\nretry: 5\n\n",
            ":\r",
            "\n\r\n",
            "data: x\r\n\r\n",
            "data: tail",
        ]
    );
    assert_eq!(data(&found), ["", "{\"a\":\n 1}", "x", "tail"]);
    assert_eq!(
        (found[2].id(), found[3].event(), found[3].id()),
        (Some(&b"1"[..]), Some(&b"message"[..]), None)
    );
}

#[test]
fn an_event_is_given_out_as_soon_as_its_blank_line_is_there() {
    for stream in ["data: x\n\n", "data: x\r\n\r\n", "data: x\r\r", ": ping\n", ":\r"] {
        let mut framer = Framer::new(LIMIT);
        for (index, byte) in stream.bytes().enumerate() {
            assert!(framer.next_frame().unwrap().is_none(), "{stream:?} at {index}");
            framer.push(&[byte]);
        }
        let frame = framer.next_frame().unwrap().unwrap();
        assert_eq!(frame.raw(), stream.as_bytes());
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_field() {
    let found = frames(["\u{feff}data: a\n\n", "\u{feff}data: b\n\n"].map(str::as_bytes));
    assert_eq!(data(&found), ["a"], "only at the very start is it a mark");
    assert_eq!(found[0].with_data(b"c"), "\u{feff}data: c\n\n".as_bytes());
}

#[test]
fn other_data_leaves_every_other_line_in_its_place() {
    for (stream, new, expected) in [
        (
            "id: 7\nevent: message\ndata: old\n: c\nretry: 9\n\n",
            "new",
            "id: 7\nevent: message\ndata: new\n: c\nretry: 9\n\n",
        ),
        ("data: a\r\ndata: b\r\nid: 1\r\n\r\n", "n", "data: n\r\nid: 1\r\n\r\n"),
        ("data:a\r\r", "x\ny\r\nz", "data: x\rdata: y\rdata: z\r\r"),
        ("id: 1\n\n", "n", "id: 1\ndata: n\n\n"),
        ("data: old", "new", "data: new\n\n"),
        ("id: 1\ndata: old\nid: 2", "", "id: 1\ndata:\nid: 2\n\n"),
    ] {
        let frame = &frames([stream.as_bytes()])[0];
        assert_eq!(String::from_utf8(frame.with_data(new.as_bytes())).unwrap(), expected);
    }
}

#[test]
fn an_event_beyond_the_limit_is_an_error_whole_or_in_parts() {
    let stream = b"data: 0123456789\n\n";
    for (limit, fits) in [(stream.len(), true), (stream.len() - 1, false)] {
        let mut whole = Framer::new(limit);
        whole.push(stream);
        assert_eq!(whole.next_frame().is_ok_and(|frame| frame.is_some()), fits);
        let mut parts = Framer::new(limit);
        let outcome = stream.iter().find_map(|byte| {
            parts.push(&[*byte]);
            parts.next_frame().transpose()
        });
        assert_eq!(outcome.unwrap().is_ok(), fits);
    }
}

/// The events of a whole stream by the letter of the standard: every complete event's data.
fn reference(stream: &str) -> Vec<String> {
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
    let (mut found, mut data) = (Vec::new(), None::<String>);
    let complete = stream.rfind('\n').map_or("", |last| &stream[..last]);
    for line in complete.split('\n') {
        if line.is_empty() {
            found.extend(data.take());
        } else if line == "data" || line.starts_with("data:") {
            let value = line.get(5..).unwrap_or_default();
            let value = value.strip_prefix(' ').unwrap_or(value);
            data = Some(data.map_or(value.to_owned(), |data| data + "\n" + value));
        }
    }
    found
}

fn stream() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just(String::new()),
        Just("data".to_owned()),
        "data:[ a€]{0,4}",
        ":[a ]{0,3}",
        "id: [0-9]",
        "[a-z€😀]{0,3}",
        "dataset: x",
    ];
    let ending = prop_oneof![Just("\n"), Just("\r"), Just("\r\n")];
    let mixed = prop::collection::vec((line.clone(), ending.clone()), 0..16)
        .prop_map(|lines| lines.into_iter().map(|(line, ending)| line + ending).collect::<String>());
    let alike = (prop::collection::vec(line, 0..16), ending)
        .prop_map(|(lines, ending)| lines.into_iter().map(|line| line + ending).collect::<String>());
    (
        prop_oneof![Just(""), Just("\u{feff}")],
        prop_oneof![mixed, alike],
        prop_oneof![Just(""), Just("data: cut")],
    )
        .prop_map(|(start, middle, end)| format!("{start}{middle}{end}"))
}

proptest! {
    #[test]
    fn any_split_gives_the_same_frames_and_loses_no_byte(
        stream in stream(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let bytes = stream.as_bytes();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let ends = cuts.iter().copied().chain([bytes.len()]);
        let starts = std::iter::once(0).chain(cuts.iter().copied());
        let split = frames(starts.zip(ends).map(|(start, end)| &bytes[start..end]));
        let whole = frames([bytes]);
        prop_assert_eq!(raws(&split), raws(&whole));
        prop_assert_eq!(raws(&split).concat(), &*stream);
        prop_assert_eq!(raws(&frames(bytes.chunks(1))), raws(&whole));
    }

    #[test]
    fn the_data_of_whole_events_is_what_the_standard_says(stream in stream()) {
        let mut found = data(&frames([stream.as_bytes()]));
        let expected = reference(&stream);
        found.truncate(expected.len());
        prop_assert_eq!(found, expected);
    }
}
