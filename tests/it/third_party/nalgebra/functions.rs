//! Functions of matrices, each written once for all kinds of numbers, against the stencil.

use downhill::prelude::*;

use super::super::{Function, assert_agrees};
use super::nalgebra::{
    Complex, DMatrix, DVector, Isometry3, Matrix2, Matrix3, Matrix4x3, Matrix5, OMatrix, RealField,
    Rotation3, SMatrix, UnitQuaternion, Vector3, convert,
};

/// A sum of everything, each with a weight of its own, so that no entry is lost or stands in for another.
fn weighed<T: RealField + Copy>(entries: &[T]) -> T {
    let term = |(i, &x): (usize, &T)| x * convert::<f64, T>(1.0 + 0.37 * i as f64);
    entries.iter().enumerate().map(term).fold(T::zero(), |sum, term| sum + term)
}

/// `B Bᵀ + 1`, for a `B` filled row by row.
fn positive<T: RealField + Copy, const N: usize>(x: &[T]) -> SMatrix<T, N, N> {
    let b = SMatrix::<T, N, N>::from_row_slice(x);
    b * b.transpose() + SMatrix::identity()
}

/// Symmetric, from six numbers.
fn symmetric<T: RealField + Copy>(x: &[T]) -> Matrix3<T> {
    Matrix3::new(x[0], x[1], x[2], x[1], x[3], x[4], x[2], x[4], x[5])
}

fn determinant_3<T: RealField + Copy>(x: &[T]) -> T {
    Matrix3::from_row_slice(x).determinant()
}

fn determinant_5<T: RealField + Copy>(x: &[T]) -> T {
    Matrix5::from_row_slice(x).determinant()
}

fn dynamic_determinant<T: RealField + Copy>(x: &[T]) -> T {
    DMatrix::from_row_slice(5, 5, x).determinant()
}

fn inverse_3<T: RealField + Copy>(x: &[T]) -> T {
    weighed(Matrix3::from_row_slice(x).try_inverse().expect("regular").as_slice())
}

fn inverse_5<T: RealField + Copy>(x: &[T]) -> T {
    weighed(Matrix5::from_row_slice(x).try_inverse().expect("regular").as_slice())
}

fn lu_solve<T: RealField + Copy>(x: &[T]) -> T {
    let b = OMatrix::<T, _, _>::from(Vector3::from_row_slice(&x[9..]));
    weighed(Matrix3::from_row_slice(&x[..9]).lu().solve(&b).expect("regular").as_slice())
}

fn dynamic_solve<T: RealField + Copy>(x: &[T]) -> T {
    let b = DVector::from_row_slice(&x[9..]);
    weighed(DMatrix::from_row_slice(3, 3, &x[..9]).full_piv_lu().solve(&b).expect("regular").as_slice())
}

fn cholesky_log_determinant<T: RealField + Copy>(x: &[T]) -> T {
    let l = positive::<T, 3>(x).cholesky().expect("positive definite").unpack();
    l.diagonal().iter().fold(T::zero(), |sum, d| sum + d.ln()) * convert(2.0)
}

fn cholesky_solve<T: RealField + Copy>(x: &[T]) -> T {
    let b = Vector3::from_row_slice(&x[..3]);
    positive::<T, 3>(x).cholesky().expect("positive definite").solve(&b).dot(&b)
}

fn qr<T: RealField + Copy>(x: &[T]) -> T {
    let qr = Matrix4x3::from_row_slice(x).qr();
    weighed(qr.q().as_slice()) + weighed(qr.r().as_slice())
}

fn singular_values<T: RealField + Copy>(x: &[T]) -> T {
    weighed(Matrix3::from_row_slice(x).singular_values().as_slice())
}

/// The rotation nearest to a matrix, and its pseudo-inverse: through all three factors, whatever their signs.
fn svd<T: RealField + Copy>(x: &[T]) -> T {
    let svd = Matrix4x3::from_row_slice(x).svd(true, true);
    let nearest = svd.u.expect("asked for") * svd.v_t.expect("asked for");
    weighed(nearest.as_slice()) + weighed(svd.pseudo_inverse(convert(1e-12)).expect("both").as_slice())
}

fn eigenvalues<T: RealField + Copy>(x: &[T]) -> T {
    symmetric(x).symmetric_eigenvalues().iter().fold(T::zero(), |sum, value| sum + value.exp())
}

/// `V e^Λ Vᵀ`: through the eigenvectors, whatever their order and signs.
fn eigenvectors<T: RealField + Copy>(x: &[T]) -> T {
    let eigen = symmetric(x).symmetric_eigen();
    let v = eigen.eigenvectors;
    weighed((v * Matrix3::from_diagonal(&eigen.eigenvalues.map(|x| x.exp())) * v.transpose()).as_slice())
}

/// Of a rotation with growth: a pair of conjugate ones.
fn complex_eigenvalues<T: RealField + Copy>(x: &[T]) -> T {
    let values = Matrix2::new(x[0], -x[1], x[2], x[3]).complex_eigenvalues();
    values.iter().fold(T::zero(), |sum, value| sum + value.re.exp() * value.im * value.im)
}

fn exponential<T: RealField + Copy>(x: &[T]) -> T {
    weighed(Matrix3::from_row_slice(x).exp().as_slice())
}

/// A vector turned about an axis by an angle, all of it variable.
fn quaternion<T: RealField + Copy>(x: &[T]) -> T {
    let rotation = UnitQuaternion::from_scaled_axis(Vector3::new(x[0], x[1], x[2]));
    weighed((rotation * Vector3::new(x[3], x[4], x[5])).as_slice())
}

fn angles<T: RealField + Copy>(x: &[T]) -> T {
    let first = Rotation3::from_euler_angles(x[0], x[1], x[2]);
    let second = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]).to_rotation_matrix();
    let (roll, pitch, yaw) = (first * second).euler_angles();
    weighed(&[roll, pitch, yaw, first.angle_to(&second)])
}

fn isometry<T: RealField + Copy>(x: &[T]) -> T {
    let axis = Vector3::new(x[0], x[1], x[2]);
    let pose = Isometry3::new(Vector3::new(x[3], x[4], x[5]), axis);
    weighed((pose.inverse() * pose * pose).to_homogeneous().as_slice())
}

fn vectors<T: RealField + Copy>(x: &[T]) -> T {
    let (a, b) = (Vector3::new(x[0], x[1], x[2]), Vector3::new(x[3], x[4], x[5]));
    let product = a.cross(&b).normalize() * a.norm() + a.component_mul(&b) / b.norm_squared();
    weighed(product.as_slice()) + a.angle(&b) + a.lerp(&b, x[0]).lp_norm(3) + a.max() * b.amin()
}

fn complex_matrix<T: RealField + Copy>(x: &[T]) -> T {
    let m = Matrix2::new(
        Complex::new(x[0], x[1]),
        Complex::new(x[2], x[3]),
        Complex::new(x[4], x[5]),
        Complex::new(x[6], x[7]),
    );
    let inverse = m.lu().try_inverse().expect("regular");
    m.determinant().norm_sqr() + inverse.norm() + (m * m).trace().im
}

const NINE: [f64; 9] = [2.0, -0.5, 0.75, 0.25, 1.5, -1.0, 0.5, 0.3, 1.25];
const SIX: [f64; 6] = [2.0, -0.5, 0.75, 0.3, 1.4, -1.1];
const TWELVE: [f64; 12] = [2.0, -0.5, 0.75, 0.25, 1.5, -1.0, 0.5, 0.3, 1.25, 1.0, -2.0, 0.6];
const TWENTY_FIVE: [f64; 25] = [
    2.0, 0.3, -0.4, 0.5, 0.1, //
    0.2, 1.5, 0.6, -0.7, 0.3, //
    -0.1, 0.4, 1.8, 0.2, 0.5, //
    0.7, -0.3, 0.1, 2.2, -0.6, //
    0.3, 0.2, -0.5, 0.4, 1.2,
];

macro_rules! functions {
    ($($test:ident: $($f:ident at $at:expr),*;)*) => {
        $(#[test]
        fn $test() {
            $(assert_agrees(
                &Function {
                    name: stringify!($f),
                    plain: $f::<f64>,
                    reverse: $f::<Var>,
                    forward: $f::<Dual>,
                    twice_forward: $f::<Dual<Dual>>,
                },
                &$at,
            );)*
        })*
    };
}

functions! {
    determinants: determinant_3 at NINE, determinant_5 at TWENTY_FIVE, dynamic_determinant at TWENTY_FIVE;
    inverses: inverse_3 at NINE, inverse_5 at TWENTY_FIVE;
    solves: lu_solve at TWELVE, dynamic_solve at TWELVE;
    cholesky: cholesky_log_determinant at NINE, cholesky_solve at NINE;
    orthogonal_factors: qr at TWELVE;
    singular_value_decompositions: singular_values at NINE, svd at TWELVE;
    eigenvalues_and_eigenvectors: eigenvalues at SIX, eigenvectors at SIX,
        complex_eigenvalues at [0.3, 1.2, 0.8, 0.5];
    the_matrix_exponential: exponential at NINE, exponential at NINE.map(|x| 4.0 * x);
    rotations: quaternion at NINE[..6], angles at [0.1, 0.2, 0.3, 0.5, -0.4, 0.25], isometry at NINE[..6];
    vector_algebra: vectors at NINE[..6];
    complex_entries: complex_matrix at NINE[..8];
}

#[test]
fn several_tangents_at_once_are_the_gradient_by_the_tape() {
    type F<T> = fn(&[T]) -> T;
    let cases: [(F<Var>, F<Duals<9>>); 3] =
        [(inverse_3, inverse_3), (cholesky_solve, cholesky_solve), (singular_values, singular_values)];
    for (reverse, forward) in cases {
        let by_tape = gradient(reverse, &NINE);
        let at_once = forward(&Duals::variables(NINE)).tangents;
        for (got, wanted) in at_once.into_iter().zip(by_tape) {
            // Rounded in another order, and conditioned a little.
            assert!((got - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{got} and {wanted}");
        }
    }
}
