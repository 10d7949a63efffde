//! Requests one after the other through one process: four bytes of length, then as many of JSON.

use crate::{Made, Unprintable};
use std::io::{self, Read, Write};

/// Printed; what follows are the places of signatures as JSON and the file.
const PRINTED: u8 = 0;
/// Pictures; what follows are the pages as JSON.
const PICTURES: u8 = 1;
/// Not printed; what follows is the reason as JSON.
const UNPRINTABLE: u8 = 2;

/// The next request; nothing at the end of the input.
///
/// # Errors
/// When the input breaks off, or announces more than the largest request.
pub fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    let mut first = input.take(1);
    if first.read(length.get_mut(..1).unwrap_or_default())? == 0 {
        return Ok(None);
    }
    input.read_exact(length.get_mut(1..).unwrap_or_default())?;
    let length = u64::from(u32::from_be_bytes(length));
    let mut frame = Vec::new();
    let read = input.take(length).read_to_end(&mut frame)?;
    if u64::try_from(read).is_ok_and(|read| read < length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(frame))
}

/// Answers: one byte of status, then each part with its length before it.
///
/// # Errors
/// When the reader has gone.
pub fn write_answer(output: &mut impl Write, answer: &Result<Made, Unprintable>) -> io::Result<()> {
    match answer {
        Ok(Made::Pictures(pages)) => {
            output.write_all(&[PICTURES])?;
            write_part(output, &serde_json::to_vec(pages)?)?;
        }
        Ok(Made::Paper(printed)) => {
            output.write_all(&[PRINTED])?;
            write_part(output, &serde_json::to_vec(&printed.areas)?)?;
            write_part(output, &printed.pdf)?;
        }
        Err(why) => {
            output.write_all(&[UNPRINTABLE])?;
            write_part(output, &serde_json::to_vec(why)?)?;
        }
    }
    output.flush()
}

fn write_part(output: &mut impl Write, part: &[u8]) -> io::Result<()> {
    let length = u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(part)
}
