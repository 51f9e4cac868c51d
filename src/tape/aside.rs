//! Calls out of the recording's fast path that the compiler takes for single instructions.
//!
//! Recording leaves the fast path once in a long while: where the memory is used up, or for a variable of an outer
//! recording. An ordinary call there, however rare, may change any register of the processor, and in a large function the
//! compiler then keeps the variables of a loop in memory instead: recording a perceptron took 2 × as long for a call that
//! happened ten times in all. So the call is made by a few lines of assembly that leave every register as it was.
//!
//! What is saved: the general registers, `xmm0` to `xmm15`, and their upper halves where those are in use (a caller
//! compiled for AVX). Opmasks and the registers from 16 up are declared as changed, which costs nothing in code that was
//! not compiled for AVX-512. On other processors, and on Windows, the call is an ordinary one.

use super::operations::{Operand, Request};
use super::store;

/// To be called before the first recording.
pub(super) fn prepare() {
    #[cfg(all(target_arch = "x86_64", unix, not(miri)))]
    x86_64::prepare();
}

/// As [`store::push_elsewhere`]; the parents are `i, j`, the partials `p, q`.
#[inline(always)]
pub(super) fn push(id: u32, i: u32, j: u32, p: f64, q: f64) -> u32 {
    #[cfg(all(target_arch = "x86_64", unix, not(miri)))]
    return x86_64::push(id, i, j, p, q);
    #[cfg(not(all(target_arch = "x86_64", unix, not(miri))))]
    return store::push_elsewhere(id, i, j, p, q);
}

/// As [`store::push_wide_elsewhere`].
#[inline(always)]
pub(super) fn push_wide(id: u32, parents: [u32; 4], partials: [f64; 4]) -> u32 {
    #[cfg(all(target_arch = "x86_64", unix, not(miri)))]
    return x86_64::push_wide(id, parents, partials);
    #[cfg(not(all(target_arch = "x86_64", unix, not(miri))))]
    return {
        let ([i, j, l, m], [p, q, r, s]) = (parents, partials);
        store::push_wide_elsewhere(id, i, j, l, m, p, q, r, s)
    };
}

/// As [`store::operate_elsewhere`].
#[inline(always)]
pub(super) fn operate(request: &Request, x: Operand, y: Operand) -> u32 {
    #[cfg(all(target_arch = "x86_64", unix, not(miri)))]
    return x86_64::operate(request, x, y);
    #[cfg(not(all(target_arch = "x86_64", unix, not(miri))))]
    return store::operate_elsewhere(request, x, y);
}

#[cfg(all(target_arch = "x86_64", unix, not(miri)))]
mod x86_64 {
    #![allow(unsafe_code, reason = "a call without a trace: see the head of the file")]

    use std::arch::{asm, is_x86_feature_detected, naked_asm};
    use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

    use super::{Operand, Request, store};

    /// Calls `$callee` with the arguments where they are put; what it returns goes to `$node`.
    macro_rules! call {
        ($callee:ident, $node:ident, $($arguments:tt)*) => {
            asm!(
                "call {call}", call = sym $callee, inlateout("eax") upper_halves() => $node,
                out("k1") _, out("k2") _, out("k3") _, out("k4") _, out("k5") _, out("k6") _, out("k7") _,
                out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _, out("xmm20") _, out("xmm21") _,
                out("xmm22") _, out("xmm23") _, out("xmm24") _, out("xmm25") _, out("xmm26") _, out("xmm27") _,
                out("xmm28") _, out("xmm29") _, out("xmm30") _, out("xmm31") _,
                $($arguments)*
            )
        };
    }

    #[inline(always)]
    pub(super) fn push(id: u32, i: u32, j: u32, p: f64, q: f64) -> u32 {
        let node;
        // SAFETY: `call_push` takes its arguments where they are put, returns in `eax`, and changes nothing else but the
        // flags and the registers named as changed. It does not unwind.
        unsafe {
            call!(
                call_push, node,
                in("edi") id, in("esi") i, in("edx") j, in("xmm0") p, in("xmm1") q
            );
        }
        node
    }

    #[inline(always)]
    pub(super) fn push_wide(id: u32, [i, j, l, m]: [u32; 4], [p, q, r, s]: [f64; 4]) -> u32 {
        let node;
        // SAFETY: as in `push`.
        unsafe {
            call!(
                call_push_wide, node,
                in("edi") id, in("esi") i, in("edx") j, in("ecx") l, in("r8d") m,
                in("xmm0") p, in("xmm1") q, in("xmm2") r, in("xmm3") s
            );
        }
        node
    }

    #[inline(always)]
    pub(super) fn operate(request: &Request, (id, i, x): Operand, (other, j, y): Operand) -> u32 {
        let node;
        // SAFETY: as in `push`; `call_operate` reads the request and nothing else of the caller's memory.
        unsafe {
            call!(
                call_operate, node,
                in("edi") id, in("esi") i, in("edx") other, in("ecx") j, in("r8") request, in("xmm0") x, in("xmm1") y
            );
        }
        node
    }

    /// The processor has no upper halves.
    const NONE: u8 = 0;
    /// It can tell whether they are in use.
    const PERHAPS: u8 = 1;
    /// It cannot.
    const ALWAYS: u8 = 2;

    static UPPER_HALVES: AtomicU8 = AtomicU8::new(NONE);

    #[inline(always)]
    fn upper_halves() -> u32 {
        u32::from(UPPER_HALVES.load(Relaxed))
    }

    /// Finds out what the processor has.
    pub(super) fn prepare() {
        let kind = match (is_x86_feature_detected!("avx"), is_x86_feature_detected!("xsavec")) {
            (false, _) => NONE,
            (true, true) => PERHAPS,
            (true, false) => ALWAYS,
        };
        UPPER_HALVES.store(kind, Relaxed);
    }

    extern "sysv64" fn push_elsewhere(id: u32, i: u32, j: u32, p: f64, q: f64) -> u32 {
        store::push_elsewhere(id, i, j, p, q)
    }

    #[allow(clippy::too_many_arguments, reason = "scalars, in registers")]
    extern "sysv64" fn push_wide_elsewhere(
        id: u32,
        i: u32,
        j: u32,
        l: u32,
        m: u32,
        p: f64,
        q: f64,
        r: f64,
        s: f64,
    ) -> u32 {
        store::push_wide_elsewhere(id, i, j, l, m, p, q, r, s)
    }

    extern "sysv64" fn operate_elsewhere(
        id: u32,
        i: u32,
        other: u32,
        j: u32,
        request: &Request,
        x: f64,
        y: f64,
    ) -> u32 {
        store::operate_elsewhere(request, (id, i, x), (other, j, y))
    }

    /// A function that calls `$callee`, of the System V convention with up to five integers and eight numbers as
    /// arguments and a result in `eax`, and preserves all registers but `rax`, the opmasks, and those of AVX-512 from 16
    /// up.
    ///
    /// The frame, 64-byte aligned, holds `xmm0` to `xmm15`, or what `xsave` writes for them and their upper halves (mask
    /// 0x46: SSE, AVX, the upper halves of `zmm0` to `zmm15`; 2,696 bytes at most). In `eax` it is told whether there are
    /// upper halves at all; whether they are in use, mask 0x44, is for `xgetbv` with 1 to say. That way an operation
    /// recorded in an outer recording takes 37 ns, with `xsave` every time 190, by an ordinary call 19.
    macro_rules! preserving {
        ($name:ident, $callee:path) => {
            #[unsafe(naked)]
            unsafe extern "sysv64" fn $name() {
                naked_asm!(
                    "push rbp",
                    "mov rbp, rsp",
                    "push rcx",
                    "push rdx",
                    "push rsi",
                    "push rdi",
                    "push r8",
                    "push r9",
                    "push r10",
                    "push r11",
                    "sub rsp, 2816",
                    "and rsp, -64",
                    // Are there upper halves, and are they in use?
                    "mov r10d, edx",
                    "mov r11d, ecx",
                    "cmp eax, {perhaps}",
                    "jb 1f",
                    "ja 2f",
                    "mov ecx, 1",
                    "xgetbv",
                    "mov edx, r10d",
                    "mov ecx, r11d",
                    "test eax, 0x44",
                    "jnz 2f",
                    "1:",
                    "movaps [rsp], xmm0",
                    "movaps [rsp + 16], xmm1",
                    "movaps [rsp + 32], xmm2",
                    "movaps [rsp + 48], xmm3",
                    "movaps [rsp + 64], xmm4",
                    "movaps [rsp + 80], xmm5",
                    "movaps [rsp + 96], xmm6",
                    "movaps [rsp + 112], xmm7",
                    "movaps [rsp + 128], xmm8",
                    "movaps [rsp + 144], xmm9",
                    "movaps [rsp + 160], xmm10",
                    "movaps [rsp + 176], xmm11",
                    "movaps [rsp + 192], xmm12",
                    "movaps [rsp + 208], xmm13",
                    "movaps [rsp + 224], xmm14",
                    "movaps [rsp + 240], xmm15",
                    "call {callee}",
                    "movaps xmm0, [rsp]",
                    "movaps xmm1, [rsp + 16]",
                    "movaps xmm2, [rsp + 32]",
                    "movaps xmm3, [rsp + 48]",
                    "movaps xmm4, [rsp + 64]",
                    "movaps xmm5, [rsp + 80]",
                    "movaps xmm6, [rsp + 96]",
                    "movaps xmm7, [rsp + 112]",
                    "movaps xmm8, [rsp + 128]",
                    "movaps xmm9, [rsp + 144]",
                    "movaps xmm10, [rsp + 160]",
                    "movaps xmm11, [rsp + 176]",
                    "movaps xmm12, [rsp + 192]",
                    "movaps xmm13, [rsp + 208]",
                    "movaps xmm14, [rsp + 224]",
                    "movaps xmm15, [rsp + 240]",
                    "jmp 3f",
                    // With the upper halves. The header of the area has to be zero.
                    "2:",
                    "xor r9d, r9d",
                    "mov [rsp + 512], r9",
                    "mov [rsp + 520], r9",
                    "mov [rsp + 528], r9",
                    "mov [rsp + 536], r9",
                    "mov [rsp + 544], r9",
                    "mov [rsp + 552], r9",
                    "mov [rsp + 560], r9",
                    "mov [rsp + 568], r9",
                    "mov eax, 0x46",
                    "xor edx, edx",
                    "xsave64 [rsp]",
                    "mov edx, r10d",
                    "call {callee}",
                    "mov r8d, eax",
                    "mov eax, 0x46",
                    "xor edx, edx",
                    "xrstor64 [rsp]",
                    "mov eax, r8d",
                    "3:",
                    "lea rsp, [rbp - 64]",
                    "pop r11",
                    "pop r10",
                    "pop r9",
                    "pop r8",
                    "pop rdi",
                    "pop rsi",
                    "pop rdx",
                    "pop rcx",
                    "pop rbp",
                    "ret",
                    callee = sym $callee,
                    perhaps = const PERHAPS,
                )
            }
        };
    }

    preserving!(call_push, push_elsewhere);
    preserving!(call_push_wide, push_wide_elsewhere);
    preserving!(call_operate, operate_elsewhere);
}
