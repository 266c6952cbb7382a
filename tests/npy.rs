//! `.npy` files: NumPy's bytes, both orders, and what is said about files that are wrong.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use ndarray::{ArrayD, IxDyn};
use nums::{Complex, DType, Element, Error, FileError, Session, ShapeError};
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
    let told = format!("{}: expected 48 bytes of elements, got 47", path.display());
    assert_eq!(short.to_string(), told);
    let records = "[('a', '<f8'), ('b', '<i4')]";
    for (descr, named) in [
        ("'<c32'", "<c32"),
        ("'|O'", "|O"),
        ("'<f16'", "<f16"),
        ("'<M8[ns]'", "<M8[ns]"),
        ("'<U4'", "<U4"),
        (records, records),
    ] {
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

/// Reads an array of one axis whose data is these bytes.
fn read<T: Element>(session: &Session, descr: &str, len: usize, data: &[u8]) -> Vec<T> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    std::fs::write(&path, npy(&format!("'{descr}'"), "False", &format!("({len},)"), data)).unwrap();
    let array = session.read_npy(&path).wait().unwrap();
    assert_eq!(array.dtype(), T::DTYPE, "{descr}");
    array.fetch::<T>().wait().unwrap().iter().copied().collect()
}

#[test]
fn other_orders_of_bytes_and_other_widths_are_converted() {
    let session = Session::builder().nodes(2).block_bytes_min(64).embedded().unwrap();
    let session = &session;
    let doubles: Vec<f64> = (0..100).map(|at| f64::from(at) / 3.0 - 7.0).collect();
    let big: Vec<u8> = doubles.iter().flat_map(|value| value.to_be_bytes()).collect();
    let native: Vec<u8> = doubles.iter().flat_map(|value| value.to_ne_bytes()).collect();
    assert_eq!(read::<f64>(session, ">f8", 100, &big), doubles);
    for descr in ["=f8", "f8", "|f8"] {
        assert_eq!(read::<f64>(session, descr, 100, &native), doubles);
    }
    let floats = [1.5_f32, -0.0, f32::INFINITY, 1e-42];
    let big: Vec<u8> = floats.iter().flat_map(|value| value.to_be_bytes()).collect();
    let found: Vec<u32> =
        read::<f32>(session, ">f4", 4, &big).iter().map(|x| x.to_bits()).collect();
    assert_eq!(found, floats.map(f32::to_bits));

    assert_eq!(
        read::<i64>(
            session,
            ">i8",
            2,
            &[0, 0, 0, 0, 0, 0, 1, 2, 255, 255, 255, 255, 255, 255, 255, 254]
        ),
        [258, -2]
    );
    assert_eq!(read::<i32>(session, ">i4", 2, &[0, 0, 1, 2, 255, 255, 255, 254]), [258, -2]);
    assert_eq!(read::<i8>(session, "|i1", 3, &[127, 128, 255]), [127, -128, -1]);
    assert_eq!(read::<u8>(session, "|u1", 3, &[127, 128, 255]), [127, 128, 255]);
    assert_eq!(read::<i16>(session, "<i2", 2, &[0xff, 0x7f, 0, 0x80]), [32767, -32768]);
    assert_eq!(read::<i16>(session, ">i2", 2, &[0x7f, 0xff, 0x80, 0]), [32767, -32768]);
    assert_eq!(read::<u16>(session, "<u2", 1, &[0xfe, 0xff]), [65534]);
    assert_eq!(read::<u32>(session, "<u4", 1, &[0xfe, 0xff, 0xff, 0xff]), [4_294_967_294]);
    assert_eq!(
        read::<u64>(session, "<u8", 1, &[1, 0, 0, 0, 0, 0, 0, 0xff]),
        [0xff00_0000_0000_0001]
    );
    let parts = [1.5_f64, -0.25, 3.0, 1e300];
    let numbers = [Complex::new(parts[0], parts[1]), Complex::new(parts[2], parts[3])];
    let [little, big] = [f64::to_le_bytes, f64::to_be_bytes].map(|f| parts.map(f).concat());
    assert_eq!(read::<Complex<f64>>(session, "<c16", 2, &little), numbers);
    assert_eq!(read::<Complex<f64>>(session, ">c16", 2, &big), numbers);
    let big = [1.5_f32, -0.25].map(f32::to_be_bytes).concat();
    assert_eq!(read::<Complex<f32>>(session, ">c8", 1, &big), [Complex::new(1.5, -0.25)]);
    assert_eq!(read::<bool>(session, "|b1", 3, &[0, 1, 7]), [false, true, true]);
    // From NumPy 2: np.float16([1, -2.5, 65504, 6e-8, inf, 1e-4]).
    let halves = [0x3c00_u16, 0xc100, 0x7bff, 0x0001, 0x7c00, 0x068e];
    let bytes: Vec<u8> = halves.iter().flat_map(|bits| bits.to_le_bytes()).collect();
    let wanted = [
        1.0,
        -2.5,
        65504.0,
        2.0_f32.powi(-24),
        f32::INFINITY,
        f32::from(1024_u16 + 654) * 2.0_f32.powi(-24),
    ];
    assert_eq!(read::<f32>(session, "<f2", 6, &bytes), wanted);
    let nan = read::<f32>(session, ">f2", 1, &[0x7e, 0]);
    assert!(nan[0].is_nan());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    // Fortran order of the other order of bytes.
    let data: Vec<u8> = (0..6_i32).flat_map(i32::to_be_bytes).collect();
    std::fs::write(&path, npy("'>i4'", "True", "(2, 3)", &data)).unwrap();
    let found = session.read_npy(&path).wait().unwrap().fetch::<i32>().wait().unwrap();
    assert_eq!(found, ndarray::arr2(&[[0, 2, 4], [1, 3, 5]]).into_dyn());
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let session = Session::embedded(2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    session.arange(0.0, 5.0, 1.0).unwrap().write_npy(&path).wait().unwrap();
    let before = std::fs::read(&path).unwrap();
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let usual = std::fs::metadata(&plain).unwrap().permissions().mode() & 0o777;
    std::fs::remove_file(&plain).unwrap();
    assert_eq!(mode(), usual, "that of any new file");

    // What cannot be computed leaves the file, and nothing beside it.
    let singular = nums::linalg::inv(&session.zeros(&[3, 3]).unwrap()).unwrap();
    singular.write_npy(&path).wait().unwrap_err();
    assert_eq!((std::fs::read(&path).unwrap(), names()), (before, vec!["x.npy".to_owned()]));

    // A new file takes over its permissions, and the link that led to the old one leads to it.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.npy");
    symlink("x.npy", &link).unwrap();
    session.arange(0.0, 7.0, 1.0).unwrap().write_npy(&link).wait().unwrap();
    assert_eq!((mode(), names()), (0o640, vec!["link.npy".to_owned(), "x.npy".to_owned()]));
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(session.read_npy(&path).wait().unwrap().shape(), [7]);
    // Of two that write at once, one is there, whole.
    let [long, short] = [100_000.0, 10.0].map(|len| session.arange(0.0, len, 1.0).unwrap());
    let both = [long.write_npy(&path), short.write_npy(&path)];
    both.into_iter().for_each(|write| write.wait().unwrap());
    let len = session.read_npy(&path).wait().unwrap().shape()[0];
    assert!(len == 10 || len == 100_000, "{len}");
}
