//! Promotion against NumPy's own table.

use crate::golden::dtype;
use nums::{DType, Session, result_type};
use std::collections::BTreeMap;

fn table() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../golden/promotion.json")).unwrap()
}

#[test]
fn arrays_promote_as_in_numpy() {
    let table = table();
    let pairs: Vec<_> = table.iter().filter(|(pair, _)| !pair.contains(" with ")).collect();
    assert_eq!(pairs.len(), 13 * 13);
    for (pair, expected) in pairs {
        let (left, right) = pair.split_once(' ').unwrap();
        assert_eq!(result_type(dtype(left), dtype(right)).name(), expected, "{pair}");
    }
}

#[test]
fn numbers_are_weak_as_in_numpy() {
    let table = table();
    let session = Session::embedded(1).unwrap();
    for name in ["bool", "int32", "int64", "float32", "float64"] {
        let x = session.full_dtype(&[2], 0, dtype(name)).unwrap();
        let expected = |number: &str| dtype(&table[&format!("{name} with {number}")]);
        assert_eq!(x.maximum(true).dtype(), expected("bool"), "{name}");
        assert_eq!(x.maximum(1).dtype(), expected("int"), "{name}");
        assert_eq!(x.maximum(1_f32).dtype(), expected("float"), "{name}");
    }
    let narrow = session.full_dtype(&[2], 0, DType::Float32).unwrap();
    assert_eq!((narrow + 1.0).dtype(), DType::Float32);
}
