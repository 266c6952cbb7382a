//! How elements lie in a `.npy` file, and the dtype that they are read as.

use nums_lshs::DType;

/// The elements of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// What they are read as: their own dtype, or the smallest dtype of arrays that holds all of their values.
    pub(super) dtype: DType,
    kind: Kind,
    pub(super) item_bytes: usize,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
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
            "i1" => (Kind::Signed, 1, DType::Int32),
            "i2" => (Kind::Signed, 2, DType::Int32),
            "i4" => (Kind::Signed, 4, DType::Int32),
            "i8" => (Kind::Signed, 8, DType::Int64),
            "u1" => (Kind::Unsigned, 1, DType::Int32),
            "u2" => (Kind::Unsigned, 2, DType::Int32),
            "u4" => (Kind::Unsigned, 4, DType::Int64),
            "u8" => (Kind::Unsigned, 8, DType::Int64),
            "f2" => (Kind::Float, 2, DType::Float32),
            "f4" => (Kind::Float, 4, DType::Float32),
            "f8" => (Kind::Float, 8, DType::Float64),
            _ => return None,
        };
        Some(Stored { dtype, kind, item_bytes, big_endian })
    }

    /// Whether the bytes of the file are those of a block.
    pub(super) fn lies_as_in_blocks(&self) -> bool {
        let order = self.item_bytes == 1 || self.big_endian == cfg!(target_endian = "big");
        order
            && self.kind != Kind::Bool
            && self.item_bytes as u64 == self.dtype.item_bytes()
            && (self.kind, self.item_bytes) != (Kind::Unsigned, 8)
    }

    /// Makes elements of a block of those of the file, as many.
    ///
    /// # Errors
    /// The first unsigned integer that int64 does not hold.
    pub(super) fn convert(&self, items: &[u8], elements: &mut [u8]) -> Result<(), u64> {
        let targets = elements.chunks_exact_mut(self.dtype.item_bytes() as usize);
        for (item, target) in items.chunks_exact(self.item_bytes).zip(targets) {
            let bits = self.bits(item);
            match (self.kind, self.dtype) {
                (Kind::Bool, _) => target[0] = u8::from(bits != 0),
                (Kind::Float, DType::Float32) if self.item_bytes == 2 => {
                    let value = half(bits as u16);
                    target.copy_from_slice(&value.to_ne_bytes());
                }
                (Kind::Float, DType::Float32) => {
                    target.copy_from_slice(&(bits as u32).to_ne_bytes());
                }
                (Kind::Unsigned, DType::Int64) if i64::try_from(bits).is_err() => return Err(bits),
                (Kind::Signed, DType::Int32) => {
                    let unused = 64 - 8 * self.item_bytes as u32;
                    let value = ((bits << unused) as i64 >> unused) as i32;
                    target.copy_from_slice(&value.to_ne_bytes());
                }
                (Kind::Unsigned, DType::Int32) => {
                    target.copy_from_slice(&(bits as u32).to_ne_bytes());
                }
                _ => target.copy_from_slice(&bits.to_ne_bytes()),
            }
        }
        Ok(())
    }

    fn bits(&self, item: &[u8]) -> u64 {
        let add = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        if self.big_endian { item.iter().fold(0, add) } else { item.iter().rev().fold(0, add) }
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
