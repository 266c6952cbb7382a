//! `.npy` files: NumPy's bytes, both orders, and what is said about files that are wrong.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use ndarray::{ArrayD, IxDyn};
use nums::{DType, Element, Error, FileError, Session, ShapeError};
use std::path::PathBuf;

/// A file as NumPy writes it: version 1.0, the data behind a header of a multiple of 64 bytes.
fn npy(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header =
        format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn round_trip<T: Element + PartialEq + std::fmt::Debug>(
    session: &Session,
    path: &PathBuf,
    code: &str,
    shape: &[usize],
    element: impl Fn(usize) -> T,
    bytes: impl Fn(T) -> Vec<u8>,
) {
    let local = ArrayD::from_shape_fn(IxDyn(shape), |at| {
        element(
            (0..shape.len())
                .map(|axis| at[axis])
                .zip(shape)
                .fold(0, |index, (at, len)| index * len + at),
        )
    });
    session.from_ndarray(&local).unwrap().write_npy(path).wait().unwrap();
    let data: Vec<u8> = local.iter().flat_map(|&element| bytes(element)).collect();
    let lengths: Vec<_> = shape.iter().map(|len| format!("{len},")).collect();
    let comma = if shape.len() == 1 {
        lengths.join(" ")
    } else {
        lengths.join(" ").trim_end_matches(',').to_owned()
    };
    // Headers may differ in spaces and a last comma; what NumPy writes is read as well.
    let numpys = npy(&format!("'{code}'"), "False", &format!("({comma})"), &data);
    let ours = std::fs::read(path).unwrap();
    assert_eq!(ours.len(), numpys.len(), "{code} {shape:?}");
    assert!(ours.ends_with(&data) && ours.starts_with(&numpys[..10]), "{code} {shape:?}");
    for bytes in [ours, numpys] {
        std::fs::write(path, bytes).unwrap();
        let back = session.read_npy(path).wait().unwrap();
        assert_eq!(back.fetch::<T>().wait().unwrap(), local);
    }
}

#[test]
fn files_are_numpys_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    for nodes in [1, 3] {
        let session = Session::builder().nodes(nodes).block_bytes_min(64).embedded().unwrap();
        let session = &session;
        for shape in [&[][..], &[0], &[1], &[13], &[7, 11], &[3, 0, 2], &[3, 4, 5]] {
            round_trip(
                session,
                &path,
                "<f8",
                shape,
                |at| at as f64 / 3.0,
                |x| x.to_le_bytes().to_vec(),
            );
            round_trip(
                session,
                &path,
                "<f4",
                shape,
                |at| at as f32 / 3.0,
                |x| x.to_le_bytes().to_vec(),
            );
            round_trip(
                session,
                &path,
                "<i8",
                shape,
                |at| -(at as i64),
                |x| x.to_le_bytes().to_vec(),
            );
            round_trip(
                session,
                &path,
                "<i4",
                shape,
                |at| at as i32 - 5,
                |x| x.to_le_bytes().to_vec(),
            );
            round_trip(session, &path, "|b1", shape, |at| at % 3 == 0, |x| vec![u8::from(x)]);
        }
    }
}

#[test]
fn fortran_order_is_read_as_it_is_meant() {
    let session = Session::builder().nodes(2).block_bytes_min(64).embedded().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.npy");
    let data: Vec<u8> = (0..35_i64).flat_map(i64::to_le_bytes).collect();
    std::fs::write(&path, npy("'<i8'", "True", "(5, 7)", &data)).unwrap();
    let x = session.read_npy(&path).wait().unwrap();
    assert_eq!((x.shape(), x.dtype()), (vec![5, 7], DType::Int64));
    let expected = ArrayD::from_shape_fn(IxDyn(&[5, 7]), |at| (at[0] + 5 * at[1]) as i64);
    assert_eq!(x.fetch::<i64>().wait().unwrap(), expected);
}

#[test]
fn wrong_files_are_typed_errors() {
    let session = Session::embedded(1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let error = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        session.read_npy(&path).wait().unwrap_err()
    };
    let short = error(&npy("'<f8'", "False", "(3, 2)", &[0; 47]));
    let truncated = FileError::Truncated { path: path.clone(), need_bytes: 48, have_bytes: 47 };
    assert_eq!(short, Error::File(truncated));
    let told = format!("{}: the array needs 48 bytes and the file has 47", path.display());
    assert_eq!(short.to_string(), told);
    for (descr, named) in [("'>f8'", "'>f8'"), ("'<c16'", "'<c16'"), ("'|O'", "'|O'")] {
        let dtype = FileError::DType { path: path.clone(), dtype: named.into() };
        assert_eq!(error(&npy(descr, "False", "(1,)", &[0; 16])), Error::File(dtype));
    }
    let overflow = error(&npy("'<f8'", "False", "(4294967296, 4294967296, 2)", &[]));
    assert!(matches!(overflow, Error::Shape(ShapeError::Overflow { .. })), "{overflow:?}");
    let whole = npy("'<f8'", "False", "(1,)", &[0; 8]);
    let nested = "(".repeat(4000) + &")".repeat(4000);
    let deep = npy("'<f8'", "False", &nested, &[]);
    for bytes in [&b""[..], b"1,2\n3,4\n", &whole[..9], &whole[..40], &deep] {
        let refused = error(bytes);
        assert!(matches!(refused, Error::File(FileError::NotNpy { .. })), "{refused:?}");
    }
    let nowhere = session.read_npy(folder.path().join("none.npy")).wait().unwrap_err();
    assert!(matches!(nowhere, Error::File(FileError::Io { .. })), "{nowhere:?}");
    let nowhere = session.ones(&[2]).unwrap().write_npy(folder.path().join("no/x.npy"));
    assert!(matches!(nowhere.wait().unwrap_err(), Error::File(FileError::Io { .. })));
}
