//! Element-wise functions and operators.

use crate::expression::Operation;
use crate::{DistArray, Error};
use nums_lshs::build::ArraySpec;
use nums_lshs::{BinaryOp, Constant, DType, Program, UnaryOp};
use std::ops::{Add, Div, Mul, Neg, Sub};

impl DistArray {
    /// The natural exponential of each element.
    pub fn exp(&self) -> DistArray {
        self.unary(UnaryOp::Exp)
    }

    /// The natural logarithm of each element.
    pub fn log(&self) -> DistArray {
        self.unary(UnaryOp::Log)
    }

    /// The square root of each element.
    pub fn sqrt(&self) -> DistArray {
        self.unary(UnaryOp::Sqrt)
    }

    /// The square of each element.
    pub fn square(&self) -> DistArray {
        self.unary(UnaryOp::Square)
    }

    /// The absolute value of each element.
    pub fn abs(&self) -> DistArray {
        self.unary(UnaryOp::Absolute)
    }

    /// The sum of two arrays that are broadcast together; moves nothing where blocks meet.
    ///
    /// # Errors
    /// When the shapes cannot be broadcast together; the error holds both.
    pub fn try_add(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.binary(BinaryOp::Add, right)
    }

    /// The difference of two arrays that are broadcast together.
    ///
    /// # Errors
    /// As [`try_add`](Self::try_add).
    pub fn try_sub(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.binary(BinaryOp::Subtract, right)
    }

    /// The product of two arrays, element by element, that are broadcast together.
    ///
    /// # Errors
    /// As [`try_add`](Self::try_add).
    pub fn try_mul(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.binary(BinaryOp::Multiply, right)
    }

    /// The quotient of two arrays, element by element, that are broadcast together.
    ///
    /// # Errors
    /// As [`try_add`](Self::try_add).
    pub fn try_div(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.binary(BinaryOp::Divide, right)
    }

    fn unary(&self, op: UnaryOp) -> DistArray {
        self.map(Program::unary(op, DType::Float64))
    }

    /// A program of this array alone: the result is laid out alike.
    fn map(&self, program: Program) -> DistArray {
        let operands = vec![self.expression.clone()];
        let operation = Operation::Elementwise { program, operands };
        DistArray::new(self.session(), self.spec().clone(), operation)
    }

    fn binary(&self, op: BinaryOp, right: &DistArray) -> Result<DistArray, Error> {
        self.check_session(op.name(), right)?;
        let spec = ArraySpec::elementwise(&[self.spec(), right.spec()], DType::Float64)?;
        let operands = vec![self.expression.clone(), right.expression.clone()];
        let program = Program::binary(op, DType::Float64);
        let operation = Operation::Elementwise { program, operands };
        Ok(DistArray::new(self.session(), spec, operation))
    }
}

/// The operators, for arrays and references to them on both sides and numbers on either side.
macro_rules! operator {
    ($trait:ident, $method:ident, $try_method:ident, $op:expr) => {
        impl $trait<&DistArray> for &DistArray {
            type Output = DistArray;

            /// # Panics
            /// When the shapes cannot be broadcast together, at the caller's line.
            #[track_caller]
            fn $method(self, right: &DistArray) -> DistArray {
                match self.$try_method(right) {
                    Ok(result) => result,
                    Err(error) => panic!("{error}"),
                }
            }
        }

        impl $trait<DistArray> for &DistArray {
            type Output = DistArray;
            #[track_caller]
            fn $method(self, right: DistArray) -> DistArray {
                self.$method(&right)
            }
        }

        impl $trait<&DistArray> for DistArray {
            type Output = DistArray;
            #[track_caller]
            fn $method(self, right: &DistArray) -> DistArray {
                (&self).$method(right)
            }
        }

        impl $trait<DistArray> for DistArray {
            type Output = DistArray;
            #[track_caller]
            fn $method(self, right: DistArray) -> DistArray {
                (&self).$method(&right)
            }
        }

        impl $trait<f64> for &DistArray {
            type Output = DistArray;
            fn $method(self, right: f64) -> DistArray {
                self.map(Program::with_constant($op, Constant::float64(right)))
            }
        }

        impl $trait<f64> for DistArray {
            type Output = DistArray;
            fn $method(self, right: f64) -> DistArray {
                (&self).$method(right)
            }
        }

        impl $trait<&DistArray> for f64 {
            type Output = DistArray;
            fn $method(self, right: &DistArray) -> DistArray {
                right.map(Program::of_constant(Constant::float64(self), $op))
            }
        }

        impl $trait<DistArray> for f64 {
            type Output = DistArray;
            fn $method(self, right: DistArray) -> DistArray {
                self.$method(&right)
            }
        }
    };
}

operator!(Add, add, try_add, BinaryOp::Add);
operator!(Sub, sub, try_sub, BinaryOp::Subtract);
operator!(Mul, mul, try_mul, BinaryOp::Multiply);
operator!(Div, div, try_div, BinaryOp::Divide);

impl Neg for &DistArray {
    type Output = DistArray;
    fn neg(self) -> DistArray {
        self.unary(UnaryOp::Negative)
    }
}

impl Neg for DistArray {
    type Output = DistArray;
    fn neg(self) -> DistArray {
        -&self
    }
}
