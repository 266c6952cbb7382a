//! How elements lie in a `.npy` file, and the dtype that they are read as.

use nums_lshs::DType;

/// The elements of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// What they are read as: their own dtype, and float32 for float16.
    pub(super) dtype: DType,
    kind: Kind,
    pub(super) item_bytes: usize,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    /// A number of any type: its bytes are those of a block in their order, or turned round.
    Number,
    /// A float16.
    Half,
    /// Two floats, of which each is turned round by itself.
    Complex,
}

impl Stored {
    /// Reads NumPy's description, such as `<f8`; `None` when no dtype of arrays holds such elements.
    pub(super) fn parse(descriptor: &str) -> Option<Stored> {
        let native = cfg!(target_endian = "big");
        let (big_endian, code) = match descriptor.split_at_checked(1)? {
            ("<", code) => (false, code),
            (">", code) => (true, code),
            ("=" | "|", code) => (native, code),
            _ => (native, descriptor),
        };
        let (kind, item_bytes, dtype) = match code {
            "b1" | "?" => (Kind::Bool, 1, DType::Bool),
            "i1" => (Kind::Number, 1, DType::Int8),
            "i2" => (Kind::Number, 2, DType::Int16),
            "i4" => (Kind::Number, 4, DType::Int32),
            "i8" => (Kind::Number, 8, DType::Int64),
            "u1" => (Kind::Number, 1, DType::UInt8),
            "u2" => (Kind::Number, 2, DType::UInt16),
            "u4" => (Kind::Number, 4, DType::UInt32),
            "u8" => (Kind::Number, 8, DType::UInt64),
            "f2" => (Kind::Half, 2, DType::Float32),
            "f4" => (Kind::Number, 4, DType::Float32),
            "f8" => (Kind::Number, 8, DType::Float64),
            "c8" => (Kind::Complex, 8, DType::Complex64),
            "c16" => (Kind::Complex, 16, DType::Complex128),
            _ => return None,
        };
        Some(Stored { dtype, kind, item_bytes, big_endian })
    }

    /// Whether the bytes of the file are those of a block.
    pub(super) fn lies_as_in_blocks(&self) -> bool {
        let order = self.item_bytes == 1 || self.big_endian == cfg!(target_endian = "big");
        order && matches!(self.kind, Kind::Number | Kind::Complex)
    }

    /// Makes elements of a block of those of the file, as many.
    pub(super) fn convert(&self, items: &[u8], elements: &mut [u8]) {
        let targets = elements.chunks_exact_mut(self.dtype.item_bytes() as usize);
        for (item, target) in items.chunks_exact(self.item_bytes).zip(targets) {
            match self.kind {
                Kind::Bool => target[0] = u8::from(item[0] != 0),
                Kind::Half => {
                    let bytes = [item[0], item[1]];
                    let bits = if self.big_endian {
                        u16::from_be_bytes(bytes)
                    } else {
                        u16::from_le_bytes(bytes)
                    };
                    target.copy_from_slice(&half(bits).to_ne_bytes());
                }
                Kind::Number => self.turn(item, target),
                Kind::Complex => {
                    let part = item.len() / 2;
                    let parts = item.chunks_exact(part).zip(target.chunks_exact_mut(part));
                    parts.for_each(|(item, target)| self.turn(item, target));
                }
            }
        }
    }

    /// The bytes of a number in the order of the machine.
    fn turn(&self, item: &[u8], target: &mut [u8]) {
        target.copy_from_slice(item);
        if self.big_endian != cfg!(target_endian = "big") {
            target.reverse();
        }
    }
}

/// The value of a float16: a sign, five bits of exponent and ten of fraction. Float32 holds all of them.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), bits & 1023);
    let size = match (exponent, fraction) {
        (31, 0) => f32::INFINITY,
        (31, _) => f32::NAN,
        (0, _) => f32::from(fraction) * 2.0_f32.powi(-24),
        _ => f32::from(1024 + fraction) * 2.0_f32.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}
