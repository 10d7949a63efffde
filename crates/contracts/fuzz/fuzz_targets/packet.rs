//! Whatever a machine sends, packets, envelopes and receipts are read without a panic, and what is read comes out as it
//! went in.
#![no_main]

use contracts::Envelope;
use contracts::packet::{Answer, Handed, Receipt, Receipted, Wanted};
use libfuzzer_sys::fuzz_target;

fn same<V: serde::de::DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<V>(bytes) {
        let again = serde_json::to_vec(&value).expect("it was read");
        assert_eq!(serde_json::from_slice::<V>(&again).expect("it was written"), value);
    }
}

fuzz_target!(|bytes: &[u8]| {
    same::<Vec<Handed>>(bytes);
    same::<Vec<Vec<Answer>>>(bytes);
    same::<Receipt>(bytes);
    same::<Receipted>(bytes);
    same::<Vec<Wanted>>(bytes);
    if let Ok(envelope) = serde_json::from_slice::<Envelope>(bytes) {
        let again = serde_json::to_vec(&envelope).expect("it was read");
        let read: Envelope = serde_json::from_slice(&again).expect("it was written");
        assert_eq!(read.id, envelope.id);
    }
});
