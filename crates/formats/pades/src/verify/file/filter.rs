use std::cell::Cell;
use std::io::Read;

use super::{Dict, Fault, Object, Stream, limits};

/// The bytes of a table or of a stream of objects. `spent` counts what one reading has inflated so far.
pub(crate) fn inflate(bytes: &[u8], stream: &Stream, spent: &Cell<usize>) -> Result<Vec<u8>, Fault> {
    let fault = |what| Fault { at: stream.data.start, what };
    let raw = bytes.get(stream.data.clone()).ok_or(fault("no stream"))?;
    let filter = match stream.dict.get("Filter") {
        Some(Object::Array(items)) if items.is_empty() => None,
        Some(Object::Array(items)) if items.len() == 1 => items.first(),
        other => other,
    };
    match filter {
        None => return spend(spent, raw.len()).map(|()| raw.to_vec()).ok_or(fault("too large")),
        Some(Object::Name(name)) if name == b"FlateDecode" || name == b"Fl" => {}
        Some(_) => return Err(fault("a filter that is not read here")),
    }
    let left = limits::INFLATED.saturating_sub(spent.get());
    let mut out = Vec::new();
    let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
    // The checksum behind the data is not asked for: what matters is what a viewer would see.
    let read = flate2::read::ZlibDecoder::new(raw).take(most).read_to_end(&mut out);
    if read.is_err() {
        return Err(fault("the stream does not inflate"));
    }
    spend(spent, out.len()).ok_or(fault("inflates to too much"))?;
    let parameters = match stream.dict.get("DecodeParms").or(stream.dict.get("DP")) {
        Some(Object::Array(items)) => items.first().cloned(),
        other => other.cloned(),
    };
    match parameters {
        Some(Object::Dict(parameters)) => {
            unpredict(out, &parameters).ok_or(fault("a predictor that is not read here"))
        }
        _ => Ok(out),
    }
}

fn spend(spent: &Cell<usize>, more: usize) -> Option<()> {
    let total = spent.get().checked_add(more).filter(|total| *total <= limits::INFLATED)?;
    spent.set(total);
    Some(())
}

/// Undoes the prediction of PNG rows (ISO 32000-1, 7.4.4.4).
fn unpredict(data: Vec<u8>, parameters: &Dict) -> Option<Vec<u8>> {
    let number = |key: &str, absent| parameters.integer(key).unwrap_or(absent);
    match number("Predictor", 1) {
        1 => return Some(data),
        10..=15 => {}
        _ => return None,
    }
    let (colors, bits, columns) = (number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1));
    if !(1..=8).contains(&colors) || bits != 8 || !(1..=100_000).contains(&columns) {
        return None;
    }
    let step = usize::try_from(colors).ok()?;
    let width = step.checked_mul(usize::try_from(columns).ok()?)?;
    let mut above = vec![0_u8; width];
    let mut out = Vec::with_capacity(data.len());
    for row in data.chunks(width.checked_add(1)?) {
        let (kind, row) = row.split_first()?;
        let mut line: Vec<u8> = Vec::with_capacity(width);
        for (place, byte) in row.iter().enumerate() {
            let left =
                |line: &[u8]| place.checked_sub(step).and_then(|at| line.get(at).copied()).unwrap_or(0);
            let (a, b, c) = (left(&line), above.get(place).copied()?, left(&above));
            let predicted = match kind {
                0 => 0,
                1 => a,
                2 => b,
                3 => u8::try_from(u16::midpoint(a.into(), b.into())).ok()?,
                4 => paeth(a, b, c),
                _ => return None,
            };
            line.push(byte.wrapping_add(predicted));
        }
        line.resize(width, 0);
        out.extend_from_slice(&line);
        above = line;
    }
    Some(out)
}

fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (left, up, corner) = (i16::from(a), i16::from(b), i16::from(c));
    let guess = left + up - corner;
    let (to_left, to_up, to_corner) = ((guess - left).abs(), (guess - up).abs(), (guess - corner).abs());
    if to_left <= to_up && to_left <= to_corner {
        a
    } else if to_up <= to_corner {
        b
    } else {
        c
    }
}
