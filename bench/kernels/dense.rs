//! Products, factorisations and linear models, beside faer on the same blocks.

use super::report::{Peer, Report, block, made};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView2};
use nums_kernels::Block;
use nums_lshs::{
    BinaryOp, DType, GlmFamily, GlmStep, LinalgStep, Op, Program, QrStep, SymmetricStep,
};
use std::hint::black_box;
use std::sync::Arc;

fn matrix(block: &Block) -> MatRef<'_, f64> {
    let shape = &block.spec().shape;
    MatRef::from_row_major_slice(block.elements(), shape[0], shape[1])
}

fn product(transpose_left: bool, transpose_right: bool) -> Op {
    Op::MatMul { transpose_left, transpose_right, accumulate: false }
}

pub(crate) fn products(report: &mut Report) {
    for order in [512, 1024, 2048] {
        let (a, b) = (block(&[order, order], 1), block(&[order, order], 2));
        let mut c = Mat::<f64>::zeros(order, order);
        let mut peer = |left: MatRef<f64>, right: MatRef<f64>| {
            matmul(c.transpose_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
        };
        let plain = || peer(matrix(&a), matrix(&b));
        let inputs = [&a, &b];
        report.case(
            &format!("matmul {order}"),
            &product(false, false),
            &inputs,
            Peer::new("faer", plain),
        );
        if order == 1024 {
            let turned = || peer(matrix(&a).transpose(), matrix(&b));
            report.case(
                "matmul 1024, a.T b",
                &product(true, false),
                &inputs,
                Peer::new("faer", turned),
            );
            let turned = || peer(matrix(&a), matrix(&b).transpose());
            report.case(
                "matmul 1024, a b.T",
                &product(false, true),
                &inputs,
                Peer::new("faer", turned),
            );
        }
    }
    let cast = |to| Op::Map(Program::cast(DType::Float64, to));
    let (a, b) = (block(&[1024, 1024], 1), block(&[1024, 1024], 2));
    let [x, y] = [&a, &b].map(|block| made(&cast(DType::Float32), &[block]));
    let mut c = Mat::<f32>::zeros(1024, 1024);
    let peer = || {
        let [x, y] =
            [&x, &y].map(|block| MatRef::from_row_major_slice(block.elements::<f32>(), 1024, 1024));
        matmul(c.transpose_mut(), Accum::Replace, x, y, 1.0_f32, Par::Seq);
    };
    report.case("matmul 1024, float32", &product(false, false), &[&x, &y], Peer::new("faer", peer));
    let scaled = Op::Map(Program::binary(BinaryOp::Multiply, DType::Float64));
    let hundred = block(&[1024, 1024], 3);
    let [x, y] =
        [&a, &b].map(|block| made(&cast(DType::Int64), &[&made(&scaled, &[block, &hundred])]));
    let view = |block: &Arc<Block>| -> Array2<i64> {
        match ArrayView2::from_shape((1024, 1024), block.elements::<i64>()) {
            Ok(view) => view.to_owned(),
            Err(error) => panic!("{error}"),
        }
    };
    let (left, right) = (view(&x), view(&y));
    let peer = || drop(black_box(left.dot(&right)));
    report.case(
        "matmul 1024, int64",
        &product(false, false),
        &[&x, &y],
        Peer::new("ndarray", peer),
    );
    for (rows, columns) in [(65_536, 64), (1024, 1024), (8192, 256)] {
        let x = block(&[rows, columns], 1);
        let mut c = Mat::<f64>::zeros(columns, columns);
        let peer = || {
            triangular::matmul(
                c.as_mut(),
                BlockStructure::TriangularLower,
                Accum::Replace,
                matrix(&x).transpose(),
                BlockStructure::Rectangular,
                matrix(&x),
                BlockStructure::Rectangular,
                1.0,
                Par::Seq,
            );
        };
        let rank_k = SymmetricStep::RankK { transpose: true, accumulate: false };
        let name = format!("x.T x, {rows} x {columns}");
        report.case(&name, &Op::Symmetric(rank_k), &[&x], Peer::new("faer", peer));
        let peer = || {
            let (x, full) = (matrix(&x), &mut c);
            matmul(full.as_mut(), Accum::Replace, x.transpose(), x, 1.0, Par::Seq);
        };
        report.case(
            &format!("{name}, beside all of it"),
            &Op::Symmetric(rank_k),
            &[&x],
            Peer::new("faer", peer),
        );
    }
}

pub(crate) fn factorisations(report: &mut Report) {
    let cholesky = Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 });
    for order in [512, 1024, 2048] {
        let x = block(&[order, order], 1);
        let gram = made(&product(true, false), &[&x, &x]);
        let peer = || drop(black_box(matrix(&gram).llt(faer::Side::Lower)));
        let name = format!("cholesky {order}");
        report.case(&name, &cholesky, &[&gram], Peer::new("faer", peer));
    }
    let x = block(&[1024, 1024], 1);
    let gram = made(&product(true, false), &[&x, &x]);
    let lower = made(&cholesky, &[&gram]);
    let (c, y) = (block(&[1024, 1024], 3), block(&[1024, 1024], 4));
    let mut left = Mat::<f64>::zeros(1024, 1024);
    let peer = || {
        let (x, y) = (matrix(&x), matrix(&y).transpose());
        matmul(left.transpose_mut(), Accum::Add, x, y, -1.0, Par::Seq);
    };
    let downdate = Op::Linalg(LinalgStep::Downdate { symmetric: false });
    report.case("downdate 1024", &downdate, &[&c, &x, &y], Peer::new("faer", peer));
    let downdate = Op::Linalg(LinalgStep::Downdate { symmetric: true });
    report.case("symmetric downdate 1024", &downdate, &[&c, &x], None);
    let panel = Op::Linalg(LinalgStep::CholeskyPanel);
    report.case("cholesky panel 1024", &panel, &[&lower, &c], None);
    let sides = block(&[1024, 64], 2);
    report.case(
        "cholesky solve 1024, 64 sides",
        &Op::Linalg(LinalgStep::CholeskySolve),
        &[&lower, &sides],
        None,
    );
    let peer = || drop(black_box(matrix(&x).partial_piv_lu()));
    let inputs = [&x, &sides];
    report.case(
        "solve 1024, 64 sides",
        &Op::Linalg(LinalgStep::Solve),
        &inputs,
        Peer::new("faer (lu alone)", peer),
    );
    report.case("inverse 1024", &Op::Linalg(LinalgStep::Inverse), &[&x], None);
    let tall = block(&[16_384, 64], 1);
    let peer = || drop(black_box(matrix(&tall).qr()));
    report.case(
        "qr 16384 x 64",
        &Op::Qr(QrStep::Factor { q: false }),
        &[&tall],
        Peer::new("faer", peer),
    );
    let r = made(&Op::Qr(QrStep::Factor { q: false }), &[&tall]);
    report.case("qr of two r, 64", &Op::Qr(QrStep::Combine { q: false }), &[&r, &r], None);
    report.case("q and r 16384 x 64", &Op::Qr(QrStep::Factor { q: true }), &[&tall], None);
    let both = Op::Qr(QrStep::Combine { q: true });
    report.case("q and r of two r, 64", &both, &[&r, &r], None);
}

pub(crate) fn models(report: &mut Report) {
    for (rows, columns) in [(62_500, 28), (31_250, 256)] {
        let (x, beta) = (block(&[rows, columns], 1), block(&[columns], 3));
        let y = block(&[rows], 2);
        let mut c = Mat::<f64>::zeros(columns, columns);
        let mut peer = || {
            let (x, full) = (matrix(&x), &mut c);
            matmul(full.as_mut(), Accum::Replace, x.transpose(), x, 1.0, Par::Seq);
        };
        for (family, name) in [(GlmFamily::Bernoulli, "logistic"), (GlmFamily::Normal, "linear")] {
            let partial = GlmStep::Partial { family, intercept: false, curvature: true };
            let name = format!("newton, {name}, {rows} x {columns}");
            let inputs = [&x, &y, &beta];
            report.case(
                &name,
                &Op::Glm(partial),
                &inputs,
                Peer::new("faer (x.T x alone)", &mut peer),
            );
        }
    }
}
